import type { Db } from '../../../database/database.ts'
import { formatCanonicalJson } from '../../../ledger/canonical-json.ts'
import { kinds } from '../../../records/kinds/all-kinds.ts'
import { readLedgerRecords } from '../../../records/model/ledger-records.ts'
import { Kind } from '../../../records/model/schema.ts'
import { readAllPages } from '../paging.ts'
import { VerificationError } from '../verification-error.ts'
import { findMissingRecord, loadMergedRecords, loadRecords, type RecordRow } from './queries.ts'

/**
 * Checks every record, in whatever state, against its last snapshot in the ledger.
 *
 * @throws {VerificationError}
 */
export async function verifyRecords(
  db: Db,
  reportCount: (records: number) => void,
): Promise<number> {
  const missingId = await findMissingRecord(db)
  if (missingId !== undefined)
    throw new VerificationError(`The record ${missingId} is in the ledger, but not in the tables.`)
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
      throw new VerificationError(`The ${kind} ${slug} has no snapshot in the ledger.`)
    const content = tombstone ?? live.get(id)?.snapshot ?? {}
    const isAsRecorded =
      formatCanonicalJson(content) === document &&
      (tombstone === null || isAsBeforeItsEnd(kind, gone.get(id)?.snapshot, lastLive, mergedInto))
    if (!isAsRecorded)
      throw new VerificationError(
        `The ${kind} ${slug} does not match its last snapshot in the ledger.`,
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
const movedByMerge = ['citations', 'aliases', 'otherNames', 'identifiers']

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
