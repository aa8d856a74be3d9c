import { sql } from 'kysely'
import { column, jsonArray } from '../../../database/columns.ts'
import { byName, byRelation, byText, byWord } from '../../model/filters.ts'
import { recordListing } from '../../model/listing.ts'
import { defineKind } from '../../model/record-kind.ts'
import { evidenceMembers, spineMembers } from '../../model/sql-json.ts'
import type { Writer } from '../../model/writer.ts'
import { Actor, ActorInput, ActorListed, ActorType } from './schema.ts'

const listed = {
  ...spineMembers,
  type: column('actor.type'),
  name: column('record.name'),
  aliases: jsonArray(
    { name: column('actor_alias.name'), language: column('actor_alias.language') },
    sql`actor_alias WHERE actor_alias.actor_id = record.id`,
    column('actor_alias.position'),
  ),
  country: column('actor.country'),
  identifiers: jsonArray(
    { scheme: column('actor_identifier.scheme'), value: column('actor_identifier.value') },
    sql`actor_identifier WHERE actor_identifier.actor_id = record.id`,
    column('actor_identifier.position'),
  ),
}

const from = sql`record JOIN actor ON actor.id = record.id`

export const actorListing = recordListing({
  kind: 'actor',
  from,
  members: listed,
  filters: {
    type: byWord(ActorType, 'What the actor is.', (anyOf) => sql`actor.type = ${anyOf}`),
    country: {
      ...byText('actor.country', 'ISO 3166-1 alpha-2, e.g. `TR`.'),
      value: (value) => String(value).toUpperCase(),
    },
    name: byName(
      'Name or another name, or a part of it; typing errors, case and accents do not matter.',
      (match) =>
        sql`EXISTS (SELECT 1 FROM actor_alias WHERE actor_alias.actor_id = record.id AND ${match('actor_alias.name')})`,
    ),
    identifier: byRelationToIdentifier(),
    event: byRelation(
      'event',
      'Only actors that take part in this event.',
      (id) =>
        sql`EXISTS (SELECT 1 FROM event_participant WHERE event_participant.actor_id = record.id AND event_participant.event_id = ${id})`,
    ),
  },
  defaultSort: 'name',
})

function byRelationToIdentifier() {
  return {
    ...byText('actor_identifier.value', 'A number or code of the actor, in any scheme.'),
    where: (slot: (name: string) => unknown, _given: unknown, name: string) =>
      sql`EXISTS (SELECT 1 FROM actor_identifier WHERE actor_identifier.actor_id = record.id AND actor_identifier.value = ${slot(name)})`,
  }
}

export const singleActor = { from, members: { ...listed, ...evidenceMembers } }

export const actorWriter: Writer<ActorInput> = {
  kind: 'actor',
  input: ActorInput,
  nameOf: (input) => input.name,
  rows: async (id, { type, country, aliases, identifiers }) => ({
    actor: [{ id, type, country }],
    actorAlias: aliases.map(({ name, language }, position) => ({
      ...{ actorId: id, position, name, language },
    })),
    actorIdentifier: identifiers.map(({ scheme, value }, position) => ({
      ...{ actorId: id, position, scheme, value },
    })),
  }),
}

export const actorKind = defineKind({
  kind: 'actor',
  plural: 'actors',
  description:
    'States, companies, persons, public bodies, armed forces, organisations and publishers. Find one by name even with typing errors: `?name=Baykr`, `?name=francois`.',
  nameMember: 'name',
  listing: actorListing,
  single: singleActor,
  listed: ActorListed,
  whole: Actor,
  writer: actorWriter,
})
