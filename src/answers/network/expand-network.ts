import type { Db } from '../../database/database.ts'
import { inSnapshot } from '../../records/read/records-from-ledger.ts'
import {
  asNodes,
  byMeaning,
  cutOf,
  emptyPool,
  neighboursOf,
  type Pool,
  pour,
  referenceTo,
  withEvidence,
} from './graph-builder.ts'
import { type Reads, readsOf } from './queries.ts'
import { readAround } from './read-around.ts'
import type { Node } from './rules.ts'
import type { Network } from './schema.ts'

const followMax = 25
/** Edges for each node that may be kept. */
const edgesPerNode = 4

/**
 * The network around a node, so many steps wide and of at most `limit` nodes. What stays is the same in each answer: of the
 * records that name a node the latest, of the nodes met on a step those with the most connections to what is there.
 */
export const expandNetwork = (db: Db, root: Node, depth: number, limit: number): Promise<Network> =>
  inSnapshot(db, (snapshot) => expand(readsOf(snapshot), root, depth, limit))

/** As `expandNetwork`, wherever it is read from. */
export async function expand(
  reads: Reads,
  root: Node,
  depth: number,
  limit: number,
): Promise<Network> {
  const pool = emptyPool(root)
  const distances = new Map([[root.id, 0]])
  const leftOut = new Set<string>()
  let frontier = [root]
  for (let distance = 1; distance <= depth && frontier.length > 0; distance++) {
    const follow = followed(limit - distances.size, frontier)
    pour(pool, await readAround(reads, frontier, follow, pool))
    const met = ranked(pool, frontier, distances)
    const kept = met.slice(0, limit - distances.size)
    for (const node of kept) distances.set(node.id, distance)
    for (const { id } of met.slice(kept.length)) leftOut.add(id)
    frontier = kept
  }
  for (const id of distances.keys()) leftOut.delete(id)
  return answer(reads, { pool, root, depth, distances, leftOut, limit })
}

/** The more nodes there are to expand and the less room is left, the fewer records are followed for each. */
const followed = (room: number, frontier: readonly Node[]): number =>
  Math.min(followMax, Math.ceil((2 * room) / frontier.length))

/** The nodes beside the frontier that are new, those with the most edges to it first, then the last recorded. */
function ranked(pool: Pool, frontier: readonly Node[], known: ReadonlyMap<string, number>): Node[] {
  const edges = new Map<string, { node: Node; count: number }>()
  for (const { id } of frontier)
    for (const node of neighboursOf(pool, id)) {
      if (known.has(node.id)) continue
      const counted = edges.get(node.id) ?? { node, count: 0 }
      counted.count += 1
      edges.set(node.id, counted)
    }
  return [...edges.values()]
    .sort((a, b) => b.count - a.count || (a.node.id < b.node.id ? 1 : -1))
    .map(({ node }) => node)
}

type Expanded = {
  pool: Pool
  root: Node
  depth: number
  distances: ReadonlyMap<string, number>
  leftOut: ReadonlySet<string>
  limit: number
}

async function answer(
  reads: Reads,
  { pool, root, depth, distances, leftOut, limit }: Expanded,
): Promise<Network> {
  const ids = new Set(distances.keys())
  const near = (id: string) => distances.get(id) ?? 0
  const edges = [...pool.edges.values()]
    .filter(({ source, target }) => ids.has(source.id) && ids.has(target.id))
    .sort(
      (a, b) =>
        near(a.source.id) + near(a.target.id) - near(b.source.id) - near(b.target.id) ||
        byMeaning(a, b),
    )
  const kept = edges.slice(0, limit * edgesPerNode)
  const cut = cutOf(pool, ids)
  const cutIds = new Set(cut.map(({ record }) => record.id))
  const nodes = [...distances].map(([id, distance]) => {
    const isPart = cutIds.has(id) || neighboursOf(pool, id).some((other) => leftOut.has(other.id))
    const expanded = distance >= depth ? 'no' : isPart ? 'part' : 'whole'
    return { node: pool.nodes.get(id) ?? root, distance, expanded } as const
  })
  const edgesLeftOut = edges.length - kept.length
  const complete = cut.length === 0 && leftOut.size === 0 && edgesLeftOut === 0
  return {
    ...{ root: referenceTo(root), depth, complete },
    message: complete ? null : messageOf({ cut, leftOut: leftOut.size, edgesLeftOut, limit }),
    ...{ cut, nodesLeftOut: leftOut.size, edgesLeftOut },
    nodes: await asNodes(reads, nodes),
    edges: await withEvidence(reads, kept),
  }
}

function messageOf(left: {
  cut: Network['cut']
  leftOut: number
  edgesLeftOut: number
  limit: number
}): string {
  const names = [...new Set(left.cut.map(({ record }) => record.name))]
  const some =
    names.slice(0, 5).join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '')
  return [
    ...(names.length > 0
      ? [`Not all connections were followed of ${some}: only the latest (see \`cut\`).`]
      : []),
    ...(left.leftOut > 0
      ? [`${left.leftOut} nodes that were met are left out: \`limit\` is ${left.limit}.`]
      : []),
    ...(left.edgesLeftOut > 0
      ? [`${left.edgesLeftOut} edges between kept nodes are left out.`]
      : []),
  ].join(' ')
}
