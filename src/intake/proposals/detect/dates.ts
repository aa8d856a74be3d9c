import { type DateBounds, parseEdtfBounds } from '../../../evidence/edtf.ts'
import type { Dictionaries } from '../words/dictionaries.ts'
import type { Sentence } from '../words/sentences.ts'

/** A date in a text. `edtf` is null where it cannot be told: the words are kept, nothing is guessed. */
export type FoundDate = {
  start: number
  end: number
  words: string
  edtf: string | null
  reasoning: string | null
  /** It says the day, month or year itself; else it counts from the day of the article. */
  isExplicit: boolean
}

type Day = { year: number; month: number; day: number }
type Resolved = { edtf: string; reasoning: string | null } | null
type Pattern = {
  pattern: RegExp
  isExplicit: boolean
  resolve(groups: Record<string, string>, resolve: Relative, sentence: string): Resolved
}
/** Works out what depends on the day of the article: for its first and its last possible day. */
type Relative = (from: (today: Day) => string | null, why: string) => Resolved

const two = (number: number): string => String(number).padStart(2, '0')
const four = (number: number): string => String(number).padStart(4, '0')

/** Finds dates in sentences. `published` is when the article is from, null when nobody knows. */
export function dateFinder({ dates }: Dictionaries, published: DateBounds | null) {
  const relative = relativeTo(published)
  const patterns = patternsOf(dates)
  return (body: string, { start, end }: Sentence): FoundDate[] => {
    const text = body.slice(start, end)
    const found: FoundDate[] = []
    for (const { pattern, isExplicit, resolve } of patterns)
      for (const match of text.matchAll(pattern)) {
        const at = start + match.index
        const until = at + match[0].length
        if (found.some((one) => at < one.end && one.start < until)) continue
        const groups = Object.fromEntries(
          Object.entries(match.groups ?? {}).map(([name, value]) => [
            name,
            (value ?? '').toLowerCase(),
          ]),
        )
        const resolved = usable(resolve(groups, relative, text))
        found.push({
          start: at,
          end: until,
          words: match[0],
          isExplicit,
          ...(resolved ?? { edtf: null, reasoning: null }),
        })
      }
    return found.sort((a, b) => a.start - b.start)
  }
}

/** Nothing that is no date, e.g. 31 June. */
function usable(resolved: Resolved): Resolved {
  if (resolved === null) return null
  try {
    parseEdtfBounds(resolved.edtf)
    return resolved
  } catch {
    return null
  }
}

function relativeTo(published: DateBounds | null): Relative {
  return (from, why) => {
    if (published?.earliest == null || published.latest === null) return null
    const first = from(dayOf(published.earliest))
    const last = from(dayOf(published.latest))
    if (first === null || last === null) return null
    const exact = published.earliest === published.latest
    const article = exact
      ? `the article is of ${published.earliest}`
      : `the article is of ${published.earliest} to ${published.latest}`
    const reasoning = `${why}; ${article}.`
    if (first === last) return { edtf: first, reasoning }
    const bounds = [first, last].map((edtf) => parseEdtfBounds(edtf))
    const earliest = bounds.map((one) => one.earliest ?? '').sort()[0]
    const latest = bounds
      .map((one) => one.latest ?? '')
      .sort()
      .at(-1)
    return { edtf: `${earliest}/${latest}`, reasoning: `Some day within: ${reasoning}` }
  }
}

function dayOf(iso: string): Day {
  const [year = 0, month = 0, day = 0] = iso.split('-').map(Number)
  return { year, month, day }
}

const moved = ({ year, month, day }: Day, days: number): string =>
  new Date(Date.UTC(year, month - 1, day + days)).toISOString().slice(0, 10)

const monthMoved = ({ year, month }: Day, months: number): string => {
  const count = year * 12 + month - 1 + months
  return `${four(Math.floor(count / 12))}-${two((count % 12) + 1)}`
}

const range = (year: number, [first, last]: readonly [number, number]): string =>
  `${four(year)}-${two(first)}/${four(year)}-${two(last)}`

function patternsOf(words: Dictionaries['dates']): Pattern[] {
  const alternatives = (list: readonly string[]) =>
    list.map((word) => RegExp.escape(word)).join('|')
  const months = [...words.months, ...words.monthsShort]
  // With a capital, so that "may" and "march" are not months; a short one may have a full stop.
  const capital = (list: readonly string[]) =>
    alternatives(list.map((word) => word.charAt(0).toUpperCase() + word.slice(1)))
  const month = `(?<month>${capital(words.months)}|(?:${capital(words.monthsShort)})\\b\\.?)`
  const year = '(?<year>(?:18|19|20)\\d\\d)'
  const day = '(?<day>[12]\\d|3[01]|0?[1-9])(?:st|nd|rd|th)?'
  const part = `(?<part>${alternatives(Object.keys(words.parts))})`
  const number = `(?<number>\\d{1,3}|${alternatives(Object.keys(words.numbers))})`
  const monthOf = (name = '') => (months.indexOf(name.replace('.', '')) % 12) + 1
  const isFuture = (text: string) => /\b(will|is to|are to|plans? to|due to)\b/i.test(text)
  const dated = (groups: Record<string, string>) => `${groups.year}-${two(monthOf(groups.month))}`
  const b = (source: string, flags = 'gu') =>
    new RegExp(`(?<![\\p{L}\\p{N}-])${source}(?![\\p{L}\\p{N}])`, flags)
  const partOf = (name = ''): readonly [number, number] => words.parts[name] ?? [1, 12]
  return [
    {
      pattern: b('(?<iso>(?:18|19|20)\\d\\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01]))'),
      isExplicit: true,
      resolve: ({ iso = '' }) => ({ edtf: iso, reasoning: null }),
    },
    {
      pattern: b(`${month} ${day},? ${year}`),
      isExplicit: true,
      resolve: (groups) => ({
        edtf: `${dated(groups)}-${two(Number(groups.day))}`,
        reasoning: null,
      }),
    },
    {
      pattern: b(`${day} (?:of )?${month},? ${year}`),
      isExplicit: true,
      resolve: (groups) => ({
        edtf: `${dated(groups)}-${two(Number(groups.day))}`,
        reasoning: null,
      }),
    },
    {
      pattern: b(`(?:${alternatives(['early', 'mid', 'late'])})[ -]${month},? ${year}`),
      isExplicit: true,
      resolve: (groups) => ({
        edtf: dated(groups),
        reasoning: 'Which part of the month is kept in its words only.',
      }),
    },
    {
      pattern: b(`${month},? (?:of )?${year}`),
      isExplicit: true,
      resolve: (groups) => ({ edtf: dated(groups), reasoning: null }),
    },
    {
      pattern: b(`between ${year} and (?<until>(?:18|19|20)\\d\\d)`),
      isExplicit: true,
      resolve: ({ year: from, until }) => ({
        edtf: `${from}/${until}`,
        reasoning: 'Some day within.',
      }),
    },
    {
      pattern: b(
        `(?:in )?(?:the )?${part.replace('(?<part>', '(?<part>(?:').replace(/\)$/, '))')}[ -](?:of )?${year}`,
        'giu',
      ),
      isExplicit: true,
      resolve: ({ part: name, year: of }) => ({
        edtf: range(Number(of), partOf(name)),
        reasoning: `"${name}" is read as months ${partOf(name).join(' to ')} of the year.`,
      }),
    },
    {
      pattern: b(`the (?<decade>(?:18|19|20)\\d)0s`),
      isExplicit: true,
      resolve: ({ decade }) => ({ edtf: `${decade}X`, reasoning: null }),
    },
    {
      pattern: b(`(?:last|this past) (?<weekday>${alternatives(capitalised(words.weekdays))})`),
      isExplicit: false,
      resolve: ({ weekday = '' }, resolve) =>
        resolve(
          (today) => lastWeekday(words.weekdays.indexOf(weekday), today, 1),
          `"last ${weekday}" is read as the one before the article`,
        ),
    },
    {
      pattern: b(
        `(?:on |last week's )?(?<weekday>${alternatives(capitalised(words.weekdays))})(?!\\s+(?:morning|night)\\s+\\d)`,
      ),
      isExplicit: false,
      resolve: ({ weekday = '' }, resolve, text) =>
        isFuture(text)
          ? null
          : resolve(
              (today) => lastWeekday(words.weekdays.indexOf(weekday), today, 0),
              'A weekday alone is the last one up to the day of the article',
            ),
    },
    {
      pattern: b(`last ${month}`),
      isExplicit: false,
      resolve: (groups, resolve) =>
        resolve(
          (today) => lastMonth(monthOf(groups.month), today),
          '"Last" and a month is the last such month that is over, or the one of the year before',
        ),
    },
    {
      pattern: b(`(?:this|in) ${month}(?! \\d)(?:,? this year)?`),
      isExplicit: false,
      resolve: (groups, resolve, text) =>
        isFuture(text)
          ? null
          : resolve(
              (today) => recentMonth(monthOf(groups.month), today),
              'A month alone is the last one up to the day of the article',
            ),
    },
    {
      pattern: b(`(?:on )?${month} ${day}`),
      isExplicit: false,
      resolve: (groups, resolve, text) =>
        isFuture(text)
          ? null
          : resolve(
              (today) => recentDay(monthOf(groups.month), Number(groups.day), today),
              'A day without a year is the last such day up to that of the article',
            ),
    },
    {
      pattern: b(`(?:on )?${day} ${month}`),
      isExplicit: false,
      resolve: (groups, resolve, text) =>
        isFuture(text)
          ? null
          : resolve(
              (today) => recentDay(monthOf(groups.month), Number(groups.day), today),
              'A day without a year is the last such day up to that of the article',
            ),
    },
    {
      pattern: b('(?:earlier|later) this year', 'giu'),
      isExplicit: false,
      resolve: (_, resolve) =>
        resolve(
          (today) => `${four(today.year)}-01-01/${moved(today, 0)}`,
          'From the beginning of the year to the day of the article',
        ),
    },
    {
      pattern: b('earlier this month', 'giu'),
      isExplicit: false,
      resolve: (_, resolve) =>
        resolve(
          (today) => `${monthMoved(today, 0)}-01/${moved(today, 0)}`,
          'From the beginning of the month to the day of the article',
        ),
    },
    {
      pattern: b('(?:earlier )?this week', 'giu'),
      isExplicit: false,
      resolve: (_, resolve) =>
        resolve(
          (today) => `${moved(today, -6)}/${moved(today, 6)}`,
          'Within the week around the day of the article',
        ),
    },
    {
      pattern: b('late last year', 'giu'),
      isExplicit: false,
      resolve: (_, resolve) =>
        resolve(
          (today) => range(today.year - 1, partOf('late')),
          '"Late" is read as the last months of the year before',
        ),
    },
    {
      pattern: b('early this year', 'giu'),
      isExplicit: false,
      resolve: (_, resolve) =>
        resolve(
          (today) => range(today.year, partOf('early')),
          '"Early" is read as the first months of the year',
        ),
    },
    {
      pattern: b('(?<which>last|this|the previous) (?<unit>year|month|week)', 'giu'),
      isExplicit: false,
      resolve: ({ which, unit }, resolve) => {
        const back = which === 'this' ? 0 : 1
        return resolve(
          (today) =>
            unit === 'year'
              ? four(today.year - back)
              : unit === 'month'
                ? monthMoved(today, -back)
                : `${moved(today, -7 * back - 6)}/${moved(today, -7 * back + 6)}`,
          `"${which} ${unit}" counts from the day of the article`,
        )
      },
    },
    {
      pattern: b(`${number} (?<unit>year|month|week|day)s? (?:ago|earlier)`, 'giu'),
      isExplicit: false,
      resolve: ({ number: how = '', unit }, resolve) => {
        const count = words.numbers[how] ?? Number(how)
        return resolve(
          (today) =>
            unit === 'year'
              ? four(today.year - count)
              : unit === 'month'
                ? monthMoved(today, -count)
                : moved(today, unit === 'week' ? -7 * count : -count),
          'Counts from the day of the article',
        )
      },
    },
    {
      pattern: b('yesterday', 'giu'),
      isExplicit: false,
      resolve: (_, resolve) => resolve((today) => moved(today, -1), 'The day before the article'),
    },
    {
      pattern: b('today', 'giu'),
      isExplicit: false,
      resolve: (_, resolve) => resolve((today) => moved(today, 0), 'The day of the article'),
    },
    {
      pattern: b(year),
      isExplicit: true,
      resolve: ({ year: of = '' }) => ({ edtf: of, reasoning: null }),
    },
  ]
}

const capitalised = (list: readonly string[]) =>
  list.map((word) => word.charAt(0).toUpperCase() + word.slice(1))

/** Monday is 0. */
function lastWeekday(weekday: number, today: Day, before: 0 | 1): string {
  const now = (new Date(Date.UTC(today.year, today.month - 1, today.day)).getUTCDay() + 6) % 7
  const back = (now - weekday + 7) % 7
  return moved(today, -(before === 1 && back === 0 ? 7 : back))
}

/** Before this month came round again, "last May" is May of last year; afterwards it may be either. */
const lastMonth = (month: number, { year, month: now }: Day): string =>
  month >= now
    ? `${four(year - 1)}-${two(month)}`
    : `${four(year - 1)}-${two(month)}/${four(year)}-${two(month)}`

const recentMonth = (month: number, { year, month: now }: Day): string =>
  `${four(month > now ? year - 1 : year)}-${two(month)}`

function recentDay(month: number, day: number, today: Day): string {
  const later = month > today.month || (month === today.month && day > today.day)
  return `${four(later ? today.year - 1 : today.year)}-${two(month)}-${two(day)}`
}
