import { type DateBounds, parseEdtfBounds } from '../../../evidence/edtf.ts'
import { type CalendarLanguage, type LanguageCode, languages, type ReaderData } from '../data.ts'
import type { FoundDate } from '../types.ts'

type Day = { year: number; month: number; day: number }
type Value = { edtf: string | null; reason: string | null; isExplicit: boolean }
type Found = Value & { start: number; end: number; relation: FoundDate['relation'] }
/** Works out what depends on the day of the article: for its first and its last possible day. */
type Relative = (from: (today: Day) => string | null, why: string) => Value
type Groups = Record<string, string>
type Context = { relative: Relative; isFuture: boolean; lastYear: number | null }
type Pattern = { pattern: RegExp; resolve(groups: Groups, context: Context): Value | null }

const padTwo = (number: number): string => String(number).padStart(2, '0')
const padFour = (number: number): string => String(number).padStart(4, '0')
const createExplicit = (edtf: string, reason: string | null = null): Value => ({
  edtf,
  reason,
  isExplicit: true,
})

/** Finds the dates of a sentence. `published` is when the article is from, null when nobody knows. */
export function createDateFinder(
  calendar: ReaderData['calendar'],
  published: DateBounds | null,
  language: LanguageCode,
) {
  const relative = createRelativeResolver(published)
  const used: LanguageCode[] = language === 'en' ? ['en'] : [language, 'en']
  const patterns = used.flatMap((code) => getPatterns(calendar, code))
  const linkers = used.map((code) => buildLinkers(calendar[code]))
  let lastYear: number | null = null

  return (text: string, offset: number, sentence: number): FoundDate[] => {
    const found: Found[] = []
    for (const { pattern, resolve } of patterns)
      for (const match of text.matchAll(pattern)) {
        const start = match.index
        const end = start + match[0].length
        if (found.some((one) => start < one.end && one.start < end)) continue
        const groups = lowerGroups(match.groups)
        const isFuture = isAhead(text.slice(Math.max(0, start - 70), end + 30))
        const value = resolve(groups, { relative, isFuture, lastYear })
        if (value) found.push({ start, end, relation: 'on', ...dropInvalidDate(value) })
      }
    found.sort((a, b) => a.start - b.start)
    const joined = joinRanges(text, found, linkers)
    for (const one of joined) {
      const [, year] = /^(?:\.\.\/)?(\d{4})/.exec(one.edtf ?? '') ?? []
      if (year && one.isExplicit) lastYear = Number(year)
    }
    return joined.map((one) => ({
      ...one,
      start: one.start + offset,
      end: one.end + offset,
      words: text.slice(one.start, one.end),
      sentence,
    }))
  }
}

/** Whether the words around a date speak of what comes. */
const isAhead = (words: string): boolean =>
  /\b(will|is to|are to|plans? to|due to (?:be|begin|start|take)|scheduled|expected)\b/i.test(words)

function lowerGroups(groups: Groups | undefined): Groups {
  return Object.fromEntries(
    Object.entries(groups ?? {}).map(([name, value]) => [name, (value ?? '').toLowerCase()]),
  )
}

/** Nothing that is no date, e.g. 31 June. */
function dropInvalidDate(value: Value): Value {
  if (value.edtf === null) return value
  try {
    parseEdtfBounds(value.edtf)
    return value
  } catch (error) {
    if (error instanceof RangeError) return { ...value, edtf: null }
    throw error
  }
}

function createRelativeResolver(published: DateBounds | null): Relative {
  return (from, why) => {
    const unknown: Value = { edtf: null, reason: null, isExplicit: false }
    if (published?.earliest == null || published.latest === null) return unknown
    const first = from(parseDay(published.earliest))
    const last = from(parseDay(published.latest))
    if (first === null || last === null) return unknown
    const exact = published.earliest === published.latest
    const article = exact
      ? `the article is of ${published.earliest}`
      : `the article is of ${published.earliest} to ${published.latest}`
    const reason = `${why}; ${article}.`
    if (first === last) return { edtf: first, reason, isExplicit: false }
    const bounds = [first, last].map((edtf) => parseEdtfBounds(edtf))
    const earliest = bounds.map((one) => one.earliest ?? '').sort()[0]
    const latest = bounds
      .map((one) => one.latest ?? '')
      .sort()
      .at(-1)
    return {
      edtf: `${earliest}/${latest}`,
      reason: `Some day within: ${reason}`,
      isExplicit: false,
    }
  }
}

function parseDay(iso: string): Day {
  const [year = 0, month = 0, day = 0] = iso.split('-').map(Number)
  return { year, month, day }
}

const addDays = ({ year, month, day }: Day, days: number): string =>
  new Date(Date.UTC(year, month - 1, day + days)).toISOString().slice(0, 10)

const addMonths = ({ year, month }: Day, months: number): string => {
  const count = year * 12 + month - 1 + months
  return `${padFour(Math.floor(count / 12))}-${padTwo((count % 12) + 1)}`
}

/** Monday is 0. */
const getWeekday = ({ year, month, day }: Day): number =>
  (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7

const addWeeks = (today: Day, weeks: number): string => {
  const monday = 7 * weeks - getWeekday(today)
  return `${addDays(today, monday)}/${addDays(today, monday + 6)}`
}

const formatMonths = (year: number, [first, last]: readonly [number, number]): string =>
  `${padFour(year)}-${padTwo(first)}/${padFour(year)}-${padTwo(last)}`

const joinAlternatives = (list: readonly string[]): string =>
  list
    .toSorted((a, b) => b.length - a.length)
    .map((word) => RegExp.escape(word))
    .join('|')
const capitalise = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)
const matchWholeWords = (source: string, flags = 'gu'): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}/-])(?:${source})(?![\\p{L}\\p{N}]|[-/]\\p{N})`, flags)

const numeral = '(?:18|19|20)\\d\\d'
const yearGroup = `(?<year>${numeral})`
const dayGroup = '(?<day>[12]\\d|3[01]|0?[1-9])'

type MonthNames = { source: string; of(name: string | undefined): number }

/** The months of a language in full, lower case. */
export function listMonths(code: LanguageCode): string[] {
  const format = new Intl.DateTimeFormat(code, { month: 'long', timeZone: 'UTC' })
  return Array.from({ length: 12 }, (_, month) =>
    format.format(Date.UTC(2020, month, 15)).toLowerCase(),
  )
}

function buildMonthNames(language: CalendarLanguage, code: LanguageCode): MonthNames {
  const long = listMonths(code)
  const isWritten = (name: string) => {
    // In English "may" and "march" are months with a capital only.
    if (code === 'en' || code === 'de' || code === 'tr') return [capitalise(name)]
    return [name, capitalise(name)]
  }
  const longSource = joinAlternatives(long.flatMap(isWritten))
  const shortSource = joinAlternatives(language.short.flatMap(isWritten))
  const upper = joinAlternatives(long.map((name) => name.toLocaleUpperCase(code)))
  return {
    source: `(?:${longSource}|${upper}|Sept\\b\\.?|(?:${shortSource})\\b\\.?)`,
    of(name = '') {
      const plain = name.replace('.', '')
      const at = long.indexOf(plain)
      if (at >= 0) return at + 1
      return plain === 'sept' ? 9 : language.short.indexOf(plain) + 1
    },
  }
}

const patternsCache = new Map<LanguageCode, Pattern[]>()

function getPatterns(calendar: ReaderData['calendar'], code: LanguageCode): Pattern[] {
  const known = patternsCache.get(code)
  if (known) return known
  const names = buildMonthNames(calendar[code], code)
  const patterns = [
    ...buildDayPatterns(names),
    ...(code === 'en' ? buildPartPatterns(calendar, names) : []),
    ...buildSeasonPatterns(calendar[code], code),
    ...buildMonthPatterns(names),
    ...(code === 'en' ? buildRelativePatterns(calendar, names) : []),
    ...buildYearlessPatterns(names, code),
    ...buildYearPatterns(calendar[code], code),
  ]
  patternsCache.set(code, patterns)
  return patterns
}

/** Days: 2020-05-03, 3.5.2020, 3 May 2020, May 3, 2020; also "16 and 17 June 2021". */
function buildDayPatterns(names: MonthNames): Pattern[] {
  const month = `(?<month>${names.source})`
  const ordinal = '(?:st|nd|rd|th|er|º|°|e|ste|de|\\.)?'
  const of = "(?:of |de |del |d['’])?"
  const day = (groups: Groups, of_ = groups.day) =>
    `${groups.year}-${padTwo(names.of(groups.month))}-${padTwo(Number(of_))}`
  const second = '(?<until>[12]\\d|3[01]|0?[1-9])'
  const to = '(?:to|and|until|et|au|bis|und|tot|en|al|y|till|och|–|-)'
  const numeric = (groups: Groups): Value => {
    const [first, other] = [Number(groups.day), Number(groups.other)]
    const [date, month_] = other > 12 ? [other, first] : [first, other]
    const ambiguous = first <= 12 && other <= 12 && first !== other && groups.mark === '/'
    const reason = ambiguous ? 'Read as day, month, year; it may be month, day, year.' : null
    return createExplicit(`${groups.year}-${padTwo(month_)}-${padTwo(date)}`, reason)
  }
  return [
    {
      pattern: matchWholeWords(
        '(?<iso>(?:18|19|20)\\d\\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01]))',
      ),
      resolve: ({ iso = '' }) => createExplicit(iso),
    },
    {
      pattern: matchWholeWords(
        `(?<day>\\d{1,2})(?<mark>[./-])(?<other>\\d{1,2})\\k<mark>${yearGroup}`,
      ),
      resolve: numeric,
    },
    {
      pattern: matchWholeWords(
        `${dayGroup}${ordinal} ?${to} ?(?:the |le |dem )?${second}${ordinal} ${of}${month},? (?:de |del |of )?${yearGroup}`,
      ),
      resolve: (groups) => createExplicit(`${day(groups)}/${day(groups, groups.until)}`),
    },
    {
      pattern: matchWholeWords(`${month} ${dayGroup} ?(?:to|and|–|-) ?${second},? ${yearGroup}`),
      resolve: (groups) => createExplicit(`${day(groups)}/${day(groups, groups.until)}`),
    },
    {
      pattern: matchWholeWords(`${month} ${dayGroup}(?:st|nd|rd|th)?,? ${yearGroup}`),
      resolve: (groups) => createExplicit(day(groups)),
    },
    {
      pattern: matchWholeWords(
        `${dayGroup}${ordinal} ${of}${month},? (?:de |del |of )?${yearGroup}`,
      ),
      resolve: (groups) => createExplicit(day(groups)),
    },
  ]
}

/** Parts of a year or month in English: "late 2019", "Q3 2019", "early October 2020". */
function buildPartPatterns({ parts }: ReaderData['calendar'], names: MonthNames): Pattern[] {
  const part = `(?<part>${joinAlternatives(Object.keys(parts))})`
  const partOf = (name = ''): readonly [number, number] => parts[name] ?? [1, 12]
  const month = `(?<month>${names.source})`
  const early = '(?:the )?(?<part>early|mid|late|end of|beginning of|start of|middle of)[ -]'
  return [
    {
      pattern: matchWholeWords(`${early}${month},? ${yearGroup}`, 'gu'),
      resolve: ({ month: name, year, part: which }) =>
        createExplicit(
          `${year}-${padTwo(names.of(name))}`,
          `"${which}" is kept in the words only.`,
        ),
    },
    {
      pattern: matchWholeWords(`${part}[ -](?:of )?${yearGroup}`, 'giu'),
      resolve: ({ part: name = '', year }) =>
        createExplicit(
          formatMonths(Number(year), partOf(name)),
          `"${name}" is read as months ${partOf(name).join(' to ')} of the year.`,
        ),
    },
    {
      pattern: matchWholeWords(`Q(?<quarter>[1-4])(?: of)? ${yearGroup}`),
      resolve: ({ quarter, year }) =>
        createExplicit(formatMonths(Number(year), [3 * Number(quarter) - 2, 3 * Number(quarter)])),
    },
    {
      pattern: matchWholeWords('(?:the |early |mid |late |mid-)?(?<decade>(?:18|19|20)\\d)0s'),
      resolve: ({ decade }) => createExplicit(`${decade}X`),
    },
  ]
}

function buildSeasonPatterns({ seasons }: CalendarLanguage, code: LanguageCode): Pattern[] {
  const season = `(?<season>${joinAlternatives(Object.keys(seasons).flatMap((word) => [word, capitalise(word)]))})`
  const patterns: Pattern[] = [
    {
      pattern: matchWholeWords(`${season},? (?:of |de |del |dell['’]|van )?${yearGroup}`),
      resolve: ({ season: name = '', year }) => createExplicit(`${year}-${seasons[name]}`),
    },
  ]
  if (code === 'en')
    patterns.push({
      pattern: matchWholeWords(`(?<which>last|this) ${season}`),
      resolve: ({ which, season: name = '' }, { relative }) =>
        relative((today) => {
          const first = { 21: 3, 22: 6, 23: 9, 24: 12 }[seasons[name] ?? 21] ?? 1
          const isOver = which === 'last' ? today.month > first : true
          return `${padFour(today.year - (isOver ? 0 : 1))}-${seasons[name]}`
        }, `"${which} ${name}" counts from the day of the article`),
    })
  return patterns
}

function buildMonthPatterns(names: MonthNames): Pattern[] {
  const month = `(?<month>${names.source})`
  const until = `(?<until>${names.source})`
  return [
    {
      pattern: matchWholeWords(
        `${month} ?(?:to|and|–|-|until|bis|à|al|tot|till) ?${until},? ${yearGroup}`,
      ),
      resolve: ({ month: from, until: to, year }) =>
        createExplicit(`${year}-${padTwo(names.of(from))}/${year}-${padTwo(names.of(to))}`),
    },
    {
      pattern: matchWholeWords(`${month},? (?:of |de |del |van )?${yearGroup}`),
      resolve: ({ month: name, year }) => createExplicit(`${year}-${padTwo(names.of(name))}`),
    },
  ]
}

/** What counts from the day of the article, in English. */
function buildRelativePatterns(calendar: ReaderData['calendar'], names: MonthNames): Pattern[] {
  const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
  const weekday = `(?<weekday>${joinAlternatives(weekdays.map(capitalise))})`
  const month = `(?<month>${names.source})`
  const number = `(?<number>\\d{1,3}|${joinAlternatives(Object.keys(calendar.numbers))})`
  const why = 'It counts from the day of the article'
  const numberOf = (word = '') => calendar.numbers[word] ?? Number(word)
  const backTo = (name: string | undefined, today: Day, years: number) =>
    `${padFour(today.year - years)}-${padTwo(names.of(name))}`
  return [
    {
      pattern: matchWholeWords(
        `${month},? (?<which>last|this) year|(?<which>last|this) year,? in ${month}`,
      ),
      resolve: ({ month: name, which }, { relative }) =>
        relative((today) => backTo(name, today, which === 'last' ? 1 : 0), why),
    },
    {
      pattern: matchWholeWords(`(?:on )?last ${weekday}|(?:on )?${weekday} last week`),
      resolve: ({ weekday: name = '' }, { relative }) =>
        relative((today) => findLastWeekday(weekdays.indexOf(name), today, 1), why),
    },
    {
      pattern: matchWholeWords(`next ${weekday}`),
      resolve: () => ({ edtf: null, reason: null, isExplicit: false }),
    },
    {
      pattern: matchWholeWords(`(?:on )?${weekday}(?:,? (?=${names.source}))?`, 'gu'),
      resolve: ({ weekday: name = '' }, { relative, isFuture }) =>
        isFuture
          ? { edtf: null, reason: null, isExplicit: false }
          : relative(
              (today) => findLastWeekday(weekdays.indexOf(name), today, 0),
              'A weekday alone is the last one up to the day of the article',
            ),
    },
    {
      pattern: matchWholeWords(`last ${month}`),
      resolve: ({ month: name }, { relative }) =>
        relative(
          (today) => backTo(name, today, names.of(name) >= today.month ? 1 : 0),
          '"Last" and a month is the last such month that is over',
        ),
    },
    {
      pattern: matchWholeWords(`(?:the |that )?same (?<unit>year)|that year`, 'giu'),
      resolve: (_, { lastYear }) =>
        lastYear === null
          ? null
          : { edtf: padFour(lastYear), reason: 'The year named before.', isExplicit: false },
    },
    {
      pattern: matchWholeWords(`that (?<month>${names.source})`),
      resolve: ({ month: name }, { lastYear }) =>
        lastYear === null
          ? null
          : {
              edtf: `${padFour(lastYear)}-${padTwo(names.of(name))}`,
              reason: 'Of the year named before.',
              isExplicit: false,
            },
    },
    {
      pattern: matchWholeWords(
        '(?<which>earlier|later|early|late) (?<unit>this|last) (?<what>year|month)',
        'giu',
      ),
      resolve: ({ which, unit, what }, { relative }) =>
        relative((today) => resolvePartOfUnit(today, which, unit, what, calendar.parts), why),
    },
    {
      pattern: matchWholeWords(
        '(?:the )?(?<which>last|this|previous|next) (?<unit>year|month|week)',
        'giu',
      ),
      resolve: ({ which, unit }, { relative }) => {
        const back = which === 'this' ? 0 : which === 'next' ? -1 : 1
        return relative(
          (today) =>
            unit === 'year'
              ? padFour(today.year - back)
              : unit === 'month'
                ? addMonths(today, -back)
                : addWeeks(today, -back),
          `"${which} ${unit}" counts from the day of the article`,
        )
      },
    },
    {
      pattern: matchWholeWords(`${number} (?<unit>year|month|week|day)s? ago`, 'giu'),
      resolve: ({ number: how, unit }, { relative }) => {
        const count = numberOf(how)
        return relative(
          (today) =>
            unit === 'year'
              ? padFour(today.year - count)
              : unit === 'month'
                ? addMonths(today, -count)
                : addDays(today, unit === 'week' ? -7 * count : -count),
          why,
        )
      },
    },
    {
      pattern: matchWholeWords('yesterday', 'giu'),
      resolve: (_, { relative }) => relative((today) => addDays(today, -1), why),
    },
    {
      pattern: matchWholeWords('today', 'giu'),
      resolve: (_, { relative }) => relative((today) => addDays(today, 0), why),
    },
  ]
}

function resolvePartOfUnit(
  today: Day,
  which = '',
  unit = '',
  what = '',
  parts: ReaderData['calendar']['parts'],
): string | null {
  const year = unit === 'last' ? today.year - 1 : today.year
  if (what === 'month') return `${addMonths(today, unit === 'last' ? -1 : 0)}`
  if (which === 'early' || which === 'late') return formatMonths(year, parts[which] ?? [1, 12])
  if (unit === 'last') return padFour(year)
  return which === 'earlier' ? `${padFour(year)}-01-01/${addDays(today, 0)}` : null
}

/** Days and months without a year: the last one up to the day of the article, or the next one where the sentence is about what comes. */
function buildYearlessPatterns(names: MonthNames, code: LanguageCode): Pattern[] {
  const month = `(?<month>${names.source})`
  const ordinal = '(?:st|nd|rd|th|er|º|\\.)?'
  const why = 'Without a year it is the last one up to the day of the article'
  const years = (month_: number, day: number, today: Day, isFuture: boolean): number => {
    const isLater = month_ > today.month || (month_ === today.month && day > today.day)
    if (isFuture) return today.year + (isLater ? 0 : 1)
    return today.year - (isLater ? 1 : 0)
  }
  const onDay = (groups: Groups, { relative, isFuture }: Context) =>
    isFuture
      ? relative((today) => dayIn(groups, today, true), 'Without a year it is the next one')
      : relative((today) => dayIn(groups, today, false), why)
  const dayIn = (groups: Groups, today: Day, isFuture: boolean) => {
    const [month_, day] = [names.of(groups.month), Number(groups.day)]
    const year = years(month_, day, today, isFuture)
    return `${padFour(year)}-${padTwo(month_)}-${padTwo(day)}`
  }
  const before =
    code === 'en'
      ? '(?:[Ii]n|[Ss]ince|[Uu]ntil|[Bb]y|[Ff]rom|[Dd]uring|[Tt]his|[Oo]f|[Bb]efore|[Aa]fter|[Bb]etween|and) (?:(?:the )?(?:early|mid|late|end of|beginning of|start of)[ -])?'
      : '(?:en|im|in|nel|a|au|à|i|till|seit|depuis|sinds) '
  return [
    {
      pattern: matchWholeWords(`${month} ${dayGroup}(?:st|nd|rd|th)?(?!,? ${numeral})`),
      resolve: onDay,
    },
    {
      pattern: matchWholeWords(
        `(?:the )?${dayGroup}${ordinal} (?:of |de |d['’])?${month}(?! ${numeral})`,
      ),
      resolve: onDay,
    },
    {
      pattern: new RegExp(`(?<=(?<![\\p{L}])${before})${month}(?![\\p{L}\\p{N}])(?! \\d)`, 'gu'),
      resolve: (groups, { relative, isFuture }) => {
        const month_ = names.of(groups.month)
        return relative(
          (today) => `${padFour(years(month_, 1, today, isFuture))}-${padTwo(month_)}`,
          isFuture ? 'Without a year it is the next one' : why,
        )
      },
    },
  ]
}

function buildYearPatterns(_: CalendarLanguage, code: LanguageCode): Pattern[] {
  const notAYear =
    '(?! ?(?:mm|km|m|kg|million|billion|tonnes|tons|rounds|rifles|drones|missiles|bombs|shells|licences|permits|euros?|dollars|people|units|pistols|mines|guns)\\b)'
  const patterns: Pattern[] = [
    {
      pattern: new RegExp(
        `(?<![\\p{L}\\p{N}/.,$€£-])(?<year>${numeral})\\s?[-–/]\\s?(?<until>${numeral}|\\d\\d)(?![\\p{L}\\p{N}/-])`,
        'gu',
      ),
      resolve: ({ year = '', until = '' }) => {
        const last = until.length === 2 ? `${year.slice(0, 2)}${until}` : until
        return Number(last) > Number(year) ? createExplicit(`${year}/${last}`) : null
      },
    },
    {
      pattern: new RegExp(
        `(?<![\\p{L}\\p{N}/.,$€£-])(?<![Rr]esolution |[Dd]ecision |[Nn]o\\. |[Nn]umber )${yearGroup}(?![\\p{L}\\p{N}/])(?!-\\p{L}|[.,]\\d| \\d{3}\\b)${notAYear}`,
        'gu',
      ),
      resolve: ({ year = '' }) => createExplicit(year),
    },
  ]
  if (code === 'de')
    patterns.unshift({
      pattern: matchWholeWords(`im Jahre? ${yearGroup}`, 'giu'),
      resolve: ({ year = '' }) => createExplicit(year),
    })
  return patterns
}

function findLastWeekday(weekday: number, today: Day, before: 0 | 1): string {
  const back = (getWeekday(today) - weekday + 7) % 7
  return addDays(today, -(before === 1 && back === 0 ? 7 : back))
}

type Linkers = { between: [RegExp, RegExp][]; since: RegExp; until: RegExp }

function buildLinkers({ between, since, until }: CalendarLanguage): Linkers {
  const before = (words: readonly string[]) =>
    new RegExp(
      `(?<!\\p{L})(?:${words.length > 0 ? joinAlternatives(words) : '(?!)'})\\s*(?:the |il |le |el |den |dem )?$`,
      'iu',
    )
  return {
    between: between.map(([from, to]) => [
      before([from]),
      new RegExp(`^\\s*(?:${RegExp.escape(to)})\\s*(?:the |il |le |el |den |dem )?$`, 'iu'),
    ]),
    since: before(since),
    until: before(until),
  }
}

const relations: [RegExp, FoundDate['relation']][] = [
  [/(?<!\p{L})(?:before|prior to|vor|avant)\s*$/iu, 'before'],
  [/(?<!\p{L})after\s*$/iu, 'after'],
  [/(?<!\p{L})by\s*(?:the )?$/iu, 'by'],
]

/** Joins "between X and Y" and marks "since X"; a range takes its words with it. */
function joinRanges(text: string, found: readonly Found[], linkers: readonly Linkers[]): Found[] {
  const result: Found[] = []
  for (let index = 0; index < found.length; index += 1) {
    const date = found[index]
    if (!date) continue
    const before = text.slice(Math.max(0, date.start - 24), date.start)
    const next = found[index + 1]
    const range = next && joinRange(text, before, date, next, linkers)
    if (range) {
      result.push(range)
      index += 1
      continue
    }
    result.push(applyRelation(date, before, text, linkers))
  }
  return result
}

function joinRange(
  text: string,
  before: string,
  date: Found,
  next: Found,
  linkers: readonly Linkers[],
): Found | null {
  if (date.edtf === null || next.edtf === null || /[/]/.test(date.edtf + next.edtf)) return null
  const middle = text.slice(date.end, next.start)
  const pair = linkers
    .flatMap(({ between }) => between)
    .find(([from, to]) => from.test(before) && to.test(middle))
  if (!pair) return null
  // "From March to May 2016": the first one has the year of the second.
  const [year] = next.edtf.split('-')
  const first = !date.isExplicit && next.isExplicit ? `${year}${date.edtf.slice(4)}` : date.edtf
  const usableRange = dropInvalidDate({
    edtf: `${first}/${next.edtf}`,
    reason: null,
    isExplicit: true,
  })
  if (usableRange.edtf === null) return null
  const opening = pair[0].exec(before)?.[0].length ?? 0
  return { ...usableRange, start: date.start - opening, end: next.end, relation: 'on' }
}

function applyRelation(
  date: Found,
  before: string,
  text: string,
  linkers: readonly Linkers[],
): Found {
  const relation = relations.find(([pattern]) => pattern.test(before))?.[1]
  if (relation) return { ...date, relation }
  if (date.edtf === null || date.edtf.includes('/')) return date
  const since = linkers.map((one_) => one_.since.exec(before)).find(Boolean)
  const isFrom = /^from/i.test(since?.[0] ?? '')
  const isOnwards = /^\s*(?:on|onwards?)\b/i.test(text.slice(date.end))
  if (since && (!isFrom || isOnwards) && !/^d[ea]l/i.test(since[0]))
    return { ...date, edtf: `${date.edtf}/..`, relation: 'since' }
  const until = linkers.map((one_) => one_.until.exec(before)).find(Boolean)
  if (until) return { ...date, edtf: `../${date.edtf}`, relation: 'until' }
  return date
}

/** The language of a text: the one whose small words it has most. */
export function detectLanguage(text: string): LanguageCode {
  const words =
    text
      .slice(0, 20_000)
      .toLowerCase()
      .match(/\p{L}+/gu) ?? []
  const counts = languages.map((code) => {
    const small = smallWords[code]
    return { code, count: words.filter((word) => small.has(word)).length }
  })
  const best = counts.reduce((a, b) => (b.count > a.count ? b : a))
  return best.count > 0 ? best.code : 'en'
}

const splitWords = (words: string) => new Set(words.split(' '))
const smallWords: Record<LanguageCode, ReadonlySet<string>> = {
  en: splitWords('the of and to in that for was on with by has had from which it is were'),
  fr: splitWords('le la les des du et une dans pour que est par sur au aux avec ont pas cette'),
  de: splitWords('der die das und von den im mit für auf ist des dem ein eine hat nicht sich am'),
  nl: splitWords('het een van en de voor met op zijn dat niet naar heeft werd aan bij ook'),
  it: splitWords('il di che la per del della nel con le gli una sono ha dei delle al dal'),
  es: splitWords('el la de que los las del por con para una se su en al fue ha como'),
  tr: splitWords('ve bir bu için ile olarak da de olan çok daha sonra kadar en'),
  sv: splitWords('och att det som en på är av för med till den har inte om ett hade'),
}
