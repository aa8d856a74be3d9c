import type { Database, Db } from '../../database/database.ts'
import { verifyArticles } from './articles/verify-articles.ts'
import { verifyChain } from './chain/verify-chain.ts'
import { findDerivedFault } from './derived/queries.ts'
import { verifyOrigins } from './origins/verify-origins.ts'
import { countVerifiable } from './queries.ts'
import { verifyRecords } from './records/verify-records.ts'
import { verifySearchIndex } from './search-index/verify-search-index.ts'
import { type CountReporter, VerificationError } from './verification-error.ts'

export { VerificationError } from './verification-error.ts'

export type VerificationSummary = {
  revisions: number
  hash: string
  citations: number
  records: number
  /** Records of imports that search does not find yet. */
  notIndexed: number
}

export type VerificationOptions = {
  progress?: (line: string) => void
  reportCount?: CountReporter
  /** Receives every revision of the chain that holds. */
  onRevision?: (revision: number, hash: string) => unknown
}

/**
 * Checks all data, on one snapshot of the database: docs/ledger.md says what against what.
 *
 * @throws {VerificationError} at the first fault
 */
export async function verifyAll(
  database: Database,
  options: VerificationOptions = {},
): Promise<VerificationSummary> {
  const results = database.streamFromSnapshot(async function* (db) {
    yield await verifySnapshot(db, options)
  })
  let summary: VerificationSummary | undefined
  for await (const result of results) summary = result
  if (summary === undefined) throw new TypeError('The verification gave no result.')
  return summary
}

/** As `verifyAll`, in the transaction of `db`. */
export async function verifySnapshot(
  db: Db,
  {
    progress = () => undefined,
    reportCount = () => undefined,
    onRevision = () => undefined,
  }: VerificationOptions = {},
): Promise<VerificationSummary> {
  const totals = await countVerifiable(db)
  const chain = await verifyChain(db, (revision, hash) => {
    onRevision(revision, hash)
    reportCount('revisions', revision, totals.revisions)
  })
  progress(`Chain: ${chain.revisions} revisions are intact, the last hash is ${chain.hash}.`)
  const citations = await verifyArticles(db, (done) =>
    reportCount('citations', done, totals.citations),
  )
  progress('Articles: texts and bytes have the hashes that were stored.')
  progress(`Citations: ${citations} are found in their articles as quoted.`)
  const records = await verifyRecords(db, (done) => reportCount('records', done, totals.records))
  progress(`Records: ${records} match their last snapshots.`)
  const fault = await findDerivedFault(db)
  if (fault !== null) throw new VerificationError(fault)
  await verifyOrigins(db)
  progress('Derived columns, references and digests: they fit what they are made of.')
  const { pending } = await verifySearchIndex(db, (done) =>
    reportCount('records in search', done, totals.records),
  )
  progress(
    pending === 0
      ? 'Search: it has every record as it is.'
      : `Search: ${pending} records of an import are not indexed yet and were not compared; import-register goes on with them.`,
  )
  return { ...chain, citations, records, notIndexed: pending }
}
