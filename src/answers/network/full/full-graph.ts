import { buildHref, type Kind } from '../../../records/model/schema.ts'
import type { ExportGraph } from '../formats/graph.ts'
import { type FullRecord, type GraphNode, selectCitations } from '../rules.ts'
import {
  findDistinctConnections,
  getDisplayName,
  toMentioningRecord,
} from './record-connections.ts'

/** The records of these kinds as JSON texts, in batches; asked for twice, it gives the same. */
type ReadRecordBatches = (kinds: readonly Kind[]) => AsyncIterable<readonly string[]>

const nodeKinds = ['actor', 'good', 'permit', 'measure'] as const
const connectingKinds = ['good', 'permit', 'measure', 'affiliation', 'event'] as const

/**
 * Records and what connects them, as a graph of any size: actors, goods, permits and measures are nodes, also those that
 * others only refer to; every record that tells of a connection is an edge of its own. Only ids are held in memory.
 */
export const buildFullGraph = (read: ReadRecordBatches) => ({
  nodes: streamNodes(read),
  edges: streamEdges(read),
})

async function* streamNodes(read: ReadRecordBatches): AsyncGenerator<ExportGraph['nodes'][number]> {
  const seen = new Set<string>()
  const referencedNodes = new Map<string, GraphNode>()
  for await (const fullRecord of parseRecords(read([...nodeKinds, 'affiliation', 'event']))) {
    for (const { source, target } of findDistinctConnections(toMentioningRecord(fullRecord)))
      for (const node of [source, target])
        if (!seen.has(node.id)) referencedNodes.set(node.id, node)
    const { id, kind, slug } = fullRecord
    if (!nodeKinds.some((one) => one === kind)) continue
    seen.add(id)
    referencedNodes.delete(id)
    const type = fullRecord.type ?? fullRecord.legalForm ?? null
    yield toExportNode({
      id,
      kind,
      slug,
      name: getDisplayName(fullRecord),
      type: type as string | null,
    })
  }
  for (const node of referencedNodes.values()) yield toExportNode({ ...node, type: null })
}

type DescribedNode = { id: string; kind: Kind; slug: string; name: string; type: string | null }

const toExportNode = ({ id, kind, slug, name, type }: DescribedNode) => ({
  id,
  label: name,
  attributes: { kind, type, slug, href: buildHref(kind, slug) },
})

async function* streamEdges(read: ReadRecordBatches): AsyncGenerator<ExportGraph['edges'][number]> {
  let count = 0
  for await (const fullRecord of parseRecords(read(connectingKinds))) {
    const mentioning = toMentioningRecord(fullRecord)
    for (const { type, source, target, fields } of findDistinctConnections(mentioning)) {
      const citations = selectCitations(mentioning.citations, fields)
      count += 1
      yield {
        id: `e${count}`,
        source: source.id,
        target: target.id,
        label: type,
        attributes: {
          type,
          record: buildHref(fullRecord.kind, fullRecord.slug),
          date: mentioning.on?.edtf ?? null,
          citations: citations.map(({ id }) => `/v1/citations/${id}`).join(' '),
          quote: citations[0]?.quote ?? null,
        },
      }
    }
  }
}

async function* parseRecords(
  batches: AsyncIterable<readonly string[]>,
): AsyncGenerator<FullRecord> {
  for await (const documents of batches)
    for (const document of documents) yield JSON.parse(document)
}
