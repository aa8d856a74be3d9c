import { sql } from 'kysely'
import { jsonObject } from '../../database/columns.ts'
import type { Database, Db, Moment } from '../../database/database.ts'
import { insertAll } from '../../database/tables.ts'
import type { Tx } from '../../database/transaction.ts'
import { kinds } from '../../records/kinds.ts'
import { Kind } from '../../records/schema.ts'
import { placeMembers } from '../../records/shapes.ts'

/** A record in whatever state, as its own route would show it. */
export type Stored = {
  id: string
  kind: Kind
  state: 'live' | 'retracted' | 'merged'
  stateReason: string | null
  mergedInto: string | null
  wire: Record<string, unknown>
}

type Reader = Pick<Moment, 'all'>

/** For use within a transaction: the same queries there. */
export const readerOf = (db: Db): Reader => ({
  all: async (query) => (await db.executeQuery(query)).rows,
})

/** Ids of the records for which an article of the case is cited, of its articles, and its own. */
export async function idsOfCase({ db }: Database, { all }: Reader, caseId: string) {
  const rows = await all(
    sql<{ id: string }>`WITH articles AS (SELECT id FROM article WHERE case_id = ${caseId})
      SELECT ${caseId}::uuid AS id UNION SELECT id FROM articles
      UNION SELECT record_id FROM citation WHERE article_id IN (SELECT id FROM articles)`.compile(
      db,
    ),
  )
  return rows.map(({ id }) => id)
}

/** Events that change these permits and measures, and the records that were merged into or out of these. */
export async function idsBehind(db: Db, { all }: Reader, ids: readonly string[]) {
  const rows = await all(
    sql<{
      id: string
    }>`SELECT event_id AS id FROM event_effect WHERE permit_id = ANY(${[...ids]}::uuid[]) OR measure_id = ANY(${[...ids]}::uuid[])
      UNION SELECT id FROM record WHERE merged_into_id = ANY(${[...ids]}::uuid[])`.compile(db),
  )
  return rows.map(({ id }) => id)
}

/** The records of these ids that there are, by kind and id. */
export async function storedRecords(
  db: Db,
  { all }: Reader,
  ids: readonly string[],
): Promise<Stored[]> {
  const found: Stored[] = []
  for (const kind of Kind.options) {
    const { from, members } = kinds[kind].single
    const rows = await all(
      sql<Omit<Stored, 'kind' | 'wire'> & { document: string }>`
        SELECT record.id, record.state, record.state_reason AS "stateReason", record.merged_into_id AS "mergedInto",
          ${jsonObject(members)}::text AS document
        FROM ${from} WHERE record.id = ANY(${[...ids]}::uuid[]) AND record.kind = ${sql.lit(kind)} ORDER BY record.id`.compile(
        db,
      ),
    )
    for (const { document, ...row } of rows)
      found.push({ ...row, kind, wire: JSON.parse(document) })
  }
  return found
}

/** Places by slug, as JSON texts. */
export async function placesOf(db: Db, { all }: Reader, slugs: readonly string[]) {
  const rows = await all(
    sql<{
      slug: string
      place: Record<string, unknown>
    }>`SELECT p.slug, ${jsonObject(placeMembers)} AS place
      FROM place AS p WHERE p.slug = ANY(${[...slugs]}::text[]) ORDER BY p.slug COLLATE "C"`.compile(
      db,
    ),
  )
  return rows.map(({ place }) => place)
}

export async function articleBytes(db: Db, { all }: Reader, id: string) {
  const [row] = await all(
    sql<{
      body: string | null
      source: Buffer | null
    }>`SELECT body, source FROM article WHERE id = ${id}`.compile(db),
  )
  if (row?.body == null || row.source === null) return null
  return { body: row.body, source: Buffer.from(row.source) }
}

/** The ledgers that wrote something of these records; our own is `isOwn`. By id. */
export async function ledgersOf(db: Db, { all }: Reader, ids: readonly string[]) {
  const rows = await all(
    sql<{ id: string; isOwn: boolean }>`
      SELECT DISTINCT ledger AS id, false AS "isOwn" FROM origin_document WHERE record_id = ANY(${[...ids]}::uuid[])
      UNION SELECT hash, true FROM revision WHERE number = 1 AND EXISTS (SELECT 1 FROM ${ownRevisions(ids)})
      ORDER BY id`.compile(db),
  )
  return rows
}

/**
 * Our own revisions that say something of these records. An import that only made records says nothing of its own: all it
 * wrote is what the ledgers say that came with it.
 */
const ownRevisions = (ids: readonly string[]) =>
  sql`revision AS r WHERE EXISTS (SELECT 1 FROM ledger_document AS d WHERE d.revision = r.number AND d.record_id = ANY(${[...ids]}::uuid[])
    AND (r.change <> 'import' OR d.change IN ('update', 'derive')))`

export type LedgerRow = { facts: string; hash: string; texts: { hash: string; text: string }[] }

const withTexts = sql`COALESCE((SELECT json_agg(json_build_object('hash', hash, 'text', text)) FROM`

/** The revisions of a ledger that say something of these records, oldest first, with the texts of those records. */
export const ledgerRows = (
  db: Db,
  ledger: { id: string; isOwn: boolean },
  ids: readonly string[],
) =>
  (ledger.isOwn
    ? sql<LedgerRow>`
      SELECT json_build_object('revision', r.number, 'committedAt', to_char(r.committed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'change', r.change, 'author', r.author, 'previousHash', r.previous_hash,
        'documents', (SELECT json_agg(json_build_object('record', a.record_id, 'change', a.change, 'hash', a.hash) ORDER BY a.record_id)
          FROM ledger_document AS a WHERE a.revision = r.number))::text AS facts, r.hash,
        ${withTexts} (SELECT t.hash, t.document AS text FROM ledger_document AS t WHERE t.revision = r.number AND t.record_id = ANY(${[...ids]}::uuid[])) AS t), '[]'::json) AS texts
      FROM ${ownRevisions(ids)} ORDER BY r.number`
    : sql<LedgerRow>`
      SELECT r.facts, r.hash, ${withTexts} (SELECT o.hash, origin_text.text FROM origin_document AS o JOIN origin_text ON origin_text.hash = o.hash
        WHERE o.ledger = r.ledger AND o.number = r.number AND o.record_id = ANY(${[...ids]}::uuid[])) AS t), '[]'::json) AS texts
      FROM origin_revision AS r WHERE r.ledger = ${ledger.id} AND EXISTS (SELECT 1 FROM origin_document AS o
        WHERE o.ledger = r.ledger AND o.number = r.number AND o.record_id = ANY(${[...ids]}::uuid[])) ORDER BY r.number`
  ).compile(db)

export type Taken = { kind: string; slug: string; id: string }

/** Who has these slugs now. */
export async function takenSlugs(
  { $kysely: db }: Tx,
  wanted: readonly { kind: string; slug: string }[],
) {
  const { rows } = await sql<Taken>`
    SELECT record.kind, record.slug, record.id FROM json_to_recordset(${JSON.stringify(wanted)}::json) AS wanted(kind text, slug text)
      JOIN record ON record.kind = wanted.kind AND record.slug = wanted.slug`.execute(db)
  return rows
}

/** Those of the identifiers (`scheme`, `value`) that an actor has, those of the permit numbers, and the citations, that there are. */
export async function takenKeys(
  { $kysely: db }: Tx,
  given: {
    identifiers: readonly { scheme: string; value: string }[]
    numbers: readonly { issuer: string; number: string }[]
    citations: readonly string[]
    sources: readonly { caseId: string; sha256: string }[]
  },
) {
  const { rows } = await sql<{ key: string }>`
    SELECT 'identifier ' || i.scheme || ' ' || i.value AS key FROM json_to_recordset(${JSON.stringify(given.identifiers)}::json) AS w(scheme text, value text)
      JOIN actor_identifier AS i ON i.scheme = w.scheme AND i.value = w.value
    UNION ALL SELECT 'number ' || p.issuer_id || ' ' || p.number FROM json_to_recordset(${JSON.stringify(given.numbers)}::json) AS w(issuer uuid, number text)
      JOIN permit AS p ON p.issuer_id = w.issuer AND p.number = w.number
    UNION ALL SELECT 'source ' || a.case_id || ' ' || a.source_sha256 FROM json_to_recordset(${JSON.stringify(given.sources)}::json) AS w("caseId" uuid, sha256 text)
      JOIN article AS a ON a.case_id = w."caseId" AND a.source_sha256 = w.sha256
    UNION ALL SELECT 'citation ' || id FROM citation WHERE id = ANY(${[...given.citations]}::uuid[])`.execute(
    db,
  )
  return new Set(rows.map(({ key }) => key))
}

export const insertRowsOf = ({ $kysely: db }: Tx, insertions: Parameters<typeof insertAll>[1]) =>
  insertAll(db, insertions)

/** Gives new records the state that they had where they come from. */
export async function settleStates(
  { $kysely: db }: Tx,
  states: readonly Omit<Stored, 'wire' | 'kind'>[],
) {
  await sql`UPDATE record SET state = s.state, state_reason = s."stateReason", merged_into_id = s."mergedInto"
    FROM json_to_recordset(${JSON.stringify(states)}::json) AS s(id uuid, state text, "stateReason" text, "mergedInto" uuid)
    WHERE record.id = s.id`.execute(db)
}

/** The hashes that these revisions have here: in our own ledger, or in one that came with a bundle. */
export async function knownHashes({ $kysely: db }: Tx, ledger: string, numbers: readonly number[]) {
  const { rows } = await sql<{ number: string; hash: string }>`
    SELECT number, hash FROM revision WHERE number = ANY(${[...numbers]}::bigint[]) AND (SELECT hash FROM revision WHERE number = 1) = ${ledger}
    UNION ALL SELECT number, hash FROM origin_revision WHERE ledger = ${ledger} AND number = ANY(${[...numbers]}::bigint[])`.execute(
    db,
  )
  return new Map(rows.map(({ number, hash }) => [Number(number), hash]))
}

export async function isOwnLedger({ $kysely: db }: Tx, ledger: string): Promise<boolean> {
  const { rows } = await sql`SELECT 1 FROM revision WHERE number = 1 AND hash = ${ledger}`.execute(
    db,
  )
  return rows.length > 0
}

/** Keeps texts of documents that another ledger wrote; those that are here already stay. */
export async function keepTexts(
  { $kysely: db }: Tx,
  texts: readonly { hash: string; text: string }[],
) {
  await sql`INSERT INTO origin_text (hash, text) SELECT DISTINCT hash, text FROM json_to_recordset(${JSON.stringify(texts)}::json) AS t(hash text, text text)
    ON CONFLICT DO NOTHING`.execute(db)
}
