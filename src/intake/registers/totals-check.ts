import { addDecimals, compareDecimals, numberToDecimal } from '../../evidence/amounts/decimals.ts'
import { expandMoney, expandQuantity } from '../../records/model/amounts.ts'
import { RowError } from './mapping/cells/cells.ts'
import type { FigureDraft } from './mapping/records/drafts.ts'
import type { KeyedCells } from './mapping/row-reader.ts'
import type { RegisterRow } from './table/rows.ts'

/** A total that the table states, and the sum of its figures. */
export type StatedTotal = {
  row: number
  /** What it is a total of: measure, category, period and unit. */
  of: string
  stated: string
  sum: string
  isEqual: boolean
}

/** Compares the totals that a table states with the sums of its figures. */
export class TotalsCheck {
  readonly #stated: { row: number; of: string; amount: string }[] = []
  readonly #sums = new Map<string, string>()

  takeTotal({ mapper, cells }: KeyedCells, { number }: RegisterRow): void {
    try {
      const draft = mapper.map(cells, '')
      if (draft.kind !== 'figure') return
      const amount = readAmount(draft)
      if (amount !== null) this.#stated.push({ row: number, of: describe(draft), amount })
    } catch (error) {
      if (!(error instanceof RowError)) throw error
      this.#stated.push({ row: number, of: error.column, amount: '' })
    }
  }

  takeFigure(draft: FigureDraft): void {
    const amount = readAmount(draft)
    if (amount === null) return
    const of = describe(draft)
    this.#sums.set(of, addDecimals(this.#sums.get(of) ?? '0', amount))
  }

  results(): StatedTotal[] {
    return this.#stated.map(({ row, of, amount }) => {
      const sum = this.#sums.get(of) ?? '0'
      const isEqual = amount !== '' && compareDecimals(sum, amount) === 0
      return { row, of, stated: amount, sum, isEqual }
    })
  }
}

function describe({ measure, category, period, from, good, unit, value }: FigureDraft): string {
  const parts = [measure, category, period?.edtf, from?.slug, good, unit ?? value?.currency]
  return parts.filter((part) => part !== null && part !== undefined).join(', ')
}

/** The amount of an exact figure. */
function readAmount({ quantity, value }: FigureDraft): string | null {
  if (value !== null) {
    const { low, high } = expandMoney(value)
    return low === high ? low : null
  }
  if (quantity === null) return null
  const { low, high } = expandQuantity(quantity)
  return low !== null && low === high ? numberToDecimal(low) : null
}
