import { type RawBuilder, sql } from 'kysely'
import type { Database, DatabaseSnapshot, Db } from '../../database/database.ts'
import { jsonObject } from '../../database/sql-fragments.ts'
import { kinds } from '../../records/kinds/all-kinds.ts'
import type { RecordKind } from '../../records/model/record-kind.ts'
import { Kind } from '../../records/model/schema.ts'
import { placeMembers } from '../../records/model/sql-json.ts'
import type { BundledTextPart } from './schema.ts'

/** A record in whatever state, as its own route would show it. */
export type StoredRecord = {
  id: string
  kind: Kind
  state: 'live' | 'retracted' | 'merged'
  stateReason: string | null
  mergedInto: string | null
  /** The register that it is a release of or was read from, and by which key. */
  register: string | null
  registerKey: string | null
  wire: Record<string, unknown>
}

type SnapshotReader = Pick<DatabaseSnapshot, 'fetchAll'>

/** For use within a transaction: the same queries there. */
export const createReader = (db: Db): SnapshotReader => ({
  fetchAll: async (query) => (await db.executeQuery(query)).rows,
})

/** Ids of the records for which an article of the case is cited, of its articles, and its own; by kind, which are read apart. */
export async function findCaseRecordIds(
  { db }: Database,
  { fetchAll: all }: SnapshotReader,
  caseId: string,
) {
  const rows = await all(
    sql<{ id: string }>`
      WITH articles AS (SELECT id FROM article WHERE case_id = ${caseId})
      SELECT record.id
      FROM (
        SELECT ${caseId}::uuid AS id
        UNION SELECT id FROM articles
        UNION SELECT record_id FROM citation WHERE article_id IN (SELECT id FROM articles)
      ) AS belonging
      JOIN record ON record.id = belonging.id
      ORDER BY record.kind, record.id`.compile(db),
  )
  return rows.map(({ id }) => id)
}

/** Events that change these permits and measures, and the records that were merged into or out of these. */
export async function findRelatedRecordIds(
  db: Db,
  { fetchAll: all }: SnapshotReader,
  ids: readonly string[],
) {
  const rows = await all(
    sql<{
      id: string
    }>`SELECT event_id AS id FROM event_effect WHERE permit_id = ANY(${[...ids]}::uuid[]) OR measure_id = ANY(${[...ids]}::uuid[])
      UNION SELECT id FROM record WHERE merged_into_id = ANY(${[...ids]}::uuid[])`.compile(db),
  )
  return rows.map(({ id }) => id)
}

/** The records of these ids that there are, by kind and id. */
export async function loadStoredRecords(
  db: Db,
  { fetchAll: all }: SnapshotReader,
  ids: readonly string[],
): Promise<StoredRecord[]> {
  const found: StoredRecord[] = []
  const presentKinds = await all(
    sql<{ kind: Kind }>`
      SELECT DISTINCT kind
      FROM record
      WHERE id = ANY(${[...ids]}::uuid[])`.compile(db),
  )
  for (const kind of Kind.options) {
    if (!presentKinds.some((one) => one.kind === kind)) continue
    const { from, members } = omitBody(kinds[kind].singleQuery)
    const { register = sql`NULL`, key = sql`NULL` } = registerColumns[kind] ?? {}
    const rows = await all(
      sql<Omit<StoredRecord, 'kind' | 'wire'> & { document: string }>`
        SELECT record.id, record.state, record.state_reason AS "stateReason", record.merged_into_id AS "mergedInto",
          ${register} AS register, ${key} AS "registerKey", ${jsonObject(members)}::text AS document
        FROM ${from} WHERE record.id = ANY(${[...ids]}::uuid[]) AND record.kind = ${sql.lit(kind)} ORDER BY record.id`.compile(
        db,
      ),
    )
    for (const { document, ...row } of rows)
      found.push({ ...row, kind, wire: JSON.parse(document) })
  }
  return found
}

const registerColumns: Partial<
  Record<Kind, { register: RawBuilder<unknown>; key?: RawBuilder<unknown> }>
> = {
  article: { register: sql`article.register` },
  permit: { register: sql`permit.register`, key: sql`permit.register_key` },
}

/** The text of an article travels by itself, and can be long. */
const omitBody = ({ from, members }: RecordKind['singleQuery']) => ({
  from,
  members: { ...members, ...('body' in members && { body: sql`NULL` }) },
})

/** Places by slug, as JSON texts. */
export async function loadPlacesBySlug(
  db: Db,
  { fetchAll: all }: SnapshotReader,
  slugs: readonly string[],
) {
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

/** Those of the articles whose text is kept in parts. */
export async function findLongArticles(
  db: Db,
  { fetchAll: all }: SnapshotReader,
  ids: readonly string[],
) {
  const rows = await all(
    sql<{
      id: string
    }>`SELECT id FROM article WHERE id = ANY(${[...ids]}::uuid[]) AND body IS NULL`.compile(db),
  )
  return new Set(rows.map(({ id }) => id))
}

type BytesRow = { bytes: Buffer }

/** The text in UTF-8, or the bytes as received, of a short article. */
export const articleBytesQuery = (db: Db, id: string, column: 'body' | 'source') =>
  sql<BytesRow>`SELECT ${column === 'body' ? sql`convert_to(body, 'UTF8')` : sql`source`} AS bytes FROM article WHERE id = ${id}`.compile(
    db,
  )

/** The same of a long one, part by part. */
export const articlePartsQuery = (db: Db, id: string, column: 'text' | 'source') =>
  sql<BytesRow>`SELECT ${column === 'text' ? sql`convert_to(text, 'UTF8')` : sql`source`} AS bytes FROM article_part
    WHERE article_id = ${id} ORDER BY start_at`.compile(db)

/** Where the parts of a long one begin and end. */
export const partOffsetsQuery = (db: Db, id: string) =>
  sql<BundledTextPart>`SELECT start_at AS start, length, octet_length(convert_to(text, 'UTF8')) AS "textBytes", octet_length(source) AS "sourceBytes", sha256
    FROM article_part WHERE article_id = ${id} ORDER BY start_at`.compile(db)

/** The ledgers that wrote something of these records; our own is `isOwn`. By id. */
export async function findLedgers(
  db: Db,
  { fetchAll: all }: SnapshotReader,
  ids: readonly string[],
) {
  const rows = await all(
    sql<{ id: string; isOwn: boolean }>`
      SELECT DISTINCT ledger AS id, false AS "isOwn" FROM origin_document WHERE record_id = ANY(${[...ids]}::uuid[])
      UNION SELECT hash, true FROM revision WHERE number = 1 AND EXISTS (SELECT 1 FROM ${ownRevisionsSql(ids)})
      ORDER BY id`.compile(db),
  )
  return rows
}

/**
 * Our own revisions that say something of these records. An import that only made records says nothing of its own: all it
 * wrote is what the ledgers say that came with it.
 */
const ownRevisionsSql = (ids: readonly string[]) =>
  sql`revision AS r WHERE EXISTS (SELECT 1 FROM ledger_document AS d WHERE d.revision = r.number AND d.record_id = ANY(${[...ids]}::uuid[])
    AND (r.change <> 'import' OR d.change IN ('update', 'derive')))`

export type LedgerRevisionRow = { facts: string; hash: string }

/** The revisions of a ledger that say something of these records, oldest first, without the texts of their documents. */
export const ledgerRowsQuery = (
  db: Db,
  ledger: { id: string; isOwn: boolean },
  ids: readonly string[],
) =>
  (ledger.isOwn
    ? sql<LedgerRevisionRow>`
      SELECT
        json_build_object(
          'revision', r.number,
          'committedAt', to_char(r.committed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
          'change', r.change,
          'author', r.author,
          'previousHash', r.previous_hash,
          'documents', (
            SELECT json_agg(json_build_object('record', a.record_id, 'change', a.change, 'hash', a.hash) ORDER BY a.record_id)
            FROM ledger_document AS a
            WHERE a.revision = r.number
          )
        )::text AS facts,
        r.hash
      FROM ${ownRevisionsSql(ids)}
      ORDER BY r.number`
    : sql<LedgerRevisionRow>`
      SELECT r.facts, r.hash
      FROM origin_revision AS r
      WHERE r.ledger = ${ledger.id}
        AND EXISTS (
          SELECT 1
          FROM origin_document AS o
          WHERE o.ledger = r.ledger AND o.number = r.number AND o.record_id = ANY(${[...ids]}::uuid[])
        )
      ORDER BY r.number`
  ).compile(db)

/** The texts of documents of a revision, by their hashes. */
export async function loadSnapshotTexts(
  db: Db,
  { fetchAll }: SnapshotReader,
  source: { isOwn: boolean; revision: number },
  documents: readonly { record: string; hash: string }[],
): Promise<ReadonlyMap<string, string>> {
  const query = source.isOwn
    ? sql<{ hash: string; text: string }>`
      SELECT hash, document AS text
      FROM ledger_document
      WHERE revision = ${source.revision}
        AND record_id = ANY(${documents.map(({ record }) => record)}::uuid[])`
    : sql<{ hash: string; text: string }>`
      SELECT hash, text
      FROM origin_text
      WHERE hash = ANY(${documents.map(({ hash }) => hash)}::text[])`
  const rows = await fetchAll(query.compile(db))
  return new Map(rows.map(({ hash, text }) => [hash, text]))
}
