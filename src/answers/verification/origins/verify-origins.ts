import type { Db } from '../../../database/database.ts'
import { sha256 } from '../../../evidence/sha256.ts'
import { readAllRows } from '../paging.ts'
import { VerificationError } from '../verification-error.ts'
import { findStrayText, loadOrigins, type OriginRow } from './queries.ts'

/**
 * Checks what other ledgers said, as bundles brought it: each revision against its hash and the one before it, and the list of its
 * documents. A revision that is missing altogether is not noticed: bundles bring only some of them.
 *
 * @throws {VerificationError}
 */
export async function verifyOrigins(db: Db): Promise<void> {
  let previous: OriginRow | undefined
  for await (const row of readAllRows<OriginRow>((after) => loadOrigins(db, after))) {
    const { ledger, number, hash, facts, documents } = row
    const where = `Revision ${number} of the ledger ${ledger.slice(0, 12)}`
    if (sha256(facts) !== hash) throw new VerificationError(`${where}: its hash does not fit.`)
    const said: {
      revision: number
      previousHash: string
      documents: { record: string; hash: string }[]
    } = JSON.parse(facts)
    const listed = said.documents.map(({ record, hash: of }) => `${record} ${of}`)
    const isConsistent =
      said.revision === number &&
      (number > 1 || hash === ledger) &&
      listed.join() === documents.map((one) => `${one.record} ${one.hash}`).join()
    if (!isConsistent) throw new VerificationError(`${where}: what is kept of it does not fit.`)
    const follows = previous?.ledger === ledger && previous.number === number - 1
    if (follows && previous?.hash !== said.previousHash)
      throw new VerificationError(`${where} does not follow from the one before it.`)
    previous = row
  }
  const hash = await findStrayText(db)
  if (hash !== undefined)
    throw new VerificationError(`The text ${hash} is of no document of another ledger.`)
}
