import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { type CopyBatch, CopyBuffer, formatCopyLine } from '../../database/copy.ts'
import { newId } from '../../database/new-id.ts'
import { LedgerCopyBuffer, type LedgerRow } from '../../ledger/ledger-writer.ts'
import {
  type BulkWrite,
  buildCitationMember,
  buildNewSnapshot,
  citationColumns,
  formatCitationLine,
  formatRecordLine,
  type LocatedCitation,
  recordColumns,
} from '../../records/write/bulk-writer.ts'
import { createRowCitation } from './store-article.ts'
import type { ActorField, ActorReference, PermitDraft, StatedDay } from './table/row-mapper.ts'
import type { RegisterRow } from './table/rows.ts'

/** A row with what it says of a permit. */
export type DraftedRow = { row: RegisterRow; draft: PermitDraft }

/** Ids of the actors and goods that were met, by slug. */
export type EntityIds = {
  actors: Map<string, string>
  goods: Map<string, string>
  /** The revision up to which it was seen what others did to them. */
  revision: bigint
  /** How often that changed one of them. */
  version: number
}

export type Release = { articleId: string; register: string; sha256: string; title: string }

/** Actors and goods that rows name and that are not there yet. */
export type NewEntities = {
  actors: Map<string, { id: string; input: NonNullable<ActorReference['input']>; row: RegisterRow }>
  goods: Map<string, { id: string; designation: string; row: RegisterRow }>
}

/** Rows between which other work may have its turn. */
const rowsPerYield = 20
/** Rows that one citation of an event takes together at most. */
const runRowsMax = 20

/**
 * New permits with the events that issued them, as rows to be copied and documents for the ledger. The permits that a
 * register says were issued by one issuer on one day are one event for each batch (docs/decisions/0015-registers.md).
 */
export async function buildBulkWrite(
  rows: readonly DraftedRow[],
  newEntities: NewEntities,
  entityIds: EntityIds,
  release: Release,
  revision: bigint,
): Promise<BulkWrite> {
  const tables = createTableLines()
  const documents = new LedgerCopyBuffer(revision)
  for (const [slug, { id, input, row }] of newEntities.actors) {
    const { type, name, country, aliases } = input
    tables.record.push(formatRecordLine(id, 'actor', slug, name, revision))
    tables.actor.push(formatCopyLine([id, type, country]))
    for (const [position, alias] of aliases.entries())
      tables.actor_alias.push(formatCopyLine([id, position, alias.name, alias.language]))
    const citations = [addCitation(tables, createRowCitation(id, release.articleId, row))]
    documents.push(
      buildNewSnapshot('actor', id, {
        slug,
        revision: Number(revision),
        type,
        name,
        country,
        citations,
        aliases: aliases.map((alias) => ({ language: alias.language, name: alias.name })),
      }),
    )
  }
  for (const [slug, { id, designation, row }] of newEntities.goods) {
    tables.record.push(formatRecordLine(id, 'good', slug, designation, revision))
    tables.good.push(formatCopyLine([id]))
    const citations = [addCitation(tables, createRowCitation(id, release.articleId, row))]
    documents.push(
      buildNewSnapshot('good', id, { slug, revision: Number(revision), designation, citations }),
    )
  }
  const decisions = new Map<string, PermitDecision>()
  for (const [index, { row, draft }] of rows.entries()) {
    const id = newId()
    const issuer = findActorId(entityIds, draft.actors.issuer) ?? ''
    const decisionKey = `${issuer} ${draft.issuedOn.iso} ${draft.issuedOn.asStated}`
    let decision = decisions.get(decisionKey)
    if (decision === undefined) {
      decision = {
        id: newId(),
        issuer,
        on: draft.issuedOn,
        becomes: 'issued',
        permits: [],
        rows: [],
      }
      decisions.set(decisionKey, decision)
    }
    decision.permits.push(id)
    decision.rows.push(row)
    documents.push(addPermit(tables, { id, row, draft }, decision, entityIds, release, revision))
    if (index % rowsPerYield === rowsPerYield - 1) await yieldToEventLoop()
  }
  for (const decision of decisions.values())
    documents.push(addDecision(tables, decision, release, revision))
  return { tables: toCopyRows(tables), snapshots: documents }
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

const findActorId = ({ actors }: EntityIds, actor: ActorReference | null): string | null =>
  actor === null ? null : (actors.get(actor.slug) ?? null)

/** As `StatedDate`, its members in the order of their names. */
const toStatedDate = ({ iso, asStated, reasoning }: StatedDay) => ({
  asStated,
  earliest: iso,
  edtf: iso,
  latest: iso,
  reasoning,
})

function addPermit(
  tables: TableLines,
  { id, row, draft }: DraftedRow & { id: string },
  decision: PermitDecision,
  entityIds: EntityIds,
  { articleId, register }: Release,
  revision: bigint,
): LedgerRow {
  const { slug, title, number, validUntil, good, controlEntries, value } = draft
  const party = (field: ActorField) => findActorId(entityIds, draft.actors[field])
  const parties = {
    issuer: decision.issuer,
    exporter: party('exporter'),
    consignee: party('consignee'),
    endUser: party('endUser'),
    destination: party('destination'),
    endDestination: party('endDestination'),
  }
  const { issuer, exporter, consignee, endUser, destination, endDestination } = parties
  const { legalBasis, restrictions } = draft
  const until = validUntil?.iso ?? null
  const issued = decision.on.iso
  tables.record.push(formatRecordLine(id, 'permit', slug, title, revision))
  tables.permit.push(
    formatCopyLine([
      id,
      issuer,
      number,
      exporter,
      consignee,
      endUser,
      destination,
      endDestination,
      legalBasis,
      restrictions,
      value?.amount ?? null,
      value?.currency ?? null,
      until,
      validUntil?.asStated ?? null,
      validUntil?.reasoning ?? null,
      until,
      until,
      'issued',
      issued,
      issued,
      register,
      draft.key,
    ]),
  )
  const goodId = good === null ? undefined : entityIds.goods.get(good.slug)
  if (goodId !== undefined) addPermitItem(tables, id, goodId, controlEntries)
  const on = toStatedDate(decision.on)
  const citations = [addCitation(tables, createRowCitation(id, articleId, row))]
  return buildNewSnapshot('permit', id, {
    slug,
    revision: Number(revision),
    title,
    number,
    ...parties,
    legalBasis,
    restrictions,
    value,
    validUntil: validUntil && toStatedDate(validUntil),
    status: 'issued',
    issuedOn: on,
    history: [{ becomes: 'issued', event: decision.id, on }],
    register: { key: draft.key, name: register },
    citations,
    items:
      goodId === undefined ? [] : [{ controlEntries, good: goodId, quantity: null, unit: null }],
  })
}

/** The one item that a permit of a register has. */
export function addPermitItem(
  tables: TableLines,
  permitId: string,
  goodId: string,
  controlEntries: PermitDraft['controlEntries'],
): void {
  const lists = controlEntries.map(({ list }) => list)
  tables.permit_item.push(
    formatCopyLine([permitId, 0, goodId, lists, controlEntries.map(({ code }) => code)]),
  )
}

export function addDecision(
  tables: TableLines,
  { id, issuer, on, becomes, permits, rows }: PermitDecision,
  release: Release,
  revision: bigint,
): LedgerRow {
  const slug = formatDecisionSlug(release, on.iso, rows[0]?.number ?? 0)
  const title = formatDecisionTitle(release, on.iso)
  tables.record.push(formatRecordLine(id, 'event', slug, title, revision))
  tables.event.push(
    formatCopyLine([id, 'permit-decision', on.iso, on.asStated, on.reasoning, on.iso, on.iso]),
  )
  tables.event_participant.push(formatCopyLine([id, 0, issuer, 'issuer']))
  for (const [position, permit] of permits.entries())
    tables.event_effect.push(formatCopyLine([id, position, permit, becomes]))
  const citations = groupRuns(rows).map((run, position) =>
    addCitation(tables, createRunCitation(id, release.articleId, run), position),
  )
  return buildNewSnapshot('event', id, {
    slug,
    revision: Number(revision),
    type: 'permit-decision',
    title,
    on: toStatedDate(on),
    participants: [{ actor: issuer, role: 'issuer' }],
    effects: permits.map((permit) => ({ becomes, measure: null, permit })),
    citations,
  })
}

/** Unlike that of any other decision: a row of a release is read once. */
export const formatDecisionSlug = (
  { register, sha256 }: Release,
  day: string,
  row: number,
): string => `${register}-${day}-row-${row}-${sha256.slice(0, 8)}`

const formatDecisionTitle = ({ title }: Release, day: string): string =>
  `Permits of ${day} (${title})`.slice(0, 1_000)

/** Rows that follow one another in one part are one passage. */
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

function createRunCitation(
  recordId: string,
  articleId: string,
  run: readonly RegisterRow[],
): LocatedCitation {
  const [first] = run
  const last = run.at(-1)
  if (first === undefined || last === undefined) throw new RangeError('A run has a row.')
  const whole = createRowCitation(recordId, articleId, first)
  if (first === last) return whole
  return {
    ...whole,
    end: last.start + last.length,
    suffix: last.suffix,
    quote: run.map(({ text }) => text).join('\n'),
    fragment: `row=${first.number}-${last.number}`,
  }
}

/** Notes a citation, and gives it as it stands in the document of its record. */
function addCitation(tables: TableLines, citation: LocatedCitation, position = 0) {
  tables.citation.push(formatCitationLine(citation, position))
  return buildCitationMember(citation)
}

/** In the order in which their rows refer to one another. */
const tableColumns = {
  record: recordColumns,
  actor: ['id', 'type', 'country'],
  actor_alias: ['actor_id', 'position', 'name', 'language'],
  good: ['id'],
  permit: [
    'id',
    'issuer_id',
    'number',
    'exporter_id',
    'consignee_id',
    'end_user_id',
    'destination_id',
    'end_destination_id',
    'legal_basis',
    'restrictions',
    'value_amount',
    'value_currency',
    'valid_until_edtf',
    'valid_until_as_stated',
    'valid_until_reasoning',
    'valid_until_earliest',
    'valid_until_latest',
    'status',
    'issued_earliest',
    'issued_latest',
    'register',
    'register_key',
  ],
  permit_item: ['permit_id', 'position', 'good_id', 'control_lists', 'control_codes'],
  event: ['id', 'type', 'on_edtf', 'on_as_stated', 'on_reasoning', 'on_earliest', 'on_latest'],
  event_participant: ['event_id', 'position', 'actor_id', 'role'],
  event_effect: ['event_id', 'position', 'permit_id', 'becomes'],
  citation: citationColumns,
} as const

type RegisterTable = keyof typeof tableColumns
type TableLines = Record<RegisterTable, CopyBuffer>
const tableNames = Object.keys(tableColumns) as RegisterTable[]

export const createTableLines = (): TableLines =>
  Object.fromEntries(tableNames.map((name) => [name, new CopyBuffer()])) as TableLines

export const toCopyRows = (tables: TableLines): CopyBatch[] =>
  tableNames.map(
    (table) => ({ table, columns: tableColumns[table], lines: tables[table] }) as CopyBatch,
  )
