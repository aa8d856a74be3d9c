import { sql } from 'kysely'
import type { Db } from '../../../database/database.ts'
import {
  columnRef,
  jsonArray,
  jsonObject,
  type SqlFragment,
} from '../../../database/sql-fragments.ts'
import { findNearestName } from '../../../evidence/nearest-name.ts'
import { Problem } from '../../../problem.ts'
import { byEnum, byExactText, byName, byPeriod, byRelation } from '../../model/filters.ts'
import { defineKind } from '../../model/record-kind.ts'
import { defineRecordList } from '../../model/record-list.ts'
import { buildDateColumns, type ReferenceResolver } from '../../model/references.ts'
import {
  baseMembers,
  evidenceMembers,
  firstDay,
  placeJson,
  referenceJson,
  referenceMembers,
  statedDateJson,
} from '../../model/sql-json.ts'
import type { RecordWriter } from '../../model/writer.ts'
import { Event, EventInput, EventListed, EventType, ParticipantRole } from './schema.ts'

const listMembers = {
  ...baseMembers,
  type: columnRef('event.type'),
  title: columnRef('record.name'),
  on: statedDateJson('event.on'),
  description: columnRef('event.description'),
  place: placeJson('event.place_id'),
  participants: jsonArray(
    {
      actor: referenceJson('event_participant.actor_id'),
      role: columnRef('event_participant.role'),
    },
    sql`event_participant WHERE event_participant.event_id = record.id`,
    columnRef('event_participant.position'),
  ),
  goods: jsonArray(
    referenceMembers('good_record'),
    sql`event_good JOIN record AS good_record ON good_record.id = event_good.good_id WHERE event_good.event_id = record.id`,
    columnRef('event_good.position'),
  ),
  about: jsonArray(
    {
      permit: referenceJson('event_about.permit_id'),
      measure: referenceJson('event_about.measure_id'),
    },
    sql`event_about WHERE event_about.event_id = record.id`,
    columnRef('event_about.position'),
  ),
  effects: jsonArray(
    {
      permit: referenceJson('event_effect.permit_id'),
      measure: referenceJson('event_effect.measure_id'),
      becomes: columnRef('event_effect.becomes'),
    },
    sql`event_effect WHERE event_effect.event_id = record.id`,
    columnRef('event_effect.position'),
  ),
  assurance: sql`CASE WHEN num_nonnulls(event.scope_end_user_id, event.scope_place_id, event.scope_use) > 0 THEN ${jsonObject(
    {
      endUser: referenceJson('event.scope_end_user_id'),
      place: placeJson('event.scope_place_id'),
      use: columnRef('event.scope_use'),
    },
  )} END`,
}

const from = sql`record JOIN event ON event.id = record.id`

async function assertPlaceExists(db: Db, slug: string): Promise<void> {
  const places = await db.selectFrom('place').select('slug').execute()
  const slugs = places.map((one) => one.slug)
  if (slugs.includes(slug)) return
  const near = findNearestName(slug, slugs)
  const hint = near ? ` Did you mean "${near}"?` : ''
  throw new Problem('not-found', `No place has the slug "${slug}".${hint}`)
}

/** Concerns the permit or measure, or changes it. */
const concernsOrChanges = (target: 'permit' | 'measure') => (id: SqlFragment) =>
  sql`record.id IN (SELECT event_about.event_id FROM event_about WHERE ${columnRef(
    `event_about.${target}_id`,
  )} = ${id} UNION ALL SELECT event_effect.event_id FROM event_effect WHERE ${columnRef(
    `event_effect.${target}_id`,
  )} = ${id})`

export const eventList = defineRecordList({
  kind: 'event',
  from,
  members: listMembers,
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
      'Is about this good, or one of this family.',
      (id) =>
        sql`EXISTS (SELECT 1 FROM event_good JOIN good ON good.id = event_good.good_id WHERE event_good.event_id = record.id AND ${id} IN (good.id, good.family_id))`,
    ),
    permit: byRelation('permit', 'Concerns or changes this permit.', concernsOrChanges('permit')),
    measure: byRelation(
      'measure',
      'Concerns or changes this measure.',
      concernsOrChanges('measure'),
    ),
    place: {
      ...byExactText('place.slug', 'Slug of the place where it happened.'),
      where: (slot, _given, name) =>
        sql`event.place_id = (SELECT place.id FROM place WHERE place.slug = ${slot(name)})`,
      assertExists: assertPlaceExists,
    },
    title: byName('Words of the title; typing errors and accents do not matter.'),
    ...byPeriod('event.on', 'Happened'),
  },
  sorts: { on: { expression: firstDay('event.on'), key: columnRef('event.id'), cast: 'date' } },
  defaultSort: 'on',
})

export const singleEvent = { from, members: { ...listMembers, ...evidenceMembers } }

export const eventWriter: RecordWriter<EventInput> = {
  kind: 'event',
  input: EventInput,
  getDisplayName: (input) => input.title,
  async buildRows(id, input, refs, pointer) {
    const on = buildDateColumns(input.on, `${pointer}/on`)
    const { type, description, assurance } = input
    const each = <T, R extends object>(
      name: string,
      given: readonly T[],
      row: (one: T, at: string) => Promise<R>,
    ) =>
      Promise.all(
        given.map(async (one, position) => ({
          eventId: id,
          position,
          ...(await row(one, `${pointer}/${name}/${position}`)),
        })),
      )
    return {
      event: [
        {
          id,
          type,
          description,
          onEdtf: on.edtf,
          onAsStated: on.asStated,
          onReasoning: on.reasoning,
          onEarliest: on.earliest,
          onLatest: on.latest,
          placeId: await refs.placeOrNull(input.place, `${pointer}/place`),
          scopeEndUserId: await refs.idOrNull(
            'actor',
            assurance?.endUser ?? null,
            `${pointer}/assurance/endUser`,
          ),
          scopePlaceId: await refs.placeOrNull(
            assurance?.place ?? null,
            `${pointer}/assurance/place`,
          ),
          scopeUse: assurance?.use ?? null,
        },
      ],
      eventParticipant: await each('participants', input.participants, async (one, at) => ({
        actorId: await refs.id('actor', one.actor, `${at}/actor`),
        role: one.role,
      })),
      eventGood: await each('goods', input.goods, async (good, at) => ({
        goodId: await refs.id('good', good, at),
        eventType: type,
      })),
      eventAbout: await each('about', input.about, (target, at) =>
        resolveTargetColumns(refs, target, at),
      ),
      eventEffect: await each('effects', input.effects, async (effect, at) => ({
        becomes: effect.becomes,
        ...(await resolveTargetColumns(refs, effect, at)),
      })),
    }
  },
}

const resolveTargetColumns = async (
  refs: ReferenceResolver,
  target: { permit: string } | { measure: string },
  pointer: string,
) =>
  'permit' in target
    ? { permitId: await refs.id('permit', target.permit, `${pointer}/permit`) }
    : { measureId: await refs.id('measure', target.measure, `${pointer}/measure`) }

export const eventKind = defineKind({
  kind: 'event',
  plural: 'events',
  description:
    'What happened, in the order the evidence allows. The life of permits and measures is dated by events alone.',
  nameMember: 'title',
  list: eventList,
  singleQuery: singleEvent,
  listEntrySchema: EventListed,
  recordSchema: Event,
  writer: eventWriter,
})
