import { sql } from 'kysely'
import { byEnum, byExactText, byName, byRelation } from '../../model/filters.ts'
import { defineKind } from '../../model/record-kind.ts'
import { defineRecordList } from '../../model/record-list.ts'
import type { RecordWriter } from '../../model/writer.ts'
import { actorFields } from './fields.ts'
import { Actor, ActorInput, ActorListed, ActorType } from './schema.ts'

const actorList = defineRecordList({
  fields: actorFields,
  filters: {
    type: byEnum(ActorType, 'What the actor is.', (anyOf) => sql`actor.type = ${anyOf}`),
    country: {
      ...byExactText('actor.country', 'ISO 3166-1 alpha-2, e.g. `TR`.'),
      value: (value) => String(value).toUpperCase(),
    },
    name: byName(
      'Name or another name, or a part of it; typing errors, case and accents do not matter.',
      (match) =>
        sql`EXISTS (
          SELECT 1
          FROM actor_alias
          WHERE actor_alias.actor_id = record.id
            AND ${match('actor_alias.name')}
        )`,
    ),
    identifier: byIdentifier(),
    event: byRelation(
      'event',
      'Only actors that take part in this event.',
      (id) =>
        sql`EXISTS (
          SELECT 1
          FROM event_participant
          WHERE event_participant.actor_id = record.id
            AND event_participant.event_id = ${id}
        )`,
    ),
  },
  defaultSort: 'name',
})

function byIdentifier() {
  return {
    ...byExactText('actor_identifier.value', 'A number or code of the actor, in any scheme.'),
    where: (slot: (name: string) => unknown, _given: unknown, name: string) =>
      sql`EXISTS (
        SELECT 1
        FROM actor_identifier
        WHERE actor_identifier.actor_id = record.id
          AND actor_identifier.value = ${slot(name)}
      )`,
  }
}

export const actorWriter: RecordWriter<ActorInput> = {
  kind: 'actor',
  fields: actorFields,
  input: ActorInput,
}

export const actorKind = defineKind({
  plural: 'actors',
  description:
    'States, companies, persons, public bodies, armed forces, organisations and publishers. `?name=Baykr` and `?name=francois` find one in spite of typing errors.',
  list: actorList,
  listEntrySchema: ActorListed,
  recordSchema: Actor,
  writer: actorWriter,
})
