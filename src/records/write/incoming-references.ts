import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import { jsonObject } from '../../database/sql-fragments.ts'
import type { RecordReference } from '../../problem.ts'
import { kinds } from '../kinds/all-kinds.ts'
import type { ReferenceColumn } from '../model/field.ts'
import type { MergeableKind } from '../model/record-kind.ts'
import type { Kind } from '../model/schema.ts'
import { referenceMembers } from '../model/sql-json.ts'

/** The columns that refer to records, by kind; without those of citations and voices. */
const referenceColumns = Map.groupBy(
  Object.values(kinds).flatMap(({ fields }) => fields.references),
  ({ kind }) => kind,
)
const columnsOf = (kind: Kind): readonly ReferenceColumn[] => referenceColumns.get(kind) ?? []

const buildOwnerQueries = (kind: Kind, id: string) => [
  ...columnsOf(kind).map(
    ({ table, column, ownerColumn }) => sql`
      SELECT ${sql.ref(ownerColumn)} AS owner FROM ${sql.table(table)}
      WHERE ${sql.ref(column)} = ${id}`,
  ),
  ...(kind === 'article'
    ? [sql`SELECT record_id AS owner FROM citation WHERE article_id = ${id}`]
    : []),
  // Records whose citations have the actor as a voice.
  ...(kind === 'actor'
    ? [
        sql`
          SELECT citation.record_id AS owner
          FROM citation_voice JOIN citation ON citation.id = citation_voice.citation_id
          WHERE citation_voice.actor_id = ${id}`,
      ]
    : []),
]

/** At most 100 live records that refer to this one, by kind and slug. Its own citations do not count. */
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

/** Kind and id of all live records that refer to this one. */
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

/** Replaces all references to one record, also in voices, by references to another of the same kind. */
export async function redirectReferences(
  db: Db,
  kind: MergeableKind,
  from: string,
  to: string,
): Promise<void> {
  for (const { table, column } of columnsOf(kind))
    await sql`
      UPDATE ${sql.table(table)} SET ${sql.ref(column)} = ${to}::uuid
      WHERE ${sql.ref(column)} = ${from}::uuid`.execute(db)
  if (kind === 'actor')
    await db
      .updateTable('citation_voice')
      .set({ actor_id: to })
      .where('actor_id', '=', from)
      .execute()
}
