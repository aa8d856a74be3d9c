import { Problem } from '../../../problem.ts'
import { money, quantity, quantityRange } from '../../model/amount-fields.ts'
import {
  controlEntryArrays,
  notAFact,
  recordName,
  reference,
  statedDate,
  text,
} from '../../model/field-builders.ts'
import { declareRecord } from '../../model/record-fields.ts'
import { findFigureError } from './rules.ts'
import type { FigureInput } from './schema.ts'

/** @throws {Problem} invalid-request if the measure and the amount do not fit */
function checkAmount(values: object, pointer: string): object {
  const error = findFigureError(values)
  if (error === null) return values
  const at = `${pointer}/${error.member}`
  throw new Problem('invalid-request', `${at}: ${error.detail}`, {
    errors: [{ pointer: at, detail: error.detail }],
  })
}

export const figureFields = declareRecord<FigureInput>()({
  kind: 'figure',
  table: 'figure',
  settle: checkAmount,
  fields: {
    title: recordName(),
    measure: text('figure.measure'),
    quantity: quantity('figure.quantity'),
    quantityRange: quantityRange('quantity', 'figure.quantity'),
    /** Belongs to the quantity. */
    unit: notAFact(text('figure.unit')),
    value: money('figure.value'),
    from: reference('actor', 'figure.from_id'),
    to: reference('actor', 'figure.to_id'),
    good: reference('good', 'figure.good_id'),
    controlEntries: controlEntryArrays('figure.control_lists', 'figure.control_codes'),
    category: text('figure.category'),
    period: statedDate('figure.period'),
    scope: text('figure.scope'),
  },
})
