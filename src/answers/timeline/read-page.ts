import type { Db } from '../../database/database.ts'
import type { ListRequest } from '../../records/model/list-queries.ts'
import { cursorAfter, findPreviousLastDay, readEntries } from './queries.ts'
import { createOrderCheck } from './rules.ts'

/**
 * A page of entries as JSON texts. Null `next`: this is the last page.
 *
 * @throws {Problem} invalid-cursor, unknown-reference
 */
export async function readPage(
  db: Db,
  request: ListRequest & { limit: number },
): Promise<{ documents: string[]; next: string | null }> {
  const { rows, wires } = await readEntries(db, request)
  const pageRows = rows.slice(0, request.limit)
  const compareWithPrevious = createOrderCheck(findPreviousLastDay(request))
  const documents = pageRows.map(({ id, position }) => {
    const [last = '', first = ''] = position.slice(1, -1).split(',')
    const { conflicts, citations, ...event } = wires.get(id) ?? {}
    return JSON.stringify({
      ...event,
      after: compareWithPrevious(first, last),
      conflicts,
      citations,
    })
  })
  const last = rows.length > request.limit ? pageRows.at(-1) : undefined
  return { documents, next: last ? cursorAfter(request, last) : null }
}
