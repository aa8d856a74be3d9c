import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { problems } from '../../src/problem.ts'
import { type TestApp, useApp } from '../harness/app.ts'
import { addRequiredQuery, listDescribedRoutes } from '../harness/openapi-routes.ts'
import { readEntries } from '../harness/record-reader.ts'

/**
 * Every status that a GET declares, wherever it can be provoked the same way on all of them. A new route is here by
 * itself; that what it answers is what it declares is checked by the harness.
 */

const t = useApp()
const limited = useApp({ RATE_LIMIT_PER_MINUTE: 1 })
const broken = useApp({ CACHE_MB: 0 })
const blocked = useApp({ CACHE_MB: 0, STATEMENT_TIMEOUT_MS: 20 })
const closed = useApp({ ACCESS: 'private' })

let lock: pg.Client

async function tables(asked: Pick<pg.Client, 'query'>): Promise<string[]> {
  const { rows } = await asked.query(
    "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'",
  )
  return rows.map(({ name }) => name)
}

beforeAll(async () => {
  for (const name of await tables(broken.database.pool))
    await broken.database.pool.query(`ALTER TABLE ${name} RENAME TO gone_${name}`)
  lock = new pg.Client(blocked.url)
  await lock.connect()
  await lock.query('BEGIN')
  await lock.query(`LOCK TABLE ${(await tables(lock)).join(', ')} IN ACCESS EXCLUSIVE MODE`)
  await limited.api.get('/').expect(200)
})
afterAll(() => lock.end())

/** What stands in the place of the parameters of a path: something that there is, or that there is not. */
async function filled(path: string, exists: boolean): Promise<string> {
  const [, kind] = /^\/v1\/(\w+)/.exec(path) ?? []
  const first = async () => (await readEntries(t, `/v1/${kind}`))[0]
  let url = path
  if (url.includes('{ref}'))
    url = url.replace('{ref}', exists ? ((await first())?.slug ?? '') : 'no-such-thing')
  if (url.includes('{id}'))
    url = url.replace(
      '{id}',
      exists ? ((await first())?.id ?? '') : '019b0000-0000-7000-8000-000000000000',
    )
  url = url.replace('{code}', exists ? 'not-found' : 'no-such-thing')
  expect(url, 'a parameter that this test does not know').not.toContain('{')
  return url
}

const neverEnding = '/v1/changes/stream'
/** Exports have no time limit. */
const unlimited = '/v1/ledger'

/** How each status is provoked; undefined where that route has no such way. */
const provocations: Record<number, (path: string) => Promise<Answer> | undefined> = {
  200: (path) => (path === neverEnding ? undefined : ask(t, path, {})),
  304: (path) => ask(t, path, { 'If-None-Match': '*' }),
  400: (path) => ask(t, path, {}, path.startsWith('/v1') ? '?nosuch=1' : '?x=%00'),
  401: (path) =>
    path.startsWith('/v1') ? ask(closed, path, {}) : ask(t, path, { Authorization: 'Bearer no' }),
  404: (path) => (path.includes('{') ? ask(t, path, {}, '', false) : undefined),
  406: (path) => ask(t, path, { Accept: 'image/png' }),
  414: (path) => ask(t, path, {}, `?x=${'a'.repeat(9_000)}`),
  429: (path) => (/^\/(healthz|readyz)$/.test(path) ? undefined : ask(limited, path, {})),
  500: (path) => (asksTheDatabase(path) ? ask(broken, path, {}) : undefined),
  503: (path) => (asksTheDatabase(path) && path !== unlimited ? ask(blocked, path, {}) : undefined),
}
/** Known to the program itself. */
const constant = '/v1/findings/rules'
const asksTheDatabase = (path: string) =>
  path.startsWith('/v1') && path !== neverEnding && path !== constant

type Answer = { status: number; body: Record<string, unknown>; headers: Record<string, string> }

async function ask(on: TestApp, path: string, headers: object, query = '', exists = true) {
  const {
    status,
    body,
    headers: answered,
  } = await on.api
    .get(addRequiredQuery(path, await filled(path, exists), query))
    .set(headers as Record<string, string>)
  return { status, body, headers: answered } as Answer
}

const routes = (await listDescribedRoutes()).filter(({ method }) => method === 'GET')

const provoked = new Set<number>()

describe.each(routes)('GET $path', ({ path, statuses }) => {
  test.each(statuses.filter((status) => provocations[status]))('%i', async (status) => {
    const answer = await provocations[status]?.(path)
    if (answer === undefined) return
    expect(answer.status).toBe(status)
    provoked.add(status)
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    if (status < 400) return
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(answer.headers.etag).toBeUndefined()
    const { type, title, detail } = answer.body
    const code = String(type).replace('/problems/', '') as keyof typeof problems
    expect(answer.body.status).toBe(status)
    expect([title, status]).toEqual([problems[code]?.title, problems[code]?.status])
    expect(detail).toMatch(/\w+/)
    if (status === 500) expect(detail).toBe(`Logged as request ${answer.headers['x-request-id']}.`)
    if (status === 503) expect(answer.headers['retry-after']).toBe('2')
    if (status === 429) expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    if (status === 401) expect(answer.headers['www-authenticate']).toMatch(/^Bearer /)
  })

  test('declares no status that neither this nor a test of its own provokes', () => {
    const provokedElsewhere = [308, 403, 410, 413]
    const known = [...Object.keys(provocations).map(Number), ...provokedElsewhere]
    expect(statuses.filter((status) => !known.includes(status))).toEqual([])
  })
})

test('each status was provoked on some route', () => {
  expect([...provoked].sort()).toEqual(Object.keys(provocations).map(Number).sort())
})
