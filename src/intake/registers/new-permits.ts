import { setImmediate as breathe } from 'node:timers/promises'
import { CopyLines, type CopyRows, copyLine } from '../../database/copy.ts'
import { newId } from '../../database/new-id.ts'
import { LedgerLines, type LedgerRow } from '../../ledger/append.ts'
import {
  type BulkWrite,
  citationColumns,
  citationLine,
  citationMember,
  newDocument,
  type PlacedCitation,
  recordColumns,
  recordLine,
} from '../../records/write/bulk.ts'
import { rowCitation } from './store-article.ts'
import type { ActorField, Day, Draft, NamedActor } from './table/draft.ts'
import type { Row } from './table/rows.ts'

/** A row with what it says of a permit. */
export type DraftedRow = { row: Row; draft: Draft }

/** Ids of the actors and goods that were met, by slug. */
export type Known = {
  actors: Map<string, string>
  goods: Map<string, string>
  /** The revision up to which it was seen what others did to them. */
  until: bigint
  /** How often that changed one of them. */
  changes: number
}

export type Release = { articleId: string; register: string; sha256: string; title: string }

/** Actors and goods that rows name and that are not there yet. */
export type Newcomers = {
  actors: Map<string, { id: string; input: NonNullable<NamedActor['input']>; row: Row }>
  goods: Map<string, { id: string; designation: string; row: Row }>
}

/** Rows between which other work may have its turn. */
const rowsAtOnce = 20
/** Rows that one citation of an event takes together at most. */
const runMax = 20

/**
 * New permits with the events that issued them, as rows to be copied and documents for the ledger. The permits that a
 * register says were issued by one issuer on one day are one event for each batch (docs/decisions/0015-registers.md).
 */
export async function writeOf(
  rows: readonly DraftedRow[],
  newcomers: Newcomers,
  known: Known,
  release: Release,
  revision: bigint,
): Promise<BulkWrite> {
  const t = openTables()
  const documents = new LedgerLines(revision)
  for (const [slug, { id, input, row }] of newcomers.actors) {
    const { type, name, country, aliases } = input
    t.record.push(recordLine(id, 'actor', slug, name, revision))
    t.actor.push(copyLine([id, type, country]))
    for (const [position, alias] of aliases.entries())
      t.actor_alias.push(copyLine([id, position, alias.name, alias.language]))
    const citations = [cite(t, rowCitation(id, release.articleId, row))]
    documents.push(
      newDocument('actor', id, {
        ...{ slug, revision: Number(revision), type, name, country, citations },
        aliases: aliases.map((alias) => ({ language: alias.language, name: alias.name })),
      }),
    )
  }
  for (const [slug, { id, designation, row }] of newcomers.goods) {
    t.record.push(recordLine(id, 'good', slug, designation, revision))
    t.good.push(copyLine([id]))
    const citations = [cite(t, rowCitation(id, release.articleId, row))]
    documents.push(
      newDocument('good', id, { slug, revision: Number(revision), designation, citations }),
    )
  }
  const decisions = new Map<string, Decision>()
  for (const [index, { row, draft }] of rows.entries()) {
    const id = newId()
    const issuer = idOf(known, draft.actors.issuer) ?? ''
    const of = `${issuer} ${draft.issuedOn.iso} ${draft.issuedOn.asStated}`
    let decision = decisions.get(of)
    if (decision === undefined) {
      decision = {
        ...{ id: newId(), issuer, on: draft.issuedOn },
        ...{ becomes: 'issued', permits: [], rows: [] },
      }
      decisions.set(of, decision)
    }
    decision.permits.push(id)
    decision.rows.push(row)
    documents.push(putPermit(t, { id, row, draft }, decision, known, release, revision))
    if (index % rowsAtOnce === rowsAtOnce - 1) await breathe()
  }
  for (const decision of decisions.values())
    documents.push(putDecision(t, decision, release, revision))
  return { tables: tablesOf(t), documents }
}

/** An event that decides on permits, and the rows that say so. */
export type Decision = {
  id: string
  issuer: string
  on: Day
  becomes: 'issued' | 'amended'
  permits: string[]
  rows: Row[]
}

const idOf = ({ actors }: Known, actor: NamedActor | null): string | null =>
  actor === null ? null : (actors.get(actor.slug) ?? null)

/** As `StatedDate`, its members in the order of their names. */
const dateOf = ({ iso, asStated, reasoning }: Day) => ({
  ...{ asStated, earliest: iso, edtf: iso, latest: iso, reasoning },
})

function putPermit(
  t: Tables,
  { id, row, draft }: DraftedRow & { id: string },
  decision: Decision,
  known: Known,
  { articleId, register }: Release,
  revision: bigint,
): LedgerRow {
  const { slug, title, number, validUntil, good, controlEntries, value } = draft
  const party = (field: ActorField) => idOf(known, draft.actors[field])
  const parties = {
    ...{ issuer: decision.issuer, exporter: party('exporter'), consignee: party('consignee') },
    ...{ endUser: party('endUser'), destination: party('destination') },
    endDestination: party('endDestination'),
  }
  const { issuer, exporter, consignee, endUser, destination, endDestination } = parties
  const { legalBasis, restrictions } = draft
  const until = validUntil?.iso ?? null
  const issued = decision.on.iso
  t.record.push(recordLine(id, 'permit', slug, title, revision))
  t.permit.push(
    copyLine([
      ...[id, issuer, number, exporter, consignee, endUser, destination, endDestination],
      ...[legalBasis, restrictions, value?.amount ?? null, value?.currency ?? null],
      ...[until, validUntil?.asStated ?? null, validUntil?.reasoning ?? null, until, until],
      ...['issued', issued, issued, register, draft.key],
    ]),
  )
  const goodId = good === null ? undefined : known.goods.get(good.slug)
  if (goodId !== undefined) putItem(t, id, goodId, controlEntries)
  const on = dateOf(decision.on)
  const citations = [cite(t, rowCitation(id, articleId, row))]
  return newDocument('permit', id, {
    ...{ slug, revision: Number(revision), title, number, ...parties, legalBasis, restrictions },
    ...{ value, validUntil: validUntil && dateOf(validUntil), status: 'issued', issuedOn: on },
    ...{ history: [{ becomes: 'issued', event: decision.id, on }], citations },
    items:
      goodId === undefined ? [] : [{ controlEntries, good: goodId, quantity: null, unit: null }],
  })
}

/** The one item that a permit of a register has. */
export function putItem(
  t: Tables,
  permitId: string,
  goodId: string,
  controlEntries: Draft['controlEntries'],
): void {
  const lists = controlEntries.map(({ list }) => list)
  t.permit_item.push(copyLine([permitId, 0, goodId, lists, controlEntries.map(({ code }) => code)]))
}

export function putDecision(
  t: Tables,
  { id, issuer, on, becomes, permits, rows }: Decision,
  release: Release,
  revision: bigint,
): LedgerRow {
  const slug = decisionSlug(release, on.iso, rows[0]?.number ?? 0)
  const title = decisionTitle(release, on.iso)
  t.record.push(recordLine(id, 'event', slug, title, revision))
  t.event.push(copyLine([id, 'permit-decision', on.iso, on.asStated, on.reasoning, on.iso, on.iso]))
  t.event_participant.push(copyLine([id, 0, issuer, 'issuer']))
  for (const [position, permit] of permits.entries())
    t.event_effect.push(copyLine([id, position, permit, becomes]))
  const citations = runsOf(rows).map((run, position) =>
    cite(t, runCitation(id, release.articleId, run), position),
  )
  return newDocument('event', id, {
    ...{ slug, revision: Number(revision), type: 'permit-decision', title, on: dateOf(on) },
    participants: [{ actor: issuer, role: 'issuer' }],
    effects: permits.map((permit) => ({ becomes, measure: null, permit })),
    citations,
  })
}

/** Unlike that of any other decision: a row of a release is read once. */
export const decisionSlug = ({ register, sha256 }: Release, day: string, row: number): string =>
  `${register}-${day}-row-${row}-${sha256.slice(0, 8)}`

const decisionTitle = ({ title }: Release, day: string): string =>
  `Permits of ${day} (${title})`.slice(0, 1_000)

/** Rows that follow one another in one part are one passage. */
function runsOf(rows: readonly Row[]): Row[][] {
  const runs: Row[][] = []
  for (const row of rows) {
    const run = runs.at(-1)
    const last = run?.at(-1)
    const follows = last?.number === row.number - 1 && last.part === row.part
    if (run && follows && run.length < runMax) run.push(row)
    else runs.push([row])
  }
  return runs
}

function runCitation(recordId: string, articleId: string, run: readonly Row[]): PlacedCitation {
  const [first] = run
  const last = run.at(-1)
  if (first === undefined || last === undefined) throw new RangeError('A run has a row.')
  const whole = rowCitation(recordId, articleId, first)
  if (first === last) return whole
  return {
    ...{ ...whole, end: last.start + last.length, suffix: last.suffix },
    quote: run.map(({ text }) => text).join('\n'),
    fragment: `row=${first.number}-${last.number}`,
  }
}

/** Notes a citation, and gives it as it stands in the document of its record. */
function cite(t: Tables, citation: PlacedCitation, position = 0) {
  t.citation.push(citationLine(citation, position))
  return citationMember(citation)
}

/** In the order in which their rows refer to one another. */
const columns = {
  record: recordColumns,
  actor: ['id', 'type', 'country'],
  actor_alias: ['actor_id', 'position', 'name', 'language'],
  good: ['id'],
  permit: [
    ...(['id', 'issuer_id', 'number', 'exporter_id', 'consignee_id', 'end_user_id'] as const),
    ...(['destination_id', 'end_destination_id', 'legal_basis', 'restrictions'] as const),
    ...(['value_amount', 'value_currency', 'valid_until_edtf', 'valid_until_as_stated'] as const),
    ...(['valid_until_reasoning', 'valid_until_earliest', 'valid_until_latest'] as const),
    ...(['status', 'issued_earliest', 'issued_latest', 'register', 'register_key'] as const),
  ],
  permit_item: ['permit_id', 'position', 'good_id', 'control_lists', 'control_codes'],
  event: [
    ...(['id', 'type', 'on_edtf', 'on_as_stated', 'on_reasoning'] as const),
    ...(['on_earliest', 'on_latest'] as const),
  ],
  event_participant: ['event_id', 'position', 'actor_id', 'role'],
  event_effect: ['event_id', 'position', 'permit_id', 'becomes'],
  citation: citationColumns,
} as const

type Table = keyof typeof columns
type Tables = Record<Table, CopyLines>
const names = Object.keys(columns) as Table[]

export const openTables = (): Tables =>
  Object.fromEntries(names.map((name) => [name, new CopyLines()])) as Tables

export const tablesOf = (t: Tables): CopyRows[] =>
  names.map((table) => ({ table, columns: columns[table], lines: t[table] }) as CopyRows)
