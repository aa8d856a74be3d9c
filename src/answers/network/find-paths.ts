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
import { createNetworkReader, findSharedRecordIds, type NetworkReader } from './queries.ts'
import type { GraphNode } from './rules.ts'
import type { NetworkNode, Paths } from './schema.ts'

const followMax = 25
/** Records followed in one step and one relation, over all expanded nodes. */
const followedTotalMax = 400
/** Nodes expanded in one step. */
const frontierMax = 100
/** Nodes expanded in a search. */
const expandedMax = 400

type PathSearch = {
  builder: GraphBuilder
  from: GraphNode
  to: GraphNode
  /** Edges of a path. */
  lengthMax: number
  /** Paths to return. */
  limit: number
  /** Ids of the nodes whose connections were followed. */
  expanded: Set<string>
  /** Ids of the nodes that were not expanded because of `frontierMax` or `expandedMax`. */
  notExpanded: Set<string>
}

/**
 * The shortest paths between two nodes, by a search from both ends. Of a node with very many connections only the latest are
 * followed: then the answer says that a path may be missing.
 */
export const findPaths = (
  db: Db,
  from: GraphNode,
  to: GraphNode,
  { lengthMax, limit }: { lengthMax: number; limit: number },
): Promise<Paths> =>
  withDatabaseSnapshot(db, async (snapshot) => {
    const reader = createNetworkReader(snapshot)
    const builder = createGraphBuilder(from)
    builder.nodes.set(to.id, to)
    const sharedIds = await findSharedRecordIds(snapshot, from.id, to.id)
    if (sharedIds.length > 0)
      addRecords(builder, await readNeighbourhood(reader, [], 0, builder, sharedIds))
    const search: PathSearch = {
      builder,
      from,
      to,
      lengthMax,
      limit,
      expanded: new Set(),
      notExpanded: new Set(),
    }
    await expandFromBothEnds(reader, search)
    return buildPaths(reader, search)
  })

/** Expands the side with the smaller frontier, step by step, until the shortest path is known or a limit is reached. */
async function expandFromBothEnds(reader: NetworkReader, search: PathSearch): Promise<void> {
  const { builder, from, to, lengthMax, expanded, notExpanded } = search
  const sides = [from, to].map((root) => ({ root, steps: 0, isDone: false }))
  for (;;) {
    const steps = sides.reduce((sum, side) => sum + side.steps, 0)
    const pathLength = computeDistances(builder, from.id).get(to.id)
    // A longer path might have a shorter alternative along edges that neither side has read.
    if (pathLength !== undefined && pathLength <= Math.max(1, steps)) return
    if (steps >= lengthMax || expanded.size >= expandedMax) return
    const [next] = sides
      .filter((side) => !side.isDone)
      .map((side) => ({ side, frontier: findFrontier(builder, side.root, side.steps, expanded) }))
      .sort((a, b) => a.frontier.length - b.frontier.length)
    if (next === undefined) return
    const { side, frontier } = next
    const expandLimit = Math.min(frontierMax, expandedMax - expanded.size)
    const nodes = frontier.slice(0, expandLimit)
    for (const { id } of frontier.slice(expandLimit)) notExpanded.add(id)
    if (nodes.length === 0) side.isDone = true
    else {
      const followLimit = computeFollowMax(nodes.length)
      addRecords(builder, await readNeighbourhood(reader, nodes, followLimit, builder))
    }
    for (const { id } of nodes) expanded.add(id)
    side.steps += 1
  }
}

const computeFollowMax = (nodeCount: number): number =>
  Math.min(followMax, Math.ceil(followedTotalMax / nodeCount))

/** Edges from the root to each node that can be reached, by id. */
function computeDistances(builder: GraphBuilder, rootId: string): Map<string, number> {
  const distances = new Map([[rootId, 0]])
  // The loop also visits the entries that it adds: a breadth-first search.
  for (const [id, distance] of distances)
    for (const neighbour of findNeighbours(builder, id))
      if (!distances.has(neighbour.id)) distances.set(neighbour.id, distance + 1)
  return distances
}

/** The nodes `steps` away from the root that were not expanded yet, those with the fewest known edges first. */
const findFrontier = (
  builder: GraphBuilder,
  root: GraphNode,
  steps: number,
  expanded: ReadonlySet<string>,
): GraphNode[] =>
  [...computeDistances(builder, root.id)]
    .flatMap(([id, distance]) => {
      const node = builder.nodes.get(id)
      return distance === steps && node && !expanded.has(id) ? [node] : []
    })
    .sort((a, b) => countEdges(builder, a) - countEdges(builder, b) || (a.id < b.id ? 1 : -1))

const countEdges = (builder: GraphBuilder, { id }: GraphNode): number =>
  builder.edgesByNode.get(id)?.size ?? 0

async function buildPaths(
  reader: NetworkReader,
  { builder, from, to, lengthMax, limit, expanded, notExpanded }: PathSearch,
): Promise<Paths> {
  const pathLength = computeDistances(builder, from.id).get(to.id)
  const length = pathLength !== undefined && pathLength <= lengthMax ? pathLength : null
  const paths = length === null ? [] : listShortestPaths(builder, from.id, to.id, limit + 1)
  const shownPaths = paths.slice(0, limit)
  const distances = new Map(
    shownPaths.flatMap((path) => path.map((id, distance) => [id, distance] as const)),
  )
  const truncations = listTruncations(builder, new Set(builder.nodes.keys()))
  const isTruncated = truncations.length > 0 || notExpanded.size > 0 || expanded.size >= expandedMax
  const complete = (!isTruncated || length === 0) && paths.length <= limit
  const truncatedIds = new Set(truncations.map(({ record }) => record.id))
  const describeExpansion = (id: string): NetworkNode['expanded'] => {
    if (!expanded.has(id)) return 'no'
    return truncatedIds.has(id) ? 'part' : 'whole'
  }
  const nodes = [...distances].map(([id, distance]) => ({
    node: builder.nodes.get(id) ?? from,
    distance,
    expanded: describeExpansion(id),
  }))
  const edges = listPathEdges(builder, shownPaths).slice(0, edgesMax)
  return {
    from: toReference(from),
    to: toReference(to),
    length,
    complete,
    message: complete
      ? null
      : describeOmissions(length, isTruncated, paths.length > limit, lengthMax, limit),
    cut: truncations.slice(0, truncationsShownMax),
    paths: shownPaths,
    nodes: await toNetworkNodes(reader, nodes),
    edges: await toNetworkEdges(reader, edges),
  }
}

const truncationsShownMax = 100
const edgesMax = 1_000

/** The edges in either direction between neighbours on a path. */
function listPathEdges(builder: GraphBuilder, paths: readonly (readonly string[])[]): GraphEdge[] {
  const neighbourPairs = new Set(
    paths.flatMap((path) =>
      path.slice(1).flatMap((id, index) => [`${path[index]} ${id}`, `${id} ${path[index]}`]),
    ),
  )
  return [...builder.edges.values()]
    .filter(({ source, target }) => neighbourPairs.has(`${source.id} ${target.id}`))
    .sort(compareEdges)
}

function describeOmissions(
  length: number | null,
  isTruncated: boolean,
  hasMore: boolean,
  lengthMax: number,
  limit: number,
): string {
  const sentences: string[] = []
  if (isTruncated && length === null)
    sentences.push(
      `No path of at most ${lengthMax} edges was found, but not all connections were followed (see \`cut\`): there may be one.`,
    )
  else if (isTruncated)
    sentences.push(
      'Not all connections were followed (see `cut`): there may be other paths of this length, or shorter ones if these have more than one edge.',
    )
  if (hasMore) sentences.push(`There are more paths: \`limit\` is ${limit}.`)
  return sentences.join(' ')
}

/** At most `max` shortest paths as ids, in a fixed order: the last recorded node first. */
function listShortestPaths(
  builder: GraphBuilder,
  from: string,
  to: string,
  max: number,
): string[][] {
  const distances = computeDistances(builder, to)
  const paths: string[][] = []
  const walk = (path: readonly string[]): void => {
    const id = path.at(-1) ?? from
    if (paths.length >= max) return
    if (id === to) {
      paths.push([...path])
      return
    }
    const remaining = distances.get(id) ?? 0
    const nextNodes = findNeighbours(builder, id).filter(
      (neighbour) => distances.get(neighbour.id) === remaining - 1,
    )
    const nextIds = [...new Set(nextNodes.map((node) => node.id))]
    for (const nextId of nextIds.sort().reverse()) walk([...path, nextId])
  }
  walk([from])
  return paths
}
