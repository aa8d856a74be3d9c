import { createHash } from 'node:crypto'
import {
  createRandom,
  pickOne,
  type RandomSource,
  randomInteger,
  randomZipfIndex,
} from './random.ts'
import {
  bodies,
  companyForms,
  firstNames,
  goodKinds,
  lastNames,
  publisherNames,
  sectors,
  states,
  syllables,
} from './words.ts'

/** How many there are of everything, for a number of permits. */
export function computePopulation(permits: number) {
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
    dossiers,
    actors,
    places: 300,
    permits: dossiers * 5,
    events: dossiers * 10,
    citations: dossiers * 50,
    goods: Math.max(40, Math.floor(permits / 25)),
    affiliations: Math.floor(permits / 25),
    measures: Math.ceil(dossiers / 100),
    cases: Math.ceil(dossiers / 50),
  }
}
export type Population = ReturnType<typeof computePopulation>
export type ActorGroup = keyof Population['actors']

const firstTimestampMs = Date.UTC(2024, 0, 1)

/** The same UUIDv7 each time; `when` is 0 for what was recorded first and 1 for what was last. */
export function buildUuid(when: number, ...seed: readonly (string | number)[]): string {
  const time = (firstTimestampMs + Math.floor(when * 60_000_000_000)).toString(16).padStart(12, '0')
  const hex = createHash('md5').update(seed.join('/')).digest('hex')
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

export type GeneratedActor = {
  id: string
  slug: string
  name: string
  type: string
  /** Of `states`: where it belongs. */
  home: number
}

/** Everyone and everything that dossiers name, by group and index; index 0 is named most often. */
export function createEntityCatalog(size: Population) {
  const actors = new Map<string, GeneratedActor>()
  const goods = new Map<number, ReturnType<typeof makeGood>>()
  return {
    actor(group: ActorGroup, index: number): GeneratedActor {
      const key = `${group}/${index}`
      const entity = actors.get(key) ?? makeActor(group, index, index / size.actors[group])
      actors.set(key, entity)
      return entity
    },
    good(index: number) {
      const entity = goods.get(index) ?? makeGood(index, index / size.goods)
      goods.set(index, entity)
      return entity
    },
    place: (index: number) => makePlace(index),
  }
}
export type EntityCatalog = ReturnType<typeof createEntityCatalog>

const actorTypes = {
  state: 'state',
  body: 'public-body',
  publisher: 'publisher',
  exporter: 'company',
  consignee: 'company',
  person: 'person',
} as const satisfies Record<ActorGroup, string>

function makeActor(group: ActorGroup, index: number, when: number): GeneratedActor {
  const random = createRandom(group, index)
  const home = group === 'state' ? index : randomZipfIndex(random, states.length)
  const name = generateName(group, home, random)
  const slug = group === 'state' ? slugOf(name) : `${slugOf(name)}-${index.toString(36)}`
  const isForce = /Forces?|Guard/.test(name)
  return {
    id: buildUuid(when, group, index),
    slug,
    name,
    home,
    type: group === 'body' && isForce ? 'armed-force' : actorTypes[group],
  }
}

function generateName(group: ActorGroup, home: number, random: RandomSource): string {
  const word = () => pickOne(random, syllables.first) + pickOne(random, syllables.last)
  const state = states[home]?.name ?? ''
  switch (group) {
    case 'state':
      return state
    case 'body':
      return `${pickOne(random, bodies)} ${state}`
    case 'publisher':
      return `The ${word()} ${pickOne(random, publisherNames)}`
    case 'person':
      return `${pickOne(random, firstNames)} ${pickOne(random, lastNames)}`
    case 'exporter':
    case 'consignee':
      return `${word()} ${pickOne(random, sectors)} ${pickOne(random, companyForms)}`
  }
}

function makeGood(index: number, when: number) {
  const random = createRandom('good', index)
  const kind = pickOne(random, goodKinds)
  const letters = String.fromCharCode(
    65 + randomInteger(random, 26),
    65 + randomInteger(random, 26),
  )
  const name = `${letters}-${1 + randomInteger(random, 99)}${pickOne(random, ['', 'A', 'B', 'D', 'X'])}`
  return {
    id: buildUuid(when, 'good', index),
    slug: `${slugOf(name)}-${index.toString(36)}`,
    name,
    kind,
  }
}

function makePlace(index: number) {
  const random = createRandom('place', index)
  const name = pickOne(random, syllables.first) + pickOne(random, syllables.last)
  return {
    id: buildUuid(0, 'place', index),
    slug: `${slugOf(name)}-${index.toString(36)}`,
    name,
    country: states[randomZipfIndex(random, states.length)]?.code ?? null,
    latitude: Math.round((random() * 120 - 50) * 1e4) / 1e4,
    longitude: Math.round((random() * 340 - 170) * 1e4) / 1e4,
  }
}
