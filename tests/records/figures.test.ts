import { describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { citationBody, useWriteClient } from '../harness/write-client.ts'

const t = useApp()
const w = useWriteClient(t)

const createFigure = (slug: string, fields: object) =>
  w.post('/v1/figures', {
    slug,
    title: `Figure ${slug}`,
    ...fields,
    citations: [citationBody({ field: 'title' })],
  })
const slugsOf = async (query: string) => {
  const { body } = await t.api.get(`/v1/figures?${query}`).expect(200)
  return body.data.map(({ slug }: { slug: string }) => slug)
}

const licences = {
  title: 'Licences of Canada for Turkey, 2020',
  measure: 'licensed-value',
  value: { currency: 'EUR', asStated: 'over €411 million' },
  from: 'canada',
  to: 'turkey',
  category: 'aircraft and their parts',
  controlEntries: [{ list: 'EU ML', code: 'ML10' }],
  period: { edtf: '2020', asStated: 'last year' },
  scope: 'Without temporary exports.',
}

describe('a figure', () => {
  test('reads as it was given, in the list and on its own', async () => {
    const { status, body } = await createFigure('licensed', licences)
    expect(status, JSON.stringify(body)).toBe(201)
    expect(body).toMatchObject({
      kind: 'figure',
      measure: 'licensed-value',
      quantity: null,
      quantityRange: null,
      value: { amount: null, currency: 'EUR', low: '411000000', high: null, excludes: 'low' },
      from: { slug: 'canada' },
      to: { slug: 'turkey' },
      good: null,
      controlEntries: [{ list: 'EU ML', code: 'ML10' }],
      period: { edtf: '2020', earliest: '2020-01-01', latest: '2020-12-31' },
      scope: 'Without temporary exports.',
    })
    const read = await t.api.get('/v1/figures/licensed').expect(200)
    expect(read.body).toEqual(body)
    expect((await t.api.get(`/v1/figures/licensed?revision=${body.revision}`)).body).toEqual(body)
  })

  test('is found by its filters, sorted by its period', async () => {
    await createFigure('cancelled', {
      measure: 'cancellations',
      quantity: 29,
      from: 'canada',
      period: { edtf: '2021-04-12' },
    })
    await createFigure('delivered', {
      measure: 'units-exported',
      quantity: { asStated: 'at least 27 systems' },
      unit: 'system',
      good: 'mx-15d',
      to: 'turkey',
    })
    expect(await slugsOf('sort=-period')).toEqual(['cancelled', 'licensed', 'delivered'])
    for (const [query, expected] of [
      ['measure=cancellations', ['cancelled']],
      ['fromActor=canada', ['cancelled', 'licensed']],
      ['toActor=turkey&currency=EUR', ['licensed']],
      ['good=mx-15d', ['delivered']],
      ['controlCode=ML10', ['licensed']],
      ['from=2021&to=2021', ['cancelled']],
      ['case=canada-turkey-wescam', ['cancelled', 'licensed', 'delivered']],
      ['title=licences', ['licensed']],
    ] as const)
      expect(await slugsOf(query), query).toEqual(expected)
  })

  test.each([
    ['a value measure without a value', { measure: 'exported-value' }, 'value'],
    ['a count without a quantity', { measure: 'refusals' }, 'quantity'],
    [
      'a count with a value',
      { measure: 'refusals', quantity: 3, value: { amount: '5', currency: 'EUR' } },
      'value',
    ],
    [
      'a sum with a quantity',
      { measure: 'licensed-value', quantity: 3, value: { amount: '5', currency: 'EUR' } },
      'quantity',
    ],
    ['an unknown measure', { measure: 'licenses', quantity: 3 }, 'measure'],
  ])('is refused: %s', async (_what, fields, member) => {
    const { status, body } = await createFigure('refused', fields)
    expect([status, body.errors[0].pointer]).toEqual([400, `/body/${member}`])
  })

  test('is refused in a batch and a correction too', async () => {
    await createFigure('corrected', { measure: 'licences', quantity: 3 })
    const path = '/v1/figures/corrected'
    const tag = { 'if-match': await w.readEtag(path) }
    const bad = await w.patch(path, { measure: 'licensed-value' }, tag)
    expect([bad.status, bad.body.errors[0].pointer]).toEqual([400, '/body/quantity'])
    const good = await w.patch(path, { quantity: { asStated: 'nearly 30' } }, tag)
    expect(good.body).toMatchObject({ quantity: null, quantityRange: { low: 27, high: 30 } })
  })
})

describe('figures elsewhere', () => {
  test('search finds them by title, category and scope, in their year', async () => {
    for (const query of ['licences Canada', 'temporary exports', 'aircraft and their parts']) {
      const q = encodeURIComponent(query)
      const { body } = await t.api.get(`/v1/search?q=${q}&kind=figure`).expect(200)
      expect(JSON.stringify(body.data), query).toContain('/v1/figures/licensed')
    }
  })

  test('the reconciliation service has them as a type', async () => {
    const queries = { q0: { query: 'Licences of Canada for Turkey, 2020', type: 'figure' } }
    const { body } = await t.api
      .get(`/reconcile?queries=${encodeURIComponent(JSON.stringify(queries))}`)
      .expect(200)
    expect(body.q0.result[0]).toMatchObject({
      name: 'Licences of Canada for Turkey, 2020',
      match: true,
    })
    const extend = { ids: [body.q0.result[0].id], properties: [{ id: 'amount' }, { id: 'to' }] }
    const answer = await t.api
      .get(`/reconcile?extend=${encodeURIComponent(JSON.stringify(extend))}`)
      .expect(200)
    expect(JSON.stringify(answer.body.rows)).toMatch(/over €411 million.*Turkey/)
  })

  test('CSV, NDJSON, FollowTheMoney and annotations have them', async () => {
    const read = async (format: string) =>
      (await t.api.get(`/v1/figures?format=${format}`).buffer(true).expect(200)).text as string
    expect(await read('csv')).toContain('Licences of Canada for Turkey, 2020')
    expect((await read('ndjson')).trim().split('\n').length).toBeGreaterThan(2)
    const [link] = (await read('ftm'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(link).toMatchObject({
      schema: 'UnknownLink',
      properties: { role: ['licensed-value'], date: ['2020'] },
    })
  })

  test('the case file, its coverage and its bundle have them', async () => {
    const file = await t.api.get('/v1/cases/canada-turkey-wescam/file').expect(200)
    expect(file.body.figures.map(({ slug }: { slug: string }) => slug)).toContain('licensed')
    const coverage = await t.api.get('/v1/cases/canada-turkey-wescam/coverage').expect(200)
    const licensed = coverage.body.records.find(
      ({ record }: { record: { slug: string } }) => record.slug === 'licensed',
    )
    expect(licensed.missing).toEqual([
      'measure',
      'value',
      'from',
      'to',
      'controlEntries.0',
      'category',
      'period',
      'scope',
    ])
  })

  test('a retracted figure is gone, and an actor that it names stays', async () => {
    await createFigure('mistaken', { measure: 'refusals', quantity: 2, to: 'azerbaijan' })
    const used = await w.del('/v1/actors/azerbaijan', { reason: 'x' })
    expect(JSON.stringify(used.body)).toContain('/v1/figures/mistaken')
    expect((await w.del('/v1/figures/mistaken', { reason: 'x' })).status).toBe(200)
    expect(await slugsOf('toActor=azerbaijan')).toEqual([])
  })
})
