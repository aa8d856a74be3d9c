import pg from 'pg'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { createKey } from '../../src/access/queries.ts'
import { type TestApp, useApp } from '../harness/app.ts'
import { listenOnFreePort } from '../harness/raw-client.ts'
import { buildActor, storeRecords } from '../harness/record-builders.ts'
import { citationBody } from '../harness/write-client.ts'
import { waitUntil } from '../process/program.ts'

/**
 * Clients of a server whose data was restored from a backup, or that failed over to a copy without the last revisions. Both
 * servers begin with the same revision, and write different ones afterwards.
 */

const original = useApp()
const restored = useApp()
const behind = useApp()
const cached = useApp({ CACHE_MB: 32 })

const permits = '/v1/actors?limit=2'
type Tags = { etag: string; next: string; nextSince: string; revision: number }
let old: Tags

async function writeRevisions(t: TestApp, name: string, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1)
    await storeRecords(
      t.database,
      buildActor({ slug: `written-${index}`, name: `${name} ${index}` }),
    )
  const { revision } = await t.head.queryHead()
  await vi.waitFor(() => expect(t.head.getKnownHead()?.revision).toBe(revision))
}

/** What a client keeps of a server. */
async function readTags(t: TestApp): Promise<Tags> {
  const { headers, body } = await t.api.get(permits).expect(200)
  const { body: changes } = await t.api.get('/v1/changes?limit=1').expect(200)
  const { revision, nextSince } = changes
  return { etag: headers.etag ?? '', next: body.next, revision, nextSince }
}

beforeAll(async () => {
  await writeRevisions(original, 'Original', 3)
  await writeRevisions(restored, 'Restored', 3)
  await writeRevisions(cached, 'Restored', 3)
  await writeRevisions(behind, 'Original', 1)
  old = await readTags(original)
})

test('revision numbers are the same in both histories, and epochs are not', async () => {
  const { revision, epoch } = await original.head.queryHead()
  const other = await restored.head.queryHead()
  expect(other.revision).toBe(revision)
  expect(other.epoch).not.toBe(epoch)
  expect(await restored.head.getEpoch(1)).toBe(await original.head.getEpoch(1))
  const { body } = await original.api.get('/v1/ledger/head')
  expect(body.hash.startsWith(epoch)).toBe(true)
})

describe('an ETag of the lost history', () => {
  test('is answered 304 by the original server, and never by a restored one', async () => {
    const ask = (t: TestApp) => t.api.get(permits).set('If-None-Match', old.etag)
    await ask(original).expect(304)
    for (const t of [restored, behind, cached]) {
      const { headers } = await ask(t).expect(200)
      expect(headers.etag).not.toBe(old.etag)
      // From memory as well.
      await ask(t).expect(200)
    }
  })

  test('in If-Match is a 412, also when the record has not changed since', async () => {
    for (const t of [restored, behind]) {
      const key = await createKey(t.database.db, { name: 'w', scope: 'write', expiresAt: null })
      const { headers } = await original.api.get('/v1/actors/baykar').expect(200)
      const change = (tag: string) =>
        t.api
          .patch('/v1/actors/baykar')
          .set({ authorization: `Bearer ${key?.text}`, 'if-match': tag })
          .send({ country: 'TR' })
      const { body } = await change(headers.etag ?? '').expect(412)
      expect(body.type).toBe('/problems/precondition-failed')
      const batch = await t.api
        .post('/v1/batch')
        .set({ authorization: `Bearer ${key?.text}` })
        .send({
          items: [
            {
              op: 'update',
              kind: 'actor',
              ref: 'baykar',
              ifMatch: headers.etag,
              patch: { country: 'TR' },
            },
          ],
        })
      expect([batch.status, batch.body.errors[0].pointer]).toEqual([412, '/body/items/0'])
      const current = await t.api.get('/v1/actors/baykar').expect(200)
      // One of several tags is enough.
      await change(`${headers.etag}, ${current.headers.etag}`).expect(200)
    }
  })

  test('a write responds with the tag that a GET has', async () => {
    const key = await createKey(original.database.db, {
      name: 'w',
      scope: 'write',
      expiresAt: null,
    })
    const headers = { authorization: `Bearer ${key?.text}` }
    const made = await original.api
      .post('/v1/actors')
      .set(headers)
      .send({ slug: 'tagged', type: 'company', name: 'Tagged', citations: [citationBody()] })
      .expect(201)
    const { headers: read } = await original.api.get('/v1/actors/tagged').set(headers).expect(200)
    expect(made.headers.etag).toBe(read.etag)
  })
})

describe('a cursor of the lost history', () => {
  const paths = [
    '/v1/actors?limit=2',
    '/v1/events?limit=1',
    '/v1/citations?limit=2',
    '/v1/timeline?limit=2',
    '/v1/findings?limit=1',
    '/v1/search?q=turkey&limit=2',
    '/v1/changes?limit=1',
    '/v1/actors/written-0/history?limit=1',
  ]
  test.each(paths)('%s goes on in its own history, and is a 409 in another one', async (path) => {
    if (path.includes('history'))
      for (const name of ['A', 'B']) {
        const key = await createKey(original.database.db, {
          name: `h ${name}`,
          scope: 'write',
          expiresAt: null,
        })
        await original.api
          .patch('/v1/actors/written-0')
          .set({ authorization: `Bearer ${key?.text}`, 'if-match': '*' })
          .send({ name })
          .expect(200)
      }
    const { body } = await original.api.get(path).set('Cache-Control', 'no-cache').expect(200)
    expect(body.next).toMatch(/~\d+-[0-9a-f]{8}$/)
    const next = `${path}&cursor=${encodeURIComponent(body.next)}`
    await original.api.get(next).expect(200)
    for (const t of [restored, behind]) {
      const { status, body: problem } = await t.api.get(next)
      const { revision, epoch } = await t.head.queryHead()
      expect([status, problem.type]).toEqual([409, '/problems/history-changed'])
      expect(problem.head).toEqual({ revision, epoch })
    }
  })

  test('one of a revision that both have goes on in both', async () => {
    const { body } = await behind.api.get('/v1/events?limit=1').expect(200)
    const position = `1-${await original.head.getEpoch(1)}`
    const cursor = `${body.next.split('~')[0]}~${position}`
    for (const t of [original, restored, behind])
      await t.api.get(`/v1/events?limit=1&cursor=${cursor}`).expect(200)
  })
})

describe('since and Last-Event-ID of the lost history', () => {
  const routes = ['/v1/changes?since=', '/v1/changes/stream?since=', '/v1/ledger?since=']
  test.each(routes)('%s with the epoch is a 409 that has the current head', async (route) => {
    for (const t of [restored, behind]) {
      const { status, body } = await t.api.get(`${route}${old.nextSince}`)
      const { revision, epoch } = await t.head.queryHead()
      expect([status, body.type]).toEqual([409, '/problems/history-changed'])
      expect(body.head).toEqual({ revision, epoch })
      expect(body.detail).toContain(`${revision}-${epoch}`)
    }
  })

  test.each(routes)('%s beyond the head is a 409 instead of silence', async (route) => {
    const { status, body } = await behind.api.get(`${route}${old.revision}`)
    expect([status, body.type]).toEqual([409, '/problems/history-changed'])
  })

  test('Last-Event-ID is checked the same way', async () => {
    for (const id of [old.nextSince, '999', '1-00000000'])
      await restored.api.get('/v1/changes/stream').set('Last-Event-ID', id).expect(409)
  })

  test.each(['0', '0-00000000', '1'])('since=%s is in every history', async (since) => {
    for (const t of [original, restored])
      await t.api.get(`/v1/changes?since=${since}&limit=1`).expect(200)
  })

  test.each(['-1', '1.5', 'x', '1-xyz', '1-1234567', '', '1e3'])(
    'since=%s is a 400',
    async (since) => {
      const { body } = await original.api.get(`/v1/changes?since=${since}`).expect(400)
      expect(body.errors[0].pointer).toBe('/query/since')
    },
  )
})

describe('a server under which the data is restored', () => {
  const t = useApp()

  /** Rewrites the last revision, as a restore would, and breaks the connections. */
  async function replaceLastRevision(): Promise<void> {
    const client = new pg.Client(t.url)
    await client.connect()
    await client.query("SET session_replication_role = 'replica'")
    await client.query(
      `UPDATE revision SET hash = repeat('ab', 32) WHERE number = (SELECT max(number) FROM revision)`,
    )
    await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name LIKE 'casefile%'`,
    )
    await client.end()
    await waitUntil('it knows the head again', () => t.head.getKnownHead()?.epoch === 'abababab')
  }

  test('ends its streams, and answers nothing from memory', async () => {
    await writeRevisions(t, 'Written', 2)
    const { headers } = await t.api.get(permits).expect(200)
    const port = await listenOnFreePort(t)
    const stream = await fetch(`http://127.0.0.1:${port}/v1/changes/stream`)
    const reader = stream.body?.getReader()
    await reader?.read()
    await replaceLastRevision()
    let isDone = false
    while (!isDone) isDone = (await reader?.read())?.done ?? true
    const again = await t.api
      .get(permits)
      .set('If-None-Match', headers.etag ?? '')
      .expect(200)
    expect(again.headers.etag).toContain('-abababab-')
  })
})
