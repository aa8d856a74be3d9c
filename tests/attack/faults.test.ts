import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  createWriteStream,
  existsSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  copySeededFolder,
  createDataFolder,
  stopAllPrograms,
  waitUntil,
} from '../process/program.ts'
import { isFullAttack } from './scale.ts'
import { runToEnd, startWrapped, stopWrapped, type WrappedServer } from './wrapped-program.ts'

/**
 * The machine fails: the disk is full, the database stands still, the folder belongs to somebody else, the clock is wrong. Only
 * in the full attack, on Linux, as root (mounts, other users). kill -9 of both processes is in tests/faults.
 */

const canMount = spawnSync('unshare', ['-m', 'true']).status === 0 && process.getuid?.() === 0
const libfaketime = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1'

afterAll(async () => {
  await stopWrapped()
  await stopAllPrograms()
})

type Writer = (path: string, body: object) => Promise<{ status: number; body: Json }>
type Json = Record<string, unknown>

async function makeWriter(
  { url }: WrappedServer,
  settings: Record<string, string>,
  wrapper: readonly string[] = [],
): Promise<Writer> {
  const args = ['keys', 'create', '--name', `writer ${Date.now()}`, '--scope', 'write']
  const { output } = await runToEnd(wrapper, args, settings)
  const key = /casefile_[0-9a-f]{32}_[\w-]{43}/.exec(output)?.[0]
  if (key === undefined) throw new Error(`No key: ${output}`)
  return async (path, body) => {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return { status: response.status, body: (await response.json()) as Json }
  }
}

let articleCount = 0
const buildArticle = (length = 1_000) => {
  articleCount += 1
  return {
    slug: `article-${articleCount}`,
    title: `Article ${articleCount}`,
    case: 'canada-turkey-wescam',
    text: `${articleCount} ${Math.random()}\n`.repeat(length / 20),
  }
}

/** A mount of its own that is as large as `megabytes`; the program and what it starts see it, nothing else does. */
const inSmallDisk = (megabytes: number) => [
  'unshare',
  '-m',
  'sh',
  '-c',
  `mount -t tmpfs -o size=${megabytes}m,mode=755 tmpfs "$DATA_DIR" && exec "$@"`,
  'sh',
]

describe.runIf(isFullAttack && canMount)('a full disk', () => {
  let settings: Record<string, string>
  let server: WrappedServer
  let write: Writer
  let beside: string[]
  let filler: string

  beforeAll(async () => {
    settings = { DATA_DIR: createDataFolder(), LOG_LEVEL: 'info' }
    server = await startWrapped(inSmallDisk(450), settings)
    beside = ['nsenter', '-m', '-t', `${server.pid}`]
    filler = `/proc/${server.pid}/root${settings.DATA_DIR}/filler`
    write = await makeWriter(server, settings, beside)
  })

  const fill = async () => {
    const zeros = async function* () {
      for (;;) yield Buffer.alloc(1_048_576)
    }
    await pipeline(zeros, createWriteStream(filler)).catch(() => undefined)
    // The last page as well.
    spawnSync('sh', ['-c', `cat /dev/zero >> ${filler}`])
  }

  test('is a 503 that names it, is logged as an error, and leaves reading alone', async () => {
    await fill()
    const statuses = new Set<number>()
    const details = new Set<unknown>()
    for (let count = 0; count < 40 && !server.output().includes('No space left'); count += 1) {
      const { status, body } = await write('/v1/articles', buildArticle(400_000)).catch(() => ({
        status: 0,
        body: {} as Json,
      }))
      statuses.add(status)
      if (status >= 500) details.add(body.detail)
    }
    expect([...statuses].filter((status) => status !== 201 && status !== 503)).toEqual([])
    expect([...details]).toContain('The disk of the database is full.')
    const errors = server
      .output()
      .split('\n')
      .filter((line) => /error|"level":50/i.test(line))
    expect(errors.join('\n')).toMatch(/disk of the database is full/)
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
    await waitUntil('reading works', async () => (await fetch(`${server.url}/v1/permits`)).ok)
  })

  test('ends commands with one line', async () => {
    const document = join(settings.DATA_DIR ?? '', 'document.txt')
    writeFileSync(join(createDataFolder(), 'unused'), '')
    const outside = join(createDataFolder(), 'large.txt')
    writeFileSync(
      outside,
      Array.from({ length: 300_000 }, (_, n) => `${n} ${Math.random()}`).join('\n'),
    )
    expect(existsSync(document)).toBe(false)
    const args = ['ingest', outside, '--case', 'canada-turkey-wescam']
    const { code, output } = await runToEnd(beside, args, settings)
    expect(code).toBe(1)
    expect(output.trim().split('\n').at(-1)).toMatch(/No room is left on the disk/i)
    expect(output).not.toMatch(/\n\s+at /)
    const bundle = [
      'export',
      'canada-turkey-wescam',
      '--out',
      join(settings.DATA_DIR ?? '', 'a.zip'),
    ]
    const exported = await runToEnd(beside, bundle, settings)
    expect(exported.code).toBe(1)
    expect(exported.output.trim().split('\n').at(-1)).toMatch(/No room is left on the disk/)
    expect(exported.output).not.toMatch(/\n\s+at /)
  })

  test('is over when there is room again, and nothing is lost', async () => {
    rmSync(filler)
    const article = buildArticle()
    await waitUntil('a write succeeds', async () => {
      const { status } = await write('/v1/articles', article).catch(() => ({ status: 0 }))
      return status === 201
    })
    const { code, output } = await runToEnd(beside, ['verify'], settings)
    expect([code, output]).toEqual([0, expect.any(String)])
    await server.stop()
  })
})

describe.runIf(isFullAttack)('a database that stands still', () => {
  const stopSeconds = 15

  test('keeps health checks answered, and everything works again afterwards', async () => {
    const settings = { DATA_DIR: copySeededFolder(), STATEMENT_TIMEOUT_MS: '3000', CACHE_MB: '0' }
    const server = await startWrapped([], settings)
    const write = await makeWriter(server, settings)
    const pids = listDatabaseProcesses(settings.DATA_DIR)
    for (const pid of pids) process.kill(pid, 'SIGSTOP')
    const until = Date.now() + stopSeconds * 1_000
    const reads: Promise<number>[] = []
    const upload = write('/v1/articles', buildArticle(800_000))
    try {
      while (Date.now() < until) {
        const signal = AbortSignal.timeout(5_000)
        expect((await fetch(`${server.url}/healthz`, { signal })).status).toBe(200)
        if (reads.length < 100)
          reads.push(
            fetch(`${server.url}/v1/permits?limit=${1 + reads.length}`).then(
              ({ status }) => status,
            ),
          )
        await new Promise((resolve) => setTimeout(resolve, 200))
      }
    } finally {
      for (const pid of pids) process.kill(pid, 'SIGCONT')
    }
    const statuses = new Set(await Promise.all(reads))
    expect([...statuses].filter((status) => status !== 200 && status !== 503)).toEqual([])
    expect([201, 503]).toContain((await upload).status)
    await waitUntil('it answers', async () => (await fetch(`${server.url}/v1/events`)).ok)
    expect((await write('/v1/articles', buildArticle())).status).toBe(201)
    await server.stop()
  })
})

/** The postmaster and its children. */
function listDatabaseProcesses(dataDir: string): number[] {
  const postmaster =
    readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[0] ?? ''
  const children = execFileSync('pgrep', ['-P', postmaster], { encoding: 'utf8' })
  return [postmaster, ...children.trim().split('\n')].map(Number)
}

describe.runIf(isFullAttack && canMount)('the data folder', () => {
  const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']

  test('of a user without rights and without a home serves', async () => {
    const DATA_DIR = createDataFolder()
    chownSync(DATA_DIR, 65_534, 65_534)
    const server = await startWrapped(nobody, { DATA_DIR, SEED: 'false' })
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
    expect(await server.stop()).toBe(0)
  })

  test.each([
    ['of another user', nobody, (folder: string) => chmodSync(folder, 0o700)],
    [
      'that is read-only',
      ['unshare', '-m', 'sh', '-c', 'mount -t tmpfs -o ro tmpfs "$DATA_DIR" && exec "$@"', 'sh'],
      () => undefined,
    ],
    ['that is too small', inSmallDisk(20), () => undefined],
  ])('%s ends the start with one line', async (_what, wrapper, prepare) => {
    const DATA_DIR = createDataFolder()
    prepare(DATA_DIR)
    const { code, output } = await runToEnd(wrapper, ['serve'], { DATA_DIR, PORT: '0' })
    expect(code).toBe(1)
    expect(output).not.toMatch(/\n\s+at /)
    expect(output.trim().split('\n').at(-1)).toMatch(
      /cannot be used|permission|read-only|room|space/i,
    )
  })
})

describe.runIf(isFullAttack)('another locale, time zone or clock', () => {
  const paths = [
    '/v1/permits',
    '/v1/search?q=TURKISH%20drones',
    '/v1/search?q=i%C4%B0%C4%B1I',
    '/v1/timeline?format=ics',
    '/v1/timeline',
    '/v1/findings',
    '/v1/cases/canada-turkey-wescam/bundle',
    '/v1/cases/canada-turkey-wescam/export?format=xlsx',
    '/v1/articles/turkey-pressed-canada/proposals',
    '/v1/ledger',
  ]
  const readAll = async ({ url }: WrappedServer) => {
    const texts = await Promise.all(paths.map(async (path) => (await fetch(url + path)).text()))
    return texts
  }
  const constant = { PUBLIC_URL: 'http://casefile.example', MAX_EXPORTS_PER_CLIENT: '0' }
  const seeded = isFullAttack ? copySeededFolder() : ''
  let expected: string[]

  beforeAll(async () => {
    const server = await startWrapped([], {
      DATA_DIR: seeded,
      LC_ALL: 'C.UTF-8',
      TZ: 'UTC',
      ...constant,
    })
    expected = await readAll(server)
    await server.stop()
  })

  test.each([
    { LC_ALL: 'tr_TR.UTF-8', TZ: 'Asia/Kathmandu' },
    { LC_ALL: 'C', TZ: 'Pacific/Apia' },
    { LANG: 'de_DE.UTF-8', TZ: 'America/St_Johns' },
  ])('%o gives the same answers', async (environment) => {
    const settings = { DATA_DIR: seeded, ...constant, ...environment } as Record<string, string>
    const server = await startWrapped([], settings)
    const answers = await readAll(server).finally(() => server.stop())
    for (const [index, path] of paths.entries()) expect(answers[index], path).toBe(expected[index])
  })

  test.runIf(existsSync(libfaketime))(
    'a clock that was set back leaves the ledger valid',
    async () => {
      const settings = { DATA_DIR: copySeededFolder() }
      const before = await startWrapped([], settings)
      const writeBefore = await makeWriter(before, settings)
      expect((await writeBefore('/v1/articles', buildArticle())).status).toBe(201)
      await before.stop()
      const wrapper = [
        'env',
        `LD_PRELOAD=${libfaketime}`,
        'FAKETIME=-10d',
        'FAKETIME_DONT_FAKE_MONOTONIC=1',
      ]
      const server = await startWrapped(wrapper, settings)
      const write = await makeWriter(server, settings, wrapper)
      const { status, body } = await write('/v1/articles', buildArticle())
      expect([status, body]).toEqual([201, expect.anything()])
      const changes = await (await fetch(`${server.url}/v1/changes?since=0&limit=1000`)).text()
      expect(changes).toContain(String(body.slug))
      await server.stop()
      const { code, output } = await runToEnd([], ['verify'], settings)
      expect([code, output]).toEqual([0, expect.any(String)])
    },
  )
})
