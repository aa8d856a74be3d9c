import type { Db } from '../../database/database.ts'
import { conflictsOf } from '../../records/conflicts.ts'
import type { ListRequest } from '../../records/reading.ts'
import { cursorAfter, lastDayAbove, type Part, readParts } from './queries.ts'
import { inSequence } from './rules.ts'
import type { TimelineEntry } from './schema.ts'

/**
 * A page, and the cursor of the next one.
 *
 * @throws {Problem} invalid-cursor, unknown-reference
 */
export async function readPage(
  db: Db,
  request: ListRequest & { limit: number },
): Promise<{ entries: TimelineEntry[]; next: string | null }> {
  const rows = await readParts(db, request)
  const found = rows.filter(({ part }) => part === 'entry')
  const shown = found.slice(0, request.limit)
  const parts = Map.groupBy(rows, ({ part, owner }) => `${part}/${owner}`)
  const partsOf = <T>(name: Part['part'], owner: string, shape: (part: Part) => T): T[] =>
    (parts.get(`${name}/${owner}`) ?? []).sort((a, b) => a.position - b.position).map(shape)
  const sequence = inSequence(lastDayAbove(request))
  const entries = shown.map(({ owner, document }) => {
    const row = JSON.parse(document ?? '{}')
    const { assurance, ...scalars } = row
    const entry = {
      ...scalars,
      participants: partsOf('participants', owner, (part) => ({
        actor: referenceOf(part),
        role: part.word,
      })),
      goods: partsOf('goods', owner, referenceOf),
      about: partsOf('about', owner, targetOf),
      effects: partsOf('effects', owner, (part) => ({ ...targetOf(part), becomes: part.word })),
      assurance,
      after: sequence(row.on),
      conflicts: [],
      citations: partsOf('citations', owner, ({ document, ...part }) => {
        const citation = JSON.parse(document ?? '{}')
        return {
          id: citation.id,
          field: citation.field,
          article: referenceOf(part),
          ...citation,
          voices: partsOf('voices', citation.id, (voice) => ({
            actor: voice.id === null ? null : referenceOf(voice),
            document: voice.word,
          })),
        }
      }),
    } as unknown as TimelineEntry
    return withConflicts(entry)
  })
  const last = found.length > request.limit ? shown.at(-1) : undefined
  return { entries, next: last ? cursorAfter(request, last) : null }
}

/** Fills in the conflicts of an entry, of which hardly any has one. */
export const withConflicts = <T extends TimelineEntry>(entry: T): T =>
  entry.citations.some(({ value }) => value !== null)
    ? { ...entry, conflicts: conflictsOf(entry) as TimelineEntry['conflicts'] }
    : entry

const referenceOf = ({ id, slug, name, kind }: Pick<Part, 'id' | 'slug' | 'name' | 'kind'>) => ({
  ...{ id, slug, name },
  href: `/v1/${kind}s/${slug}`,
})

const targetOf = (part: Part) => ({
  permit: part.kind === 'permit' ? referenceOf(part) : null,
  measure: part.kind === 'measure' ? referenceOf(part) : null,
})
