import { readCurrency, takeCurrencies } from '../../values/currencies.ts'
import { type Columns, hasRole, isFirstOfYear } from '../profile/column-roles.ts'
import { type Column, findOutcome } from '../profile/column-values.ts'
import { addNotes, placeholder } from '../write-map.ts'
import type { DraftContext } from './draft-context.ts'

/** Rules of a map for columns, with notes on what is not sure. `path` is where the rule stands. */

type Rule = Record<string, unknown>

export function draftDate(column: Column, { notes, columns }: DraftContext, path: string): Rule {
  const mark = columns.marks.find(({ index }) => index === column.index + 1)
  const uncertain = mark === undefined ? {} : { uncertain: { column: mark.name } }
  if (isFirstOfYear(column)) {
    addNotes(notes, path, ['Only the year: all dates are the first of January.'])
    return { column: column.name, extract: '^\\d{4}', formats: ['yyyy'], ...uncertain }
  }
  const both = [
    ['dd/MM/yyyy', 'MM/dd/yyyy'],
    ['dd-MM-yyyy', 'MM-dd-yyyy'],
    ['dd/MM/yy', 'MM/dd/yy'],
  ].find((pair) => pair.some((format) => column.formats.includes(format)))
  if (both !== undefined) {
    const days = [...column.values.keys()].map((cell) => Number(/^(\d+)\D(\d+)/.exec(cell)?.[2]))
    const firsts = [...column.values.keys()].map((cell) => Number(/^(\d+)\D(\d+)/.exec(cell)?.[1]))
    if (Math.max(...days) <= 12 && Math.max(...firsts) <= 12)
      addNotes(notes, path, ['No day is above 12: day and month may be the other way round.'])
  }
  const isPivoted = column.formats.some((format) => /(?<!y)yy(?!y)/.test(format))
  if (isPivoted)
    addNotes(notes, path, [
      'Years of two digits: below 50 they are of this century, unless pivot says otherwise.',
    ])
  return { column: column.name, formats: [...column.formats], ...uncertain }
}

export function draftState(
  column: Column,
  { columns, notes, drafted }: DraftContext,
  path: string,
): Rule {
  const { split, strip, noStates } = column
  drafted.add(column)
  const name = columns.nameOf.get(column)
  const lines: string[] = []
  if (name !== undefined) lines.push(`The names beside these codes are in ${name.name}.`)
  if (split !== null) lines.push('Some cells name several states.')
  if (strip.length > 0) lines.push('Some cells have more than a name: check what strip removes.')
  if (lines.length > 0) addNotes(notes, path, lines)
  return {
    column: column.name,
    ...(strip.length > 0 && { strip: strip.length === 1 ? strip[0] : strip }),
    ...(split !== null && { split }),
    match: 'state',
    ...(noStates.length > 0 && { table: 'names' }),
  }
}

export function draftOutcome<Word extends string>(
  column: Column,
  { notes }: DraftContext,
  path: string,
  toWord: (outcome: string) => Word,
): Rule {
  const isYes = (cell: string) => /^(?:1|yes|true)$/i.test(cell)
  const isFlag = [...column.values.keys()].every((cell) =>
    /^(?:0|1|yes|no|true|false)$/i.test(cell),
  )
  const values: Record<string, string | null> = {}
  const unknown: string[] = []
  const cells = new Set(column.values.keys())
  // The other word may stand in later rows only.
  if (isFlag && /^[01]$/.test([...cells][0] ?? '')) for (const cell of ['0', '1']) cells.add(cell)
  for (const cell of cells) {
    const outcome = isFlag ? (isYes(cell) ? 'refused' : 'issued') : findOutcome(cell)
    if (outcome === null) unknown.push(cell)
    else values[cell] = toWord(outcome)
  }
  if (unknown.length > 0)
    addNotes(notes, path, [
      `Say what these mean, or their rows are rejected: ${unknown.slice(0, 10).join(', ')}`,
    ])
  return { column: column.name, values }
}

export function draftValue(column: Column, context: DraftContext, path: string): Rule {
  const lines: string[] = []
  const rule = {
    column: column.name,
    currency: draftCurrency(column, context, lines),
    ...draftSigns(column, lines),
    ...draftUnit(column, context, lines),
  }
  if (lines.length > 0) addNotes(context.notes, path, lines)
  return rule
}

function draftSigns({ decimal, hasBothSigns, unread, values }: Column, lines: string[]): Rule {
  const isAmbiguous = [...values.keys()].some((cell) =>
    /(?<![\d.,])\d{1,3}[.,]\d{3}(?![\d.,])/.test(cell),
  )
  if (hasBothSigns)
    lines.push(
      'Point and comma both stand before decimals: cells that can be read in two ways are rejected. Use several rules with when.',
    )
  else if (decimal === null && isAmbiguous)
    lines.push(
      'No cell shows the decimal sign: write decimal, or cells such as 165.605 are rejected.',
    )
  const words = unread.filter((cell) => /^[^\d%]{1,30}$/.test(cell)).slice(0, 20)
  const faults = unread.filter((cell) => !words.includes(cell))
  if (words.length > 0)
    lines.push('The cells under unknown are taken for unknown values, not for zero.')
  if (faults.length > 0) lines.push(`Not numbers, and rejected: ${faults.slice(0, 5).join(' | ')}`)
  return { ...(decimal !== null && { decimal }), ...(words.length > 0 && { unknown: words }) }
}

const unitWords: readonly (readonly [RegExp, number])[] = [
  [
    /\bk(?=€|eur|usd|\$|£|chf)|\bT(?=€|EUR|CHF)|thousand|tausend|milliers|duizend|\bmiles\b|migliaia|tusen|\b1[.,' ]?000\b/i,
    1_000,
  ],
  [/\bM(?=€|EUR|\$|£|USD)|\bmio\b|\bmln\b|million|miljo|milion|millones/i, 1_000_000],
]

/** Values in thousands or millions, by the heading or what stands above it. */
function draftUnit({ heading }: Column, { sample }: DraftContext, lines: string[]): Rule {
  const texts = [heading, ...sample.preamble]
  for (const [pattern, unit] of unitWords) {
    const text = texts.find((one) => pattern.test(one))
    if (text === undefined) continue
    lines.push(`The values seem to be in units of ${unit}: "${text.slice(0, 80)}".`)
    return { unit }
  }
  return {}
}

/** From the cells, from another column, or from a heading. */
function draftCurrency(
  column: Column,
  { columns, sample }: DraftContext,
  lines: string[],
): unknown {
  if (columns.currency !== null) {
    const { name, values } = columns.currency
    const words = [...values.keys()].filter((word) => !/^[A-Z]{3}$/.test(word))
    const table = Object.fromEntries(
      words.map((word) => [word, readCurrency(word)[0] ?? placeholder]),
    )
    return { column: name, ...(words.length > 0 && { values: table }) }
  }
  const [only] = column.currencies
  if (only !== undefined && column.currencies.length === 1) return only
  for (const text of [column.heading, ...sample.preamble]) {
    const spaced = text
      .replaceAll(/[_()[\]]/g, ' ')
      .replaceAll(/\b[kMT](?=€|£|\$|EUR|USD|CHF)/g, '')
    const [code, ...more] = takeCurrencies(spaced).codes ?? []
    if (code !== undefined && more.length === 0) return code
  }
  lines.push('The table does not say the currency: write its code of ISO 4217.')
  return placeholder
}

export const draftEntries = (entries: readonly Column[]): Rule[] =>
  entries.map((column) => {
    const delimiter = [';', '\n', ','].find((by) =>
      [...column.values.keys()].some((cell) => cell.includes(by)),
    )
    const split = delimiter === '\n' ? 'lines' : delimiter
    return {
      column: column.name,
      list: column.heading === '' ? 'control list' : column.heading,
      ...(split !== undefined && { split }),
    }
  })

/** A text with the columns in braces. */
export const inBraces = (column: Column): string => `{${column.name}}`

export const findByRole = (
  list: readonly Column[],
  role: Parameters<typeof hasRole>[1],
): Column | undefined => list.find((column) => hasRole(column, role))

/** States that supply and states that receive; without a heading, in this order. */
export function findParties({ states }: Columns): {
  from: Column | undefined
  to: Column | undefined
  others: Column[]
} {
  const unnamed = states.every(({ heading }) => heading === '')
  const from =
    unnamed && states.length > 1
      ? states[0]
      : states.find((one) => hasRole(one, 'exporter') && !hasRole(one, 'end'))
  const rest = states.filter((column) => column !== from && !hasRole(column, 'origin'))
  const to = unnamed
    ? rest[0]
    : (rest.find((one) => hasRole(one, 'destination') && !hasRole(one, 'end')) ?? rest[0])
  return { from, to, others: states.filter((column) => column !== from && column !== to) }
}
