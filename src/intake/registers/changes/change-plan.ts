import { newId } from '../../../database/new-id.ts'
import { Problem } from '../../../problem.ts'
import { permitFields } from '../../../records/kinds/permits/fields.ts'
import { PermitInput } from '../../../records/kinds/permits/schema.ts'
import { validationProblem } from '../../../records/model/validation-errors.ts'
import type { LocatedCitation } from '../../../records/write/bulk-records.ts'
import { checkPermitLifecycle } from '../../../records/write/lifecycles.ts'
import type { DecisionDraft, PermitDraft } from '../mapping/records/drafts.ts'
import type { PermitMap } from '../mapping/records/schema.ts'
import type { DraftedRow, EntityIds } from '../records/drafted.ts'
import {
  buildPermitValues,
  formatDecisionSlug,
  type PermitDecision,
} from '../records/new-permits.ts'
import { createRowCitation } from '../store-article.ts'
import type { RegisterMap } from '../table/schema.ts'
import type { PermitTerms, PermitToChange, StoredEffect } from './queries.ts'
import {
  classifyOutcome,
  compareRows,
  dayOf,
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

/** Rows that can be applied to their permit: what is noted of them. */
type JudgedRow = {
  draftedRow: DraftedRow
  permit: PermitToChange
  comparison: RowComparison
  /** Whether the row describes an earlier state than another row: its citation supports the history only. */
  isHistory: boolean
  terms: PermitTerms | null
  wrongEffects: readonly StoredEffect[]
  decisions: readonly PermitDecision[]
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
    const comparison = compareRows(this.#context, permit, draftedRow)
    if (comparison === 'unchanged') return comparison
    const judged = judgeRow(this.#context, permit, draftedRow, comparison)
    this.#noteTerms(judged)
    this.#noteCitations(judged)
    this.#noteEffects(judged)
    return classifyOutcome(comparison, draftedRow.draft)
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
    if (terms === null) return
    const { row, lists } = this.#terms.get(permit.id) ?? terms
    this.#terms.set(permit.id, {
      title: terms.title,
      row: { ...row, ...terms.row },
      lists: { ...lists, ...terms.lists },
    })
  }

  #noteCitations({ draftedRow, permit, comparison, isHistory }: JudgedRow): void {
    const { articleId } = this.#context.release
    const { citedRows, replaced } = comparison
    for (const [index, row] of draftedRow.rows.entries()) {
      const old = replaced[index]
      const citation = createRowCitation(articleId, row)
      const position = old?.position ?? permit.nextPosition
      if (old === undefined) permit.nextPosition += 1
      this.#added.set(citation.id, { recordId: permit.id, position, citation })
      if (isHistory) this.#history.add(citation.id)
      const cited = { citation: citation.id, article: articleId, quote: row.text, position }
      if (old === undefined) permit.rows.push(cited)
      else
        permit.rows = permit.rows.map((existing) =>
          existing.citation === old.citation ? cited : existing,
        )
    }
    const gone = new Set(replaced.map(({ citation }) => citation))
    permit.rows = permit.rows.filter(({ citation }) => !gone.has(citation))
    for (const citation of gone) this.#removed.add(citation)
    if (replaced.length === 0) for (const earlier of citedRows) this.#history.add(earlier.citation)
  }

  #noteEffects({ permit, wrongEffects, decisions, effects }: JudgedRow): void {
    for (const effect of wrongEffects) this.#removeEffect(effect)
    for (const decision of decisions) this.#decisions.set(decision.id, decision)
    if (wrongEffects.length + decisions.length > 0) this.#permitsToSettle.add(permit.id)
    permit.effects = effects
  }

  #removeEffect(effect: StoredEffect): void {
    const decision = this.#decisions.get(effect.eventId)
    // An earlier row of this batch made the decision.
    if (decision) decision.permits = []
    else this.#removedEffects.push(effect)
  }
}

/** @throws {Problem} for rows that cannot be applied */
function judgeRow(
  context: ChangePlanContext,
  permit: PermitToChange,
  draftedRow: DraftedRow,
  comparison: RowComparison,
): JudgedRow {
  const { known: entityIds, map, mapper, release } = context
  const { draft, row, rows } = draftedRow
  const { lastDay, replaced } = comparison
  const day = dayOf(draft.decisions)
  const isHistory =
    mapper.permit?.hasLines !== true &&
    replaced.length > 0 &&
    day < lastDay &&
    replaced.every((one) => one.day !== lastDay)
  const terms = isHistory ? null : buildTerms(map, entityIds, permit.id, draft)
  const { wrong: wrongEffects, added } = mapper.permit?.hasLines
    ? chooseEffectsOfLines(permit, draft.decisions)
    : chooseEffects(permit, comparison, draft.decisions)
  const effects = permit.effects.filter((effect) => !wrongEffects.includes(effect))
  const issuer = entityIds.actors.get(draft.actors.issuer?.slug ?? '') ?? ''
  const decisions = added.map(({ becomes, on }): PermitDecision => {
    const decision = { id: newId(), issuer, on, becomes, permits: [permit.id], rows: [...rows] }
    const slug = formatDecisionSlug(release, on, becomes, row.number)
    effects.push(buildEffect(decision, slug))
    return decision
  })
  effects.sort(compareEffects)
  if (decisions.length > 0) checkPermitLifecycle(permit.slug, effects)
  return { draftedRow, permit, comparison, isHistory, terms, wrongEffects, decisions, effects }
}

type NewDecision = { becomes: PermitDecision['becomes']; on: DecisionDraft['on'] }
type EffectChange = { wrong: readonly StoredEffect[]; added: readonly NewDecision[] }

const noEffectChange: EffectChange = { wrong: [], added: [] }

/** The effects of a row on its permit, and the wrong effects that they replace. */
function chooseEffects(
  { effects }: PermitToChange,
  { citedRows, replaced }: RowComparison,
  decisions: readonly DecisionDraft[],
): EffectChange {
  const [old] = replaced
  if (old === undefined)
    return { wrong: [], added: citedRows.length === 0 ? decisions : asAmendment(decisions) }
  // A withdrawn permit that comes back has no effects.
  if (effects.length === 0) return { wrong: [], added: decisions }
  const oldDecisions = old.draft?.decisions ?? []
  if (describe(oldDecisions) === describe(decisions)) return noEffectChange
  const ours = effects.filter(({ isOfRegister }) => isOfRegister)
  const found = ours.filter((effect) => oldDecisions.some((one) => isOf(effect, one)))
  const wrong = found.length > 0 ? found : ours.slice(0, 1)
  if (wrong.length === 0 || old.draft === null) return noEffectChange
  const isAmendment = wrong.some(({ becomes }) => becomes === 'amended')
  return { wrong, added: isAmendment ? asAmendment(decisions) : decisions }
}

/** Lines of a permit state all its decisions. */
function chooseEffectsOfLines(
  { effects }: PermitToChange,
  decisions: readonly DecisionDraft[],
): EffectChange {
  const ours = effects.filter(({ isOfRegister }) => isOfRegister)
  const isSame =
    ours.length === decisions.length &&
    decisions.every((one) => ours.some((effect) => isOf(effect, one)))
  return isSame ? noEffectChange : { wrong: ours, added: decisions }
}

const isOf = ({ becomes, first, last }: StoredEffect, decision: DecisionDraft): boolean =>
  (becomes === decision.becomes || (becomes === 'amended' && decision.becomes === 'issued')) &&
  first === (decision.on?.earliest ?? null) &&
  last === (decision.on?.latest ?? null)

/** What a later row issues, it renews. */
const asAmendment = (decisions: readonly DecisionDraft[]): NewDecision[] =>
  decisions.map(({ becomes, on }) => ({ becomes: becomes === 'issued' ? 'amended' : becomes, on }))

const describe = (decisions: readonly DecisionDraft[]): string =>
  decisions.map(({ becomes, on }) => `${becomes} ${on?.earliest} ${on?.latest}`).join()

export const buildEffect = ({ id, becomes, on }: PermitDecision, event: string): StoredEffect => ({
  eventId: id,
  event,
  position: 0,
  becomes,
  first: on?.earliest ?? null,
  last: on?.latest ?? null,
  isOfRegister: true,
})

/** In the order of `buildEffectsSource` (records/model/sql-json.ts): ids sort as texts. */
function compareEffects(a: StoredEffect, b: StoredEffect): number {
  const key = ({ first, last, eventId }: StoredEffect) => `${first ?? ''} ${last ?? '~'} ${eventId}`
  const [one, other] = [key(a), key(b)]
  return one < other ? -1 : one > other ? 1 : a.position - b.position
}

/** Whether a map names a field of a permit, besides its title and its items. */
const isMapped = {
  type: ({ type }) => type !== null,
  number: ({ number }) => number !== null,
  issuer: () => true,
  exporter: ({ exporter }) => exporter !== null,
  consignee: ({ consignee }) => consignee !== null,
  endUser: ({ endUser }) => endUser !== null,
  destination: hasDestinations,
  destinations: hasDestinations,
  endDestination: ({ endDestination }) => endDestination !== null,
  parties: ({ parties }) => parties.length > 0,
  permitCount: ({ permitCount }) => permitCount !== null,
  value: ({ value }) => value !== null,
  validUntil: ({ validUntil }) => validUntil !== null,
  legalBasis: ({ legalBasis }) => legalBasis !== null,
  exceptionRelied: ({ exceptionRelied }) => exceptionRelied !== null,
  statedEndUse: ({ statedEndUse }) => statedEndUse !== null,
  restrictions: ({ restrictions }) => restrictions !== null,
} as const satisfies Record<string, (permit: PermitMap) => boolean>

function hasDestinations({ destination, destinations }: PermitMap): boolean {
  return destination !== null || destinations.length > 0
}

/**
 * The terms of a row. A field that the map does not have is left out and does not change. A row that ends a permit changes
 * only what it states.
 *
 * @throws {Problem} invalid-request if no permit can have such terms
 */
function buildTerms(
  { permit }: RegisterMap,
  entityIds: EntityIds,
  id: string,
  draft: PermitDraft,
): PermitTerms {
  const values = {
    ...buildPermitValues(draft, entityIds),
    issuer: entityIds.actors.get(draft.actors.issuer?.slug ?? '') ?? null,
  }
  const { validUntil } = draft
  const result = PermitInput.safeParse({
    ...values,
    slug: draft.slug,
    validUntil: validUntil && {
      edtf: validUntil.edtf,
      asStated: validUntil.asStated,
      reasoning: validUntil.reasoning,
    },
  })
  if (!result.success) throw validationProblem(result.error, '')
  const isEnd = draft.decisions.length > 0 && draft.decisions.every(isNoIssue)
  const names = (Object.keys(isMapped) as (keyof typeof isMapped)[]).filter((name) => {
    if (permit === null || !isMapped[name](permit)) return false
    const value = values[name]
    return !isEnd || (value !== null && !(Array.isArray(value) && value.length === 0))
  })
  const mapped = Object.fromEntries(names.map((name) => [name, values[name]]))
  const [row = {}] = permitFields.buildRows(id, mapped).permit ?? []
  const lists = {
    ...(values.items.length > 0 && { items: values.items }),
    ...(names.includes('destinations') && { destinations: values.destinations }),
    ...(names.includes('parties') && { parties: values.parties }),
  }
  return { title: values.title, row: { ...row, id }, lists }
}

const isNoIssue = ({ becomes }: DecisionDraft): boolean => becomes !== 'issued'
