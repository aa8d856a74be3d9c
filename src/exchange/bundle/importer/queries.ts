import { sql } from 'kysely'
import type { Tx } from '../../../database/transaction.ts'
import type { StoredRecord } from '../queries.ts'
import type { BundledRecord } from '../schema.ts'

export type TakenSlug = { kind: string; slug: string; id: string }

/** Who has these slugs now. */
export async function findTakenSlugs(
  { db }: Tx,
  wanted: readonly { kind: string; slug: string }[],
) {
  const { rows } = await sql<TakenSlug>`
    SELECT record.kind, record.slug, record.id FROM json_to_recordset(${JSON.stringify(wanted)}::json) AS wanted(kind text, slug text)
      JOIN record ON record.kind = wanted.kind AND record.slug = wanted.slug`.execute(db)
  return rows
}

/** Those of the identifiers (`scheme`, `value`) that an actor has, those of the permit numbers, and the citations, that there are. */
export async function findTakenKeys(
  { db }: Tx,
  keys: {
    identifiers: readonly { scheme: string; value: string }[]
    numbers: readonly { issuer: string; number: string }[]
    citations: readonly string[]
    sources: readonly { caseId: string; sha256: string }[]
  },
) {
  const { rows } = await sql<{ key: string }>`
    SELECT 'identifier ' || i.scheme || ' ' || i.value AS key FROM json_to_recordset(${JSON.stringify(keys.identifiers)}::json) AS w(scheme text, value text)
      JOIN actor_identifier AS i ON i.scheme = w.scheme AND i.value = w.value
    UNION ALL SELECT 'number ' || p.issuer_id || ' ' || p.number FROM json_to_recordset(${JSON.stringify(keys.numbers)}::json) AS w(issuer uuid, number text)
      JOIN permit AS p ON p.issuer_id = w.issuer AND p.number = w.number
    UNION ALL SELECT 'source ' || a.case_id || ' ' || a.source_sha256 FROM json_to_recordset(${JSON.stringify(keys.sources)}::json) AS w("caseId" uuid, sha256 text)
      JOIN article AS a ON a.case_id = w."caseId" AND a.source_sha256 = w.sha256
    UNION ALL SELECT 'citation ' || id FROM citation WHERE id = ANY(${[...keys.citations]}::uuid[])`.execute(
    db,
  )
  return new Set(rows.map(({ key }) => key))
}

/** Gives new records the state that they had where they come from. */
export async function updateRecordStates(
  { db }: Tx,
  states: readonly Pick<StoredRecord, 'id' | 'state' | 'stateReason' | 'mergedInto'>[],
) {
  await sql`UPDATE record SET state = s.state, state_reason = s."stateReason", merged_into_id = s."mergedInto"
    FROM json_to_recordset(${JSON.stringify(states)}::json) AS s(id uuid, state text, "stateReason" text, "mergedInto" uuid)
    WHERE record.id = s.id`.execute(db)
}

/** The hashes that these revisions have here: in our own ledger, or in one that came with a bundle. */
export async function findRevisionHashes({ db }: Tx, ledger: string, numbers: readonly number[]) {
  const { rows } = await sql<{ number: string; hash: string }>`
    SELECT number, hash FROM revision WHERE number = ANY(${[...numbers]}::bigint[]) AND (SELECT hash FROM revision WHERE number = 1) = ${ledger}
    UNION ALL SELECT number, hash FROM origin_revision WHERE ledger = ${ledger} AND number = ANY(${[...numbers]}::bigint[])`.execute(
    db,
  )
  return new Map(rows.map(({ number, hash }) => [Number(number), hash]))
}

export async function isOwnLedger({ db }: Tx, ledger: string): Promise<boolean> {
  const { rows } = await sql`SELECT 1 FROM revision WHERE number = 1 AND hash = ${ledger}`.execute(
    db,
  )
  return rows.length > 0
}

/** Keeps texts of documents that another ledger wrote; those that are here already stay. */
export async function storeSnapshotTexts(
  { db }: Tx,
  texts: readonly { hash: string; text: string }[],
) {
  await sql`INSERT INTO origin_text (hash, text) SELECT DISTINCT hash, text FROM json_to_recordset(${JSON.stringify(texts)}::json) AS t(hash text, text text)
    ON CONFLICT DO NOTHING`.execute(db)
}

type RegisterMembership = NonNullable<BundledRecord['register']> & { id: string }

/** Those of the permits of registers (`name`, `key`) that other permits are here. */
export async function findTakenRegisterKeys({ db }: Tx, wanted: readonly RegisterMembership[]) {
  const { rows } = await sql<Pick<RegisterMembership, 'name' | 'key'>>`
    SELECT wanted.name, wanted.key FROM json_to_recordset(${JSON.stringify(wanted)}::json) AS wanted(id uuid, name text, key text)
      JOIN permit ON permit.register = wanted.name AND permit.register_key = wanted.key AND permit.id <> wanted.id`.execute(
    db,
  )
  return new Set(rows.map(({ name, key }) => `${name} ${key}`))
}

/** Says of records that are here which register they are of. */
export async function updateRegisters({ db }: Tx, memberships: readonly RegisterMembership[]) {
  const membershipsSql = sql`json_to_recordset(${JSON.stringify(memberships)}::json) AS r(id uuid, name text, key text)`
  await sql`UPDATE article SET register = r.name FROM ${membershipsSql} WHERE article.id = r.id`.execute(
    db,
  )
  await sql`UPDATE permit SET register = r.name, register_key = r.key FROM ${membershipsSql} WHERE permit.id = r.id`.execute(
    db,
  )
}

/** What of an article and of a good refers to records that come after it. */
export type DeferredReferences = { publishers: DeferredReference[]; families: DeferredReference[] }
type DeferredReference = { id: string; of: string }

export async function linkDeferredReferences(
  { db }: Tx,
  { publishers, families }: DeferredReferences,
) {
  const linksSql = (references: readonly DeferredReference[]) =>
    sql`json_to_recordset(${JSON.stringify(references)}::json) AS link(id uuid, "of" uuid)`
  await sql`UPDATE article SET publisher_id = link.of FROM ${linksSql(publishers)} WHERE article.id = link.id`.execute(
    db,
  )
  await sql`UPDATE good SET family_id = link.of FROM ${linksSql(families)} WHERE good.id = link.id`.execute(
    db,
  )
}
