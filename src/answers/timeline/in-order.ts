import { conflictsOf } from '../../records/model/conflicts.ts'
import type { Changed } from './ics.ts'
import { inSequence } from './rules.ts'

/** The entries of JSON texts, each with its place in the sequence. */
export async function* inOrderFrom(above: string | null, documents: AsyncIterable<string>) {
  const sequence = inSequence(above)
  for await (const document of documents) {
    const { conflicts: _, citations, ...event } = JSON.parse(document)
    const after = sequence(event.on?.earliest ?? '-infinity', event.on?.latest ?? 'infinity')
    const conflicts = conflictsOf({ ...event, citations })
    yield { ...event, after, conflicts, citations } as Changed
  }
}
