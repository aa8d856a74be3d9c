import type { Tx } from '../../../database/transaction.ts'
import { canonical } from '../../../ledger/canonical.ts'
import { BadBundle } from '../reading/bad-bundle.ts'
import type { Bundle } from '../reading/read-bundle.ts'
import type { BundledRevision } from '../schema.ts'
import { groupsOf } from './groups.ts'
import { insertRowsOf, isOwnLedger, keepTexts, knownHashes } from './queries.ts'

/**
 * Each ledger that is not our own is kept as it was said; ours must be what we wrote.
 *
 * @throws {BadBundle}
 */
export async function keepLedgers(tx: Tx, { manifest, revisions }: Bundle): Promise<void> {
  for (const { id: ledger } of manifest.ledgers) {
    const isOwn = await isOwnLedger(tx, ledger)
    for await (const group of groupsOf(revisions(ledger), ({ documents }) => documents.length))
      await keepRevisions(tx, ledger, isOwn, group)
  }
}

async function keepRevisions(
  tx: Tx,
  ledger: string,
  isOwn: boolean,
  revisions: readonly BundledRevision[],
): Promise<void> {
  const numbers = revisions.map(({ revision }) => revision)
  const known = await knownHashes(tx, ledger, numbers)
  for (const { revision, hash } of revisions)
    if (known.has(revision) ? known.get(revision) !== hash : isOwn)
      throw new BadBundle(
        `ledgers/${ledger}.ndjson: revision ${revision} is not what is known here of this ledger.`,
      )
  if (isOwn) return
  const fresh = revisions.filter(({ revision }) => !known.has(revision))
  await insertRowsOf(tx, [
    [
      'originRevision',
      fresh.map(({ hash, documents, ...facts }) => ({
        ...{ ledger, number: facts.revision, hash },
        facts: canonical({ ...facts, documents: documents.map(({ text, ...one }) => one) }),
      })),
    ],
    [
      'originDocument',
      fresh.flatMap(({ revision: number, documents }) =>
        documents.map(({ record: recordId, hash }) => ({ ledger, number, recordId, hash })),
      ),
    ],
  ])
  const texts = revisions.flatMap(({ documents }) =>
    documents.flatMap(({ hash, text }) => (text === null ? [] : [{ hash, text }])),
  )
  for await (const some of groupsOf(texts, () => 1)) await keepTexts(tx, some)
}
