import { canonical, revisionHash, sha256 } from '../../../ledger/canonical.ts'
import { Kind } from '../../../records/model/schema.ts'
import { ownPart } from '../lines.ts'
import type { BundledRecord, BundledRevision } from '../schema.ts'
import { bad } from './bad-bundle.ts'
import { json } from './ndjson.ts'

/**
 * Holds texts and revisions against their hashes, and the revisions against each other where they follow one another.
 * What the last document of each record says, as a digest, is added to `said`.
 *
 * @returns the hash of the last one
 * @throws {BadBundle} naming the revision
 */
export async function checkLedger(
  name: string,
  revisions: AsyncIterable<BundledRevision>,
  said: Set<string>,
): Promise<string | undefined> {
  const last = new Map<string, string>()
  let before: { revision: number; hash: string } | undefined
  for await (const { documents, previousHash, hash, ...facts } of revisions) {
    const { revision } = facts
    const at = `${name}: revision ${revision}`
    for (const { record, hash: ofText, text } of documents) {
      if (text === null) continue
      if (sha256(text) !== ofText) bad(`${at}: the document of record ${record} was changed.`)
      last.set(record, digestOfDocument(record, json(at, text)))
    }
    const covered = documents.map(({ text, ...others }) => others)
    if (revisionHash({ ...facts, documents: covered }, previousHash) !== hash)
      bad(`${at}: its hash does not fit.`)
    if (before !== undefined && revision <= before.revision)
      bad(`${at} does not come after ${before.revision}.`)
    if (before?.revision === revision - 1 && previousHash !== before.hash)
      bad(`${at} does not follow from the one before it.`)
    before = { revision, hash }
  }
  for (const digest of last.values()) said.add(digest)
  return before?.hash
}

/** The same for a record as for the document that says the same of it. */
export const digestOfRecord = ({ id, kind, state, record, citations }: BundledRecord): string =>
  state === 'live' ? digest(id, { kind, record, citations }) : digest(id, [state, record.slug])

function digestOfDocument(id: string, document: unknown): string {
  const { kind, state, slug, ...others } = document as Record<string, unknown>
  if (typeof state === 'string' && typeof slug === 'string') return digest(id, [state, slug])
  const known = Kind.safeParse(kind)
  try {
    if (known.success)
      return digest(id, { kind: known.data, ...ownPart(known.data, { slug, ...others }) })
  } catch (error) {
    // Whoever forges a ledger can give a document any form; none that differs is that of a record.
    if (!(error instanceof TypeError)) throw error
  }
  return ''
}

/** Short: a bundle can have a million of them, and each is held in memory. */
const digest = (id: string, said: unknown): string =>
  sha256(`${id} ${canonical(said)}`).slice(0, 40)
