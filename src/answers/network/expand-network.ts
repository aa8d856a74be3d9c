import type { Db } from '../../database/database.ts'
import { withDatabaseSnapshot } from '../../records/read/records-from-ledger.ts'
import {
  addRecords,
  compareEdges,
  createGraphBuilder,
  findNeighbours,
  type GraphBuilder,
  type GraphEdge,
  listTruncations,
  toNetworkEdges,
  toNetworkNodes,
  toReference,
} from './graph-builder.ts'
import { readNeighbourhood } from './neighbourhood.ts'
import { createNetworkReader, type NetworkReader } from './queries.ts'
import type { GraphNode } from './rules.ts'
import type { Network, NetworkNode } from './schema.ts'

const followMax = 25
/** Edges of a network for each node of `limit`. */
const edgesPerNode = 4

/**
 * The network around a node, with at most `limit` nodes up to `depth` steps away. If there are more, it keeps the latest
 * records that name a node, and in each step the nodes with the most edges to the nodes of the previous step.
 */
export const expandNetwork = (
  db: Db,
  root: GraphNode,
  depth: number,
  limit: number,
): Promise<Network> =>
  withDatabaseSnapshot(db, (snapshot) =>
    expandWithReader(createNetworkReader(snapshot), root, depth, limit),
  )

export async function expandWithReader(
  reader: NetworkReader,
  root: GraphNode,
  depth: number,
  limit: number,
): Promise<Network> {
  const builder = createGraphBuilder(root)
  const distances = new Map([[root.id, 0]])
  const leftOut = new Set<string>()
  let frontier = [root]
  for (let distance = 1; distance <= depth && frontier.length > 0; distance++) {
    const freeNodes = limit - distances.size
    const followLimit = computeFollowMax(freeNodes, frontier)
    addRecords(builder, await readNeighbourhood(reader, frontier, followLimit, builder))
    const newNodes = rankNewNodes(builder, frontier, distances)
    const keptNodes = newNodes.slice(0, freeNodes)
    for (const node of keptNodes) distances.set(node.id, distance)
    for (const { id } of newNodes.slice(keptNodes.length)) leftOut.add(id)
    frontier = keptNodes
  }
  for (const id of distances.keys()) leftOut.delete(id)
  return buildNetwork(reader, { builder, root, depth, distances, leftOut, limit })
}

/** Records to follow for each node: so many that a step with many nodes reads about as much as one with few. */
const computeFollowMax = (freeNodes: number, frontier: readonly GraphNode[]): number =>
  Math.min(followMax, Math.ceil((2 * freeNodes) / frontier.length))

/** The new neighbours of the frontier: those with the most edges to it first, then the last recorded. */
function rankNewNodes(
  builder: GraphBuilder,
  frontier: readonly GraphNode[],
  distances: ReadonlyMap<string, number>,
): GraphNode[] {
  const newNodes = new Map<string, { node: GraphNode; edgeCount: number }>()
  for (const { id } of frontier)
    for (const node of findNeighbours(builder, id)) {
      if (distances.has(node.id)) continue
      const newNode = newNodes.get(node.id) ?? { node, edgeCount: 0 }
      newNode.edgeCount += 1
      newNodes.set(node.id, newNode)
    }
  return [...newNodes.values()]
    .sort((a, b) => b.edgeCount - a.edgeCount || (a.node.id < b.node.id ? 1 : -1))
    .map(({ node }) => node)
}

type NetworkExpansion = {
  builder: GraphBuilder
  root: GraphNode
  depth: number
  /** Distance from the root, by id of the kept nodes. */
  distances: ReadonlyMap<string, number>
  /** Ids of the nodes that were found and not kept. */
  leftOut: ReadonlySet<string>
  limit: number
}

async function buildNetwork(
  reader: NetworkReader,
  { builder, root, depth, distances, leftOut, limit }: NetworkExpansion,
): Promise<Network> {
  const edges = listEdgesByDistance(builder, distances)
  const keptEdges = edges.slice(0, limit * edgesPerNode)
  const truncations = listTruncations(builder, new Set(distances.keys()))
  const truncatedIds = new Set(truncations.map(({ record }) => record.id))
  const describeExpansion = (id: string, distance: number): NetworkNode['expanded'] => {
    if (distance >= depth) return 'no'
    const hasLeftOut = findNeighbours(builder, id).some((neighbour) => leftOut.has(neighbour.id))
    return truncatedIds.has(id) || hasLeftOut ? 'part' : 'whole'
  }
  const nodes = [...distances].map(([id, distance]) => ({
    node: builder.nodes.get(id) ?? root,
    distance,
    expanded: describeExpansion(id, distance),
  }))
  const edgesLeftOut = edges.length - keptEdges.length
  const complete = truncations.length === 0 && leftOut.size === 0 && edgesLeftOut === 0
  return {
    root: toReference(root),
    depth,
    complete,
    message: complete
      ? null
      : describeOmissions({ cut: truncations, leftOut: leftOut.size, edgesLeftOut, limit }),
    cut: truncations,
    nodesLeftOut: leftOut.size,
    edgesLeftOut,
    nodes: await toNetworkNodes(reader, nodes),
    edges: await toNetworkEdges(reader, keptEdges),
  }
}

/** The edges between kept nodes, those nearest to the root first. */
function listEdgesByDistance(
  builder: GraphBuilder,
  distances: ReadonlyMap<string, number>,
): GraphEdge[] {
  const sumDistances = ({ source, target }: GraphEdge) =>
    (distances.get(source.id) ?? 0) + (distances.get(target.id) ?? 0)
  return [...builder.edges.values()]
    .filter(({ source, target }) => distances.has(source.id) && distances.has(target.id))
    .sort((a, b) => sumDistances(a) - sumDistances(b) || compareEdges(a, b))
}

function describeOmissions(omissions: {
  cut: Network['cut']
  leftOut: number
  edgesLeftOut: number
  limit: number
}): string {
  const names = [...new Set(omissions.cut.map(({ record }) => record.name))]
  const shownNames =
    names.slice(0, 5).join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '')
  const sentences: string[] = []
  if (names.length > 0)
    sentences.push(`Only the latest connections of ${shownNames} were followed (see \`cut\`).`)
  if (omissions.leftOut > 0)
    sentences.push(`${omissions.leftOut} nodes are left out: \`limit\` is ${omissions.limit}.`)
  if (omissions.edgesLeftOut > 0)
    sentences.push(`${omissions.edgesLeftOut} edges between kept nodes are left out.`)
  return sentences.join(' ')
}
