import {
  group,
  list,
  place,
  recordName,
  reference,
  referenceList,
  statedDate,
  text,
} from '../../model/field-builders.ts'
import { declareRecord } from '../../model/record-fields.ts'
import type { EventInput } from './schema.ts'

export const eventFields = declareRecord<EventInput>()({
  kind: 'event',
  table: 'event',
  fields: {
    type: text('event.type'),
    title: recordName(),
    on: statedDate('event.on'),
    description: text('event.description'),
    place: place('event.place_id'),
    participants: list('event_participant.event_id', {
      actor: reference('actor', 'event_participant.actor_id'),
      role: text('event_participant.role'),
    }),
    goods: referenceList({
      kind: 'good',
      ownerColumn: 'event_good.event_id',
      column: 'event_good.good_id',
      ownerFields: { 'event_good.event_type': 'type' },
    }),
    /** Each entry has one of the two. */
    about: list('event_about.event_id', {
      permit: reference('permit', 'event_about.permit_id'),
      measure: reference('measure', 'event_about.measure_id'),
    }),
    /** Each entry has one of the two. */
    effects: list('event_effect.event_id', {
      permit: reference('permit', 'event_effect.permit_id'),
      measure: reference('measure', 'event_effect.measure_id'),
      becomes: text('event_effect.becomes'),
    }),
    assurance: group('event', {
      endUser: reference('actor', 'event.scope_end_user_id'),
      place: place('event.scope_place_id'),
      use: text('event.scope_use'),
    }),
  },
})
