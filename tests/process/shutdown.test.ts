import { once } from 'node:events'
import { Agent, get as httpGet, type IncomingMessage } from 'node:http'
import { connect as connectSocket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  createDataFolder,
  type RunningServer,
  runProgram,
  startServer,
  stopAllPrograms,
  waitUntil,
} from './program.ts'
import { connectClient, copySeededDatabase, runQuery } from './test-database.ts'

let url: string
beforeAll(async () => {
  url = await copySeededDatabase()
})
afterEach(stopAllPrograms)
afterAll(stopAllPrograms)

/** Holds up every request that reads records, until it is called. */
async function holdUp(): Promise<() => Promise<void>> {
  const client = await connectClient(url)
  await client.query('BEGIN; LOCK TABLE record IN ACCESS EXCLUSIVE MODE')
  return () => client.end()
}

/** Waits until that many requests are held up. */
const heldUp = (count: number) =>
  waitUntil(`${count} requests wait in the database`, async () => {
    const waiting = await runQuery(
      url,
      `SELECT pid FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND application_name LIKE 'casefile %'`,
    )
    return waiting.length === count
  })

const takesNoMore = ({ url: address }: RunningServer) =>
  waitUntil('no new connection is taken', async () => {
    const { hostname, port } = new URL(address)
    const socket = connectSocket(Number(port), hostname)
    return await once(socket, 'connect').then(
      () => socket.destroy() && false,
      () => true,
    )
  })

describe('SIGTERM', () => {
  test('finishes requests in flight and accepts no new ones, on both loopback addresses', async () => {
    const server = await startServer({ DATABASE_URL: url, SHUTDOWN_SECONDS: '60' })
    const { port } = new URL(server.url)
    const letGo = await holdUp()
    const answers = ['127.0.0.1', '[::1]'].map((host) => fetch(`http://${host}:${port}/v1/permits`))
    await heldUp(2)
    const exit = server.stop('SIGTERM')
    await takesNoMore(server)
    await letGo()
    for (const answer of answers) {
      const { status, headers } = await answer
      expect({ status, type: headers.get('content-type') }).toEqual({
        status: 200,
        type: 'application/json; charset=utf-8',
      })
    }
    expect(await exit).toBe(0)
    expect(server.stderr()).toBe('')
  })

  test('waits at most SHUTDOWN_SECONDS', async () => {
    const server = await startServer({ DATABASE_URL: url, SHUTDOWN_SECONDS: '0' })
    const letGo = await holdUp()
    const answer = server.get('/v1/permits').catch((error: Error) => error.message)
    await heldUp(1)
    expect(await server.stop('SIGTERM')).toBe(0)
    expect(await answer).toBe('fetch failed')
    await letGo()
    expect(server.stdout()).toContain('"aborted":true')
  })

  test('does not wait for idle connections', async () => {
    const server = await startServer({ DATABASE_URL: url, SHUTDOWN_SECONDS: '60' })
    const { hostname, port } = new URL(server.url)
    const agent = new Agent({ keepAlive: true })
    const [answer] = (await once(httpGet(`${server.url}/healthz`, { agent }), 'response')) as [
      IncomingMessage,
    ]
    await once(answer.resume(), 'end')
    const silent = connectSocket(Number(port), hostname)
    await once(silent, 'connect')
    expect(await server.stop('SIGTERM')).toBe(0)
    agent.destroy()
  })
})

test('ignores further signals', async () => {
  const server = await startServer({ DATABASE_URL: url, SHUTDOWN_SECONDS: '60' })
  const letGo = await holdUp()
  const answer = server.get('/v1/permits')
  await heldUp(1)
  const exit = server.stop('SIGINT')
  await takesNoMore(server)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) server.child.kill(signal)
  await letGo()
  expect((await answer).status).toBe(200)
  expect(await exit).toBe(0)
  expect(server.stdout().match(/stopping/g)).toHaveLength(1)
})

test('a signal during the start stops the server cleanly', async () => {
  const program = runProgram(['serve'], { DATA_DIR: createDataFolder(), PORT: '0' })
  await waitUntil('the start is under way', () => program.stdout().includes('initialised'))
  program.child.kill('SIGTERM')
  expect(await program.ended).toBe(0)
  expect(program.stdout()).toMatch(/"msg":"stopped"}\n$/)
  expect(program.stdout()).not.toContain('ready')
})
