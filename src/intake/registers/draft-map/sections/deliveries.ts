import { hasRole } from '../profile/column-roles.ts'
import type { Column } from '../profile/column-values.ts'
import { addNotes } from '../write-map.ts'
import { draftDate, draftState, findByRole, findParties, inBraces } from './column-rules.ts'
import type { DraftContext } from './draft-context.ts'

type Rule = Record<string, unknown>

/** The section `event` of a map: deliveries, and the orders before them. */
export function draftDeliveries(context: DraftContext): Rule {
  const { columns, notes } = context
  const { from, to } = findParties(columns)
  const delivered =
    findByRole(columns.dates, 'delivered') ?? columns.dates.find((one) => !hasRole(one, 'ordered'))
  const ordered = columns.dates.find((one) => one !== delivered && hasRole(one, 'ordered'))
  const quantity = columns.numbers.find((one) => hasRole(one, 'quantity')) ?? columns.numbers[0]
  const goods = columns.goods ?? columns.all.find(({ kind }) => kind === 'text')
  const title = (what: string, state: Column | undefined) =>
    [
      what,
      ...(goods === undefined ? [] : [inBraces(goods)]),
      ...(state === undefined ? [] : [`for ${inBraces(state)}`]),
    ].join(' ')
  const participant = (role: string, column: Column | undefined) =>
    column === undefined ? [] : [{ role, of: draftState(column, context, 'event') }]
  const rest = columns.all.filter((one) => one.kind === 'text' && one !== goods)
  const delivery = {
    type: { constant: 'delivery' },
    title: title('Delivery of', to),
    ...(delivered !== undefined && { on: draftDate(delivered, context, 'event') }),
    ...(rest.length > 0 && { description: { template: rest.map(inBraces).join('; ') } }),
    participants: [...participant('supplier', from), ...participant('consignee', to)],
    ...(goods !== undefined && { goods: { column: goods.name } }),
    ...(quantity !== undefined && { quantity: { column: quantity.name } }),
  }
  if (ordered === undefined) return { event: delivery }
  addNotes(notes, 'event', [
    'A delivery for each row, and the order before it, once for each key and date.',
  ])
  const key = [...columns.key, ordered].map(({ name }) => name)
  const order = {
    ...(columns.key.length > 0 && { key }),
    where: { [String(ordered.name)]: { empty: false } },
    type: { constant: 'contract' },
    title: title('Order of', to),
    on: draftDate(ordered, context, 'event'),
    participants: [...participant('seller', from), ...participant('buyer', to)],
    ...(goods !== undefined && { goods: { column: goods.name } }),
  }
  return { event: [delivery, order] }
}
