import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import { jsonObject } from '../../database/sql-fragments.ts'
import type { RecordReference } from '../../problem.ts'
import type { MergeableKind } from '../model/record-kind.ts'
import type { Kind } from '../model/schema.ts'
import { referenceMembers } from '../model/sql-json.ts'

/** Every column that points at a record: table, column, and the column that holds the record which points. */
const referenceColumns = {
  case: [['article', 'case_id', 'id']],
  article: [['citation', 'article_id', 'record_id']],
  actor: [
    ['article', 'publisher_id', 'id'],
    ['affiliation', 'actor_id', 'id'],
    ['affiliation', 'organisation_id', 'id'],
    ['good', 'manufacturer_id', 'id'],
    ['permit', 'issuer_id', 'id'],
    ['permit', 'exporter_id', 'id'],
    ['permit', 'consignee_id', 'id'],
    ['permit', 'end_user_id', 'id'],
    ['permit', 'destination_id', 'id'],
    ['permit', 'end_destination_id', 'id'],
    ['measure', 'imposer_id', 'id'],
    ['measure', 'target_id', 'id'],
    ['event', 'scope_end_user_id', 'id'],
    ['event_participant', 'actor_id', 'event_id'],
  ],
  affiliation: [],
  good: [
    ['good', 'family_id', 'id'],
    ['permit_item', 'good_id', 'permit_id'],
    ['event_good', 'good_id', 'event_id'],
  ],
  permit: [
    ['event_about', 'permit_id', 'event_id'],
    ['event_effect', 'permit_id', 'event_id'],
  ],
  measure: [
    ['event_about', 'measure_id', 'event_id'],
    ['event_effect', 'measure_id', 'event_id'],
  ],
  event: [],
} as const satisfies Record<Kind, readonly (readonly [string, string, string])[]>

const buildOwnerQueries = (kind: Kind, id: string) => [
  ...referenceColumns[kind].map(
    ([table, column, owner]) =>
      sql`SELECT ${sql.ref(owner)} AS owner FROM ${sql.table(table)} WHERE ${sql.ref(column)} = ${id}`,
  ),
  // Those whose citations have the actor as a voice.
  ...(kind === 'actor'
    ? [
        sql`SELECT citation.record_id AS owner FROM citation_voice JOIN citation ON citation.id = citation_voice.citation_id WHERE citation_voice.actor_id = ${id}`,
      ]
    : []),
]

/** The live records that point at this one, by kind and slug; at most 100. Its own citations do not count. */
export async function findIncomingReferences(
  db: Db,
  kind: Kind,
  id: string,
): Promise<RecordReference[]> {
  const ownerQueries = buildOwnerQueries(kind, id)
  if (ownerQueries.length === 0) return []
  const { rows } = await sql<{ reference: RecordReference }>`
    SELECT ${jsonObject(referenceMembers('record'))} AS reference FROM record
    WHERE record.state = 'live' AND record.id <> ${id} AND record.id IN (${sql.join(ownerQueries, sql` UNION `)})
    ORDER BY record.kind, record.slug LIMIT 100`.execute(db)
  return rows.map(({ reference }) => reference)
}

/** Kind and id of every live record that points at this one, however many. */
export async function findReferencingRecords(
  db: Db,
  kind: Kind,
  id: string,
): Promise<{ kind: Kind; id: string }[]> {
  const { rows } = await sql<{ kind: Kind; id: string }>`
    SELECT record.kind, record.id FROM record WHERE record.state = 'live' AND record.id IN (${sql.join(
      buildOwnerQueries(kind, id),
      sql` UNION `,
    )})`.execute(db)
  return rows
}

/** Turns every pointer from one record to another of the same kind, voices included. */
export async function redirectReferences(
  db: Db,
  kind: MergeableKind,
  from: string,
  to: string,
): Promise<void> {
  for (const [table, column] of referenceColumns[kind])
    await sql`UPDATE ${sql.table(table)} SET ${sql.ref(column)} = ${to}::uuid WHERE ${sql.ref(
      column,
    )} = ${from}::uuid`.execute(db)
  if (kind === 'actor')
    await db
      .updateTable('citation_voice')
      .set({ actor_id: to })
      .where('actor_id', '=', from)
      .execute()
}
