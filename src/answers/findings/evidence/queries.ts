import { sql } from 'kysely'
import type { z } from 'zod'
import {
  type Column,
  column,
  type Fragment,
  jsonArray,
  jsonObject,
  jsonRow,
} from '../../../database/columns.ts'
import type { Db } from '../../../database/database.ts'
import { statement } from '../../../database/statement.ts'
import type { Kind, Reference, StatedDate } from '../../../records/schema.ts'
import {
  citationMembers,
  effectsOn,
  place,
  referenceMembers,
  statedDate,
} from '../../../records/shapes.ts'
import type { Facts } from '../rules.ts'
import type { Finding } from '../schema.ts'

export type Citation = Finding['records'][number]['citations'][number]

/** A live record: what rules see of it, and what is shown of it. */
export type Evidence = {
  kind: Kind
  record: Reference
  on: z.infer<typeof StatedDate> | null
  facts: Facts
  citations: Citation[]
}

/** What rules see of an actor. */
const party = (id: Column): Fragment =>
  jsonRow(
    {
      id: sql`actor.id`,
      name: sql`named.name`,
      type: sql`actor.type`,
      country: sql`actor.country`,
    },
    sql`actor JOIN record AS named ON named.id = actor.id WHERE actor.id = ${column(id)}`,
  )

const named = (id: Column): Fragment =>
  jsonRow(
    { id: sql`named.id`, name: sql`named.name` },
    sql`record AS named WHERE named.id = ${column(id)}`,
  )

/** Goods of the rows of a table that names them: `rows` are its FROM and WHERE. */
const items = (rows: Fragment, goodId: Fragment, position: Fragment): Fragment =>
  jsonArray(
    {
      id: sql`good.id`,
      name: sql`(SELECT named.name FROM record AS named WHERE named.id = good.id)`,
      isFamily: sql`EXISTS (SELECT FROM good AS member WHERE member.family_id = good.id)`,
      family: named('good.family_id'),
      maker: named('good.manufacturer_id'),
    },
    sql`good JOIN ${rows} AND ${goodId} = good.id`,
    position,
  )

const itemsOfPermit = (permit: Fragment): Fragment =>
  items(
    sql`permit_item ON permit_item.permit_id = ${permit}`,
    column('permit_item.good_id'),
    column('permit_item.position'),
  )

const goodsOfEvent = (event: Fragment): Fragment =>
  items(
    sql`event_good ON event_good.event_id = ${event}`,
    column('event_good.good_id'),
    column('event_good.position'),
  )

const permitFacts = {
  kind: column('record.kind'),
  id: column('record.id'),
  name: column('record.name'),
  issuer: party('permit.issuer_id'),
  exporter: party('permit.exporter_id'),
  consignee: party('permit.consignee_id'),
  endUser: party('permit.end_user_id'),
  destination: party('permit.destination_id'),
  endDestination: party('permit.end_destination_id'),
  goods: itemsOfPermit(sql`permit.id`),
  exceptionRelied: column('permit.exception_relied'),
  statedEndUse: sql`CASE WHEN permit.stated_end_use IS NOT NULL THEN ${jsonObject({
    text: column('permit.stated_end_use'),
    place: place('permit.stated_end_use_place_id'),
  })} END`,
  issue: jsonRow(
    { event: column('event.id'), on: statedDate('event.on') },
    sql`event_effect JOIN event ON event.id = event_effect.event_id WHERE event_effect.permit_id = permit.id AND event_effect.becomes = 'issued'`,
  ),
}

const { from: effects, order } = effectsOn('measure')

const measureFacts = {
  kind: column('record.kind'),
  id: column('record.id'),
  name: column('record.name'),
  imposer: party('measure.imposer_id'),
  target: party('measure.target_id'),
  legalForm: column('measure.legal_form'),
  scope: column('measure.scope'),
  reason: sql`CASE WHEN measure.reason IS NOT NULL THEN ${jsonObject({
    text: column('measure.reason'),
    place: place('measure.reason_place_id'),
  })} END`,
  times: jsonArray(
    {
      imposedBy: sql`span.from_event`,
      from: statedDate('beginning.on'),
      endedBy: sql`span.to_event`,
      to: statedDate('ending.on'),
      goods: goodsOfEvent(sql`span.from_event`),
    },
    sql`(SELECT event_effect.becomes, event.id AS from_event, lead(event.id) OVER (ORDER BY ${order}) AS to_event, row_number() OVER (ORDER BY ${order}) AS place_in_order FROM ${effects} AND event_effect.becomes <> 'amended') AS span LEFT JOIN event AS beginning ON beginning.id = span.from_event LEFT JOIN event AS ending ON ending.id = span.to_event WHERE span.becomes = 'imposed'`,
    sql`span.place_in_order`,
  ),
}

const eventFacts = {
  kind: column('record.kind'),
  id: column('record.id'),
  name: column('record.name'),
  type: column('event.type'),
  on: statedDate('event.on'),
  place: place('event.place_id'),
  participants: jsonArray(
    { role: column('event_participant.role'), actor: party('event_participant.actor_id') },
    sql`event_participant WHERE event_participant.event_id = record.id`,
    column('event_participant.position'),
  ),
  goods: goodsOfEvent(sql`record.id`),
  permits: jsonArray(
    {
      id: sql`tie.permit_id`,
      name: sql`(SELECT named.name FROM record AS named WHERE named.id = tie.permit_id)`,
      becomes: sql`tie.becomes`,
      goods: sql`CASE WHEN event.type = 'assurance' THEN ${itemsOfPermit(sql`tie.permit_id`)} ELSE '[]'::json END`,
    },
    sql`(SELECT permit_id, NULL AS becomes, position FROM event_about WHERE event_id = record.id AND permit_id IS NOT NULL UNION ALL SELECT permit_id, becomes, 1000 + position FROM event_effect WHERE event_id = record.id AND permit_id IS NOT NULL) AS tie`,
    sql`tie.position`,
  ),
  measures: sql`COALESCE((SELECT json_agg(tie.measure_id) FROM (SELECT measure_id FROM event_about WHERE event_id = record.id AND measure_id IS NOT NULL UNION SELECT measure_id FROM event_effect WHERE event_id = record.id AND measure_id IS NOT NULL) AS tie), '[]'::json)`,
  assurance: sql`CASE WHEN num_nonnulls(event.scope_end_user_id, event.scope_place_id, event.scope_use) > 0 THEN ${jsonObject(
    {
      endUser: party('event.scope_end_user_id'),
      place: place('event.scope_place_id'),
      use: column('event.scope_use'),
    },
  )} END`,
}

const shownWith = (facts: Readonly<Record<string, Fragment>>, on: Fragment): Fragment =>
  jsonObject({
    kind: column('record.kind'),
    record: jsonObject(referenceMembers('record')),
    on,
    facts: jsonObject(facts),
    citations: jsonArray(
      citationMembers,
      sql`citation WHERE citation.record_id = record.id`,
      column('citation.position'),
    ),
  })

/** Whether an event concerns or changes one of `ids`. */
const touching = (target: 'permit' | 'measure', ids: Fragment): Fragment =>
  sql`SELECT event_id AS id FROM event_about WHERE ${sql.ref(`${target}_id`)} = ANY (${ids}) UNION SELECT event_id FROM event_effect WHERE ${sql.ref(`${target}_id`)} = ANY (${ids})`

/**
 * These records with their citations, and what belongs to them: the event that issued a permit, the events that made a
 * measure what it is, those that concern a permit and a measure of these together, the permits that an assurance is about.
 */
export async function readEvidence(
  db: Db,
  ids: { permits: readonly string[]; measures: readonly string[]; events: readonly string[] },
): Promise<Map<string, Evidence>> {
  const query = statement<{ evidence: string }>('findings-evidence', ids, (slot) => {
    // Behind a subquery, so that the estimates do not hang on how many there are and PostgreSQL keeps one plan: planning
    // this anew takes longer than running it.
    const [permits, measures, events] = (['permits', 'measures', 'events'] as const).map(
      (name) => sql`(SELECT ${slot(name)}::uuid[])::uuid[]`,
    ) as [Fragment, Fragment, Fragment]
    const part = (facts: Fragment, from: Fragment, wanted: Fragment) =>
      sql`SELECT ${facts}::text AS evidence FROM record JOIN ${from} WHERE record.id IN (${wanted}) AND record.state = 'live'`
    const query = sql<{ evidence: string }>`
      ${part(
        shownWith(permitFacts, sql`NULL::json`),
        sql`permit ON permit.id = record.id`,
        sql`SELECT unnest(${permits}) UNION SELECT event_about.permit_id FROM event_about JOIN event AS given ON given.id = event_about.event_id AND given.type = 'assurance' WHERE event_about.event_id = ANY (${events}) AND event_about.permit_id IS NOT NULL`,
      )} UNION ALL ${part(
        shownWith(measureFacts, sql`NULL::json`),
        sql`measure ON measure.id = record.id`,
        sql`SELECT unnest(${measures})`,
      )} UNION ALL ${part(
        shownWith(eventFacts, statedDate('event.on')),
        sql`event ON event.id = record.id`,
        sql`SELECT unnest(${events}) UNION SELECT event_id FROM event_effect WHERE permit_id = ANY (${permits}) AND becomes = 'issued' UNION SELECT event_id FROM event_effect WHERE measure_id = ANY (${measures}) AND becomes <> 'amended' UNION (SELECT * FROM (${touching('permit', permits)}) AS a INTERSECT SELECT * FROM (${touching('measure', measures)}) AS b)`,
      )}`
    return { compile: () => query.compile(db) }
  })
  const { rows } = await db.executeQuery(query)
  const found = rows.map(({ evidence }) => JSON.parse(evidence) as Evidence)
  return new Map(found.map((one) => [one.record.id, one]))
}
