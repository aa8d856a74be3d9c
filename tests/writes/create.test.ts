import { describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { citationBody, seedQuote, useWriteClient } from '../harness/write-client.ts'

const t = useApp()
const w = useWriteClient(t)

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** A minimal request body for each kind. */
const bodies: Readonly<Record<string, object>> = {
  cases: { slug: 'another-case', title: 'Another case' },
  articles: {
    slug: 'a-report',
    title: 'A report',
    case: 'canada-turkey-wescam',
    text: 'A report of one line.\r\n',
  },
  actors: { slug: 'aselsan', type: 'company', name: 'ASELSAN' },
  affiliations: {
    slug: 'a-post',
    actor: 'marta-morgan',
    organisation: 'canada',
    role: 'deputy minister',
  },
  goods: { slug: 'mx-20', designation: 'MX-20' },
  permits: { slug: 'a-permit', title: 'A permit', issuer: 'canada' },
  measures: {
    slug: 'a-measure',
    title: 'A measure',
    imposer: 'canada',
    target: 'turkey',
    legalForm: 'embargo',
  },
  events: { slug: 'an-event', type: 'statement', title: 'An event' },
}

/** A member that a new record needs. */
const requiredMember: Readonly<Record<string, string>> = {
  actors: 'name',
  affiliations: 'actor',
  goods: 'designation',
}

describe.each(Object.entries(bodies))('POST /v1/%s', (plural, requestBody) => {
  const path = `/v1/${plural}`
  const withCitation = (citation: object, more: object = {}) => ({
    ...requestBody,
    slug: 'refused',
    ...(plural === 'articles' && { text: 'Another text.' }),
    citations: [citationBody(citation)],
    ...more,
  })

  test('201 with the record as a GET returns it, Location, ETag and offsets of the quote', async () => {
    const answer = await w.post(path, { ...requestBody, citations: [citationBody()] }).expect(201)
    const { slug } = requestBody as { slug: string }
    expect(answer.headers.location).toBe(`${path}/${slug}`)
    expect(answer.headers['cache-control']).toBe('no-store')
    const read = await t.api.get(`${path}/${slug}`).expect(200)
    expect(answer.body).toEqual(read.body)
    expect(answer.headers.etag).toMatch(/^"[0-9a-f]{8}-\d+-/)
    expect(answer.body.id).toMatch(uuid)
    const head = await t.api.get('/v1/ledger/head').expect(200)
    expect(answer.body.revision).toBe(head.body.revision)
    expect(answer.body.citations).toMatchObject([
      { quote: seedQuote, state: 'anchored', field: null, value: null, confidence: null },
    ])
    const [{ start, end }] = answer.body.citations
    expect([...(await bodyText())].slice(start, end).join('')).toBe(seedQuote)
  })

  test('409 slug-taken, and nothing is stored', async () => {
    const before = (await t.api.get('/v1/ledger/head')).body.revision
    const again = plural === 'articles' ? { ...requestBody, text: 'Other words.' } : requestBody
    const { body } = await w.post(path, { ...again, citations: [citationBody()] }).expect(409)
    expect(body.type).toBe('/problems/slug-taken')
    expect((await t.api.get('/v1/ledger/head')).body.revision).toBe(before)
  })

  test('422 quote-not-found with the nearest passages', async () => {
    const { body } = await w
      .post(path, withCitation({ quote: 'Turkey has pressed Ottawa' }))
      .expect(422)
    expect(body).toMatchObject({
      type: '/problems/quote-not-found',
      errors: [{ pointer: '/body/citations/0/quote' }],
    })
    expect(body.passages[0].quote).toContain('pressed Ottawa')
  })

  test('422 quote-ambiguous with the offsets of each occurrence', async () => {
    const { body } = await w.post(path, withCitation({ quote: 'Turkey' })).expect(422)
    expect(body.type).toBe('/problems/quote-ambiguous')
    expect(body.passages.length).toBeGreaterThan(2)
    const text = [...(await bodyText())]
    for (const { start, end } of body.passages)
      expect(text.slice(start, end).join('')).toBe('Turkey')
  })

  test('422 quote-in-boilerplate', async () => {
    const { body } = await w
      .post(path, withCitation({ quote: 'burned 19 old-growth trees' }))
      .expect(422)
    expect(body.type).toBe('/problems/quote-in-boilerplate')
  })

  test('400 unknown-reference for an unknown article or voice', async () => {
    for (const [citation, pointer] of [
      [{ article: 'no-such-article' }, '/body/citations/0/article'],
      [{ voices: [{ document: 'a memo' }, 'no-such-actor'] }, '/body/citations/0/voices/1'],
    ] as const) {
      const { body } = await w.post(path, withCitation(citation)).expect(400)
      expect(body).toMatchObject({ type: '/problems/unknown-reference', errors: [{ pointer }] })
    }
  })

  test('400 for an unknown member and for a missing one', async () => {
    const extra = await w.post(path, withCitation({}, { colour: 'red' })).expect(400)
    expect(extra.body.errors[0].pointer).toBe('/body/colour')
    const missing = await w.post(path, { citations: [citationBody()] }).expect(400)
    expect(missing.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toContain(
      `/body/${requiredMember[plural] ?? 'title'}`,
    )
  })

  const mayStandAlone = plural === 'cases' || plural === 'articles'
  test(mayStandAlone ? '201 without a citation' : '422 citation-missing without one', async () => {
    const text = plural === 'articles' ? { text: 'An uncited text.' } : {}
    const body = { ...withCitation({}), ...text, slug: 'uncited', citations: [] }
    const answer = await w.post(path, body).expect(mayStandAlone ? 201 : 422)
    if (!mayStandAlone)
      expect(answer.body).toMatchObject({
        type: '/problems/citation-missing',
        errors: [{ pointer: '/body/citations' }],
      })
  })
})

async function bodyText(): Promise<string> {
  const answer = await t.api.get('/v1/articles/turkey-pressed-canada/body')
  return answer.text
}

test('409 number-taken when the issuer already uses the number', async () => {
  const permit = (slug: string) => ({
    slug,
    title: 'A permit',
    issuer: 'canada',
    number: '42-A',
    citations: [citationBody()],
  })
  await w.post('/v1/permits', permit('first-of-42')).expect(201)
  const { body } = await w.post('/v1/permits', permit('second-of-42')).expect(409)
  expect(body.type).toBe('/problems/number-taken')
  await w.post('/v1/permits', { ...permit('turkish-42'), issuer: 'turkey' }).expect(201)
})

test('409 identifier-taken when another actor has the identifier', async () => {
  const identifiers = [{ scheme: 'lei', value: '789000BBBBBBBBBBBB11' }]
  await w.createActor('has-the-lei', { identifiers })
  const { body } = await w
    .post('/v1/actors', {
      slug: 'wants-the-lei',
      type: 'company',
      name: 'B',
      citations: [citationBody()],
      identifiers,
    })
    .expect(409)
  expect(body.type).toBe('/problems/identifier-taken')
})

test('409 slug-taken for the slug of a retracted record', async () => {
  await w.createActor('gone-for-good')
  const { status } = await w.del('/v1/actors/gone-for-good', { reason: 'a mistake' })
  expect(status).toBe(200)
  const { body } = await w
    .post('/v1/actors', {
      slug: 'gone-for-good',
      type: 'company',
      name: 'B',
      citations: [citationBody()],
    })
    .expect(409)
  expect(body.type).toBe('/problems/slug-taken')
})

test('a prefix or a suffix selects one of several occurrences', async () => {
  const text = await bodyText()
  const quote = 'Turkey'
  const second = text.indexOf(quote, text.indexOf(quote) + 1)
  const prefix = text.slice(second - 30, second)
  const suffix = text.slice(second + quote.length, second + quote.length + 30)
  const { citations } = (await w.createActor('told-apart', {
    citations: [citationBody({ quote, prefix, suffix })],
  })) as unknown as { citations: { start: number }[] }
  expect([...text].slice(citations[0]?.start).join('').startsWith(`${quote}${suffix}`)).toBe(true)
})

test('the same process returns a new record at once', async () => {
  for (let turn = 0; turn < 5; turn += 1) {
    await t.api.get('/v1/actors?limit=200').expect(200)
    await w.createActor(`own-write-${turn}`)
    const { body } = await t.api.get('/v1/actors?limit=200').expect(200)
    expect(body.data.map(({ slug }: { slug: string }) => slug)).toContain(`own-write-${turn}`)
  }
})
