import { sql } from 'kysely'
import type pg from 'pg'
import { type CopyBatch, copyRows } from '../../../database/copy.ts'
import type { Db } from '../../../database/database.ts'
import { updateRows } from '../../../database/row-writer.ts'
import type { permitFields } from '../../../records/kinds/permits/fields.ts'
import type { ValueOf } from '../../../records/model/field.ts'
import { firstDay, lastDay } from '../../../records/model/sql-json.ts'
import { findImportedPermits, type ImportedPermit } from '../queries.ts'

/** An effect on a permit, with the first and last day of its event. */
export type StoredEffect = {
  eventId: string
  /** Slug of the event. */
  event: string
  position: number
  becomes: string
  first: string | null
  last: string | null
  /** Whether the event cites only releases of the register. */
  isOfRegister: boolean
}

export type PermitToChange = ImportedPermit & {
  slug: string
  /** The position of its next citation. */
  nextPosition: number
  /** In the order of `buildEffectsSource`. */
  effects: StoredEffect[]
}

type PermitLists = Pick<typeof permitFields.fields, 'items' | 'destinations' | 'parties'>

/** New terms of a permit: a row of `permit` in the names of `schema.prisma`, and the lists that the rows state. */
export type PermitTerms = {
  title: string
  row: object & { id: string }
  lists: { [Name in keyof PermitLists]?: ValueOf<PermitLists[Name]> }
}

/** The permits of these keys, with all that rows about them are compared with. */
export async function findPermitsToChange(
  db: Db,
  register: string,
  keys: readonly string[],
): Promise<Map<string, PermitToChange>> {
  const known = await findImportedPermits(db, register, keys)
  const ids = [...known.values()].map(({ id }) => id)
  const { rows } = await sql<{ id: string; slug: string; nextPosition: number }>`
    SELECT id, slug,
      (
        SELECT COALESCE(max(position), -1) + 1 FROM citation WHERE record_id = record.id
      ) AS "nextPosition"
    FROM record WHERE id = ANY(${ids}::uuid[])`.execute(db)
  const details = new Map(rows.map((row) => [row.id, row]))
  const effects = await findPermitEffects(db, register, ids)
  return new Map(
    [...known].map(([key, permit]) => {
      const { slug = '', nextPosition = 0 } = details.get(permit.id) ?? {}
      return [key, { ...permit, slug, nextPosition, effects: effects.get(permit.id) ?? [] }]
    }),
  )
}

/** The effects on each of these permits, in order. */
async function findPermitEffects(
  db: Db,
  register: string,
  permitIds: readonly string[],
): Promise<Map<string, StoredEffect[]>> {
  const { rows } = await sql<Omit<StoredEffect, 'isOfRegister'> & { permitId: string }>`
    SELECT effect.permit_id AS "permitId", effect.event_id AS "eventId", record.slug AS event,
      effect.position, effect.becomes,
      event.on_earliest::text AS first, event.on_latest::text AS last
    FROM event_effect AS effect
    JOIN event ON event.id = effect.event_id
    JOIN record ON record.id = effect.event_id
    WHERE effect.permit_id = ANY(${[...permitIds]}::uuid[])
    ORDER BY ${firstDay('event.on')}, ${lastDay('event.on')}, effect.event_id, effect.position`.execute(
    db,
  )
  const others = await findForeignEvents(db, register, [...new Set(rows.map((row) => row.eventId))])
  const effects = new Map<string, StoredEffect[]>()
  for (const { permitId, ...effect } of rows) {
    const ofPermit = effects.get(permitId) ?? []
    ofPermit.push({ ...effect, isOfRegister: !others.has(effect.eventId) })
    effects.set(permitId, ofPermit)
  }
  return effects
}

/** The events among these that cite something else than the register. */
async function findForeignEvents(
  db: Db,
  register: string,
  ids: readonly string[],
): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    SELECT given.id FROM unnest(${[...ids]}::uuid[]) AS given(id) WHERE EXISTS (
      SELECT 1 FROM citation JOIN article ON article.id = citation.article_id
      WHERE citation.record_id = given.id AND article.register IS DISTINCT FROM ${register})`.execute(
    db,
  )
  return new Set(rows.map(({ id }) => id))
}

/** The permits among these that a live event concerns, or that an event from outside the register changes. */
export async function findReferencedPermits(
  db: Db,
  register: string,
  permitIds: readonly string[],
): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    SELECT DISTINCT about.permit_id AS id FROM event_about AS about JOIN record ON record.id = about.event_id
    WHERE about.permit_id = ANY(${[...permitIds]}::uuid[]) AND record.state = 'live'`.execute(db)
  const found = new Set(rows.map(({ id }) => id))
  for (const [id, effects] of await findPermitEffects(db, register, permitIds))
    if (effects.some(({ isOfRegister }) => !isOfRegister)) found.add(id)
  return found
}

export const restoreRecords = (db: Db, ids: Iterable<string>) =>
  sql`UPDATE record SET state = 'live', state_reason = NULL WHERE id = ANY(${[...ids]}::uuid[])`.execute(
    db,
  )

/** Retracts the live records among these. @returns their ids */
export async function retractRecords(
  db: Db,
  ids: readonly string[],
  reason: string,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    UPDATE record SET state = 'retracted', state_reason = ${reason}
    WHERE id = ANY(${[...ids]}::uuid[]) AND state = 'live' RETURNING id`.execute(db)
  const retired = rows.map(({ id }) => id)
  await refreshSearchIndex(db, retired)
  return retired
}

/** Removes retracted records from the search index at once; other changes are indexed after all rows. */
const refreshSearchIndex = (db: Db, retired: readonly string[]) =>
  sql`SELECT refresh_search(${[...retired]}::uuid[])`.execute(db)

/** Retracts the events among these that have no effects any more. @returns their ids */
export async function retractEmptyEvents(
  db: Db,
  ids: Iterable<string>,
  reason: string,
): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    UPDATE record SET state = 'retracted', state_reason = ${reason}
    WHERE id = ANY(${[...ids]}::uuid[]) AND NOT EXISTS (SELECT 1 FROM event_effect WHERE event_id = record.id)
    RETURNING id`.execute(db)
  const retired = rows.map(({ id }) => id)
  await refreshSearchIndex(db, retired)
  return new Set(retired)
}

export const removeEffects = (
  db: Db,
  effects: readonly Pick<StoredEffect, 'eventId' | 'position'>[],
) =>
  sql`
    DELETE FROM event_effect
    USING json_to_recordset(${JSON.stringify(effects)}::json)
      AS removed("eventId" uuid, position int)
    WHERE event_effect.event_id = removed."eventId"
      AND event_effect.position = removed.position`.execute(db)

/** Deletes all effects on these permits. @returns the events that had them */
export async function removePermitEffects(
  db: Db,
  permitIds: readonly string[],
): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    DELETE FROM event_effect WHERE permit_id = ANY(${[...permitIds]}::uuid[]) RETURNING event_id AS id`.execute(
    db,
  )
  return new Set(rows.map(({ id }) => id))
}

export const removeCitations = (db: Db, ids: Iterable<string>) =>
  sql`DELETE FROM citation WHERE id = ANY(${[...ids]}::uuid[])`.execute(db)

export const markCitationsAsHistory = (db: Db, citations: Iterable<string>) =>
  sql`UPDATE citation SET field = 'history' WHERE id = ANY(${[...citations]}::uuid[])`.execute(db)

/** Updates the terms of permits, and deletes the lists of those that get new ones. */
export async function updatePermitTerms(db: Db, terms: readonly PermitTerms[]): Promise<void> {
  // Rows with other columns are updated apart: a column that a row lacks does not change.
  const byColumns = Map.groupBy(terms, ({ row }) => Object.keys(row).sort().join())
  for (const group of byColumns.values())
    await updateRows(
      db,
      'permit',
      group.map(({ row }) => row),
    )
  const ids = terms.map(({ row }) => row.id)
  const titles = terms.map(({ title }) => title)
  await renameRecords(db, ids, titles)
  const having = (name: keyof PermitLists) =>
    terms.filter(({ lists }) => lists[name] !== undefined).map(({ row }) => row.id)
  await sql`DELETE FROM permit_item WHERE permit_id = ANY(${having('items')}::uuid[])`.execute(db)
  await sql`
    DELETE FROM permit_destination
    WHERE permit_id = ANY(${having('destinations')}::uuid[])`.execute(db)
  await sql`DELETE FROM permit_party WHERE permit_id = ANY(${having('parties')}::uuid[])`.execute(
    db,
  )
}

/** Inserts rows, and derives the status of these permits: the trigger that does so is off during an import. */
export async function copyRowsAndSettle(
  db: Db,
  client: pg.ClientBase,
  tables: readonly CopyBatch[],
  settled: Iterable<string>,
): Promise<void> {
  for (const rows of tables) await copyRows(client, rows)
  await sql`SELECT settle_permits(${[...settled]}::uuid[])`.execute(db)
}

/** Sets the names of records, in the order of their ids. */
export const renameRecords = (db: Db, ids: readonly string[], names: readonly string[]) =>
  sql`
    UPDATE record SET name = given.name
    FROM unnest(${[...ids]}::uuid[], ${[...names]}::text[]) AS given(id, name)
    WHERE record.id = given.id AND record.name <> given.name`.execute(db)

/** The position of the next citation of a record. */
export async function findNextPosition(db: Db, id: string): Promise<number> {
  const { rows } = await sql<{ next: number }>`
    SELECT COALESCE(max(position), -1) + 1 AS next FROM citation WHERE record_id = ${id}`.execute(
    db,
  )
  return rows[0]?.next ?? 0
}

/** Items refer to the goods of their event. */
export async function deleteEventLists(db: Db, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await sql`DELETE FROM event_item WHERE event_id = ANY(${[...ids]}::uuid[])`.execute(db)
  await sql`DELETE FROM event_good WHERE event_id = ANY(${[...ids]}::uuid[])`.execute(db)
  await sql`DELETE FROM event_participant WHERE event_id = ANY(${[...ids]}::uuid[])`.execute(db)
}
