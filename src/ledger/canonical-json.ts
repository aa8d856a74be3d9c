import canonicalize from 'canonicalize'
import { sha256 } from '../evidence/sha256.ts'

/** Canonical JSON (RFC 8785): equal values have equal bytes. */
export function formatCanonicalJson(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('The value cannot be written as JSON.')
  return text
}

/** What the hash of a revision covers, besides the hash of the previous one. */
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

/** The hash that links a revision to the previous one, as docs/ledger.md defines it. */
export function computeRevisionHash(revisionContent: HashedRevision, previousHash: string): string {
  const { author, change, committedAt, documents, revision } = revisionContent
  // The members are in canonical order, so JSON.stringify is enough. It is faster for thousands of snapshots.
  const sortedMembers = documents.map((snapshot) => ({
    change: snapshot.change,
    hash: snapshot.hash,
    record: snapshot.record,
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
