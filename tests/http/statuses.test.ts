import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { problems } from '../../src/problem.ts'
import { type TestApp, useApp } from '../harness/app.ts'
import { addRequiredQuery, listDescribedRoutes, readExampleId } from '../harness/openapi-routes.ts'
import { storeExampleFigure, storeExamplePage } from '../harness/record-builders.ts'
import { readEntries } from '../harness/record-reader.ts'

/**
 * Provokes every status that a GET declares, where one way works for all routes. New routes are included automatically. The
 * harness validates the responses against the declared schemas.
 */

const t = useApp()
const limited = useApp({ RATE_LIMIT_PER_MINUTE: 1 })
const broken = useApp({ CACHE_MB: 0 })
const blocked = useApp({ CACHE_MB: 0, STATEMENT_TIMEOUT_MS: 20 })
const closed = useApp({ ACCESS: 'private' })

let lock: pg.Client

async function listTables(client: Pick<pg.Client, 'query'>): Promise<string[]> {
  const { rows } = await client.query(
    "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'",
  )
  return rows.map(({ name }) => name)
}

beforeAll(async () => {
  await storeExampleFigure(t.database)
  await storeExamplePage(t.database)
  for (const name of await listTables(broken.database.pool))
    await broken.database.pool.query(`ALTER TABLE ${name} RENAME TO gone_${name}`)
  lock = new pg.Client(blocked.url)
  await lock.connect()
  await lock.query('BEGIN')
  await lock.query(`LOCK TABLE ${(await listTables(lock)).join(', ')} IN ACCESS EXCLUSIVE MODE`)
  // Cached responses do not count.
  await limited.api.get('/openapi.json').expect(200)
})
afterAll(() => lock.end())

/** Replaces the parameters of a path by an existing or an unknown value. */
async function fillParameters(path: string, exists: boolean): Promise<string> {
  const [, kind] = /^\/v1\/(\w+)/.exec(path) ?? []
  const readFirstRecord = async () => (await readEntries(t, `/v1/${kind}`))[0]
  let url = path.replace('{page}', '1')
  if (url.startsWith('/v1/reference/'))
    url = url.replace('{ref}', exists ? 'nato' : 'no-such-thing')
  if (url.includes('/pages/'))
    url = url.replace('{ref}', exists ? 'scanned-letter' : 'no-such-thing')
  if (url.includes('{ref}'))
    url = url.replace('{ref}', exists ? ((await readFirstRecord())?.slug ?? '') : 'no-such-thing')
  if (url.includes('{id}'))
    url = url.replace(
      '{id}',
      exists ? await readExampleId(t.api, path) : '019b0000-0000-7000-8000-000000000000',
    )
  url = url.replace('{code}', exists ? 'not-found' : 'no-such-thing')
  expect(url, 'a parameter that this test does not know').not.toContain('{')
  return url
}

const streamPath = '/v1/changes/stream'
/** Exports have no time limit. */
const pathWithoutTimeout = '/v1/ledger'

/** How each status is provoked; undefined for routes that cannot return it. */
const provocations: Record<number, (path: string) => Promise<TestResponse> | undefined> = {
  200: (path) => (path === streamPath ? undefined : sendRequest(t, path, {})),
  304: (path) => sendRequest(t, path, { 'If-None-Match': '*' }),
  400: (path) => sendRequest(t, path, {}, path.startsWith('/v1') ? '?nosuch=1' : '?x=%00'),
  401: (path) =>
    path.startsWith('/v1')
      ? sendRequest(closed, path, {})
      : sendRequest(t, path, { Authorization: 'Bearer no' }),
  404: (path) => (path.includes('{') ? sendRequest(t, path, {}, '', false) : undefined),
  406: (path) => sendRequest(t, path, { Accept: 'image/png' }),
  409: (path) =>
    sendRequest(
      t,
      path,
      {},
      [streamPath, '/v1/ledger'].includes(path) ? '?since=999' : '?cursor=x~999-00000000',
    ),
  414: (path) => sendRequest(t, path, {}, `?x=${'a'.repeat(9_000)}`),
  429: (path) => (/^\/(healthz|readyz)$/.test(path) ? undefined : sendRequest(limited, path, {})),
  500: (path) => (usesDatabase(path) ? sendRequest(broken, path, {}) : undefined),
  503: (path) =>
    usesDatabase(path) && path !== pathWithoutTimeout ? sendRequest(blocked, path, {}) : undefined,
}
/** Needs no database. */
const constantPath = '/v1/findings/rules'
const usesDatabase = (path: string) =>
  !path.startsWith('/v1/reference/') &&
  path.startsWith('/v1') &&
  path !== streamPath &&
  path !== constantPath

type TestResponse = {
  status: number
  body: Record<string, unknown>
  headers: Record<string, string>
}

async function sendRequest(app: TestApp, path: string, headers: object, query = '', exists = true) {
  const response = await app.api
    .get(addRequiredQuery(path, await fillParameters(path, exists), query))
    .set(headers as Record<string, string>)
  return { status: response.status, body: response.body, headers: response.headers } as TestResponse
}

const routes = (await listDescribedRoutes()).filter(({ method }) => method === 'GET')

const provoked = new Set<number>()

describe.each(routes)('GET $path', ({ path, statuses }) => {
  test.each(statuses.filter((status) => provocations[status]))('%i', async (status) => {
    const response = await provocations[status]?.(path)
    if (response === undefined) return
    expect(response.status).toBe(status)
    provoked.add(status)
    expect(response.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    if (status < 400) return
    expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect(response.headers['cache-control']).toBe('no-store')
    expect(response.headers.etag).toBeUndefined()
    const { type, title, detail } = response.body
    const code = String(type).replace('/problems/', '') as keyof typeof problems
    expect(response.body.status).toBe(status)
    expect([title, status]).toEqual([problems[code]?.title, problems[code]?.status])
    expect(detail).toMatch(/\w+/)
    if (status === 500)
      expect(detail).toBe(`Logged as request ${response.headers['x-request-id']}.`)
    if (status === 503) expect(response.headers['retry-after']).toBe('2')
    if (status === 429) expect(Number(response.headers['retry-after'])).toBeGreaterThan(0)
    if (status === 401) expect(response.headers['www-authenticate']).toMatch(/^Bearer /)
  })

  test('every declared status is tested here or elsewhere', () => {
    const provokedElsewhere = [308, 403, 410, 413, 422, 501]
    const testedStatuses = [...Object.keys(provocations).map(Number), ...provokedElsewhere]
    expect(statuses.filter((status) => !testedStatuses.includes(status))).toEqual([])
  })
})

test('every status is provoked on some route', () => {
  expect([...provoked].sort()).toEqual(Object.keys(provocations).map(Number).sort())
})
