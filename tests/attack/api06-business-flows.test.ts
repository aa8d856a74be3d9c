import { describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { citationBody, useWriteClient } from '../harness/write-client.ts'

/**
 * OWASP API6:2023, Unrestricted Access to Sensitive Business Flows: here, what becomes a fact. A fact needs a passage, is written
 * once, and no flow is faster than its rules.
 */

const t = useApp()
const w = useWriteClient(t)
const parallel = 12

const actor = (slug: string, overrides: object = {}) => ({
  slug,
  type: 'company',
  name: slug,
  citations: [citationBody({ field: 'name' })],
  ...overrides,
})
const countBy = (statuses: number[]) =>
  Object.fromEntries(
    [...Map.groupBy(statuses, (one) => one)].map(([one, all]) => [one, all.length]),
  )

describe('many at once', () => {
  test('the same slug is given once', async () => {
    const sent = Array.from({ length: parallel }, () => w.post('/v1/actors', actor('one-of-many')))
    const statuses = (await Promise.all(sent)).map(({ status }) => status)
    expect(countBy(statuses)).toEqual({ 201: 1, 409: parallel - 1 })
  })

  test('the same idempotency key writes once', async () => {
    const headers = { 'idempotency-key': 'once' }
    const send = () => w.post('/v1/actors', actor('written-once'), headers)
    const responses = await Promise.all(Array.from({ length: parallel }, send))
    const created = responses.filter(({ status }) => status === 201)
    expect(created.length).toBeGreaterThan(0)
    expect(new Set(created.map(({ body }) => body.id)).size).toBe(1)
    expect(responses.every(({ status }) => status === 201 || status === 409)).toBe(true)
    expect((await w.post('/v1/actors', actor('another'), headers)).status).toBe(409)
  })

  test('of corrections of one version one is accepted', async () => {
    await w.post('/v1/actors', actor('corrected-by-many')).expect(201)
    const etag = await w.readEtag('/v1/actors/corrected-by-many')
    const statuses = await Promise.all(
      Array.from({ length: parallel }, async (_, index) => {
        const headers = { 'if-match': etag }
        const name = `Name ${index}`
        return (await w.patch('/v1/actors/corrected-by-many', { name }, headers)).status
      }),
    )
    expect(countBy(statuses)).toEqual({ 200: 1, 412: parallel - 1 })
  })
})

describe('a fact without a passage', () => {
  test.each([
    ['no citation', []],
    ['an empty quote', [citationBody({ quote: '' })]],
    ['a quote that is not there', [citationBody({ quote: 'Ottawa had pressed Turkey' })]],
    ['a quote of another case', [citationBody({ article: 'no-such-article' })]],
    ['a quote of white space', [citationBody({ quote: '   ' })]],
  ])('is refused: %s', async (_what, citations) => {
    const { status } = await w.post('/v1/actors', actor('without-a-passage', { citations }))
    expect([400, 422]).toContain(status)
    await t.api.get('/v1/actors/without-a-passage').expect(404)
  })

  test('cannot be made by taking its last citation away', async () => {
    const { body } = await w.post('/v1/actors', actor('with-one-passage')).expect(201)
    const { status } = await w.del(`/v1/citations/${body.citations[0].id}`, { reason: 'x' })
    expect(status).toBeGreaterThanOrEqual(400)
    const { body: kept } = await t.api.get('/v1/actors/with-one-passage').expect(200)
    expect(kept.citations).toHaveLength(1)
  })

  test('is not in a batch either, of which nothing is stored', async () => {
    const items = [actor('batch-first'), actor('batch-second', { citations: [] })].map(
      (record) => ({
        op: 'create',
        kind: 'actor',
        record,
      }),
    )
    const { status } = await w.post('/v1/batch', { items })
    expect([400, 422]).toContain(status)
    await t.api.get('/v1/actors/batch-first').expect(404)
  })
})
