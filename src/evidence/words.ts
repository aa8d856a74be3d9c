import type { DateBounds } from './edtf.ts'

/** A date as its source states it. `edtf` is valid (`parseEdtfBounds`). */
export type DateInSource = DateBounds & { readonly edtf: string; readonly asStated: string | null }

/** An amount as its source states it: exact if both bounds are equal. A null bound is open. */
export type AmountInSource = {
  readonly low: number | null
  readonly high: number | null
  /** The bounds that are not part of the range. */
  readonly excludes: 'low' | 'high' | 'both' | null
  readonly asStated: string | null
}

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
/** Words for the parts of a year, by their EDTF number. */
const yearParts: Readonly<Record<number, string>> = {
  21: 'spring',
  22: 'summer',
  23: 'autumn',
  24: 'winter',
  33: 'first quarter of',
  34: 'second quarter of',
  35: 'third quarter of',
  36: 'fourth quarter of',
  37: 'first third of',
  38: 'second third of',
  39: 'last third of',
  40: 'first half of',
  41: 'second half of',
}

/** A time of day is not shown. */
const datePattern = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T.*)?)?)?([?~%])?$/

/** `2020`, `2020-05` or `2020-05-06` of a date that is one year, month or day. Null for other dates, e.g. seasons. */
export function toCalendarDate(edtf: string): string | null {
  const [, year, month, day] = datePattern.exec(edtf) ?? []
  if (year === undefined || yearParts[Number(month)] !== undefined) return null
  return [year, month, day].filter(Boolean).join('-')
}

/** Open (`..`) or unknown (empty): there is no bound. */
export const isOpenSide = (side: string): boolean => side === '' || side === '..'

/** `2020-05` becomes `May 2020`. Null if the text is not a plain year, month, day or season, e.g. `202X`. */
function formatPoint(edtf: string): string | null {
  const [, year = '', month, day, mark] = datePattern.exec(edtf) ?? []
  if (year === '') return null
  const name = month === undefined ? '' : (yearParts[Number(month)] ?? months[Number(month) - 1])
  const date = [day === undefined ? '' : Number(day), name, Number(year)].filter(Boolean).join(' ')
  const approximate = mark === '~' || mark === '%' ? `about ${date}` : date
  return mark === '?' || mark === '%' ? `${approximate} (uncertain)` : approximate
}

/** E.g. `May 2020`, `between October 2019 and December 2019`, `May 2020 or earlier`. */
export function formatDateInWords({
  edtf,
  earliest,
  latest,
}: Omit<DateInSource, 'asStated'>): string {
  const [from = '', to] = edtf.split('/')
  const formatBound = (point: string, bound: string | null) =>
    formatPoint(point) ?? formatPoint(bound ?? '') ?? point
  if (to === undefined)
    return (
      formatPoint(edtf) ?? `between ${formatBound(edtf, earliest)} and ${formatBound(edtf, latest)}`
    )
  if (isOpenSide(from)) return `${formatBound(to, latest)} or earlier`
  if (isOpenSide(to)) return `${formatBound(from, earliest)} or later`
  return `between ${formatBound(from, earliest)} and ${formatBound(to, latest)}`
}

/** A date within a sentence: words that name a point or a stretch of time, and the preposition before them. */
type DatePhrase = { preposition: 'in' | 'on' | 'between' | 'by' | 'from'; words: string }

/**
 * The date as an adverb of a sentence: `in May 2020`, `on 6 May 2020`, `in late 2019`, `between July 2019 and early 2020`,
 * `by May 2020` (open start), `in or after May 2020` (open end), `around May 2020` (`~`), `perhaps in May 2020` (`?`).
 */
export function formatDateAdverb(date: DateInSource): string {
  const mark = date.edtf.includes('/') ? '' : (/[?~%]$/.exec(date.edtf)?.[0] ?? '')
  const { preposition, words } = buildPhrase(date)
  if (mark === '?') return `perhaps ${preposition} ${words}`
  if (mark === '~') return `around ${words}`
  if (mark === '%') return `perhaps around ${words}`
  return preposition === 'from'
    ? `${isDay(words) ? 'on' : 'in'} or after ${words}`
    : `${preposition} ${words}`
}

/** The date after a noun: `of May 2020`, `of late 2019`, `dated between July and October 2019`. */
export function formatDateAttribute(date: DateInSource): string {
  const { preposition, words } = buildPhrase(date)
  const isPoint = (preposition === 'in' || preposition === 'on') && !/[?~%]/.test(date.edtf)
  return isPoint ? `of ${words}` : `dated ${formatDateAdverb(date)}`
}

/** Since when something holds: `since late 2019`, `since a day between July and October 2019`. */
export function formatSince(date: DateInSource): string {
  const { preposition, words } = buildPhrase(date)
  if (preposition === 'between') return `since a day between ${words}`
  if (preposition === 'by') return `since ${words} or earlier`
  if (preposition === 'from') return `since ${words} or later`
  return /[?~%]/.test(date.edtf) ? `since about ${words}` : `since ${words}`
}

const isDay = (words: string): boolean => /^\d{1,2} /.test(words)

function buildPhrase({ edtf, earliest, latest, asStated }: DateInSource): DatePhrase {
  const [from = '', to] = edtf.split('/')
  if (to === undefined) return buildPointPhrase(edtf, { earliest, latest })
  if (isOpenSide(from))
    return { preposition: 'by', words: buildPointPhrase(to, { earliest: latest, latest }).words }
  if (isOpenSide(to))
    return {
      preposition: 'from',
      words: buildPointPhrase(from, { earliest, latest: earliest }).words,
    }
  return buildIntervalPhrase(toKnownSide(from, earliest), toKnownSide(to, latest), asStated ?? '')
}

function buildPointPhrase(point: string, { earliest, latest }: DateBounds): DatePhrase {
  const plain = point.replace(/[?~%]$/, '').replace(/(?:-XX)+$/, '')
  const decade = /^(\d{3})X/.exec(plain)?.[1]
  if (decade !== undefined && plain.length === 4)
    return { preposition: 'in', words: `the ${decade}0s` }
  const words = formatPoint(plain)
  if (words === null)
    return earliest === null || latest === null
      ? { preposition: 'in', words: formatPoint(earliest ?? latest ?? '') ?? point }
      : buildIntervalPhrase(earliest, latest, '')
  const isDivision = /(?:quarter|third|half) of /.test(words)
  return {
    preposition: /^\d{4}-\d{2}-\d{2}/.test(plain) ? 'on' : 'in',
    words: isDivision ? `the ${words}` : words,
  }
}

/** `late 2019` if the source calls the whole interval so, else its two sides. */
function buildIntervalPhrase(from: string, to: string, asStated: string): DatePhrase {
  const year = from.slice(0, 4)
  const season = findVagueSeason(year, asStated)
  if (season && to.startsWith(year) && holdsMonth(season, from) && holdsMonth(season, to))
    return { preposition: 'in', words: formatVagueSeason(season, year) }
  const sides = [from, to].map((side) => formatSide(side, asStated)) as [string, string]
  return {
    preposition: 'between',
    words: `${dropRepeatedWords(sides[0], sides[1])} and ${sides[1]}`,
  }
}

/** The side of an interval, or its bound if digits of its year are left open. */
const toKnownSide = (side: string, bound: string | null): string =>
  /^\d{4}/.test(side) ? side : (bound ?? side)

function formatSide(side: string, asStated: string): string {
  const year = side.slice(0, 4)
  const season = findVagueSeason(year, asStated)
  if (season && holdsMonth(season, side)) return formatVagueSeason(season, year)
  const { words } = buildPointPhrase(side, { earliest: null, latest: null })
  return /[?~%]$/.test(side) ? `about ${words}` : words
}

/** `1` of `1 May 2020`, if `6 May 2020` follows; `July` of `July 2019`, if `October 2019` follows. */
function dropRepeatedWords(start: string, end: string): string {
  const [startWords, endWords] = [start.split(' '), end.split(' ')]
  if (!/^(?:\d{1,2} )?[A-Z][a-z]+ \d{4}$/.test(start) || startWords.length !== endWords.length)
    return start
  const kept = startWords.findLastIndex((word, index) => word !== endWords[index])
  return startWords.slice(0, kept + 1).join(' ') || start
}

type VagueSeason = 'early' | 'mid' | 'late'

/** The months that the words can mean. */
const vagueSeasonMonths: Readonly<Record<VagueSeason, [first: number, last: number]>> = {
  early: [1, 4],
  mid: [4, 9],
  late: [9, 12],
}

/** `late` if the source says `late 2019` of this year. */
const findVagueSeason = (year: string, asStated: string): VagueSeason | null =>
  (new RegExp(`\\b(early|mid|late)[ -]${year}\\b`, 'i').exec(asStated)?.[1]?.toLowerCase() ??
    null) as VagueSeason | null

const formatVagueSeason = (season: VagueSeason, year: string): string =>
  season === 'mid' ? `mid-${year}` : `${season} ${year}`

function holdsMonth(season: VagueSeason, side: string): boolean {
  const [first, last] = vagueSeasonMonths[season]
  const month = Number(side.slice(5, 7))
  return month >= first && month <= last
}

const numberWords = [
  'no',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
]

/** `seven`, `5,000`, `2.5`. */
export const formatNumber = (number: number): string =>
  numberWords[number] ?? number.toLocaleString('en', { maximumFractionDigits: 4 })

/** English words of an amount, such as `almost 20,000`: a sentence can repeat them. */
const statedWords =
  /^(?:about|almost|around|approximately|at least|at most|between|exactly|fewer than|less than|more than|nearly|no more than|over|roughly|some|under|up to) [\d,. a-z-]*$/i

/** `5,000`, `almost 20,000`, `between 1,000 and 5,000`, `more than 20,000`, `up to 18`. Null if no bound is known. */
export function formatAmount({ low, high, excludes, asStated }: AmountInSource): string | null {
  if (asStated !== null && statedWords.test(asStated) && /\d/.test(asStated)) return asStated
  const [exactLow, exactHigh] = [
    excludes !== 'low' && excludes !== 'both',
    excludes !== 'high' && excludes !== 'both',
  ]
  if (low !== null && low === high) return formatNumber(low)
  if (low !== null && high !== null) return `between ${formatNumber(low)} and ${formatNumber(high)}`
  if (low !== null) return `${exactLow ? 'at least' : 'more than'} ${formatNumber(low)}`
  return high === null ? null : `${exactHigh ? 'up to' : 'less than'} ${formatNumber(high)}`
}

/** `A`, `A and B`, `A, B and C`, each once. */
export function joinWithAnd(names: readonly string[]): string {
  const distinct = [...new Set(names)]
  const last = distinct.pop() ?? ''
  return distinct.length === 0 ? last : `${distinct.join(', ')} and ${last}`
}
