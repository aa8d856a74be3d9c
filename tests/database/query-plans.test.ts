import pg from 'pg'
import pino from 'pino'
import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { loadDataSet } from '../../bench/data-set/load.ts'
import { buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { type Database, openDatabase } from '../../src/database/database.ts'
import { type HeadTracker, trackHead } from '../../src/ledger/head-tracker.ts'
import { listDescribedRoutes } from '../harness/openapi-routes.ts'

/**
 * No documented question reads a big table from end to end. Each GET is asked with each of its parameters; what it sends to
 * PostgreSQL is noted, and its plan is read. The data set is small enough that PostgreSQL would rightly read some tables
 * whole, so it is told to avoid that: where it still does, there is no index that serves. On a large one, which
 * `npm run bench:plans` names in PLANS_DATABASE_URL, it plans as it always does.
 */

const { PLANS_DATABASE_URL: large } = process.env

const permits = 500
const bigRows = large ? 50_000 : 400
/** Grows without end, however few there are in the data set. */
const alwaysBig = large ? [] : ['ledger_document', 'revision']

type Sent = { text: string; values: unknown[] }
const sent: Sent[] = []
const name = large ? new URL(large).pathname.slice(1) : `casefile_plans_${process.pid}`
const admin = new pg.Client(inject('adminUrl'))
let database: Database
let head: HeadTracker
let app: Awaited<ReturnType<typeof buildApp>>
let api: ReturnType<typeof supertest>
let planner: pg.Client
let big: ReadonlySet<string>
let known: Record<string, string[]>

const original = pg.Client.prototype.query

/** Notes every statement, however it is given: as text, as a named one, or as a cursor. */
function noteStatements(): void {
  pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
    const [first, values] = given
    const { text, values: own } = (
      typeof first === 'string' ? { text: first, values } : (first ?? {})
    ) as { text?: string; values?: unknown[] }
    if (this.database === name && this !== planner && /^\s*(\(|SELECT|WITH)/i.test(text ?? ''))
      sent.push({ text: text ?? '', values: own ?? [] })
    return Reflect.apply(original, this, given)
  } as typeof original
}

beforeAll(async () => {
  await admin.connect()
  const url = new URL(large ?? inject('adminUrl'))
  url.pathname = name
  if (!large) {
    await admin.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`)
    await loadDataSet(url.href, permits, () => undefined)
  }
  const config = { ...readConfig({}), RATE_LIMIT_PER_MINUTE: 0, CACHE_MB: 0, POOL_SIZE: 2 }
  database = openDatabase({
    url: url.href,
    poolSize: 2,
    statementTimeoutMs: 60_000,
    onConnectionLost: () => undefined,
  })
  head = trackHead(url.href, database.db)
  app = await buildApp({ config, database, head, log: pino({ level: 'silent' }) })
  await app.ready()
  api = supertest(app.server)
  planner = new pg.Client(url.href)
  await planner.connect()
  if (!large) await planner.query('SET enable_seqscan = off')
  const tables = await planner.query<{ name: string; rows: string }>(
    'SELECT relname AS name, reltuples::bigint AS rows FROM pg_class WHERE relkind = $1 AND relnamespace = $2::regnamespace',
    ['r', 'public'],
  )
  const grown = tables.rows.filter(({ rows }) => Number(rows) >= bigRows).map((one) => one.name)
  big = new Set([...grown, ...alwaysBig])
  known = await valuesByKind()
  noteStatements()
})
afterAll(async () => {
  pg.Client.prototype.query = original
  await planner.end()
  await app.close()
  await head.close()
  await database.close()
  if (!large) await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)
  await admin.end()
})

/** Slugs of each kind, of which something is to be found. */
async function valuesByKind(): Promise<Record<string, string[]>> {
  const { rows } = await planner.query<{ kind: string; slug: string }>(
    `SELECT DISTINCT ON (kind) kind, slug FROM record ORDER BY kind, id`,
  )
  return {
    ...Object.fromEntries(rows.map(({ kind, slug }) => [kind, [slug]])),
    // The one at which every record of the data set has a document.
    revision: [String((await head.getHead()).revision)],
  }
}

type Plan = { 'Node Type': string; 'Relation Name'?: string; Plans?: Plan[] }
const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)]

async function scansOf({ text, values }: Sent): Promise<string[]> {
  const { rows } = await planner.query(`EXPLAIN (FORMAT JSON) ${text}`, [...values])
  return nodesOf(rows[0]['QUERY PLAN'][0].Plan as Plan)
    .filter((node) => node['Node Type'] === 'Seq Scan' && big.has(node['Relation Name'] ?? ''))
    .map((node) => `${node['Relation Name']}: ${text.replaceAll(/\s+/g, ' ').slice(0, 200)}`)
}

const seen = new Set<string>()
let statements = 0

/** What the request reads whole, of statements that no request before has sent, and whether it was answered. */
async function readWhole(path: string): Promise<{ found: string[]; isAnswered: boolean }> {
  sent.length = 0
  const { status } = await api.get(path)
  expect(status, path).toBeLessThan(500)
  const own = sent.filter(({ text }) => !seen.has(text))
  for (const { text } of own) seen.add(text)
  statements += own.length
  const found: string[] = []
  for (const one of own) for (const scan of await scansOf(one)) found.push(`${path}: ${scan}`)
  return { found, isAnswered: status < 400 }
}

/** Values to try for a parameter: the first that is not refused is asked with. */
function candidates(parameter: string, given: { enum?: string[] }): string[] {
  if (given.enum) return given.enum
  return [
    ...(known[parameter] ?? []),
    '2020-05',
    'true',
    '2',
    'permit',
    'embargo',
    'https://news.example/a',
    ...Object.values(known).flat(),
  ]
}

type Parameter = {
  name: string
  in: string
  schema?: { enum?: string[]; anyOf?: { enum?: string[] }[] }
}

/** Streams that never end, whole exports of the ledger, and what asks nothing of the tables. */
const left = ['/v1/changes/stream', '/v1/ledger']

const routes = (await listDescribedRoutes()).filter(
  ({ method, path }) => method === 'GET' && path.startsWith('/v1/') && !left.includes(path),
)

describe.each(routes)('GET $path', { timeout: large ? 600_000 : 60_000 }, ({ path }) => {
  test('no parameter leads to a sequential scan of a big table', async () => {
    const { paths } = app.swagger() as unknown as {
      paths: Record<string, { get?: { parameters?: Parameter[] } }>
    }
    const [, plural = ''] = /^\/v1\/([\w-]+)/.exec(path) ?? []
    const [slug = 'none'] = known[plural.replace(/s$/, '')] ?? []
    const citation = await planner.query<{ id: string }>(
      'SELECT id FROM citation ORDER BY id LIMIT 1',
    )
    const url = path.replace('{ref}', slug).replaceAll(/\{\w+\}/g, citation.rows[0]?.id ?? '')
    const { found } = await readWhole(url)
    for (const parameter of paths[path]?.get?.parameters ?? []) {
      if (parameter.in !== 'query' || parameter.name === 'cursor') continue
      // What is counted is read, every row of it.
      if (large && parameter.name === 'count') continue
      const { schema = {} } = parameter
      const words = schema.enum ?? schema.anyOf?.find((one) => one.enum)?.enum
      const values = candidates(parameter.name, words ? { enum: words } : {})
      const asked = words && parameter.name === 'sort' ? values : values.slice(0, 16)
      for (const value of asked) {
        const one = `${url}?${parameter.name}=${encodeURIComponent(value)}`
        const read = await readWhole(one)
        found.push(...read.found)
        if (words && parameter.name !== 'sort') break
        if (!words && read.isAnswered) break
      }
    }
    expect(found).toEqual([])
  })
})

/**
 * Where many records belong to what is asked for, PostgreSQL takes reading whole for cheaper the more it believes these to be. The
 * statements that find pairs for findings leave it no choice, on the small data set either, where it is free to do so and some
 * other tables are a handful of pages.
 */
describe('queries with many results', () => {
  const isOfPairs = (scan: string) =>
    /: (permit|permit_item|citation|record|event_participant|event_good): \( WITH /.test(scan)
  const cases = 'SELECT slug FROM record WHERE kind = $1 ORDER BY id LIMIT 2'
  /** The busiest user of goods, the busiest issuer of permits, somebody with little. */
  const actors = `SELECT slug FROM record WHERE $1 = 'actor' AND id IN (
    (SELECT actor_id FROM event_participant WHERE role = 'user' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1)
    UNION (SELECT issuer_id FROM permit GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1)
    UNION (SELECT actor_id FROM event_participant GROUP BY 1 ORDER BY count(*), 1 LIMIT 1)) ORDER BY slug`
  /** With the good of which most events are, and with one of the fewest. */
  const permits = `SELECT slug FROM record WHERE kind = $1 AND id IN (${['DESC', 'ASC']
    .map(
      (order) =>
        `(SELECT permit_id FROM permit_item WHERE good_id = (SELECT good_id FROM event_good GROUP BY 1 ORDER BY count(*) ${order}, 1 LIMIT 1) ORDER BY 1 LIMIT 1)`,
    )
    .join(' UNION ')}) ORDER BY slug`

  beforeAll(async () => {
    if (!large) await planner.query('SET enable_seqscan = on')
  })
  afterAll(async () => {
    if (!large) await planner.query('SET enable_seqscan = off')
  })

  test.each([
    ['case', cases],
    ['actor', actors],
    ['permit', permits],
  ])('findings by %s scan no big table', async (kind, named) => {
    const { rows } = await planner.query<{ slug: string }>(named, [kind])
    const found: string[] = []
    for (const { slug } of rows) {
      seen.clear()
      const read = await readWhole(`/v1/findings?${kind}=${slug}`)
      // No other statement begins like this: `isOfPairs` depends on it.
      expect(sent.some(({ text }) => /^\(\s+WITH /.test(text))).toBe(true)
      found.push(...read.found.filter((scan) => large || isOfPairs(scan)))
    }
    expect(rows.length).toBeGreaterThan(1)
    expect(found).toEqual([])
  })

  test('permits by an unknown control list entry scan no big table', async () => {
    seen.clear()
    expect(await readWhole('/v1/permits?controlCode=ML99')).toEqual({ found: [], isAnswered: true })
  })
})

test('the big tables include those of records, citations and events, and statements were recorded', () => {
  expect([...big]).toEqual(
    expect.arrayContaining([
      'record',
      'citation',
      'citation_voice',
      'permit',
      'permit_item',
      'event',
      'event_good',
    ]),
  )
  expect(statements).toBeGreaterThan(100)
})

test('the test detects a sequential scan', async () => {
  const text = 'SELECT id FROM citation WHERE quote = $1'
  expect(await scansOf({ text, values: ['x'] })).toEqual([`citation: ${text}`])
})
