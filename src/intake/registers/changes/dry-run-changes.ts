import type { Db } from '../../../database/database.ts'
import { newId } from '../../../database/new-id.ts'
import type { DraftedRow } from '../records/drafted.ts'
import { formatDecisionSlug } from '../records/new-permits.ts'
import { applyRow, type ChangeContext, type RowRejection } from './change-permits.ts'
import { buildEffect, ChangePlan } from './change-plan.ts'
import { findPermitsToChange, type PermitToChange } from './queries.ts'
import type { RowOutcome } from './row-comparison.ts'

/**
 * The changes of a dry run: the same plan as in an import, of permits as the database has them and as the rows so far
 * would leave them.
 */
export class DryRunChanges {
  readonly #context: ChangeContext
  /** Permits with several rows, in the state after the rows so far. */
  readonly #permits = new Map<string, PermitToChange>()

  constructor(context: ChangeContext) {
    this.#context = context
  }

  /** Notes the permit that an import would create. */
  noteNewPermit({ draft, rows, row }: DraftedRow): void {
    const { release } = this.#context
    this.#permits.set(draft.key, {
      id: newId(),
      key: draft.key,
      slug: draft.slug,
      state: 'live',
      nextPosition: rows.length,
      rows: rows.map(({ text }, position) => ({
        article: release.articleId,
        citation: newId(),
        position,
        quote: text,
      })),
      effects: draft.decisions.map(({ becomes, on }) =>
        buildEffect(
          { id: newId(), issuer: '', on, becomes, permits: [], rows: [] },
          formatDecisionSlug(release, on, becomes, row.number),
        ),
      ),
    })
  }

  async changePermits(
    db: Db,
    rows: readonly DraftedRow[],
    onDone: (row: DraftedRow, outcome: RowOutcome | RowRejection) => void,
  ): Promise<void> {
    const { release, known, rowsOf } = this.#context
    const keys = rows.map(({ draft }) => draft.key).filter((key) => !this.#permits.has(key))
    const stored = await findPermitsToChange(db, release.register, [...new Set(keys)])
    for (const [key, permit] of stored) this.#permits.set(key, permit)
    const plan = new ChangePlan(this.#context, this.#permits)
    for (const row of rows) onDone(row, applyRow(plan, row, known))
    for (const key of stored.keys()) if (rowsOf(key) < 2) this.#permits.delete(key)
  }
}
