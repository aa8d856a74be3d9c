import {
  addDecimals,
  compareDecimals,
  type Decimal,
  isDecimal,
  shiftDecimal,
  subtractDecimals,
  trimDecimal,
} from './decimals.ts'
import { isNumberWord, parseNumberWords } from './number-words.ts'
import { type AmountRange, buildExcludes, exactly, isEmptyRange } from './ranges.ts'

/**
 * Reads the words of a source ("almost 20,000 bombs", "over €411 million", "up to 18 months") as a range. The rules:
 *
 * | words | range |
 * | --- | --- |
 * | `27`, `20,000`, `1.2 billion`, `twenty-seven`, `a dozen` | exactly this |
 * | `over`, `more than`, `above`, `exceeding`, `>` N | more than N |
 * | `at least`, `no fewer than`, `from`, `≥` N; N `or more`; N`+` | N or more |
 * | `under`, `less than`, `fewer than`, `below`, `<` N | less than N |
 * | `up to`, `at most`, `no more than`, `maximum`, `≤` N; N `or less` | N or less |
 * | `almost`, `nearly`, `just under` N | from N less its margin to less than N |
 * | `just over` N | more than N, to N and its margin |
 * | `about`, `around`, `some`, `approximately`, `roughly`, `~` N; N `or so` | N less its margin to N and its margin |
 * | `between A and B`, `A to B`, `A-B` | A to B; in "1 to 5 million" both are millions |
 * | `dozens`, `hundreds`, `tens of thousands` | two of them or more |
 * | `several`, `a couple of` | 2 or more |
 * | `some`, `many`, `a few`, `a number of`, without a number | nothing is known |
 *
 * The margin is a tenth, and at least 1 for a whole number without a scale word ("about 5" is 4 to 6).
 *
 * @returns null for words that these rules cannot read with certainty, such as `12,5`, `1.250` and two numbers of which only
 * one can be meant
 */
export function parseAmount(asStated: string): AmountRange | null {
  const words = normalise(asStated)
  if (words === '') return null
  const range = parseVague(words) ?? parseInterval(words) ?? parseQualified(words)
  return range === null || isEmptyRange(range) ? null : range
}

const normalise = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[‐‑‒–—−]/g, '-')
    .replaceAll(/[’‘']/g, "'")
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/^(?:a total of|in total|the|an estimated|estimated at|worth) /, '')

type Qualifier = 'more' | 'atLeast' | 'less' | 'atMost' | 'almost' | 'justOver' | 'about'

/** Longer ones first: "no more than" is not "more than". */
const qualifiers: readonly [Qualifier, RegExp][] = [
  [
    'atMost',
    /^(?:up to|at most|no more than|not more than|not exceeding|a maximum of|maximum|max\.?|<=|≤)(?= |\d|[$€£¥])/,
  ],
  [
    'atLeast',
    /^(?:at least|no fewer than|no less than|not less than|not fewer than|a minimum of|minimum|min\.?|from|>=|≥)(?= |\d|[$€£¥])/,
  ],
  ['almost', /^(?:almost|nearly|close to|just under|just below|just short of)(?= )/],
  ['justOver', /^(?:just over|just above|slightly more than|a little over|little more than)(?= )/],
  [
    'more',
    /^(?:over|more than|above|exceeding|in excess of|upwards? of|greater than|>)(?= |\d|[$€£¥])/,
  ],
  ['less', /^(?:under|less than|fewer than|below|<)(?= |\d|[$€£¥])/],
  [
    'about',
    /^(?:about|around|approximately|approx\.?|roughly|some|circa|ca?\.|~|≈)(?= |\d|[$€£¥])/,
  ],
]

const suffixes: readonly [Qualifier, RegExp][] = [
  ['atLeast', /(?<=\d)\+|\b(?:or more|and more|or over|or above|at least)\b/],
  ['atMost', /\b(?:or less|or fewer|or under|at most)\b/],
  ['about', /\b(?:or so|or thereabouts)\b/],
]

function parseQualified(words: string): AmountRange | null {
  for (const [qualifier, pattern] of qualifiers) {
    const match = pattern.exec(words)
    if (match === null) continue
    const stated = parseStatedNumber(words.slice(match[0].length).trim())
    return stated && applyQualifier(qualifier, stated)
  }
  for (const [qualifier, pattern] of suffixes)
    if (pattern.test(words)) {
      const stated = parseStatedNumber(words.replace(pattern, ' ').replaceAll(/ +/g, ' ').trim())
      return stated && applyQualifier(qualifier, stated)
    }
  const stated = parseStatedNumber(words)
  return stated && exactly(stated.amount)
}

function applyQualifier(qualifier: Qualifier, { amount, margin }: StatedNumber): AmountRange {
  const above = addDecimals(amount, margin)
  const below = subtractDecimals(amount, margin)
  switch (qualifier) {
    case 'more':
      return { low: amount, high: null, excludes: 'low' }
    case 'atLeast':
      return { low: amount, high: null, excludes: null }
    case 'less':
      return { low: null, high: amount, excludes: 'high' }
    case 'atMost':
      return { low: null, high: amount, excludes: null }
    case 'almost':
      return { low: below, high: amount, excludes: buildExcludes(false, true) }
    case 'justOver':
      return { low: amount, high: above, excludes: buildExcludes(true, false) }
    case 'about':
      return { low: below, high: above, excludes: null }
  }
}

/** `between 1 and 5 million`, `1 to 5 million`, `€1-5m`. */
function parseInterval(words: string): AmountRange | null {
  const between = /^(?:between|from) (.+?) (?:and|to) (.+)$/.exec(words)
  const match = between ?? /^(\S*\d\S*(?: [a-z]+)?) ?(?:to|-) ?([^a-z]*\d.*)$/.exec(words)
  const [, first, second] = match ?? []
  if (first === undefined || second === undefined) return null
  const isMoney = currencySigns.test(first)
  const high = parseStatedNumber(second, isMoney)
  const low = parseStatedNumber(first)
  if (low === null || high === null) return null
  const lowAmount = low.scale === 0 && high.scale > 0 ? shareScale(low, high) : low.amount
  return lowAmount === null ? null : { low: lowAmount, high: high.amount, excludes: null }
}

/** "1 to 5 million" means 1 million. With "800 to 1 million" it is not said; "500,000 to 1 million" is clear. */
function shareScale(low: StatedNumber, high: StatedNumber): Decimal | null {
  if (compareDecimals(low.amount, shiftDecimal(high.amount, -high.scale)) < 0)
    return shiftDecimal(low.amount, high.scale)
  return compareDecimals(low.amount, '1000') < 0 ? null : low.amount
}

const unknownRange: AmountRange = { low: null, high: null, excludes: null }

const magnitudes: Readonly<Record<string, Decimal>> = {
  dozens: '24',
  scores: '40',
  tens: '20',
  hundreds: '200',
  thousands: '2000',
  'tens of thousands': '20000',
  'hundreds of thousands': '200000',
  millions: '2000000',
  'tens of millions': '20000000',
  'hundreds of millions': '200000000',
  billions: '2000000000',
}

const vaguePattern =
  /^((?:(?:tens|hundreds) of )?(?:dozens|scores|tens|hundreds|thousands|millions|billions)|several|a couple(?: of)?|some|many|numerous|a few|few|a number of|an unknown number of|an unspecified number of|unknown|unspecified)(?: (.*))?$/

/** Words without a number. */
function parseVague(words: string): AmountRange | null {
  const match = vaguePattern.exec(words)
  if (match === null || !isUnitPhrase((match[2] ?? '').replace(/^of /, ''))) return null
  const [, word = ''] = match
  if (word === 'several' || word.startsWith('a couple'))
    return { low: '2', high: null, excludes: null }
  const low = magnitudes[word]
  return low === undefined ? unknownRange : { low, high: null, excludes: null }
}

/** `scale` is a power of ten: 6 for millions. */
type StatedNumber = { amount: Decimal; margin: Decimal; scale: number }

const scales: Readonly<Record<string, number>> = {
  hundred: 2,
  thousand: 3,
  k: 3,
  million: 6,
  millions: 6,
  mn: 6,
  mio: 6,
  m: 6,
  billion: 9,
  billions: 9,
  bn: 9,
  b: 9,
  trillion: 12,
}

const currencySigns = /^(?:[a-z]{0,2}[$]|[€£¥]|(?:eur|usd|gbp|chf|cad|aud|jpy|us) ?[$€£]?)(?= ?\d)/

/** A number, then perhaps what is counted. "5m" is a number of money only: else it may be metres. */
function parseStatedNumber(text: string, isMoney = currencySigns.test(text)): StatedNumber | null {
  const words = text.replace(currencySigns, '').trim()
  const match = /^(\d[\d.,']*(?: \d{3}(?!\d))*)(?![\d.,'])[ -]?(.*)$/.exec(words)
  if (match === null) return parseWordNumber(words)
  const [, digits = '', rest = ''] = match
  const numeral = parseNumeral(digits)
  const [, scaleWord = ''] = /^([a-z]+)\.?(?= |$|[€$£])/.exec(rest) ?? []
  const scale = Object.hasOwn(scales, scaleWord) ? scales[scaleWord] : undefined
  if (numeral === null || (/^[mb]$/.test(scaleWord) && !isMoney)) return null
  const unit = scale === undefined ? rest : rest.slice(scaleWord.length).replace(/^\./, '').trim()
  if (!isUnitPhrase(unit)) return null
  return buildStatedNumber(shiftDecimal(numeral, scale ?? 0), scale ?? 0)
}

/** `twenty-seven`, `a dozen`, `half a million`. */
function parseWordNumber(words: string): StatedNumber | null {
  const found = parseNumberWords(words)
  return found && isUnitPhrase(found.rest) ? buildStatedNumber(found.amount, found.scale) : null
}

function buildStatedNumber(amount: Decimal, scale: number): StatedNumber {
  const tenth = shiftDecimal(amount, -1)
  const isWhole = scale === 0 && !amount.includes('.')
  const margin = isWhole && compareDecimals(tenth, '1') < 0 ? '1' : tenth
  return { amount, margin, scale }
}

/** `20,000`, `20 000`, `20'000`, `1,250.50`, `1.25`. Null where a comma or point can mean two things. */
function parseNumeral(digits: string): Decimal | null {
  if (/^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(digits)) return finish(digits.replaceAll(',', ''))
  if (/^\d{1,3}(?:[' ]\d{3})+(?:\.\d+)?$/.test(digits))
    return finish(digits.replaceAll(/[' ]/g, ''))
  if (/^\d+$/.test(digits)) return finish(digits)
  // Three digits after a point are groups of thousands in many languages.
  if (/^(?:0\.\d+|\d+\.(?:\d{1,2}|\d{4,}))$/.test(digits)) return finish(digits)
  return null
}

const finish = (digits: string): Decimal | null => (isDecimal(digits) ? trimDecimal(digits) : null)

const otherMeaning =
  /\b(?:or|and|of which|more|less|fewer|than|per ?cent|times|each|per|to|between|over|under|not|first|half|dozens?|hundreds?|thousands?|millions?|billions?)\b/

/** What is counted: some words that change nothing of the number. */
const isUnitPhrase = (text: string): boolean =>
  text === '' ||
  (/^[\p{L}€$£¥][\p{L}\p{M} €$£¥/.'-]*$/u.test(text) &&
    text.split(' ').length <= 8 &&
    !otherMeaning.test(text) &&
    !text.split(/[ -]/).some(isNumberWord))
