import { type RawBuilder, sql } from 'kysely'
import type { Database, DatabaseSnapshot, Db } from '../../database/database.ts'
import { jsonObject } from '../../database/sql-fragments.ts'
import { kinds } from '../../records/kinds/all-kinds.ts'
import { placeKind } from '../../records/kinds/places/queries.ts'
import type { RecordKind } from '../../records/model/record-kind.ts'
import { Kind } from '../../records/model/schema.ts'
import { type RecordSnapshot, wireToSnapshot } from '../../records/model/snapshots.ts'
import { joinLedgerSnapshot, parseSnapshot } from '../../records/read/records-from-ledger.ts'
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
  /** As in the ledger, but without the body of an article. */
  snapshot: RecordSnapshot
}

type SnapshotReader = Pick<DatabaseSnapshot, 'fetchAll'>

/** For the same queries within a transaction. */
export const createReader = (db: Db): SnapshotReader => ({
  fetchAll: async (query) => (await db.executeQuery(query)).rows,
})

/** Ids of the case, its articles, and the records that cite one of these. In the order of kinds: each kind is read apart. */
export async function findCaseRecordIds(
  { db }: Database,
  { streamBatches }: Pick<DatabaseSnapshot, 'streamBatches'>,
  caseId: string,
): Promise<string[]> {
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
  const ids: string[] = []
  for await (const rows of streamBatches(query.compile(db))) for (const { id } of rows) ids.push(id)
  return ids
}

/** Ids in one statement: a longer list takes the event loop for too long when it is sent. */
const idsPerStatement = 500

function* splitIds(ids: readonly string[], size = idsPerStatement): Generator<string[]> {
  for (let from = 0; from < ids.length; from += size) yield ids.slice(from, from + size)
}

/** Ids of the events that change these permits and measures, and of the records that were merged into these. */
export async function findRelatedRecordIds(
  db: Db,
  { fetchAll }: SnapshotReader,
  ids: readonly string[],
): Promise<Set<string>> {
  const relatedIds = new Set<string>()
  for (const part of splitIds(ids)) {
    const query = sql<{ id: string }>`
      SELECT event_id AS id
      FROM event_effect
      WHERE permit_id = ANY(${part}::uuid[]) OR measure_id = ANY(${part}::uuid[])
      UNION
      SELECT id FROM record WHERE merged_into_id = ANY(${part}::uuid[])`
    for (const { id } of await fetchAll(query.compile(db))) relatedIds.add(id)
  }
  return relatedIds
}

type StateRow = Omit<StoredRecord, 'kind' | 'snapshot'>

const stateColumns = sql`
  record.id, record.state, record.state_reason AS "stateReason", record.merged_into_id AS "mergedInto"`

/** Records whose snapshots are read and sent at a stretch; one of a register's import has about 2 kB. */
const recordsPerStatement = 50

/**
 * The records with these ids, in the order of the ids, a batch at a time. They are read from their newest snapshots in the
 * ledger, a fifth of the work of their tables; `casefile verify` compares both.
 */
export async function* streamStoredRecords(
  db: Db,
  reader: SnapshotReader,
  ids: readonly string[],
): AsyncGenerator<StoredRecord[]> {
  for (const part of splitIds(ids, recordsPerStatement)) {
    const storedRecords = await loadFromLedger(db, reader, part)
    const missingIds = part.filter((id) => !storedRecords.has(id))
    if (missingIds.length > 0)
      for (const record of await loadStoredRecords(db, reader, missingIds))
        storedRecords.set(record.id, record)
    yield part.flatMap((id) => storedRecords.get(id) ?? [])
  }
}

/** Without the records that the ledger does not have whole: articles, and all that are retracted, merged, or older than a member. */
async function loadFromLedger(
  db: Db,
  { fetchAll }: SnapshotReader,
  ids: readonly string[],
): Promise<Map<string, StoredRecord>> {
  const query = sql<StateRow & { kind: Kind; kept: string | null }>`
    SELECT ${stateColumns}, record.kind, ledger.document AS kept,
      permit.register, permit.register_key AS "registerKey"
    FROM record
    ${joinLedgerSnapshot}
    LEFT JOIN permit ON permit.id = record.id
    WHERE record.id = ANY(${[...ids]}::uuid[]) AND record.state = 'live' AND record.kind <> 'article'`
  const storedRecords = new Map<string, StoredRecord>()
  for (const { kept, ...row } of await fetchAll(query.compile(db))) {
    const snapshot = parseSnapshot({ kind: row.kind, kept })
    if (snapshot !== null) storedRecords.set(row.id, { ...row, snapshot })
  }
  return storedRecords
}

/** By kind and id, from their tables. Unknown ids are left out. */
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
    const query = sql<StateRow & { wireText: string }>`
      SELECT ${stateColumns}, ${register} AS register, ${key} AS "registerKey",
        ${jsonObject(members)}::text AS "wireText"
      FROM ${from}
      WHERE record.id = ANY(${[...ids]}::uuid[]) AND record.kind = ${sql.lit(kind)}
      ORDER BY record.id`
    for (const { wireText, ...row } of await fetchAll(query.compile(db)))
      storedRecords.push({
        ...row,
        kind,
        snapshot: wireToSnapshot(kinds[kind].recordSchema, {
          ...JSON.parse(wireText),
          body: null,
        }),
      })
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

const bytesPerPiece = 1_048_576

/** The text in UTF-8, or the bytes as received, of a short article, in pieces. */
export const articleBytesQuery = (db: Db, id: string, column: 'body' | 'source') =>
  sql<BytesRow>`
    WITH content AS MATERIALIZED (
      SELECT ${column === 'body' ? sql`convert_to(body, 'UTF8')` : sql`source`} AS bytes
      FROM article
      WHERE id = ${id}
    )
    SELECT substring(bytes FROM start FOR ${sql.lit(bytesPerPiece)}) AS bytes
    FROM content, generate_series(1, octet_length(bytes), ${sql.lit(bytesPerPiece)}) AS start
    ORDER BY start`.compile(db)

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

/** The revisions of a ledger about some records. */
export type LedgerRevisions = {
  id: string
  /** Whether it is the ledger of this instance. */
  isOwn: boolean
  /** Oldest first. */
  revisions: number[]
}

/**
 * The ledgers with revisions about these records, by id. An import that only created records is left out, because the ledgers
 * that came with it have the same content (docs/decisions/0020-what-a-bundle-says-of-the-ledger.md).
 */
export async function findLedgers(
  db: Db,
  reader: SnapshotReader,
  ids: readonly string[],
): Promise<LedgerRevisions[]> {
  const ownId = await findOwnLedgerId(db, reader)
  const numbersByLedger = new Map<string, Set<number>>()
  for (const part of splitIds(ids)) {
    const query = sql<{ ledger: string | null; revision: number }>`
      SELECT DISTINCT ledger, number::float8 AS revision
      FROM origin_document
      WHERE record_id = ANY(${part}::uuid[])
      UNION
      SELECT NULL, snapshot.revision::float8
      FROM ledger_document AS snapshot
      JOIN revision ON revision.number = snapshot.revision
      WHERE snapshot.record_id = ANY(${part}::uuid[])
        AND (revision.change <> 'import' OR snapshot.change IN ('update', 'derive'))`
    for (const { ledger, revision } of await reader.fetchAll(query.compile(db))) {
      const id = ledger ?? ownId
      const numbers = numbersByLedger.get(id) ?? new Set()
      numbersByLedger.set(id, numbers.add(revision))
    }
  }
  return [...numbersByLedger]
    .map(([id, numbers]) => ({
      id,
      isOwn: id === ownId,
      revisions: [...numbers].sort((a, b) => a - b),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

async function findOwnLedgerId(db: Db, { fetchAll }: SnapshotReader): Promise<string> {
  const query = sql<{ hash: string }>`SELECT hash FROM revision WHERE number = 1`
  return (await fetchAll(query.compile(db)))[0]?.hash ?? ''
}

/** A revision without its snapshots. */
export type RevisionHead = {
  revision: number
  committedAt: string
  change: string
  author: string
  previousHash: string
  hash: string
}

/** Some revisions of a ledger, by number. */
export async function loadRevisionHeads(
  db: Db,
  { fetchAll }: SnapshotReader,
  ledger: Pick<LedgerRevisions, 'id' | 'isOwn'>,
  revisions: readonly number[],
): Promise<ReadonlyMap<number, RevisionHead>> {
  const query = ledger.isOwn
    ? sql<RevisionHead>`
      SELECT
        number::float8 AS revision,
        to_char(committed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "committedAt",
        change,
        author,
        previous_hash AS "previousHash",
        hash
      FROM revision
      WHERE number = ANY(${[...revisions]}::bigint[])`
    : sql<RevisionHead>`
      SELECT
        number::float8 AS revision,
        facts::json ->> 'committedAt' AS "committedAt",
        facts::json ->> 'change' AS change,
        facts::json ->> 'author' AS author,
        facts::json ->> 'previousHash' AS "previousHash",
        hash
      FROM origin_revision
      WHERE ledger = ${ledger.id} AND number = ANY(${[...revisions]}::bigint[])`
  const heads = await fetchAll(query.compile(db))
  return new Map(heads.map((head) => [head.revision, head]))
}

/** A snapshot as its revision names it. */
export type SnapshotEntry = { revision: number; record: string; change: string; hash: string }

/** Selects the snapshots that some revisions of a ledger name, by revision and record. */
export const snapshotEntriesQuery = (
  db: Db,
  ledger: Pick<LedgerRevisions, 'id' | 'isOwn'>,
  revisions: readonly number[],
) =>
  (ledger.isOwn
    ? sql<SnapshotEntry>`
      SELECT revision::float8 AS revision, record_id AS record, change, hash
      FROM ledger_document
      WHERE revision = ANY(${[...revisions]}::bigint[])
      ORDER BY revision, record_id`
    : sql<SnapshotEntry>`
      SELECT number::float8 AS revision, entry ->> 'record' AS record, entry ->> 'change' AS change,
        entry ->> 'hash' AS hash
      FROM origin_revision,
        json_array_elements(facts::json -> 'documents') WITH ORDINALITY AS entries (entry, position)
      WHERE ledger = ${ledger.id} AND number = ANY(${[...revisions]}::bigint[])
      ORDER BY number, position`
  ).compile(db)

/** The texts of snapshots, by their hashes. */
export async function loadSnapshotTexts(
  db: Db,
  { fetchAll }: SnapshotReader,
  { isOwn }: Pick<LedgerRevisions, 'isOwn'>,
  entries: readonly SnapshotEntry[],
): Promise<ReadonlyMap<string, string>> {
  const query = isOwn
    ? sql<{ hash: string; text: string }>`
      SELECT snapshot.hash, snapshot.document AS text
      FROM unnest(
        ${entries.map(({ record }) => record)}::uuid[],
        ${entries.map(({ revision }) => revision)}::bigint[]
      ) AS wanted (record, revision)
      JOIN ledger_document AS snapshot
        ON snapshot.record_id = wanted.record AND snapshot.revision = wanted.revision`
    : sql<{ hash: string; text: string }>`
      SELECT hash, text
      FROM origin_text
      WHERE hash = ANY(${entries.map(({ hash }) => hash)}::text[])`
  const rows = await fetchAll(query.compile(db))
  return new Map(rows.map(({ hash, text }) => [hash, text]))
}
