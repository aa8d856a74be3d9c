import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import {
  buildAffiliation,
  buildEvent,
  buildGood,
  storeRecords,
} from '../harness/record-builders.ts'
import { kindPaths, readSlugs } from '../harness/record-reader.ts'

const t = useApp()

/** Dates with equal bounds, open dates, and none. */
const dates = ['2020-05', '2020-05-01', '2020', '../2019', '2018/..', '2020-05', '2019?', null]
const on = (edtf: string | null | undefined) => (edtf ? { edtf } : null)

beforeAll(async () => {
  const events = Array.from({ length: 40 }, (_, index) =>
    buildEvent({ title: `Event ${index % 3}`, on: on(dates[index % dates.length]) }),
  )
  const names = [
    'Zebra',
    'zebra',
    'Zébra',
    'ähnlich',
    'Aehnlich',
    'Ähnlich',
    'a b',
    'a-b',
    '10',
    '9',
  ]
  const goods = names.map((designation) => buildGood({ designation }))
  await storeRecords(t.database, ...events, ...goods)
  await storeRecords(t.database, ...dates.map((date) => buildAffiliation({ during: on(date) })))
})

const sorts: Record<string, string[]> = {
  cases: ['name', 'slug', 'revision'],
  articles: ['name', 'slug', 'revision', 'publishedOn'],
  actors: ['name', 'slug', 'revision'],
  affiliations: ['name', 'slug', 'revision', 'during'],
  goods: ['name', 'slug', 'revision'],
  permits: ['name', 'slug', 'revision', 'issuedOn'],
  measures: ['name', 'slug', 'revision', 'imposedOn'],
  events: ['name', 'slug', 'revision', 'on'],
  citations: ['recorded', 'start'],
}

type Page = { data: { id: string }[]; next: string | null }
const page = async (url: string): Promise<Page> => (await t.api.get(url).expect(200)).body
const ids = ({ data }: Page) => data.map(({ id }) => id)

/** The ids of all pages of a list. */
async function readAllPages(url: string, limit: number): Promise<string[]> {
  const allIds: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const current: Page = await page(`${url}&limit=${limit}${cursor && `&cursor=${cursor}`}`)
    expect(current.data.length).toBeLessThanOrEqual(limit)
    if (current.next !== null) expect(current.data).toHaveLength(limit)
    allIds.push(...ids(current))
    cursor = current.next
  }
  return allIds
}

describe('following next', () => {
  test.each(Object.entries(sorts).flatMap(([kind, names]) => names.map((name) => [kind, name])))(
    '/v1/%s?sort=%s: pages have the order of one big page, and -sort the reverse order',
    async (kind, name) => {
      const forward = ids(await page(`/v1/${kind}?sort=${name}&limit=200`))
      expect(new Set(forward).size).toBe(forward.length)
      const backward = ids(await page(`/v1/${kind}?sort=-${name}&limit=200`))
      if (forward.length < 200) expect(backward).toEqual(forward.toReversed())
      const length = Math.ceil(forward.length / 3)
      expect((await readAllPages(`/v1/${kind}?sort=${name}`, length)).slice(0, 200)).toEqual(
        forward,
      )
      expect((await readAllPages(`/v1/${kind}?sort=-${name}`, length)).slice(0, 200)).toEqual(
        backward,
      )
    },
  )

  test('returns every entry once for any limit, sort, direction and filter', async () => {
    const filters = ['', 'type=statement&', 'from=2019&', 'to=2020-05&certainty=certain&']
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...filters),
        fc.constantFrom('name', 'slug', 'revision', 'on'),
        fc.constantFrom('', '-'),
        fc.integer({ min: 1, max: 60 }),
        async (filter, name, sign, limit) => {
          const url = `/v1/events?${filter}sort=${sign}${name}`
          const whole = ids(await page(`${url}&limit=200`))
          expect(await readAllPages(url, limit)).toEqual(whole)
        },
      ),
      { numRuns: 12 },
    )
  })

  test('limit=1 misses no entry among entries with equal sort values', async () => {
    const whole = await readSlugs(t, '/v1/affiliations?sort=name&limit=200')
    expect(await readAllPages('/v1/affiliations?sort=name', 1)).toHaveLength(whole.length)
  })

  test('an insert between pages repeats and skips nothing', async () => {
    const first = await page('/v1/goods?sort=name&limit=5')
    const rest = await page(`/v1/goods?sort=name&limit=200&cursor=${first.next}`)
    await storeRecords(t.database, buildGood({ designation: '0 before all' }))
    expect(await page(`/v1/goods?sort=name&limit=200&cursor=${first.next}`)).toEqual(rest)
  })

  test('names sort without case and accents', async () => {
    const { data } = (await t.api.get('/v1/goods?sort=name&limit=200').expect(200)).body
    const folded = data.map(({ designation }: { designation: string }) =>
      designation.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase(),
    )
    expect(folded).toEqual(folded.toSorted())
    expect(folded.filter((name: string) => name === 'zebra')).toHaveLength(3)
  })
})

describe('a page', () => {
  test('has 50 entries by default and at most 200', async () => {
    expect((await page('/v1/citations')).data).toHaveLength(50)
    expect((await page('/v1/citations?limit=200')).data).toHaveLength(200)
    await t.api.get('/v1/citations?limit=201').expect(400)
  })

  test('next is null on the last page, even a full one', async () => {
    const whole = await page('/v1/goods?limit=200')
    const exact = await page(`/v1/goods?limit=${whole.data.length}`)
    expect(exact).toEqual({ ...whole, next: null })
  })

  test('Link: rel="next" repeats the query with the cursor; the last page has none', async () => {
    const url = '/v1/events?type=statement&type=use&sort=-on&limit=7&title=event'
    const { body, headers } = await t.api.get(url).expect(200)
    const [, nextUrl = ''] = /^<(\/v1\/events\?.+)>; rel="next"$/.exec(headers.link ?? '') ?? []
    expect(Object.fromEntries(new URLSearchParams(nextUrl.split('?')[1]))).toMatchObject({
      sort: '-on',
      limit: '7',
      title: 'event',
      cursor: body.next,
    })
    expect(new URLSearchParams(nextUrl.split('?')[1]).getAll('type')).toEqual(['statement', 'use'])
    const following = await t.api.get(nextUrl).expect(200)
    expect(ids(following.body)).toEqual(ids(await page(`${url}&cursor=${body.next}`)))
    const last = await t.api.get('/v1/cases').expect(200)
    expect(last.headers.link).toBeUndefined()
  })

  test('a cursor is valid with its filters in another order', async () => {
    const { next } = await page('/v1/events?type=statement&from=2019&limit=3')
    await page(`/v1/events?cursor=${next}&from=2019&limit=5&type=statement`)
  })
})

describe('count=true', () => {
  test('returns the total over all pages; without it there is no total', async () => {
    for (const kind of [...kindPaths, 'citations']) {
      const all = await readAllPages(`/v1/${kind}?`, 200)
      const { body } = await t.api.get(`/v1/${kind}?limit=1&count=true`).expect(200)
      expect(body.total).toBe(all.length)
      expect((await t.api.get(`/v1/${kind}?count=false`).expect(200)).body).not.toHaveProperty(
        'total',
      )
    }
  })

  test('counts the filtered entries, on every page', async () => {
    const url = '/v1/events?type=statement&limit=5&count=true'
    const { body } = await t.api.get(url).expect(200)
    expect(body.total).toBe((await readSlugs(t, '/v1/events?type=statement&limit=200')).length)
    const second = await t.api.get(`${url}&cursor=${body.next}`).expect(200)
    expect(second.body.total).toBe(body.total)
    const none = await t.api.get('/v1/events?type=application&count=true').expect(200)
    expect(none.body).toEqual({ data: [], next: null, total: 0 })
  })

  test('CSV and NDJSON have the total in a header', async () => {
    for (const format of ['csv', 'ndjson']) {
      const { headers } = await t.api.get(`/v1/cases?format=${format}&count=true`).expect(200)
      expect(headers['x-total-count']).toBe('1')
    }
  })
})

describe('400 invalid-cursor', () => {
  const encode = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url')
  const decode = (cursor: string) =>
    JSON.parse(Buffer.from(cursor.split('~')[0] ?? '', 'base64url').toString())
  const cursorOf = async (url: string) => (await page(url)).next ?? ''

  async function refused(url: string, detail: string, at: string) {
    const { body, headers } = await t.api.get(url).expect(400)
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect(body).toEqual({
      type: '/problems/invalid-cursor',
      title: 'Invalid cursor',
      status: 400,
      detail,
      errors: [{ pointer: '/query/cursor', detail: at }],
    })
  }
  const notOurs = ['The cursor was not given out by this server.', 'not a cursor'] as const
  const ofAnother = [
    'The cursor was given out for another list, other filters or another sort.',
    'of another list',
  ] as const

  test.each([
    ['a word', 'garbage'],
    ['not JSON', Buffer.from('{"a":').toString('base64url')],
    ['JSON of another form', encode({ position: 'a' })],
    ['too few parts', encode(['2020-01-01'])],
    ['no id', encode(['2020-01-01', 'an-id', '["on",[]]'])],
    ['numbers', encode([1, 2, 3])],
    ['a long word', 'a'.repeat(4_000)],
  ])('%s', async (_what, cursor) => {
    await refused(`/v1/events?cursor=${cursor}`, ...notOurs)
  })

  test.each([
    ['/v1/events?limit=1', '9999-99-99'],
    ['/v1/events?limit=1', 'a day'],
    ['/v1/events?limit=1', ''],
    ['/v1/events?limit=1&sort=revision', '99999999999999999999'],
    ['/v1/events?limit=1&sort=revision', 'NaN'],
    ['/v1/events?limit=1&sort=name', 'nul \u0000'],
    ['/v1/citations?limit=1&sort=start', '4000000000'],
    ['/v1/citations?limit=1', 'not-a-uuid'],
  ])('%s with the position %j, in all formats', async (url, position) => {
    const [, ...rest] = decode(await cursorOf(url))
    const cursor = encode([position, ...rest])
    await refused(`${url}&cursor=${cursor}`, ...notOurs)
    for (const format of ['csv', 'ndjson'])
      await refused(`${url.replace('limit=1', `format=${format}`)}&cursor=${cursor}`, ...notOurs)
  })

  test('for a cursor of other filters, another sort or another list', async () => {
    const cursor = await cursorOf('/v1/events?limit=1&from=2019')
    for (const url of ['/v1/events?from=2018&', '/v1/events?', '/v1/events?from=2019&sort=-on&'])
      await refused(`${url}cursor=${cursor}`, ...ofAnother)
    const ofGoods = await cursorOf('/v1/goods?limit=1')
    await refused(`/v1/events?sort=name&cursor=${ofGoods}`, ...ofAnother)
    await refused(`/v1/actors?cursor=${ofGoods}`, ...ofAnother)
  })

  test('an empty cursor is a bad value', async () => {
    const { body } = await t.api.get('/v1/events?cursor=').expect(400)
    expect(body.type).toBe('/problems/invalid-request')
  })
})
