import pg from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Candidate } from '../../src/answers/reconcile/schema.ts'
import { soundKeyOf } from '../../src/evidence/names/keys.ts'
import { plainWords } from '../../src/evidence/names/letters.ts'
import { stateOf } from '../../src/evidence/names/states.ts'
import { type Entity, pairsOf, poolOf } from '../evidence/names/pool.ts'
import { useApp } from '../harness/app.ts'
import { buildActor, buildGood, storeRecords } from '../harness/record-builders.ts'

const t = useApp()
const pairs = [...pairsOf('tuned.tsv'), ...pairsOf('set-aside.tsv')]
const pool = poolOf(pairs)
/** Ids of records by the key of what they are in the pool. */
const ids = new Map<string, string>()
/** The seed has these states. */
const seeded: Readonly<Record<string, string>> = {
  AM: 'armenia',
  AZ: 'azerbaijan',
  CA: 'canada',
  SY: 'syria',
  TR: 'turkey',
}

const buildEntity = ({ kind, names: [name = '', ...others] }: Entity, slug: string) => {
  const aliases = others.map((other) => ({ name: other }))
  if (kind === 'good') return buildGood({ slug, designation: name })
  if (kind === 'state')
    return buildActor({ slug, name, aliases, type: 'state', country: stateOf(name) })
  return buildActor({ slug, name, aliases, type: kind === 'person' ? 'person' : 'company' })
}

beforeAll(async () => {
  const slugs = new Map<string, string>()
  // A state is one actor: two lists of its names are of one record.
  const slugByState = new Map(Object.entries(seeded))
  const entities = new Map<string, Entity>()
  for (const [index, [key, entity]] of [...pool.entities].entries()) {
    const code = entity.kind === 'state' ? stateOf(entity.names[0] ?? '') : null
    const slug = (code === null ? undefined : slugByState.get(code)) ?? `pooled-${index}`
    if (code !== null) slugByState.set(code, slug)
    slugs.set(key, slug)
    const names = [...(entities.get(slug)?.names ?? []), ...entity.names]
    entities.set(slug, { ...entity, names })
  }
  const records = [...entities]
    .filter(([slug]) => !Object.values(seeded).includes(slug))
    .map(([slug, entity]) => buildEntity(entity, slug))
  await storeRecords(t.database, ...records)
  for (const [key, slug] of slugs) {
    const path = key.startsWith('good|') ? 'goods' : 'actors'
    ids.set(key, (await t.api.get(`/v1/${path}/${slug}`).expect(200)).body.id)
  }
})

async function askAll(names: readonly string[]): Promise<Candidate[][]> {
  const results: Candidate[][] = []
  for (let first = 0; first < names.length; first += 50) {
    const batch = names.slice(first, first + 50).map((query, at) => [`q${at}`, { query }] as const)
    const { body } = await t.api
      .post('/reconcile')
      .type('form')
      .send({ queries: JSON.stringify(Object.fromEntries(batch)) })
      .expect(200)
    results.push(...batch.map(([key]) => body[key].result))
  }
  return results
}

test('names are found in the index and matched as well as in a list of all', async () => {
  const same = pairs.filter((pair) => pair.isSame)
  const results = await askAll(same.map(({ asked }) => asked))
  const counts = { found: 0, top: 0, matched: 0, wrong: 0 }
  for (const [index, { kind, recorded }] of same.entries()) {
    const own = ids.get(pool.entityOf(kind, recorded))
    const [first] = results[index] ?? []
    if (results[index]?.some(({ id }) => id === own)) counts.found += 1
    if (first?.id === own) counts.top += 1
    if (first?.id === own && first?.match) counts.matched += 1
    if (first?.id !== own && first?.match) counts.wrong += 1
  }
  expect(counts.found / same.length).toBeGreaterThanOrEqual(0.95)
  expect(counts.top / same.length).toBeGreaterThanOrEqual(0.9)
  expect(counts.matched / same.length).toBeGreaterThanOrEqual(0.85)
  expect(counts.matched / (counts.matched + counts.wrong)).toBeGreaterThanOrEqual(0.95)
})

test('sounds in the database are those of the server', async () => {
  const words = [
    ...new Set(pairs.flatMap(({ asked, recorded }) => plainWords(`${asked} ${recorded}`))),
  ]
  expect(words.length).toBeGreaterThan(1_000)
  const client = new pg.Client(t.url)
  await client.connect()
  const { rows } = await client.query<{ sounds: string }>(
    `SELECT name_sounds(word) AS sounds FROM unnest($1::text[]) WITH ORDINALITY AS w (word, place) ORDER BY place`,
    [words],
  )
  await client.end()
  expect(rows.map(({ sounds }) => sounds)).toEqual(words.map(soundKeyOf))
})

const reported: readonly (readonly [string, string])[] = [
  ['BAE Systems Public Limited Company', 'BAE Systems PLC'],
  ['Saab Aktiebolag', 'Saab'],
  ['Joint Stock Company Grumkin Instrument Design Bureau', 'JSC Grumkin Instrument Design Bureau'],
  ['Rheinmetall Aktiengesellschaft', 'Rheinmetall AG'],
  ['U.S. Department of Defense', 'United States Department of Defense'],
  ['Defence Research Organization', 'Defence Research Organisation'],
  ['Концерн Калашников', 'Kalashnikov Concern'],
  ['Mikhail Timofeyevich Kalashnikov', 'Mikhail Kalashnikov'],
  ['TR', 'Turkey'],
  ['TUR', 'Turkey'],
  ['Syrian Arab Republic', 'Syria'],
  ['MORGAN, Marta (DFATD)', 'Marta Morgan'],
  ['WESCAM (Burlington, ON)', 'L3Harris Wescam'],
  ['F.-P. Champagne', 'François-Philippe Champagne'],
  [
    'House of Commons Standing Committee on Foreign Affairs',
    'House of Commons foreign affairs committee',
  ],
]
const persons = ['Mikhail Kalashnikov', 'Marta Morgan', 'François-Philippe Champagne']

describe('names that users reported', () => {
  const other = useApp()
  const namesOf = async (query: string) => {
    const { body } = await other.api
      .post('/reconcile')
      .type('form')
      .send({ queries: JSON.stringify({ q: { query } }) })
      .expect(200)
    return body.q.result as Candidate[]
  }

  beforeAll(async () => {
    const names = new Set(reported.map(([, recorded]) => recorded))
    names.add('Siemens AG').add('Crystalord Ltd').add('Muhammad bin Salman al-Rawi')
    for (const name of names) {
      const [first] = await namesOf(name)
      if (first?.match && first.name === name) continue
      const isPerson = persons.includes(name) || name.includes(' bin ')
      const state = stateOf(name)
      const type = isPerson ? 'person' : state ? 'state' : 'company'
      await storeRecords(other.database, buildActor({ name, type, country: state }))
    }
  })

  test.each(reported)('%s is %s', async (asked, recorded) => {
    const [first] = await namesOf(asked)
    expect([first?.name, first?.match]).toEqual([recorded, true])
  })

  test.each(['SALMAN BIN MUHAMMAD', 'CRYSTALORD SYSTEMS LIMITED', 'MX-15'])(
    '%s is nobody here',
    async (asked) => {
      expect((await namesOf(asked)).filter(({ match }) => match)).toEqual([])
    },
  )
})
