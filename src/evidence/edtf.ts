import { Date as ExtendedDate, type ParsedDate, type ParsedSeason, parse } from 'edtf'
import { LRUCache } from 'lru-cache'

/**
 * What is known of a date: it is one or more days, none before `earliest` and none after `latest`
 * (ISO days of the proleptic Gregorian calendar, inclusive). Null is an open end: no limit there.
 */
export type DateBounds = { readonly earliest: string | null; readonly latest: string | null }

/** `certain`: whatever days are meant. `possible`: for some of them. `no`: for none. */
export type Certainty = 'certain' | 'possible' | 'no'

const lengthMax = 64
/** Files and registers say the same days again and again, and the grammar takes 0.1 ms for one. */
const boundsCache = new LRUCache<string, DateBounds>({ max: 10_000 })

/**
 * The first and the last day that an EDTF date can mean. Understood is level 1 of EDTF (Library of
 * Congress, 2019; ISO 8601-2:2019, annex A) for the years 0001 to 9999, less what has no use here:
 *
 * - `2020`, `2020-05`, `2020-05-06`: that year, month or day.
 * - `202X`, `20XX`, `2020-XX`, `2020-05-XX`, `2020-XX-XX`: every day that the digits leave open.
 * - `2021?`, `2020~`, `2020%`: as without the mark. How far off an uncertain or approximate date
 *   may be, nobody says; the mark itself stays in the EDTF string.
 * - `2019-10/2019-12`: from the first day of the start to the last day of the end.
 * - `2020-05/..`, `../2020-05`: null at the open end.
 * - `2020-21` to `2020-24`: a season of the northern hemisphere in whole months, wide enough for
 *   its meteorological and its astronomical span. Spring is March to June, summer June to September,
 *   autumn September to December. Winter is January 2020 to March 2021, for the winter of 2020 can
 *   be the one that ends in that year or the one that begins in it.
 *
 * Not understood are sets, times of day, calendar days that do not exist, an interval that ends
 * before it starts, and an empty end (`2020-05/`, unknown): it would pass for an open one.
 *
 * @throws {RangeError} saying to a person what is wrong and what to write.
 */
export function parseEdtfBounds(edtf: string): DateBounds {
  if (edtf.length > lengthMax) {
    throw new RangeError(`A date has at most ${lengthMax} characters, this one ${edtf.length}.`)
  }
  let bounds = boundsCache.get(edtf)
  if (bounds === undefined) {
    bounds = computeBounds(edtf)
    boundsCache.set(edtf, bounds)
  }
  return bounds
}

function computeBounds(edtf: string): DateBounds {
  const parsed = parseEdtf(edtf)
  if (parsed.type === 'Date') return computeDateBounds(parsed, edtf)
  if (parsed.type === 'Season') return computeSeasonBounds(parsed, edtf)

  const [from, to] = parsed.values
  if (from === null || to === null) {
    throw new RangeError(`"${edtf}" leaves an end empty. Write .. for an open end: 2020-05/..`)
  }
  if (typeof from === 'number' && typeof to === 'number') {
    throw new RangeError(`"${edtf}" is open at both ends and says nothing. Name one of them.`)
  }
  const start = typeof from === 'number' ? null : computeDateBounds(from, edtf)
  const end = typeof to === 'number' ? null : computeDateBounds(to, edtf)
  if (start?.earliest && end?.latest && start.earliest > end.latest) {
    throw new RangeError(`"${edtf}" ends before it starts. Write the earlier date first.`)
  }
  return { earliest: start?.earliest ?? null, latest: end?.latest ?? null }
}

/**
 * Whether all days of `a` lie before all days of `b`. Certain when `a` must be over before `b` can
 * begin; possible when some day that `a` may be is before some day that `b` may be.
 */
export function certaintyBefore(a: DateBounds, b: DateBounds): Certainty {
  if (isBefore(a.latest, b.earliest)) return 'certain'
  return a.earliest === null || b.latest === null || a.earliest < b.latest ? 'possible' : 'no'
}

/**
 * Whether all days of `inner` lie in the period `outer`. Here `outer` is no unknown day: it is
 * every day from its earliest to its latest, as of a filter, a calendar year or an embargo in force.
 * Certain when `inner` can be no other day than one of these; possible when it can be one of them.
 *
 * Of a period whose own ends are uncertain, give as `outer` the days from the latest start to the
 * earliest end: only those are certain to belong to it.
 */
export function certaintyDuring(inner: DateBounds, outer: DateBounds): Certainty {
  if (isBefore(inner.latest, outer.earliest) || isBefore(outer.latest, inner.earliest)) return 'no'
  const startsInside =
    outer.earliest === null || (inner.earliest !== null && inner.earliest >= outer.earliest)
  const endsInside =
    outer.latest === null || (inner.latest !== null && inner.latest <= outer.latest)
  return startsInside && endsInside ? 'certain' : 'possible'
}

/**
 * Whether two dates have a day in common, both being unknown days within their bounds; it does not
 * matter which is `a`. Possible when the bounds have a day in common. Certain only when both are
 * one and the same known day: two events of May 2020 need not have met. To filter by a period of
 * which every day counts, ask `during`.
 */
export function certaintyOverlap(a: DateBounds, b: DateBounds): Certainty {
  if (isBefore(a.latest, b.earliest) || isBefore(b.latest, a.earliest)) return 'no'
  const days = new Set([a.earliest, a.latest, b.earliest, b.latest])
  return days.size === 1 && a.earliest !== null ? 'certain' : 'possible'
}

/**
 * The order of a timeline, for `sort`: by earliest day, those without one first; then by latest
 * day, those without one last. 0 only for equal bounds.
 */
export function compareDates(a: DateBounds, b: DateBounds): number {
  // An ISO day sorts as a string; '' comes before all of them and '~' after.
  return (
    compareStrings(a.earliest ?? '', b.earliest ?? '') ||
    compareStrings(a.latest ?? '~', b.latest ?? '~')
  )
}

const compareStrings = (a: string, b: string): number => (a < b ? -1 : Number(a > b))

/** Whether one end lies before another, of which neither is open. */
const isBefore = (end: string | null, start: string | null): boolean =>
  end !== null && start !== null && end < start

function parseEdtf(edtf: string) {
  try {
    return parse(edtf, { level: 1, types: ['Date', 'Season', 'Interval'] })
  } catch (cause) {
    const detail =
      `${JSON.stringify(edtf)} is not an EDTF date. Write 2020, 2020-05, 2020-05-06, 2020?, ` +
      '202X, 2020-21 (spring), 2019-10/2019-12 or 2020-05/..'
    throw new RangeError(detail, { cause })
  }
}

function computeDateBounds(parsed: ParsedDate, edtf: string): DateBounds {
  if (parsed.values.length > 3) {
    throw new RangeError(`"${edtf}" has a time of day. Write the day only.`)
  }
  requireYearInRange(parsed.values[0], edtf)
  const date = new ExtendedDate(parsed)
  if (parsed.values[2] !== date.values[2]) {
    throw new RangeError(`"${edtf}" has a 29 February in a year that is no leap year.`)
  }
  return { earliest: formatDay(date.min), latest: formatDay(date.max) }
}

/** First and last month of each season, counted from January of its year as month 0. */
const seasonMonths: Record<number, [first: number, last: number]> = {
  21: [2, 5],
  22: [5, 8],
  23: [8, 11],
  24: [0, 14],
}

function computeSeasonBounds(parsed: ParsedSeason, edtf: string): DateBounds {
  const [year, season] = parsed.values
  requireYearInRange(year, edtf)
  const [first, last] = seasonMonths[season] ?? [0, 11]
  requireYearInRange(year + Math.floor(last / 12), edtf)
  // Day 0 of a month is the last day of the month before.
  return {
    earliest: formatDay(toUtcMillis(year, first, 1)),
    latest: formatDay(toUtcMillis(year, last + 1, 0)),
  }
}

function requireYearInRange(year: number | undefined, edtf: string): void {
  if (year !== undefined && year >= 1 && year <= 9_999) return
  throw new RangeError(`"${edtf}" is not within the years 0001 to 9999.`)
}

/** `Date.UTC`, which would take the years 0 to 99 for 1900 to 1999, without that. */
const toUtcMillis = (year: number, month: number, day: number): number =>
  new Date(0).setUTCFullYear(year, month, day)

/** Milliseconds since 1970 UTC to an ISO day. */
const formatDay = (instant: number): string => new Date(instant).toISOString().slice(0, 10)
