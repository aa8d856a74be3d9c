import type { Tx } from '../../../database/transaction.ts'
import { formatCanonicalJson } from '../../../ledger/canonical-json.ts'
import { BadBundle } from '../reader/bad-bundle.ts'
import type { Bundle } from '../reader/read-bundle.ts'
import type { BundledRevision } from '../schema.ts'
import { batchByWeight } from './batches.ts'
import { findRevisionHashes, isOwnLedger, storeSnapshotTexts } from './queries.ts'

/**
 * Each ledger that is not our own is kept as it was said; ours must be what we wrote.
 *
 * @throws {BadBundle}
 */
export async function storeLedgers(
  tx: Tx,
  { manifest, readRevisions: revisions }: Bundle,
): Promise<void> {
  for (const { id: ledger } of manifest.ledgers) {
    const isOwn = await isOwnLedger(tx, ledger)
    for await (const batch of batchByWeight(revisions(ledger), ({ documents }) => documents.length))
      await storeRevisions(tx, ledger, isOwn, batch)
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
  for (const { revision, hash } of revisions)
    if (hashByRevision.has(revision) ? hashByRevision.get(revision) !== hash : isOwn)
      throw new BadBundle(
        `ledgers/${ledger}.ndjson: revision ${revision} is not what is known here of this ledger.`,
      )
  if (isOwn) return
  const newRevisions = revisions.filter(({ revision }) => !hashByRevision.has(revision))
  await tx.insert({
    originRevision: newRevisions.map(({ hash, documents, ...facts }) => ({
      ledger,
      number: facts.revision,
      hash,
      facts: formatCanonicalJson({
        ...facts,
        documents: documents.map(({ text, ...one }) => one),
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
