import canonicalize from 'canonicalize'
import { sha256 } from '../evidence/sha256.ts'

/** Canonical JSON (RFC 8785): equal values are equal bytes. */
export function formatCanonicalJson(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('There is no JSON for this value.')
  return text
}

/** What the hash of a revision covers, besides the revision before. */
export type HashedRevision = {
  revision: number
  /** ISO instant in UTC with milliseconds. */
  committedAt: string
  change: string
  author: string
  /** In the order of the record ids. */
  documents: readonly { record: string; change: string; hash: string }[]
}

export const genesisHash = '0'.repeat(64)

/** The hash that chains a revision to the one before it; docs/ledger.md says the same in words. */
export function computeRevisionHash(revisionContent: HashedRevision, previousHash: string): string {
  const { author, change, committedAt, documents, revision } = revisionContent
  // Canonical as it is written, for the members are in order: there may be thousands of documents.
  const sortedMembers = documents.map(({ record, change: made, hash: of }) => ({
    change: made,
    hash: of,
    record,
  }))
  return sha256(
    JSON.stringify({
      author,
      change,
      committedAt,
      documents: sortedMembers,
      previousHash,
      revision,
    }),
  )
}
