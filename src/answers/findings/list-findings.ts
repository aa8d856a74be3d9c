import type { Database, Db } from '../../database/database.ts'
import { Problem } from '../../problem.ts'
import { refuseUnknownReferences } from '../../records/model/list-queries.ts'
import { isId } from '../../records/model/schema.ts'
import { type Asked, findFindings, type Place } from './find-findings.ts'
import { recordFilters } from './queries.ts'
import { type Finding, RuleName } from './schema.ts'

/**
 * What bounds the time of one page where there is little to be found: pairs that are judged, and anchors (permits,
 * assurances) that are looked at, of which so many cost as much as a pair.
 */
const pairsMost = 600
const anchorsPerPair = 40
/** Pairs that are read at once for a list without a limit. */
const pairsAtOnce = 200

export type FindingsPage = { findings: Finding[]; next: string | null }

/**
 * A page of findings. It is shorter than `limit`, or empty, when so much was looked at in vain; `next` then goes on.
 *
 * @throws {Problem} invalid-cursor, unknown-reference
 */
export async function listFindings(
  db: Db,
  asked: Asked,
  cursor: string | undefined,
  limit: number,
): Promise<FindingsPage> {
  const after = cursor === undefined ? null : readCursor(asked, cursor)
  const found: { finding: Finding; at: Place }[] = []
  let work = 0
  for await (const step of findFindings(db, asked, after, limit + 1)) {
    const last = found[limit - 1]
    work += step.pairs + step.anchors / anchorsPerPair
    if (step.finding && last) return pageOf(found, writeCursor(asked, last.at))
    if (step.finding) found.push({ finding: step.finding, at: step.at })
    else if (work >= pairsMost) return pageOf(found, writeCursor(asked, (last ?? step).at))
  }
  if (found.length === 0)
    await refuseUnknownReferences(db, { filters: recordFilters }, asked.narrowed)
  return pageOf(found, null)
}

const pageOf = (found: readonly { finding: Finding }[], next: string | null): FindingsPage => ({
  findings: found.map(({ finding }) => finding),
  next,
})

/**
 * All findings behind the cursor as JSON texts, of one snapshot. The first is awaited, so that a fault until then is a
 * problem document.
 */
export async function streamFindings(
  database: Database,
  asked: Asked,
  cursor: string | undefined,
): Promise<AsyncGenerator<string>> {
  const after = cursor === undefined ? null : readCursor(asked, cursor)
  const found = database.snapshot((db) => findAll(db, asked, after))
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

async function* findAll(db: Db, asked: Asked, after: Place | null) {
  let isEmpty = true
  for await (const { finding } of findFindings(db, asked, after, pairsAtOnce))
    if (finding) {
      isEmpty = false
      yield JSON.stringify(finding)
    }
  if (isEmpty) await refuseUnknownReferences(db, { filters: recordFilters }, asked.narrowed)
}

/** Of which findings a cursor was given out. */
const fingerprint = ({ rules, certainty, narrowed }: Asked): string =>
  JSON.stringify([rules, certainty, narrowed.case, narrowed.permit, narrowed.actor])

const writeCursor = (asked: Asked, { rule, anchor, counterpart }: Place): string =>
  Buffer.from(JSON.stringify([rule, anchor, counterpart, fingerprint(asked)])).toString('base64url')

function readCursor(asked: Asked, cursor: string): Place {
  let parts: unknown
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    parts = undefined
  }
  const [name, anchor, counterpart, print]: unknown[] = Array.isArray(parts) ? parts : []
  const { success, data: rule } = RuleName.safeParse(name)
  if (!success || !isId(anchor) || !isId(counterpart))
    throw notACursor('The cursor was not given out by this server.', 'not a cursor')
  if (print !== fingerprint(asked))
    throw notACursor(
      'The cursor was given out for another list or other filters.',
      'of another list',
    )
  return { rule, anchor: String(anchor), counterpart: String(counterpart) }
}

const notACursor = (message: string, detail: string): Problem =>
  new Problem('invalid-cursor', message, { errors: [{ pointer: '/query/cursor', detail }] })
