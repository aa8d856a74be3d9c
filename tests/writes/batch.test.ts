import { describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { citationBody, useWriteClient } from '../harness/write-client.ts'

const t = useApp()
const w = useWriteClient(t)

const batch = (items: readonly object[]) => w.post('/v1/batch', { items: [...items] })
const create = (kind: string, record: object, as?: string) => ({
  op: 'create',
  kind,
  record: { citations: [citationBody()], ...record },
  ...(as !== undefined && { as }),
})
const actor = (slug: string, overrides: object = {}) =>
  create('actor', { slug, type: 'company', name: slug, ...overrides })
const head = async (): Promise<number> => (await t.api.get('/v1/ledger/head')).body.revision
const read = async (path: string) => (await t.api.get(path).expect(200)).body

describe('POST /v1/batch', () => {
  test('200: one revision; items refer to each other by local name in any order', async () => {
    await w.createActor('to-correct')
    await w.createActor('to-retract')
    const tag = await w.readEtag('/v1/actors/to-correct')
    const before = await head()
    const { body } = await batch([
      create('permit', {
        slug: 'batch-permit',
        title: 'P',
        issuer: '$ministry',
        exporter: 'batch-maker',
        items: [{ good: '$gear', quantity: 2 }],
      }),
      create(
        'actor',
        { slug: 'batch-ministry', type: 'public-body', name: 'Ministry' },
        'ministry',
      ),
      create('good', { slug: 'batch-gear', designation: 'G', manufacturer: '$maker' }, 'gear'),
      create('actor', { slug: 'batch-maker', type: 'company', name: 'Maker' }, 'maker'),
      create('event', {
        slug: 'batch-event',
        type: 'permit-decision',
        title: 'E',
        on: { edtf: '2020' },
        effects: [{ permit: 'batch-permit', becomes: 'issued' }],
        citations: [citationBody({ voices: ['$ministry', { document: 'a gazette' }] })],
      }),
      {
        op: 'update',
        kind: 'actor',
        ref: 'to-correct',
        ifMatch: tag,
        patch: { name: 'Corrected' },
      },
      { op: 'retract', kind: 'actor', ref: 'to-retract', ifMatch: '*', reason: 'x' },
    ]).expect(200)
    expect(body.revision).toBe(before + 1)
    expect(await head()).toBe(before + 1)
    expect(body.items.map(({ op, href }: { op: string; href: string }) => [op, href])).toEqual([
      ['create', '/v1/permits/batch-permit'],
      ['create', '/v1/actors/batch-ministry'],
      ['create', '/v1/goods/batch-gear'],
      ['create', '/v1/actors/batch-maker'],
      ['create', '/v1/events/batch-event'],
      ['update', '/v1/actors/to-correct'],
      ['retract', '/v1/actors/to-retract'],
    ])
    const permit = await read('/v1/permits/batch-permit')
    expect(permit).toMatchObject({
      status: 'issued',
      revision: before + 1,
      id: body.items[0].id,
      issuer: { slug: 'batch-ministry' },
      exporter: { slug: 'batch-maker' },
    })
    expect((await read('/v1/goods/batch-gear')).manufacturer.slug).toBe('batch-maker')
    expect((await read('/v1/actors/to-correct')).name).toBe('Corrected')
    await t.api.get('/v1/actors/to-retract').expect(410)
    const { body: feed } = await t.api.get(`/v1/changes?since=${before}`)
    expect(feed.data).toHaveLength(7)
  })

  test('accepts 1,000 items as one revision, and refuses 1,001', async () => {
    const items = Array.from({ length: 1_000 }, (_, index) => actor(`of-many-${index}`))
    const { body } = await batch(items).expect(200)
    expect(body.items).toHaveLength(1_000)
    expect(await head()).toBe(body.revision)
    await t.api.get('/v1/actors/of-many-999').expect(200)
    const tooMany = await batch([...items, actor('one-more')]).expect(400)
    expect(tooMany.body.errors[0].pointer).toBe('/body/items')
    expect((await batch([]).expect(400)).body.errors[0].pointer).toBe('/body/items')
  })

  test('later items see the changes of earlier ones, and need no ETag for records of the batch', async () => {
    const { body } = await batch([
      actor('made-and-changed'),
      { op: 'update', kind: 'actor', ref: 'made-and-changed', ifMatch: '*', patch: { name: 'B' } },
    ]).expect(200)
    expect(body.items[0].id).toBe(body.items[1].id)
    expect((await read('/v1/actors/made-and-changed')).name).toBe('B')
  })
})

describe('the ledger entry of a record that a batch changes twice', () => {
  const update = (kind: string, ref: string, patch: object) => ({
    op: 'update',
    kind,
    ref,
    ifMatch: '*',
    patch,
  })
  const retract = (kind: string, ref: string) => ({
    op: 'retract',
    kind,
    ref,
    ifMatch: '*',
    reason: 'a mistake',
  })
  const event = (slug: string, effect: object) =>
    create('event', {
      slug,
      type: 'permit-decision',
      title: slug,
      on: { edtf: '2020' },
      effects: [effect],
    })
  const good = (slug: string, overrides: object = {}) =>
    create('good', { slug, designation: slug, ...overrides })
  const permit = (slug: string) => create('permit', { slug, title: slug, issuer: 'canada' })
  const measure = (slug: string) =>
    create('measure', {
      slug,
      title: slug,
      imposer: 'canada',
      target: 'turkey',
      legalForm: 'embargo',
    })

  test.each([
    [
      'a permit that an event changes, then itself',
      [permit('twice-1')],
      [
        event('twice-1-event', { permit: 'twice-1', becomes: 'issued' }),
        update('permit', 'twice-1', { title: 'Other' }),
      ],
      { 'event twice-1-event': 'create', 'permit twice-1': 'update' },
    ],
    [
      'a measure that an event changes, then itself',
      [measure('twice-2')],
      [
        event('twice-2-event', { measure: 'twice-2', becomes: 'imposed' }),
        update('measure', 'twice-2', { title: 'Other' }),
      ],
      { 'event twice-2-event': 'create', 'measure twice-2': 'update' },
    ],
    [
      'a family that gets a member, then itself',
      [good('twice-3')],
      [
        good('twice-3-member', { family: 'twice-3' }),
        update('good', 'twice-3', { designation: 'Other' }),
      ],
      { 'good twice-3': 'update', 'good twice-3-member': 'create' },
    ],
    [
      'a family itself, then its member',
      [good('twice-4'), good('twice-4-member', { family: 'twice-4' })],
      [
        update('good', 'twice-4', { designation: 'Other' }),
        update('good', 'twice-4-member', { designation: 'Other' }),
      ],
      { 'good twice-4': 'update', 'good twice-4-member': 'update' },
    ],
    [
      'a family that loses its member and is retracted',
      [good('twice-5'), good('twice-5-member', { family: 'twice-5' })],
      [update('good', 'twice-5-member', { family: null }), retract('good', 'twice-5')],
      { 'good twice-5': 'retract', 'good twice-5-member': 'update' },
    ],
    [
      'a permit that is created and changed by an event',
      [],
      [permit('twice-6'), event('twice-6-event', { permit: 'twice-6', becomes: 'issued' })],
      { 'event twice-6-event': 'create', 'permit twice-6': 'create' },
    ],
    [
      'a permit that an event changes, and nothing else',
      [permit('twice-7')],
      [event('twice-7-event', { permit: 'twice-7', becomes: 'issued' })],
      { 'event twice-7-event': 'create', 'permit twice-7': 'derive' },
    ],
  ])('%s', async (_what, before, items, expected) => {
    if (before.length > 0) await batch(before).expect(200)
    const since = await head()
    await batch(items).expect(200)
    const { data } = await read(`/v1/changes?since=${since}`)
    const changes = data.map(
      ({ action, record }: { action: string; record: { kind: string; slug: string } }) => [
        `${record.kind} ${record.slug}`,
        action,
      ],
    )
    expect(Object.fromEntries(changes)).toEqual(expected)
    expect(changes).toHaveLength(Object.keys(expected).length)
  })
})

describe('a failing item rolls back the batch, and the error has its pointer', () => {
  const refused: readonly (readonly [
    code: string,
    status: number,
    pointer: string,
    item: object,
  ])[] = [
    ['invalid-request', 400, '/body/items/1/record/name', actor('x', { name: '' })],
    ['invalid-request', 400, '/body/items/1/record/colour', actor('x', { colour: 'red' })],
    ['invalid-request', 400, '/body/items/1/kind', create('permits', { slug: 'x' })],
    [
      'unknown-reference',
      400,
      '/body/items/1/record/issuer',
      create('permit', { slug: 'x', title: 'P', issuer: '$nobody' }),
    ],
    [
      'quote-not-found',
      422,
      '/body/items/1/record/citations/0/quote',
      actor('x', { citations: [citationBody({ quote: 'Turkey has pressed Ottawa' })] }),
    ],
    [
      'quote-ambiguous',
      422,
      '/body/items/1/record/citations/1/quote',
      actor('x', { citations: [citationBody(), citationBody({ quote: 'Turkey' })] }),
    ],
    [
      'quote-in-boilerplate',
      422,
      '/body/items/1/record/citations/0/quote',
      actor('x', { citations: [citationBody({ quote: 'burned 19 old-growth trees' })] }),
    ],
    ['citation-missing', 422, '/body/items/1/record/citations', actor('x', { citations: [] })],
    ['slug-taken', 409, '/body/items/1/record/slug', actor('baykar')],
    [
      'not-found',
      404,
      '/body/items/1',
      { op: 'update', kind: 'actor', ref: 'nobody', ifMatch: '*', patch: {} },
    ],
    [
      'precondition-required',
      428,
      '/body/items/1',
      { op: 'update', kind: 'actor', ref: 'baykar', patch: {} },
    ],
    [
      'precondition-failed',
      412,
      '/body/items/1',
      { op: 'retract', kind: 'actor', ref: 'baykar', ifMatch: '"0"', reason: 'x' },
    ],
    [
      'still-referenced',
      409,
      '/body/items/1',
      { op: 'retract', kind: 'actor', ref: 'baykar', ifMatch: '*', reason: 'x' },
    ],
    [
      'invalid-request',
      400,
      '/body/items/1/patch/name',
      { op: 'update', kind: 'actor', ref: 'baykar', ifMatch: '*', patch: { name: null } },
    ],
    [
      'impossible-transition',
      422,
      '/body/items/1/record/effects/0/becomes',
      create('event', {
        slug: 'x',
        type: 'permit-decision',
        title: 'E',
        on: { edtf: '2019' },
        effects: [{ permit: 'wescam-mx15d-baykar-2020', becomes: 'suspended' }],
      }),
    ],
  ]

  test.each(refused)('%s (%i) at %s', async (code, status, pointer, item) => {
    const before = await head()
    const answer = await batch([actor('never-there'), item, actor('never-there-either')])
    expect([answer.status, answer.body.type]).toEqual([status, `/problems/${code}`])
    expect(answer.body.errors.map((bad: { pointer: string }) => bad.pointer)).toContain(pointer)
    expect(await head()).toBe(before)
    await t.api.get('/v1/actors/never-there').expect(404)
  })

  test('410 for a retracted record', async () => {
    await w.createActor('was-retracted')
    await w.del('/v1/actors/was-retracted', { reason: 'x' })
    const item = { op: 'update', kind: 'actor', ref: 'was-retracted', ifMatch: '*', patch: {} }
    const { status, body } = await batch([item])
    expect([status, body.type, body.errors[0].pointer]).toEqual([
      410,
      '/problems/retracted',
      '/body/items/0',
    ])
  })

  test('409 for a correction with the slug of another record', async () => {
    const patch = { slug: 'turkey' }
    const item = { op: 'update', kind: 'actor', ref: 'baykar', ifMatch: '*', patch }
    const { status, body } = await batch([actor('never-there'), item])
    expect([status, body.type, body.errors[0].pointer]).toEqual([
      409,
      '/problems/slug-taken',
      '/body/items/1/patch/slug',
    ])
  })

  test('409 for two items with the same slug', async () => {
    const { status, body } = await batch([actor('same'), actor('same')])
    expect([status, body.type, body.errors[0].pointer]).toEqual([
      409,
      '/problems/slug-taken',
      '/body/items/1/record/slug',
    ])
  })
})
