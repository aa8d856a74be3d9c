import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { createKey, revokeKey } from '../../src/access/queries.ts'
import { useApp } from '../harness/app.ts'
import { listenOnFreePort } from '../harness/raw-client.ts'
import { citationBody } from '../harness/write-client.ts'
import { waitUntil } from '../process/program.ts'

/** What becomes of responses in progress when their key is revoked or expires, and what the audit log says. */

const t = useApp({ ACCESS: 'private', LOG_LEVEL: 'info', CACHE_MB: 0 })

let keyCount = 0
async function makeKey(scope: 'read' | 'write' = 'read', expiresAt: Date | null = null) {
  keyCount += 1
  const name = `key ${keyCount}`
  const key = await createKey(t.database.db, { name, scope, expiresAt })
  if (key === null) throw new Error('The name is taken.')
  return { name, id: key.id, authorization: `Bearer ${key.text}` }
}

/** A stream of changes that is open; `ended` resolves when the server ends it. */
async function openStream({ authorization }: { authorization: string }) {
  const port = await listenOnFreePort(t)
  const leaving = new AbortController()
  const response = await fetch(`http://127.0.0.1:${port}/v1/changes/stream`, {
    headers: { authorization },
    signal: leaving.signal,
  })
  expect(response.status).toBe(200)
  const reader = response.body?.getReader()
  await reader?.read()
  let isOpen = true
  const ended = (async () => {
    while (!(await reader?.read())?.done);
  })()
    .catch(() => undefined)
    .then(() => {
      isOpen = false
    })
  return { ended, isOpen: () => isOpen, close: () => leaving.abort() }
}

const change = (sql: string, id: string) => t.database.pool.query(sql, [id])

describe('a stream of changes', () => {
  test.each([
    ['is revoked', (id: string) => revokeKey(t.database.db, id)],
    [
      'expires',
      (id: string) =>
        change("UPDATE access_key SET expires_at = now() - interval '1 ms' WHERE id = $1", id),
    ],
  ])('ends when its key %s, and only then', async (_what, end) => {
    const key = await makeKey()
    const [stream, second, other] = [
      await openStream(key),
      await openStream(key),
      await openStream(await makeKey()),
    ]
    await end(key.id)
    await Promise.all([stream.ended, second.ended])
    expect(other.isOpen()).toBe(true)
    other.close()
    await t.api.get('/v1/cases').set(key).expect(401)
  })
})

test('a request that waits is aborted when its key is revoked', async () => {
  const key = await makeKey()
  const port = await listenOnFreePort(t)
  const holder = new pg.Client(t.url)
  await holder.connect()
  await holder.query('BEGIN; LOCK TABLE record IN ACCESS EXCLUSIVE MODE')
  const response = fetch(`http://127.0.0.1:${port}/v1/permits`, { headers: { ...key } })
  const outcome = response.then(
    ({ status }) => status,
    () => 'aborted',
  )
  await waitUntil('the request waits', async () => {
    // Not by `holder`: a transaction sees the activity of its first look.
    const { rows } = await t.database.pool.query(
      `SELECT 1 FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    )
    return rows.length > 0
  })
  await revokeKey(t.database.db, key.id)
  expect(await outcome).toBe('aborted')
  await holder.query('COMMIT')
  await holder.end()
})

describe('the audit log', () => {
  const events = () =>
    t.logLines
      .filter(({ msg }) => msg === 'audit')
      .map(
        ({ level: _level, time: _time, pid: _pid, hostname: _host, msg: _msg, ...event }) => event,
      )
  const lastEvent = () => events().at(-1)

  test.each([
    ['malformed', async () => ['Bearer nonsense', null]],
    ['malformed', async () => ['Basic a2V5OnNlY3JldA==', null]],
    [
      'unknown-key',
      async () => [
        `Bearer casefile_${'0'.repeat(32)}_${'A'.repeat(43)}`,
        '00000000-0000-0000-0000-000000000000',
      ],
    ],
    [
      'wrong-secret',
      async () => {
        const { authorization, id } = await makeKey()
        return [authorization.replace(/.{5}$/, 'AAAAA'), id]
      },
    ],
    [
      'revoked',
      async () => {
        const { authorization, id } = await makeKey()
        await revokeKey(t.database.db, id)
        return [authorization, id]
      },
    ],
    [
      'expired',
      async () => {
        const { authorization, id } = await makeKey('read', new Date(Date.now() - 1_000))
        return [authorization, id]
      },
    ],
  ] as [string, () => Promise<[string, string | null]>][])(
    'has a failed login: %s',
    async (reason, prepare) => {
      const [authorization, keyId] = await prepare()
      const { headers } = await t.api
        .get('/v1/cases')
        .set('Authorization', authorization)
        .expect(401)
      const requestId = headers['x-request-id']
      expect(lastEvent()).toEqual({ audit: 'login-failed', reason, keyId, requestId })
    },
  )

  test('has the use of a key, once a minute', async () => {
    const key = await makeKey()
    const { headers } = await t.api.get('/v1/cases').set(key).expect(200)
    const count = events().length
    await t.api.get('/v1/actors').set(key).expect(200)
    expect(events()).toHaveLength(count)
    expect(lastEvent()).toEqual({
      audit: 'key-used',
      keyId: key.id,
      keyName: key.name,
      requestId: headers['x-request-id'],
    })
  })

  test('holds no secret, and neither does the rest of the log', async () => {
    const key = await makeKey('write')
    // The secret itself may contain the separator.
    const secrets = [key.authorization, key.authorization.slice(-20)]
    await t.api.get('/v1/cases').set(key).expect(200)
    await t.api
      .post('/v1/actors')
      .set(key)
      .send({ slug: 'audited', type: 'company', name: 'A', citations: [citationBody()] })
      .expect(201)
    await t.api.get('/v1/cases').set('Authorization', `${key.authorization}x`).expect(401)
    const log = JSON.stringify(t.logLines)
    for (const secret of secrets) expect(log).not.toContain(secret)
  })
})
