import type { Database, Db, ExportRequester } from '../../database/database.ts'
import { Problem } from '../../problem.ts'
import {
  decodeCursor,
  encodeCursor,
  notACursorProblem,
  otherCursorProblem,
} from '../../records/model/cursor.ts'
import { refuseUnknownReferences } from '../../records/model/list-queries.ts'
import { isId } from '../../records/model/schema.ts'
import { type FindingsCursor, type FindingsRequest, findFindings } from './find-findings.ts'
import { findPreviousUuid, parseFindingId } from './pairs/finding-id.ts'
import { recordFilters } from './queries.ts'
import { type Finding, RuleName } from './schema.ts'

/** Bounds the time of a page with few findings: the number of pairs to evaluate. */
const pairsPerPage = 600
/** Looking up so many anchors (permits, assurances) costs as much as evaluating one pair. */
const anchorsPerPair = 40
/** Pairs of one look-up for a list without a limit. */
const pairBatchSize = 200

export type FindingsPage = { findings: Finding[]; next: string | null }

/**
 * A page of findings. It is shorter than `limit`, or empty, if the work of a page was done before; then `next` continues.
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
  const entries: { finding: Finding; cursor: FindingsCursor }[] = []
  let work = 0
  for await (const step of findFindings(db, request, after, limit + 1)) {
    const lastOfPage = entries[limit - 1]
    work += step.pairs + step.anchors / anchorsPerPair
    if (step.finding && lastOfPage) return toPage(entries, formatCursor(request, lastOfPage.cursor))
    if (step.finding) entries.push({ finding: step.finding, cursor: step.cursor })
    else if (work >= pairsPerPage)
      return toPage(entries, formatCursor(request, (lastOfPage ?? step).cursor))
  }
  if (entries.length === 0)
    await refuseUnknownReferences(db, { filters: recordFilters }, request.filters)
  return toPage(entries, null)
}

const toPage = (entries: readonly { finding: Finding }[], next: string | null): FindingsPage => ({
  findings: entries.map(({ finding }) => finding),
  next,
})

/**
 * All findings after the cursor as JSON texts, from one database snapshot. Resolves when the first finding is there, so that
 * an earlier error can still be answered with a problem.
 */
export async function streamFindings(
  database: Database,
  request: FindingsRequest,
  cursor: string | undefined,
  requester: ExportRequester,
): Promise<AsyncGenerator<string>> {
  const after = cursor === undefined ? null : parseCursor(request, cursor)
  const findingTexts = database.streamFromSnapshot(
    (db) => streamAllFindings(db, request, after),
    requester,
  )
  const first = await findingTexts.next()
  async function* streamFromFirst() {
    try {
      if (!first.done) yield first.value
      yield* findingTexts
    } finally {
      await findingTexts.return(undefined)
    }
  }
  return streamFromFirst()
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

/**
 * The finding with this id, computed from the records as they are now.
 *
 * @throws {Problem} not-found if the rule finds nothing in these records, or no longer
 */
export async function findOneFinding(db: Db, id: string): Promise<Finding> {
  const identity = parseFindingId(id)
  if (identity !== null) {
    const { rule, anchor, counterpart } = identity
    const after = { rule, anchor, counterpart: findPreviousUuid(counterpart) }
    const request = { rules: [rule], certainty: null, filters: {} }
    for await (const { finding } of findFindings(db, request, after, 1)) {
      if (finding?.id === id) return finding
      // The pairs come in order: the first step is at the pair of the id, or behind it.
      break
    }
  }
  throw new Problem(
    'not-found',
    `There is no finding ${id}. Findings are computed from the records, and end when these change.`,
  )
}

/** A cursor is only valid for the request that it was created for. */
const requestFingerprint = ({ rules, certainty, filters }: FindingsRequest): string =>
  JSON.stringify([rules, certainty, filters.case, filters.permit, filters.actor])

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
