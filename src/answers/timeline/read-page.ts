import type { Db } from '../../database/database.ts'
import { conflictsOf, type Disputed } from '../../records/conflicts.ts'
import type { ListRequest } from '../../records/reading.ts'
import { cursorAfter, lastDayAbove, type Part, readParts } from './queries.ts'
import { inSequence } from './rules.ts'

/**
 * A page as JSON texts, and the cursor of the next one. What PostgreSQL wrote as JSON is passed on as it stands.
 *
 * @throws {Problem} invalid-cursor, unknown-reference
 */
export async function readPage(
  db: Db,
  request: ListRequest & { limit: number },
): Promise<{ documents: string[]; next: string | null }> {
  const rows = await readParts(db, request)
  const found = rows.filter(({ part }) => part === 'entry')
  const shown = found.slice(0, request.limit)
  const texts = textsOf(rows)
  const sequence = inSequence(lastDayAbove(request))
  const documents = shown.map(({ owner, sorted, document }) => {
    const [last = '', first = ''] = sorted?.slice(1, -1).split(',') ?? []
    const list = (part: Part['part']) => `[${texts(part, owner)}]`
    const entry = `${document?.slice(0, -1)},"participants":${list('participants')},"goods":${list('goods')},"about":${list('about')},"effects":${list('effects')},"after":${JSON.stringify(sequence(first, last))},"conflicts":[],"citations":${list('citations')}}`
    return texts.isDisputed(owner) ? withConflictsText(entry) : entry
  })
  const last = found.length > request.limit ? shown.at(-1) : undefined
  return { documents, next: last ? cursorAfter(request, last) : null }
}

/** The JSON texts of what belongs to an event or a citation, in order, joined by commas. */
function textsOf(rows: readonly Part[]) {
  const parts = Map.groupBy(rows, ({ part, owner }) => part + owner)
  const references = new Map<string, string>()
  const reference = ({ id, slug, name, kind }: Part): string => {
    if (id === null) return 'null'
    const made =
      references.get(id) ??
      `{"id":"${id}","slug":"${slug}","name":${JSON.stringify(name)},"href":"/v1/${kind}s/${slug}"}`
    references.set(id, made)
    return made
  }
  const target = (part: Part): string =>
    part.kind === 'permit'
      ? `"permit":${reference(part)},"measure":null`
      : `"permit":null,"measure":${reference(part)}`
  const shape: Record<Part['part'], (part: Part) => string> = {
    entry: () => '',
    participants: (part) => `{"actor":${reference(part)},"role":${JSON.stringify(part.word)}}`,
    goods: reference,
    about: (part) => `{${target(part)}}`,
    effects: (part) => `{${target(part)},"becomes":${JSON.stringify(part.word)}}`,
    citations: (part) =>
      `${part.document?.slice(0, -1)},"article":${reference(part)},"voices":[${texts('voices', part.word ?? '')}]}`,
    voices: (part) =>
      `{"actor":${reference(part)},"document":${part.word === null ? 'null' : JSON.stringify(part.word)}}`,
  }
  const texts = (part: Part['part'], owner: string): string =>
    (parts.get(part + owner) ?? [])
      .sort((a, b) => a.position - b.position)
      .map(shape[part])
      .join(',')
  return Object.assign(texts, {
    isDisputed: (owner: string) =>
      (parts.get(`citations${owner}`) ?? []).some(({ sorted }) => sorted !== null),
  })
}

const withConflictsText = (entry: string): string =>
  JSON.stringify(withConflicts(JSON.parse(entry) as Disputed))

/** Fills in the conflicts of an entry, of which hardly any has one. */
export const withConflicts = <T extends Disputed>(entry: T): T =>
  entry.citations.some(({ value }) => value !== null)
    ? { ...entry, conflicts: conflictsOf(entry) }
    : entry
