import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import { sha256 } from '../../ledger/canonical-json.ts'
import { readAllRows } from './paging.ts'
import { VerificationError } from './verification-error.ts'

const revisionsPerPage = 50

type OriginRow = {
  ledger: string
  number: number
  hash: string
  facts: string
  /** Record ids with hashes, in the order of the ids. */
  documents: { record: string; hash: string }[]
}

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
  await verifyTexts(db)
}

async function loadOrigins(db: Db, after: OriginRow | null): Promise<OriginRow[]> {
  const { rows } = await sql<OriginRow>`
    SELECT ledger, number::float8 AS number, hash, facts, COALESCE((
      SELECT json_agg(json_build_object('record', record_id, 'hash', hash) ORDER BY record_id)
      FROM origin_document
      WHERE origin_document.ledger = origin_revision.ledger AND origin_document.number = origin_revision.number
    ), '[]'::json) AS documents
    FROM origin_revision
    WHERE (ledger, number) > (${after?.ledger ?? ''}, ${after?.number ?? -1}::bigint)
    ORDER BY ledger, number
    LIMIT ${sql.lit(revisionsPerPage)}`.execute(db)
  return rows
}

/** A text is of a document; that its hash is its own, a constraint of the table checks. */
async function verifyTexts(db: Db): Promise<void> {
  const { rows } = await sql<{ hash: string }>`
    SELECT hash
    FROM origin_text
    WHERE NOT EXISTS (SELECT 1 FROM origin_document WHERE origin_document.hash = origin_text.hash)
      OR hash <> encode(sha256(convert_to(text, 'UTF8')), 'hex')
    LIMIT 1`.execute(db)
  const row = rows[0]
  if (row) throw new VerificationError(`The text ${row.hash} is of no document of another ledger.`)
}
