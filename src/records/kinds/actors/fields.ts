import { list, recordName, text } from '../../model/field-builders.ts'
import { declareRecord } from '../../model/record-fields.ts'
import type { ActorInput } from './schema.ts'

export const actorFields = declareRecord<ActorInput>()({
  kind: 'actor',
  table: 'actor',
  fields: {
    type: text('actor.type'),
    name: recordName(),
    aliases: list('actor_alias.actor_id', {
      name: text('actor_alias.name'),
      language: text('actor_alias.language'),
    }),
    country: text('actor.country'),
    identifiers: list('actor_identifier.actor_id', {
      scheme: text('actor_identifier.scheme'),
      value: text('actor_identifier.value'),
    }),
  },
})
