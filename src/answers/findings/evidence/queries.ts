import { sql } from 'kysely'
import type { z } from 'zod'
import type { Db } from '../../../database/database.ts'
import { prepareStatement } from '../../../database/prepared-statements.ts'
import {
  type ColumnName,
  columnRef,
  jsonArray,
  jsonObject,
  jsonRow,
  type SqlFragment,
} from '../../../database/sql-fragments.ts'
import { type FieldConflict, findConflicts } from '../../../records/model/conflicts.ts'
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

/** A live record: the facts for the rules, and what a finding shows of it. */
export type Evidence = {
  kind: Kind
  record: Reference
  on: z.infer<typeof StatedDate> | null
  facts: RecordFacts
  citations: EvidenceCitation[]
  /** Fields for which a passage says something else than the record. */
  conflicts: FieldConflict[]
}

type EvidenceIds = {
  permits: readonly string[]
  measures: readonly string[]
  events: readonly string[]
  /** Ownerships and figures. */
  furtherRecords: readonly string[]
}

/** Events that concern or change one of these permits or measures. */
const selectEventsConcerning = (target: 'permit' | 'measure', ids: SqlFragment): SqlFragment => {
  const targetId = sql.ref(`${target}_id`)
  return sql`
    SELECT event_id AS id FROM event_about WHERE ${targetId} = ANY (${ids})
    UNION SELECT event_id FROM event_effect WHERE ${targetId} = ANY (${ids})`
}

/** Permits that an assurance among `events` is about or changes. */
const selectAssuredPermits = (
  table: 'event_about' | 'event_effect',
  events: SqlFragment,
): SqlFragment => {
  const eventId = sql.ref(`${table}.event_id`)
  const permitId = sql.ref(`${table}.permit_id`)
  return sql`
    SELECT ${permitId}
    FROM ${sql.table(table)}
    JOIN event AS assurance ON assurance.id = ${eventId} AND assurance.type = 'assurance'
    WHERE ${eventId} = ANY (${events}) AND ${permitId} IS NOT NULL`
}

const evidenceStatement = (db: Db, ids: EvidenceIds) =>
  prepareStatement<SelectedRecordRow>('findings-evidence', ids, (slot) => {
    // As subqueries, so that estimates do not depend on the number of ids and PostgreSQL keeps one plan. Planning this
    // statement takes longer than running it.
    const [permits, measures, events, furtherRecords] = (
      ['permits', 'measures', 'events', 'furtherRecords'] as const
    ).map((name) => sql`(SELECT ${slot(name)}::uuid[])::uuid[]`) as [
      SqlFragment,
      SqlFragment,
      SqlFragment,
      SqlFragment,
    ]
    const query = sql<SelectedRecordRow>`
      WITH selected AS MATERIALIZED (
        SELECT unnest(${permits}) AS id
        UNION SELECT unnest(${measures})
        UNION SELECT unnest(${events})
        UNION SELECT unnest(${furtherRecords})
        UNION ${selectAssuredPermits('event_about', events)}
        UNION ${selectAssuredPermits('event_effect', events)}
        UNION SELECT event_id FROM event_effect WHERE permit_id = ANY (${permits}) AND becomes = ANY ('{issued,refused,suspended,reinstated,cancelled,expired,annulled}'::text[])
        UNION SELECT event_id FROM event_effect WHERE measure_id = ANY (${measures}) AND becomes <> 'amended'
        UNION (
          SELECT * FROM (${selectEventsConcerning('permit', permits)}) AS permit_event
          INTERSECT SELECT * FROM (${selectEventsConcerning('measure', measures)}) AS measure_event
        )
      )
      SELECT live_record.*
      FROM selected
      CROSS JOIN LATERAL (
        SELECT ${snapshotColumns}
        FROM record ${joinLedgerSnapshot}
        WHERE record.id = selected.id AND record.state = 'live'
        OFFSET 0
      ) AS live_record`
    return { compile: () => query.compile(db) }
  })

const selectIdAndName = (id: ColumnName): SqlFragment =>
  jsonRow(
    { id: sql`named.id`, name: sql`named.name` },
    sql`record AS named WHERE named.id = ${columnRef(id)}`,
  )

/** The families of `good` at all levels, the nearest first. */
const selectFamilies = sql`(
  WITH RECURSIVE above (id, level) AS (
    SELECT good.family_id, 1 WHERE good.family_id IS NOT NULL
    UNION ALL
    SELECT member.family_id, above.level + 1
    FROM above
    JOIN good AS member ON member.id = above.id
    WHERE member.family_id IS NOT NULL AND above.level < 100
  )
  SELECT COALESCE(
    json_agg(json_build_object('id', named.id, 'name', named.name) ORDER BY above.level),
    '[]'
  )
  FROM above
  JOIN record AS named ON named.id = above.id
)`

const selectControlEntries = jsonArray(
  { list: sql`entry.list`, code: sql`entry.code` },
  sql`good_control_entry AS entry WHERE entry.good_id = good.id`,
  sql`entry.position`,
)

/** `facts`: JSON of `ActorFacts` or `GoodFacts`. */
type FactsRow = { kind: 'actor' | 'good'; facts: string }

async function readActorsAndGoods(db: Db, ids: string[]) {
  const query = prepareStatement<FactsRow>('findings-actors-goods', { ids }, (slot) => {
    const actor = {
      id: columnRef('actor.id'),
      name: columnRef('record.name'),
      type: columnRef('actor.type'),
      country: columnRef('actor.country'),
      aliases: sql`CASE
        WHEN actor.type = ANY ('{state,organisation,public-body}'::text[])
        THEN ARRAY(SELECT alias.name FROM actor_alias AS alias WHERE alias.actor_id = actor.id ORDER BY alias.position)
        ELSE '{}'
      END`,
    }
    const good = {
      id: columnRef('good.id'),
      name: columnRef('record.name'),
      isFamily: sql`EXISTS (SELECT FROM good AS member WHERE member.family_id = good.id)`,
      families: selectFamilies,
      controlEntries: selectControlEntries,
      maker: selectIdAndName('good.manufacturer_id'),
    }
    const query = sql<FactsRow>`
      SELECT 'actor' AS kind, ${jsonObject(actor)}::text AS facts
      FROM actor
      JOIN record ON record.id = actor.id
      WHERE actor.id = ANY (${slot('ids')}::uuid[])
      UNION ALL
      SELECT 'good', ${jsonObject(good)}::text
      FROM good
      JOIN record ON record.id = good.id
      WHERE good.id = ANY (${slot('ids')}::uuid[])`
    return { compile: () => query.compile(db) }
  })
  const actors = new Map<string, ActorFacts>()
  const goods = new Map<string, GoodFacts>()
  const { rows } = await db.executeQuery(query)
  for (const { kind, facts } of rows)
    if (kind === 'actor') {
      const actor = JSON.parse(facts) as ActorFacts
      actors.set(actor.id, actor)
    } else {
      const good = JSON.parse(facts) as GoodFacts
      goods.set(good.id, good)
    }
  return { actors, goods }
}

/** The actors and goods whose facts are needed for the facts of the record. */
const listNeededReferences = (wire: EvidenceWire): Reference[] => {
  if (wire.kind === 'measure')
    return [wire.imposer, ...wire.targets, ...wire.scopeItems.flatMap(({ good }) => good ?? [])]
  if (wire.kind === 'affiliation') return [wire.actor, wire.organisation]
  if (wire.kind === 'figure')
    return [wire.from, wire.to, wire.good].filter((reference) => reference !== null)
  if (wire.kind === 'permit')
    return [
      wire.issuer,
      wire.exporter,
      wire.consignee,
      wire.endUser,
      ...wire.destinations,
      wire.endDestination,
      ...wire.parties.map(({ actor }) => actor),
      ...wire.items.map(({ good }) => good),
    ].filter((reference) => reference !== null)
  const actors = wire.participants.map(({ actor }) => actor)
  return [...actors, ...wire.goods, wire.assurance?.endUser ?? []].flat()
}

/**
 * Reads these records and the records that their rules need: the events of the life of a permit, the events that imposed, ended
 * or otherwise changed the status of a measure, the events that concern both a permit and a measure, and the permits of an
 * assurance.
 */
export async function readEvidence(db: Db, ids: EvidenceIds): Promise<Map<string, Evidence>> {
  const records = await readRecordsFromLedger(
    db,
    async (connection) => (await connection.executeQuery(evidenceStatement(connection, ids))).rows,
  )
  const wires = records.wires as unknown as ReadonlyMap<string, EvidenceWire>
  const neededIds = new Set([...wires.values()].flatMap(listNeededReferences).map(({ id }) => id))
  const context = { wires, ...(await readActorsAndGoods(db, [...neededIds])) }
  return new Map(
    [...wires].map(([id, wire]) => {
      const { kind, slug, href, citations } = wire
      const name = wire.kind === 'affiliation' ? wire.role : wire.title
      const on = wire.kind === 'event' ? wire.on : null
      const record = { id, slug, name, href }
      const conflicts = findConflicts(wire)
      return [id, { kind, record, on, facts: extractFacts(wire, context), citations, conflicts }]
    }),
  )
}
