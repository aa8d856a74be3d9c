import { money, quantity, quantityRange } from '../../model/amount-fields.ts'
import {
  group,
  list,
  notAFact,
  place,
  recordName,
  reference,
  referenceList,
  statedDate,
  text,
} from '../../model/field-builders.ts'
import { declareRecord } from '../../model/record-fields.ts'
import type { EventInput } from './schema.ts'

const declaredFields = declareRecord<EventInput>()({
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
    items: list(
      'event_item.event_id',
      {
        good: notAFact(reference('good', 'event_item.good_id')),
        quantity: quantity('event_item.quantity'),
        quantityRange: quantityRange('quantity', 'event_item.quantity'),
        /** Belongs to the quantity. */
        unit: notAFact(text('event_item.unit')),
        value: money('event_item.value'),
      },
      { facts: 'fields' },
    ),
    victims: list(
      'event_victim.event_id',
      {
        /** Belongs to the count. */
        outcome: notAFact(text('event_victim.outcome')),
        who: text('event_victim.who'),
        count: quantity('event_victim.count'),
        countRange: quantityRange('count', 'event_victim.count'),
      },
      { facts: 'fields' },
    ),
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

/** The goods of items are goods of the event. */
export const eventFields: typeof declaredFields = {
  ...declaredFields,
  resolve(input, refs, pointer) {
    const values = declaredFields.resolve(input, refs, pointer)
    const { goods = [], items = [] } = values
    if (items.length === 0) return values
    return { ...values, goods: [...new Set([...goods, ...items.map(({ good }) => good)])] }
  },
}
