import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import { jsonObject } from '../../database/sql-fragments.ts'
import { stateOf } from '../../records/kinds/actors/rules.ts'
import { kinds } from '../../records/kinds/all-kinds.ts'
import { readWireRecords, resolveRecordId } from '../../records/model/list-queries.ts'
import type { Reference } from '../../records/model/schema.ts'
import { referenceMembers } from '../../records/model/sql-json.ts'
import type { MeasureForMembers } from './rules.ts'

type ActorRow = {
  reference: Reference
  type: string
  country: string | null
  aliases: string[]
}

const selectActors = sql`
  SELECT ${jsonObject(referenceMembers('record'))} AS reference, actor.type, actor.country, ARRAY(
    SELECT actor_alias.name
    FROM actor_alias
    WHERE actor_alias.actor_id = actor.id
    ORDER BY actor_alias.position
  ) AS aliases
  FROM actor JOIN record ON record.id = actor.id`

/** The actors on record that are states, by code (ISO 3166-1 alpha-2). */
export async function loadStateActors(db: Db): Promise<Map<string, Reference>> {
  const { rows } = await sql<ActorRow>`
    ${selectActors}
    WHERE actor.type = 'state' AND record.state = 'live'
    ORDER BY record.id`.execute(db)
  const actorByCode = new Map<string, Reference>()
  for (const { reference, ...actor } of rows) {
    const code = stateOf({ ...actor, name: reference.name })
    if (code !== null && !actorByCode.has(code)) actorByCode.set(code, reference)
  }
  return actorByCode
}

type MeasureWire = {
  id: string
  slug: string
  title: string
  href: string
  imposer: Reference
  inForce: MeasureForMembers['periods']
}

/** @throws {Problem} not-found, retracted */
export async function loadMeasure(db: Db, ref: string): Promise<MeasureForMembers> {
  const id = await resolveRecordId(db, 'measure', ref)
  const { from, members } = kinds.measure.singleQuery
  const wire = (await readWireRecords(db, 'measure', from, members, [id])).get(id)
  const { slug, title, href, imposer, inForce } = wire as unknown as MeasureWire
  const { rows } = await sql<ActorRow>`
    ${selectActors}
    WHERE actor.id = ${imposer.id}::uuid`.execute(db)
  const [actor] = rows
  if (actor === undefined) throw new Error(`The imposer ${imposer.id} is not there.`)
  return { measure: { id, slug, name: title, href }, imposer: actor, periods: inForce }
}
