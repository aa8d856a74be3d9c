import { once } from 'node:events'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sql } from 'kysely'
import pg from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import { type TestApp, useApp } from '../harness/app.ts'
import { fillLedger, fillTables } from '../harness/fill-case.ts'
import { waitUntil } from '../process/program.ts'
import { parseBinary } from './binary-parser.ts'

/** On `t` there is more than waits in the buffers of a connection; on `seeded` there is the seed. */

const t = useApp()
const seeded = useApp()
const exported = '/v1/cases/canada-turkey-wescam/export'
const wholeCasePaths = ['file', 'coverage', 'bundle'].map(
  (part) => `/v1/cases/canada-turkey-wescam/${part}`,
)

beforeAll(async () => {
  await t.app.listen({ port: 0, host: '127.0.0.1' })
  await fillLedger(t)
  await fillTables(t)
})

/** The answer, not read any further than its head. */
async function begin(path: string) {
  const { port } = t.app.server.address() as AddressInfo
  const asked = request({ port, host: '127.0.0.1', path })
  asked.on('error', () => undefined)
  asked.end()
  const [response] = await once(asked, 'response')
  return { asked, response }
}

const exporting = async ({ database }: TestApp = t): Promise<{ pid: number; state: string }[]> => {
  const { rows } = await database.pool.query(
    "SELECT pid, state FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'casefile export%' AND state <> 'idle'",
  )
  return rows
}

const gone = (of = t) =>
  waitUntil('the query is freed', async () => (await exporting(of)).length === 0)

describe('an export that fails while it is sent', () => {
  const broken = async (path: string): Promise<{ text: string; isWhole: boolean }> => {
    const before = new Set((await exporting()).map(({ pid }) => pid))
    const { response } = await begin(path)
    const failed = new Promise<boolean>((resolve) => response.once('error', () => resolve(false)))
    const ended = new Promise<boolean>((resolve) => response.once('end', () => resolve(true)))
    const session = await waitUntil('it exports', async () =>
      (await exporting()).find(({ pid }) => !before.has(pid)),
    )
    await t.database.pool.query('SELECT pg_terminate_backend($1)', [session.pid])
    let text = ''
    response.setEncoding('utf8').on('data', (piece: string) => {
      text += piece
    })
    return { isWhole: await Promise.race([failed, ended]), text }
  }

  test.each(['csv', 'ndjson', 'ftm', 'w3c-annotations'])(
    'as %s never ends as if it were whole',
    async (format) => {
      const { text, isWhole } = await broken(`/v1/actors?format=${format}`)
      expect(isWhole).toBe(false)
      expect(text.length).toBeGreaterThan(1_000)
    },
  )

  test.each(['ndjson', 'ftm'])('as %s has a problem as its last line', async (format) => {
    const { text } = await broken(`/v1/actors?format=${format}`)
    expect(JSON.parse(text.trim().split('\n').at(-1) ?? '')).toMatchObject({
      type: expect.stringMatching(/^\/problems\//),
      status: expect.any(Number),
    })
  })

  test.each([`${exported}?format=csv`, ...wholeCasePaths])(
    '%s is interrupted too',
    async (path) => {
      expect(await broken(path)).toMatchObject({ isWhole: false })
    },
  )
})

describe('a client that disconnects', () => {
  test.each([
    '/v1/actors?format=csv',
    '/v1/actors?format=ndjson',
    '/v1/actors?format=ftm',
    ...wholeCasePaths,
  ])('in the middle of %s frees its query', async (path) => {
    const { asked } = await begin(path)
    await waitUntil('it exports', async () => (await exporting()).length > 0)
    asked.destroy()
    await gone()
  })

  test('between two queries frees its connection', async () => {
    // More often than there are connections for exports.
    for (let time = 0; time < 6; time += 1) {
      const leaving = new AbortController()
      const { fetchAll: all } = await t.database.openSnapshot({ signal: leaving.signal })
      await all(sql`SELECT 1`.compile(t.database.db))
      leaving.abort()
    }
    await gone()
  })

  test('before the first row cancels its query', async () => {
    const lock = new pg.Client(t.url)
    await lock.connect()
    await lock.query('BEGIN; LOCK TABLE actor IN ACCESS EXCLUSIVE MODE')
    const { port } = t.app.server.address() as AddressInfo
    for (const path of [
      '/v1/actors?format=ndjson',
      `${exported}?format=ndjson`,
      '/v1/cases/canada-turkey-wescam/coverage',
    ]) {
      const asked = request({ port, host: '127.0.0.1', path })
      asked.on('error', () => undefined)
      asked.end()
      await waitUntil('it waits', async () =>
        (await exporting()).some(({ state }) => state === 'active'),
      )
      asked.destroy()
      await gone()
    }
    await lock.end()
  })
})
describe('an export of which a query fails', () => {
  const formats = [
    'ndjson',
    'ftm',
    'geojson',
    'w3c-annotations',
    'timelinejs',
    'ics',
    'gexf',
    'dot',
  ]
  const rename = (from: string, to: string) =>
    seeded.database.pool.query(`ALTER TABLE ${from} RENAME TO ${to}`)

  test.each(formats)(
    'as %s is a problem before its first byte, and holds nothing',
    async (format) => {
      const table = ['geojson', 'timelinejs', 'ics'].includes(format) ? 'event' : 'citation'
      await rename(table, 'taken_away')
      try {
        // More often than there are connections for exports.
        for (let time = 0; time < 6; time += 1) {
          const { body } = await seeded.api.get(`${exported}?format=${format}`).expect(500)
          expect(body.type).toBe('/problems/internal-error')
        }
      } finally {
        await rename('taken_away', table)
      }
      await gone(seeded)
      await seeded.api.get(`${exported}?format=${format}`).parse(parseBinary).expect(200)
    },
  )

  test.each(['csv', 'gexf', 'graphml', 'ndjson'])(
    'as %s is broken off when that is later, and holds nothing',
    async (format) => {
      // The last kind that is read; of a graph it is first read after some nodes are written.
      await rename('event_participant', 'taken_away')
      try {
        for (let time = 0; time < 6; time += 1) {
          const outcome = await seeded.api
            .get(`${exported}?format=${format}`)
            .parse(parseBinary)
            .then(
              ({ status }) => status,
              () => 'broken off',
            )
          // On a busy machine the query may fail before the first byte has gone out.
          expect(['broken off', 500]).toContain(outcome)
        }
      } finally {
        await rename('taken_away', 'event_participant')
      }
      await gone(seeded)
      await seeded.api.get(`${exported}?format=${format}`).parse(parseBinary).expect(200)
    },
  )
})
