import { sql } from 'kysely'
import type { SqlFragment } from '../../../database/sql-fragments.ts'
import type { Tx } from '../../../database/transaction.ts'
import type { StoredRecord } from '../queries.ts'
import type { BundledRecord } from '../schema.ts'

/** Rows for a FROM item as one JSON parameter. A column definition list must follow: `AS alias(column type, ...)`. */
const jsonRows = (rows: readonly object[]): SqlFragment =>
  sql`json_to_recordset(${JSON.stringify(rows)}::json)`

export type TakenSlug = { kind: string; slug: string; id: string }

/** The records that have one of these slugs. */
export async function findTakenSlugs({ db }: Tx, slugs: readonly { kind: string; slug: string }[]) {
  const { rows } = await sql<TakenSlug>`
    SELECT record.kind, record.slug, record.id
    FROM ${jsonRows(slugs)} AS wanted(kind text, slug text)
    JOIN record ON record.kind = wanted.kind AND record.slug = wanted.slug`.execute(db)
  return rows
}

type UniqueKeys = {
  identifiers: readonly { scheme: string; value: string }[]
  numbers: readonly { issuer: string; number: string }[]
  citations: readonly string[]
  sources: readonly { caseId: string; sha256: string }[]
}

/**
 * Those of the keys that records here have, as `identifier SCHEME VALUE`, `number ISSUER NUMBER`, `source CASE SHA256` and
 * `citation ID`.
 */
export async function findTakenKeys({ db }: Tx, keys: UniqueKeys) {
  const { identifiers, numbers, sources, citations } = keys
  const { rows } = await sql<{ key: string }>`
    SELECT 'identifier ' || actor_identifier.scheme || ' ' || actor_identifier.value AS key
    FROM ${jsonRows(identifiers)} AS wanted(scheme text, value text)
    JOIN actor_identifier
      ON actor_identifier.scheme = wanted.scheme AND actor_identifier.value = wanted.value
    UNION ALL
    SELECT 'number ' || permit.issuer_id || ' ' || permit.number
    FROM ${jsonRows(numbers)} AS wanted(issuer uuid, number text)
    JOIN permit ON permit.issuer_id = wanted.issuer AND permit.number = wanted.number
    UNION ALL
    SELECT 'source ' || article.case_id || ' ' || article.source_sha256
    FROM ${jsonRows(sources)} AS wanted("caseId" uuid, sha256 text)
    JOIN article
      ON article.case_id = wanted."caseId" AND article.source_sha256 = wanted.sha256
    UNION ALL
    SELECT 'citation ' || id FROM citation WHERE id = ANY(${[...citations]}::uuid[])`.execute(db)
  return new Set(rows.map(({ key }) => key))
}

/** Retracts or merges new records as in the bundle. */
export async function updateRecordStates(
  { db }: Tx,
  states: readonly Pick<StoredRecord, 'id' | 'state' | 'stateReason' | 'mergedInto'>[],
) {
  await sql`
    UPDATE record
    SET state = bundled.state,
      state_reason = bundled."stateReason",
      merged_into_id = bundled."mergedInto"
    FROM ${jsonRows(states)}
      AS bundled(id uuid, state text, "stateReason" text, "mergedInto" uuid)
    WHERE record.id = bundled.id`.execute(db)
}

/** The hashes of these revisions in our own ledger, or in a ledger that came with a bundle. By number. */
export async function findRevisionHashes({ db }: Tx, ledger: string, numbers: readonly number[]) {
  const { rows } = await sql<{ number: string; hash: string }>`
    SELECT number, hash
    FROM revision
    WHERE number = ANY(${[...numbers]}::bigint[])
      AND (SELECT hash FROM revision WHERE number = 1) = ${ledger}
    UNION ALL
    SELECT number, hash
    FROM origin_revision
    WHERE ledger = ${ledger} AND number = ANY(${[...numbers]}::bigint[])`.execute(db)
  return new Map(rows.map(({ number, hash }) => [Number(number), hash]))
}

/** Ledgers are named by the hash of their first revision. */
export async function isOwnLedger({ db }: Tx, ledger: string): Promise<boolean> {
  const query = sql`SELECT 1 FROM revision WHERE number = 1 AND hash = ${ledger}`
  const { rows } = await query.execute(db)
  return rows.length > 0
}

/** Stores snapshot texts of other ledgers by hash. Existing ones are kept. */
export async function storeSnapshotTexts(
  { db }: Tx,
  texts: readonly { hash: string; text: string }[],
) {
  await sql`
    INSERT INTO origin_text (hash, text)
    SELECT DISTINCT hash, text
    FROM ${jsonRows(texts)} AS bundled(hash text, text text)
    ON CONFLICT DO NOTHING`.execute(db)
}

type RegisterMembership = NonNullable<BundledRecord['register']> & { id: string }

/** Those of the keys that another permit here has, as `NAME KEY`. */
export async function findTakenRegisterKeys(
  { db }: Tx,
  memberships: readonly RegisterMembership[],
) {
  const { rows } = await sql<Pick<RegisterMembership, 'name' | 'key'>>`
    SELECT wanted.name, wanted.key
    FROM ${jsonRows(memberships)} AS wanted(id uuid, name text, key text)
    JOIN permit
      ON permit.register = wanted.name
      AND permit.register_key = wanted.key
      AND permit.id <> wanted.id`.execute(db)
  return new Set(rows.map(({ name, key }) => `${name} ${key}`))
}

/** Assigns existing articles and permits to their register. */
export async function updateRegisters({ db }: Tx, memberships: readonly RegisterMembership[]) {
  const bundled = sql`${jsonRows(memberships)} AS bundled(id uuid, name text, key text)`
  await sql`
    UPDATE article
    SET register = bundled.name
    FROM ${bundled}
    WHERE article.id = bundled.id`.execute(db)
  await sql`
    UPDATE permit
    SET register = bundled.name, register_key = bundled.key
    FROM ${bundled}
    WHERE permit.id = bundled.id`.execute(db)
}

/** References to records that may come later in the bundle: publishers of articles and families of goods. */
export type DeferredReferences = { publishers: DeferredReference[]; families: DeferredReference[] }
type DeferredReference = { id: string; targetId: string }

export async function linkDeferredReferences(
  { db }: Tx,
  { publishers, families }: DeferredReferences,
) {
  const linksFrom = (references: readonly DeferredReference[]) =>
    sql`${jsonRows(references)} AS link(id uuid, "targetId" uuid)`
  await sql`
    UPDATE article
    SET publisher_id = link."targetId"
    FROM ${linksFrom(publishers)}
    WHERE article.id = link.id`.execute(db)
  await sql`
    UPDATE good
    SET family_id = link."targetId"
    FROM ${linksFrom(families)}
    WHERE good.id = link.id`.execute(db)
}
