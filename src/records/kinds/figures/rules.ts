import { valueMeasures } from './schema.ts'

type FigureAmount = { measure?: string; quantity?: unknown; value?: unknown }

/** A value measure has a sum of money, any other a count: what is wrong with a figure, or null. */
export function findFigureError({
  measure = '',
  quantity = null,
  value = null,
}: FigureAmount): { member: 'quantity' | 'value'; detail: string } | null {
  const isValue = valueMeasures.some((name) => name === measure)
  if (isValue && quantity !== null)
    return { member: 'quantity', detail: `a figure of ${measure} has a value and no quantity` }
  if (!isValue && value !== null)
    return { member: 'value', detail: `a figure of ${measure} has a quantity and no value` }
  if (isValue && value === null)
    return { member: 'value', detail: `a figure of ${measure} needs a value with its currency` }
  if (!isValue && quantity === null)
    return { member: 'quantity', detail: `a figure of ${measure} needs a quantity` }
  return null
}
