import type { Db } from '../../../database/database.ts'
import { sha256 } from '../../../evidence/sha256.ts'
import { computeRevisionHash, genesisHash } from '../../../ledger/canonical-json.ts'
import { readAllRows } from '../paging.ts'
import { VerificationError } from '../verification-error.ts'
import { loadRevisions, loadSnapshots, type RevisionRow, type SnapshotRow } from './queries.ts'

/**
 * Recomputes the chain of hashes from the first revision.
 *
 * @param onRevision receives every revision that holds
 * @throws {VerificationError}
 */
export async function verifyChain(
  db: Db,
  onRevision: (revision: number, hash: string) => void,
): Promise<{ revisions: number; hash: string }> {
  const snapshots = readAllRows<SnapshotRow>((after) => loadSnapshots(db, after))
  let snapshot = await snapshots.next()
  let revisions = 0
  let hash = genesisHash
  for await (const row of readAllRows<RevisionRow>((after) => loadRevisions(db, after))) {
    revisions += 1
    if (row.revision !== revisions)
      throw new VerificationError(`Revision ${revisions} is missing; ${row.revision} follows.`)
    if (row.previousHash !== hash)
      throw new VerificationError(`Revision ${revisions} does not follow from the one before it.`)
    const documents = []
    for (
      ;
      !snapshot.done && snapshot.value.revision <= revisions;
      snapshot = await snapshots.next()
    ) {
      const { record, change, hash: snapshotHash, text } = snapshot.value
      if (sha256(text) !== snapshotHash)
        throw new VerificationError(
          `Revision ${revisions}: the snapshot of record ${record} was changed.`,
        )
      documents.push({ record, change, hash: snapshotHash })
    }
    const { change, author, committedAt } = row
    const facts = {
      revision: revisions,
      committedAt: committedAt.toISOString(),
      change,
      author,
      documents,
    }
    hash = computeRevisionHash(facts, row.previousHash)
    if (hash !== row.hash)
      throw new VerificationError(`Revision ${revisions}: its hash does not match its content.`)
    onRevision(revisions, hash)
  }
  if (!snapshot.done)
    throw new VerificationError(
      `Revision ${snapshot.value.revision} is missing; snapshots of it are still there.`,
    )
  return { revisions, hash }
}
