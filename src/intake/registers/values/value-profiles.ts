import { expandMoney, type MoneyValue } from '../../../records/model/amounts.ts'
import type { RecordDraft } from '../mapping/records/drafts.ts'
import { AmountProfile } from './profile.ts'

/** Profiles the exact sums of new and changed records, by what they are the value of and by currency. */
export class ValueProfiles {
  readonly #profiles = new Map<string, AmountProfile>()

  /** @param rows numbers of the rows of the record */
  take(draft: RecordDraft, rows: readonly number[]): void {
    const [first = 0] = rows
    if (draft.kind === 'figure') {
      const field = `values of ${draft.measure}${draft.category === null ? '' : ` (${draft.category})`}`
      this.#add(field, draft.value, first, draft.period?.edtf)
      return
    }
    const on = draft.kind === 'event' ? draft.on : draft.decisions[0]?.on
    for (const [index, { value }] of draft.items.entries())
      this.#add('values of items', value, rows[index] ?? first, on?.edtf)
    if (draft.kind === 'permit') this.#add('values of permits', draft.value, first, on?.edtf)
  }

  warnings(): string[] {
    return [...this.#profiles.values()].flatMap((profile) =>
      profile.warnings().map(({ message }) => message),
    )
  }

  #add(field: string, value: MoneyValue | null, row: number, on: string | undefined): void {
    if (value === null) return
    const { low, high, currency } = expandMoney(value)
    if (low === null || low !== high) return
    const name = `${field} in ${currency}`
    const profile = this.#profiles.get(name) ?? new AmountProfile(name)
    this.#profiles.set(name, profile)
    profile.add(low, row, /^\d{4}/.exec(on ?? '')?.[0] ?? null)
  }
}
