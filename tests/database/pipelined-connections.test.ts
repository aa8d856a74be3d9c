import pg from 'pg'
import { expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { eventually } from '../harness/eventually.ts'

const t = useApp({ CACHE_MB: 0 })
const hasty = useApp({ CACHE_MB: 0, STATEMENT_TIMEOUT_MS: 300 })

const paths = async (): Promise<string[]> => {
  const { body } = await t.api.get('/v1/events').expect(200)
  return body.data.map(({ slug }: { slug: string }) => `/v1/events/${slug}`)
}

const times = <T>(count: number, list: readonly T[]): T[] =>
  Array.from({ length: count }, () => list).flat()

/** Of the statement behind a single record; PostgreSQL shows no more than its first 1,024 bytes. */
const beginning = 'SELECT (SELECT to_json(o)'

/** Connections whose last statement was the look-up of a single record. */
const usedForSingles = async ({ database } = t): Promise<number> => {
  const { rows } = await database.pool.query<{ used: number }>(
    `SELECT count(*)::int AS used FROM pg_stat_activity
     WHERE datname = current_database() AND application_name LIKE 'casefile api %' AND ltrim(query, E' \\n') LIKE '${beginning}%'
       AND pid <> pg_backend_pid()`,
  )
  return rows[0]?.used ?? 0
}

test('concurrent reads of single records share two connections and get their own records', async () => {
  const asked = times(20, await paths())
  const askAll = async () => {
    const answers = await Promise.all(asked.map((path) => t.api.get(path).expect(200)))
    expect(answers.map(({ body }) => `/v1/events/${body.slug}`)).toEqual(asked)
  }
  await eventually(async () => {
    await askAll()
    // Until one is open the pool helps out: here each of its connections does something else.
    const { pool } = t.database
    const others = await Promise.all(Array.from({ length: 4 }, () => pool.connect()))
    for (const other of others) {
      await other.query('SELECT 1')
      other.release()
    }
    expect(await usedForSingles()).toBeGreaterThanOrEqual(1)
  })
  await askAll()
  expect(await usedForSingles()).toBeGreaterThanOrEqual(1)
  expect(await usedForSingles()).toBeLessThanOrEqual(2)
})

test('a malformed id and an unknown slug do not affect other queries of the pipeline', async () => {
  const [good = ''] = await paths()
  const asked = times(10, [good, '/v1/events/no-such-event', '/v1/events/%00'])
  const answers = await Promise.all(asked.map((path) => t.api.get(path)))
  expect(answers.map(({ status }) => status)).toEqual(times(10, [200, 404, 400]))
})

test('lost connections are replaced, and their statements fail', async () => {
  const asked = times(20, await paths())
  const before = Promise.all(asked.map((path) => t.api.get(path)))
  await t.database.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND ltrim(query, E' \\n') LIKE '${beginning}%'`,
  )
  for (const { status } of await before) expect([200, 503]).toContain(status)
  await eventually(async () => {
    const after = await Promise.all(asked.map((path) => t.api.get(path)))
    for (const { status } of after) expect([200, 503]).toContain(status)
    expect(after.every(({ status }) => status === 200)).toBe(true)
  })
})

test('statements after one that cannot be prepared fail with it', async () => {
  const asked = (path: string) => Promise.all(times(20, [path]).map((one) => hasty.api.get(one)))
  await eventually(async () => {
    for (const { status } of await asked('/v1/actors/turkey')) expect(status).toBe(200)
    expect(await usedForSingles(hasty)).toBeGreaterThanOrEqual(1)
  })
  const holder = new pg.Client(hasty.url)
  await holder.connect()
  await holder.query('BEGIN; LOCK TABLE record IN ACCESS EXCLUSIVE MODE')
  // Their statement is another, which these connections have not seen.
  const answers = await asked('/v1/permits/wescam-mx15d-baykar-2020')
  await holder.end()
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]))
})

test('queued statements fail while a table is locked, and succeed afterwards', async () => {
  const asked = times(3, await paths())
  const holder = new pg.Client(hasty.url)
  await holder.connect()
  await holder.query('BEGIN; LOCK TABLE record IN ACCESS EXCLUSIVE MODE')
  const answers = await Promise.all(asked.map((path) => hasty.api.get(path)))
  await holder.end()
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]))
  await eventually(() => Promise.all(asked.map((path) => hasty.api.get(path).expect(200))))
})
