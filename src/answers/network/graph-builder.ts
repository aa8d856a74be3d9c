import { buildHref, type Kind } from '../../records/model/schema.ts'
import type { Neighbourhood } from './neighbourhood.ts'
import type { NetworkReader } from './queries.ts'
import {
  type EdgeCitation,
  findConnections,
  type GraphNode,
  type MentioningRecord,
  selectCitations,
} from './rules.ts'
import type { EdgeType, NetworkEdge, NetworkNode } from './schema.ts'

export type GraphEdge = {
  type: EdgeType
  source: GraphNode
  target: GraphNode
  /** The records that tell of it, with their fields that do. */
  evidence: Map<string, { record: MentioningRecord; fields: Set<string> }>
}

/** Everything that was read so far: nodes, and the edges between them by what they are. */
export type GraphBuilder = {
  nodes: Map<string, GraphNode>
  edges: Map<string, GraphEdge>
  /** Edges by the id of either end. */
  edgesByNode: Map<string, Set<GraphEdge>>
  records: Map<string, MentioningRecord>
  /** Where there was more than was followed, by record and relation. */
  truncations: Map<string, Neighbourhood['truncations'][number]>
}

export const createGraphBuilder = (root: GraphNode): GraphBuilder => ({
  nodes: new Map([[root.id, root]]),
  edges: new Map(),
  edgesByNode: new Map(),
  records: new Map(),
  truncations: new Map(),
})

/** Adds what was read around some nodes. */
export function addRecords(builder: GraphBuilder, { records, truncations }: Neighbourhood): void {
  for (const one of truncations) builder.truncations.set(`${one.id} ${one.relation}`, one)
  for (const record of records) {
    if (builder.records.has(record.id)) continue
    builder.records.set(record.id, record)
    for (const { type, source, target, fields } of findConnections(record)) {
      const key = `${type} ${source.id} ${target.id}`
      const edge: GraphEdge = builder.edges.get(key) ?? {
        type,
        source,
        target,
        evidence: new Map(),
      }
      builder.edges.set(key, edge)
      const evidence = edge.evidence.get(record.id) ?? { record, fields: new Set() }
      edge.evidence.set(record.id, evidence)
      for (const field of fields) evidence.fields.add(field)
      for (const node of [source, target]) {
        builder.nodes.set(node.id, node)
        const nodeEdges = builder.edgesByNode.get(node.id) ?? new Set()
        builder.edgesByNode.set(node.id, nodeEdges.add(edge))
      }
    }
  }
}

export const findNeighbours = ({ edgesByNode: at }: GraphBuilder, id: string): GraphNode[] =>
  [...(at.get(id) ?? [])].map(({ source, target }) => (source.id === id ? target : source))

export const toReference = ({
  id,
  slug,
  name,
  kind,
}: Omit<GraphNode, 'kind'> & { kind: Kind }) => ({
  id,
  slug,
  name,
  href: buildHref(kind, slug),
})

const recordsShownMax = 5

/** The edges as they are answered, with the citations of the fields that make them. */
export async function toNetworkEdges(
  reads: NetworkReader,
  edges: readonly GraphEdge[],
): Promise<NetworkEdge[]> {
  const shownEdges = edges.map((edge) => ({
    edge,
    told: [...edge.evidence.values()]
      .sort((a, b) => (a.record.id < b.record.id ? 1 : -1))
      .slice(0, recordsShownMax)
      .map(({ record, fields }) => {
        const sorted = [...fields].sort()
        return { record, fields: sorted, citations: selectCitations(record.citations, sorted) }
      }),
  }))
  const ids = new Set(
    shownEdges.flatMap(({ told }) =>
      told.flatMap(({ citations }) => citations.map(({ article }) => String(article))),
    ),
  )
  const articles = new Map(
    (await reads.readNames([...ids])).map((article) => [article.id, toReference(article)]),
  )
  const toCitation = ({ id, field, article, start, end, quote, confidence }: EdgeCitation) => ({
    id,
    href: `/v1/citations/${id}`,
    field,
    article: articles.get(String(article)),
    start,
    end,
    quote,
    confidence,
  })
  return shownEdges.map(({ edge, told }, index) => ({
    id: `e${index + 1}`,
    type: edge.type,
    source: edge.source.id,
    target: edge.target.id,
    recordsTotal: edge.evidence.size,
    records: told.map(({ record, fields, citations }) => ({
      record: toReference(record),
      kind: record.kind,
      on: record.on && pickDateMembers(record.on),
      fields,
      citations: citations.map(toCitation) as NetworkEdge['records'][number]['citations'],
    })),
  }))
}

/** The members of a date as they stand in every answer. */
const pickDateMembers = ({
  edtf,
  asStated,
  reasoning,
  earliest,
  latest,
}: NonNullable<MentioningRecord['on']>) => ({
  edtf,
  asStated,
  reasoning,
  earliest,
  latest,
})

/** The nodes as they are answered, by distance, then by kind and slug. */
export async function toNetworkNodes(
  reads: NetworkReader,
  nodes: readonly { node: GraphNode; distance: number; expanded: NetworkNode['expanded'] }[],
): Promise<NetworkNode[]> {
  const rows = await reads.readTypes(nodes.map(({ node }) => node.id))
  const types = new Map(rows.map(({ id, type }) => [id, type]))
  return nodes
    .map(({ node, distance, expanded }) => ({
      ...toReference(node),
      kind: node.kind,
      type: types.get(node.id) ?? null,
      distance,
      expanded,
    }))
    .sort((a, b) => a.distance - b.distance || compare(a.kind, b.kind) || compare(a.slug, b.slug))
}

/** By kind of connection and ends: the same in each answer. */
export const compareEdges = (a: GraphEdge, b: GraphEdge): number =>
  compare(a.type, b.type) ||
  compare(a.source.slug, b.source.slug) ||
  compare(a.target.slug, b.target.slug)

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b))

/** What was cut, for the answer. */
export const listTruncations = (builder: GraphBuilder, ids: ReadonlySet<string>) =>
  [...builder.truncations.values()].flatMap(({ id, relation, followed }) => {
    const record = builder.nodes.get(id) ?? builder.records.get(id)
    const isShown = ids.has(id) || !builder.nodes.has(id)
    return record && isShown ? [{ record: toReference(record), relation, followed }] : []
  })
