import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { type RunningServer, startServer, stopAllPrograms, waitUntil } from './program.ts'
import { copySeededDatabase } from './test-database.ts'

afterAll(stopAllPrograms)

/** A way to the database that can be cut and mended while the server runs. */
async function wayTo(url: string) {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  const door = createServer((client) => {
    const database = connect(Number(target.port), target.hostname)
    for (const [socket, other] of [
      [client, database],
      [database, client],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.once('close', () => other.destroy() && sockets.delete(socket))
      socket.pipe(other)
    }
  })
  door.listen(0, '127.0.0.1')
  await once(door, 'listening')
  const { port } = door.address() as AddressInfo
  const through = new URL(url)
  through.host = `127.0.0.1:${port}`
  return {
    url: through.href,
    async cut() {
      door.close()
      for (const socket of sockets) socket.destroy()
      if (door.listening) await once(door, 'close')
    },
    /** Nothing passes, and nobody is told. */
    hush() {
      for (const socket of sockets) socket.pause()
    },
    /** What was held back passes, as does what comes. */
    resume() {
      for (const socket of sockets) socket.resume()
    },
    async mend() {
      door.listen(port, '127.0.0.1')
      await once(door, 'listening')
    },
  }
}

const unavailable = {
  type: '/problems/database-unavailable',
  title: 'Database unavailable',
  status: 503,
  detail: expect.any(String),
}

/** Not from memory: what is kept may be answered without a database. */
const ask = async (server: RunningServer, path: string) => {
  const { status, headers, body } = await server.get(path, { 'Cache-Control': 'no-cache' })
  return { status, retryAfter: headers.get('retry-after'), body }
}

test('every request is a 503 while the database is down, and succeeds afterwards without a restart', async () => {
  const way = await wayTo(await copySeededDatabase())
  const server = await startServer({ DATABASE_URL: way.url })
  const before = await ask(server, '/v1/permits')
  expect(before.status).toBe(200)
  for (const _time of ['once', 'and again']) {
    await way.cut()
    for (const path of ['/readyz', '/v1/permits', '/v1/events?format=csv', '/v1/actors/baykar'])
      expect(await ask(server, path), path).toEqual({
        status: 503,
        retryAfter: '2',
        body: unavailable,
      })
    expect(await server.get('/healthz')).toMatchObject({ status: 200 })
    await way.mend()
    await waitUntil('it is ready', async () => (await ask(server, '/readyz')).status === 200)
    expect(await ask(server, '/v1/permits')).toEqual(before)
  }
  expect(await server.stop()).toBe(0)
  await way.cut()
})

test('503 after the statement timeout when the database no longer responds', async () => {
  const way = await wayTo(await copySeededDatabase())
  const server = await startServer({
    DATABASE_URL: way.url,
    STATEMENT_TIMEOUT_MS: '1000',
    CACHE_MB: '0',
  })
  const paths = ['/v1/permits', '/v1/actors/baykar', '/v1/search?q=drone', '/readyz']
  const all = () => Promise.all(paths.map((path) => server.get(path)))
  // So that each has a connection already.
  await waitUntil('all are answered', async () =>
    (await all()).every(({ status }) => status === 200),
  )
  way.hush()
  for (const { status, headers } of await all()) {
    expect(status).toBe(503)
    expect(headers.get('retry-after')).toBe('2')
  }
  way.resume()
  await waitUntil('all are answered', async () =>
    (await all()).every(({ status }) => status === 200),
  )
  expect(await server.stop()).toBe(0)
  await way.cut()
})
