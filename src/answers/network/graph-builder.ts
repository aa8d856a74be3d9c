import { buildHref, type Kind } from '../../records/model/schema.ts'
import type { Neighbourhood } from './neighbourhood.ts'
import type { NetworkReader } from './queries.ts'
import {
  type Connection,
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
  /** The records that state it and the fields that do, by id of the record. */
  evidence: Map<string, { record: MentioningRecord; fields: Set<string> }>
}

/** The graph of all records that were read so far. */
export type GraphBuilder = {
  /** By id. */
  nodes: Map<string, GraphNode>
  /** By type, source and target. */
  edges: Map<string, GraphEdge>
  /** By the id of either end. */
  edgesByNode: Map<string, Set<GraphEdge>>
  /** By id. */
  records: Map<string, MentioningRecord>
  /** What was not followed completely, by id and relation. */
  truncations: Map<string, Neighbourhood['truncations'][number]>
}

export const createGraphBuilder = (root?: GraphNode): GraphBuilder => ({
  nodes: new Map(root && [[root.id, root]]),
  edges: new Map(),
  edgesByNode: new Map(),
  records: new Map(),
  truncations: new Map(),
})

/** Records that the graph already has are skipped. */
export function addRecords(builder: GraphBuilder, { records, truncations }: Neighbourhood): void {
  for (const truncation of truncations)
    builder.truncations.set(`${truncation.id} ${truncation.relation}`, truncation)
  for (const record of records) {
    if (builder.records.has(record.id)) continue
    builder.records.set(record.id, record)
    for (const connection of findConnections(record)) addConnection(builder, record, connection)
  }
}

function addConnection(
  builder: GraphBuilder,
  record: MentioningRecord,
  { type, source, target, fields }: Connection,
): void {
  const key = `${type} ${source.id} ${target.id}`
  const edge = builder.edges.get(key) ?? { type, source, target, evidence: new Map() }
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

/** A neighbour with several edges occurs several times. */
export const findNeighbours = ({ edgesByNode }: GraphBuilder, id: string): GraphNode[] =>
  [...(edgesByNode.get(id) ?? [])].map(({ source, target }) => (source.id === id ? target : source))

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

/** The edges as the API returns them, with the citations of their fields. */
export async function toNetworkEdges(
  reader: NetworkReader,
  edges: readonly GraphEdge[],
): Promise<NetworkEdge[]> {
  const shownEdges = edges.map((edge) => ({ edge, shownRecords: selectShownRecords(edge) }))
  const articleIds = new Set(
    shownEdges.flatMap(({ shownRecords }) =>
      shownRecords.flatMap(({ citations }) => citations.map(({ article }) => String(article))),
    ),
  )
  const articles = new Map(
    (await reader.readNames([...articleIds])).map((article) => [article.id, toReference(article)]),
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
  return shownEdges.map(({ edge, shownRecords }, index) => ({
    id: `e${index + 1}`,
    type: edge.type,
    source: edge.source.id,
    target: edge.target.id,
    recordsTotal: edge.evidence.size,
    records: shownRecords.map(({ record, fields, citations }) => ({
      record: toReference(record),
      kind: record.kind,
      on: record.on && pickDateMembers(record.on),
      fields,
      citations: citations.map(toCitation) as NetworkEdge['records'][number]['citations'],
    })),
  }))
}

/** The last recorded first. */
const selectShownRecords = ({ evidence }: GraphEdge) =>
  [...evidence.values()]
    .sort((a, b) => (a.record.id < b.record.id ? 1 : -1))
    .slice(0, recordsShownMax)
    .map(({ record, fields }) => {
      const sortedFields = [...fields].sort()
      const citations = selectCitations(record.citations, sortedFields)
      return { record, fields: sortedFields, citations }
    })

/** The members that every answer has, in their order. */
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

/** The nodes as the API returns them, by distance, kind and slug. */
export async function toNetworkNodes(
  reader: NetworkReader,
  nodes: readonly { node: GraphNode; distance: number; expanded: NetworkNode['expanded'] }[],
): Promise<NetworkNode[]> {
  const rows = await reader.readTypes(nodes.map(({ node }) => node.id))
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

/** A fixed order, so that equal requests get equal answers. */
export const compareEdges = (a: GraphEdge, b: GraphEdge): number =>
  compare(a.type, b.type) ||
  compare(a.source.slug, b.source.slug) ||
  compare(a.target.slug, b.target.slug)

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b))

/** The truncations of shown nodes and of records that are not nodes, as the API returns them (`cut`). */
export const listTruncations = (builder: GraphBuilder, shownIds: ReadonlySet<string>) =>
  [...builder.truncations.values()].flatMap(({ id, relation, followed }) => {
    const record = builder.nodes.get(id) ?? builder.records.get(id)
    const isShown = shownIds.has(id) || !builder.nodes.has(id)
    return record && isShown ? [{ record: toReference(record), relation, followed }] : []
  })
