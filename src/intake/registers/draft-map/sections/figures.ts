import { findWideColumns, hasRole } from '../profile/column-roles.ts'
import type { Column } from '../profile/column-values.ts'
import { addNotes, placeholder } from '../write-map.ts'
import {
  draftDate,
  draftEntries,
  draftOutcome,
  draftState,
  draftValue,
  findParties,
  inBraces,
} from './column-rules.ts'
import type { DraftContext } from './draft-context.ts'

type Rule = Record<string, unknown>

/** The section `figure` of a map: a figure for each column with totals. */
export function draftFigures(context: DraftContext): Rule {
  const { columns, notes } = context
  const counts = columns.numbers.filter((column) => isCount(column, columns.numbers))
  const values = columns.numbers.filter(
    (column) => !counts.includes(column) && !isQuantity(column, columns.numbers),
  )
  const figures = [
    ...counts.map((column) => draftFigure(context, column, true)),
    ...values.map((column) => draftFigure(context, column, false)),
  ]
  if (columns.outcome === null && values.length > 0)
    addNotes(notes, 'figure', [
      'Each column with totals is a figure of its own. measure: licensed-value, exported-value, ordered-value or refused-value.',
    ])
  return { figure: figures.length === 1 ? figures[0] : figures }
}

/** Small whole numbers are numbers of licences. */
function isCount(column: Column, all: readonly Column[]): boolean {
  if (hasRole(column, 'count') && !hasRole(column, 'value')) return true
  const cells = [...column.values.keys()]
  const isWhole = cells.filter((cell) => /^\d{1,4}$/.test(cell)).length > 0.7 * cells.length
  const [first] = all
  return column.heading === '' && isWhole && column === first && column.median < 1_000
}

/** Without headings, the numbers after the largest ones are quantities. */
function isQuantity(column: Column, all: readonly Column[]): boolean {
  if (column.heading !== '') return hasRole(column, 'quantity') && !hasRole(column, 'value')
  return column.median < Math.max(...all.map(({ median }) => median))
}

function draftFigure(context: DraftContext, column: Column, isCount: boolean): Rule {
  const { columns } = context
  const { from, to, others } = findParties(columns)
  const named = (state: Column) => inBraces(columns.nameOf.get(state) ?? state)
  const what = isCount
    ? 'Licences'
    : typeof column.name === 'string'
      ? `${column.name}:`
      : 'Value of licences'
  const parties = [
    ...(from === undefined ? [] : [`of ${named(from)}`]),
    ...(to === undefined ? [] : [`for ${named(to)}`]),
  ]
  const [category] = columns.all.filter(
    (one) => one.kind === 'text' && ![...columns.nameOf.values()].includes(one),
  )
  const others_ = others.filter((one) => !columns.nameOf.has(one) || one !== to)
  return {
    title: [what, ...parties].join(' '),
    measure: draftMeasure(context, isCount),
    ...(isCount
      ? { quantity: { column: column.name } }
      : { value: draftValue(column, context, 'figure') }),
    ...(from !== undefined
      ? { from: draftState(from, context, 'from') }
      : context.isIssuerKnown && { from: { actor: context.issuer } }),
    ...(to !== undefined && { to: draftSingle(draftState(to, context, 'to'), to) }),
    ...(columns.entries.length > 0 && { controlEntries: draftEntries(columns.entries) }),
    ...(isCount || columns.numbers.length < 2 || typeof column.name === 'number'
      ? category !== undefined && { category: { column: category.name } }
      : { category: { constant: column.name } }),
    period: draftPeriod(context),
    ...(others_.length > 0 && { scope: { template: `Also: ${others_.map(named).join(', ')}` } }),
  }
}

/** A figure has one destination: cells with several stay in the quote. */
function draftSingle(rule: Rule, { split, name }: Column): Rule {
  if (split === null) return rule
  const { split: _, ...single } = rule
  const by = split === 'lines' ? '\\n' : split.trim()
  return { ...single, when: { [String(name)]: { matches: `^[^${by}]*$` } } }
}

function draftMeasure(context: DraftContext, isCount: boolean): Rule {
  const { outcome } = context.columns
  if (outcome === null) return { constant: isCount ? 'licences' : 'licensed-value' }
  const counts: Record<string, string> = {
    issued: 'licences',
    refused: 'refusals',
    suspended: 'suspensions',
    cancelled: 'cancellations',
  }
  return draftOutcome(outcome, context, 'figure', (word) =>
    isCount
      ? (counts[word] ?? 'licences')
      : word === 'refused'
        ? 'refused-value'
        : 'licensed-value',
  )
}

/** A column of dates, or a year above the heading. */
function draftPeriod(context: DraftContext): Rule {
  const [date] = context.columns.dates
  if (date !== undefined) return draftDate(date, context, 'period')
  const years = new Set(context.sample.preamble.join(' ').match(/\b(?:19|20)\d\d\b/g) ?? [])
  const [year = placeholder] = years
  addNotes(context.notes, 'figure', [
    years.size === 1
      ? `The year ${year} is from above the heading.`
      : 'The table does not say its period: write a year for it.',
  ])
  return { constant: years.size === 1 ? year : placeholder }
}

/** Figures in several columns, of which the headings are categories or years. */
export function draftWideFigures(context: DraftContext): Rule {
  const { columns } = context
  const wide = findWideColumns(columns.numbers)
  const [first] = wide
  const { to } = findParties(columns)
  const isYears = wide.every(({ name }) => /^(?:19|20)\d\d$/.test(String(name)))
  const period = isYears ? { column: 'year', formats: ['yyyy'] } : draftPeriod(context)
  const name = isYears ? 'year' : 'category'
  const values = new Map(wide.flatMap((column) => [...column.values]))
  const merged =
    first === undefined
      ? undefined
      : {
          ...first,
          name: 'amount',
          values,
          currencies: wide.flatMap((one) => one.currencies),
          decimal: wide.find((one) => one.decimal !== null)?.decimal ?? null,
        }
  const fillDown = columns.all.filter(
    ({ kind, cells }) => kind === 'text' && cells[0] === '' && cells.some((cell) => cell === ''),
  )
  const carried =
    fillDown.length > 0
      ? fillDown
      : columns.all.filter(
          ({ kind, cells }) =>
            kind === 'text' && cells.filter((cell) => cell === '').length > cells.length / 4,
        )
  const state = to === undefined ? {} : { to: draftState(to, context, 'figure.to') }
  const hasTotal = to?.cells.some((cell) => cell === '' || /^(?:total|gesamt|totaal)/i.test(cell))
  const total =
    hasTotal && to !== undefined
      ? {
          total: [
            { [String(to.name)]: { empty: true } },
            { [String(to.name)]: { matches: '^(?:total|gesamt|totaal)' } },
          ],
        }
      : {}
  addNotes(context.notes, 'figure', [
    'measure: licensed-value, exported-value, ordered-value or refused-value.',
  ])
  return {
    ...(carried.length > 0 && { rows: { fillDown: carried.map((column) => column.name) } }),
    figure: {
      unpivot: { columns: wide.map((column) => column.name), name, value: 'amount' },
      title: `${to === undefined ? 'Exports' : `Exports to ${inBraces(to)}`}, {${name}}`,
      measure: { constant: 'licensed-value' },
      ...(merged !== undefined && { value: draftValue(merged, context, 'figure.value') }),
      ...(context.isIssuerKnown && { from: { actor: context.issuer } }),
      ...state,
      ...(!isYears && { category: { column: name } }),
      period,
      ...total,
    },
  }
}
