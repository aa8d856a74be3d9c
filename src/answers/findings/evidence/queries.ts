import { sql } from 'kysely'
import type { z } from 'zod'
import {
  type Column,
  column,
  type Fragment,
  jsonObject,
  jsonRow,
} from '../../../database/columns.ts'
import type { Db } from '../../../database/database.ts'
import { statement } from '../../../database/statement.ts'
import type { Kind, Reference, StatedDate } from '../../../records/model/schema.ts'
import {
  type Chosen,
  joinKept,
  keptColumns,
  readStanding,
} from '../../../records/read/records-from-ledger.ts'
import type { Facts, Item, Party } from '../rules.ts'
import type { Finding } from '../schema.ts'
import { factsOf, type Wire } from './rules.ts'

export type Citation = Finding['records'][number]['citations'][number]

/** A live record: what rules see of it, and what is shown of it. */
export type Evidence = {
  kind: Kind
  record: Reference
  on: z.infer<typeof StatedDate> | null
  facts: Facts
  citations: Citation[]
}

type Ids = { permits: readonly string[]; measures: readonly string[]; events: readonly string[] }

/** Whether an event concerns or changes one of `ids`. */
const touching = (target: 'permit' | 'measure', ids: Fragment): Fragment =>
  sql`SELECT event_id AS id FROM event_about WHERE ${sql.ref(`${target}_id`)} = ANY (${ids}) UNION SELECT event_id FROM event_effect WHERE ${sql.ref(`${target}_id`)} = ANY (${ids})`

/** Permits that an assurance of `events` is about or changes. */
const assured = (table: 'event_about' | 'event_effect', events: Fragment): Fragment =>
  sql`SELECT ${sql.ref(`${table}.permit_id`)} FROM ${sql.table(table)} JOIN event AS given ON given.id = ${sql.ref(`${table}.event_id`)} AND given.type = 'assurance' WHERE ${sql.ref(`${table}.event_id`)} = ANY (${events}) AND ${sql.ref(`${table}.permit_id`)} IS NOT NULL`

const choose = (db: Db, ids: Ids) =>
  statement<Chosen>('findings-evidence', ids, (slot) => {
    // Behind a subquery, so that the estimates do not hang on how many there are and PostgreSQL keeps one plan: planning
    // this anew takes longer than running it.
    const [permits, measures, events] = (['permits', 'measures', 'events'] as const).map(
      (name) => sql`(SELECT ${slot(name)}::uuid[])::uuid[]`,
    ) as [Fragment, Fragment, Fragment]
    const query = sql<Chosen>`
      WITH wanted AS MATERIALIZED (SELECT unnest(${permits}) AS id UNION SELECT unnest(${measures}) UNION SELECT unnest(${events})
        UNION ${assured('event_about', events)} UNION ${assured('event_effect', events)}
        UNION SELECT event_id FROM event_effect WHERE permit_id = ANY (${permits}) AND becomes = 'issued'
        UNION SELECT event_id FROM event_effect WHERE measure_id = ANY (${measures}) AND becomes <> 'amended'
        UNION (SELECT * FROM (${touching('permit', permits)}) AS a INTERSECT SELECT * FROM (${touching('measure', measures)}) AS b))
      SELECT standing.* FROM wanted CROSS JOIN LATERAL (
        SELECT ${keptColumns} FROM record ${joinKept} WHERE record.id = wanted.id AND record.state = 'live' OFFSET 0) AS standing`
    return { compile: () => query.compile(db) }
  })

const named = (id: Column): Fragment =>
  jsonRow(
    { id: sql`named.id`, name: sql`named.name` },
    sql`record AS named WHERE named.id = ${column(id)}`,
  )

type Trait = { kind: 'actor' | 'good'; trait: string }

/** What rules see of these actors and goods. */
async function readTraits(db: Db, ids: string[]) {
  const query = statement<Trait>('findings-traits', { ids }, (slot) => {
    const actor = {
      ...{ id: column('actor.id'), name: column('record.name') },
      ...{ type: column('actor.type'), country: column('actor.country') },
    }
    const good = {
      ...{ id: column('good.id'), name: column('record.name') },
      isFamily: sql`EXISTS (SELECT FROM good AS member WHERE member.family_id = good.id)`,
      family: named('good.family_id'),
      maker: named('good.manufacturer_id'),
    }
    const query = sql<Trait>`
      SELECT 'actor' AS kind, ${jsonObject(actor)}::text AS trait FROM actor JOIN record ON record.id = actor.id WHERE actor.id = ANY (${slot('ids')}::uuid[])
      UNION ALL SELECT 'good', ${jsonObject(good)}::text FROM good JOIN record ON record.id = good.id WHERE good.id = ANY (${slot('ids')}::uuid[])`
    return { compile: () => query.compile(db) }
  })
  const parties = new Map<string, Party>()
  const items = new Map<string, Item>()
  const { rows } = await db.executeQuery(query)
  for (const { kind, trait } of rows)
    if (kind === 'actor') {
      const party = JSON.parse(trait) as Party
      parties.set(party.id, party)
    } else {
      const item = JSON.parse(trait) as Item
      items.set(item.id, item)
    }
  return { parties, items }
}

/** The actors and goods whose traits the facts of these records need. */
const traitsOf = (wire: Wire): Reference[] => {
  if (wire.kind === 'measure') return [wire.imposer, wire.target]
  if (wire.kind === 'permit')
    return [
      ...[wire.issuer, wire.exporter, wire.consignee, wire.endUser],
      ...[wire.destination, wire.endDestination, ...wire.items.map(({ good }) => good)],
    ].flatMap((one) => one ?? [])
  const actors = wire.participants.map(({ actor }) => actor)
  return [...actors, ...wire.goods, wire.assurance?.endUser ?? []].flat()
}

/**
 * These records with their citations, and what belongs to them: the event that issued a permit, the events that made a
 * measure what it is, those that concern a permit and a measure of these together, the permits that an assurance is about.
 */
export async function readEvidence(db: Db, ids: Ids): Promise<Map<string, Evidence>> {
  const found = await readStanding(
    db,
    async (one) => (await one.executeQuery(choose(one, ids))).rows,
  )
  const wires = found.wires as unknown as ReadonlyMap<string, Wire>
  const needed = new Set([...wires.values()].flatMap(traitsOf).map(({ id }) => id))
  const around = { wires, ...(await readTraits(db, [...needed])) }
  return new Map(
    [...wires].map(([id, wire]) => {
      const { kind, slug, title: name, href, citations } = wire
      const on = wire.kind === 'event' ? wire.on : null
      const record = { id, slug, name, href }
      return [id, { kind, record, on, facts: factsOf(wire, around), citations }]
    }),
  )
}
