import { findConflicts } from '../../records/model/conflicts.ts'
import type { ChangedEntry } from './ics.ts'
import { createOrderCheck } from './rules.ts'

/** The entries of JSON texts, each with its place in the sequence. */
export async function* streamEntries(
  previousLastDay: string | null,
  documents: AsyncIterable<string>,
) {
  const compareWithPrevious = createOrderCheck(previousLastDay)
  for await (const document of documents) {
    const { conflicts: _, citations, ...event } = JSON.parse(document)
    const after = compareWithPrevious(
      event.on?.earliest ?? '-infinity',
      event.on?.latest ?? 'infinity',
    )
    const conflicts = findConflicts({ ...event, citations })
    yield { ...event, after, conflicts, citations } as ChangedEntry
  }
}
