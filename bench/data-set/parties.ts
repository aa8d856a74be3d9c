import { generateDate } from './dates.ts'
import type { DossierContext } from './dossier-context.ts'
import { type ActorGroup, buildUuid, slugOf } from './population.ts'
import { pickOne, randomInteger, randomZipfIndex } from './random.ts'
import { controlLists, states } from './words.ts'

/** The places, actors, goods and affiliations that become known with this dossier. */
export function putNewEntities(context: DossierContext): void {
  const { size, newIndexes: known } = context
  for (const number of known(size.places)) putPlace(context, number)
  for (const group of Object.keys(size.actors) as ActorGroup[])
    for (const number of known(size.actors[group])) putActor(context, group, number)
  for (const number of known(size.goods)) putGood(context, number)
  for (const number of known(size.affiliations)) putAffiliation(context, number)
}

function putPlace({ cast, put, record }: DossierContext, number: number): void {
  const { id, slug, name, country, latitude, longitude } = cast.place(number)
  record('place', id, slug, name)
  put('place', [id, country, latitude, longitude, 'generated for measuring'])
}

function putActor(context: DossierContext, group: ActorGroup, number: number): void {
  const { cast, put, random, year } = context
  const { id, slug, name, type, home } = cast.actor(group, number)
  const state = states[home]
  context.record('actor', id, slug, name)
  put('actor', [id, type, state?.code ?? null])
  for (let position = 0; random() < 0.35; position++) {
    const alias = `${name.toUpperCase()} ${position + 1}`
    put('actor_alias', [id, position, alias, pickOne(random, ['en', 'fr', null])])
  }
  if (type === 'company' && random() < 0.5)
    put('actor_identifier', [id, 0, 'lei', `BENCH-${group}-${number}`.toUpperCase()])
  const how =
    type === 'company'
      ? 'a supplier whose contracts go back to'
      : 'a party whose letters have been kept since'
  context.writeSentences(
    { group: 'other', id, fields: ['name', 'type', 'country'] },
    `${name}, of ${state?.name}, appears in the papers as ${how} ${year - randomInteger(random, 20)}`,
  )
}

function putGood(context: DossierContext, number: number): void {
  const { cast, put, random, size, year } = context
  const { id, slug, name, kind } = cast.good(number)
  const maker = context.actor('exporter')
  const families = Math.max(1, Math.floor(size.goods / 10))
  const family = number < families ? null : cast.good(randomZipfIndex(random, families)).id
  const description = `${name}, a ${kind} with accessories, spare parts and technical data`
  context.record('good', id, slug, name)
  put('good', [id, description, maker.id, family])
  for (let position = 0; position < 1 + randomInteger(random, 2); position++) {
    const code = `ML${1 + randomInteger(random, 22)}${pickOne(random, ['a', 'b', 'c'])}`
    put('good_control_entry', [id, position, pickOne(random, controlLists), code])
  }
  context.writeSentences(
    { group: 'other', id, fields: ['designation', 'description', 'manufacturer'] },
    `The ${name} is a ${kind} that ${maker.name} has built since ${year - 3 - randomInteger(random, 20)}`,
  )
}

const roles = ['director', 'minister', 'spokesperson', 'head of exports', 'analyst'] as const

function putAffiliation(context: DossierContext, number: number): void {
  const { cast, put, random, size, year } = context
  const id = buildUuid(context.timeOfStep(10), 'affiliation', number)
  const person = cast.actor('person', number % size.actors.person)
  const organisation = context.actor('exporter')
  const role = pickOne(random, roles)
  const { edtf, asStated, earliest, latest } = generateDate(random, year)
  context.record('affiliation', id, `${slugOf(`${person.name} ${role}`)}-${number}`, role)
  put('affiliation', [id, person.id, organisation.id, edtf, asStated, earliest, latest])
  context.writeSentences(
    { group: 'other', id, fields: ['actor', 'organisation', 'role', 'during'] },
    `${person.name} was ${role} of ${organisation.name} ${asStated}`,
  )
}
