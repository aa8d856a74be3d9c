import { sql } from 'kysely'
import { columnRef, type SqlFragment } from '../../../database/sql-fragments.ts'
import { byEnum, byName, byPeriod, byRelation } from '../../model/filters.ts'
import { defineKind } from '../../model/record-kind.ts'
import { defineRecordList } from '../../model/record-list.ts'
import { firstDay } from '../../model/sql-json.ts'
import type { RecordWriter } from '../../model/writer.ts'
import { eventFields } from './fields.ts'
import { Event, EventInput, EventListed, EventType, ParticipantRole } from './schema.ts'

/** The event concerns the permit or measure, or changes it. */
const concernsOrChanges = (target: 'permit' | 'measure') => (id: SqlFragment) =>
  sql`record.id IN (SELECT event_about.event_id FROM event_about WHERE ${columnRef(
    `event_about.${target}_id`,
  )} = ${id} UNION ALL SELECT event_effect.event_id FROM event_effect WHERE ${columnRef(
    `event_effect.${target}_id`,
  )} = ${id})`

export const eventList = defineRecordList({
  fields: eventFields,
  filters: {
    type: byEnum(EventType, 'What happened.', (anyOf) => sql`event.type = ${anyOf}`),
    actor: byRelation(
      'actor',
      'This actor takes part (with `role`: in that role).',
      (id, slot, given) =>
        sql`record.id IN (SELECT event_participant.event_id FROM event_participant WHERE event_participant.actor_id = ${id}${
          given.role === undefined
            ? sql``
            : sql` AND event_participant.role = ANY(${slot('role')}::text[])`
        })`,
    ),
    role: byEnum(
      ParticipantRole,
      'Somebody, or the `actor` that is named, takes part in this role.',
      (anyOf, given) =>
        given.actor === undefined
          ? sql`EXISTS (SELECT 1 FROM event_participant WHERE event_participant.event_id = record.id AND event_participant.role = ${anyOf})`
          : null,
    ),
    good: byRelation(
      'good',
      'Is about this good, or one of this family at any level.',
      (id) =>
        sql`EXISTS (
          SELECT 1
          FROM event_good
          WHERE event_good.event_id = record.id
            AND event_good.good_id = ANY(ARRAY(SELECT goods_of_family(${id})))
        )`,
    ),
    permit: byRelation('permit', 'Concerns or changes this permit.', concernsOrChanges('permit')),
    measure: byRelation(
      'measure',
      'Concerns or changes this measure.',
      concernsOrChanges('measure'),
    ),
    place: byRelation(
      'place',
      'It happened there, or in a place that lies in it.',
      (id) =>
        sql`event.place_id IN (SELECT place.id FROM place WHERE ${id} IN (place.id, place.within_id))`,
    ),
    title: byName('Words of the title; typing errors and accents do not matter.'),
    ...byPeriod('event.on', 'Happened'),
  },
  sorts: { on: { expression: firstDay('event.on'), key: columnRef('event.id'), cast: 'date' } },
  defaultSort: 'on',
})

export const eventWriter: RecordWriter<EventInput> = {
  kind: 'event',
  fields: eventFields,
  input: EventInput,
}

export const eventKind = defineKind({
  plural: 'events',
  description:
    'What happened, in the order the evidence allows. The life of permits and measures is dated by events alone.',
  list: eventList,
  listEntrySchema: EventListed,
  recordSchema: Event,
  writer: eventWriter,
})
