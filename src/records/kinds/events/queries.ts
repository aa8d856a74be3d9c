import { sql } from 'kysely'
import { column, type Fragment, jsonArray, jsonObject } from '../../../database/columns.ts'
import type { Db } from '../../../database/database.ts'
import { nearestName } from '../../../evidence/similarity.ts'
import { Problem } from '../../../problem.ts'
import { byName, byPeriod, byRelation, byText, byWord } from '../../model/filters.ts'
import { recordListing } from '../../model/listing.ts'
import { defineKind } from '../../model/record-kind.ts'
import { dateColumns, type References } from '../../model/references.ts'
import {
  evidenceMembers,
  firstDay,
  place,
  reference,
  referenceMembers,
  spineMembers,
  statedDate,
} from '../../model/sql-json.ts'
import type { Writer } from '../../model/writer.ts'
import { Event, EventInput, EventListed, EventType, ParticipantRole } from './schema.ts'

const listed = {
  ...spineMembers,
  type: column('event.type'),
  title: column('record.name'),
  on: statedDate('event.on'),
  description: column('event.description'),
  place: place('event.place_id'),
  participants: jsonArray(
    {
      actor: reference('event_participant.actor_id'),
      role: column('event_participant.role'),
    },
    sql`event_participant WHERE event_participant.event_id = record.id`,
    column('event_participant.position'),
  ),
  goods: jsonArray(
    referenceMembers('good_record'),
    sql`event_good JOIN record AS good_record ON good_record.id = event_good.good_id WHERE event_good.event_id = record.id`,
    column('event_good.position'),
  ),
  about: jsonArray(
    {
      permit: reference('event_about.permit_id'),
      measure: reference('event_about.measure_id'),
    },
    sql`event_about WHERE event_about.event_id = record.id`,
    column('event_about.position'),
  ),
  effects: jsonArray(
    {
      permit: reference('event_effect.permit_id'),
      measure: reference('event_effect.measure_id'),
      becomes: column('event_effect.becomes'),
    },
    sql`event_effect WHERE event_effect.event_id = record.id`,
    column('event_effect.position'),
  ),
  assurance: sql`CASE WHEN num_nonnulls(event.scope_end_user_id, event.scope_place_id, event.scope_use) > 0 THEN ${jsonObject(
    {
      endUser: reference('event.scope_end_user_id'),
      place: place('event.scope_place_id'),
      use: column('event.scope_use'),
    },
  )} END`,
}

const from = sql`record JOIN event ON event.id = record.id`

async function requirePlace(db: Db, slug: string): Promise<void> {
  const places = await db.selectFrom('place').select('slug').execute()
  const slugs = places.map((one) => one.slug)
  if (slugs.includes(slug)) return
  const near = nearestName(slug, slugs)
  const hint = near ? ` Did you mean "${near}"?` : ''
  throw new Problem('not-found', `No place has the slug "${slug}".${hint}`)
}

/** Concerns the permit or measure, or changes it. */
const touching = (target: 'permit' | 'measure') => (id: Fragment) =>
  sql`record.id IN (SELECT event_about.event_id FROM event_about WHERE ${column(
    `event_about.${target}_id`,
  )} = ${id} UNION ALL SELECT event_effect.event_id FROM event_effect WHERE ${column(
    `event_effect.${target}_id`,
  )} = ${id})`

export const eventListing = recordListing({
  kind: 'event',
  from,
  members: listed,
  filters: {
    type: byWord(EventType, 'What happened.', (anyOf) => sql`event.type = ${anyOf}`),
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
    role: byWord(
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
    permit: byRelation('permit', 'Concerns or changes this permit.', touching('permit')),
    measure: byRelation('measure', 'Concerns or changes this measure.', touching('measure')),
    place: {
      ...byText('place.slug', 'Slug of the place where it happened.'),
      where: (slot, _given, name) =>
        sql`event.place_id = (SELECT place.id FROM place WHERE place.slug = ${slot(name)})`,
      mustExist: requirePlace,
    },
    title: byName('Words of the title; typing errors and accents do not matter.'),
    ...byPeriod('event.on', 'Happened'),
  },
  sorts: { on: { by: firstDay('event.on'), key: column('event.id'), cast: 'date' } },
  defaultSort: 'on',
})

export const singleEvent = { from, members: { ...listed, ...evidenceMembers } }

export const eventWriter: Writer<EventInput> = {
  kind: 'event',
  input: EventInput,
  nameOf: (input) => input.title,
  async rows(id, input, refs, pointer) {
    const on = dateColumns(input.on, `${pointer}/on`)
    const { type, description, assurance } = input
    const each = <T, R extends object>(
      name: string,
      given: readonly T[],
      row: (one: T, at: string) => Promise<R>,
    ) =>
      Promise.all(
        given.map(async (one, position) => ({
          ...{ eventId: id, position },
          ...(await row(one, `${pointer}/${name}/${position}`)),
        })),
      )
    return {
      event: [
        {
          ...{ id, type, description },
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
        ...{ goodId: await refs.id('good', good, at), eventType: type },
      })),
      eventAbout: await each('about', input.about, (target, at) => targetColumns(refs, target, at)),
      eventEffect: await each('effects', input.effects, async (effect, at) => ({
        becomes: effect.becomes,
        ...(await targetColumns(refs, effect, at)),
      })),
    }
  },
}

const targetColumns = async (
  refs: References,
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
  listing: eventListing,
  single: singleEvent,
  listed: EventListed,
  whole: Event,
  writer: eventWriter,
})
