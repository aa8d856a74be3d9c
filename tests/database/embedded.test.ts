import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { isAlive } from '../../src/database/embedded/processes.ts'
import { type Embedded, openEmbedded } from '../../src/database/embedded.ts'
import { FatalError } from '../../src/fatal-error.ts'
import { baseEnvironment } from '../process/program.ts'

type Purpose = 'serve' | 'command'

const isRootOnLinux = process.platform === 'linux' && process.getuid?.() === 0

let dataDir: string
let log: string[]
let opened: Embedded[]
let helpers: ChildProcess[]

beforeEach(() => {
  log = []
  opened = []
  helpers = []
})

/** Ends what a test has started; to be done before its folder goes. */
async function endAll(): Promise<void> {
  await Promise.all(opened.map((embedded) => embedded.close()))
  for (const helper of helpers) await kill(helper)
  const left = await postmaster()
  if (left === null || !(await isAlive(left))) return
  process.kill(left, 'SIGQUIT')
  await vi.waitFor(async () => expect(await isAlive(left)).toBe(false), 5000)
}

async function makeFolder(): Promise<void> {
  dataDir = await mkdtemp(join(tmpdir(), 'casefile-embedded-'))
  // For root PostgreSQL runs as another user, whom the folder must let pass.
  await chmod(dataDir, 0o755)
}

async function removeFolder(): Promise<void> {
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
}

async function open(purpose: Purpose = 'serve', folder = dataDir): Promise<Embedded> {
  const embedded = await openEmbedded({ dataDir: folder, purpose, log: (line) => log.push(line) })
  opened.push(embedded)
  return embedded
}

/** Opens the folder in a process of its own, which closes it when its standard input ends. */
function startElsewhere(purpose: Purpose): ChildProcess {
  const source = import.meta.resolve('../../src/database/embedded.ts')
  const script = `
    import { openEmbedded } from ${JSON.stringify(source)}
    const [dataDir, purpose] = process.argv.slice(1)
    const { url, close } = await openEmbedded({ dataDir, purpose, log() {} })
    console.log(url)
    process.stdin.resume().once('end', close)`
  const args = ['--input-type=module', '--eval', script, dataDir, purpose]
  const child = spawn(process.execPath, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: baseEnvironment,
  })
  helpers.push(child)
  return child
}

async function openElsewhere(purpose: Purpose): Promise<{ child: ChildProcess; url: string }> {
  const child = startElsewhere(purpose)
  const [line] = await once(child.stdout ?? child, 'data')
  return { child, url: String(line).trim() }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

async function query(url: string, sql: string): Promise<unknown> {
  const client = new Client(url)
  await client.connect()
  const { rows } = await client.query({ text: sql, rowMode: 'array' })
  await client.end()
  return rows[0]?.[0]
}

/** The process that the pid file names; null when PostgreSQL has ended well. */
async function postmaster(): Promise<number | null> {
  const text = await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8').catch(() => null)
  return text === null ? null : Number.parseInt(text, 10)
}

async function runningPostmaster(): Promise<number> {
  const pid = await postmaster()
  if (pid === null || !(await isAlive(pid))) throw new Error('PostgreSQL does not run')
  return pid
}

async function refusal(folder = dataDir): Promise<string> {
  const error = await open('serve', folder).catch((reason) => reason)
  expect(error).toBeInstanceOf(FatalError)
  expect(error.message).not.toContain('\n')
  return error.message
}

describe('in an empty folder', () => {
  beforeEach(makeFolder)
  afterEach(async () => {
    await endAll()
    await removeFolder()
  })

  test('a first start makes a database, a later start finds it as it was', async () => {
    const first = await open()
    await query(first.url, 'create table kept as select 42 as answer')
    await first.close()
    expect(await postmaster()).toBeNull()

    const later = await open()
    expect(await query(later.url, 'select answer from kept')).toBe(42)
    expect(later.url).toBe(first.url)
    expect(log).toEqual([`initialised a PostgreSQL 18 database in ${dataDir}/postgres`])
  })

  test('two that start at once share one PostgreSQL', async () => {
    const [server, command] = await Promise.all([openElsewhere('serve'), openElsewhere('command')])
    expect(command.url).toBe(server.url)
    expect(await query(command.url, 'select 1')).toBe(1)
  })

  test('a database that was half made is made anew', async () => {
    const child = startElsewhere('serve')
    await vi.waitFor(
      async () => {
        const draft = (await readdir(dataDir)).find((name) => name.startsWith('postgres.init-'))
        expect(await readdir(join(dataDir, draft ?? '-', 'cluster'))).toContain('PG_VERSION')
      },
      { interval: 5, timeout: 10_000 },
    )
    await kill(child)
    expect(await readdir(dataDir)).not.toContain('postgres')

    const { url } = await open()
    expect(await query(url, 'select 1')).toBe(1)
  })

  test.runIf(isRootOnLinux)('root runs PostgreSQL where only root may enter', async () => {
    await chmod(dataDir, 0o700)
    const first = await open()
    await query(first.url, 'create table kept as select 42 as answer')
    await first.close()

    const later = await open()
    expect(await query(later.url, 'select answer from kept')).toBe(42)
    expect((await stat(`/proc/${await runningPostmaster()}`)).uid).not.toBe(0)
  })
})

describe('in a folder that has a database', () => {
  beforeAll(async () => {
    await makeFolder()
    const { url, close } = await openEmbedded({ dataDir, purpose: 'serve', log() {} })
    await query(url, 'create table kept as select 42 as answer')
    await close()
  })
  afterEach(endAll)
  afterAll(removeFolder)

  test('text sorts the same on every machine', async () => {
    const { url } = await open()
    const sorted = `select string_agg(t, '' order by t) from unnest('{a,B,é,z}'::text[]) t`
    expect(await query(url, sorted)).toBe('Bazé')
    expect(await query(url, `select lower('É')`)).toBe('é')
  })

  test('what is committed is on disk, and nobody else can connect', async () => {
    const { url } = await open()
    expect(await query(url, 'show fsync')).toBe('on')
    expect(await query(url, 'show listen_addresses')).toBe('127.0.0.1')
    expect((await stat(join(dataDir, 'postgres.json'))).mode & 0o777).toBe(0o600)
    const wrong = new URL(url)
    expect(Number(wrong.port)).toBeLessThan(32_768)
    wrong.password = 'wrong'
    await expect(query(wrong.href, 'select 1')).rejects.toThrow('password authentication failed')
  })

  test('close can be called twice and leaves nothing running', async () => {
    const embedded = await open()
    const pid = await runningPostmaster()
    await Promise.all([embedded.close(), embedded.close()])
    expect(await isAlive(pid)).toBe(false)
  })

  test('a second server is refused and told which process the first is', async () => {
    const server = await openElsewhere('serve')
    expect(await refusal()).toContain(
      `another casefile server already runs on ${dataDir} (process ${server.child.pid})`,
    )
    expect(await query(server.url, 'select 1')).toBe(1)
  })

  test('a command joins a server, and the last one out stops PostgreSQL', async () => {
    const server = await open('serve')
    const command = await openElsewhere('command')
    expect(command.url).toBe(server.url)
    await server.close()
    expect(await query(command.url, 'select answer from kept')).toBe(42)
    const pid = await runningPostmaster()
    command.child.stdin?.end()
    await once(command.child, 'exit')
    expect(await isAlive(pid)).toBe(false)
    expect(log).toEqual([])
  })

  test('one that starts while the last one stops gets a PostgreSQL that runs', async () => {
    let last = await open('command')
    for (let round = 0; round < 3; round++) {
      const [next] = await Promise.all([open('command'), last.close()])
      expect(await query(next.url, 'select 1')).toBe(1)
      last = next
    }
  })

  test('PostgreSQL outlives a killed server, and the next one adopts it', async () => {
    const server = await openElsewhere('serve')
    const pid = await runningPostmaster()
    await kill(server.child)

    const next = await open('serve')
    expect(next.url).toBe(server.url)
    expect(await runningPostmaster()).toBe(pid)
    expect(log).toEqual([`adopted the PostgreSQL that was left running in ${dataDir}/postgres`])
    await next.close()
    expect(await isAlive(pid)).toBe(false)
  })

  test('a server starts a killed PostgreSQL again under the same url, every time', async () => {
    const { url } = await open('serve')
    for (let round = 1; round <= 2; round++) {
      process.kill(await runningPostmaster(), 'SIGKILL')
      await vi.waitFor(() => expect(log).toHaveLength(round * 2), 10_000)
      expect(await query(url, 'select answer from kept')).toBe(42)
    }
    const ended = 'PostgreSQL has ended unexpectedly and is being started again'
    expect(log).toEqual([ended, 'PostgreSQL runs again', ended, 'PostgreSQL runs again'])
    expect(await refusal()).toContain(`(process ${process.pid})`)
  })

  test('a killed PostgreSQL that was adopted is started again as well', async () => {
    const before = await openElsewhere('serve')
    await kill(before.child)
    const { url } = await open('serve')
    process.kill(await runningPostmaster(), 'SIGKILL')
    await vi.waitFor(() => expect(log.at(-1)).toBe('PostgreSQL runs again'), 10_000)
    expect(await query(url, 'select answer from kept')).toBe(42)
  })

  test('a server that closes while PostgreSQL is down leaves nothing running', async () => {
    const server = await open('serve')
    process.kill(await runningPostmaster(), 'SIGKILL')
    await server.close()
    // A process that was killed takes a moment to end.
    await vi.waitFor(() => expect(runningPostmaster()).rejects.toThrow('does not run'), 5000)
  })

  test('another port is taken when that of last time is in use', async () => {
    const first = await open()
    await first.close()
    const other = createServer().listen(Number(new URL(first.url).port), '127.0.0.1')
    await once(other, 'listening')

    const later = await open()
    expect(later.url).not.toBe(first.url)
    expect(await query(later.url, 'select answer from kept')).toBe(42)
    other.close()
  })

  test('a pid file that names a process of someone else is not believed', async () => {
    const { uid, gid } = await stat(join(dataDir, 'postgres'))
    const stranger = spawn('sleep', ['60'], isRootOnLinux ? { uid, gid } : {})
    helpers.push(stranger)
    const lines = [stranger.pid, `${dataDir}/postgres`, 1, 20_000, '', '127.0.0.1']
    await writeFile(join(dataDir, 'postgres/postmaster.pid'), `${lines.join('\n')}\n`)

    const { url } = await open()
    expect(await query(url, 'select 1')).toBe(1)
    expect(await isAlive(stranger.pid ?? 0)).toBe(true)
  })
})

describe('what cannot be used is refused in a line that says why', () => {
  beforeEach(async () => {
    await makeFolder()
    await mkdir(join(dataDir, 'postgres'), { mode: 0o700 })
  })
  afterEach(async () => {
    await endAll()
    await removeFolder()
  })

  const write = (files: Record<string, string>) =>
    Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(dataDir, name), text)))
  const facts = { 'postgres.json': '{"port":20000,"password":"secret"}' }

  test('a file in place of the data folder', async () => {
    await write({ file: '' })
    const file = join(dataDir, 'file')
    expect(await refusal(file)).toContain(`the data folder ${file} cannot be used: EEXIST`)
  })

  test('something else in place of the database', async () => {
    await write({ 'postgres/thesis.txt': '' })
    expect(await refusal()).toContain('holds something that is not a PostgreSQL database')
  })

  test('a database of another major version', async () => {
    await write({ 'postgres/PG_VERSION': '17\n', ...facts })
    expect(await refusal()).toContain('was made by PostgreSQL 17, and this casefile brings')
  })

  test('a database whose password is lost', async () => {
    await write({ 'postgres/PG_VERSION': '18\n' })
    expect(await refusal()).toContain(`postgres.json, the only place of the database's password`)
  })

  test('a database that PostgreSQL refuses, in its own words', async () => {
    await write({ 'postgres/PG_VERSION': '18\n', ...facts })
    expect(await refusal()).toMatch(/does not start on .*: .*postgresql\.conf/)
  })
})
