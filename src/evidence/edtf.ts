import { Date as ExtendedDate, type ParsedDate, type ParsedSeason, parse } from 'edtf'
import { LRUCache } from 'lru-cache'

/**
 * The limits of a date: one or more days, none before `earliest` and none after `latest` (ISO days
 * of the proleptic Gregorian calendar, inclusive). Null means no limit (an open end).
 */
export type DateBounds = { readonly earliest: string | null; readonly latest: string | null }

/** `certain`: true for all days that the dates can mean. `possible`: for some. `no`: for none. */
export type Certainty = 'certain' | 'possible' | 'no'

const lengthMax = 64
/** Parsing a date takes 0.1 ms, and files and registers repeat the same dates. */
const boundsCache = new LRUCache<string, DateBounds>({ max: 10_000 })

/**
 * The first and the last day that an EDTF date can mean. Supports these forms of level 1 of EDTF
 * (Library of Congress, 2019; ISO 8601-2:2019, annex A) for the years 0001 to 9999:
 *
 * - `2020`, `2020-05`, `2020-05-06`: that year, month or day.
 * - `202X`, `20XX`, `2020-XX`, `2020-05-XX`, `2020-XX-XX`: every day that the digits leave open.
 * - `2021?`, `2020~`, `2020%`: as without the mark, because an uncertain or approximate date states
 *   no range. The mark stays in the EDTF string.
 * - `2019-10/2019-12`: from the first day of the start to the last day of the end.
 * - `2020-05/..`, `../2020-05`: null at the open end.
 * - `2020-21` to `2020-24`: a season of the northern hemisphere in whole months, which covers the
 *   meteorological and the astronomical season. Spring is March to June, summer June to September,
 *   autumn September to December. Winter is January 2020 to March 2021, because the winter of 2020
 *   can be the one that ends in that year or the one that begins in it.
 *
 * Rejects sets, times of day, days that do not exist, an interval that ends before it starts, and an
 * empty end (`2020-05/`, unknown), which could be mistaken for an open one.
 *
 * @throws {RangeError} whose message says what is wrong and what to write.
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
 * Whether `a` is before `b`. Certain when the latest day of `a` is before the earliest day of `b`;
 * possible when some day of `a` is before some day of `b`.
 */
export function certaintyBefore(a: DateBounds, b: DateBounds): Certainty {
  if (isBefore(a.latest, b.earliest)) return 'certain'
  return a.earliest === null || b.latest === null || a.earliest < b.latest ? 'possible' : 'no'
}

/**
 * Whether `inner` is in the period `outer`, which is every day from its earliest to its latest, such
 * as a filter, a calendar year or an embargo in force. Certain when all days of `inner` are in the
 * period; possible when some are.
 *
 * For a period with uncertain ends, pass the days from its latest start to its earliest end: only
 * these certainly belong to it.
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
 * Whether two dates, each of unknown days within its bounds, have a day in common. Symmetric.
 * Possible when the bounds overlap. Certain only when both are the same known day: two events of
 * May 2020 may be on different days. To filter by a whole period use `certaintyDuring`.
 */
export function certaintyOverlap(a: DateBounds, b: DateBounds): Certainty {
  if (isBefore(a.latest, b.earliest) || isBefore(b.latest, a.earliest)) return 'no'
  const days = new Set([a.earliest, a.latest, b.earliest, b.latest])
  return days.size === 1 && a.earliest !== null ? 'certain' : 'possible'
}

/**
 * Compares dates for the order of a timeline: by earliest day, null first; then by latest day, null
 * last. 0 only for equal bounds.
 */
export function compareDates(a: DateBounds, b: DateBounds): number {
  // ISO days sort as strings; '' sorts before all of them and '~' after.
  return (
    compareStrings(a.earliest ?? '', b.earliest ?? '') ||
    compareStrings(a.latest ?? '~', b.latest ?? '~')
  )
}

const compareStrings = (a: string, b: string): number => (a < b ? -1 : Number(a > b))

/** False when one of the two is open (null). */
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
    throw new RangeError(`"${edtf}" has a 29 February in a year that is not a leap year.`)
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

/** Not `Date.UTC`, which reads the years 0 to 99 as 1900 to 1999. */
const toUtcMillis = (year: number, month: number, day: number): number =>
  new Date(0).setUTCFullYear(year, month, day)

/** Milliseconds since 1970 UTC to an ISO day. */
const formatDay = (instant: number): string => new Date(instant).toISOString().slice(0, 10)
