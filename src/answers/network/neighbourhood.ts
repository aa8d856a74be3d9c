import { parseSnapshot } from '../../records/read/records-from-ledger.ts'
import type { NetworkReader, NodeRecord } from './queries.ts'
import {
  extractMentions,
  type GraphNode,
  type MentioningRecord,
  resolveMentions,
  type UnresolvedRecord,
} from './rules.ts'

/** Of one list of a record (participants, items ...) so many members are read. */
const membersMax = 100

/** What records tell of a node, and where there is more than that. */
export type Neighbourhood = {
  records: MentioningRecord[]
  /** Id of a node, and the relation of which it has more; or of a record, and its list that is longer. */
  truncations: { id: string; relation: string; followed: number }[]
}

/**
 * The records that name these nodes, each whole: for each node at most `follow` in each relation, the latest first. What
 * this reads is bounded by the number of nodes, not by the number of their connections.
 *
 * @param known what was read before: neither these records nor the names of these nodes are read again
 * @param extraIds ids of records to read besides
 */
export async function readNeighbourhood(
  reads: NetworkReader,
  nodes: readonly GraphNode[],
  followMax: number,
  known: { nodes: ReadonlyMap<string, GraphNode>; records: ReadonlyMap<string, unknown> },
  extraIds: readonly string[] = [],
): Promise<Neighbourhood> {
  const truncations: Neighbourhood['truncations'] = []
  const unresolved: UnresolvedRecord[] = []
  const withoutSnapshot = new Map<string, NodeRecord>()
  const request = { nodes, follow: followMax, also: extraIds, told: [...known.records.keys()] }
  for (const { id, relation, kind, slug, name, kept } of await reads.readNeighbours(request))
    if (relation !== null) truncations.push({ id, relation, followed: followMax })
    else if (kind !== null) {
      const record = { id, kind, slug: slug ?? '', name: name ?? '' }
      const document = parseSnapshot({ kind, kept })
      if (document) unresolved.push(extractMentions(record, document))
      else withoutSnapshot.set(id, record)
    }
  for (const [id, document] of await reads.rebuildSnapshots([...withoutSnapshot.values()])) {
    const record = withoutSnapshot.get(id)
    if (record) unresolved.push(extractMentions(record, document))
  }
  // Each once: far more mentions than nodes, and most are of the same few.
  const ids = new Set(
    unresolved.flatMap(({ unresolvedMentions: mentions }) =>
      mentions.map(({ given }) => String(given)),
    ),
  )
  const unknownIds = [...ids].filter((id) => !known.nodes.has(id))
  const named = new Map(
    (await reads.readNames(unknownIds)).map((one) => [one.id, one as GraphNode]),
  )
  const findNode = (id: unknown) => known.nodes.get(String(id)) ?? named.get(String(id))
  const records = unresolved.map(
    ({ unresolvedMentions: mentions, ...telling }): MentioningRecord => {
      const tooLong = mentions.find(({ field }) => parsePosition(field) >= membersMax)
      if (tooLong)
        truncations.push({
          id: telling.id,
          relation: parseListName(tooLong.field),
          followed: membersMax,
        })
      const followed = mentions.filter(({ field }) => parsePosition(field) < membersMax)
      return { ...telling, nodeMentions: resolveMentions(followed, findNode) }
    },
  )
  return { records: records.sort((a, b) => (a.id < b.id ? 1 : -1)), truncations }
}

const parsePosition = (field: string): number => Number(field.split('.')[1] ?? 0)
const parseListName = (field: string): string => field.split('.')[0] ?? field
