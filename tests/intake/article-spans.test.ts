import { beforeAll, describe, expect, test } from 'vitest'
import { createKey } from '../../src/access/queries.ts'
import { verifyAll } from '../../src/answers/verification/verify-all.ts'
import { useApp } from '../harness/app.ts'

const t = useApp()
const inCase = 'canada-turkey-wescam'
let bearer: string

beforeAll(async () => {
  const key = await createKey(t.database.db, { name: 'desk', scope: 'write', expiresAt: null })
  bearer = `Bearer ${key?.text}`
})

const sendPage = (inner: string, name: string) =>
  t.api
    .post('/v1/articles')
    .set('Authorization', bearer)
    .field('case', inCase)
    .field('slug', name)
    .attach('file', Buffer.from(`<html><body><article>${inner}</article></body></html>`), {
      filename: `${name}.html`,
    })
    .expect(201)

const cite = (article: string, quote: string, slug: string) =>
  t.api
    .post('/v1/actors')
    .set('Authorization', bearer)
    .send({ slug, type: 'company', name: slug, citations: [{ article, quote }] })

const patchSpans = (article: string, spans: unknown, etag: string) =>
  t.api
    .patch(`/v1/articles/${article}/spans`)
    .set('Authorization', bearer)
    .set('If-Match', etag)
    .send({ spans })

const readEtag = async (article: string): Promise<string> =>
  (await t.api.get(`/v1/articles/${article}`)).headers.etag ?? ''

describe('what cannot be cited', () => {
  test.each([
    ['a figure with its footnote mark', '142 licences', 'quote-not-found', /does not have/],
    ['struck text', 'the minister', 'quote-in-boilerplate', /struck out/],
    ['hidden text', 'SECRET', 'quote-not-found', /does not have/],
    ['a span across struck text', 'There were 14 12', 'quote-in-boilerplate', /struck out/],
  ])('%s', async (_, quote, code, detail) => {
    const slug = `printed-${code}-${quote.length}`
    await sendPage(
      `<p>In 2019, 14<sup>2</sup> licences were refused.</p><p>There were <del>14</del> <ins>12</ins> licences, <s>the minister</s> a deputy said.<i hidden>SECRET</i></p><p>${slug}</p>`,
      slug,
    )
    const { body } = await cite(slug, quote, `${slug}-actor`).expect(422)
    expect(body.type).toBe(`/problems/${code}`)
    expect(body.detail).toMatch(detail)
    await cite(slug, '14[2] licences were refused', `${slug}-a`).expect(201)
    await cite(slug, '12 licences', `${slug}-b`).expect(201)
  })

  test('a row of a table can be cited, empty cells and all', async () => {
    await sendPage(
      '<p>Licences by year.</p><table><tr><td>Year<td>Refused<td>Granted<tr><td>2020<td><td>3</table>',
      'a-table',
    )
    const { body } = await cite('a-table', '2020\t\t3', 'row-actor').expect(201)
    expect(body.citations[0]).toMatchObject({
      quote: '2020\t\t3',
      source: 'text',
      sourceConfidence: null,
    })
  })
})

describe('PATCH /v1/articles/:ref/spans', () => {
  test('replaces the spans, in the ledger; the text stays, and search and verification follow', async () => {
    const { body: article } = await sendPage(
      '<p>First words about zebrafish.</p><p>Buy our flamingo subscription now.</p>',
      'corrected',
    )
    const start = article.body.indexOf('Buy')
    const spans = [
      ...article.spans,
      { type: 'boilerplate', start, end: article.bodyLength, note: 'an advertisement' },
    ]
    const { body } = await patchSpans('corrected', spans, await readEtag('corrected')).expect(200)
    expect(body.body).toBe(article.body)
    expect(body.revision).toBeGreaterThan(article.revision)
    expect(body.boilerplate).toEqual([
      {
        type: 'boilerplate',
        start,
        end: article.bodyLength,
        page: null,
        note: 'an advertisement',
        confidence: null,
      },
    ])
    const { body: refused } = await cite('corrected', 'flamingo subscription', 'flamingo')
    expect(refused.type).toBe('/problems/quote-in-boilerplate')
    const { body: history } = await t.api.get('/v1/articles/corrected/history').expect(200)
    expect(history.data.at(-1)).toMatchObject({ change: 'update' })
    const { body: before } = await t.api.get(`/v1/articles/corrected?revision=${article.revision}`)
    expect(before.spans).toEqual(article.spans)
    const { body: found } = await t.api.get('/v1/search?q=flamingo').expect(200)
    expect(found.data).toEqual([])
    await verifyAll(t.database)
  })

  test('what was marked by mistake can be cited after the correction', async () => {
    const { body: article } = await sendPage('<p>Said <s>the envoy</s> at last.</p>', 'unstruck')
    const { body: refused } = await cite('unstruck', 'the envoy', 'envoy')
    expect(refused.type).toBe('/problems/quote-in-boilerplate')
    const spans = article.spans.filter(({ type }: { type: string }) => type !== 'struck')
    await patchSpans('unstruck', spans, await readEtag('unstruck')).expect(200)
    await cite('unstruck', 'the envoy', 'envoy').expect(201)
  })

  test('409 with the citations that quote words of a span that nothing may cite', async () => {
    const { body: article } = await sendPage('<p>A heron flew over the wall.</p>', 'cited')
    await cite('cited', 'heron flew', 'heron').expect(201)
    const spans = [{ type: 'teaser', start: 0, end: article.bodyLength }]
    const { body } = await patchSpans('cited', spans, await readEtag('cited')).expect(409)
    expect(body).toMatchObject({
      type: '/problems/span-cited',
      references: [{ slug: 'heron', href: '/v1/actors/heron' }],
      passages: [{ quote: 'heron flew' }],
    })
    const { body: after } = await t.api.get('/v1/articles/cited').expect(200)
    expect(after.spans).toEqual(article.spans)
  })

  test('refuses spans outside the text, other versions, and keys that may not write', async () => {
    const { body: article } = await sendPage('<p>An otter swam by.</p>', 'refused')
    const tooLong = [{ type: 'teaser', start: 0, end: article.bodyLength + 1 }]
    const etag = await readEtag('refused')
    const { body } = await patchSpans('refused', tooLong, etag).expect(400)
    expect(body.errors).toEqual([
      { pointer: '/body/spans/0/end', detail: `the text has ${article.bodyLength} code points` },
    ])
    await patchSpans('refused', [{ type: 'teaser', start: 3, end: 3 }], etag).expect(400)
    await patchSpans('refused', [{ type: 'nonsense', start: 0, end: 3 }], etag).expect(400)
    await patchSpans('refused', [], '"other"').expect(412)
    await t.api
      .patch('/v1/articles/refused/spans')
      .set('Authorization', bearer)
      .send({ spans: [] })
      .expect(428)
    await t.api.patch('/v1/articles/refused/spans').send({ spans: [] }).expect(401)
  })
})

test('no reader of lines is misled by line separators in texts', async () => {
  const summary = 'One\u2028two\u2029three'
  await t.api
    .post('/v1/cases')
    .set('Authorization', bearer)
    .send({ slug: 'separators', title: 'Separators', summary })
    .expect(201)
  for (const path of [
    '/v1/cases?format=ndjson',
    '/v1/cases?format=ndjson&limit=200',
    '/v1/ledger',
  ]) {
    const { text } = await t.api.get(path).buffer(true).expect(200)
    expect(text).not.toMatch(/[\u0085\u2028\u2029]/)
    const lines = text.trimEnd().split('\n')
    const values = lines.map((line) => JSON.stringify(JSON.parse(line))).join()
    expect(values.includes(summary)).toBe(true)
  }
})
