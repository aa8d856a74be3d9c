import type { RowBatch } from './batches.ts'
import type { RowOutcome } from './changes/row-comparison.ts'
import type { RecordDraft } from './mapping/records/drafts.ts'
import { TotalsCheck } from './totals-check.ts'
import { ValueProfiles } from './values/value-profiles.ts'

/** Numbers of records of a kind. */
export type RecordCounts = {
  added: number
  changed: number
  renewed: number
  unchanged: number
}

/** Corrections change fewer permits than this in their substance. */
const replacedShareMax = 0.03
const replacedMin = 3

const createCounts = (): RecordCounts => ({ added: 0, changed: 0, renewed: 0, unchanged: 0 })

/** Counts what an import does. */
export class ImportResultCounter {
  rows = 0
  rejected = 0
  /** Rows that the map does not use. */
  skipped = 0
  withdrawn = 0
  kept: string[] = []
  notWithdrawn: string | null = null
  /** Revisions of others during the import. */
  otherRevisions = 0
  readonly leftOpen: RowBatch['leftOpen'] = new Map()
  readonly byKind: Record<RecordDraft['kind'], RecordCounts> = {
    permit: createCounts(),
    event: createCounts(),
    figure: createCounts(),
  }
  readonly totals = new TotalsCheck()
  readonly profiles = new ValueProfiles()
  /** Permits whose rows describe something else than in the release before. */
  #replaced = 0

  /** Whether the release has rows that are records. */
  get hasAccepted(): boolean {
    return Object.values(this.byKind).some((counts) =>
      Object.values(counts).some((count) => count > 0),
    )
  }

  takeBatch({ newRecords, unchanged, leftOpen, figures }: RowBatch): void {
    for (const figure of figures) this.totals.takeFigure(figure)
    for (const { draft, rows } of newRecords) {
      this.takeOutcome(draft, 'added')
      this.profiles.take(
        draft,
        rows.map(({ number }) => number),
      )
    }
    for (const kind of ['permit', 'event', 'figure'] as const)
      this.byKind[kind].unchanged += unchanged[kind]
    for (const [label, { rows, suggestions }] of leftOpen) {
      const known = this.leftOpen.get(label)
      this.leftOpen.set(label, { rows: rows + (known?.rows ?? 0), suggestions })
    }
  }

  takeOutcome({ kind }: RecordDraft, outcome: RowOutcome | 'added'): void {
    if (outcome === 'replaced') this.#replaced += 1
    this.byKind[kind][outcome === 'replaced' ? 'changed' : outcome] += 1
  }

  /** What the author of the map should look at. */
  listWarnings(): string[] {
    const { changed, unchanged } = this.byKind.permit
    const existing = changed + unchanged
    if (this.#replaced < replacedMin || this.#replaced <= existing * replacedShareMax) return []
    return [
      `${this.#replaced} of ${existing} existing permits have other goods, parties, destination or date than in the release before. A key that counts rows, or that is given again, means other permits in each release: choose another key before you import.`,
    ]
  }

  sum(name: keyof RecordCounts): number {
    return Object.values(this.byKind).reduce((sum, counts) => sum + counts[name], 0)
  }
}
