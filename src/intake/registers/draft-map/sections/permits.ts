import { hasRole } from '../profile/column-roles.ts'
import type { Column } from '../profile/column-values.ts'
import { addNotes } from '../write-map.ts'
import {
  draftDate,
  draftEntries,
  draftOutcome,
  draftState,
  draftValue,
  findByRole,
  findParties,
  inBraces,
} from './column-rules.ts'
import type { DraftContext } from './draft-context.ts'

/** The section `permit` of a map. */
export function draftPermits(context: DraftContext): Record<string, unknown> {
  const { columns, notes } = context
  const key = chooseKey(context)
  const hasLines = isOfLines(key, columns.dates)
  if (hasLines)
    addNotes(notes, 'permit.sameKey', [
      'Rows with the same key have the same date, so they are lines of a permit.',
    ])
  const amounts = columns.numbers.filter((one) => !key.includes(one))
  const value =
    amounts.find((one) => hasRole(one, 'value')) ?? amounts.find(({ heading }) => heading === '')
  const rule = value === undefined ? undefined : draftValue(value, context, 'permit.value')
  const quantity = amounts.find((one) => one !== value && hasRole(one, 'quantity'))
  const split = findLines(
    columns.all.filter((one) => one.kind !== 'number' && one.kind !== 'state'),
  )
  const lines = hasLines || split.length > 0
  const goods = draftGoods(context, split)
  if (!context.isIssuerKnown)
    addNotes(notes, 'permit.issuer', [
      'Slug of the state that issued them. If it is not on record, describe it under actors.',
    ])
  return {
    permit: {
      key: key.map(({ name }) => name),
      ...(lines && { sameKey: 'lines' }),
      ...(split.length > 0 && { split: { columns: split.map(({ name }) => name), by: 'lines' } }),
      title: `Licence ${key.slice(0, 3).map(inBraces).join(' ')}`,
      ...(key.length === 1 && key[0] !== undefined && { number: { column: key[0].name } }),
      issuer: { actor: context.issuer },
      ...(columns.outcome !== null && {
        outcome: draftOutcome(columns.outcome, context, 'permit.outcome', (word) => word),
      }),
      ...draftDates(context),
      ...draftExporter(context),
      ...draftDestinations(context),
      ...goods,
      ...(columns.entries.length > 0 && { controlEntries: draftEntries(columns.entries) }),
      ...(quantity !== undefined && { quantity: { column: quantity.name } }),
      ...(lines && Object.keys(goods).length > 0 && rule !== undefined && { itemValue: rule }),
      ...(rule !== undefined && { value: rule }),
    },
  }
}

/** Without a column that identifies a permit, the first ones that together do. */
function chooseKey({ columns, notes }: DraftContext): Column[] {
  if (columns.key.length > 0) return columns.key
  addNotes(notes, 'permit.key', ['No column identifies a permit: check that these do.'])
  const key: Column[] = []
  // A row without a part of its key is rejected, so only the first column may have empty cells.
  const filled = columns.all.filter(({ cells, index }) => {
    const empty = cells.filter((cell) => cell === '').length
    return index === 0 ? empty <= cells.length / 2 : empty === 0
  })
  const choices = filled.length > 0 ? filled : columns.all.filter(({ kind }) => kind !== 'empty')
  for (const column of choices.slice(0, 8)) {
    key.push(column)
    const rows = column.cells.map((_, row) => key.map(({ cells }) => cells[row]).join('\t'))
    if (new Set(rows).size === rows.length) break
  }
  return key
}

/** Whether rows with the same key have the same date: a later date is a renewal. */
function isOfLines(key: readonly Column[], dates: readonly Column[]): boolean {
  const [date] = dates
  const dateOfKey = new Map<string, string>()
  let [same, other] = [0, 0]
  for (const [row] of (key[0]?.cells ?? []).entries()) {
    const of = key.map(({ cells }) => cells[row]).join('\t')
    const on = date?.cells[row] ?? ''
    const before = dateOfKey.get(of)
    if (before === undefined) dateOfKey.set(of, on)
    else if (before === on) same += 1
    else other += 1
  }
  return same > other
}

/** Columns whose cells have as many lines as those of the others. */
function findLines(columns: readonly Column[]): Column[] {
  const several = columns.filter(({ cells }) => cells.some((cell) => cell.includes('\n')))
  const [first] = several
  if (first === undefined) return []
  const countLines = (cell = '') => cell.split('\n').length
  const split = several.filter(({ cells }) =>
    cells.every((cell, row) => countLines(cell) === countLines(first.cells[row])),
  )
  return split.length > 1 ? split : []
}

function draftDates(context: DraftContext): Record<string, unknown> {
  const { dates } = context.columns
  const until = findByRole(dates, 'validUntil')
  const rest = dates.filter((column) => column !== until)
  const issued = findByRole(rest, 'issued') ?? rest[0]
  if (issued === undefined) {
    addNotes(context.notes, 'permit.title', [
      'No column has dates, so it is not known when the permits were issued.',
    ])
  }
  return {
    ...(issued !== undefined && { issuedOn: draftDate(issued, context, 'permit.issuedOn') }),
    ...(until !== undefined && { validUntil: draftDate(until, context, 'permit.validUntil') }),
  }
}

function draftDestinations(context: DraftContext): Record<string, unknown> {
  const { states } = context.columns
  const end = findByRole(states, 'end')
  const { to } = findParties({ ...context.columns, states: states.filter((one) => one !== end) })
  const [destination, endDestination] = to === undefined ? [end, undefined] : [to, end]
  return {
    ...(destination !== undefined && {
      destination: draftState(destination, context, 'permit.destination'),
    }),
    ...(endDestination !== undefined && {
      endDestination: draftState(endDestination, context, 'permit.endDestination'),
    }),
  }
}

/** Companies that a column names. */
function draftExporter({ columns, notes }: DraftContext): Record<string, unknown> {
  const named = new Set(columns.nameOf.values())
  const exporter = columns.all.find(
    (one) => one.kind === 'text' && hasRole(one, 'exporter') && !named.has(one),
  )
  if (exporter === undefined) return {}
  addNotes(notes, 'permit.exporter', ['Each different name becomes a company.'])
  return { exporter: { column: exporter.name, type: 'company' } }
}

/** The words for the goods; without them, the control entries stand for them. */
function draftGoods(
  { columns, notes }: DraftContext,
  split: readonly Column[],
): Record<string, unknown> {
  if (columns.goods !== null) return { goods: { column: columns.goods.name } }
  if (columns.entries.length === 0) return {}
  const texts = split.filter(({ kind }) => kind === 'text')
  const words = [...texts, ...columns.entries].map(inBraces).join(' ')
  addNotes(notes, 'permit.goods', [
    'The table has no words for the goods: they are named by their control entry.',
  ])
  return { goods: { template: texts.length > 0 ? words : `Goods of ${words}` } }
}
