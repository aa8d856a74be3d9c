import { certaintyBefore } from '../../../evidence/edtf.ts'
import { formatDateAdverb } from '../../../evidence/words.ts'
import type { FactDate, Grade, PermitFacts } from '../rules.ts'
import { certain, possible } from './grades.ts'

/** A date marked as uncertain or approximate (EDTF `?`, `~`, `%`) does not prove an order. */
export const isExactDate = ({ edtf }: FactDate): boolean => !/[?~%]/.test(edtf)

/** Whether `earlier` is certainly before `later`. */
export const isCertainlyBefore = (earlier: FactDate, later: FactDate): boolean =>
  certaintyBefore(earlier, later) === 'certain' && isExactDate(earlier) && isExactDate(later)

/** Whether `day` is certainly not after `last`. */
export const isCertainlyUntil = (day: FactDate, last: FactDate): boolean =>
  day.latest !== null &&
  last.earliest !== null &&
  day.latest <= last.earliest &&
  isExactDate(day) &&
  isExactDate(last)

/** A dated fact as the subject of a sentence: `The permit was issued`. */
export type DatedFact = { what: string; on: FactDate | null }

/** Whether `later` came after `earlier`. Null: it certainly did not, or one of them has no date. */
export function gradeOrder(earlier: DatedFact, later: DatedFact): Grade | null {
  if (earlier.on === null || later.on === null) return null
  if (certaintyBefore(later.on, earlier.on) === 'certain') return null
  const dates = `${earlier.what} ${formatDateAdverb(earlier.on)}; ${later.what} ${formatDateAdverb(later.on)}`
  return isCertainlyBefore(earlier.on, later.on)
    ? certain(`${dates}.`)
    : possible(
        `${dates}: these dates do not say which came first.`,
        'Dates that say which came first.',
      )
}

/** How and when a permit was issued. `event`: null if no event on record issued it. */
export type Issue = { event: string | null; on: FactDate | null; field: 'on' | 'history' }

/**
 * The issue of a permit. Its last possible day is at most that of any later step of the permit's life: what was suspended in
 * July was issued by then. A permit whose first step is a later one was issued before. Null: it was never issued.
 */
export function findIssue({ history }: PermitFacts): Issue | null {
  const issueIndex = history.findIndex(({ becomes }) => becomes === 'issued')
  const issueStep = history[issueIndex]
  if (issueStep === undefined && (history.length === 0 || history[0]?.becomes === 'refused'))
    return null
  const limits = history
    .slice(issueIndex + 1)
    .flatMap(({ on }) =>
      on?.latest && isExactDate(on) ? [on as FactDate & { latest: string }] : [],
    )
  const [limit] = limits.sort((a, b) => (a.latest < b.latest ? -1 : 1))
  const event = issueStep?.event ?? null
  const on = issueStep?.on ?? null
  if (on !== null)
    return {
      event,
      field: 'on',
      on:
        limit && (on.latest === null || limit.latest < on.latest)
          ? { ...on, latest: limit.latest }
          : on,
    }
  if (limit === undefined) return { event, on, field: 'history' }
  const lastSide = limit.edtf.split('/').at(-1)
  const edtf = `../${lastSide}`
  return {
    event,
    field: 'history',
    on: { edtf, asStated: null, earliest: null, latest: limit.latest },
  }
}

/** Whether the event changed the permit after its issue, so that the permit came first, whatever the dates say. */
export function isLaterStep({ history }: PermitFacts, event: string): boolean {
  const issueIndex = history.findIndex(({ becomes }) => becomes === 'issued')
  return history
    .slice(issueIndex + 1)
    .some((step) => step.event === event && step.becomes !== 'refused')
}

/** Whether the permit was issued before an event. */
export function gradeIssuedBefore(
  permit: PermitFacts,
  later: DatedFact & { event: string },
): Grade | null {
  const issue = findIssue(permit)
  if (issue === null || issue.event === later.event) return null
  if (isLaterStep(permit, later.event))
    return certain('The same event changed the permit, so the permit was issued before.')
  return gradeOrder({ what: 'The permit was issued', on: issue.on }, later)
}
