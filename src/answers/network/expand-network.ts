import type { Db } from '../../database/database.ts'
import { withDatabaseSnapshot } from '../../records/read/records-from-ledger.ts'
import {
  addRecords,
  compareEdges,
  createGraphBuilder,
  findNeighbours,
  type GraphBuilder,
  listTruncations,
  toNetworkEdges,
  toNetworkNodes,
  toReference,
} from './graph-builder.ts'
import { readNeighbourhood } from './neighbourhood.ts'
import { createNetworkReader, type NetworkReader } from './queries.ts'
import type { GraphNode } from './rules.ts'
import type { Network } from './schema.ts'

const followMax = 25
/** Edges for each node that may be kept. */
const edgesPerNode = 4

/**
 * The network around a node, so many steps wide and of at most `limit` nodes. What stays is the same in each answer: of the
 * records that name a node the latest, of the nodes met on a step those with the most connections to what is there.
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

/** As `expandNetwork`, wherever it is read from. */
export async function expandWithReader(
  reads: NetworkReader,
  root: GraphNode,
  depth: number,
  limit: number,
): Promise<Network> {
  const builder = createGraphBuilder(root)
  const distances = new Map([[root.id, 0]])
  const leftOut = new Set<string>()
  let frontier = [root]
  for (let distance = 1; distance <= depth && frontier.length > 0; distance++) {
    const followLimit = computeFollowMax(limit - distances.size, frontier)
    addRecords(builder, await readNeighbourhood(reads, frontier, followLimit, builder))
    const newNodes = rankNewNodes(builder, frontier, distances)
    const keptNodes = newNodes.slice(0, limit - distances.size)
    for (const node of keptNodes) distances.set(node.id, distance)
    for (const { id } of newNodes.slice(keptNodes.length)) leftOut.add(id)
    frontier = keptNodes
  }
  for (const id of distances.keys()) leftOut.delete(id)
  return buildNetwork(reads, { builder, root, depth, distances, leftOut, limit })
}

/** The more nodes there are to expand and the less room is left, the fewer records are followed for each. */
const computeFollowMax = (room: number, frontier: readonly GraphNode[]): number =>
  Math.min(followMax, Math.ceil((2 * room) / frontier.length))

/** The nodes beside the frontier that are new, those with the most edges to it first, then the last recorded. */
function rankNewNodes(
  builder: GraphBuilder,
  frontier: readonly GraphNode[],
  distances: ReadonlyMap<string, number>,
): GraphNode[] {
  const edges = new Map<string, { node: GraphNode; count: number }>()
  for (const { id } of frontier)
    for (const node of findNeighbours(builder, id)) {
      if (distances.has(node.id)) continue
      const counted = edges.get(node.id) ?? { node, count: 0 }
      counted.count += 1
      edges.set(node.id, counted)
    }
  return [...edges.values()]
    .sort((a, b) => b.count - a.count || (a.node.id < b.node.id ? 1 : -1))
    .map(({ node }) => node)
}

type NetworkExpansion = {
  builder: GraphBuilder
  root: GraphNode
  depth: number
  distances: ReadonlyMap<string, number>
  leftOut: ReadonlySet<string>
  limit: number
}

async function buildNetwork(
  reads: NetworkReader,
  { builder, root, depth, distances, leftOut, limit }: NetworkExpansion,
): Promise<Network> {
  const ids = new Set(distances.keys())
  const distanceOf = (id: string) => distances.get(id) ?? 0
  const edges = [...builder.edges.values()]
    .filter(({ source, target }) => ids.has(source.id) && ids.has(target.id))
    .sort(
      (a, b) =>
        distanceOf(a.source.id) +
          distanceOf(a.target.id) -
          distanceOf(b.source.id) -
          distanceOf(b.target.id) || compareEdges(a, b),
    )
  const keptEdges = edges.slice(0, limit * edgesPerNode)
  const truncations = listTruncations(builder, ids)
  const cutIds = new Set(truncations.map(({ record }) => record.id))
  const nodes = [...distances].map(([id, distance]) => {
    const isPart =
      cutIds.has(id) || findNeighbours(builder, id).some((other) => leftOut.has(other.id))
    const expanded = distance >= depth ? 'no' : isPart ? 'part' : 'whole'
    return { node: builder.nodes.get(id) ?? root, distance, expanded } as const
  })
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
    nodes: await toNetworkNodes(reads, nodes),
    edges: await toNetworkEdges(reads, keptEdges),
  }
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
  return [
    ...(names.length > 0
      ? [`Not all connections were followed of ${shownNames}: only the latest (see \`cut\`).`]
      : []),
    ...(omissions.leftOut > 0
      ? [`${omissions.leftOut} nodes that were met are left out: \`limit\` is ${omissions.limit}.`]
      : []),
    ...(omissions.edgesLeftOut > 0
      ? [`${omissions.edgesLeftOut} edges between kept nodes are left out.`]
      : []),
  ].join(' ')
}
