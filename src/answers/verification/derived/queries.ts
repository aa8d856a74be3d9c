import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../../database/database.ts'
import { digestedTables } from '../../../database/digested-row.ts'
import { Kind } from '../../../records/model/schema.ts'

/** `query` gives the first row that does not hold, by a name for it. */
type Check = { query: RawBuilder<{ name: string }>; message: (name: string) => string }

const check = (message: (name: string) => string, query: RawBuilder<{ name: string }>): Check => ({
  message,
  query,
})

/** What triggers and writers keep beside other columns, computed anew from those. */
const derivedColumns: readonly Check[] = [
  check(
    (name) =>
      `The permit ${name}: its status or the days of its issue do not follow from its events.`,
    sql`
      SELECT record.slug AS name
      FROM permit
      JOIN record ON record.id = permit.id
      LEFT JOIN event_effect AS issue ON issue.permit_id = permit.id AND issue.becomes = 'issued'
      LEFT JOIN event AS issuing ON issuing.id = issue.event_id
      LEFT JOIN LATERAL (
        SELECT 'issued' AS status, min(event.on_latest) AS latest
        FROM event_effect AS effect
        JOIN event ON event.id = effect.event_id
        WHERE effect.permit_id = permit.id
        HAVING count(*) > 0 AND NOT bool_or(effect.becomes IN ('issued', 'refused'))
      ) AS presumed ON true
      WHERE (permit.status, permit.issued_earliest, permit.issued_latest) IS DISTINCT FROM (
        COALESCE((
          SELECT CASE effect.becomes WHEN 'reinstated' THEN 'issued' ELSE effect.becomes END
          FROM event_effect AS effect
          JOIN event ON event.id = effect.event_id
          WHERE effect.permit_id = permit.id AND effect.becomes NOT IN ('amended', 'upheld')
          ORDER BY
            COALESCE(event.on_earliest, '-infinity'::date) DESC,
            COALESCE(event.on_latest, 'infinity'::date) DESC,
            effect.event_id DESC, effect.position DESC
          LIMIT 1
        ), presumed.status),
        issuing.on_earliest,
        CASE WHEN issue.event_id IS NULL THEN presumed.latest ELSE issuing.on_latest END
      )
      LIMIT 1`,
  ),
  check(
    (name) => `The event ${name}: a participant has other days beside it.`,
    sql`
      SELECT record.slug AS name
      FROM event_participant AS part
      JOIN event ON event.id = part.event_id
      JOIN record ON record.id = event.id
      WHERE (part.event_earliest, part.event_latest) IS DISTINCT FROM (event.on_earliest, event.on_latest)
      LIMIT 1`,
  ),
  check(
    (name) => `The event ${name}: a good has another type or last day of use beside it.`,
    sql`
      SELECT record.slug AS name
      FROM event_good AS used
      JOIN event ON event.id = used.event_id
      JOIN record ON record.id = event.id
      WHERE used.event_type <> event.type
        OR used.free_use_latest IS DISTINCT FROM (
          CASE
            WHEN event.type IN ('use', 'transfer')
              AND event.on_edtf IS NOT NULL
              AND NOT EXISTS (
                SELECT FROM event_about WHERE event_about.event_id = event.id AND event_about.permit_id IS NOT NULL
              )
            THEN COALESCE(event.on_latest, 'infinity'::date)
          END
        )
      LIMIT 1`,
  ),
]

const datedColumns = [
  ['article', 'published'],
  ['affiliation', 'during'],
  ['figure', 'period'],
  ['permit', 'valid_until'],
  ['measure', 'stated_end'],
  ['event', 'on'],
] as const

/** Columns that no answer shows while another is null, and that filters and sorts use all the same. */
const emptyTogether: readonly Check[] = [
  ...datedColumns.map(([table, date]) =>
    check(
      (name) => `The ${table} ${name}: it has no date, and parts of one.`,
      sql`
        SELECT record.slug AS name
        FROM ${sql.table(table)} AS dated
        JOIN record ON record.id = dated.id
        WHERE ${sql.ref(`dated.${date}_edtf`)} IS NULL
          AND num_nonnulls(
            ${sql.ref(`dated.${date}_as_stated`)}, ${sql.ref(`dated.${date}_reasoning`)},
            ${sql.ref(`dated.${date}_earliest`)}, ${sql.ref(`dated.${date}_latest`)}
          ) > 0
        LIMIT 1`,
    ),
  ),
  check(
    (name) => `The permit ${name}: it has a place without an end use, or a register without a key.`,
    sql`
      SELECT record.slug AS name
      FROM permit
      JOIN record ON record.id = permit.id
      WHERE (stated_end_use IS NULL AND stated_end_use_place_id IS NOT NULL)
        OR (register IS NULL) <> (register_key IS NULL)
      LIMIT 1`,
  ),
  check(
    (name) => `The article ${name}: it has a text of its own and one in parts.`,
    sql`
      SELECT record.slug AS name
      FROM article
      JOIN record ON record.id = article.id
      WHERE num_nonnulls(article.body, article.source) > 0
        AND EXISTS (SELECT 1 FROM article_part WHERE article_id = article.id)
      LIMIT 1`,
  ),
]

const tableOfKind = (kind: Kind) => sql.table(kind === 'case' ? 'case_file' : kind)

const rowsOfKinds: readonly Check[] = Kind.options.map((kind) =>
  check(
    (name) => `The record ${name} has a row of a kind that is not its own: ${kind}.`,
    sql`
      SELECT record.slug AS name
      FROM ${tableOfKind(kind)} AS of_kind
      JOIN record ON record.id = of_kind.id
      WHERE record.kind <> ${sql.lit(kind)}
      LIMIT 1`,
  ),
)

/** Commands write without a key. */
const commandAuthors = ['seed', 'ingest', 'import', 'import-register', 'upgrade']

const authors: readonly Check[] = [
  check(
    (name) => `Revision ${name}: the key that wrote it is not the one that its author names.`,
    sql`
      SELECT revision.number::text AS name
      FROM revision
      LEFT JOIN access_key ON access_key.id = revision.key_id
      WHERE CASE
        WHEN revision.key_id IS NOT NULL THEN access_key.name IS DISTINCT FROM revision.author
        ELSE revision.author <> ALL(${commandAuthors}::text[])
          AND EXISTS (SELECT 1 FROM access_key AS other WHERE other.name = revision.author)
      END
      LIMIT 1`,
  ),
]

const digests: readonly Check[] = digestedTables.map((table) =>
  check(
    (name) => `A row of ${table} was changed: ${name}.`,
    sql`
      SELECT COALESCE(to_jsonb(kept) ->> 'name', to_jsonb(kept) ->> 'token', to_jsonb(kept) ->> 'hash') AS name
      FROM ${sql.table(table)} AS kept
      WHERE digest <> row_digest(kept)
      LIMIT 1`,
  ),
)

/**
 * Recomputes what is kept beside other data, and checks the digests of what is neither derived nor in the ledger.
 *
 * @returns what does not hold, in a sentence, or null
 */
export async function findDerivedFault(db: Db): Promise<string | null> {
  const strayReference = await findStrayReference(db)
  if (strayReference !== null) return strayReference
  for (const { query, message } of [
    ...derivedColumns,
    ...emptyTogether,
    ...rowsOfKinds,
    ...authors,
    ...digests,
  ]) {
    const { rows } = await query.execute(db)
    const row = rows[0]
    if (row) return message(row.name)
  }
  return null
}

type ForeignKey = { name: string; child: string; parent: string; columns: string[]; keys: string[] }

/** Every foreign key, for whoever silences triggers silences foreign keys as well. */
async function findStrayReference(db: Db): Promise<string | null> {
  const { rows: foreignKeys } = await sql<ForeignKey>`
    SELECT
      conname AS name, child.relname AS child, parent.relname AS parent,
      (
        SELECT json_agg(attname ORDER BY at)
        FROM unnest(conkey) WITH ORDINALITY AS key (number, at)
        JOIN pg_attribute ON attrelid = conrelid AND attnum = number
      ) AS columns,
      (
        SELECT json_agg(attname ORDER BY at)
        FROM unnest(confkey) WITH ORDINALITY AS key (number, at)
        JOIN pg_attribute ON attrelid = confrelid AND attnum = number
      ) AS keys
    FROM pg_constraint
    JOIN pg_class AS child ON child.oid = conrelid
    JOIN pg_class AS parent ON parent.oid = confrelid
    WHERE contype = 'f' AND connamespace = 'public'::regnamespace
    ORDER BY conname`.execute(db)
  for (const { child, parent, columns, keys } of foreignKeys) {
    const isSet = columns.map((name) => sql`${sql.ref(`child.${name}`)} IS NOT NULL`)
    const isSame = columns.map(
      (name, index) => sql`${sql.ref(`parent.${keys[index]}`)} = ${sql.ref(`child.${name}`)}`,
    )
    const { rows } = await sql`
      SELECT 1
      FROM ${sql.table(child)} AS child
      WHERE ${sql.join(isSet, sql` AND `)}
        AND NOT EXISTS (SELECT 1 FROM ${sql.table(parent)} AS parent WHERE ${sql.join(isSame, sql` AND `)})
      LIMIT 1`.execute(db)
    if (rows.length > 0)
      return `A row of ${child} (${columns.join(', ')}) refers to one of ${parent} that is not there.`
  }
  return null
}
