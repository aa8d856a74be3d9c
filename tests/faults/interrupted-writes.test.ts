import type pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { citationBody, useWriteClient } from '../harness/write-client.ts'
import { waitUntil } from '../process/program.ts'
import { connectClient } from '../process/test-database.ts'

/** A database that goes away under a write, at each stage of it: 503, nothing stored, and the next one goes through. */

const t = useApp({ POOL_SIZE: 4 })
const w = useWriteClient(t)

let admin: pg.Client
beforeEach(async () => {
  admin = await connectClient(t.url)
})
afterEach(() => admin.end())

let made = 0
const create = () => {
  made += 1
  const slug = `killed-${made}`
  const body = { slug, type: 'company', name: slug, citations: [citationBody()] }
  return { slug, body, sent: w.post('/v1/actors', body).then((answer) => answer) }
}
const correct = () =>
  w.patch('/v1/actors/turkey', { name: `Turkey ${++made}` }, { 'if-match': '*' })

/** Of backends that wait for what this test holds, and hold a transaction open. */
const waiting = `
  SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND application_name LIKE 'casefile %' AND wait_event_type = 'Lock'`

async function killWhatWaits(): Promise<void> {
  const pid = await waitUntil('a write waits', async () => {
    const { rows } = await admin.query<{ pid: number }>(waiting)
    return rows[0]?.pid
  })
  await admin.query('SELECT pg_terminate_backend($1)', [pid])
}

type Answer = { status: number; body: { type?: string }; headers: Record<string, string> }
function expectUnavailable({ status, body, headers }: Answer): void {
  expect([status, body.type]).toEqual([503, '/problems/database-unavailable'])
  expect(headers['retry-after']).toBe('2')
}

async function expectNext(): Promise<void> {
  const { sent } = create()
  expect((await sent).status).toBe(201)
}

describe('the connection of a write is terminated', () => {
  test.each([
    [
      'while it waits for its turn',
      'SELECT pg_advisory_lock(1667330918)',
      'SELECT pg_advisory_unlock_all()',
    ],
    ['while it looks something up', 'BEGIN; LOCK TABLE record IN ACCESS EXCLUSIVE MODE', 'COMMIT'],
    ['while it writes rows', 'BEGIN; LOCK TABLE citation IN EXCLUSIVE MODE', 'COMMIT'],
    ['while it writes the ledger', 'BEGIN; LOCK TABLE ledger_document IN EXCLUSIVE MODE', 'COMMIT'],
  ])('%s', async (_when, hold, letGo) => {
    await admin.query(hold)
    const { slug, sent } = create()
    await killWhatWaits()
    await admin.query(letGo)
    expectUnavailable((await sent) as unknown as Answer)
    await t.api.get(`/v1/actors/${slug}`).expect(404)
    await expectNext()
  })

  test.each([
    [
      'of a correction, while it looks something up',
      'BEGIN; LOCK TABLE record IN ACCESS EXCLUSIVE MODE',
    ],
    ['of a correction, while it writes rows', 'BEGIN; LOCK TABLE actor IN EXCLUSIVE MODE'],
  ])('%s', async (_when, hold) => {
    await admin.query(hold)
    const sent = correct()
    await killWhatWaits()
    await admin.query('COMMIT')
    expectUnavailable((await sent) as unknown as Answer)
    await expectNext()
  })

  test('during COMMIT: nothing is stored, and the same Idempotency-Key creates it afterwards', async () => {
    await admin.query(`
      SELECT pg_advisory_lock(1);
      CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END';
      CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON revision DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION dawdle()`)
    const { body, sent } = create()
    await killWhatWaits()
    expectUnavailable((await sent) as unknown as Answer)
    await admin.query(
      'DROP TRIGGER dawdle ON revision; DROP FUNCTION dawdle(); SELECT pg_advisory_unlock_all()',
    )
    await w.post('/v1/actors', body, { 'idempotency-key': 'again' }).expect(201)
  })
})

test('503 when no connection is available', async () => {
  const name = new URL(t.url).pathname.slice(1)
  const elsewhere = new URL(t.url)
  elsewhere.pathname = 'postgres'
  const other = await connectClient(elsewhere.href)
  await other.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`)
  await admin.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  )
  const { sent } = create()
  const { status, headers } = await sent
  await other.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`)
  await other.end()
  expect([status, headers['retry-after']]).toEqual([503, '2'])
  await waitUntil('it is back', async () => (await t.api.get('/readyz')).status === 200)
  await expectNext()
})

test('503 busy when the write lock is not free within 10 seconds', async () => {
  await admin.query('SELECT pg_advisory_lock(1667330918)')
  const answers = await Promise.all([1, 2].map(() => create().sent))
  await admin.query('SELECT pg_advisory_unlock_all()')
  for (const { status, body, headers } of answers)
    expect([status, body.type, headers['retry-after']]).toEqual([503, '/problems/busy', '2'])
  await expectNext()
})
