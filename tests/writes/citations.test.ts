import { describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { citationBody, seedQuote, useWriteClient } from '../harness/write-client.ts'

const t = useApp()
const w = useWriteClient(t)

type Citation = { id: string; quote: string; field: string | null; value: unknown }
type Whole = { id: string; revision: number; citations: Citation[]; conflicts: unknown[] }

const otherQuote = 'seven MX-15D air-strike targeting systems'
const add = (path: string, citation: object) => w.post(`${path}/citations`, citation)
const quotes = ({ citations }: Whole) => citations.map(({ quote }) => quote)

/** PATCH and DELETE of a citation need the ETag of its record. */
const tagged = async (path: string) => ({ 'if-match': await w.readEtag(path) })

describe('POST /v1/<kinds>/:ref/citations', () => {
  test('201 with the whole record, the new passage last', async () => {
    await w.createActor('cited-more')
    const path = '/v1/actors/cited-more'
    const answer = await add(
      path,
      citationBody({ quote: otherQuote, field: 'name', confidence: 0.5 }),
    )
    expect(answer.status).toBe(201)
    expect(quotes(answer.body)).toEqual([seedQuote, otherQuote])
    expect(answer.body).toEqual((await t.api.get(path)).body)
  })

  test('404 for an unknown record, 410 for a retracted one, 308 for a merged one', async () => {
    const unknown = await add('/v1/actors/nobody', citationBody())
    expect([unknown.status, unknown.body.type]).toEqual([404, '/problems/not-found'])
    await w.createActor('left-over')
    await w.del('/v1/actors/left-over', { reason: 'x' })
    expect((await add('/v1/actors/left-over', citationBody())).status).toBe(410)
    await w.createActor('moved-on')
    await w.post('/v1/actors/moved-on/merge', { into: 'baykar' }, { 'if-match': '*' }).expect(200)
    const moved = await add('/v1/actors/moved-on', citationBody())
    expect([moved.status, moved.headers.location]).toEqual([308, '/v1/actors/baykar/citations'])
  })

  test.each([
    ['quote-not-found', { quote: 'Turkey has pressed Ottawa' }],
    ['quote-ambiguous', { quote: 'Turkey' }],
    ['quote-in-boilerplate', { quote: 'burned 19 old-growth trees' }],
  ])('422 %s, and nothing is added', async (code, overrides) => {
    const before = (await t.api.get('/v1/actors/turkey')).body
    const { status, body } = await add('/v1/actors/turkey', citationBody(overrides))
    expect([status, body.type, body.errors[0].pointer]).toEqual([
      422,
      `/problems/${code}`,
      '/body/quote',
    ])
    expect(body.passages.length).toBeGreaterThan(0)
    expect((await t.api.get('/v1/actors/turkey')).body).toEqual(before)
  })
})

describe('PATCH /v1/citations/:id', () => {
  const make = async (slug: string) => {
    const record = (await w.createActor(slug, {
      citations: [
        citationBody({
          field: 'name',
          confidence: 0.5,
          voices: ['turkey', { document: 'a memo' }],
        }),
        citationBody({ quote: otherQuote }),
      ],
    })) as unknown as Whole
    const [first, second] = record.citations
    if (!first || !second) throw new Error('two were sent')
    return { path: `/v1/actors/${slug}`, first, second }
  }

  test('200: a new quote gets a new id; other members stay', async () => {
    const { path, first, second } = await make('other-words')
    const { status, body } = await w.patch(
      `/v1/citations/${first.id}`,
      { quote: 'Turkey had pressed Ottawa to allow the shipment' },
      await tagged(path),
    )
    expect(status).toBe(200)
    expect(body).toEqual((await t.api.get(path)).body)
    expect(quotes(body)).toEqual(['Turkey had pressed Ottawa to allow the shipment', otherQuote])
    const [changed, kept] = body.citations
    expect(kept).toMatchObject(second)
    expect(changed).toMatchObject({ field: 'name', confidence: 0.5 })
    expect(changed.voices).toMatchObject([{ actor: { slug: 'turkey' } }, { document: 'a memo' }])
    expect(changed.id).not.toBe(first.id)
    await t.api.get(`/v1/citations/${first.id}`).expect(404)
    await t.api.get(`/v1/citations/${changed.id}`).expect(200)
  })

  test('200: changes field, voices and confidence; the quote stays', async () => {
    const { path, first } = await make('other-field')
    const patch = { field: 'country', voices: ['canada'], confidence: null }
    const { body } = await w.patch(`/v1/citations/${first.id}`, patch, await tagged(path))
    expect(body.citations[0]).toMatchObject({
      quote: seedQuote,
      field: 'country',
      confidence: null,
      voices: [{ actor: { slug: 'canada' }, document: null }],
    })
  })

  test('400 for an unknown member and for an unknown voice', async () => {
    const { path, first } = await make('wrong-patch')
    const headers = await tagged(path)
    const extra = await w.patch(`/v1/citations/${first.id}`, { start: 3 }, headers)
    expect([extra.status, extra.body.type]).toEqual([400, '/problems/invalid-request'])
    const nobody = await w.patch(`/v1/citations/${first.id}`, { voices: ['nobody'] }, headers)
    expect(nobody.body).toMatchObject({
      status: 400,
      type: '/problems/unknown-reference',
      errors: [{ pointer: '/body/voices/0' }],
    })
  })

  test.each([
    ['quote-not-found', 'Turkey has pressed Ottawa'],
    ['quote-ambiguous', 'Turkey'],
    ['quote-in-boilerplate', 'burned 19 old-growth trees'],
  ])('422 %s', async (code, quote) => {
    const { path, first } = await make(`patched-to-${code}`)
    const headers = await tagged(path)
    const { status, body } = await w.patch(`/v1/citations/${first.id}`, { quote }, headers)
    expect([status, body.type]).toEqual([422, `/problems/${code}`])
  })

  test('428 without If-Match, 412 with an old ETag of the record, 404 for an unknown id', async () => {
    const { path, first } = await make('stale-tag')
    const { 'if-match': old } = await tagged(path)
    const bare = t.api.patch(`/v1/citations/${first.id}`)
    expect((await bare.set('Authorization', `Bearer ${w.keys.write}`).send({})).status).toBe(428)
    await w.patch(path, { name: 'Renamed' })
    const stale = await w.patch(`/v1/citations/${first.id}`, { field: null }, { 'if-match': old })
    expect([stale.status, stale.body.type]).toEqual([412, '/problems/precondition-failed'])
    const none = '/v1/citations/019b0000-0000-7000-8000-000000000000'
    expect((await w.patch(none, {}, { 'if-match': '*' })).status).toBe(404)
    expect((await w.del(none, {}, { 'if-match': '*' })).status).toBe(404)
  })
})

describe('DELETE /v1/citations/:id', () => {
  test('200 with the record; 422 citation-missing for its last citation', async () => {
    const path = '/v1/actors/less-and-less'
    const record = (await w.createActor('less-and-less', {
      citations: [citationBody(), citationBody({ quote: otherQuote })],
    })) as unknown as Whole
    const [first, second] = record.citations
    const answer = await w.del(`/v1/citations/${first?.id}`, {}, await tagged(path))
    expect([answer.status, quotes(answer.body)]).toEqual([200, [otherQuote]])
    expect(answer.body).toEqual((await t.api.get(path)).body)
    const last = await w.del(`/v1/citations/${second?.id}`, {}, await tagged(path))
    expect([last.status, last.body.type]).toEqual([422, '/problems/citation-missing'])
    expect(quotes((await t.api.get(path)).body)).toEqual([otherQuote])
  })

  test('the last citation of an article can be deleted', async () => {
    const { body } = await w
      .post('/v1/articles', {
        slug: 'uncited',
        title: 'T',
        case: 'canada-turkey-wescam',
        text: 'Text.',
        citations: [citationBody()],
      })
      .expect(201)
    const [{ id }] = body.citations
    const answer = await w.del(`/v1/citations/${id}`, {}, await tagged('/v1/articles/uncited'))
    expect([answer.status, answer.body.citations]).toEqual([200, []])
  })

  test('428 without If-Match, 412 with an old ETag', async () => {
    const record = (await w.createActor('kept-whole')) as unknown as Whole
    const path = `/v1/citations/${record.citations[0]?.id}`
    const bare = await t.api.delete(path).set('Authorization', `Bearer ${w.keys.write}`)
    expect(bare.status).toBe(428)
    expect((await w.del(path, {}, { 'if-match': '"1"' })).status).toBe(412)
  })
})

describe('conflicting claims', () => {
  const permit = '/v1/permits/disputed'
  const seven = { good: 'mx-15d', quantity: 7, unit: 'system' }

  test('are listed under `conflicts`; a PATCH chooses another value', async () => {
    const field = 'items.0.quantity'
    const createdPermit = await w.post('/v1/permits', {
      slug: 'disputed',
      title: 'A disputed permit',
      issuer: 'canada',
      items: [seven],
      citations: [citationBody({ quote: otherQuote, field })],
    })
    expect([createdPermit.status, createdPermit.body.conflicts]).toEqual([201, []])

    const { body } = await add(permit, citationBody({ field, value: 19 }))
    const claim = { value: 19, citation: body.citations[1].id }
    const conflict = { field, chosen: 7, claims: [claim] }
    expect(body.conflicts).toEqual([conflict])
    expect((await t.api.get(permit)).body.conflicts).toEqual([conflict])

    const chosen = await w.patch(permit, { items: [{ ...seven, quantity: 19 }] })
    expect(chosen.body.items[0].quantity).toBe(19)
    expect(chosen.body.conflicts).toEqual([])
    expect((await t.api.get(`${permit}?revision=${body.revision}`)).body.conflicts).toEqual([
      conflict,
    ])
  })

  test('a claimed value is removed with its citation', async () => {
    const path = '/v1/actors/azerbaijan'
    const value = 'Republic of Azerbaijan'
    const { body } = await add(path, citationBody({ field: 'name', value }))
    expect(body.conflicts).toEqual([
      { field: 'name', chosen: 'Azerbaijan', claims: [{ value, citation: expect.any(String) }] },
    ])
    const { id } = body.citations.at(-1)
    const without = await w.patch(`/v1/citations/${id}`, { value: null }, await tagged(path))
    expect(without.body.conflicts).toEqual([])
  })
})
