import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { newId } from '../../database/new-id.ts'
import { actorFields } from '../../records/kinds/actors/fields.ts'
import { eventFields } from '../../records/kinds/events/fields.ts'
import { goodFields } from '../../records/kinds/goods/fields.ts'
import { permitFields } from '../../records/kinds/permits/fields.ts'
import type { ResolvedDate } from '../../records/model/references.ts'
import { BulkRecords, type LocatedCitation } from '../../records/write/bulk-records.ts'
import type { BulkWrite } from '../../records/write/bulk-writer.ts'
import { createRowCitation } from './store-article.ts'
import type { ActorField, ActorReference, PermitDraft, StatedDay } from './table/row-mapper.ts'
import type { RegisterRow } from './table/rows.ts'

/** A row, and the permit that it describes. */
export type DraftedRow = { row: RegisterRow; draft: PermitDraft }

/** Ids of the known actors and goods, by slug. */
export type EntityIds = {
  actors: Map<string, string>
  goods: Map<string, string>
  /** The last revision whose merges and retractions are taken into account. */
  revision: bigint
  /** How often such a merge or retraction changed an id. */
  version: number
}

export type Release = { articleId: string; register: string; sha256: string; title: string }

/** Actors and goods that rows name and that do not exist yet. */
export type NewEntities = {
  actors: Map<string, { id: string; input: NonNullable<ActorReference['input']>; row: RegisterRow }>
  goods: Map<string, { id: string; designation: string; row: RegisterRow }>
}

/** Rows after which other work can run. */
const rowsPerYield = 20
/** Maximum number of rows that one citation of an event spans. */
const runRowsMax = 20

/**
 * New permits with the events that issued them, ready for COPY. The permits that a register says were issued by one
 * issuer on one day are one event for each batch (docs/decisions/0015-registers.md).
 */
export async function buildBulkWrite(
  rows: readonly DraftedRow[],
  newEntities: NewEntities,
  entityIds: EntityIds,
  release: Release,
  revision: bigint,
): Promise<BulkWrite> {
  const records = new BulkRecords(revision)
  addEntities(records, newEntities, release)
  const decisions = new Map<string, PermitDecision>()
  for (const [index, row] of rows.entries()) {
    const id = newId()
    const decision = findDecision(decisions, row.draft, entityIds)
    decision.permits.push(id)
    decision.rows.push(row.row)
    addPermit(records, id, row, decision, entityIds, release)
    if (index % rowsPerYield === rowsPerYield - 1) await yieldToEventLoop()
  }
  for (const decision of decisions.values())
    records.add(eventFields, buildDecisionRecord(decision, release))
  return records.toBulkWrite()
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
  on: StatedDay
  becomes: 'issued' | 'amended'
  permits: string[]
  rows: RegisterRow[]
}

/** The event that issued the permit of a row: one for each issuer and day. */
function findDecision(
  decisions: Map<string, PermitDecision>,
  { actors, issuedOn }: PermitDraft,
  entityIds: EntityIds,
): PermitDecision {
  const issuer = findActorId(entityIds, actors.issuer) ?? ''
  const key = `${issuer} ${issuedOn.iso} ${issuedOn.asStated}`
  const known = decisions.get(key)
  if (known !== undefined) return known
  const decision: PermitDecision = {
    id: newId(),
    issuer,
    on: issuedOn,
    becomes: 'issued',
    permits: [],
    rows: [],
  }
  decisions.set(key, decision)
  return decision
}

const findActorId = ({ actors }: EntityIds, actor: ActorReference | null): string | null =>
  actor === null ? null : (actors.get(actor.slug) ?? null)

const toResolvedDate = ({ iso, asStated, reasoning }: StatedDay): ResolvedDate => ({
  edtf: iso,
  asStated,
  reasoning,
  earliest: iso,
  latest: iso,
})

function addPermit(
  records: BulkRecords,
  id: string,
  { row, draft }: DraftedRow,
  decision: PermitDecision,
  entityIds: EntityIds,
  { articleId, register }: Release,
): void {
  const issuedOn = toResolvedDate(decision.on)
  records.add(permitFields, {
    id,
    slug: draft.slug,
    values: {
      ...buildPermitValues(draft, entityIds),
      issuer: decision.issuer,
      status: 'issued',
      issuedOn,
      history: [{ becomes: 'issued', event: decision.id, on: issuedOn }],
      register,
      registerKey: draft.key,
    },
    citations: [createRowCitation(articleId, row)],
    ledgerMembers: { register: { key: draft.key, name: register } },
  })
}

/** The values of a permit from its row; its issuer, status and dates come from the event. */
export function buildPermitValues(draft: PermitDraft, entityIds: EntityIds) {
  const { title, number, legalBasis, restrictions, value, validUntil } = draft
  const party = (field: ActorField) => findActorId(entityIds, draft.actors[field])
  const good = draft.good === null ? undefined : entityIds.goods.get(draft.good.slug)
  return {
    title,
    number,
    exporter: party('exporter'),
    consignee: party('consignee'),
    endUser: party('endUser'),
    destination: party('destination'),
    endDestination: party('endDestination'),
    legalBasis,
    restrictions,
    value,
    validUntil: validUntil && toResolvedDate(validUntil),
    items: good === undefined ? [] : [{ good, controlEntries: draft.controlEntries }],
  }
}

/** A decision as an event. */
export const buildDecisionRecord = (
  { id, issuer, on, becomes, permits, rows }: PermitDecision,
  release: Release,
) => ({
  id,
  slug: formatDecisionSlug(release, on.iso, rows[0]?.number ?? 0),
  values: {
    type: 'permit-decision',
    title: formatDecisionTitle(release, on.iso),
    on: toResolvedDate(on),
    participants: [{ actor: issuer, role: 'issuer' }],
    effects: permits.map((permit) => ({ permit, becomes })),
  },
  citations: groupRuns(rows).map((run) => createRunCitation(release.articleId, run)),
})

/** Unique: a row of a release is read once. */
export const formatDecisionSlug = (
  { register, sha256 }: Release,
  day: string,
  row: number,
): string => `${register}-${day}-row-${row}-${sha256.slice(0, 8)}`

const formatDecisionTitle = ({ title }: Release, day: string): string =>
  `Permits of ${day} (${title})`.slice(0, 1_000)

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
    fragment: `row=${first.number}-${last.number}`,
  }
}
