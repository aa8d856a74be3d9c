import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import { formatCanonicalJson } from '../../ledger/canonical-json.ts'
import { kinds } from '../../records/kinds/all-kinds.ts'
import { readLedgerRecords, readPlaceSnapshots } from '../../records/model/ledger-records.ts'
import { Kind } from '../../records/model/schema.ts'
import { readAllPages, smallestId } from './paging.ts'
import { VerificationError } from './verification-error.ts'

const recordsPerPage = 500

type RecordRow = {
  id: string
  slug: string
  /** The snapshot that is left of a record that was retracted or merged; null for a live one. */
  tombstone: Record<string, unknown> | null
  /** The last snapshot, as the ledger has it. */
  document: string | null
  /** The last snapshot of it when it was live; only of one that is not. */
  lastLive: string | null
}

/**
 * Checks every record, in whatever state, and every place against its last snapshot in the ledger.
 *
 * @throws {VerificationError}
 */
export async function verifyRecords(
  db: Db,
  reportCount: (records: number) => void,
): Promise<number> {
  await verifyPlaces(db)
  const missingId = await findMissingRecord(db)
  if (missingId !== undefined)
    throw new VerificationError(`The record ${missingId} of the ledger is not there any more.`)
  const mergedInto = await loadMergedRecords(db)
  let records = 0
  for (const kind of Kind.options)
    for await (const rows of readAllPages<RecordRow>((after) => loadRecords(db, kind, after))) {
      await verifyPage(db, kind, rows, mergedInto)
      records += rows.length
      reportCount(records)
    }
  return records
}

async function verifyPage(
  db: Db,
  kind: Kind,
  rows: readonly RecordRow[],
  mergedInto: ReadonlyMap<string, string>,
): Promise<void> {
  const ids = rows.map(({ id }) => id)
  const live = await readLedgerRecords(db, kinds[kind], ids)
  const isAnyGone = rows.some(({ tombstone }) => tombstone !== null)
  const gone = isAnyGone ? await readLedgerRecords(db, kinds[kind], ids, 'gone') : new Map()
  for (const { id, slug, tombstone, document, lastLive } of rows) {
    if (document === null)
      throw new VerificationError(`The ${kind} ${slug} has no document in the ledger.`)
    const content = tombstone ?? live.get(id)?.snapshot ?? {}
    const isAsRecorded =
      formatCanonicalJson(content) === document &&
      (tombstone === null || isAsBeforeItsEnd(kind, gone.get(id)?.snapshot, lastLive, mergedInto))
    if (!isAsRecorded)
      throw new VerificationError(
        `The ${kind} ${slug} is not what its last document in the ledger says.`,
      )
  }
}

/** What a retraction, a merge, or a later change of another record changes of a record that is gone. */
const changingMembers: Readonly<Partial<Record<Kind, readonly string[]>>> = {
  event: ['effects'],
  permit: ['status', 'issuedOn', 'history'],
  measure: ['status', 'inForce', 'history'],
  good: ['family', 'members'],
}
const movedByMerge = ['citations', 'aliases', 'identifiers']

/** Whether the tables still have what a record said that was retracted or merged since; bundles take it along. */
function isAsBeforeItsEnd(
  kind: Kind,
  content: Record<string, unknown> | undefined,
  lastLive: string | null,
  mergedInto: ReadonlyMap<string, string>,
): boolean {
  if (content === undefined) return false
  // It came with a bundle and was gone already.
  if (lastLive === null) return true
  const before: Record<string, unknown> = JSON.parse(replaceMergedIds(lastLive, mergedInto))
  const isMerged = mergedInto.has(String(content.id))
  const skipped = new Set([
    'id',
    'revision',
    ...(changingMembers[kind] ?? []),
    ...(isMerged ? movedByMerge : []),
    ...('register' in before ? [] : ['register']),
  ])
  const select = (members: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(members).filter(([name]) => !skipped.has(name)))
  return formatCanonicalJson(select(content)) === formatCanonicalJson(select(before))
}

/** References to a merged record lead to the other one since. */
const replaceMergedIds = (text: string, mergedInto: ReadonlyMap<string, string>): string =>
  mergedInto.size === 0
    ? text
    : text.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => mergedInto.get(id) ?? id)

async function verifyPlaces(db: Db): Promise<void> {
  const { rows } = await sql<{ id: string; slug: string; document: string | null }>`
    SELECT place.id, place.slug, (
      SELECT document
      FROM ledger_document
      WHERE record_id = place.id
      ORDER BY revision DESC
      LIMIT 1
    ) AS document
    FROM place
    ORDER BY place.id`.execute(db)
  const snapshots = await readPlaceSnapshots(
    db,
    rows.map(({ id }) => id),
  )
  for (const [index, { slug, document }] of rows.entries()) {
    if (document === null)
      throw new VerificationError(`The place ${slug} has no document in the ledger.`)
    if (formatCanonicalJson(snapshots[index] ?? {}) !== document)
      throw new VerificationError(
        `The place ${slug} is not what its last document in the ledger says.`,
      )
  }
}

async function loadRecords(db: Db, kind: Kind, after: RecordRow | null): Promise<RecordRow[]> {
  const { rows } = await sql<RecordRow>`
    SELECT
      record.id, record.slug,
      CASE WHEN state <> 'live' THEN json_build_object(
        'id', id, 'kind', kind, 'slug', slug, 'revision', revision,
        'state', state, 'stateReason', state_reason, 'mergedInto', merged_into_id
      ) END AS tombstone,
      (
        SELECT document
        FROM ledger_document
        WHERE record_id = record.id
        ORDER BY revision DESC
        LIMIT 1
      ) AS document,
      CASE WHEN state <> 'live' THEN (
        SELECT document
        FROM ledger_document
        WHERE record_id = record.id AND NOT document::jsonb ? 'state'
        ORDER BY revision DESC
        LIMIT 1
      ) END AS "lastLive"
    FROM record
    WHERE kind = ${kind} AND record.id > ${after?.id ?? smallestId}::uuid
    ORDER BY record.id
    LIMIT ${sql.lit(recordsPerPage)}`.execute(db)
  return rows
}

/** Of each merged record the one that its references lead to. */
async function loadMergedRecords(db: Db): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ id: string; into: string }>`
    SELECT id, merged_into_id AS into
    FROM record
    WHERE merged_into_id IS NOT NULL`.execute(db)
  return new Map(rows.map(({ id, into }) => [id, into]))
}

/** A record or place of which the ledger has snapshots and the tables have nothing. */
async function findMissingRecord(db: Db): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    SELECT record_id AS id
    FROM ledger_document
    WHERE NOT EXISTS (SELECT 1 FROM record WHERE record.id = record_id)
      AND NOT EXISTS (SELECT 1 FROM place WHERE place.id = record_id)
    LIMIT 1`.execute(db)
  return rows[0]?.id
}
