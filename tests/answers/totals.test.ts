import { JSDOM } from 'jsdom'
import { beforeAll, describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { citationBody, useWriteClient } from '../harness/write-client.ts'

const t = useApp()
const w = useWriteClient(t)
const citations = [citationBody()]
const markup = '<script>alert(1)</script> & "Optics"'

/** Permits of 2010 and later with other parties than those of the seed. */
const permits = [
  {
    slug: 'p1',
    on: '2010-02-03',
    destinations: ['azerbaijan'],
    value: { amount: '100.50', currency: 'EUR' },
  },
  {
    slug: 'p2',
    on: '2010-05',
    destinations: ['azerbaijan', 'turkey'],
    value: { amount: '200', currency: 'CAD' },
  },
  {
    slug: 'p3',
    on: '2010',
    destinations: ['turkey'],
    value: { low: '10', high: '30', currency: 'EUR' },
  },
  { slug: 'p4', on: '2010-12/2011-01', destinations: [], permitCount: { low: 3, high: 3 } },
  { slug: 'p5', on: '2011-07-01', destinations: ['turkey'], value: { low: '5', currency: 'EUR' } },
]
const items = [
  [
    {
      good: 'sight-a',
      quantity: { low: 4, high: 4 },
      unit: 'pieces',
      controlEntries: [{ list: 'EU ML', code: 'ML10a' }],
      value: { amount: '60.5', currency: 'EUR' },
    },
    {
      good: 'sight-b',
      quantity: { low: 1, high: 2 },
      unit: 'pieces',
      controlEntries: [{ list: 'EU ML', code: 'ML10c' }],
    },
  ],
  [{ good: 'sight-b', controlEntries: [{ list: 'EU dual-use', code: '6A003' }] }],
  [
    {
      good: 'sight-b',
      quantity: { low: 7, high: 7 },
      unit: 'kg',
      controlEntries: [{ list: 'EU ML', code: 'ML10' }],
    },
  ],
  [],
  [{ good: 'sights' }],
] as const

beforeAll(async () => {
  const items0 = [
    { kind: 'actor', record: { slug: 'markup', type: 'company', name: markup, citations } },
    { kind: 'good', record: { slug: 'sights', designation: 'Sights', citations } },
    {
      kind: 'good',
      record: { slug: 'sight-a', designation: 'Sight A', family: 'sights', citations },
    },
    {
      kind: 'good',
      record: { slug: 'sight-b', designation: 'Sight B', family: 'sights', citations },
    },
    ...permits.map(({ slug, on: _, ...permit }, index) => ({
      kind: 'permit',
      record: {
        slug,
        title: slug,
        issuer: 'turkey',
        exporter: 'markup',
        items: items[index],
        citations,
        ...permit,
      },
    })),
    ...permits.map(({ slug, on }) => ({
      kind: 'event',
      record: {
        slug: `issue-${slug}`,
        type: 'permit-decision',
        title: `Turkey issues ${slug}`,
        on: { edtf: on },
        effects: [{ permit: slug, becomes: 'issued' }],
        citations,
      },
    })),
    {
      kind: 'event',
      record: {
        slug: 'd1',
        type: 'delivery',
        title: 'Delivery',
        on: { edtf: '2011' },
        participants: [{ actor: 'markup', role: 'supplier' }],
        goods: ['sight-a'],
        items: [
          {
            good: 'sight-a',
            quantity: { low: 5, high: 5 },
            unit: 'pieces',
            value: { amount: '9', currency: 'USD' },
          },
        ],
        citations,
      },
    },
    ...[
      { slug: 'f1', title: 'Licences', quantity: { low: 5, high: 5 }, period: { edtf: '2010' } },
      {
        slug: 'f2',
        title: 'Licences of spring',
        quantity: { low: 2, high: 2 },
        period: { edtf: '2010-05' },
      },
      {
        slug: 'f3',
        title: 'Licences to Azerbaijan',
        quantity: { low: 9, high: 9 },
        period: { edtf: '2011' },
        to: 'azerbaijan',
      },
    ].map((figure) => ({
      kind: 'figure',
      record: { measure: 'licences', from: 'turkey', citations, ...figure },
    })),
  ].map((item) => ({ op: 'create', ...item }))
  const { body, status } = await w.post('/v1/batch', { items: items0 })
  expect([status, body.errors]).toEqual([200, undefined])
})

type Key = { slug: string } | string | null
type Row = {
  keys: Record<string, Key>
  records: number
  count: { low: number; high: number | null }
  possible: number
  overlapping: number
  list: string | null
  values: object[]
  quantities: object[]
}
type Totals = { data: Row[]; other: (Row & { rows: number }) | null; total: Row }
const read = async (query: string, kind = 'permits'): Promise<Totals> =>
  (await t.api.get(`/v1/${kind}/totals?${query}`).expect(200)).body
const keyOf = (key: Key | undefined) => (typeof key === 'object' && key !== null ? key.slug : key)
const show = ({ data }: Totals, name: string) =>
  Object.fromEntries(data.map((row) => [String(keyOf(row.keys[name])), row.records]))
const mine = 'issuer=turkey'

describe('totals of permits', () => {
  test('by destination: a permit for two states is in both rows, and once in the total', async () => {
    const totals = await read(`${mine}&by=destination`)
    expect(show(totals, 'destination')).toEqual({ turkey: 3, azerbaijan: 2, null: 1 })
    expect(totals.total).toMatchObject({ records: 5, count: { low: 7, high: 7 } })
  })

  test('by year: a date that can lie in two years is in neither, and possible in both', async () => {
    const { data } = await read(`${mine}&by=year`)
    expect(data.map(({ keys, records, possible }) => [keys.year, records, possible])).toEqual([
      ['2010', 3, 1],
      ['2011', 1, 1],
      [null, 1, 0],
    ])
  })

  test('by quarter and month', async () => {
    expect(show(await read(`${mine}&by=quarter`), 'quarter')).toEqual({
      '2010-Q1': 1,
      '2010-Q2': 1,
      '2011-Q3': 1,
      null: 2,
    })
    const { data } = await read(`${mine}&by=month`)
    const may = data.find(({ keys }) => keys.month === '2010-05')
    expect([may?.records, may?.possible]).toEqual([1, 1])
  })

  test('values by currency, exact, with ranges; an open range has no upper sum', async () => {
    const { total } = await read(`${mine}&by=year`)
    expect(total.values).toEqual([
      { unit: 'CAD', records: 1, low: '200', high: '200' },
      { unit: 'EUR', records: 3, low: '115.5', high: null },
    ])
    const { data } = await read(`${mine}&by=year`)
    expect(data[0]?.values).toContainEqual({ unit: 'EUR', records: 2, low: '110.5', high: '130.5' })
  })

  test('by good: quantities and values of its items, by unit', async () => {
    const { data } = await read(`${mine}&by=good`)
    const of = (slug: string) => data.find(({ keys }) => keyOf(keys.good) === slug)
    expect(of('sight-a')).toMatchObject({
      records: 1,
      quantities: [{ unit: 'pieces', low: '4', high: '4', records: 1 }],
      values: [{ unit: 'EUR', low: '60.5', high: '60.5', records: 1 }],
    })
    expect(of('sight-b')?.quantities).toEqual([
      { unit: 'kg', low: '7', high: '7', records: 1 },
      { unit: 'pieces', low: '1', high: '2', records: 1 },
    ])
  })

  test('by family and by control list entry, at any level', async () => {
    expect(show(await read(`${mine}&by=family`), 'family')).toEqual({ sights: 4, null: 1 })
    expect(show(await read(`${mine}&by=controlEntry`), 'controlEntry')).toMatchObject({
      ML10: 2,
      '6A': 1,
    })
    expect(show(await read(`${mine}&by=controlEntry&level=3`), 'controlEntry')).toMatchObject({
      ML10a: 1,
      ML10c: 1,
      ML10: 1,
      '6A003': 1,
    })
    expect(show(await read(`${mine}&by=controlEntry&level=1`), 'controlEntry')).toMatchObject({
      ML: 2,
      '6': 1,
    })
  })

  test.each([
    'by=destination',
    'by=year',
    'by=quarter',
    'by=month',
    'by=exporter',
    'by=consignee',
    'by=endUser',
    'by=issuer',
    'by=good',
    'by=family',
    'by=controlEntry',
    'by=controlEntry&level=3',
    'by=type',
    'by=status',
    'by=destination&by=year',
    'by=destination&by=family&by=quarter',
    'by=consignee&by=endUser&by=year',
    'by=year&from=2010-05',
    'by=year&destination=turkey',
    'by=destination&destination=turkey',
  ])('%s: each link lists exactly the records of its row', async (query) => {
    const totals = await read(query)
    let followed = 0
    for (const { list, records } of [...totals.data, totals.total]) {
      if (list === null) continue
      const { body } = await t.api
        .get(`${list}${list.includes('?') ? '&' : '?'}count=true&limit=1`)
        .expect(200)
      expect([list, body.total]).toEqual([list, records])
      followed += 1
    }
    expect(followed).toBeGreaterThan(0)
  })

  test('sort, limit, and the rows that are left out', async () => {
    const whole = await read(`${mine}&by=destination&sort=key`)
    expect(whole.data.map(({ keys }) => keyOf(keys.destination)).at(-1)).toBeNull()
    const { data, other } = await read(`${mine}&by=year&limit=1&sort=-count`)
    expect([data.length, other?.rows, other?.records]).toEqual([1, 2, 2])
    expect((data[0]?.records ?? 0) + (other?.records ?? 0)).toBe(whole.total.records)
  })

  test('CSV has a line for each measure, NDJSON a row each', async () => {
    const { text } = await t.api.get(`/v1/permits/totals?${mine}&by=year&format=csv`).expect(200)
    const lines = text.trim().split('\r\n')
    expect(lines[0]).toBe('year,measure,unit,low,high,records,possible,list')
    expect(lines).toContain('2010,value,EUR,110.5,130.5,2,1,/v1/permits?issuer=turkey&within=2010')
    const { text: rows } = await t.api.get(`/v1/permits/totals?${mine}&by=year&format=ndjson`)
    expect(rows.trim().split('\n')).toHaveLength(3)
  })

  test.each([
    ['by=colour', 400],
    ['', 400],
    ['by=year&by=month&by=quarter&by=type', 400],
    ['by=year&limit=0', 400],
    ['by=year&issuer=nobody-there', 400],
    ['by=year&form=svg', 400],
    ['by=year&within=2010-13', 400],
  ])('refuses ?%s', async (query, status) => {
    await t.api.get(`/v1/permits/totals?${query}`).expect(status)
  })
})

test('totals of events, with the quantities and values that were delivered', async () => {
  const { data } = await read('type=delivery&by=supplier', 'events')
  const row = data.find(({ keys }) => keyOf(keys.supplier) === 'markup')
  expect(row).toMatchObject({
    records: 1,
    values: [{ unit: 'USD', low: '9' }],
    quantities: [{ unit: 'pieces', low: '5' }],
  })
  const { body } = await t.api.get(`${row?.list}&count=true`).expect(200)
  expect(body.total).toBe(1)
})

test('totals of figures say which figures repeat each other', async () => {
  const { data } = await read('fromActor=turkey&by=year', 'figures')
  expect(
    data.map(({ keys, records, overlapping }) => [keys.measure, keys.year, records, overlapping]),
  ).toEqual([
    ['licences', '2010', 2, 2],
    ['licences', '2011', 1, 0],
  ])
})

describe('charts', () => {
  const draw = async (query: string) => {
    const { body, headers } = await t.api.get(`/v1/permits/totals?${query}&format=svg`).expect(200)
    const text = String(body)
    expect(headers['content-type']).toBe('image/svg+xml; charset=utf-8')
    const { document } = new JSDOM(text, { contentType: 'image/svg+xml' }).window
    expect(document.querySelector('parsererror')).toBeNull()
    expect(document.querySelectorAll('style, script, foreignObject')).toHaveLength(0)
    expect(document.documentElement.getAttribute('role')).toBe('img')
    expect(document.querySelector('title')?.textContent).not.toBe('')
    expect(text.length).toBeLessThan(200_000)
    return document
  }

  test.each([
    ['by=destination', 'circle'],
    ['by=exporter', 'rect'],
    ['by=year', 'path[stroke-dasharray]'],
    ['by=year&by=destination', 'path[stroke-dasharray]'],
    ['by=destination&by=controlEntry', 'rect[fill-opacity]'],
    ['by=destination&chart=bars', 'rect'],
    ['by=year&measure=value&unit=EUR', 'circle'],
    ['by=good&measure=quantity', 'rect'],
    ['by=status&by=type&by=year&chart=heatmap', 'rect'],
    ['issuer=azerbaijan&by=year', 'title'],
  ])('%s', async (query, mark) => {
    expect((await draw(query)).querySelectorAll(mark).length).toBeGreaterThan(0)
  })

  test('names with markup are text, the numbers are said, and the source is named', async () => {
    const document = await draw(`${mine}&by=exporter`)
    expect(document.documentElement.textContent).toContain(markup.slice(0, 30))
    expect(document.querySelector('desc')?.textContent).toContain(`${markup}: 7`)
    expect(document.documentElement.textContent).toMatch(
      /Source: .*\/v1\/permits\/totals, revision \d+/,
    )
  })
})
