import type { Database, DatabaseSnapshot, Db, ExportRequester } from '../../database/database.ts'
import { Problem } from '../../problem.ts'
import { findRecordRow, resolveRecordId } from '../../records/model/list-queries.ts'
import { Kind } from '../../records/model/schema.ts'
import type { RecordSnapshot } from '../../records/model/snapshots.ts'
import { buildWireRecordsAt } from '../../records/read/as-of.ts'
import { countConnectedRecords, findArticleIdsAt, streamCaseSnapshots } from './queries.ts'

/** Most records of a case that one answer has. Larger cases are exported (`/v1/cases/:ref/export`). */
export const maxCaseFileRecords = 100_000

type CaseFileRequest = {
  ref: string
  caseId: string
  revision: number
  requester: ExportRequester
}

/**
 * All records that belonged to a case after `revision`, as the text of one JSON object, piece by piece. What can be refused is
 * refused before the first piece.
 *
 * @throws {Problem} not-found, not-acceptable for a case with too many records
 */
export async function streamCaseFile(
  database: Database,
  { ref, caseId, revision, requester }: CaseFileRequest,
): Promise<AsyncGenerator<string>> {
  const { db } = database
  const snapshot = await database.openSnapshot(requester)
  try {
    const count = await countConnectedRecords(db, snapshot, caseId)
    if (count > maxCaseFileRecords)
      throw new Problem(
        'not-acceptable',
        `The case has ${count} records, and one answer has at most ${maxCaseFileRecords}: read /v1/cases/${ref}/export?format=ndjson.`,
      )
    const articleIds = await findArticleIdsAt(db, snapshot, caseId, revision)
    const readKind = (kind: Kind) =>
      streamWires(database, snapshot, { caseId, articleIds, kind, revision })
    const caseRecord = await findCaseRecord(readKind('case'), caseId)
    if (caseRecord === undefined)
      throw new Problem('not-found', `The case ${ref} did not exist at revision ${revision}.`)
    return writeCaseFile(snapshot, revision, caseRecord, readKind)
  } catch (error) {
    await snapshot.close()
    throw error
  }
}

async function findCaseRecord(records: AsyncGenerator<Record<string, unknown>[]>, caseId: string) {
  let found: Record<string, unknown> | undefined
  for await (const batch of records) found ??= batch.find(({ id }) => id === caseId)
  return found
}

async function* writeCaseFile(
  snapshot: DatabaseSnapshot,
  revision: number,
  caseRecord: Record<string, unknown>,
  readKind: (kind: Kind) => AsyncGenerator<Record<string, unknown>[]>,
): AsyncGenerator<string> {
  try {
    yield `{"revision":${revision},"case":${JSON.stringify(caseRecord)}`
    for (const kind of Kind.options.filter((one) => one !== 'case')) {
      let separator = `,"${kind}s":[`
      for await (const batch of readKind(kind)) {
        yield `${separator}${batch.map((record) => JSON.stringify(record)).join(',')}`
        separator = ','
      }
      yield separator === ',' ? ']' : `${separator}]`
    }
    yield '}'
  } finally {
    await snapshot.close()
  }
}

async function* streamWires(
  { db }: Database,
  snapshot: DatabaseSnapshot,
  selection: { caseId: string; articleIds: readonly string[]; kind: Kind; revision: number },
): AsyncGenerator<Record<string, unknown>[]> {
  const { kind, revision } = selection
  for await (const rows of streamCaseSnapshots(db, snapshot, selection)) {
    const snapshots = rows.map(({ document }) => ({
      kind,
      snapshot: JSON.parse(document) as RecordSnapshot,
    }))
    yield await buildWireRecordsAt(db, snapshots, revision)
  }
}

/** @throws {Problem} not-found; retracted unless the case is read as of an earlier revision */
export async function resolveCaseId(db: Db, ref: string, isPast: boolean): Promise<string> {
  if (!isPast) return resolveRecordId(db, 'case', ref)
  const record = await findRecordRow(db, 'case', ref)
  if (record === undefined) throw new Problem('not-found', `No case has the slug or id ${ref}.`)
  return record.id
}
