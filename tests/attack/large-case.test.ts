import { createWriteStream, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildColumnMap, generateRegister } from '../../bench/registers/generated-register.ts'
import { createDataFolder, stopAllPrograms } from '../process/program.ts'
import { isFullAttack } from './scale.ts'
import { runToEnd, startWrapped, stopWrapped, type WrappedServer } from './wrapped-program.ts'

/**
 * Answers that grow with a case, six at once, and streams that nobody reads, against a server of its own. Only in the full
 * attack. It measures processor time and memory, which do not depend on what else the machine does.
 */

const permits = Number(process.env.ATTACK_PERMITS ?? 63_000)
const concurrency = 6
const maxStretchMs = 50
const unreadStreams = 100
const maxGrowthMb = 100
/** Idle, one turn of the measurement. */
const settleMs = 3_000

afterAll(async () => {
  await stopWrapped()
  await stopAllPrograms()
})

describe.runIf(isFullAttack)('a server with a large case', () => {
  const folder = isFullAttack ? createDataFolder() : ''
  const stretchFile = join(folder, 'stretch.json')
  const settings = {
    DATA_DIR: folder,
    SEED: 'false',
    CACHE_MB: '0',
    RATE_LIMIT_PER_MINUTE: '0',
    MAX_CONCURRENT_EXPORTS: `${concurrency}`,
    MAX_EXPORTS_PER_CLIENT: '0',
    MAX_CONNECTIONS_PER_CLIENT: '0',
    MAX_STREAMS: '0',
    MAX_STREAMS_PER_CLIENT: '0',
    STRETCH_FILE: stretchFile,
    NODE_OPTIONS: `--import=${join(import.meta.dirname, 'stretch-monitor.ts')}`,
  }
  let server: WrappedServer

  beforeAll(async () => {
    const table = join(folder, 'register.csv')
    const map = join(folder, 'register.yaml')
    await pipeline(generateRegister(permits), createWriteStream(table))
    await pipeline([buildColumnMap(0)], createWriteStream(map))
    const args = ['import-register', table, '--map', map, '--rejects', join(folder, 'rejects.csv')]
    const { code, output } = await runToEnd([], args, { DATA_DIR: folder })
    expect([code, output.split('\n').at(-2)]).toEqual([0, expect.any(String)])
    server = await startWrapped([], settings)
  })

  const readValues = (): { stretchMs: number; residentMb: number } =>
    JSON.parse(readFileSync(stretchFile, 'utf8'))
  async function startMeasurement() {
    await sleep(settleMs)
    const { residentMb: idleMb } = readValues()
    server.kill('SIGUSR2')
    return async () => {
      await sleep(settleMs)
      return { idleMb, ...readValues() }
    }
  }

  const ofCase = [
    'bundle',
    'file',
    'coverage',
    ...['ndjson', 'ftm', 'jsonld', 'xlsx', 'parquet', 'csv', 'gexf'].map(
      (format) => `export?format=${format}`,
    ),
  ]
  const paths = [
    ...ofCase.map((path) => `/v1/cases/bench/${path}`),
    '/v1/permits?format=csv',
    '/v1/citations?format=w3c-annotations',
    '/v1/ledger',
    '/v1/changes?since=0',
    '/v1/findings?format=ndjson',
    '/v1/timeline?format=ics',
    '/v1/network?actor=canada',
    '/v1/network/paths?from=canada&to=turkey',
    '/v1/search?q=licence',
    '/v1/articles/bench-register-0/body',
    '/v1/articles/bench-register-0/proposals',
    '/v1/articles/bench-register-0/near-duplicates',
  ]

  test.each(paths)(`${concurrency} times %s at once hold nothing`, async (path) => {
    const finish = await startMeasurement()
    let isOver = false
    const answers = Promise.all(
      Array.from({ length: concurrency }, async () => {
        const response = await fetch(server.url + path)
        let bytes = 0
        for await (const chunk of response.body ?? []) bytes += chunk.length
        return [response.status, bytes]
      }),
    ).finally(() => {
      isOver = true
    })
    while (!isOver) {
      expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
      await sleep(100)
    }
    const [first] = await answers
    const values = await finish()
    console.log(`${path}: ${JSON.stringify({ answer: first, ...values })}`)
    expect(values.stretchMs).toBeLessThan(maxStretchMs)
  })

  test(`${unreadStreams} streams of changes that nobody reads take little memory`, async () => {
    const finish = await startMeasurement()
    const { port, hostname } = new URL(server.url)
    const sockets = Array.from({ length: unreadStreams }, () => {
      const socket = connect(Number(port), hostname.replace(/[[\]]/g, ''))
      socket.on('error', () => undefined)
      socket.write('GET /v1/changes/stream?since=0 HTTP/1.1\r\nHost: a\r\n\r\n')
      socket.once('data', () => socket.pause())
      return socket
    })
    for (let round = 0; round < 100; round += 1) {
      expect((await fetch(`${server.url}/v1/permits?limit=1&cursor=`)).status).toBeLessThan(500)
      await sleep(200)
    }
    const values = await finish()
    for (const socket of sockets) socket.destroy()
    console.log(`unread streams: ${JSON.stringify(values)}`)
    expect(values.residentMb - values.idleMb).toBeLessThan(maxGrowthMb)
  })
})
