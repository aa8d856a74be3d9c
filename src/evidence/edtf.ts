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
 * The first and the last day that an EDTF date can mean. Understood are levels 0 and 1 of EDTF (Library of Congress, 2019;
 * ISO 8601-2:2019, annex A) for the years 0001 to 9999, and some of level 2:
 *
 * - `2020`, `2020-05`, `2020-05-06`: that year, month or day. `2020-05-06T10:00:00Z`: the day as written.
 * - `202X`, `20XX`, `2020-XX`, `2020-05-XX`, `2020-XX-XX`: every day that the digits leave open.
 * - `2021?`, `2020~`, `2020%`: as without the mark. How far off an uncertain or approximate date
 *   may be, nobody says; the mark itself stays in the EDTF string.
 * - `2019-10/2019-12`: from the first day of the start to the last day of the end. Both sides can be anything above
 *   but a time of day, and what follows: `2020-21/2020-22`, `2004-06-11%/2004-06~` (11 to 30 June).
 * - `2020-05/..`, `../2020-05` (open), `2020-05/`, `/2020-05` (unknown): null at that end. Of both, no day is known.
 * - `2020-21` to `2020-24`: a season of the northern hemisphere in whole months, wide enough for
 *   its meteorological and its astronomical span. Spring is March to June, summer June to September,
 *   autumn September to December. Winter is January 2020 to March 2021, for the winter of 2020 can
 *   be the one that ends in that year or the one that begins in it.
 * - Level 2: quarters `2020-33` to `2020-36`, thirds `2020-37` to `2020-39` and halves `2020-40`, `2020-41` of a year, and
 *   digits left open within an interval (`2020-05-XX/2020-06`).
 *
 * Not understood are sets, calendar days that do not exist, an interval that ends before it starts or names no date, and
 * the rest of level 2.
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
  const sides = edtf.split('/')
  if (sides.length === 1) return computePartBounds(edtf, edtf)
  if (sides.length > 2) throw createSyntaxError(edtf)
  const [from = '', to = ''] = sides
  const start = computeSideBounds(from, edtf)
  const end = computeSideBounds(to, edtf)
  if (start === null && end === null) {
    throw new RangeError(`"${edtf}" names no date. Name one end: 2020-05/.. or ../2020-05`)
  }
  if (start?.earliest && end?.latest && start.earliest > end.latest) {
    throw new RangeError(`"${edtf}" ends before it starts. Write the earlier date first.`)
  }
  return { earliest: start?.earliest ?? null, latest: end?.latest ?? null }
}

/** One side of an interval; null if it is open or unknown. */
function computeSideBounds(side: string, edtf: string): DateBounds | null {
  if (side === '' || side === '..') return null
  if (side.includes('T')) {
    throw new RangeError(`"${edtf}" has a time of day in an interval. Write the days only.`)
  }
  return computePartBounds(side, edtf)
}

/** A date or a part of a year. `edtf`: the whole text, for messages. */
function computePartBounds(part: string, edtf: string): DateBounds {
  // The package knows no marks on parts of a year.
  const parsed = parseEdtf(part.replace(/^(\d{4}-(?:2[1-4]|3[3-9]|4[01]))[?~%]$/, '$1'), edtf)
  return parsed.type === 'Date'
    ? computeDateBounds(parsed, edtf)
    : computePartOfYearBounds(parsed, edtf)
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

const yearPartPattern = /^\d{4}-(?:3[3-9]|4[01])$/

function parseEdtf(part: string, edtf: string) {
  try {
    // Of level 2, only the parts of a year that are not seasons.
    return yearPartPattern.test(part)
      ? parse(part, { level: 2, types: ['Season'] })
      : parse(part, { level: 1, types: ['Date', 'Season'] })
  } catch (cause) {
    throw createSyntaxError(edtf, cause)
  }
}

const createSyntaxError = (edtf: string, cause?: unknown): RangeError =>
  new RangeError(
    `${JSON.stringify(edtf)} is not an EDTF date. Write 2020, 2020-05, 2020-05-06, 2020?, ` +
      '202X, 2020-21 (spring), 2020-33 (first quarter), 2019-10/2019-12 or 2020-05/..',
    { cause },
  )

function computeDateBounds(parsed: ParsedDate, edtf: string): DateBounds {
  requireYearInRange(parsed.values[0], edtf)
  const { offset: _, ...day } = parsed
  // Of a time of day, only the day as written counts, in whatever time zone.
  const date = new ExtendedDate({ ...day, values: parsed.values.slice(0, 3) })
  if (parsed.values[2] !== date.values[2]) {
    throw new RangeError(`"${edtf}" has a 29 February in a year that is not a leap year.`)
  }
  return { earliest: formatDay(date.min), latest: formatDay(date.max) }
}

/** First and last month of each part of a year, counted from January of its year as month 0. */
const yearPartMonths: Record<number, [first: number, last: number]> = {
  // Seasons.
  21: [2, 5],
  22: [5, 8],
  23: [8, 11],
  24: [0, 14],
  // Quarters.
  33: [0, 2],
  34: [3, 5],
  35: [6, 8],
  36: [9, 11],
  // Thirds.
  37: [0, 3],
  38: [4, 7],
  39: [8, 11],
  // Halves.
  40: [0, 5],
  41: [6, 11],
}

function computePartOfYearBounds(parsed: ParsedSeason, edtf: string): DateBounds {
  const [year, part] = parsed.values
  requireYearInRange(year, edtf)
  const [first, last] = yearPartMonths[part] ?? [0, 11]
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
