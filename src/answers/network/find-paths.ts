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
import { idsNamingBoth, type Reads, readsOf } from './queries.ts'
import { readAround } from './read-around.ts'
import type { Node } from './rules.ts'
import type { Paths } from './schema.ts'

const followMax = 25
/** Records followed in a step, in each relation, over all nodes that are expanded. */
const followedInAll = 400
/** Nodes that are expanded in one step from one side, and in all. */
const frontierMax = 100
const expandedMax = 400

/**
 * The shortest paths between two nodes of at most so many edges, looked for from both ends by turns. A node with very many
 * connections is followed along the latest only, and the answer says so: then there may be a path that was not found.
 */
export const findPaths = (
  db: Db,
  from: Node,
  to: Node,
  { lengthMax, limit }: { lengthMax: number; limit: number },
): Promise<Paths> =>
  inSnapshot(db, async (snapshot) => {
    const reads = readsOf(snapshot)
    const pool = emptyPool(from)
    pool.nodes.set(to.id, to)
    const sides = [from, to].map((root) => ({ root, steps: 0, isDone: false }))
    const expanded = new Set<string>()
    const notExpanded = new Set<string>()
    const both = await idsNamingBoth(snapshot, from.id, to.id)
    if (both.length > 0) pour(pool, await readAround(reads, [], 0, pool, both))
    for (;;) {
      const steps = sides.reduce((sum, side) => sum + side.steps, 0)
      const found = distancesFrom(pool, from.id).get(to.id)
      if (found !== undefined && found <= Math.max(1, steps)) break
      // A path of one more step than both sides went has an edge that neither has seen.
      if (steps >= lengthMax || expanded.size >= expandedMax) break
      const open = sides
        .map((side) => ({ side, frontier: frontierOf(pool, side.root, side.steps, expanded) }))
        .filter(({ side }) => !side.isDone)
        .sort((a, b) => a.frontier.length - b.frontier.length)[0]
      if (open === undefined) break
      const room = Math.min(frontierMax, expandedMax - expanded.size)
      const now = open.frontier.slice(0, room)
      for (const { id } of open.frontier.slice(room)) notExpanded.add(id)
      if (now.length === 0) open.side.isDone = true
      else pour(pool, await readAround(reads, now, followed(now.length), pool))
      for (const { id } of now) expanded.add(id)
      open.side.steps += 1
    }
    return answer(reads, { pool, from, to, lengthMax, limit, expanded, notExpanded })
  })

const followed = (nodes: number): number => Math.min(followMax, Math.ceil(followedInAll / nodes))

function distancesFrom(pool: Pool, root: string): Map<string, number> {
  const distances = new Map([[root, 0]])
  for (const [id, distance] of distances)
    for (const next of neighboursOf(pool, id))
      if (!distances.has(next.id)) distances.set(next.id, distance + 1)
  return distances
}

/** The nodes so many steps away that were not expanded yet, those with the fewest known edges first. */
const frontierOf = (pool: Pool, root: Node, steps: number, expanded: ReadonlySet<string>): Node[] =>
  [...distancesFrom(pool, root.id)]
    .flatMap(([id, distance]) => {
      const node = pool.nodes.get(id)
      return distance === steps && node && !expanded.has(id) ? [node] : []
    })
    .sort((a, b) => edgesAt(pool, a) - edgesAt(pool, b) || (a.id < b.id ? 1 : -1))

const edgesAt = (pool: Pool, { id }: Node): number => pool.at.get(id)?.size ?? 0

type Found = {
  pool: Pool
  from: Node
  to: Node
  lengthMax: number
  limit: number
  expanded: ReadonlySet<string>
  notExpanded: ReadonlySet<string>
}

async function answer(
  reads: Reads,
  { pool, from, to, lengthMax, limit, expanded, notExpanded }: Found,
): Promise<Paths> {
  const found = distancesFrom(pool, from.id).get(to.id)
  const length = found !== undefined && found <= lengthMax ? found : null
  const paths = length === null ? [] : shortest(pool, from.id, to.id, limit + 1)
  const shown = paths.slice(0, limit)
  const distances = new Map(shown.flatMap((path) => path.map((id, step) => [id, step] as const)))
  const steps = new Set(
    shown.flatMap((path) =>
      path.slice(1).flatMap((id, step) => [`${path[step]} ${id}`, `${id} ${path[step]}`]),
    ),
  )
  const edges = [...pool.edges.values()]
    .filter(({ source, target }) => steps.has(`${source.id} ${target.id}`))
    .sort(byMeaning)
  const cut = cutOf(pool, new Set(pool.nodes.keys()))
  const isCut = cut.length > 0 || notExpanded.size > 0 || expanded.size >= expandedMax
  const complete = (!isCut || length === 0) && paths.length <= limit
  const cutIds = new Set(cut.map(({ record }) => record.id))
  const nodes = [...distances].map(([id, distance]) => {
    const state = !expanded.has(id) ? 'no' : cutIds.has(id) ? 'part' : 'whole'
    return { node: pool.nodes.get(id) ?? from, distance, expanded: state } as const
  })
  return {
    ...{ from: referenceTo(from), to: referenceTo(to), length, complete },
    message: complete ? null : messageOf(length, isCut, paths.length > limit, lengthMax, limit),
    cut: cut.slice(0, cutShown),
    paths: shown,
    nodes: await asNodes(reads, nodes),
    edges: await withEvidence(reads, edges.slice(0, edgesMax)),
  }
}

const cutShown = 100
const edgesMax = 1_000

function messageOf(
  length: number | null,
  isCut: boolean,
  hasMore: boolean,
  lengthMax: number,
  limit: number,
): string {
  const cut = !isCut
    ? []
    : length === null
      ? [
          `No path of at most ${lengthMax} edges was found, but not all connections were followed (see \`cut\`): there may be one.`,
        ]
      : [
          'Not all connections were followed (see `cut`): there may be other paths as short as these, or shorter ones unless these are single edges.',
        ]
  return [...cut, ...(hasMore ? [`There are more such paths: \`limit\` is ${limit}.`] : [])].join(
    ' ',
  )
}

/** All shortest paths, at most so many, as ids; the same ones in each answer. */
function shortest(pool: Pool, from: string, to: string, max: number): string[][] {
  const distances = distancesFrom(pool, to)
  const paths: string[][] = []
  const walk = (path: readonly string[]): void => {
    const id = path.at(-1) ?? from
    if (paths.length >= max) return
    if (id === to) return void paths.push([...path])
    const left = distances.get(id) ?? 0
    const next = neighboursOf(pool, id).filter(({ id }) => distances.get(id) === left - 1)
    const unique = [...new Map(next.map((node) => [node.id, node])).values()]
    for (const node of unique.sort((a, b) => (a.id < b.id ? 1 : -1))) walk([...path, node.id])
  }
  walk([from])
  return paths
}
