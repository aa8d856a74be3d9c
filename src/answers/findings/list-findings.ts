import type { Database, Db } from '../../database/database.ts'
import {
  decodeCursor,
  encodeCursor,
  notACursorProblem,
  otherCursorProblem,
} from '../../records/model/cursor.ts'
import { refuseUnknownReferences } from '../../records/model/list-queries.ts'
import { isId } from '../../records/model/schema.ts'
import { type FindingsCursor, type FindingsRequest, findFindings } from './find-findings.ts'
import { recordFilters } from './queries.ts'
import { type Finding, RuleName } from './schema.ts'

/**
 * What bounds the time of one page where there is little to be found: pairs that are judged, and anchors (permits,
 * assurances) that are looked at, of which so many cost as much as a pair.
 */
const pairsPerPage = 600
const anchorsPerPair = 40
/** Pairs that are read at once for a list without a limit. */
const pairBatchSize = 200

export type FindingsPage = { findings: Finding[]; next: string | null }

/**
 * A page of findings. It is shorter than `limit`, or empty, when so much was looked at in vain; `next` then goes on.
 *
 * @throws {Problem} invalid-cursor, unknown-reference
 */
export async function listFindings(
  db: Db,
  request: FindingsRequest,
  cursor: string | undefined,
  limit: number,
): Promise<FindingsPage> {
  const after = cursor === undefined ? null : parseCursor(request, cursor)
  const found: { finding: Finding; cursor: FindingsCursor }[] = []
  let work = 0
  for await (const step of findFindings(db, request, after, limit + 1)) {
    const last = found[limit - 1]
    work += step.pairs + step.anchors / anchorsPerPair
    if (step.finding && last) return toPage(found, formatCursor(request, last.cursor))
    if (step.finding) found.push({ finding: step.finding, cursor: step.cursor })
    else if (work >= pairsPerPage)
      return toPage(found, formatCursor(request, (last ?? step).cursor))
  }
  if (found.length === 0)
    await refuseUnknownReferences(db, { filters: recordFilters }, request.filters)
  return toPage(found, null)
}

const toPage = (found: readonly { finding: Finding }[], next: string | null): FindingsPage => ({
  findings: found.map(({ finding }) => finding),
  next,
})

/**
 * All findings behind the cursor as JSON texts, of one snapshot. The first is awaited, so that a fault until then is a
 * problem document.
 */
export async function streamFindings(
  database: Database,
  request: FindingsRequest,
  cursor: string | undefined,
): Promise<AsyncGenerator<string>> {
  const after = cursor === undefined ? null : parseCursor(request, cursor)
  const found = database.streamFromSnapshot((db) => streamAllFindings(db, request, after))
  const first = await found.next()
  async function* documents() {
    try {
      if (!first.done) yield first.value
      yield* found
    } finally {
      await found.return(undefined)
    }
  }
  return documents()
}

async function* streamAllFindings(db: Db, request: FindingsRequest, after: FindingsCursor | null) {
  let isEmpty = true
  for await (const { finding } of findFindings(db, request, after, pairBatchSize))
    if (finding) {
      isEmpty = false
      yield JSON.stringify(finding)
    }
  if (isEmpty) await refuseUnknownReferences(db, { filters: recordFilters }, request.filters)
}

/** Of which findings a cursor was given out. */
const requestFingerprint = ({ rules, certainty, filters: narrowed }: FindingsRequest): string =>
  JSON.stringify([rules, certainty, narrowed.case, narrowed.permit, narrowed.actor])

const formatCursor = (
  request: FindingsRequest,
  { rule, anchor, counterpart }: FindingsCursor,
): string => encodeCursor([rule, anchor, counterpart, requestFingerprint(request)])

function parseCursor(request: FindingsRequest, cursor: string): FindingsCursor {
  const [name, anchor, counterpart, cursorFingerprint] = decodeCursor(cursor)
  const { success, data: rule } = RuleName.safeParse(name)
  if (!success || !isId(anchor) || !isId(counterpart)) throw notACursorProblem()
  if (cursorFingerprint !== requestFingerprint(request))
    throw otherCursorProblem('another list or other filters', 'of another list')
  return { rule, anchor: String(anchor), counterpart: String(counterpart) }
}
