import { buildHref, type Kind } from '../../../records/model/schema.ts'
import type { ExportGraph } from '../formats/graph.ts'
import { type FullRecord, type GraphNode, selectCitations } from '../rules.ts'
import {
  findDistinctConnections,
  getDisplayName,
  toMentioningRecord,
} from './record-connections.ts'

/** Batches of records of these kinds, as JSON texts. Each call must yield the same records. */
type ReadRecordBatches = (kinds: readonly Kind[]) => AsyncIterable<readonly string[]>

const nodeKinds = ['actor', 'good', 'permit', 'measure'] as const
const connectingKinds = ['good', 'permit', 'measure', 'affiliation', 'event'] as const

/**
 * A graph of any size. Nodes: actors, goods, permits and measures, including those that records only refer to. Each record
 * that states a connection gives an edge of its own. Memory holds ids and the nodes that are only referred to.
 */
export const buildFullGraph = (readBatches: ReadRecordBatches) => ({
  nodes: streamNodes(readBatches),
  edges: streamEdges(readBatches),
})

async function* streamNodes(
  readBatches: ReadRecordBatches,
): AsyncGenerator<ExportGraph['nodes'][number]> {
  const writtenIds = new Set<string>()
  const referencedNodes = new Map<string, GraphNode>()
  const batches = readBatches([...nodeKinds, 'affiliation', 'event'])
  for await (const fullRecord of parseRecords(batches)) {
    for (const { source, target } of findDistinctConnections(toMentioningRecord(fullRecord)))
      for (const node of [source, target])
        if (!writtenIds.has(node.id)) referencedNodes.set(node.id, node)
    const { id, kind, slug } = fullRecord
    if (!nodeKinds.some((nodeKind) => nodeKind === kind)) continue
    writtenIds.add(id)
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

async function* streamEdges(
  readBatches: ReadRecordBatches,
): AsyncGenerator<ExportGraph['edges'][number]> {
  let count = 0
  for await (const fullRecord of parseRecords(readBatches(connectingKinds))) {
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
  for await (const recordTexts of batches) for (const text of recordTexts) yield JSON.parse(text)
}
