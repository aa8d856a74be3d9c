import { newId } from '../../../database/new-id.ts'
import { Problem } from '../../../problem.ts'
import { permitFields, resolvePermitItem } from '../../../records/kinds/permits/fields.ts'
import { PermitInput } from '../../../records/kinds/permits/schema.ts'
import { validationProblem } from '../../../records/model/validation-errors.ts'
import type { LocatedCitation } from '../../../records/write/bulk-records.ts'
import { checkPermitLifecycle } from '../../../records/write/lifecycles.ts'
import {
  buildPermitValues,
  type DraftedRow,
  type EntityIds,
  formatDecisionSlug,
  type PermitDecision,
} from '../new-permits.ts'
import { createRowCitation } from '../store-article.ts'
import { actorFields, type PermitDraft } from '../table/row-mapper.ts'
import type { RegisterMap } from '../table/schema.ts'
import type { PermitTerms, PermitToChange, StoredEffect } from './queries.ts'
import {
  classifyOutcome,
  compareRow,
  type RowComparison,
  type RowComparisonContext,
  type RowOutcome,
} from './row-comparison.ts'

/** The changes of existing permits, to be written together. */
export type PlannedChanges = {
  /** All changed permits. */
  permitIds: ReadonlySet<string>
  restoredIds: ReadonlySet<string>
  terms: ReadonlyMap<string, PermitTerms>
  /** Permits whose effects have changed. */
  permitsToSettle: ReadonlySet<string>
  citations: {
    removed: ReadonlySet<string>
    added: Iterable<AddedCitation>
    /** Citations of earlier rows, which now support only the history; some are in `added`. */
    history: ReadonlySet<string>
  }
  /** Effects of existing events that are deleted. */
  removedEffects: readonly Pick<StoredEffect, 'eventId' | 'position'>[]
  decisions: readonly PermitDecision[]
}

type AddedCitation = { recordId: string; position: number; citation: LocatedCitation }

type ChangePlanContext = RowComparisonContext & { known: EntityIds }

/** A row that can be applied to its permit: what is noted of it. */
type JudgedRow = {
  draftedRow: DraftedRow
  permit: PermitToChange
  comparison: RowComparison
  /** Whether the row describes an earlier state than another row: its citation supports the history only. */
  isHistory: boolean
  terms: PermitTerms | null
  wrongEffect: StoredEffect | null
  decision: PermitDecision | null
  /** All effects on the permit after the row. */
  effects: StoredEffect[]
}

/**
 * Takes rows one after the other and collects the changes. Each row sees the effects of earlier rows on its permit. `permits`
 * has the existing permits by key, and is changed by each row. Neither reads nor writes the database.
 */
export class ChangePlan {
  readonly #context: ChangePlanContext
  readonly #permits: ReadonlyMap<string, PermitToChange>
  readonly #added = new Map<string, AddedCitation>()
  readonly #changed = new Set<string>()
  readonly #restoredIds = new Set<string>()
  readonly #permitsToSettle = new Set<string>()
  readonly #removed = new Set<string>()
  readonly #history = new Set<string>()
  readonly #terms = new Map<string, PermitTerms>()
  readonly #decisions = new Map<string, PermitDecision>()
  readonly #removedEffects: StoredEffect[] = []

  constructor(context: ChangePlanContext, permits: ReadonlyMap<string, PermitToChange>) {
    this.#context = context
    this.#permits = permits
  }

  /** @throws {Problem} for a row that cannot be applied; then nothing changes */
  take(draftedRow: DraftedRow): RowOutcome {
    const permit = this.#permits.get(draftedRow.draft.key)
    if (permit === undefined) throw new Problem('not-found', 'its permit is not there')
    const comparison = compareRow(this.#context, permit, draftedRow)
    if (comparison === 'unchanged') return comparison
    const judged = judgeRow(this.#context, permit, draftedRow, comparison)
    this.#noteTerms(judged)
    this.#noteCitation(judged)
    this.#noteEffects(judged)
    return classifyOutcome(comparison)
  }

  changes(): PlannedChanges {
    return {
      permitIds: this.#changed,
      restoredIds: this.#restoredIds,
      terms: this.#terms,
      permitsToSettle: this.#permitsToSettle,
      removedEffects: this.#removedEffects,
      citations: {
        removed: this.#removed,
        history: this.#history,
        added: this.#added.values(),
      },
      decisions: [...this.#decisions.values()],
    }
  }

  #noteTerms({ permit, terms }: JudgedRow): void {
    this.#changed.add(permit.id)
    if (permit.state !== 'live') this.#restoredIds.add(permit.id)
    permit.state = 'live'
    if (terms !== null) this.#terms.set(permit.id, { ...this.#terms.get(permit.id), ...terms })
  }

  #noteCitation({ draftedRow, permit, comparison, isHistory }: JudgedRow): void {
    const { row } = draftedRow
    const { articleId } = this.#context.release
    const { citedRows, replaced } = comparison
    const citation = createRowCitation(articleId, row)
    const position = replaced?.position ?? permit.nextPosition
    this.#added.set(citation.id, { recordId: permit.id, position, citation })
    if (isHistory) this.#history.add(citation.id)
    const citedRow = { citation: citation.id, article: articleId, quote: row.text, position }
    if (replaced === null) {
      for (const earlier of citedRows) this.#history.add(earlier.citation)
      permit.rows.push(citedRow)
      permit.nextPosition += 1
    } else {
      this.#removed.add(replaced.citation)
      permit.rows = permit.rows.map((existing) =>
        existing.citation === replaced.citation ? citedRow : existing,
      )
    }
  }

  #noteEffects({ permit, wrongEffect, decision, effects }: JudgedRow): void {
    if (wrongEffect !== null) this.#removeEffect(wrongEffect)
    if (decision !== null) {
      this.#decisions.set(decision.id, decision)
      this.#permitsToSettle.add(permit.id)
    }
    permit.effects = effects
  }

  #removeEffect(effect: StoredEffect): void {
    const decision = this.#decisions.get(effect.eventId)
    // An earlier row of this batch made the decision.
    if (decision) decision.permits = []
    else this.#removedEffects.push(effect)
  }
}

/** @throws {Problem} for a row that cannot be applied */
function judgeRow(
  { known: entityIds, map, release }: ChangePlanContext,
  permit: PermitToChange,
  draftedRow: DraftedRow,
  comparison: RowComparison,
): JudgedRow {
  const { draft, row } = draftedRow
  const { lastDay, replaced } = comparison
  const day = draft.issuedOn.iso
  const isHistory = replaced !== null && day < lastDay && replaced.day !== lastDay
  const terms = isHistory ? null : buildTerms(map, entityIds, permit.id, draft)
  const { wrong: wrongEffect, becomes } = chooseEffect(permit, comparison, day)
  const effects = permit.effects.filter((effect) => effect !== wrongEffect)
  let decision: PermitDecision | null = null
  if (becomes !== null) {
    decision = {
      id: newId(),
      issuer: entityIds.actors.get(draft.actors.issuer?.slug ?? '') ?? '',
      on: draft.issuedOn,
      becomes,
      permits: [permit.id],
      rows: [row],
    }
    effects.push(buildEffect(decision, formatDecisionSlug(release, day, row.number), day))
  }
  effects.sort(compareEffects)
  if (decision !== null) checkPermitLifecycle(permit.slug, effects)
  return { draftedRow, permit, comparison, isHistory, terms, wrongEffect, decision, effects }
}

/** The effect of a row on its permit, and the wrong effect that it replaces. */
function chooseEffect(
  { effects }: PermitToChange,
  { citedRows, replaced }: RowComparison,
  day: string,
): { wrong: StoredEffect | null; becomes: 'issued' | 'amended' | null } {
  if (replaced === null)
    return { wrong: null, becomes: citedRows.length === 0 ? 'issued' : 'amended' }
  // A withdrawn permit that comes back has no effects.
  if (effects.length === 0) return { wrong: null, becomes: 'issued' }
  const ours = effects.filter(({ isOfRegister }) => isOfRegister)
  const wrong = ours.find(({ first }) => first === replaced.day) ?? ours[0]
  if (replaced.day === day || wrong === undefined) return { wrong: null, becomes: null }
  return { wrong, becomes: wrong.becomes === 'amended' ? 'amended' : 'issued' }
}

const buildEffect = (
  { id, becomes }: PermitDecision,
  event: string,
  day: string,
): StoredEffect => ({
  eventId: id,
  event,
  position: 0,
  becomes,
  first: day,
  last: day,
  isOfRegister: true,
})

/** In the order of `buildEffectsSource` (records/model/sql-json.ts): ids sort as texts. */
function compareEffects(a: StoredEffect, b: StoredEffect): number {
  const key = ({ first, last, eventId }: StoredEffect) => `${first ?? ''} ${last ?? '~'} ${eventId}`
  const [one, other] = [key(a), key(b)]
  return one < other ? -1 : one > other ? 1 : a.position - b.position
}

/** Fields of a permit that a map can name, besides its title and its good. */
const termFields = [
  ...actorFields,
  'number',
  'value',
  'validUntil',
  'legalBasis',
  'restrictions',
] as const

/**
 * The terms of a row. A field that the map does not have is left out and does not change.
 *
 * @throws {Problem} invalid-request if no permit can have such terms
 */
function buildTerms(
  { permit }: RegisterMap,
  entityIds: EntityIds,
  id: string,
  draft: PermitDraft,
): PermitTerms {
  const { validUntil } = draft
  const values = {
    ...buildPermitValues(draft, entityIds),
    issuer: entityIds.actors.get(draft.actors.issuer?.slug ?? '') ?? null,
  }
  const result = PermitInput.safeParse({
    ...values,
    slug: draft.slug,
    validUntil: validUntil && {
      edtf: validUntil.iso,
      asStated: validUntil.asStated,
      reasoning: validUntil.reasoning,
    },
  })
  if (!result.success) throw validationProblem(result.error, '')
  const { title, items } = result.data
  const terms = { ...result.data, validUntil: values.validUntil, value: values.value }
  const mappedFields = termFields.filter((name) => permit[name])
  const mapped = Object.fromEntries(mappedFields.map((name) => [name, terms[name]]))
  const [row = {}] = permitFields.buildRows(id, mapped).permit ?? []
  return {
    title,
    row: { ...row, id },
    ...(items.length > 0 && { items: items.map(resolvePermitItem) }),
  }
}
