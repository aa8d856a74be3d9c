import type { Kind } from '../../records/model/schema.ts'
import type { Reads } from './queries.ts'
import type { Around } from './read-around.ts'
import { type Cited, citationsFor, connectionsOf, type Node, type Telling } from './rules.ts'
import type { EdgeType, NetworkEdge, NetworkNode } from './schema.ts'

export type Edge = {
  type: EdgeType
  source: Node
  target: Node
  /** The records that tell of it, with their fields that do. */
  told: Map<string, { record: Telling; fields: Set<string> }>
}

/** Everything that was read so far: nodes, and the edges between them by what they are. */
export type Pool = {
  nodes: Map<string, Node>
  edges: Map<string, Edge>
  /** Edges by the id of either end. */
  at: Map<string, Set<Edge>>
  records: Map<string, Telling>
  /** Where there was more than was followed, by record and relation. */
  cut: Map<string, Around['more'][number]>
}

export const emptyPool = (root: Node): Pool => ({
  nodes: new Map([[root.id, root]]),
  ...{ edges: new Map(), at: new Map(), records: new Map(), cut: new Map() },
})

/** Adds what was read around some nodes. */
export function pour(pool: Pool, { records, more }: Around): void {
  for (const one of more) pool.cut.set(`${one.id} ${one.relation}`, one)
  for (const record of records) {
    if (pool.records.has(record.id)) continue
    pool.records.set(record.id, record)
    for (const { type, source, target, fields } of connectionsOf(record)) {
      const key = `${type} ${source.id} ${target.id}`
      const edge: Edge = pool.edges.get(key) ?? { type, source, target, told: new Map() }
      pool.edges.set(key, edge)
      const told = edge.told.get(record.id) ?? { record, fields: new Set() }
      edge.told.set(record.id, told)
      for (const field of fields) told.fields.add(field)
      for (const node of [source, target]) {
        pool.nodes.set(node.id, node)
        const own = pool.at.get(node.id) ?? new Set()
        pool.at.set(node.id, own.add(edge))
      }
    }
  }
}

export const neighboursOf = ({ at }: Pool, id: string): Node[] =>
  [...(at.get(id) ?? [])].map(({ source, target }) => (source.id === id ? target : source))

export const referenceTo = ({ id, slug, name, kind }: Omit<Node, 'kind'> & { kind: Kind }) => ({
  ...{ id, slug, name },
  href: `/v1/${kind}s/${slug}`,
})

const recordsShown = 5

/** The edges as they are answered, with the citations of the fields that make them. */
export async function withEvidence(reads: Reads, edges: readonly Edge[]): Promise<NetworkEdge[]> {
  const shown = edges.map((edge) => ({
    edge,
    told: [...edge.told.values()]
      .sort((a, b) => (a.record.id < b.record.id ? 1 : -1))
      .slice(0, recordsShown)
      .map(({ record, fields }) => {
        const sorted = [...fields].sort()
        return { record, fields: sorted, citations: citationsFor(record.citations, sorted) }
      }),
  }))
  const ids = new Set(
    shown.flatMap(({ told }) =>
      told.flatMap(({ citations }) => citations.map(({ article }) => String(article))),
    ),
  )
  const articles = new Map(
    (await reads.named([...ids])).map((article) => [article.id, referenceTo(article)]),
  )
  const cited = ({ id, field, article, start, end, quote, confidence }: Cited) => ({
    ...{ id, href: `/v1/citations/${id}`, field, article: articles.get(String(article)) },
    ...{ start, end, quote, confidence },
  })
  return shown.map(({ edge, told }, index) => ({
    id: `e${index + 1}`,
    ...{ type: edge.type, source: edge.source.id, target: edge.target.id },
    recordsTotal: edge.told.size,
    records: told.map(({ record, fields, citations }) => ({
      record: referenceTo(record),
      ...{ kind: record.kind, on: record.on && inOrder(record.on), fields },
      citations: citations.map(cited) as NetworkEdge['records'][number]['citations'],
    })),
  }))
}

/** The members of a date as they stand in every answer. */
const inOrder = ({ edtf, asStated, reasoning, earliest, latest }: NonNullable<Telling['on']>) => ({
  ...{ edtf, asStated, reasoning, earliest, latest },
})

/** The nodes as they are answered, by distance, then by kind and slug. */
export async function asNodes(
  reads: Reads,
  nodes: readonly { node: Node; distance: number; expanded: NetworkNode['expanded'] }[],
): Promise<NetworkNode[]> {
  const rows = await reads.typesOf(nodes.map(({ node }) => node.id))
  const types = new Map(rows.map(({ id, type }) => [id, type]))
  return nodes
    .map(({ node, distance, expanded }) => ({
      ...referenceTo(node),
      kind: node.kind,
      type: types.get(node.id) ?? null,
      ...{ distance, expanded },
    }))
    .sort((a, b) => a.distance - b.distance || compare(a.kind, b.kind) || compare(a.slug, b.slug))
}

/** By kind of connection and ends: the same in each answer. */
export const byMeaning = (a: Edge, b: Edge): number =>
  compare(a.type, b.type) ||
  compare(a.source.slug, b.source.slug) ||
  compare(a.target.slug, b.target.slug)

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b))

/** What was cut, for the answer. */
export const cutOf = (pool: Pool, ids: ReadonlySet<string>) =>
  [...pool.cut.values()].flatMap(({ id, relation, followed }) => {
    const record = pool.nodes.get(id) ?? pool.records.get(id)
    const isShown = ids.has(id) || !pool.nodes.has(id)
    return record && isShown ? [{ record: referenceTo(record), relation, followed }] : []
  })
