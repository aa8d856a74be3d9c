import { sql } from 'kysely'
import type { z } from 'zod'
import type { Db } from '../../../database/database.ts'
import { prepareStatement } from '../../../database/prepared-statements.ts'
import {
  type ColumnName,
  columnRef,
  jsonObject,
  jsonRow,
  type SqlFragment,
} from '../../../database/sql-fragments.ts'
import type { Kind, Reference, StatedDate } from '../../../records/model/schema.ts'
import {
  joinLedgerSnapshot,
  readRecordsFromLedger,
  type SelectedRecordRow,
  snapshotColumns,
} from '../../../records/read/records-from-ledger.ts'
import type { ActorFacts, GoodFacts, RecordFacts } from '../rules.ts'
import type { Finding } from '../schema.ts'
import { type EvidenceWire, extractFacts } from './rules.ts'

export type EvidenceCitation = Finding['records'][number]['citations'][number]

/** A live record: what rules see of it, and what is shown of it. */
export type Evidence = {
  kind: Kind
  record: Reference
  on: z.infer<typeof StatedDate> | null
  facts: RecordFacts
  citations: EvidenceCitation[]
}

type EvidenceIds = {
  permits: readonly string[]
  measures: readonly string[]
  events: readonly string[]
}

/** Whether an event concerns or changes one of `ids`. */
const selectEventsConcerning = (target: 'permit' | 'measure', ids: SqlFragment): SqlFragment =>
  sql`SELECT event_id AS id FROM event_about WHERE ${sql.ref(`${target}_id`)} = ANY (${ids}) UNION SELECT event_id FROM event_effect WHERE ${sql.ref(`${target}_id`)} = ANY (${ids})`

/** Permits that an assurance of `events` is about or changes. */
const selectAssuredPermits = (
  table: 'event_about' | 'event_effect',
  events: SqlFragment,
): SqlFragment =>
  sql`SELECT ${sql.ref(`${table}.permit_id`)} FROM ${sql.table(table)} JOIN event AS given ON given.id = ${sql.ref(`${table}.event_id`)} AND given.type = 'assurance' WHERE ${sql.ref(`${table}.event_id`)} = ANY (${events}) AND ${sql.ref(`${table}.permit_id`)} IS NOT NULL`

const evidenceStatement = (db: Db, ids: EvidenceIds) =>
  prepareStatement<SelectedRecordRow>('findings-evidence', ids, (slot) => {
    // Behind a subquery, so that the estimates do not hang on how many there are and PostgreSQL keeps one plan: planning
    // this anew takes longer than running it.
    const [permits, measures, events] = (['permits', 'measures', 'events'] as const).map(
      (name) => sql`(SELECT ${slot(name)}::uuid[])::uuid[]`,
    ) as [SqlFragment, SqlFragment, SqlFragment]
    const query = sql<SelectedRecordRow>`
      WITH wanted AS MATERIALIZED (SELECT unnest(${permits}) AS id UNION SELECT unnest(${measures}) UNION SELECT unnest(${events})
        UNION ${selectAssuredPermits('event_about', events)} UNION ${selectAssuredPermits('event_effect', events)}
        UNION SELECT event_id FROM event_effect WHERE permit_id = ANY (${permits}) AND becomes = 'issued'
        UNION SELECT event_id FROM event_effect WHERE measure_id = ANY (${measures}) AND becomes <> 'amended'
        UNION (SELECT * FROM (${selectEventsConcerning('permit', permits)}) AS a INTERSECT SELECT * FROM (${selectEventsConcerning('measure', measures)}) AS b))
      SELECT standing.* FROM wanted CROSS JOIN LATERAL (
        SELECT ${snapshotColumns} FROM record ${joinLedgerSnapshot} WHERE record.id = wanted.id AND record.state = 'live' OFFSET 0) AS standing`
    return { compile: () => query.compile(db) }
  })

const selectNamed = (id: ColumnName): SqlFragment =>
  jsonRow(
    { id: sql`named.id`, name: sql`named.name` },
    sql`record AS named WHERE named.id = ${columnRef(id)}`,
  )

type TraitRow = { kind: 'actor' | 'good'; trait: string }

/** What rules see of these actors and goods. */
async function readActorsAndGoods(db: Db, ids: string[]) {
  const query = prepareStatement<TraitRow>('findings-traits', { ids }, (slot) => {
    const actor = {
      id: columnRef('actor.id'),
      name: columnRef('record.name'),
      type: columnRef('actor.type'),
      country: columnRef('actor.country'),
    }
    const good = {
      id: columnRef('good.id'),
      name: columnRef('record.name'),
      isFamily: sql`EXISTS (SELECT FROM good AS member WHERE member.family_id = good.id)`,
      family: selectNamed('good.family_id'),
      maker: selectNamed('good.manufacturer_id'),
    }
    const query = sql<TraitRow>`
      SELECT 'actor' AS kind, ${jsonObject(actor)}::text AS trait FROM actor JOIN record ON record.id = actor.id WHERE actor.id = ANY (${slot('ids')}::uuid[])
      UNION ALL SELECT 'good', ${jsonObject(good)}::text FROM good JOIN record ON record.id = good.id WHERE good.id = ANY (${slot('ids')}::uuid[])`
    return { compile: () => query.compile(db) }
  })
  const actors = new Map<string, ActorFacts>()
  const goods = new Map<string, GoodFacts>()
  const { rows } = await db.executeQuery(query)
  for (const { kind, trait } of rows)
    if (kind === 'actor') {
      const party = JSON.parse(trait) as ActorFacts
      actors.set(party.id, party)
    } else {
      const item = JSON.parse(trait) as GoodFacts
      goods.set(item.id, item)
    }
  return { actors, goods }
}

/** The actors and goods whose traits the facts of these records need. */
const listTraitReferences = (wire: EvidenceWire): Reference[] => {
  if (wire.kind === 'measure') return [wire.imposer, wire.target]
  if (wire.kind === 'permit')
    return [
      wire.issuer,
      wire.exporter,
      wire.consignee,
      wire.endUser,
      wire.destination,
      wire.endDestination,
      ...wire.items.map(({ good }) => good),
    ].flatMap((one) => one ?? [])
  const actors = wire.participants.map(({ actor }) => actor)
  return [...actors, ...wire.goods, wire.assurance?.endUser ?? []].flat()
}

/**
 * These records with their citations, and what belongs to them: the event that issued a permit, the events that made a
 * measure what it is, those that concern a permit and a measure of these together, the permits that an assurance is about.
 */
export async function readEvidence(db: Db, ids: EvidenceIds): Promise<Map<string, Evidence>> {
  const records = await readRecordsFromLedger(
    db,
    async (one) => (await one.executeQuery(evidenceStatement(one, ids))).rows,
  )
  const wires = records.wires as unknown as ReadonlyMap<string, EvidenceWire>
  const traitIds = new Set([...wires.values()].flatMap(listTraitReferences).map(({ id }) => id))
  const context = { wires, ...(await readActorsAndGoods(db, [...traitIds])) }
  return new Map(
    [...wires].map(([id, wire]) => {
      const { kind, slug, title: name, href, citations } = wire
      const on = wire.kind === 'event' ? wire.on : null
      const record = { id, slug, name, href }
      return [id, { kind, record, on, facts: extractFacts(wire, context), citations }]
    }),
  )
}
