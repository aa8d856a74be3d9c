import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { parse } from 'csv-parse/sync'
import { beforeAll, describe, expect, test } from 'vitest'
import { ActorType } from '../../src/records/kinds/actors/schema.ts'
import { useApp } from '../harness/app.ts'
import {
  buildActor,
  buildAffiliation,
  buildCitation,
  buildEvent,
  buildFigure,
  buildGood,
  buildMeasure,
  buildPermit,
  storeRecords,
} from '../harness/record-builders.ts'
import { type FullRecord, kindPaths, readAllRecords } from '../harness/record-reader.ts'

/** The model of FollowTheMoney itself, as its own package has it. */
const require = createRequire(import.meta.url)
const { Model } =
  require('@opensanctions/followthemoney') as typeof import('@opensanctions/followthemoney')
const model = new Model(
  JSON.parse(
    readFileSync(
      require.resolve('@opensanctions/followthemoney').replace(/[^/]+$/, 'defaultModel.json'),
      'utf8',
    ),
  ),
)

const t = useApp({ PUBLIC_URL: 'https://casefile.example' })
const exported = '/v1/cases/canada-turkey-wescam/export'

type Entity = { id: string; schema: string; properties: Record<string, string[]> }
let records: FullRecord[]
let entities: Entity[]

const read = async (url: string): Promise<string> =>
  (await t.api.get(url).buffer(true).expect(200)).text

const lines = (text: string): Entity[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

beforeAll(async () => {
  for (const type of ActorType.options)
    await storeRecords(t.database, buildActor({ slug: `an-actor-${type}`, type, country: 'NO' }))
  await storeRecords(
    t.database,
    buildFigure({ slug: 'a-total' }),
    buildActor({
      slug: 'numbered',
      identifiers: [
        { scheme: 'LEI', value: '529900T8BM49AURSDO55' },
        { scheme: 'some register', value: '7' },
      ],
    }),
    buildAffiliation({ slug: 'a-post', during: { edtf: '2019-10-02/2019-10-09' } }),
    buildGood({
      slug: 'a-kind',
      manufacturer: 'numbered',
      family: 'mx-15d',
      controlEntries: [{ list: 'EU ML', code: 'ML15d' }],
    }),
    buildMeasure({ slug: 'a-denial', reason: { text: 'why', place: 'syria' } }),
    buildPermit({
      slug: 'bare-permit',
      legalBasis: 'the law',
      restrictions: 'none beyond',
      number: 'n 1',
    }),
    buildEvent({
      slug: 'a-promise',
      type: 'assurance',
      assurance: { use: 'civil', endUser: 'turkey' },
    }),
    buildEvent({
      slug: 'rival-event',
      title: 'Two dates',
      citations: [
        buildCitation({ field: 'title' }),
        buildCitation({ field: 'title', value: 'Another title' }),
      ],
    }),
  )
  records = await readAllRecords(t)
  entities = lines(await read(`${exported}?format=ftm`))
})

/** What is wrong with an entity by the model: the package itself takes any value. */
function faults(
  { id, schema: name, properties }: Entity,
  all: ReadonlyMap<string, string>,
): string[] {
  const schema = model.getSchema(name)
  // What an ancestor requires is required as well.
  const required = new Set([schema, ...schema.getParents()].flatMap((one) => one.required))
  const missing = [...required].filter((property) => !properties[property]?.length)
  return [
    ...missing.map((property) => `${name} ${id} lacks ${property}`),
    ...Object.entries(properties).flatMap(([name, values]) => {
      const property = schema.getProperty(name)
      const wrong = values.filter((value) => {
        if (value.length === 0 || value.length > property.maxLength) return true
        const { type } = property
        if (type.isEntity) {
          const other = all.get(value)
          return other === undefined || !model.getSchema(other).isA(property.getRange())
        }
        if (type.name === 'date') return !/^\d{4}(-\d\d(-\d\d)?)?$/.test(value)
        if (type.name === 'url') return !URL.canParse(value)
        return type.values.size > 0 && !type.values.has(value)
      })
      return property.stub
        ? [`${name} is a stub`]
        : wrong.map((value) => `${schema.name}.${name}: ${value}`)
    }),
  ]
}

describe('FollowTheMoney entities of a case', () => {
  test('are valid in the model: schemata, properties, required ones, ranges, codes and dates', () => {
    const all = new Map(entities.map(({ id, schema }) => [id, schema]))
    expect(entities.length).toBeGreaterThan(records.length)
    for (const entity of entities) model.getEntity(entity)
    expect(entities.flatMap((entity) => faults(entity, all))).toEqual([])
  })

  test('have one entity for every record, with unique ids', () => {
    const ids = entities.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(records.filter(({ id }) => !ids.includes(id))).toEqual([])
  })

  test('a permit is a License of its authority with its goods, and no trade', () => {
    const permit = records.find(({ slug }) => slug === 'wescam-mx15d-baykar-2020')
    const found = entities.find(({ id }) => id === permit?.id)
    const canada = records.find(({ href }) => href === '/v1/actors/canada')
    expect(found).toMatchObject({
      schema: 'License',
      properties: {
        authority: [canada?.id],
        contractDate: ['2020-05'],
        commodities: ['7 system MX-15D'],
        status: ['issued'],
      },
    })
    const roles = entities
      .filter(({ properties }) => properties.subject?.[0] === permit?.id)
      .map(({ properties }) => properties.role?.[0])
    expect(roles.sort()).toEqual(['consignee', 'covers', 'destination', 'exporter'].sort())
  })

  test('every quote is a Documentation with its words and voices', () => {
    const quotes = entities.filter(({ schema }) => schema === 'Documentation')
    const actor = records.find(({ slug }) => slug === 'baykar')
    const own = quotes.filter(({ properties }) => properties.entity?.[0] === actor?.id)
    expect(own.map(({ properties }) => properties.summary?.[0])).toEqual(
      actor?.citations.map(({ quote }) => quote),
    )
    expect(own[0]?.properties.description).toEqual([
      'Says who: The Globe and Mail > PanARMENIAN.Net',
    ])
  })

  test('an article mentions the actors that its quotes name', () => {
    const mention = entities.find(
      ({ schema, properties }) => schema === 'Mention' && properties.name?.includes('Baykar'),
    )
    const article = records.find(({ slug }) => slug === 'turkey-pressed-canada')
    expect(mention?.properties.document).toEqual([article?.id])
  })

  test('dates keep their precision', () => {
    const byId = new Map(entities.map((entity) => [entity.id, entity]))
    const article = records.find(({ slug }) => slug === 'turkey-pressed-canada')
    expect(byId.get(article?.id ?? '')?.properties.publishedAt).toEqual(['2021'])
    const post = records.find(({ slug }) => slug === 'a-post')
    expect(byId.get(post?.id ?? '')?.properties.date).toEqual(['2019-10'])
  })
})

describe('FollowTheMoney of lists and single records', () => {
  test.each(kindPaths)('/v1/%s: the list has what its records have', async (kind) => {
    const list = lines(await read(`/v1/${kind}?format=ftm`))
    const slug = records.find(({ href }) => href.startsWith(`/v1/${kind}/`))?.slug
    const single = lines(await read(`/v1/${kind}/${slug}?format=ftm`))
    expect(list).toEqual(expect.arrayContaining(single))
  })
})

describe('FollowTheMoney statements', () => {
  type Statement = Record<string, string>
  const statements = async (url: string): Promise<Statement[]> =>
    parse(await read(url), { columns: true })

  test('have every value of every entity with its passage', async () => {
    const rows = await statements(`${exported}?format=ftm-statements`)
    const stated = new Set(
      rows.map(({ entity_id, prop, value }) => `${entity_id} ${prop} ${value}`),
    )
    const values = entities.flatMap(({ id, properties }) =>
      Object.entries(properties).flatMap(([name, values]) =>
        values.map((value) => `${id} ${name} ${value}`),
      ),
    )
    for (const schema of ['Documentation', 'Mention', 'Sanction'])
      expect(
        rows.some((row) => row.schema === schema),
        schema,
      ).toBe(true)
    expect(rows.some(({ prop }) => prop === 'proof')).toBe(true)
    expect(values.length).toBeGreaterThan(entities.length)
    expect(values.filter((statement) => !stated.has(statement))).toEqual([])
    const cited = rows.find(({ schema, prop }) => schema === 'License' && prop === 'contractDate')
    expect(cited).toMatchObject({
      value: '2020-05',
      original_value: '2020-05',
      dataset: 'casefile',
    })
    const commodity = rows.find(
      ({ prop, value }) => prop === 'commodities' && value?.startsWith('7'),
    )
    expect(commodity).toMatchObject({
      dataset: 'turkey_pressed_canada',
      quote: expect.stringContaining('seven MX-15D'),
      voices: expect.stringContaining('The Globe and Mail'),
      rival: 'false',
    })
  })

  test('have an id of their own, also where two passages say the same', async () => {
    const rows = await statements(`${exported}?format=ftm-statements`)
    const ids = rows.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const again = await statements(`${exported}?format=ftm-statements`)
    expect(again.map(({ id }) => id)).toEqual(ids)
    const passages = Map.groupBy(
      rows,
      (row) => `${row.entity_id} ${row.prop} ${row.value} ${row.dataset}`,
    )
    expect([...passages.values()].some((same) => same.length > 1)).toBe(true)
  })

  test('fit the model: every property belongs to its schema and has a value', async () => {
    const rows = await statements(`${exported}?format=ftm-statements`)
    for (const { schema, prop = '', value } of rows) {
      expect(model.getSchema(schema).hasProperty(prop), `${schema}.${prop}`).toBe(true)
      expect(value).not.toBe('')
    }
  })

  test('of uncited values have the data set of the server', async () => {
    const rows = await statements(`${exported}?format=ftm-statements`)
    expect(new Set(rows.map(({ citation }) => citation === ''))).toEqual(new Set([true, false]))
    for (const { dataset, citation } of rows) expect(dataset === 'casefile').toBe(citation === '')
  })

  test('keep conflicting claims beside the value of the record', async () => {
    const rows = await statements('/v1/events/rival-event?format=ftm-statements')
    const names = rows.filter(({ prop }) => prop === 'name')
    expect(names.map(({ value, rival }) => [value, rival])).toEqual([
      ['Two dates', 'false'],
      ['Another title', 'true'],
    ])
  })
})
