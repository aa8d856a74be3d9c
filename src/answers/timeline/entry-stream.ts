import { findConflicts } from '../../records/model/conflicts.ts'
import type { ChangedEntry } from './ics.ts'
import { createOrderCheck } from './rules.ts'

/**
 * Parses events in timeline order and adds `after` and `conflicts`.
 *
 * @param previousLastDay last day of the entry before the first one; null when there is none
 */
export async function* streamEntries(
  previousLastDay: string | null,
  eventTexts: AsyncIterable<string>,
) {
  const compareWithPrevious = createOrderCheck(previousLastDay)
  for await (const text of eventTexts) {
    const { conflicts: _, citations, ...event } = JSON.parse(text)
    const after = compareWithPrevious(
      event.on?.earliest ?? '-infinity',
      event.on?.latest ?? 'infinity',
    )
    const conflicts = findConflicts({ ...event, citations })
    yield { ...event, after, conflicts, citations } as ChangedEntry
  }
}
