import type { Context } from './context.ts'
import { dateIn } from './dates.ts'
import { type ActorGroup, slugOf, uuid } from './population.ts'
import { oneOf, popular, whole } from './random.ts'
import { controlLists, states } from './words.ts'

/** The places, actors, goods and affiliations that become known with this dossier. */
export function putNewcomers(context: Context): void {
  const { size, known } = context
  for (const number of known(size.places)) putPlace(context, number)
  for (const group of Object.keys(size.actors) as ActorGroup[])
    for (const number of known(size.actors[group])) putActor(context, group, number)
  for (const number of known(size.goods)) putGood(context, number)
  for (const number of known(size.affiliations)) putAffiliation(context, number)
}

function putPlace({ cast, put }: Context, number: number): void {
  const { id, slug, name, country, latitude, longitude } = cast.place(number)
  put('place', [id, slug, name, country, latitude, longitude, 'generated for measuring'])
}

function putActor(context: Context, group: ActorGroup, number: number): void {
  const { cast, put, random, year } = context
  const { id, slug, name, type, home } = cast.actor(group, number)
  const state = states[home]
  context.record('actor', id, slug, name)
  put('actor', [id, type, state?.code ?? null])
  for (let position = 0; random() < 0.35; position++) {
    const alias = `${name.toUpperCase()} ${position + 1}`
    put('actor_alias', [id, position, alias, oneOf(random, ['en', 'fr', null])])
  }
  if (type === 'company' && random() < 0.5)
    put('actor_identifier', [id, 0, 'lei', `BENCH-${group}-${number}`.toUpperCase()])
  const how =
    type === 'company'
      ? 'a supplier whose contracts go back to'
      : 'a party whose letters have been kept since'
  context.tell(
    { group: 'other', id, fields: ['name', 'type', 'country'] },
    `${name}, of ${state?.name}, appears in the papers as ${how} ${year - whole(random, 20)}`,
  )
}

function putGood(context: Context, number: number): void {
  const { cast, put, random, size, year } = context
  const { id, slug, name, kind } = cast.good(number)
  const maker = context.actor('exporter')
  const families = Math.max(1, Math.floor(size.goods / 10))
  const family = number < families ? null : cast.good(popular(random, families)).id
  const description = `${name}, a ${kind} with accessories, spare parts and technical data`
  context.record('good', id, slug, name)
  put('good', [id, description, maker.id, family])
  for (let position = 0; position < 1 + whole(random, 2); position++) {
    const code = `ML${1 + whole(random, 22)}${oneOf(random, ['a', 'b', 'c'])}`
    put('good_control_entry', [id, position, oneOf(random, controlLists), code])
  }
  context.tell(
    { group: 'other', id, fields: ['designation', 'description', 'manufacturer'] },
    `The ${name} is a ${kind} that ${maker.name} has built since ${year - 3 - whole(random, 20)}`,
  )
}

const roles = ['director', 'minister', 'spokesperson', 'head of exports', 'analyst'] as const

function putAffiliation(context: Context, number: number): void {
  const { cast, put, random, size, year } = context
  const id = uuid(context.when(10), 'affiliation', number)
  const person = cast.actor('person', number % size.actors.person)
  const organisation = context.actor('exporter')
  const role = oneOf(random, roles)
  const { edtf, asStated, earliest, latest } = dateIn(random, year)
  context.record('affiliation', id, `${slugOf(`${person.name} ${role}`)}-${number}`, role)
  put('affiliation', [id, person.id, organisation.id, edtf, asStated, earliest, latest])
  context.tell(
    { group: 'other', id, fields: ['actor', 'organisation', 'role', 'during'] },
    `${person.name} was ${role} of ${organisation.name} ${asStated}`,
  )
}
