import { createPatch } from 'rfc6902'
import type { LedgerChange } from '../../ledger/ledger-change.ts'
import { buildHref } from '../../records/model/schema.ts'
import { RecordChange } from './schema.ts'

/** A change as the API shows it: the difference of the two snapshots as a JSON Patch. */
export function describeChange(change: LedgerChange): RecordChange {
  const { revision, committedAt, author, recordId: id, kind, slug, action } = change
  const after = JSON.parse(change.after)
  const patch =
    change.before === null
      ? [{ op: 'add', path: '', value: after }]
      : createPatch(JSON.parse(change.before), after)
  const gone = action === 'retract' || action === 'merge'
  return RecordChange.parse({
    revision,
    committedAt,
    author,
    change: change.change,
    action,
    patch,
    record: { id, kind, slug, href: buildHref(kind, slug), gone },
  })
}
