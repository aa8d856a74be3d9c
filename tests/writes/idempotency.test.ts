import { describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { citationBody, useWriteClient } from '../harness/write-client.ts'

const t = useApp()
const w = useWriteClient(t)

const body = (slug: string) => ({ slug, type: 'company', name: slug, citations: [citationBody()] })
const post = (key: string, slug: string, path = '/v1/actors') =>
  w.post(path, body(slug), { 'idempotency-key': key })
const head = async (): Promise<number> => (await t.api.get('/v1/ledger/head')).body.revision

describe('Idempotency-Key', () => {
  test('the same key and body return the same response and create one revision', async () => {
    const first = await post('k-1', 'once').expect(201)
    const revision = await head()
    await w.patch('/v1/actors/once', { name: 'Changed since' })
    const second = await post('k-1', 'once').expect(201)
    expect(second.body).toEqual(first.body)
    for (const name of ['location', 'etag', 'content-location'])
      expect(second.headers[name]).toBe(first.headers[name])
    expect(await head()).toBe(revision + 1)
  })

  test('the order of members does not matter', async () => {
    const requestBody = body('reordered')
    await w.post('/v1/actors', requestBody, { 'idempotency-key': 'k-2' }).expect(201)
    const reordered = Object.fromEntries(Object.entries(requestBody).reverse())
    await w.post('/v1/actors', reordered, { 'idempotency-key': 'k-2' }).expect(201)
  })

  test('409 for the same key with another body or another path', async () => {
    await post('k-3', 'first-body').expect(201)
    const other = await post('k-3', 'second-body')
    expect([other.status, other.body.type]).toEqual([409, '/problems/idempotency-conflict'])
    const citation = await w.post('/v1/actors/baykar/citations', citationBody(), {
      'idempotency-key': 'k-3',
    })
    expect([citation.status, citation.body.type]).toEqual([409, '/problems/idempotency-conflict'])
    await t.api.get('/v1/actors/second-body').expect(404)
  })

  test('two concurrent requests create one record and get the same response', async () => {
    const before = await head()
    const answers = await Promise.all(Array.from({ length: 8 }, () => post('k-4', 'at-once')))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(await head()).toBe(before + 1)
  })

  test('of two concurrent requests with different bodies, one is a 409', async () => {
    const answers = await Promise.all(['this', 'that'].map((slug) => post('k-5', `either-${slug}`)))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
  })

  test('the key of a failed request can be used again', async () => {
    await post('k-6', 'baykar').expect(409)
    await post('k-6', 'mended').expect(201)
  })

  test('the same key of another client is independent', async () => {
    const { createKey } = await import('../../src/access/queries.ts')
    const keyInput = { name: 'another client', scope: 'write' as const, expiresAt: null }
    const key = await createKey(t.database.db, keyInput)
    await post('k-7', 'of-the-first').expect(201)
    await t.api
      .post('/v1/actors')
      .set({ authorization: `Bearer ${key?.text}`, 'idempotency-key': 'k-7' })
      .send(body('of-the-second'))
      .expect(201)
    // The very same request is made anew, and finds the slug taken.
    await post('k-7b', 'of-the-third').expect(201)
    const { body: problem } = await t.api
      .post('/v1/actors')
      .set({ authorization: `Bearer ${key?.text}`, 'idempotency-key': 'k-7b' })
      .send(body('of-the-third'))
      .expect(409)
    expect(problem.type).toBe('/problems/slug-taken')
  })

  test('expires after 24 hours, and not a minute earlier', async () => {
    await post('k-8', 'aged').expect(201)
    const age = (minutes: number) =>
      t.database.pool.query(
        `UPDATE idempotent_answer SET created_at = now() - make_interval(mins => $1) WHERE token = 'k-8'`,
        [minutes],
      )
    await age(24 * 60 - 1)
    await post('k-8', 'aged').expect(201)
    await age(24 * 60 + 1)
    expect((await post('k-8', 'aged')).body.type).toBe('/problems/slug-taken')
  })

  test('works for citations and batches', async () => {
    const headers = { 'idempotency-key': 'k-9' }
    const send = () =>
      w.post('/v1/actors/turkey/citations', citationBody({ field: 'name' }), headers)
    const [first, second] = [await send(), await send()]
    expect([first.status, second.status, second.text]).toEqual([201, 201, first.text])
    const items = [{ op: 'create', kind: 'actor', record: body('in-a-batch') }]
    const batch = () => w.post('/v1/batch', { items }, { 'idempotency-key': 'k-10' })
    const [third, fourth] = [await batch(), await batch()]
    expect([third.status, fourth.status, fourth.text]).toEqual([200, 200, third.text])
  })

  test('400 for a malformed key', async () => {
    for (const key of ['with space', 'a'.repeat(201)])
      expect((await post(key, 'unkeyed')).body.errors?.[0].pointer).toBe('/headers/idempotency-key')
  })
})
