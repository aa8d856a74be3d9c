import type { Tx } from '../../../database/transaction.ts'
import { formatCanonicalJson } from '../../../ledger/canonical-json.ts'
import { BadBundle } from '../reader/bad-bundle.ts'
import type { Bundle } from '../reader/read-bundle.ts'
import type { BundledRevision } from '../schema.ts'
import { batchByWeight } from './batches.ts'
import { findRevisionHashes, isOwnLedger, storeSnapshotTexts } from './queries.ts'

/**
 * Stores the revisions of other ledgers unchanged. Revisions of our own ledger are only compared with it.
 *
 * @throws {BadBundle} if a revision differs from the stored one
 */
export async function storeLedgers(tx: Tx, { manifest, readRevisions }: Bundle): Promise<void> {
  for (const { id: ledger } of manifest.ledgers) {
    const isOwn = await isOwnLedger(tx, ledger)
    const batches = batchByWeight(readRevisions(ledger), ({ documents }) => documents.length)
    for await (const batch of batches) await storeRevisions(tx, ledger, isOwn, batch)
  }
}

async function storeRevisions(
  tx: Tx,
  ledger: string,
  isOwn: boolean,
  revisions: readonly BundledRevision[],
): Promise<void> {
  const numbers = revisions.map(({ revision }) => revision)
  const hashByRevision = await findRevisionHashes(tx, ledger, numbers)
  for (const { revision, hash } of revisions) {
    const isUnknown = !hashByRevision.has(revision)
    if (isUnknown ? isOwn : hashByRevision.get(revision) !== hash)
      throw new BadBundle(
        `ledgers/${ledger}.ndjson: revision ${revision} differs from the one stored here for this ledger.`,
      )
  }
  if (isOwn) return
  const newRevisions = revisions.filter(({ revision }) => !hashByRevision.has(revision))
  await tx.insert({
    originRevision: newRevisions.map(({ hash, documents, ...facts }) => ({
      ledger,
      number: facts.revision,
      hash,
      facts: formatCanonicalJson({
        ...facts,
        documents: documents.map(({ text, ...withoutText }) => withoutText),
      }),
    })),
    originDocument: newRevisions.flatMap(({ revision: number, documents }) =>
      documents.map(({ record: recordId, hash }) => ({ ledger, number, recordId, hash })),
    ),
  })
  const texts = revisions.flatMap(({ documents }) =>
    documents.flatMap(({ hash, text }) => (text === null ? [] : [{ hash, text }])),
  )
  for await (const batch of batchByWeight(texts, () => 1)) await storeSnapshotTexts(tx, batch)
}
