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
import { createNetworkReader, findSharedRecordIds, type NetworkReader } from './queries.ts'
import type { GraphNode } from './rules.ts'
import type { Paths } from './schema.ts'

const followMax = 25
/** Records followed in a step, in each relation, over all nodes that are expanded. */
const followedTotalMax = 400
/** Nodes that are expanded in one step from one side, and in all. */
const frontierMax = 100
const expandedMax = 400

/**
 * The shortest paths between two nodes of at most so many edges, looked for from both ends by turns. A node with very many
 * connections is followed along the latest only, and the answer says so: then there may be a path that was not found.
 */
export const findPaths = (
  db: Db,
  from: GraphNode,
  to: GraphNode,
  { lengthMax, limit }: { lengthMax: number; limit: number },
): Promise<Paths> =>
  withDatabaseSnapshot(db, async (snapshot) => {
    const reads = createNetworkReader(snapshot)
    const builder = createGraphBuilder(from)
    builder.nodes.set(to.id, to)
    const sides = [from, to].map((root) => ({ root, steps: 0, isDone: false }))
    const expanded = new Set<string>()
    const notExpanded = new Set<string>()
    const sharedIds = await findSharedRecordIds(snapshot, from.id, to.id)
    if (sharedIds.length > 0)
      addRecords(builder, await readNeighbourhood(reads, [], 0, builder, sharedIds))
    for (;;) {
      const steps = sides.reduce((sum, side) => sum + side.steps, 0)
      const found = computeDistances(builder, from.id).get(to.id)
      if (found !== undefined && found <= Math.max(1, steps)) break
      // A path of one more step than both sides went has an edge that neither has seen.
      if (steps >= lengthMax || expanded.size >= expandedMax) break
      const open = sides
        .map((side) => ({ side, frontier: findFrontier(builder, side.root, side.steps, expanded) }))
        .filter(({ side }) => !side.isDone)
        .sort((a, b) => a.frontier.length - b.frontier.length)[0]
      if (open === undefined) break
      const expandLimit = Math.min(frontierMax, expandedMax - expanded.size)
      const nextNodes = open.frontier.slice(0, expandLimit)
      for (const { id } of open.frontier.slice(expandLimit)) notExpanded.add(id)
      if (nextNodes.length === 0) open.side.isDone = true
      else
        addRecords(
          builder,
          await readNeighbourhood(reads, nextNodes, computeFollowMax(nextNodes.length), builder),
        )
      for (const { id } of nextNodes) expanded.add(id)
      open.side.steps += 1
    }
    return buildPaths(reads, { builder, from, to, lengthMax, limit, expanded, notExpanded })
  })

const computeFollowMax = (nodes: number): number =>
  Math.min(followMax, Math.ceil(followedTotalMax / nodes))

function computeDistances(builder: GraphBuilder, root: string): Map<string, number> {
  const distances = new Map([[root, 0]])
  for (const [id, distance] of distances)
    for (const next of findNeighbours(builder, id))
      if (!distances.has(next.id)) distances.set(next.id, distance + 1)
  return distances
}

/** The nodes so many steps away that were not expanded yet, those with the fewest known edges first. */
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

type PathSearch = {
  builder: GraphBuilder
  from: GraphNode
  to: GraphNode
  lengthMax: number
  limit: number
  expanded: ReadonlySet<string>
  notExpanded: ReadonlySet<string>
}

async function buildPaths(
  reads: NetworkReader,
  { builder, from, to, lengthMax, limit, expanded, notExpanded }: PathSearch,
): Promise<Paths> {
  const pathLength = computeDistances(builder, from.id).get(to.id)
  const length = pathLength !== undefined && pathLength <= lengthMax ? pathLength : null
  const paths = length === null ? [] : listShortestPaths(builder, from.id, to.id, limit + 1)
  const shown = paths.slice(0, limit)
  const distances = new Map(shown.flatMap((path) => path.map((id, step) => [id, step] as const)))
  const pathSteps = new Set(
    shown.flatMap((path) =>
      path.slice(1).flatMap((id, step) => [`${path[step]} ${id}`, `${id} ${path[step]}`]),
    ),
  )
  const edges = [...builder.edges.values()]
    .filter(({ source, target }) => pathSteps.has(`${source.id} ${target.id}`))
    .sort(compareEdges)
  const truncations = listTruncations(builder, new Set(builder.nodes.keys()))
  const isCut = truncations.length > 0 || notExpanded.size > 0 || expanded.size >= expandedMax
  const complete = (!isCut || length === 0) && paths.length <= limit
  const cutIds = new Set(truncations.map(({ record }) => record.id))
  const nodes = [...distances].map(([id, distance]) => {
    const state = !expanded.has(id) ? 'no' : cutIds.has(id) ? 'part' : 'whole'
    return { node: builder.nodes.get(id) ?? from, distance, expanded: state } as const
  })
  return {
    from: toReference(from),
    to: toReference(to),
    length,
    complete,
    message: complete
      ? null
      : describeOmissions(length, isCut, paths.length > limit, lengthMax, limit),
    cut: truncations.slice(0, truncationsShownMax),
    paths: shown,
    nodes: await toNetworkNodes(reads, nodes),
    edges: await toNetworkEdges(reads, edges.slice(0, edgesMax)),
  }
}

const truncationsShownMax = 100
const edgesMax = 1_000

function describeOmissions(
  length: number | null,
  isCut: boolean,
  hasMore: boolean,
  lengthMax: number,
  limit: number,
): string {
  const truncationNote = !isCut
    ? []
    : length === null
      ? [
          `No path of at most ${lengthMax} edges was found, but not all connections were followed (see \`cut\`): there may be one.`,
        ]
      : [
          'Not all connections were followed (see `cut`): there may be other paths as short as these, or shorter ones unless these are single edges.',
        ]
  return [
    ...truncationNote,
    ...(hasMore ? [`There are more such paths: \`limit\` is ${limit}.`] : []),
  ].join(' ')
}

/** All shortest paths, at most so many, as ids; the same ones in each answer. */
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
    if (id === to) return void paths.push([...path])
    const left = distances.get(id) ?? 0
    const next = findNeighbours(builder, id).filter(({ id }) => distances.get(id) === left - 1)
    const unique = [...new Map(next.map((node) => [node.id, node])).values()]
    for (const node of unique.sort((a, b) => (a.id < b.id ? 1 : -1))) walk([...path, node.id])
  }
  walk([from])
  return paths
}
