import type { Kind } from '../../../records/model/schema.ts'
import type { Graph } from '../formats/graph.ts'
import { citationsFor, type Node, type Whole } from '../rules.ts'
import { connectionsTold, nameOf, tellingOf } from './tell.ts'

/** The records of these kinds as JSON texts, in batches; asked for twice, it gives the same. */
type Read = (kinds: readonly Kind[]) => AsyncIterable<readonly string[]>

const nodeKinds = ['actor', 'good', 'permit', 'measure'] as const
const tellingKinds = ['good', 'permit', 'measure', 'affiliation', 'event'] as const

/**
 * Records and what connects them, as a graph of any size: actors, goods, permits and measures are nodes, also those that
 * others only refer to; every record that tells of a connection is an edge of its own. Only ids are held in memory.
 */
export const wholeGraph = (read: Read) => ({ nodes: nodesOf(read), edges: edgesOf(read) })

async function* nodesOf(read: Read): AsyncGenerator<Graph['nodes'][number]> {
  const seen = new Set<string>()
  const elsewhere = new Map<string, Node>()
  for await (const wire of wires(read([...nodeKinds, 'affiliation', 'event']))) {
    for (const { source, target } of connectionsTold(tellingOf(wire)))
      for (const node of [source, target]) if (!seen.has(node.id)) elsewhere.set(node.id, node)
    const { id, kind, slug } = wire
    if (!nodeKinds.some((one) => one === kind)) continue
    seen.add(id)
    elsewhere.delete(id)
    const type = wire.type ?? wire.legalForm ?? null
    yield nodeOf({ id, kind, slug, name: nameOf(wire), type: type as string | null })
  }
  for (const node of elsewhere.values()) yield nodeOf({ ...node, type: null })
}

type Described = { id: string; kind: Kind; slug: string; name: string; type: string | null }

const nodeOf = ({ id, kind, slug, name, type }: Described) => ({
  ...{ id, label: name },
  attributes: { kind, type, slug, href: `/v1/${kind}s/${slug}` },
})

async function* edgesOf(read: Read): AsyncGenerator<Graph['edges'][number]> {
  let count = 0
  for await (const wire of wires(read(tellingKinds))) {
    const telling = tellingOf(wire)
    for (const { type, source, target, fields } of connectionsTold(telling)) {
      const citations = citationsFor(telling.citations, fields)
      count += 1
      yield {
        ...{ id: `e${count}`, source: source.id, target: target.id, label: type },
        attributes: {
          ...{ type, record: `/v1/${wire.kind}s/${wire.slug}`, date: telling.on?.edtf ?? null },
          citations: citations.map(({ id }) => `/v1/citations/${id}`).join(' '),
          quote: citations[0]?.quote ?? null,
        },
      }
    }
  }
}

async function* wires(batches: AsyncIterable<readonly string[]>): AsyncGenerator<Whole> {
  for await (const documents of batches)
    for (const document of documents) yield JSON.parse(document)
}
