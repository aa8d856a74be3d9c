import { sha256 } from '../../../evidence/sha256.ts'
import { computeRevisionHash, formatCanonicalJson } from '../../../ledger/canonical-json.ts'
import { Kind } from '../../../records/model/schema.ts'
import { toBundledContent } from '../record-lines.ts'
import type { BundledRecord, BundledRevision } from '../schema.ts'
import { throwBadBundle } from './bad-bundle.ts'
import { parseJson } from './ndjson.ts'

/**
 * Checks the hashes of snapshots and revisions, and the chain between revisions with consecutive numbers.
 *
 * @param snapshotDigests receives a digest of the last snapshot of each record
 * @returns the hash of the last revision
 * @throws {BadBundle} naming the revision
 */
export async function checkLedger(
  name: string,
  revisions: AsyncIterable<BundledRevision>,
  snapshotDigests: Set<string>,
): Promise<string | undefined> {
  const lastDigests = new Map<string, string>()
  let previous: { revision: number; hash: string } | undefined
  for await (const { documents, previousHash, hash, ...facts } of revisions) {
    const { revision } = facts
    const location = `${name}: revision ${revision}`
    for (const { record, hash: textHash, text } of documents) {
      if (text === null) continue
      if (sha256(text) !== textHash)
        throwBadBundle(`${location}: the snapshot of record ${record} was changed.`)
      lastDigests.set(record, digestSnapshot(record, parseJson(location, text)))
    }
    const hashedSnapshots = documents.map(({ text, ...withoutText }) => withoutText)
    if (computeRevisionHash({ ...facts, documents: hashedSnapshots }, previousHash) !== hash)
      throwBadBundle(`${location}: its hash does not match its content.`)
    if (previous !== undefined && revision <= previous.revision)
      throwBadBundle(`${location} does not come after ${previous.revision}.`)
    if (previous?.revision === revision - 1 && previousHash !== previous.hash)
      throwBadBundle(`${location} does not follow from the one before it.`)
    previous = { revision, hash }
  }
  for (const digest of lastDigests.values()) snapshotDigests.add(digest)
  return previous?.hash
}

/** Equal to the digest of a snapshot with the same content. */
export const digestRecord = ({ id, kind, state, record, citations }: BundledRecord): string =>
  state === 'live'
    ? computeDigest(id, { kind, record, citations })
    : computeDigest(id, [state, record.slug])

function digestSnapshot(id: string, snapshot: unknown): string {
  const { kind, state, slug, ...content } = snapshot as Record<string, unknown>
  if (typeof state === 'string' && typeof slug === 'string') return computeDigest(id, [state, slug])
  const parsedKind = Kind.safeParse(kind)
  try {
    if (parsedKind.success)
      return computeDigest(id, {
        kind: parsedKind.data,
        ...toBundledContent(parsedKind.data, { slug, ...content }),
      })
  } catch (error) {
    // A forged ledger can have snapshots of any shape. They match no record.
    if (!(error instanceof TypeError)) throw error
  }
  return ''
}

/** Shortened, because a bundle can have a million digests, and all are held in memory. */
const computeDigest = (id: string, content: unknown): string =>
  sha256(`${id} ${formatCanonicalJson(content)}`).slice(0, 40)
