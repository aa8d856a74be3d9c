import type { DatabaseSnapshot, Db } from '../../database/database.ts'
import { escapeLineSeparators } from '../../http/json-lines.ts'
import { formatCanonicalJson } from '../../ledger/canonical-json.ts'
import {
  type LedgerRevisions,
  loadRevisionHeads,
  loadSnapshotTexts,
  type RevisionHead,
  type SnapshotEntry,
  snapshotEntriesQuery,
} from './queries.ts'

/** Revisions that one query reads. Each has one snapshot or thousands. */
const revisionsPerQuery = 200
/** Snapshots whose texts are in memory at a time. */
const snapshotsPerPiece = 100

/**
 * The revisions of a ledger as lines of canonical JSON, in pieces: members in the order of their names, each snapshot with its
 * text, or null if its record is not in the bundle. Returns the last revision.
 */
export async function* writeLedger(
  db: Db,
  snapshot: DatabaseSnapshot,
  ledger: LedgerRevisions,
  bundledIds: ReadonlySet<string>,
): AsyncGenerator<string, RevisionHead | undefined> {
  let current: RevisionHead | undefined
  for (let from = 0; from < ledger.revisions.length; from += revisionsPerQuery) {
    const numbers = ledger.revisions.slice(from, from + revisionsPerQuery)
    const heads = await loadRevisionHeads(db, snapshot, ledger, numbers)
    const entriesQuery = snapshotEntriesQuery(db, ledger, numbers)
    for await (const entries of snapshot.streamBatches(entriesQuery, snapshotsPerPiece)) {
      const bundledEntries = entries.filter(({ record }) => bundledIds.has(record))
      const texts = await loadSnapshotTexts(db, snapshot, ledger, bundledEntries)
      let piece = ''
      for (const entry of entries) {
        if (entry.revision !== current?.revision) {
          piece += formatEnd(current)
          current = heads.get(entry.revision)
          piece += formatStart(current)
        } else piece += ','
        piece += formatEntry(entry, texts)
      }
      yield escapeLineSeparators(piece)
    }
  }
  yield formatEnd(current)
  return current
}

/** The members before and after the list of snapshots. */
function formatStart(head: RevisionHead | undefined): string {
  if (head === undefined)
    throw new Error('The ledger has snapshots of a revision that it does not have.')
  const { author, change, committedAt } = head
  return `${formatCanonicalJson({ author, change, committedAt }).slice(0, -1)},"documents":[`
}

function formatEnd(head: RevisionHead | undefined): string {
  if (head === undefined) return ''
  const { hash, previousHash, revision } = head
  return `],${formatCanonicalJson({ hash, previousHash, revision }).slice(1)}\n`
}

/** The members are in canonical order, so JSON.stringify is enough. It is faster for thousands of snapshots. */
const formatEntry = (
  { change, hash, record }: SnapshotEntry,
  texts: ReadonlyMap<string, string>,
): string => JSON.stringify({ change, hash, record, text: texts.get(hash) ?? null })
