import { beforeAll, describe, expect, test } from 'vitest'
import { useApp } from '../../harness/app.ts'
import {
  buildActor,
  buildEvent,
  buildMeasure,
  storeRecords,
} from '../../harness/record-builders.ts'
import { citationBody, useWriteClient } from '../../harness/write-client.ts'

const t = useApp()
const w = useWriteClient(t)

const get = async (path: string) => (await t.api.get(path).expect(200)).body

const newState = (slug: string, name: string, more: object = {}) =>
  w.post('/v1/actors', { slug, type: 'state', name, citations: [citationBody()], ...more })

describe('GET /v1/reference/states', () => {
  test('has codes, names, memberships and the actor on record', async () => {
    const { reference, source, data } = await get('/v1/reference/states?name=Turquie')
    expect(reference).toBe(true)
    expect(source).toContain('ISO 3166-1')
    expect(data).toHaveLength(1)
    expect(data[0]).toMatchObject({
      code: 'TR',
      code3: 'TUR',
      names: { en: 'Türkiye', de: 'Türkei', tr: 'Türkiye' },
      actor: { slug: 'turkey', href: '/v1/actors/turkey' },
    })
    expect(data[0].memberships).toContainEqual({
      organisation: 'NATO',
      from: '1952-02-18',
      to: null,
    })
  })

  test('an ambiguous name means none', async () => {
    expect((await get('/v1/reference/states?name=Congo')).data).toEqual([])
  })

  test('lists all', async () => {
    const { data } = await get('/v1/reference/states')
    expect(data.length).toBeGreaterThan(240)
  })
})

describe('GET /v1/reference/organisations', () => {
  test('lists organisations with their members', async () => {
    const { reference, data } = await get('/v1/reference/organisations')
    expect(reference).toBe(true)
    const codes = data.map(({ code }: { code: string }) => code)
    expect(codes).toEqual(expect.arrayContaining(['UN', 'EU', 'OSCE', 'NATO', 'ATT', 'WA']))
  })

  test('shows the members on a date, certain or possible', async () => {
    const { members } = await get('/v1/reference/organisations/eu?on=2020')
    expect(members).toHaveLength(28)
    expect(members.find(({ state }: { state: string }) => state === 'GB')).toEqual({
      state: 'GB',
      name: 'United Kingdom',
      from: '1973-01-01',
      to: '2020-01-31',
      certainty: 'possible',
    })
    await t.api.get('/v1/reference/organisations/nobody').expect(404)
    await t.api.get('/v1/reference/organisations/EU?on=sometime').expect(400)
  })
})

describe('one state is one actor', () => {
  test.each([
    ['another spelling', 'Türkiye', {}],
    ['another language', 'Turquie', {}],
    ['its long name', 'Republic of Turkey', {}],
    ['a code as name', 'TUR', {}],
    ['its code', 'The Porte', { country: 'TR' }],
    ['an alias', 'The Porte', { aliases: [{ name: 'Turkey' }] }],
  ])('%s is refused, and the answer names the state that is there', async (_what, name, more) => {
    const { status, body } = await newState('another-turkey', name, more)
    expect([status, body.type]).toEqual([409, '/problems/state-known'])
    expect(body.references).toMatchObject([{ slug: 'turkey', href: '/v1/actors/turkey' }])
    expect(body.errors).toMatchObject([{ pointer: '/body' }])
  })

  test('a state without a code is known by its name', async () => {
    await newState('ruritania', 'Ruritania', { aliases: [{ name: 'Ruritanien' }] }).expect(201)
    await newState('ruritania-2', 'RURITANIEN').expect(409)
    await newState('strelsau', 'Strelsau').expect(201)
    // A territory that is no state of the list may have any name, also that of a company.
    await w.post('/v1/actors', {
      slug: 'ruritania-works',
      type: 'company',
      name: 'Ruritania',
      citations: [citationBody()],
    })
  })

  test('two states of one batch, of which the second is refused', async () => {
    const item = (slug: string, name: string) => ({
      op: 'create',
      kind: 'actor',
      record: { slug, type: 'state', name, citations: [citationBody()] },
    })
    const { status, body } = await w.post('/v1/batch', {
      items: [item('sweden', 'Sweden'), item('sverige', 'Sverige')],
    })
    expect([status, body.errors[0].pointer]).toEqual([409, '/body/items/1/record'])
    await t.api.get('/v1/actors/sweden').expect(404)
  })

  test('a correction cannot make a second one', async () => {
    await newState('norway', 'Norway').expect(201)
    const { status } = await w.patch('/v1/actors/norway', { name: 'Canada' })
    expect(status).toBe(409)
    expect((await w.patch('/v1/actors/norway', { name: 'Norge' })).status).toBe(200)
  })

  test('a retracted state makes room', async () => {
    await newState('finland', 'Finland').expect(201)
    expect((await w.del('/v1/actors/finland', { reason: 'test' })).status).toBe(200)
    await newState('suomi', 'Finnland').expect(201)
  })
})

describe('GET /v1/measures/:ref/bound-states', () => {
  beforeAll(async () => {
    await storeRecords(
      t.database,
      buildActor({ slug: 'eu', type: 'organisation', name: 'European Union' }),
      buildActor({ slug: 'osce', type: 'organisation', name: 'OSCE' }),
      buildActor({ slug: 'unit', type: 'public-body', name: 'The unit', country: 'IT' }),
      buildActor({ slug: 'club', type: 'organisation', name: 'A club' }),
      buildActor({ slug: 'myanmar', type: 'state', name: 'Burma' }),
      buildActor({ slug: 'austria', type: 'state', name: 'Österreich' }),
    )
    for (const imposer of ['eu', 'osce', 'unit', 'club'])
      await storeRecords(
        t.database,
        buildMeasure({ slug: `by-${imposer}`, imposer, target: 'myanmar' }),
        buildEvent({
          type: 'measure-decision',
          on: { edtf: '2018-04-26' },
          effects: [{ measure: `by-${imposer}`, becomes: 'imposed' }],
        }),
      )
  })

  test('a measure of the EU binds its members of the time', async () => {
    const bound = await get('/v1/measures/by-eu/bound-states?on=2019-06')
    expect(bound).toMatchObject({
      on: '2019-06',
      imposer: { slug: 'eu' },
      organisation: { reference: true, code: 'EU', force: 'law' },
    })
    expect(bound.data).toHaveLength(28)
    expect(bound.data[0]).toEqual({
      state: 'AT',
      name: 'Austria',
      actor: expect.objectContaining({ slug: 'austria' }),
      certainty: 'certain',
      reason: null,
    })
  })

  test('a member that left while it was in force is bound for a part of the time', async () => {
    const { on, data } = await get('/v1/measures/by-eu/bound-states')
    expect(on).toBeNull()
    const britain = data.find(({ state }: { state: string }) => state === 'GB')
    expect(britain).toMatchObject({ certainty: 'possible' })
    expect(britain.reason).toContain('all the time')
  })

  test('a measure of the OSCE binds politically only', async () => {
    const { data } = await get('/v1/measures/by-osce/bound-states?on=2019-06')
    expect(data).toHaveLength(57)
    expect(new Set(data.map(({ certainty }: { certainty: string }) => certainty))).toEqual(
      new Set(['possible']),
    )
  })

  test('a public body acts for its state, and an unknown organisation binds nobody', async () => {
    const ofUnit = await get('/v1/measures/by-unit/bound-states')
    expect(ofUnit.organisation).toBeNull()
    expect(ofUnit.data).toMatchObject([{ state: 'IT', name: 'Italy', certainty: 'certain' }])
    const ofClub = await get('/v1/measures/by-club/bound-states')
    expect([ofClub.organisation, ofClub.data]).toEqual([null, []])
  })
})
