import { createHash } from 'node:crypto'
import { oneOf, popular, type Random, randomOf, whole } from './random.ts'
import {
  bodies,
  companyForms,
  firstNames,
  goodKinds,
  lastNames,
  mastheads,
  sectors,
  states,
  syllables,
} from './words.ts'

/** How many there are of everything, for a number of permits. */
export function population(permits: number) {
  const dossiers = Math.max(1, Math.floor(permits / 5))
  const actors = {
    state: states.length,
    body: Math.max(50, Math.floor(permits / 100)),
    publisher: Math.max(30, Math.floor(permits / 300)),
    exporter: Math.max(30, Math.floor(permits / 33)),
    consignee: Math.max(60, Math.floor(permits / 10)),
    person: Math.max(30, Math.floor(permits / 25)),
  }
  return {
    ...{ dossiers, actors, places: 300 },
    permits: dossiers * 5,
    events: dossiers * 10,
    citations: dossiers * 50,
    goods: Math.max(40, Math.floor(permits / 25)),
    affiliations: Math.floor(permits / 25),
    measures: Math.ceil(dossiers / 100),
    cases: Math.ceil(dossiers / 50),
  }
}
export type Population = ReturnType<typeof population>
export type ActorGroup = keyof Population['actors']

const firstMs = Date.UTC(2024, 0, 1)

/** The same UUIDv7 each time; `when` is 0 for what was recorded first and 1 for what was last. */
export function uuid(when: number, ...of: readonly (string | number)[]): string {
  const time = (firstMs + Math.floor(when * 60_000_000_000)).toString(16).padStart(12, '0')
  const hex = createHash('md5').update(of.join('/')).digest('hex')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(0, 3)}-a${hex.slice(3, 6)}-${hex.slice(6, 18)}`
}

export const slugOf = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('ı', 'i')
    .replaceAll('Ł', 'L')
    .replaceAll('ø', 'o')
    .replaceAll('Ə', 'E')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')

export type Actor = {
  id: string
  slug: string
  name: string
  type: string
  /** Of `states`: where it belongs. */
  home: number
}

/** Everyone and everything that dossiers name, by group and index; index 0 is named most often. */
export function cast(size: Population) {
  const actors = new Map<string, Actor>()
  const goods = new Map<number, ReturnType<typeof makeGood>>()
  return {
    actor(group: ActorGroup, index: number): Actor {
      const key = `${group}/${index}`
      const made = actors.get(key) ?? makeActor(group, index, index / size.actors[group])
      actors.set(key, made)
      return made
    },
    good(index: number) {
      const made = goods.get(index) ?? makeGood(index, index / size.goods)
      goods.set(index, made)
      return made
    },
    place: (index: number) => makePlace(index),
  }
}
export type Cast = ReturnType<typeof cast>

const typeOf = {
  state: 'state',
  body: 'public-body',
  publisher: 'publisher',
  exporter: 'company',
  consignee: 'company',
  person: 'person',
} as const satisfies Record<ActorGroup, string>

function makeActor(group: ActorGroup, index: number, when: number): Actor {
  const random = randomOf(group, index)
  const home = group === 'state' ? index : popular(random, states.length)
  const name = nameOf(group, home, random)
  const slug = group === 'state' ? slugOf(name) : `${slugOf(name)}-${index.toString(36)}`
  const isForce = /Forces?|Guard/.test(name)
  return {
    ...{ id: uuid(when, group, index), slug, name, home },
    type: group === 'body' && isForce ? 'armed-force' : typeOf[group],
  }
}

function nameOf(group: ActorGroup, home: number, random: Random): string {
  const word = () => oneOf(random, syllables.first) + oneOf(random, syllables.last)
  const state = states[home]?.name ?? ''
  switch (group) {
    case 'state':
      return state
    case 'body':
      return `${oneOf(random, bodies)} ${state}`
    case 'publisher':
      return `The ${word()} ${oneOf(random, mastheads)}`
    case 'person':
      return `${oneOf(random, firstNames)} ${oneOf(random, lastNames)}`
    case 'exporter':
    case 'consignee':
      return `${word()} ${oneOf(random, sectors)} ${oneOf(random, companyForms)}`
  }
}

function makeGood(index: number, when: number) {
  const random = randomOf('good', index)
  const kind = oneOf(random, goodKinds)
  const letters = String.fromCharCode(65 + whole(random, 26), 65 + whole(random, 26))
  const name = `${letters}-${1 + whole(random, 99)}${oneOf(random, ['', 'A', 'B', 'D', 'X'])}`
  return {
    id: uuid(when, 'good', index),
    slug: `${slugOf(name)}-${index.toString(36)}`,
    name,
    kind,
  }
}

function makePlace(index: number) {
  const random = randomOf('place', index)
  const name = oneOf(random, syllables.first) + oneOf(random, syllables.last)
  return {
    ...{ id: uuid(0, 'place', index), slug: `${slugOf(name)}-${index.toString(36)}`, name },
    country: states[popular(random, states.length)]?.code ?? null,
    latitude: Math.round((random() * 120 - 50) * 1e4) / 1e4,
    longitude: Math.round((random() * 340 - 170) * 1e4) / 1e4,
  }
}
