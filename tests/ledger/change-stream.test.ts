import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createChangeStream } from '../../src/answers/changes/stream.ts'
import type { Db } from '../../src/database/database.ts'
import { createConnectionKysely } from '../../src/database/kysely.ts'
import { emptyHead } from '../../src/http/revision-source.ts'
import type { HeadTracker } from '../../src/ledger/head-tracker.ts'
import { type TestApp, useApp } from '../harness/app.ts'
import { buildActor, storeRecords } from '../harness/record-builders.ts'
import { useWriteClient } from '../harness/write-client.ts'
import { waitUntil } from '../process/program.ts'

const t = useApp()
const w = useWriteClient(t)

let url = ''
beforeAll(async () => {
  url = await t.app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(() => {
  for (const one of opened.splice(0)) one.close()
})

type Event = { id: number; event: string; data: { revision: number; changes: Change[] } }
type Change = { action: string; record: { slug: string; kind: string } }
type Subscriber = { events: Event[]; comments: string[]; close(): void; ended: Promise<void> }
const opened: Subscriber[] = []

/** A client as a browser is one: it reads events until it leaves. */
async function subscribe(query = '', headers: Record<string, string> = {}): Promise<Subscriber> {
  const leaving = new AbortController()
  const answer = await fetch(`${url}/v1/changes/stream${query}`, {
    headers,
    signal: leaving.signal,
  })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'text/event-stream; charset=utf-8',
  ])
  const subscriber: Subscriber = {
    events: [],
    comments: [],
    close: () => leaving.abort(),
    ended: Promise.resolve(),
  }
  subscriber.ended = read(answer, subscriber).catch(() => undefined)
  opened.push(subscriber)
  await waitUntil('the stream has begun', () => subscriber.comments.length > 0)
  return subscriber
}

async function read(answer: Response, { events, comments }: Subscriber): Promise<void> {
  let text = ''
  for await (const chunk of answer.body ?? []) {
    text += new TextDecoder().decode(chunk)
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n')
      text = text.slice(end + 2)
      const field = (name: string) =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2)
      const comment = lines.find((line) => line.startsWith(':'))
      if (comment) comments.push(comment)
      const data = field('data')
      if (data !== undefined)
        events.push({
          id: Number(field('id')?.split('-')[0]),
          event: field('event') ?? '',
          data: JSON.parse(data),
        })
    }
  }
}

const head = async (): Promise<number> => (await t.api.get('/v1/ledger/head')).body.revision
const ids = ({ events }: Subscriber) => events.map(({ id }) => id)
const upTo = (subscriber: Subscriber, revision: number) =>
  waitUntil(`revision ${revision} has come`, () => (ids(subscriber).at(-1) ?? 0) >= revision)
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index)

describe('GET /v1/changes/stream', () => {
  test('sends each revision when it is written, with the changes of /v1/changes', async () => {
    const since = await head()
    const subscriber = await subscribe()
    await w.createActor('streamed-1')
    await w.patch('/v1/actors/streamed-1', { name: 'Streamed' })
    await w.del('/v1/actors/streamed-1', { reason: 'x' })
    await upTo(subscriber, since + 3)
    expect(ids(subscriber)).toEqual(range(since + 1, since + 3))
    expect(subscriber.events.every(({ event }) => event === 'revision')).toBe(true)
    const { body } = await t.api.get(`/v1/changes?since=${since}`)
    expect(subscriber.events.flatMap(({ data }) => data.changes)).toEqual(body.data)
    subscriber.close()
  })

  test('resumes after Last-Event-ID or ?since=; 0 starts at the beginning', async () => {
    const last = await head()
    const again = await subscribe('', { 'last-event-id': String(last - 2) })
    const since = await subscribe(`?since=${last - 1}`)
    const whole = await subscribe('?since=0')
    for (const one of [again, since, whole]) await upTo(one, last)
    expect(ids(again)).toEqual(range(last - 1, last))
    expect(ids(since)).toEqual([last])
    expect(ids(whole)).toEqual(range(1, last))
    const both = await subscribe('?since=0', { 'last-event-id': String(last - 1) })
    await upTo(both, last)
    expect(ids(both)).toEqual([last])
  })

  test('filters by kind', async () => {
    const since = await head()
    const goods = await subscribe(`?since=${since}&kinds=good`)
    await w.createActor('of-another-kind')
    const { body } = await w
      .post('/v1/goods', {
        slug: 'of-the-kind',
        designation: 'G',
        citations: [{ article: 'turkey-pressed-canada', quote: 'Turkey had pressed Ottawa' }],
      })
      .expect(201)
    await upTo(goods, body.revision)
    expect(ids(goods)).toEqual([body.revision])
  })

  test('has no gaps and duplicates over reconnections during writes', async () => {
    const since = await head()
    const writing = (async () => {
      for (let turn = 0; turn < 30; turn += 1) await w.createActor(`come-and-go-${turn}`)
    })()
    const seen: number[] = []
    while (seen.length < 30) {
      const subscriber = await subscribe('', { 'last-event-id': String(seen.at(-1) ?? since) })
      await waitUntil('something came', () => subscriber.events.length > 0)
      subscriber.close()
      await subscriber.ended
      seen.push(...ids(subscriber))
    }
    await writing
    expect(seen).toEqual(range(since + 1, since + 30))
  })

  test('sends a revision with many changes completely', async () => {
    const since = await head()
    const subscriber = await subscribe()
    const revision = await storeRecords(
      t.database,
      ...Array.from({ length: 1_200 }, (_, index) => buildActor({ slug: `bulk-${index}` })),
    )
    await w.createActor('after-the-bulk')
    await upTo(subscriber, revision + 1)
    expect(ids(subscriber)).toEqual(range(since + 1, revision + 1))
    expect(subscriber.events[0]?.data.changes).toHaveLength(1_200)
  })

  test('continues after the LISTEN connection is lost', async () => {
    const since = await head()
    const subscriber = await subscribe()
    await t.database.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'casefile head %'`,
    )
    await w.createActor('written-while-deaf')
    await upTo(subscriber, since + 1)
    await waitUntil('it listens again', () => t.head.getKnownHead() !== null)
    await w.createActor('written-afterwards')
    await upTo(subscriber, since + 2)
    expect(ids(subscriber)).toEqual(range(since + 1, since + 2))
  })

  test('400 for a malformed Last-Event-ID and an unknown kind', async () => {
    const { body } = await t.api.get('/v1/changes/stream').set('Last-Event-ID', 'x').expect(400)
    expect(body.errors[0].pointer).toBe('/headers/last-event-id')
    await t.api.get('/v1/changes/stream?kinds=ship').expect(400)
  })

  test('100 subscribers need as few queries as one', async () => {
    const since = await head()
    const all = await Promise.all(Array.from({ length: 100 }, () => subscribe()))
    const asked = vi.spyOn(t.database.pool, 'connect')
    await w.createActor('for-all-of-them')
    await Promise.all(all.map((one) => upTo(one, since + 1)))
    expect(asked.mock.calls.length).toBeLessThan(20)
    asked.mockRestore()
    for (const one of all) expect(ids(one)).toEqual([since + 1])
  })
})

test('sends heartbeats while nothing is written', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const stream = createChangeStream((t as TestApp).database.db, t.head)
    const left = new AbortController()
    const events = stream.subscribe(await t.head.queryHead(), null, left.signal)
    expect((await events.next()).value).toMatch(/^retry: \d+\n: after revision \d+\n\n$/)
    for (let beat = 0; beat < 3; beat += 1) {
      const next = events.next()
      await vi.advanceTimersByTimeAsync(15_000)
      expect((await next).value).toBe(': heartbeat\n\n')
    }
    left.abort()
    expect((await events.next()).done).toBe(true)
    stream.close()
  } finally {
    vi.useRealTimers()
  }
})

describe('an error during a stream', () => {
  const lost = new Error('Connection terminated unexpectedly')
  const bug = new TypeError('internal text')
  const headAt = (revision: () => Promise<number>): HeadTracker => ({
    getKnownHead: () => null,
    getHead: async () => ({ revision: await revision(), epoch: '12345678' }),
    queryHead: async () => ({ revision: await revision(), epoch: '12345678' }),
    getEpoch: async (number) => (number === 0 ? emptyHead.epoch : '12345678'),
    noteRevision: () => undefined,
    onChange: () => () => undefined,
    close: async () => undefined,
  })
  const failing = (error: Error) => createConnectionKysely(() => Promise.reject(error))
  const begun = async (db: Db, of: HeadTracker) => {
    const left = new AbortController()
    const events = createChangeStream(db, of).subscribe(emptyHead, null, left.signal)
    await events.next()
    return { events, left }
  }

  test.each([
    ['the newest revision cannot be asked for', failing(bug), () => Promise.reject(bug)],
    ['the changes cannot be read', failing(bug), async () => 1],
  ])('an unexpected error ends it: %s', async (_what, db, revision) => {
    const { events } = await begun(db, headAt(revision))
    await expect(events.next()).rejects.toBe(bug)
  })

  test.each([
    ['the newest revision', failing(lost), () => Promise.reject(lost)],
    ['the changes', failing(lost), async () => 1],
  ])('a lost database does not end it: %s', async (_what, db, revision) => {
    const asked = vi.fn(revision)
    const { events, left } = await begun(db, headAt(asked))
    const next = events.next()
    await waitUntil('it was asked', () => asked.mock.calls.length > 0)
    left.abort()
    expect((await next).done).toBe(true)
  })
})
