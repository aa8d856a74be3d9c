import { setImmediate } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { kinds } from '../../src/records/kinds/all-kinds.ts'
import { citationList } from '../../src/records/kinds/citations/queries.ts'
import { Kind } from '../../src/records/model/schema.ts'
import { useApp } from '../harness/app.ts'
import { addRequiredQuery, exampleRecords, listDescribedRoutes } from '../harness/openapi-routes.ts'
import { citationBody, useWriteClient } from '../harness/write-client.ts'

/**
 * Whatever statement of a request fails, the answer says so: 503 when the database is lost, 500 when nobody expected the
 * error, and never that the request was wrong. What the driver says reaches no client.
 */

const t = useApp({ CACHE_MB: 0, POOL_SIZE: 4 })
const w = useWriteClient(t)

const secret = 'relation "internal_secret" at 10.0.0.7:5432'
const lost = () =>
  Object.assign(new Error(`connect ECONNREFUSED ${secret}`), { code: 'ECONNREFUSED' })
const unexpected = () =>
  Object.assign(new pg.DatabaseError(secret, secret.length, 'error'), { code: 'XX000' })

/** The statement that fails, counted from 1 over all connections of requests; 0 is none. */
let failing = { at: 0, make: lost, count: 0 }
const original = pg.Client.prototype.query

/** Statements that begin or end a transaction say nothing of the request. */
const isOfTransaction = (text: string) => /^(BEGIN|COMMIT|ROLLBACK|CLOSE|SET)\b/.test(text)

/** Statements that are not answered yet. */
let unanswered = 0

type Query = { text?: string }
type Named = { connectionParameters: { application_name?: string } }

beforeAll(() => {
  pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
    const [query] = given
    const text = typeof query === 'string' ? query : ((query as Query).text ?? '')
    const { application_name: name = '' } = (this as unknown as Named).connectionParameters
    const isOfRequest = /^casefile (api|write|export)/.test(name)
    if (!isOfRequest || text === '' || isOfTransaction(text))
      return Reflect.apply(original, this, given)
    failing.count += 1
    const error = failing.count === failing.at ? failing.make() : undefined
    const done = given.at(-1)
    if (typeof done !== 'function')
      return error ? Promise.reject(error) : Reflect.apply(original, this, given)
    unanswered += 1
    const counted = (...answer: unknown[]) => {
      unanswered -= 1
      done(...answer)
    }
    if (error) return void process.nextTick(counted, error)
    return Reflect.apply(original, this, [...given.slice(0, -1), counted])
  } as typeof original
})
afterEach(() => {
  failing = { at: 0, make: lost, count: 0 }
})
afterAll(() => {
  pg.Client.prototype.query = original
})

type Answer = { status: number; text: string }
/** More than any request sends. */
const statementsMax = 60

/** What else a request had sent when it failed comes to its end, and does not count for the next one. */
async function quiet(): Promise<void> {
  const { pool } = t.database
  const isQuiet = () =>
    unanswered === 0 && pool.waitingCount === 0 && pool.idleCount === pool.totalCount
  for (let turns = 0; turns < 20; turns = isQuiet() ? turns + 1 : 0) await setImmediate()
}

/** Lets each statement of the request fail, one after the other. Gives how many there were. */
async function failEach(what: string, send: () => Promise<Answer>): Promise<number> {
  let statements = 0
  for (const [make, expected] of [
    [lost, [503, 'database-unavailable']],
    [unexpected, [500, 'internal-error']],
  ] as const)
    for (let at = 1; ; at += 1) {
      expect(at, `${what}: it never comes to its end`).toBeLessThan(statementsMax)
      await quiet()
      failing = { at, make, count: 0 }
      const { status, text } = await send()
      const hasFailed = failing.count >= at
      failing = { at: 0, make, count: 0 }
      expect(text, `${what}, statement ${at}`).not.toContain('internal_secret')
      if (!hasFailed) break
      statements += 1
      const type = /"type":"\/problems\/([\w-]+)"/.exec(text)?.[1]
      expect([status, type], `${what}, statement ${at}`).toEqual(expected)
    }
  return statements
}

const get = async (path: string): Promise<Answer> => {
  const { status, text } = await t.api.get(path)
  return { status, text }
}

/** Streams have begun to answer before they fail; broken-exports.test.ts has their tests. */
const streams = [
  '/v1/changes/stream',
  '/v1/ledger',
  '/v1/cases/{ref}/coverage',
  '/v1/cases/{ref}/file',
  '/v1/cases/{ref}/bundle',
  '/v1/cases/{ref}/export',
]
/** These need no statement. */
const constants = ['/v1/findings/rules']
const routes = (await listDescribedRoutes()).filter(
  ({ method, path }) =>
    method === 'GET' && path.startsWith('/v1/') && ![...streams, ...constants].includes(path),
)

describe('a GET of which a statement fails', () => {
  test('there are many', () => expect(routes.length).toBeGreaterThan(30))

  test.each(routes)('$path', async ({ path }) => {
    const [, , plural = ''] = path.split('/')
    const { body } = await t.api.get('/v1/citations?limit=1').expect(200)
    const url = path
      .replace('{ref}', exampleRecords[plural] ?? 'none')
      .replace('{id}', body.data[0].id)
    expect(await failEach(path, () => get(addRequiredQuery(path, url)))).toBeGreaterThan(0)
  })

  test.each(routes.filter(({ path }) => path.includes('{ref}')))(
    '$path of a record that there is not',
    async ({ path }) => {
      const url = path.replace('{ref}', 'no-such-record')
      expect(await failEach(path, () => get(addRequiredQuery(path, url)))).toBeGreaterThan(0)
    },
  )
})

describe('a filter that names no record, of which a statement fails', () => {
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

describe('a write of which a statement fails', () => {
  const actor = { type: 'company', name: 'X', citations: [citationBody()] }
  let made = 0
  const next = () => {
    made += 1
    return `of-a-write-${made}`
  }
  const form = () =>
    t.api
      .post('/v1/articles')
      .set('Authorization', `Bearer ${w.keys.write}`)
      .field('case', 'canada-turkey-wescam')
      .attach('file', Buffer.from(`A text, ${next()}.`), 'text.txt')
  const subject = async () => {
    const slug = next()
    const before = failing
    failing = { at: 0, make: lost, count: 0 }
    await w.post('/v1/actors', { ...actor, slug }).expect(201)
    failing = before
    return slug
  }

  test.each<[string, () => PromiseLike<Answer>]>([
    ['POST of a record', () => w.post('/v1/actors', { ...actor, slug: next() })],
    [
      'POST of a record that refers to others',
      () =>
        w.post('/v1/permits', {
          slug: next(),
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
          slug: next(),
          title: 'P',
          issuer: 'none',
          citations: [citationBody()],
        }),
    ],
    [
      'POST of an article',
      () =>
        w.post('/v1/articles', {
          slug: next(),
          title: 'A',
          case: 'canada-turkey-wescam',
          text: next(),
        }),
    ],
    [
      'POST of an article of no case',
      () => w.post('/v1/articles', { slug: next(), title: 'A', case: 'none', text: 'x' }),
    ],
    ['POST of a file', form],
    [
      'POST of a batch',
      () =>
        w.post('/v1/batch', {
          items: [{ op: 'create', kind: 'actor', record: { ...actor, slug: next() } }],
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
  ])('%s', async (what, send) => {
    const statements = await failEach(what, async () => {
      const { status, text } = await send()
      return { status, text }
    })
    expect(statements).toBeGreaterThan(what.includes('decision') ? -1 : 1)
  })
})
