import { documentOf } from '../../records/read/records-from-ledger.ts'
import type { Named, Reads } from './queries.ts'
import { type Node, pointersOf, type Telling, type Told, toldBy } from './rules.ts'

/** Of one list of a record (participants, items ...) so many members are read. */
const membersMax = 100

/** What records tell of a node, and where there is more than that. */
export type Around = {
  records: Telling[]
  /** Id of a node, and the relation of which it has more; or of a record, and its list that is longer. */
  more: { id: string; relation: string; followed: number }[]
}

/**
 * The records that name these nodes, each whole: for each node at most `follow` in each relation, the latest first. What
 * this reads is bounded by the number of nodes, not by the number of their connections.
 *
 * @param known what was read before: neither these records nor the names of these nodes are read again
 * @param also ids of records to read besides
 */
export async function readAround(
  reads: Reads,
  nodes: readonly Node[],
  follow: number,
  known: { nodes: ReadonlyMap<string, Node>; records: ReadonlyMap<string, unknown> },
  also: readonly string[] = [],
): Promise<Around> {
  const more: Around['more'] = []
  const told: Told[] = []
  const lacking = new Map<string, Named>()
  const asked = { nodes, follow, also, told: [...known.records.keys()] }
  for (const { id, relation, kind, slug, name, kept } of await reads.around(asked))
    if (relation !== null) more.push({ id, relation, followed: follow })
    else if (kind !== null) {
      const record = { id, kind, slug: slug ?? '', name: name ?? '' }
      const document = documentOf({ kind, kept })
      if (document) told.push(toldBy(record, document))
      else lacking.set(id, record)
    }
  for (const [id, document] of await reads.documentsAgain([...lacking.values()])) {
    const record = lacking.get(id)
    if (record) told.push(toldBy(record, document))
  }
  // Each once: far more mentions than nodes, and most are of the same few.
  const ids = new Set(told.flatMap(({ mentions }) => mentions.map(({ given }) => String(given))))
  const unknown = [...ids].filter((id) => !known.nodes.has(id))
  const named = new Map((await reads.named(unknown)).map((one) => [one.id, one as Node]))
  const nodeOf = (id: unknown) => known.nodes.get(String(id)) ?? named.get(String(id))
  const records = told.map(({ mentions, ...telling }): Telling => {
    const tooLong = mentions.find(({ field }) => memberOf(field) >= membersMax)
    if (tooLong)
      more.push({ id: telling.id, relation: listOf(tooLong.field), followed: membersMax })
    const followed = mentions.filter(({ field }) => memberOf(field) < membersMax)
    return { ...telling, pointers: pointersOf(followed, nodeOf) }
  })
  return { records: records.sort((a, b) => (a.id < b.id ? 1 : -1)), more }
}

const memberOf = (field: string): number => Number(field.split('.')[1] ?? 0)
const listOf = (field: string): string => field.split('.')[0] ?? field
