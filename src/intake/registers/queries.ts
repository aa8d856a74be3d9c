import { sql } from 'kysely'
import type pg from 'pg'
import { v7 as uuidv7 } from 'uuid'
import { copyLine, copyRows } from '../../database/copy.ts'
import type { Db } from '../../database/database.ts'
import { insertAll } from '../../database/tables.ts'
import type { Tx } from '../../database/transaction.ts'
import { sha256 } from '../../ledger/canonical.ts'
import type { PlacedCitation } from '../../records/bulk.ts'
import type { Kind } from '../../records/schema.ts'

/** A permit that was read from the register before. */
export type KnownPermit = {
  id: string
  key: string
  state: 'live' | 'retracted' | 'merged'
  /** The rows that are cited for it, oldest citation first. */
  rows: { citation: string; article: string; quote: string; position: number }[]
}

/** The permits of these keys. */
export async function knownPermits(
  db: Db,
  register: string,
  keys: readonly string[],
): Promise<Map<string, KnownPermit>> {
  const { rows } = await sql<KnownPermit>`
    SELECT permit.id, permit.register_key AS key, record.state,
      COALESCE((SELECT json_agg(json_build_object('citation', citation.id, 'article', article.id, 'quote', citation.quote, 'position', citation.position) ORDER BY citation.position)
        FROM citation JOIN article ON article.id = citation.article_id
        WHERE citation.record_id = permit.id AND article.register = ${register}), '[]'::json) AS rows
    FROM permit JOIN record ON record.id = permit.id
    WHERE permit.register = ${register} AND permit.register_key = ANY(${[...keys]}::text[])`.execute(
    db,
  )
  return new Map(rows.map((row) => [row.key, row]))
}

/** Ids by slug of the records of a kind; of one that was merged, that of the other. Null: it was retracted. */
export async function idsOf(
  db: Db,
  kind: Kind,
  slugs: readonly string[],
): Promise<Map<string, string | null>> {
  if (slugs.length === 0) return new Map()
  const { rows } = await sql<{ slug: string; id: string | null }>`
    SELECT slug, CASE state WHEN 'live' THEN id WHEN 'merged' THEN merged_into_id END AS id
    FROM record WHERE kind = ${kind} AND slug = ANY(${[...slugs]}::text[])`.execute(db)
  return new Map(rows.map(({ slug, id }) => [slug, id]))
}

/** Permits of others with one of these slugs, or with a number that its issuer gave one of these rows. */
export async function takenBy(
  db: Db,
  register: string,
  slugs: readonly string[],
  numbers: readonly { issuer: string; number: string }[],
): Promise<{ slug: string; issuer: string; number: string | null }[]> {
  const { rows } = await sql<{ slug: string; issuer: string; number: string | null }>`
    SELECT record.slug, permit.issuer_id AS issuer, permit.number FROM permit JOIN record ON record.id = permit.id
    WHERE permit.register IS DISTINCT FROM ${register} AND permit.id IN (
      SELECT id FROM record WHERE kind = 'permit' AND slug = ANY(${[...slugs]}::text[])
      UNION ALL SELECT taken.id FROM permit AS taken JOIN unnest(${numbers.map(({ issuer }) => issuer)}::uuid[], ${numbers.map(({ number }) => number)}::text[]) AS wanted(issuer, number)
        ON taken.issuer_id = wanted.issuer AND taken.number = wanted.number)`.execute(db)
  return rows
}

/** Lets PostgreSQL look at what was copied in: until then it plans for tables as small as they were. */
export const analyse = (db: Db) =>
  sql`ANALYZE record, permit, permit_item, event, event_effect, citation, ledger_document`.execute(
    db,
  )

/** How many of these records are live. */
export async function countLive(db: Db, ids: readonly string[]): Promise<number> {
  const { rows } = await sql<{ count: string }>`
    SELECT count(*) AS count FROM record WHERE state = 'live' AND id = ANY(${[...ids]}::uuid[])`.execute(
    db,
  )
  return Number(rows[0]?.count)
}

/** The newest revision. */
export async function headOf(db: Db): Promise<bigint> {
  const { rows } = await sql<{
    number: string
  }>`SELECT COALESCE(max(number), 0) AS number FROM revision`.execute(db)
  return BigInt(rows[0]?.number ?? 0)
}

export type Release = { id: string; slug: string; sourceSha256: string; state: string }

/** The releases of a register that were imported, newest first. */
export async function releasesOf(db: Db, register: string): Promise<Release[]> {
  const { rows } = await sql<Release>`
    SELECT article.id, record.slug, article.source_sha256 AS "sourceSha256", record.state
    FROM article JOIN record ON record.id = article.id WHERE article.register = ${register} ORDER BY article.id DESC`.execute(
    db,
  )
  return rows
}

/** Live permits of a register by key, after one, for what a release no longer has. */
export async function nextPermits(db: Db, register: string, after: string, limit: number) {
  const { rows } = await sql<{ id: string; key: string; slug: string }>`
    SELECT permit.id, permit.register_key AS key, record.slug FROM permit JOIN record ON record.id = permit.id
    WHERE permit.register = ${register} AND permit.register_key > ${after} AND record.state = 'live'
    ORDER BY permit.register_key LIMIT ${limit}`.execute(db)
  return rows
}

/** A connection of its own, for the text of an article: it is written before it is the writer's turn. */
export type TextWriter = {
  add(part: { start: number; length: number; text: string; source: Buffer }): Promise<void>
}

/** Parts of a text that are copied as they come; a few are in memory. */
export function textWriter(
  client: pg.ClientBase,
  articleId: string,
): TextWriter & { end(): Promise<void> } {
  let lines: string[] = []
  const flush = async () => {
    await copyRows(client, {
      table: 'article_part',
      columns: ['article_id', 'start_at', 'length', 'text', 'sha256', 'source'],
      lines,
    })
    lines = []
  }
  return {
    async add({ start, length, text, source }) {
      lines.push(copyLine([articleId, start, length, text, sha256(text), source]))
      if (lines.length >= 32) await flush()
    },
    end: flush,
  }
}

/** A passage whose place is known. */
export const insertCitation = (
  tx: Tx,
  one: PlacedCitation,
  position: number,
  field: string | null,
) => insertAll(tx.$kysely, [['citation', [citationRow(one, position, field)]]])

const citationRow = (one: PlacedCitation, position: number, field: string | null) => ({
  ...{ id: one.id, recordId: one.recordId, position, articleId: one.articleId, field },
  ...{ startAt: one.start, endAt: one.end, quote: one.quote, prefix: one.prefix },
  ...{ suffix: one.suffix, fragment: one.fragment, state: 'anchored' },
})

export const deleteCitation = ({ $kysely: db }: Tx, id: string) =>
  sql`DELETE FROM citation WHERE id = ${id}`.execute(db)

/** What a row said before is history now. */
export const markAsHistory = ({ $kysely: db }: Tx, citations: readonly string[]) =>
  sql`UPDATE citation SET field = 'history' WHERE id = ANY(${[...citations]}::uuid[])`.execute(db)

export async function nextPosition({ $kysely: db }: Tx, recordId: string): Promise<number> {
  const { rows } = await sql<{ next: number }>`
    SELECT COALESCE(max(position), -1) + 1 AS next FROM citation WHERE record_id = ${recordId}`.execute(
    db,
  )
  return rows[0]?.next ?? 0
}

export const revive = ({ $kysely: db }: Tx, id: string) =>
  sql`UPDATE record SET state = 'live', state_reason = NULL WHERE id = ${id}`.execute(db)

export const retire = ({ $kysely: db }: Tx, id: string, reason: string) =>
  sql`UPDATE record SET state = 'retracted', state_reason = ${reason} WHERE id = ${id}`.execute(db)

export type NewDecision = {
  slug: string
  title: string
  on: { iso: string; asStated: string; reasoning: string | null }
  issuerId: string
  permitId: string
  becomes: 'issued' | 'amended'
}

/** An event that decides on one permit, with the row that says so. */
export async function insertDecision(
  { $kysely: db }: Tx,
  revision: bigint,
  event: NewDecision,
  citationOf: (id: string) => PlacedCitation,
): Promise<string> {
  const id = uuidv7()
  const { slug, title, on, issuerId, permitId, becomes } = event
  await insertAll(db, [
    [
      'record',
      [{ id, kind: 'event', slug, name: title, revision, state: 'live', createdAt: new Date() }],
    ],
    [
      'event',
      [
        {
          ...{ id, type: 'permit-decision', onEdtf: on.iso, onAsStated: on.asStated },
          ...{ onReasoning: on.reasoning, onEarliest: on.iso, onLatest: on.iso },
        },
      ],
    ],
    ['eventParticipant', [{ eventId: id, position: 0, actorId: issuerId, role: 'issuer' }]],
    ['citation', [citationRow(citationOf(id), 0, null)]],
  ])
  // A statement of its own, so that what it sets off finds the event.
  await insertAll(db, [['eventEffect', [{ eventId: id, position: 0, permitId, becomes }]]])
  return id
}

/** The effects on a permit, the day of their events, and whether these rest on the register alone. */
export async function effectsOnPermit(db: Db, register: string, permitId: string) {
  const { rows } = await sql<{
    eventId: string
    position: number
    becomes: string
    day: string | null
    isOfRegister: boolean
  }>`
    SELECT event_id AS "eventId", position, becomes, (SELECT on_earliest::text FROM event WHERE id = event_id) AS day, NOT EXISTS (
      SELECT 1 FROM citation JOIN article ON article.id = citation.article_id
      WHERE citation.record_id = event_id AND article.register IS DISTINCT FROM ${register}) AS "isOfRegister"
    FROM event_effect WHERE permit_id = ${permitId}`.execute(db)
  return rows
}

/** Takes an effect back. @returns whether the event has others left */
export async function removeEffect(
  { $kysely: db }: Tx,
  eventId: string,
  position: number,
): Promise<boolean> {
  await sql`DELETE FROM event_effect WHERE event_id = ${eventId} AND position = ${position}`.execute(
    db,
  )
  const { rows } = await sql<{ left: boolean }>`
    SELECT EXISTS (SELECT 1 FROM event_effect WHERE event_id = ${eventId}) AS "left"`.execute(db)
  return rows[0]?.left === true
}

/** Whether any live record but events with effects points at the permit. */
export async function isSpokenOf(db: Db, permitId: string): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    SELECT EXISTS (SELECT 1 FROM event_about JOIN record ON record.id = event_id
      WHERE permit_id = ${permitId} AND record.state = 'live') AS found`.execute(db)
  return rows[0]?.found === true
}
