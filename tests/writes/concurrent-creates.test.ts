import { describe, expect, test } from 'vitest'
import { verifyAll } from '../../src/answers/verification/verify-all.ts'
import { useApp } from '../harness/app.ts'
import { citationBody, useWriteClient } from '../harness/write-client.ts'

const t = useApp()
const w = useWriteClient(t)

type Head = { revision: number }
const readHead = async (): Promise<Head> => (await t.api.get('/v1/ledger/head')).body
const actor = (slug: string, more: object = {}) => ({
  slug,
  type: 'company',
  name: `Firm ${slug}`,
  citations: [citationBody()],
  ...more,
})
const statement = (slug: string, more: object = {}) => ({
  slug,
  type: 'statement',
  title: `Statement ${slug}`,
  on: { edtf: '2020-10' },
  participants: [{ actor: 'canada', role: 'speaker' }],
  citations: [citationBody({ field: 'title' })],
  ...more,
})

/** How often each number occurs. */
const countValues = (values: readonly number[]) =>
  Object.fromEntries([...Map.groupBy(values, (value) => value)].map(([v, all]) => [v, all.length]))

describe('many creates at the same time', () => {
  test('each is a revision of its own, with its record, its author and its place in search', async () => {
    const before = await readHead()
    const requests = Array.from({ length: 40 }, (_, index) =>
      index % 2 === 0
        ? w.post('/v1/actors', actor(`crowd-${index}`))
        : w.post('/v1/events', statement(`crowd-${index}`)),
    )
    const answers = await Promise.all(requests)
    expect(countValues(answers.map(({ status }) => status))).toEqual({ 201: 40 })

    const revisions = answers.map(({ body }) => body.revision as number)
    expect(revisions.toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 40 }, (_, index) => before.revision + 1 + index),
    )
    for (const [index, { body }] of answers.entries()) {
      expect(body.slug).toBe(`crowd-${index}`)
      const path = `/v1/${index % 2 === 0 ? 'actors' : 'events'}/crowd-${index}`
      expect((await t.api.get(path)).body).toEqual(body)
    }
    const { body: changes } = await t.api.get(`/v1/changes?since=${before.revision}&limit=100`)
    const listed = changes.data as { revision: number; record: { slug: string }; change: string }[]
    expect(listed.map(({ revision, record, change }) => [revision, record.slug, change])).toEqual(
      answers
        .map(({ body }) => [body.revision, body.slug, 'create'])
        .toSorted((a, b) => a[0] - b[0]),
    )
    const { body: found } = await t.api.get('/v1/search?q=crowd&limit=50')
    expect(found.total).toEqual({ count: 40, isExact: true })
  })

  test('one that is refused concerns no other', async () => {
    const requests = [
      w.post('/v1/actors', actor('good-1')),
      w.post(
        '/v1/actors',
        actor('no-quote', { citations: [citationBody({ quote: 'Never said so' })] }),
      ),
      w.post('/v1/actors', actor('canada')),
      w.post('/v1/actors', actor('good-2')),
      w.post(
        '/v1/events',
        statement('no-actor', { participants: [{ actor: 'nobody-at-all', role: 'speaker' }] }),
      ),
      w.post('/v1/actors', actor('canada-again', { type: 'state', name: 'Kanada', country: 'CA' })),
      w.post('/v1/events', statement('good-3')),
    ]
    const answers = await Promise.all(requests)
    expect(answers.map(({ status, body }) => (status === 201 ? 201 : body.type))).toEqual([
      201,
      '/problems/quote-not-found',
      '/problems/slug-taken',
      201,
      '/problems/unknown-reference',
      '/problems/state-known',
      201,
    ])
  })

  test('of several with one slug, one is created', async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => w.post('/v1/actors', actor('only-once'))),
    )
    expect(countValues(answers.map(({ status }) => status))).toEqual({ 201: 1, 409: 5 })
  })

  test('a record without a slug gets one that no other has', async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => {
        const { slug: _, ...body } = actor('x', { name: 'Crowded Optics' })
        return w.post('/v1/actors', body)
      }),
    )
    expect(answers.map(({ body }) => body.slug).toSorted()).toEqual([
      'crowded-optics',
      ...[2, 3, 4, 5, 6].map((number) => `crowded-optics-${number}`),
    ])
  })

  test('requests with an idempotency key are written once', async () => {
    const before = await readHead()
    const send = (token: string, slug: string) =>
      w.post('/v1/actors', actor(slug), { 'idempotency-key': token })
    const answers = await Promise.all([
      ...Array.from({ length: 4 }, () => send('crowd-a', 'keyed-a')),
      ...Array.from({ length: 4 }, (_, index) => send(`crowd-b${index}`, `keyed-b${index}`)),
      send('crowd-a', 'another'),
    ])
    expect(countValues(answers.map(({ status }) => status))).toEqual({ 201: 8, 409: 1 })
    expect(new Set(answers.slice(0, 4).map(({ text }) => text)).size).toBe(1)
    expect((await readHead()).revision).toBe(before.revision + 5)
    // Again, all together: the stored responses.
    const repeated = await Promise.all(
      [0, 1, 2, 3].map((index) => send(`crowd-b${index}`, `keyed-b${index}`)),
    )
    expect(repeated.map(({ text }) => text)).toEqual(answers.slice(4, 8).map(({ text }) => text))
    expect((await readHead()).revision).toBe(before.revision + 5)
  })

  test('the ledger and the search index are whole afterwards', async () => {
    await expect(verifyAll(t.database)).resolves.toBeDefined()
  })
})
