import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { createKey } from '../../src/access/queries.ts'
import type { SearchAnswer, SearchHit } from '../../src/answers/search/schema.ts'
import { useApp } from '../harness/app.ts'
import {
  buildActor,
  buildArticle,
  buildCase,
  buildCitation,
  buildEvent,
  storeRecords,
} from '../harness/record-builders.ts'
import { kindPaths } from '../harness/record-reader.ts'

const t = useApp()
let key: string

beforeAll(async () => {
  const made = await createKey(t.database.db, { name: 'desk', scope: 'write', expiresAt: null })
  key = made?.text ?? ''
})

const ask = async (q: string, more = ''): Promise<SearchAnswer> =>
  (await t.api.get(`/v1/search?q=${encodeURIComponent(q)}${more}`).expect(200)).body
const slugs = async (q: string, more = '') =>
  (await ask(q, more)).data.map(({ record }) => record.slug)
const first = async (q: string): Promise<SearchHit | undefined> => (await ask(q)).data[0]

const send = (method: 'post' | 'patch' | 'delete', path: string, body: object) =>
  t.api[method](path).set('Authorization', `Bearer ${key}`).send(body)
/** Changes a record as it stands now. */
async function change(method: 'patch' | 'delete' | 'post', path: string, body: object, of = path) {
  const { headers } = await t.api.get(of).expect(200)
  return send(method, path, body).set('If-Match', String(headers.etag)).expect(200)
}

describe('search in the seed', () => {
  test.each([
    ['Turkey', 'turkey'],
    ['Francois-Philippe', 'francois-philippe-champagne'],
    ['FRANÇOIS', 'francois-philippe-champagne'],
    ['champagne', 'francois-philippe-champagne'],
    ['Baykr', 'baykar'],
    ['Azerbijan', 'azerbaijan'],
    ['Galagher', 'kelsey-gallagher'],
    ['mx 15d', 'mx-15d'],
    ['MX-15D', 'mx-15d'],
    ['Ankara', 'turkey'],
    ['wescam', 'l3harris-wescam'],
    ['panarmenian.net', 'panarmenian-net'],
    ['"deputy minister of foreign affairs"', 'morgan-deputy-minister-of-foreign-affairs'],
  ])('%s: first %s', async (q, slug) => {
    expect((await first(q))?.record.slug).toBe(slug)
  })

  test('finds words of a quote, with its citation', async () => {
    const [hit] = (await ask('"What is the logic here"', '&kind=event')).data
    expect(hit).toMatchObject({ kind: 'event', record: { slug: 'gallagher-asks-why' } })
    const quote = hit?.snippets.find(({ field }) => field === 'citations')
    const { body } = await t.api.get(`/v1/citations/${quote?.passage?.citation}`).expect(200)
    expect(quote?.passage).toMatchObject({ start: body.start, end: body.end })
    expect(quote?.text).toBe(body.quote)
  })

  test('supports AND, OR and exclusion', async () => {
    const [syria, idlib, both, either, without] = await Promise.all(
      ['syria', 'idlib', 'syria idlib', 'syria or idlib', 'syria -idlib'].map((q) =>
        slugs(q, '&limit=100'),
      ),
    )
    expect(new Set(either)).toEqual(new Set([...(syria ?? []), ...(idlib ?? [])]))
    expect(new Set(both)).toEqual(new Set(syria?.filter((slug) => idlib?.includes(slug))))
    expect(new Set(without)).toEqual(new Set(syria?.filter((slug) => !idlib?.includes(slug))))
    expect(both?.length).toBeGreaterThan(0)
    expect(without?.length).toBeGreaterThan(0)
  })

  test('finds a phrase only where its words are adjacent', async () => {
    expect(await slugs('"arms embargo"')).toContain('canada-arms-embargo-turkey-2019')
    expect(await slugs('"embargo arms"')).toEqual([])
  })

  test('matches singular and plural', async () => {
    expect(await slugs('drone')).toContain('turkish-made-drones')
    expect(await slugs('embargos')).toContain('canada-arms-embargo-turkey-2019')
  })

  test('reports a corrected word, and never corrects an existing word', async () => {
    expect((await ask('Baykr')).corrections).toEqual([{ from: 'Baykr', to: ['baykar'] }])
    expect((await ask('Baykr permit')).data.length).toBeGreaterThan(0)
    expect((await ask('Baykar')).corrections).toEqual([])
    expect(await ask('Xyzzy')).toEqual({
      data: [],
      next: null,
      total: { count: 0, isExact: true },
      corrections: [],
      facets: { kind: [], case: [], year: [] },
    })
  })

  test.each(['Putin', 'Pashinyan', 'USAID', '"old-growth trees"', '"Top stories"', 'Hajiyev'])(
    'boilerplate is not: %s',
    async (q) => {
      expect((await ask(q)).data).toEqual([])
    },
  )
})

describe('a snippet of a body', () => {
  const ofBody = async (q: string) => {
    const { data } = await ask(q, '&kind=article')
    return data[0]?.snippets.find(({ field }) => field === 'body')
  }

  test('has exact offsets and highlights', async () => {
    const body = [...(await t.api.get('/v1/articles/turkey-pressed-canada/body')).text]
    for (const q of ['logic', 'idlib', 'francois', '"seven mx-15d"', 'karabakh']) {
      const snippet = await ofBody(q)
      const { start = 0, end = 0 } = snippet?.passage ?? {}
      expect(body.slice(start, end).join('')).toBe(snippet?.text)
      for (const { start, end } of snippet?.highlights ?? [])
        expect([...(snippet?.text ?? '')].slice(start, end).join('')).toMatch(
          /^(logic|Idlib|François|seven MX-15D|Karabakh)$/i,
        )
      expect(snippet?.highlights.length).toBeGreaterThan(0)
    }
  })

  test('can be sent as a citation unchanged', async () => {
    const snippet = await ofBody('safeguard civilians')
    const event = { slug: 'cited-from-search', type: 'statement', title: 'Found and cited' }
    const made = await send('post', '/v1/events', { ...event, citations: [snippet?.cite] }).expect(
      201,
    )
    expect(made.body.citations).toMatchObject([
      {
        quote: snippet?.text,
        start: snippet?.passage?.start,
        end: snippet?.passage?.end,
        article: { slug: 'turkey-pressed-canada' },
      },
    ])
  })

  test('of repeated words has a distinguishing context', async () => {
    const line = 'A quince was shipped.'
    const body = `${line}\nFirst.\n${line}\nSecond.`
    await storeRecords(t.database, buildArticle({ slug: 'twice', body, source: Buffer.from(body) }))
    const [hit] = (await ask('quince')).data
    const cite = hit?.snippets[0]?.cite
    const event = { slug: 'a-quince', type: 'statement', title: 'Shipped' }
    await send('post', '/v1/events', { ...event, citations: [cite] }).expect(201)
  })

  test('of a long text in parts has offsets in the whole text', async () => {
    const { pool } = t.database
    const parts = ['alpha kumquat\n', 'beta persimmon\n']
    const body = parts.join('')
    await storeRecords(
      t.database,
      buildArticle({ slug: 'in-parts', body, source: Buffer.from(body) }),
    )
    const { rows } = await pool.query(`UPDATE article SET body = NULL, source = NULL FROM record
      WHERE record.id = article.id AND slug = 'in-parts' RETURNING article.id`)
    for (const [text, start] of [
      [parts[0], 0],
      [parts[1], 14],
    ])
      await pool.query(
        `INSERT INTO article_part SELECT $1, $2::int, length($3), $3, repeat('0', 64), ''`,
        [rows[0].id, start, text],
      )
    await pool.query('SELECT refresh_search(ARRAY[$1::uuid])', [rows[0].id])
    const [hit] = (await ask('persimmon')).data
    expect(hit?.record.slug).toBe('in-parts')
    expect(hit?.snippets[0]).toMatchObject({
      text: 'beta persimmon',
      passage: { start: 14, end: 28 },
    })
    expect((await ask('kumquat persimmon')).data).toEqual([])
  })
})

describe('facets and filters', () => {
  test('facets count results by kind, case and year', async () => {
    const { data, facets, total } = await ask('turkey', '&limit=100')
    expect(total).toEqual({ count: data.length, isExact: true })
    const byKind = Map.groupBy(data, ({ kind }) => kind)
    expect(new Map(facets.kind.map(({ value, count }) => [value, count]))).toEqual(
      new Map([...byKind].map(([kind, hits]) => [kind, hits.length])),
    )
    const [ofCase] = facets.case
    expect(ofCase?.value.slug).toBe('canada-turkey-wescam')
    expect(facets.year.map(({ value }) => value)).toEqual([2019, 2020, 2021])
  })

  test('the count of a facet equals the results of its filter', async () => {
    const { facets } = await ask('canada')
    for (const { value, count } of facets.kind)
      expect((await ask('canada', `&kind=${value}`)).total.count).toBe(count)
    for (const { value, count } of facets.year)
      expect((await ask('canada', `&year=${value}`)).total.count).toBe(count)
    const both = await ask('canada', '&kind=permit&kind=measure')
    expect(new Set(both.data.map(({ kind }) => kind))).toEqual(new Set(['permit', 'measure']))
  })

  test('filters by slug or id of a case, and refuses an unknown one', async () => {
    const { body } = await t.api.get('/v1/cases/canada-turkey-wescam')
    const [bySlug, byId] = await Promise.all([
      ask('baykar', '&case=canada-turkey-wescam'),
      ask('baykar', `&case=${body.id}`),
    ])
    expect(bySlug.data.length).toBeGreaterThan(0)
    expect(byId.data).toEqual(bySlug.data)
    const refused = await t.api.get('/v1/search?q=baykar&case=canada-turkey-wescan').expect(400)
    expect(refused.body.detail).toContain('Did you mean "canada-turkey-wescam"?')
  })

  test('a slug of the length of an id is read as a slug', async () => {
    const slug = 'canada-turkey-wescam-targeting-units'
    expect([slug.length, slug.split('-').length]).toEqual([36, 5])
    const { body } = await t.api.get(`/v1/search?q=baykar&case=${slug}`).expect(400)
    expect(body.detail).toContain(slug)
  })

  test('pages follow one another without gap or repetition', async () => {
    const whole = await slugs('canada', '&limit=100')
    const paged: string[] = []
    let cursor = ''
    do {
      const page = await ask('canada', `&limit=3${cursor}`)
      paged.push(...page.data.map(({ record }) => record.slug))
      cursor = page.next === null ? '' : `&cursor=${page.next}`
    } while (cursor)
    expect(paged).toEqual(whole)
  })

  test('a cursor belongs to its search', async () => {
    const { next } = await ask('canada', '&limit=3')
    const { body } = await t.api.get(`/v1/search?q=turkey&cursor=${next}`).expect(400)
    expect(body.type).toBe('/problems/invalid-cursor')
    await t.api.get('/v1/search?q=turkey&cursor=abc').expect(400)
  })
})

describe('the index follows writes at once', () => {
  test('finds a new and a corrected record, but no retracted one', async () => {
    const actor = { slug: 'zorblatt', type: 'company', name: 'Zorblatt Works' }
    const citations = [buildCitation({ voices: [] })]
    await send('post', '/v1/actors', { ...actor, citations }).expect(201)
    expect(await slugs('zorblatt')).toEqual(['zorblatt'])
    await change('patch', '/v1/actors/zorblatt', { name: 'Quuxley', aliases: [{ name: 'Grault' }] })
    expect(await slugs('zorblatt')).toEqual([])
    expect(await slugs('grault')).toEqual(['zorblatt'])
    await change('delete', '/v1/actors/zorblatt', { reason: 'never was' })
    expect(await slugs('quuxley')).toEqual([])
  })

  test('follows added and deleted citations', async () => {
    const quote = 'Six total incidents of plugh'
    await storeRecords(
      t.database,
      buildArticle({ slug: 'plugh', body: quote, source: Buffer.from('plugh') }),
    )
    expect(await slugs('plugh')).toEqual(['plugh'])
    const cited = await send('post', '/v1/actors/baykar/citations', { article: 'plugh', quote })
    expect(cited.status).toBe(201)
    expect(new Set(await slugs('plugh'))).toEqual(new Set(['plugh', 'baykar']))
    const [hit] = (await ask('plugh', '&kind=actor')).data
    const id = hit?.snippets[0]?.passage?.citation
    await change('delete', `/v1/citations/${id}`, {})
    expect(await slugs('plugh')).toEqual(['plugh'])
  })

  test('names of a merged actor find the target', async () => {
    await storeRecords(t.database, buildActor({ slug: 'thud-one', name: 'Thud Makina' }))
    await storeRecords(t.database, buildActor({ slug: 'thud-two', name: 'Thud Defence' }))
    await change('post', '/v1/actors/thud-one/merge', { into: 'thud-two' }, '/v1/actors/thud-one')
    expect(await slugs('"thud makina"')).toEqual(['thud-two'])
  })

  test('moving an article to another case moves the records that cite it', async () => {
    await storeRecords(t.database, buildCase({ slug: 'other-case' }))
    const body = 'Words of waldo.'
    await storeRecords(t.database, buildArticle({ slug: 'waldo', body, source: Buffer.from(body) }))
    await storeRecords(
      t.database,
      buildEvent({
        slug: 'waldo-spoke',
        citations: [buildCitation({ article: 'waldo', quote: 'waldo' })],
      }),
    )
    expect(await slugs('waldo', '&case=other-case')).toEqual([])
    await change('patch', '/v1/articles/waldo', { case: 'other-case' })
    expect(new Set(await slugs('waldo', '&case=other-case'))).toEqual(
      new Set(['waldo', 'waldo-spoke']),
    )
  })

  test('the index equals a rebuilt one', async () => {
    const { pool } = t.database
    const rows = async () => {
      const documents = await pool.query('SELECT * FROM search_document ORDER BY record_id, part')
      const names = await pool.query('SELECT * FROM search_name ORDER BY record_id, position')
      return [documents.rows, names.rows]
    }
    const kept = await rows()
    await pool.query('SELECT refresh_search(ARRAY(SELECT id FROM record))')
    expect(await rows()).toEqual(kept)
    expect(kept[0]?.length).toBeGreaterThan(kindPaths.length)
  })
})

describe('a word in very many records', () => {
  beforeAll(async () => {
    for (const batch of [0, 1, 2]) {
      const items = Array.from({ length: 900 }, (_, index) => {
        const number = batch * 900 + index
        const [type, name] = number % 3 === 0 ? ['company', 'Garply'] : ['person', 'Fred']
        const citations = [buildCitation({ voices: [] })]
        const actor = { slug: `garply-${number}`, type, name: `${name} ${number}`, citations }
        return { op: 'create', kind: 'actor', record: { ...actor, aliases: [{ name: 'Garply' }] } }
      })
      await send('post', '/v1/batch', { items }).expect(200)
    }
  })

  test('counts at most 2,000 results', async () => {
    const { total, facets } = await ask('garply')
    expect(total).toEqual({ count: 2000, isExact: false })
    expect(facets.kind).toEqual([{ value: 'actor', count: 2000 }])
    expect(facets.case).toMatchObject([{ value: { slug: 'canada-turkey-wescam' }, count: 2000 }])
  })

  test('counts all of fewer results', async () => {
    expect((await ask('fred')).total).toEqual({ count: 1800, isExact: true })
    expect((await ask('garply -fred')).total).toEqual({ count: 900, isExact: true })
  })

  test('the record with the exact name is first', async () => {
    for (const number of [7, 1203, 2698]) {
      const name = number % 3 === 0 ? 'Garply' : 'Fred'
      expect((await slugs(`${name} ${number}`))[0]).toBe(`garply-${number}`)
    }
    const phrase = await ask('"garply 1203"')
    expect(phrase.data.map(({ record }) => record.slug)).toEqual(['garply-1203'])
  })

  test('pages of the ranked results have no gaps and duplicates', async () => {
    const paged: SearchHit[] = []
    let cursor = ''
    do {
      const page = await ask('garply', `&limit=100${cursor}`)
      paged.push(...page.data)
      cursor = page.next === null ? '' : `&cursor=${page.next}`
    } while (cursor)
    expect(new Set(paged.map(({ record }) => record.id)).size).toBe(paged.length)
    expect(paged.length).toBeGreaterThanOrEqual(400)
    const scores = paged.map(({ score }) => score)
    expect(scores).toEqual(scores.toSorted((a, b) => b - a))
  })
})

describe('bad input', () => {
  test.each([
    ['nothing', ''],
    ['no words', '""'],
    ['only what must not be there', '-turkey'],
    ['2,000 characters', 'a'.repeat(2_000)],
    ['1,000 words', 'a '.repeat(499)],
  ])('%s: 400 with the pointer to q', async (_what, q) => {
    const { body } = await t.api.get('/v1/search').query({ q }).expect(400)
    expect(body.errors[0].pointer).toBe('/query/q')
  })

  test('10,000 characters as a URL: 414', async () => {
    await t.api.get(`/v1/search?q=${'a'.repeat(10_000)}`).expect(414)
  })

  test.each([
    '"unbalanced',
    'the of and',
    "';--",
    'a & !b | (c',
    ':*',
    '\\',
    '\u0001x\u0001',
    '%_',
    'ŉ',
    '½ x',
  ])('answers %j', async (q) => {
    const { status } = await t.api.get('/v1/search').query({ q })
    expect([200, 400]).toContain(status)
  })

  test('never a 500 for any text', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(text, async (q) => {
        fc.pre(q.isWellFormed())
        const { status } = await t.api.get('/v1/search').query({ q })
        return status === 200 || status === 400
      }),
      { numRuns: 150 },
    )
  })
})
