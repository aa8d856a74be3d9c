import { type RawBuilder, sql } from 'kysely'
import type { Database, DatabaseSnapshot, Db } from '../../database/database.ts'
import { jsonObject, type SqlFragment } from '../../database/sql-fragments.ts'
import { kinds } from '../../records/kinds/all-kinds.ts'
import { placeKind } from '../../records/kinds/places/queries.ts'
import type { RecordKind } from '../../records/model/record-kind.ts'
import { Kind } from '../../records/model/schema.ts'
import { BundledPlace, type BundledTextPart } from './schema.ts'

/** A record in any state. */
export type StoredRecord = {
  id: string
  kind: Kind
  state: 'live' | 'retracted' | 'merged'
  stateReason: string | null
  mergedInto: string | null
  /** The register of which an article is a release, or from which a permit was read. */
  register: string | null
  /** The key of a permit in its register. */
  registerKey: string | null
  /** As its route returns it, but without the body of an article. */
  wire: Record<string, unknown>
}

type SnapshotReader = Pick<DatabaseSnapshot, 'fetchAll'>

/** For the same queries within a transaction. */
export const createReader = (db: Db): SnapshotReader => ({
  fetchAll: async (query) => (await db.executeQuery(query)).rows,
})

/** Ids of the case, its articles, and the records that cite one of these. In the order of kinds: each kind is read apart. */
export async function findCaseRecordIds(
  { db }: Database,
  { fetchAll }: SnapshotReader,
  caseId: string,
) {
  const query = sql<{ id: string }>`
    WITH articles AS (SELECT id FROM article WHERE case_id = ${caseId})
    SELECT record.id
    FROM (
      SELECT ${caseId}::uuid AS id
      UNION SELECT id FROM articles
      UNION SELECT record_id FROM citation WHERE article_id IN (SELECT id FROM articles)
    ) AS belonging
    JOIN record ON record.id = belonging.id
    -- Places have a part of their own.
    WHERE record.kind <> 'place'
    ORDER BY record.kind, record.id`
  const rows = await fetchAll(query.compile(db))
  return rows.map(({ id }) => id)
}

/** Ids of the events that change these permits and measures, and of the records that were merged into these. */
export async function findRelatedRecordIds(
  db: Db,
  { fetchAll }: SnapshotReader,
  ids: readonly string[],
) {
  const query = sql<{ id: string }>`
    SELECT event_id AS id
    FROM event_effect
    WHERE permit_id = ANY(${[...ids]}::uuid[]) OR measure_id = ANY(${[...ids]}::uuid[])
    UNION
    SELECT id FROM record WHERE merged_into_id = ANY(${[...ids]}::uuid[])`
  const rows = await fetchAll(query.compile(db))
  return rows.map(({ id }) => id)
}

/** By kind and id. Unknown ids are left out. */
export async function loadStoredRecords(
  db: Db,
  { fetchAll }: SnapshotReader,
  ids: readonly string[],
): Promise<StoredRecord[]> {
  const storedRecords: StoredRecord[] = []
  const presentKinds = await fetchAll(
    sql<{ kind: Kind }>`
      SELECT DISTINCT kind
      FROM record
      WHERE id = ANY(${[...ids]}::uuid[])`.compile(db),
  )
  for (const kind of Kind.options) {
    if (!presentKinds.some((one) => one.kind === kind)) continue
    const { from, members } = omitBody(kinds[kind].singleQuery)
    const { register = sql`NULL`, key = sql`NULL` } = registerColumns[kind] ?? {}
    const query = sql<Omit<StoredRecord, 'kind' | 'wire'> & { wireText: string }>`
      SELECT record.id, record.state, record.state_reason AS "stateReason",
        record.merged_into_id AS "mergedInto",
        ${register} AS register, ${key} AS "registerKey",
        ${jsonObject(members)}::text AS "wireText"
      FROM ${from}
      WHERE record.id = ANY(${[...ids]}::uuid[]) AND record.kind = ${sql.lit(kind)}
      ORDER BY record.id`
    for (const { wireText, ...row } of await fetchAll(query.compile(db)))
      storedRecords.push({ ...row, kind, wire: JSON.parse(wireText) })
  }
  return storedRecords
}

const registerColumns: Partial<
  Record<Kind, { register: RawBuilder<unknown>; key?: RawBuilder<unknown> }>
> = {
  article: { register: sql`article.register` },
  permit: { register: sql`permit.register`, key: sql`permit.register_key` },
}

/** A body can be long, and has a file of its own in a bundle. */
const omitBody = ({ from, members }: RecordKind['singleQuery']) => ({
  from,
  members: { ...members, ...('body' in members && { body: sql`NULL` }) },
})

/** In the form of a bundle, with the places in which they lie; sorted by slug. */
export async function loadPlacesBySlug(
  db: Db,
  { fetchAll }: SnapshotReader,
  slugs: readonly string[],
) {
  const query = sql<{ place: Record<string, unknown> }>`
    WITH RECURSIVE wanted AS (
      SELECT place.id, place.within_id
      FROM place JOIN record ON record.id = place.id
      WHERE record.kind = 'place' AND record.slug = ANY(${[...slugs]}::text[])
      UNION
      SELECT outer_place.id, outer_place.within_id
      FROM wanted JOIN place AS outer_place ON outer_place.id = wanted.within_id
    )
    SELECT ${jsonObject({
      ...placeKind.fields.listMembers,
      within: sql`(SELECT slug FROM record AS outer_record WHERE outer_record.id = place.within_id)`,
    })} AS place
    FROM ${placeKind.fields.from}
    WHERE record.id IN (SELECT id FROM wanted)
    ORDER BY record.slug COLLATE "C"`
  const rows = await fetchAll(query.compile(db))
  return rows.map(({ place }) =>
    Object.fromEntries(Object.entries(place).filter(([name]) => name in BundledPlace.shape)),
  )
}

/** Ids of the articles whose text is stored in parts. */
export async function findLongArticles(
  db: Db,
  { fetchAll }: SnapshotReader,
  ids: readonly string[],
) {
  const query = sql<{ id: string }>`
    SELECT id FROM article WHERE id = ANY(${[...ids]}::uuid[]) AND body IS NULL`
  const rows = await fetchAll(query.compile(db))
  return new Set(rows.map(({ id }) => id))
}

type BytesRow = { bytes: Buffer }

/** The text in UTF-8, or the bytes as received, of a short article. */
export const articleBytesQuery = (db: Db, id: string, column: 'body' | 'source') =>
  sql<BytesRow>`
    SELECT ${column === 'body' ? sql`convert_to(body, 'UTF8')` : sql`source`} AS bytes
    FROM article
    WHERE id = ${id}`.compile(db)

/** The same for a long article, part by part. */
export const articlePartsQuery = (db: Db, id: string, column: 'text' | 'source') =>
  sql<BytesRow>`
    SELECT ${column === 'text' ? sql`convert_to(text, 'UTF8')` : sql`source`} AS bytes
    FROM article_part
    WHERE article_id = ${id}
    ORDER BY start_at`.compile(db)

export const partOffsetsQuery = (db: Db, id: string) =>
  sql<BundledTextPart>`
    SELECT start_at AS start, length,
      octet_length(convert_to(text, 'UTF8')) AS "textBytes",
      octet_length(source) AS "sourceBytes",
      sha256
    FROM article_part
    WHERE article_id = ${id}
    ORDER BY start_at`.compile(db)

/** The ledgers with revisions about these records, by id. `isOwn`: the ledger of this instance. */
export async function findLedgers(
  db: Db,
  { fetchAll }: SnapshotReader,
  ids: readonly string[],
): Promise<{ id: string; isOwn: boolean }[]> {
  const query = sql<{ id: string; isOwn: boolean }>`
    SELECT DISTINCT ledger AS id, false AS "isOwn"
    FROM origin_document
    WHERE record_id = ANY(${[...ids]}::uuid[])
    UNION
    SELECT hash, true
    FROM revision
    WHERE number = 1 AND EXISTS (SELECT 1 FROM ${selectOwnRevisions(ids)})
    ORDER BY id`
  return fetchAll(query.compile(db))
}

/**
 * A FROM item: our own revisions about these records. An import that only created records is left out, because the ledgers
 * that came with it have the same content (docs/decisions/0020-what-a-bundle-says-of-the-ledger.md).
 */
const selectOwnRevisions = (ids: readonly string[]): SqlFragment => sql`
  revision
  WHERE EXISTS (
    SELECT 1
    FROM ledger_document AS snapshot
    WHERE snapshot.revision = revision.number
      AND snapshot.record_id = ANY(${[...ids]}::uuid[])
      AND (revision.change <> 'import' OR snapshot.change IN ('update', 'derive'))
  )`

export type LedgerRevisionRow = {
  /** JSON of the revision without its hash, and without the texts of the snapshots. */
  facts: string
  hash: string
}

/** The revisions of a ledger about these records, oldest first. */
export const ledgerRowsQuery = (
  db: Db,
  ledger: { id: string; isOwn: boolean },
  ids: readonly string[],
) => (ledger.isOwn ? ownLedgerRows(ids) : originLedgerRows(ledger.id, ids)).compile(db)

const ownLedgerRows = (ids: readonly string[]) => sql<LedgerRevisionRow>`
  SELECT
    json_build_object(
      'revision', revision.number,
      'committedAt',
        to_char(revision.committed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'change', revision.change,
      'author', revision.author,
      'previousHash', revision.previous_hash,
      'documents', (
        SELECT json_agg(
          json_build_object(
            'record', snapshot.record_id,
            'change', snapshot.change,
            'hash', snapshot.hash
          )
          ORDER BY snapshot.record_id
        )
        FROM ledger_document AS snapshot
        WHERE snapshot.revision = revision.number
      )
    )::text AS facts,
    revision.hash
  FROM ${selectOwnRevisions(ids)}
  ORDER BY revision.number`

const originLedgerRows = (ledgerId: string, ids: readonly string[]) => sql<LedgerRevisionRow>`
  SELECT origin_revision.facts, origin_revision.hash
  FROM origin_revision
  WHERE origin_revision.ledger = ${ledgerId}
    AND EXISTS (
      SELECT 1
      FROM origin_document
      WHERE origin_document.ledger = origin_revision.ledger
        AND origin_document.number = origin_revision.number
        AND origin_document.record_id = ANY(${[...ids]}::uuid[])
    )
  ORDER BY origin_revision.number`

/** The texts of snapshots of a revision, by their hashes. */
export async function loadSnapshotTexts(
  db: Db,
  { fetchAll }: SnapshotReader,
  source: { isOwn: boolean; revision: number },
  snapshots: readonly { record: string; hash: string }[],
): Promise<ReadonlyMap<string, string>> {
  const query = source.isOwn
    ? sql<{ hash: string; text: string }>`
      SELECT hash, document AS text
      FROM ledger_document
      WHERE revision = ${source.revision}
        AND record_id = ANY(${snapshots.map(({ record }) => record)}::uuid[])`
    : sql<{ hash: string; text: string }>`
      SELECT hash, text
      FROM origin_text
      WHERE hash = ANY(${snapshots.map(({ hash }) => hash)}::text[])`
  const rows = await fetchAll(query.compile(db))
  return new Map(rows.map(({ hash, text }) => [hash, text]))
}
