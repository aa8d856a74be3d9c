import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { newId } from '../../../database/new-id.ts'
import { actorFields } from '../../../records/kinds/actors/fields.ts'
import { eventFields } from '../../../records/kinds/events/fields.ts'
import { goodFields } from '../../../records/kinds/goods/fields.ts'
import { permitFields } from '../../../records/kinds/permits/fields.ts'
import type { ResolvedDate } from '../../../records/model/references.ts'
import type { BulkRecords, LocatedCitation } from '../../../records/write/bulk-records.ts'
import type { RowBatch } from '../batches.ts'
import type { ActorReference } from '../mapping/cells/actor-reader.ts'
import type { ActorField, DecisionDraft, PermitDraft } from '../mapping/records/drafts.ts'
import type { Outcome } from '../mapping/records/schema.ts'
import { createRowCitation } from '../store-article.ts'
import type { RegisterRow } from '../table/rows.ts'
import {
  type DraftedRow,
  type EntityIds,
  findActorId,
  type NewEntities,
  type Release,
} from './drafted.ts'
import { addRecord, isRecord } from './new-records.ts'

/** Rows after which other work can run. */
const rowsPerYield = 20
/** Maximum number of rows that one citation of an event spans. */
const runRowsMax = 20

/**
 * New records, ready for COPY. The permits about which a register says that one issuer decided the same on one day are one
 * event for each batch (docs/decisions/0015-registers.md). Permits whose state does not follow from one decision are listed
 * in `settled`: the database derives it.
 */
export async function addNewRecords(
  records: BulkRecords,
  { newRecords, newEntities }: Pick<RowBatch, 'newRecords' | 'newEntities'>,
  entityIds: EntityIds,
  release: Release,
): Promise<{ settled: string[] }> {
  addEntities(records, newEntities, release)
  const decisions = new Map<string, PermitDecision>()
  const settled: string[] = []
  // Permits come first: the rows of events refer to them.
  const permits = newRecords.filter((one): one is DraftedRow => !isRecord(one))
  for (const [index, drafted] of permits.entries()) {
    const id = newId()
    const ofPermit = drafted.draft.decisions.map((decision) => {
      const found = findDecision(decisions, drafted.draft, decision, entityIds)
      found.permits.push(id)
      found.rows.push(...drafted.rows)
      return found
    })
    if (!addPermit(records, id, drafted, ofPermit, entityIds, release)) settled.push(id)
    if (index % rowsPerYield === rowsPerYield - 1) await yieldToEventLoop()
  }
  for (const decision of decisions.values())
    records.add(eventFields, buildDecisionRecord(decision, release))
  for (const drafted of newRecords)
    if (isRecord(drafted)) addRecord(records, drafted, entityIds, release)
  return { settled }
}

function addEntities(
  records: BulkRecords,
  { actors, goods }: NewEntities,
  { articleId }: Release,
): void {
  for (const [slug, { id, input, row }] of actors) {
    const citations = [createRowCitation(articleId, row)]
    records.add(actorFields, { id, slug, values: input, citations })
  }
  for (const [slug, { id, designation, row }] of goods) {
    const citations = [createRowCitation(articleId, row)]
    records.add(goodFields, { id, slug, values: { designation }, citations })
  }
}

/** An event that decides on permits, and the rows that say so. */
export type PermitDecision = {
  id: string
  issuer: string
  on: ResolvedDate | null
  becomes: Outcome | 'amended'
  permits: string[]
  rows: RegisterRow[]
}

/** The event that decided about the permit of a row: one for each issuer, day and decision. */
function findDecision(
  decisions: Map<string, PermitDecision>,
  { actors }: PermitDraft,
  { becomes, on }: DecisionDraft,
  entityIds: EntityIds,
): PermitDecision {
  const issuer = findActorId(entityIds, actors.issuer) ?? ''
  const key = `${issuer} ${becomes} ${on?.edtf ?? ''} ${on?.asStated ?? ''}`
  const known = decisions.get(key)
  if (known !== undefined) return known
  const decision: PermitDecision = { id: newId(), issuer, on, becomes, permits: [], rows: [] }
  decisions.set(key, decision)
  return decision
}

/** @returns false if the database derives the state of the permit */
function addPermit(
  records: BulkRecords,
  id: string,
  { rows, draft }: DraftedRow,
  decisions: readonly PermitDecision[],
  entityIds: EntityIds,
  { articleId, register }: Release,
): boolean {
  const [decision] = decisions
  const isFirst = decision?.becomes === 'issued' || decision?.becomes === 'refused'
  const isSimple = decisions.length === 1 && decision !== undefined && isFirst
  const issuer = findActorId(entityIds, draft.actors.issuer) ?? ''
  const state = isSimple
    ? {
        status: decision.becomes,
        issuedOn: decision.becomes === 'issued' ? decision.on : null,
        history: [{ becomes: decision.becomes, event: decision.id, on: decision.on }],
      }
    : { status: null, issuedOn: null, history: [] }
  const record = {
    id,
    slug: draft.slug,
    values: {
      ...buildPermitValues(draft, entityIds),
      issuer,
      ...state,
      register,
      registerKey: draft.key,
    },
    citations: rows.map((row) => createRowCitation(articleId, row)),
    ledgerMembers: { register: { key: draft.key, name: register } },
  }
  if (isSimple || decisions.length === 0) records.add(permitFields, record)
  else records.addRows(permitFields, record)
  return isSimple || decisions.length === 0
}

/** The values of a permit from its rows; its issuer, status and dates come from events. */
export function buildPermitValues(draft: PermitDraft, entityIds: EntityIds) {
  const party = (field: ActorField) => findActorId(entityIds, draft.actors[field])
  const idOf = (actor: ActorReference) => findActorId(entityIds, actor) ?? ''
  return {
    title: draft.title,
    type: draft.type,
    number: draft.number,
    exporter: party('exporter'),
    consignee: party('consignee'),
    endUser: party('endUser'),
    destination: party('destination'),
    destinations: draft.destinations.map(idOf),
    endDestination: party('endDestination'),
    parties: draft.parties.map(({ actor, role }) => ({ actor: idOf(actor), role })),
    permitCount: draft.permitCount,
    legalBasis: draft.legalBasis,
    exceptionRelied: draft.exceptionRelied,
    statedEndUse: draft.statedEndUse === null ? null : { text: draft.statedEndUse, place: null },
    restrictions: draft.restrictions,
    value: draft.value,
    validUntil: draft.validUntil,
    items: draft.items.map((item) => ({
      ...item,
      good: entityIds.goods.get(item.good) ?? '',
      controlEntries: [...item.controlEntries],
    })),
  }
}

/** A decision as an event. */
export const buildDecisionRecord = (
  { id, issuer, on, becomes, permits, rows }: PermitDecision,
  release: Release,
) => ({
  id,
  slug: formatDecisionSlug(release, on, becomes, rows[0]?.number ?? 0),
  values: {
    type: 'permit-decision',
    title: formatDecisionTitle(release, on, becomes),
    on,
    participants: [{ actor: issuer, role: 'issuer' }],
    effects: permits.map((permit) => ({ permit, becomes })),
  },
  citations: groupRuns(rows).map((run) => createRunCitation(release.articleId, run)),
})

/** Unique: a row of a release is read once. */
export function formatDecisionSlug(
  { register, sha256 }: Release,
  on: ResolvedDate | null,
  becomes: PermitDecision['becomes'],
  row: number,
): string {
  const day = on === null ? 'undated' : on.edtf.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  const word = becomes === 'issued' || becomes === 'amended' ? '' : `${becomes}-`
  return `${register}-${day.replaceAll(/^-|-$/g, '')}-${word}row-${row}-${sha256.slice(0, 8)}`
}

function formatDecisionTitle(
  { title }: Release,
  on: ResolvedDate | null,
  becomes: PermitDecision['becomes'],
): string {
  const what = becomes === 'issued' || becomes === 'amended' ? 'Permits' : `Permits ${becomes}`
  return `${what}${on === null ? '' : ` of ${on.edtf}`} (${title})`.slice(0, 1_000)
}

/** Consecutive rows of one part of the text are one passage. */
function groupRuns(rows: readonly RegisterRow[]): RegisterRow[][] {
  const runs: RegisterRow[][] = []
  for (const row of rows) {
    const run = runs.at(-1)
    const last = run?.at(-1)
    const follows = last?.number === row.number - 1 && last.part === row.part
    if (run && follows && run.length < runRowsMax) run.push(row)
    else runs.push([row])
  }
  return runs
}

function createRunCitation(articleId: string, run: readonly RegisterRow[]): LocatedCitation {
  const [first] = run
  const last = run.at(-1)
  if (first === undefined || last === undefined) throw new RangeError('A run has a row.')
  const citation = createRowCitation(articleId, first)
  if (first === last) return citation
  return {
    ...citation,
    end: last.start + last.length,
    suffix: last.suffix,
    quote: run.map(({ text }) => text).join('\n'),
    fragment: `${first.place}row=${first.number}-${last.number}`,
  }
}
