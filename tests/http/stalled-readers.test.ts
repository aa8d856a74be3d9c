import { once } from 'node:events'
import type { Socket } from 'node:net'
import pg from 'pg'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type TestApp, useApp } from '../harness/app.ts'
import { fillLedger, fillTables } from '../harness/fill-case.ts'
import { connectRaw, listenOnFreePort, type RawConnection } from '../harness/raw-client.ts'
import { waitUntil } from '../process/program.ts'

/** Clients that ask for much and do not read it. */

const patient = useApp({ MAX_CONCURRENT_EXPORTS: 2, CACHE_MB: 0 })
const strict = useApp({ SEND_TIMEOUT_SECONDS: 1, CACHE_MB: 0 })
const single = useApp({ MAX_EXPORTS_PER_CLIENT: 1, MAX_STREAMS_PER_CLIENT: 2 })
const crowded = useApp({ MAX_STREAMS: 3 })

beforeAll(async () => {
  await Promise.all([fillTables(patient), fillLedger(strict), fillLedger(single)])
  await fillTables(strict)
})

const opened: RawConnection[] = []
afterEach(() => {
  for (const { socket } of opened.splice(0)) socket.destroy()
})

/** A client that sends a request and reads no more of the response than its first bytes. */
async function openStalledReader(t: TestApp, path: string): Promise<{ serverSocket: Socket }> {
  const port = await listenOnFreePort(t)
  const accepted = once(t.app.server, 'connection')
  const connection = await connectRaw(port)
  opened.push(connection)
  const [serverSocket] = (await accepted) as [Socket]
  connection.socket.once('data', () => connection.socket.pause())
  connection.socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`)
  await connection.waitFor(/HTTP\/1\.1 200 /)
  return { serverSocket }
}

const countExports = async ({ database }: TestApp): Promise<number> => {
  const { rows } = await database.pool.query(
    `SELECT 1 FROM pg_stat_activity
     WHERE datname = current_database() AND application_name LIKE 'casefile export%' AND state <> 'idle'`,
  )
  return rows.length
}

const exportPaths = [
  '/v1/actors?format=csv',
  '/v1/actors?format=ndjson',
  '/v1/actors?format=ftm',
  '/v1/ledger',
  '/v1/cases/canada-turkey-wescam/bundle',
  '/v1/cases/canada-turkey-wescam/file',
  '/v1/cases/canada-turkey-wescam/coverage',
  '/v1/cases/canada-turkey-wescam/export?format=ndjson',
]

describe('an export that is not read', () => {
  test.each(exportPaths)('%s is ended after SEND_TIMEOUT_SECONDS, with its query', async (path) => {
    const { serverSocket } = await openStalledReader(strict, path)
    expect(await countExports(strict)).toBeGreaterThan(0)
    if (!serverSocket.closed) await once(serverSocket, 'close')
    await waitUntil('the query is ended', async () => (await countExports(strict)) === 0)
  })

  test('leaves other requests alone; when all places are taken the next export is a 503', async () => {
    await openStalledReader(patient, '/v1/actors?format=ndjson')
    await openStalledReader(patient, '/v1/actors?format=csv')
    await patient.api.get('/v1/permits').expect(200)
    await patient.api.get('/v1/permits?format=csv&limit=2').expect(200)
    const refusals = await Promise.all(exportPaths.map((path) => patient.api.get(path)))
    for (const { status, body, headers } of refusals) {
      expect([status, body.type]).toEqual([503, '/problems/overloaded'])
      expect(Number(headers['retry-after'])).toBeGreaterThan(0)
    }
    opened[0]?.socket.destroy()
    await patient.api.get('/v1/events?format=csv').expect(200)
  })

  test('a client that disconnects while it waits for a place takes none', async () => {
    await openStalledReader(patient, '/v1/actors?format=ndjson')
    await openStalledReader(patient, '/v1/actors?format=csv')
    const waiting = await connectRaw(await listenOnFreePort(patient))
    const arrived = once(patient.app.server, 'request')
    waiting.socket.write('GET /v1/events?format=csv HTTP/1.1\r\nHost: a\r\n\r\n')
    await arrived
    waiting.socket.destroy()
    for (const { socket } of opened.splice(0)) socket.destroy()
    await waitUntil('the queries are ended', async () => (await countExports(patient)) === 0)
    await patient.api.get('/v1/events?format=csv').expect(200)
  })

  test.each(exportPaths)('keeps the client from a second one: %s is a 429', async (path) => {
    await openStalledReader(single, '/v1/actors?format=csv')
    const { status, body, headers } = await single.api.get(path)
    expect([status, body.type]).toEqual([429, '/problems/too-many-requests'])
    expect(Number(headers['retry-after'])).toBeGreaterThan(0)
    await single.api.get('/v1/actors?limit=1').expect(200)
  })

  test('gives its place back when the client disconnects', async () => {
    for (let round = 0; round < 3; round += 1) {
      await openStalledReader(single, '/v1/actors?format=csv')
      for (const { socket } of opened.splice(0)) socket.destroy()
      await waitUntil('the query is ended', async () => (await countExports(single)) === 0)
    }
  })
})

test('a client that waits for a slow query is not disconnected', async () => {
  const port = await listenOnFreePort(strict)
  const holder = new pg.Client(strict.url)
  await holder.connect()
  await holder.query('BEGIN; LOCK TABLE record IN ACCESS EXCLUSIVE MODE')
  const response = fetch(`http://127.0.0.1:${port}/v1/permits`)
  await once(strict.app.server, 'timeout')
  await holder.query('COMMIT')
  await holder.end()
  expect((await response).status).toBe(200)
})

describe('streams of changes', () => {
  test('are closed when they are not read for SEND_TIMEOUT_SECONDS', async () => {
    const { serverSocket } = await openStalledReader(strict, '/v1/changes/stream?since=0')
    if (!serverSocket.closed) await once(serverSocket, 'close')
  })

  test('read the ledger no further than their clients', async () => {
    const streams: { serverSocket: Socket }[] = []
    for (let since = 0; since < 2; since += 1)
      streams.push(await openStalledReader(single, `/v1/changes/stream?since=${since}`))
    await waitUntil('the sockets are full', () =>
      streams.every(({ serverSocket }) => serverSocket.writableLength > 0),
    )
    // One chunk is in the socket, and one waits for it.
    for (const { serverSocket } of streams)
      expect(serverSocket.writableLength).toBeLessThan(200_000)
  })

  test('are limited for each client', async () => {
    await openStalledReader(single, '/v1/changes/stream')
    await openStalledReader(single, '/v1/changes/stream')
    const { status, body } = await single.api.get('/v1/changes/stream')
    expect([status, body.type]).toEqual([429, '/problems/too-many-requests'])
    opened.shift()?.socket.destroy()
    await waitUntil('there is a place', async () => {
      const connection = await connectRaw(
        await listenOnFreePort(single),
        'GET /v1/changes/stream HTTP/1.1\r\nHost: a\r\n\r\n',
      )
      opened.push(connection)
      return / 200 /.test(await connection.waitFor(/HTTP\/1\.1 \d+ /))
    })
  })

  test('are limited in all', async () => {
    for (let count = 0; count < 3; count += 1)
      await openStalledReader(crowded, '/v1/changes/stream')
    const { status, body, headers } = await crowded.api.get('/v1/changes/stream')
    expect([status, body.type]).toEqual([503, '/problems/overloaded'])
    expect(Number(headers['retry-after'])).toBeGreaterThan(0)
  })
})
