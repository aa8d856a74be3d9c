import { setImmediate } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { kinds } from '../../src/records/kinds/all-kinds.ts'
import { citationList } from '../../src/records/kinds/citations/queries.ts'
import { Kind } from '../../src/records/model/schema.ts'
import { useApp } from '../harness/app.ts'
import {
  addRequiredQuery,
  insertExample,
  listDescribedRoutes,
  readExampleId,
} from '../harness/openapi-routes.ts'
import { storeExampleFigure, storeExamplePage } from '../harness/record-builders.ts'
import { citationBody, useWriteClient } from '../harness/write-client.ts'

/**
 * When any statement of a request fails, the response is a 503 (database lost) or a 500 (unexpected error), never an error
 * of the request. Messages of the driver reach no client.
 */

const t = useApp({ CACHE_MB: 0, POOL_SIZE: 4 })

beforeAll(() => storeExampleFigure(t.database))
beforeAll(() => storeExamplePage(t.database))
const w = useWriteClient(t)

const secret = 'relation "internal_secret" at 10.0.0.7:5432'
const connectionLost = () =>
  Object.assign(new Error(`connect ECONNREFUSED ${secret}`), { code: 'ECONNREFUSED' })
const unexpectedError = () =>
  Object.assign(new pg.DatabaseError(secret, secret.length, 'error'), { code: 'XX000' })

/** `statement` is the number of the failing statement, from 1 over all connections of requests; 0 means none. */
let failure = { statement: 0, createError: connectionLost, count: 0 }
const original = pg.Client.prototype.query

/** Statements that begin or end a transaction are not counted. */
const isTransactionControl = (text: string) => /^(BEGIN|COMMIT|ROLLBACK|CLOSE|SET)\b/.test(text)

let pendingStatements = 0

type Query = { text?: string }
type NamedClient = { connectionParameters: { application_name?: string } }

beforeAll(() => {
  pg.Client.prototype.query = function (this: pg.Client, ...parameters: unknown[]) {
    const [query] = parameters
    const text = typeof query === 'string' ? query : ((query as Query).text ?? '')
    const { application_name: name = '' } = (this as unknown as NamedClient).connectionParameters
    const isOfRequest = /^casefile (api|write|export)/.test(name)
    if (!isOfRequest || text === '' || isTransactionControl(text))
      return Reflect.apply(original, this, parameters)
    failure.count += 1
    const error = failure.count === failure.statement ? failure.createError() : undefined
    const callback = parameters.at(-1)
    if (typeof callback !== 'function')
      return error ? Promise.reject(error) : Reflect.apply(original, this, parameters)
    pendingStatements += 1
    const countingCallback = (...results: unknown[]) => {
      pendingStatements -= 1
      callback(...results)
    }
    if (error) return void process.nextTick(countingCallback, error)
    return Reflect.apply(original, this, [...parameters.slice(0, -1), countingCallback])
  } as typeof original
})
afterEach(() => {
  failure = { statement: 0, createError: connectionLost, count: 0 }
})
afterAll(() => {
  pg.Client.prototype.query = original
})

type Answer = { status: number; text: string }
/** More than any request sends. */
const statementsMax = 60

/** Waits for the other statements of a failed request, so that they do not count for the next one. */
async function waitUntilIdle(): Promise<void> {
  const { pool } = t.database
  const isIdle = () =>
    pendingStatements === 0 && pool.waitingCount === 0 && pool.idleCount === pool.totalCount
  for (let idleTurns = 0; idleTurns < 20; idleTurns = isIdle() ? idleTurns + 1 : 0)
    await setImmediate()
}

/** Sends a request once for each of its statements, and lets that statement fail. Returns the number of failures. */
async function failEach(name: string, send: () => Promise<Answer>): Promise<number> {
  let failureCount = 0
  for (const [createError, expected] of [
    [connectionLost, [503, 'database-unavailable']],
    [unexpectedError, [500, 'internal-error']],
  ] as const)
    for (let statement = 1; ; statement += 1) {
      expect(statement, `${name}: too many statements`).toBeLessThan(statementsMax)
      await waitUntilIdle()
      failure = { statement, createError, count: 0 }
      const { status, text } = await send()
      const hasFailed = failure.count >= statement
      failure = { statement: 0, createError, count: 0 }
      expect(text, `${name}, statement ${statement}`).not.toContain('internal_secret')
      if (!hasFailed) break
      failureCount += 1
      const type = /"type":"\/problems\/([\w-]+)"/.exec(text)?.[1]
      expect([status, type], `${name}, statement ${statement}`).toEqual(expected)
    }
  return failureCount
}

const get = async (path: string): Promise<Answer> => {
  // A picture has no text.
  const { status, text = '' } = await t.api.get(path)
  return { status, text }
}

/** A stream has sent its status before it fails. broken-exports.test.ts tests these. */
const streams = [
  '/v1/changes/stream',
  '/v1/ledger',
  '/v1/cases/{ref}/coverage',
  '/v1/cases/{ref}/file',
  '/v1/cases/{ref}/bundle',
  '/v1/cases/{ref}/export',
]
/** Routes without statements. */
const constants = [
  '/v1/findings/rules',
  '/v1/reference/control-lists',
  '/v1/reference/organisations',
  '/v1/reference/organisations/{ref}',
]
const routes = (await listDescribedRoutes()).filter(
  ({ method, path }) =>
    method === 'GET' && path.startsWith('/v1/') && ![...streams, ...constants].includes(path),
)

describe('a GET with a failing statement', () => {
  test('there are many', () => expect(routes.length).toBeGreaterThan(30))

  test.each(routes)('$path', async ({ path }) => {
    const url = insertExample(path).replace('{id}', await readExampleId(t.api, path))
    expect(await failEach(path, () => get(addRequiredQuery(path, url)))).toBeGreaterThan(0)
  })

  test.each(routes.filter(({ path }) => path.includes('{ref}')))(
    '$path of an unknown record',
    async ({ path }) => {
      const url = insertExample(path, 'no-such-record')
      expect(await failEach(path, () => get(addRequiredQuery(path, url)))).toBeGreaterThan(0)
    },
  )
})

describe('a filter by an unknown record with a failing statement', () => {
  const filters = [
    ...Kind.options.map((kind) => [`/v1/${kind}s`, kinds[kind].list.filters] as const),
    ['/v1/citations', citationList.filters] as const,
    ['/v1/timeline', kinds.event.list.filters] as const,
  ].flatMap(([path, all]) =>
    Object.entries(all).flatMap(([name, { refersTo, assertExists: mustExist }]) =>
      refersTo || mustExist ? [`${path}?${name}=no-such-record`] : [],
    ),
  )
  const others = [
    '/v1/search?q=nosuchword&case=no-such-case',
    '/v1/citations?record=permit/none',
    '/v1/findings?permit=none',
    '/v1/findings?actor=none',
    '/v1/findings?case=none',
    '/v1/network?actor=none',
    '/v1/network?permit=none',
  ]

  test('there are many', () => expect(filters.length).toBeGreaterThan(20))

  test.each([...filters, ...others])('GET %s', async (path) => {
    expect(await failEach(path, () => get(path))).toBeGreaterThan(1)
    expect((await get(path)).status).toBe(400)
  })
})

describe('a write with a failing statement', () => {
  const actor = { type: 'company', name: 'X', citations: [citationBody()] }
  let slugCount = 0
  const nextSlug = () => {
    slugCount += 1
    return `of-a-write-${slugCount}`
  }
  const form = () =>
    t.api
      .post('/v1/articles')
      .set('Authorization', `Bearer ${w.keys.write}`)
      .field('case', 'canada-turkey-wescam')
      .attach('file', Buffer.from(`A text, ${nextSlug()}.`), 'text.txt')
  const subject = async () => {
    const slug = nextSlug()
    const previousFailure = failure
    failure = { statement: 0, createError: connectionLost, count: 0 }
    await w.post('/v1/actors', { ...actor, slug }).expect(201)
    failure = previousFailure
    return slug
  }

  test.each<[string, () => PromiseLike<Answer>]>([
    ['POST of a record', () => w.post('/v1/actors', { ...actor, slug: nextSlug() })],
    [
      'POST of a record that refers to others',
      () =>
        w.post('/v1/permits', {
          slug: nextSlug(),
          title: 'P',
          issuer: 'canada',
          exporter: 'l3harris-wescam',
          items: [{ good: 'mx-15d' }],
          citations: [citationBody()],
        }),
    ],
    [
      'POST of a record that refers to nobody',
      () =>
        w.post('/v1/permits', {
          slug: nextSlug(),
          title: 'P',
          issuer: 'none',
          citations: [citationBody()],
        }),
    ],
    [
      'POST of an article',
      () =>
        w.post('/v1/articles', {
          slug: nextSlug(),
          title: 'A',
          case: 'canada-turkey-wescam',
          text: nextSlug(),
        }),
    ],
    [
      'POST of an article of no case',
      () => w.post('/v1/articles', { slug: nextSlug(), title: 'A', case: 'none', text: 'x' }),
    ],
    ['POST of a file', form],
    [
      'POST of a batch',
      () =>
        w.post('/v1/batch', {
          items: [{ op: 'create', kind: 'actor', record: { ...actor, slug: nextSlug() } }],
        }),
    ],
    [
      'PATCH',
      async () => {
        const slug = await subject()
        return w.patch(`/v1/actors/${slug}`, { name: 'Y' }, { 'if-match': '*' })
      },
    ],
    [
      'PATCH to the slug of another',
      async () => {
        const slug = await subject()
        const answer = await w.patch(`/v1/actors/${slug}`, { slug: 'turkey' }, { 'if-match': '*' })
        return answer
      },
    ],
    [
      'DELETE',
      async () => w.del(`/v1/actors/${await subject()}`, { reason: 'x' }, { 'if-match': '*' }),
    ],
    [
      'POST of a citation',
      async () =>
        w.post(`/v1/actors/${await subject()}/citations`, citationBody(), { 'if-match': '*' }),
    ],
    [
      'POST of a merge',
      async () =>
        w.post(`/v1/actors/${await subject()}/merge`, { into: 'baykar' }, { 'if-match': '*' }),
    ],
    [
      'POST of a merge into nobody',
      async () =>
        w.post(`/v1/actors/${await subject()}/merge`, { into: 'none' }, { 'if-match': '*' }),
    ],
    ['POST of a decision', () => w.post('/v1/proposals/none/reject', {})],
    [
      'POST of a reconciliation',
      () => t.api.post('/reconcile').type('form').send({ queries: '{"q":{"query":"Baykar"}}' }),
    ],
  ])('%s', async (name, send) => {
    const statements = await failEach(name, async () => {
      const { status, text } = await send()
      return { status, text }
    })
    expect(statements).toBeGreaterThan(name.includes('decision') ? -1 : 1)
  })
})
