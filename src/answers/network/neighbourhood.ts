import { parseSnapshot } from '../../records/read/records-from-ledger.ts'
import type { NetworkReader, NodeRecord } from './queries.ts'
import {
  extractMentions,
  type GraphNode,
  type MentioningRecord,
  resolveMentions,
  type UnresolvedRecord,
} from './rules.ts'

/** Members that are read of one list of a record (participants, items ...). */
const membersMax = 100

export type Neighbourhood = {
  records: MentioningRecord[]
  /** What was not followed completely: a node (`id`) in a relation, or a record in one of its lists. */
  truncations: { id: string; relation: string; followed: number }[]
}

/** What was read before: it is not read again. */
type KnownGraph = {
  nodes: ReadonlyMap<string, GraphNode>
  records: ReadonlyMap<string, unknown>
}

/**
 * Reads the records that name these nodes: for each node at most `followMax` in each relation, the latest first. The cost
 * depends on the number of nodes, not on the number of their connections.
 *
 * @param extraIds ids of records to read in addition
 */
export async function readNeighbourhood(
  reader: NetworkReader,
  nodes: readonly GraphNode[],
  followMax: number,
  known: KnownGraph,
  extraIds: readonly string[] = [],
): Promise<Neighbourhood> {
  const knownIds = [...known.records.keys()]
  const rows = await reader.readNeighbours({ nodes, followMax, extraIds, knownIds })
  const truncations: Neighbourhood['truncations'] = []
  const unresolvedRecords: UnresolvedRecord[] = []
  const withoutSnapshot = new Map<string, NodeRecord>()
  for (const { id, relation, kind, slug, name, kept } of rows)
    if (relation !== null) truncations.push({ id, relation, followed: followMax })
    else if (kind !== null) {
      const record = { id, kind, slug: slug ?? '', name: name ?? '' }
      const snapshot = parseSnapshot({ kind, kept })
      if (snapshot) unresolvedRecords.push(extractMentions(record, snapshot))
      else withoutSnapshot.set(id, record)
    }
  for (const [id, snapshot] of await reader.rebuildSnapshots([...withoutSnapshot.values()])) {
    const record = withoutSnapshot.get(id)
    if (record) unresolvedRecords.push(extractMentions(record, snapshot))
  }
  const findNode = await loadMentionedNodes(reader, unresolvedRecords, known)
  const records = unresolvedRecords.map((record): MentioningRecord => {
    const { unresolvedMentions, ...members } = record
    const beyondMax = unresolvedMentions.find(({ field }) => parsePosition(field) >= membersMax)
    if (beyondMax) {
      const relation = parseListName(beyondMax.field)
      truncations.push({ id: record.id, relation, followed: membersMax })
    }
    const followed = unresolvedMentions.filter(({ field }) => parsePosition(field) < membersMax)
    return { ...members, nodeMentions: resolveMentions(followed, findNode) }
  })
  return { records: records.sort((a, b) => (a.id < b.id ? 1 : -1)), truncations }
}

/** Reads each mentioned node once: there are far more mentions than nodes. */
async function loadMentionedNodes(
  reader: NetworkReader,
  records: readonly UnresolvedRecord[],
  known: KnownGraph,
): Promise<(reference: unknown) => GraphNode | undefined> {
  const ids = new Set(
    records.flatMap(({ unresolvedMentions }) =>
      unresolvedMentions.map(({ reference }) => String(reference)),
    ),
  )
  const unknownIds = [...ids].filter((id) => !known.nodes.has(id))
  const rows = await reader.readNames(unknownIds)
  const loadedNodes = new Map(rows.map((row) => [row.id, row as GraphNode]))
  return (reference) => known.nodes.get(String(reference)) ?? loadedNodes.get(String(reference))
}

/** The fields of list members have a position: `participants.3`. */
const parsePosition = (field: string): number => Number(field.split('.')[1] ?? 0)
const parseListName = (field: string): string => field.split('.')[0] ?? field
