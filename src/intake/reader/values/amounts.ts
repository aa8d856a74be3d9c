import type { ReaderData } from '../data.ts'
import type { Token } from '../tokens.ts'
import type { GoodMention, Money, Quantity } from '../types.ts'

type NumberAt = { value: number; from: number; to: number }

/** The number that begins at a token: figures or words ("two dozen", "12 000", "1.2 million"). */
export function readNumber(
  tokens: readonly Token[],
  index: number,
  words: ReaderData['goods']['numbers'],
  multipliers: Readonly<Record<string, number>>,
): NumberAt | null {
  const token = tokens[index]
  if (!token) return null
  const figure = token.kind === 'number' ? parseFigure(token.text) : null
  let value = figure ?? parseNumberWord(token.key, words)
  let to = index + 1
  if (value === null && (token.key === 'a' || token.key === 'an' || token.key === 'several')) {
    const next = tokens[index + 1]?.key ?? ''
    if (!/^(dozen|hundred|thousand|million|billion)$/.test(next)) return null
    value = 1
  }
  if (value === null) return null
  for (let next = tokens[to]; next; next = tokens[to]) {
    const factor = words[next.key] ?? multipliers[next.key]
    if (next.kind !== 'word' || factor === undefined || factor < 12) break
    if (factor < 100 && factor !== 12) break
    value *= factor
    to += 1
  }
  return { value: Math.round(value * 1000) / 1000, from: index, to }
}

function parseNumberWord(key: string, words: Readonly<Record<string, number>>): number | null {
  const whole = words[key]
  if (whole !== undefined) return whole
  const [, tens = '', ones = ''] = /^(\w+ty)-(\w+)$/.exec(key) ?? []
  const [first, second] = [words[tens], words[ones]]
  return first !== undefined && second !== undefined ? first + second : null
}

/** "1,042" and "1.042" are one thousand and forty-two; "10.4" and "84,5" are not. */
export function parseFigure(text: string): number | null {
  if (/^\d{1,3}(?:[, \u00a0\u202f]\d{3})+(?:\.\d+)?$/u.test(text))
    return Number(text.replaceAll(/[, \u00a0\u202f]/g, ''))
  if (/^\d{1,3}(?:\.\d{3})+(?:,\d+)?$/.test(text))
    return Number(text.replaceAll('.', '').replace(',', '.'))
  if (/^\d+([.,]\d+)?$/.test(text)) return Number(text.replace(',', '.'))
  return null
}

type Qualifier = { kind: 'over' | 'almost' | 'about'; start: number }

/** "more than", "almost", "about" before a number. */
function findQualifier(
  tokens: readonly Token[],
  index: number,
  goods: ReaderData['goods'],
): Qualifier | null {
  for (const kind of ['over', 'almost', 'about'] as const)
    for (const phrase of goods[kind]) {
      const parts = phrase.toLowerCase().split(' ')
      const from = index - parts.length
      if (from < 0) continue
      if (parts.every((part, at) => tokens[from + at]?.text.toLowerCase() === part))
        return { kind, start: tokens[from]?.start ?? 0 }
    }
  return null
}

function applyQualifier(value: number, qualifier: Qualifier | null) {
  if (qualifier?.kind === 'over') return { from: value, to: null, isApproximate: false }
  if (qualifier?.kind === 'almost') return { from: null, to: value, isApproximate: true }
  return { from: value, to: value, isApproximate: qualifier?.kind === 'about' }
}

/** A second end: "between 20 and 30", "20 to 30". */
function readRangeEnd(
  tokens: readonly Token[],
  first: NumberAt,
  read: (index: number) => NumberAt | null,
): NumberAt | null {
  const link = tokens[first.to]
  const isBetween = tokens[first.from - 1]?.key === 'between' && link?.key === 'and'
  if (!isBetween && link?.key !== 'to' && !/^[-–]$/.test(link?.text ?? '')) return null
  const second = read(first.to + 1)
  return second && second.value > first.value ? second : null
}

const breaks = new Set(
  `of to for in on at by from with and or but that which who was were is are been be had has have will would could after before
  since until while its his her their the an this these those per than as`.split(/\s+/),
)

type Counted = { at: number; unit: string }

/** Numbers of goods: of the nouns of goods-nouns.yaml, or of a designation. */
export function findQuantities(
  tokens: readonly Token[],
  sentence: number,
  goodMentions: readonly GoodMention[],
  data: Pick<ReaderData, 'goods' | 'amounts'>,
  isTaken: (start: number) => boolean,
): Quantity[] {
  const { goods } = data
  const units = indexGoodsNouns(goods)
  const found: Quantity[] = []
  const read = (index: number) => readNumber(tokens, index, goods.numbers, data.amounts.multipliers)
  for (let index = 0; index < tokens.length; index += 1) {
    const number = read(index)
    const start = tokens[index]?.start ?? 0
    if (!number || isTaken(start) || !Number.isInteger(number.value)) continue
    if (/^[€£¥$]|\$$/.test(tokens[index - 1]?.text ?? '')) continue
    // "Leopard 2 tanks": the number is of the designation.
    if (goodMentions.some((one) => one.start < start && start < one.end)) continue
    const range = readRangeEnd(tokens, number, read)
    const last = range ?? number
    const counted =
      findCountedNoun(tokens, last.to, units, goods, goodMentions) ?? findBareCount(tokens, last.to)
    if (!counted) continue
    const token = tokens[index]
    const isYear = token?.kind === 'number' && /^(19|20)\d\d$/.test(token.text)
    if (isYear && !isTaken(start) && counted.at - last.to > 0 && !range) continue
    const qualifier = findQualifier(tokens, index, goods)
    const bounds = range
      ? { from: number.value, to: range.value, isApproximate: false }
      : applyQualifier(number.value, qualifier)
    const end = tokens[counted.at]?.baseEnd ?? 0
    const good = goodMentions.find((one) => one.start >= start && one.start < end + 1)?.good ?? null
    found.push({
      ...bounds,
      start: qualifier?.start ?? start,
      end,
      unit: counted.unit,
      sentence,
      good,
    })
    index = Math.max(index, last.to - 1)
  }
  return found
}

const unitsCache = new WeakMap<object, Map<string, string>>()

export function indexGoodsNouns(goods: ReaderData['goods']): Map<string, string> {
  const known = unitsCache.get(goods)
  if (known) return known
  const units = new Map(
    Object.entries(goods.nouns).flatMap(
      ([one, many]) =>
        [
          [one, one],
          [many, one],
        ] as const,
    ),
  )
  unitsCache.set(goods, units)
  return units
}

function findCountedNoun(
  tokens: readonly Token[],
  from: number,
  units: ReadonlyMap<string, string>,
  goods: ReaderData['goods'],
  goodMentions: readonly GoodMention[],
): Counted | null {
  let designation: Counted | null = null
  for (let at = from; at < Math.min(tokens.length, from + 7); at += 1) {
    const token = tokens[at]
    if (!token || token.kind === 'mark' || breaks.has(token.key)) {
      // "1,500 of the rifles", "500 of them anti-tank mines".
      if (
        at === from &&
        token?.key === 'of' &&
        /^(the|these|those|its|them)$/.test(tokens[at + 1]?.key ?? '')
      ) {
        at += 1
        continue
      }
      break
    }
    if (goods.neverCounted.has(token.key)) return null
    const unit = units.get(token.key)
    if (unit) {
      const next = tokens[at + 1]
      const follows = next?.kind === 'word' ? units.get(next.key) : undefined
      return follows ? { at: at + 1, unit: follows } : { at, unit }
    }
    if (goodMentions.some((one) => one.start <= token.start && token.start < one.end))
      designation = { at, unit: 'unit' }
  }
  return designation
}

/** "almost 20,000 by another count": a large number alone, where goods are spoken of. */
function findBareCount(tokens: readonly Token[], from: number): Counted | null {
  const next = tokens[from]
  const number = tokens[from - 1]
  if (number?.kind !== 'number' || !/[,.\s]\d{3}$/.test(number.text)) return null
  return next === undefined || /^(by|[.,;)])$/.test(next.key)
    ? { at: from - 1, unit: 'unit' }
    : null
}

/** Sums of money, in the currencies of amounts.yaml. */
export function findMoney(
  tokens: readonly Token[],
  sentence: number,
  data: Pick<ReaderData, 'goods' | 'amounts'>,
): Money[] {
  const names = listCurrencies(data.amounts)
  const found: Money[] = []
  const read = (index: number) => readMoneyNumber(tokens, index, data)
  for (let index = 0; index < tokens.length; index += 1) {
    const number = read(index)
    if (!number) continue
    const before = findCurrencyBefore(tokens, index, names)
    const after = before ? null : findCurrencyAfter(tokens, number.to, names)
    if (!before && !after) continue
    const first = before?.from ?? index
    const last = after?.to ?? number.to
    const qualifier = findQualifier(tokens, first, data.goods)
    found.push({
      ...applyQualifier(number.value, qualifier),
      start: qualifier?.start ?? tokens[first]?.start ?? 0,
      end: tokens[last - 1]?.baseEnd ?? 0,
      currency: before?.code ?? after?.code ?? '',
      sentence,
    })
    index = last - 1
  }
  return found
}

/** As other numbers, but "40m" and "1.2bn" too. */
function readMoneyNumber(
  tokens: readonly Token[],
  index: number,
  { goods, amounts }: Pick<ReaderData, 'goods' | 'amounts'>,
): NumberAt | null {
  const token = tokens[index]
  const [, figure = '', unit = ''] =
    /^(\d[\d.,]*)(k|m|mn|bn|mio|mrd)$/i.exec(token?.text ?? '') ?? []
  if (figure !== '') {
    const factor = amounts.multipliers[unit.toLowerCase()] ?? 1
    return { value: (parseFigure(figure) ?? 0) * factor, from: index, to: index + 1 }
  }
  return readNumber(tokens, index, goods.numbers, amounts.multipliers)
}

type Currency = { words: string[]; code: string }
const currencyCache = new WeakMap<object, Currency[]>()

function listCurrencies(amounts: ReaderData['amounts']): Currency[] {
  const known = currencyCache.get(amounts)
  if (known) return known
  const list = Object.entries(amounts.currencies)
    .flatMap(([code, names]) =>
      names.map((name) => ({ words: name.toLowerCase().split(' '), code })),
    )
    .sort(
      (a, b) =>
        b.words.length - a.words.length || b.words.join('').length - a.words.join('').length,
    )
  currencyCache.set(amounts, list)
  return list
}

function findCurrencyBefore(tokens: readonly Token[], index: number, names: readonly Currency[]) {
  for (const { words, code } of names) {
    const from = index - words.length
    if (from < 0 || !/^[a-z]{0,3}\$$|^[€£¥]$|^[a-z]{3}$/i.test(words.at(-1) ?? '')) continue
    if (words.every((word, at) => tokens[from + at]?.text.toLowerCase() === word))
      return { code, from }
  }
  return null
}

function findCurrencyAfter(tokens: readonly Token[], at: number, names: readonly Currency[]) {
  const skip = /^(d|de|di|of)$/.test(tokens[at]?.key ?? '') ? 1 : 0
  for (const { words, code } of names) {
    const fits = words.every((word, n) => tokens[at + skip + n]?.text.toLowerCase() === word)
    if (fits) return { code, to: at + skip + words.length }
  }
  return null
}
