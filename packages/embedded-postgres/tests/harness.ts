import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest'
import {
  type EmbeddedPostgres,
  EmbeddedPostgresError,
  openEmbeddedPostgres,
} from '../src/embedded-postgres.ts'
import type { Purpose } from '../src/open-request.ts'
import { isAlive } from '../src/process-status.ts'

export const isRootOnLinux = process.platform === 'linux' && process.getuid?.() === 0

/** A data folder for tests, and what they have started on it. */
export class TestFolder {
  dataDir = ''
  log: string[] = []
  readonly children: ChildProcess[] = []
  private opened: EmbeddedPostgres[] = []

  async create(): Promise<void> {
    this.dataDir = await mkdtemp(join(tmpdir(), 'embedded-postgres-'))
    // Under root PostgreSQL runs as another user, who must be able to enter.
    await chmod(this.dataDir, 0o755)
  }

  async open(
    purpose: Purpose = 'serve',
    settings: readonly string[] = [],
  ): Promise<EmbeddedPostgres> {
    const opened = await openEmbeddedPostgres({
      dataDir: this.dataDir,
      name: 'app',
      purpose,
      log: (line) => this.log.push(line),
      settings,
    })
    this.opened.push(opened)
    return opened
  }

  /** Opens the folder in a process of its own, which closes it when its standard input ends. */
  startChild(purpose: Purpose): ChildProcess {
    const source = import.meta.resolve('../src/embedded-postgres.ts')
    const script = `
      import { openEmbeddedPostgres } from ${JSON.stringify(source)}
      const [dataDir, purpose] = process.argv.slice(1)
      const { url, close } = await openEmbeddedPostgres({ dataDir, name: 'app', purpose, log() {} })
      console.log(url)
      process.stdin.resume().once('end', close)`
    const flags = ['--disable-warning=ExperimentalWarning', '--input-type=module']
    const args = [...flags, '--eval', script, this.dataDir, purpose]
    const child = spawn(process.execPath, args, {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { PATH: process.env.PATH },
    })
    this.children.push(child)
    return child
  }

  async openInChild(purpose: Purpose): Promise<{ child: ChildProcess; url: string }> {
    const child = this.startChild(purpose)
    const [line] = await once(child.stdout ?? child, 'data')
    return { child, url: String(line).trim() }
  }

  /** The process in the pid file; null after an orderly stop. */
  async readServerPid(): Promise<number | null> {
    const file = join(this.dataDir, 'postgres/postmaster.pid')
    const text = await readFile(file, 'utf8').catch(() => null)
    return text === null ? null : Number.parseInt(text, 10)
  }

  async findServer(): Promise<number> {
    const pid = await this.readServerPid()
    if (pid === null || !(await isAlive(pid))) throw new Error('PostgreSQL does not run')
    return pid
  }

  /** Opens the folder, which must fail; returns the error as `code: message`. */
  async openRefused(): Promise<string> {
    const error: unknown = await this.open().catch((reason) => reason)
    if (!(error instanceof EmbeddedPostgresError)) throw error
    expect(error.message).not.toContain('\n')
    return `${error.code}: ${error.message}`
  }

  /** Ends everything that a test has started. */
  async stopAll(): Promise<void> {
    await Promise.all(this.opened.map((one) => one.close()))
    for (const child of this.children) await kill(child)
    this.opened = []
    this.children.length = 0
    this.log = []
    const left = await this.readServerPid()
    if (left === null || !(await isAlive(left))) return
    process.kill(left, 'SIGQUIT')
    await vi.waitFor(async () => expect(await isAlive(left)).toBe(false), 60_000)
  }

  async remove(): Promise<void> {
    await rm(this.dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  }
}

/** An empty folder for each test. */
export function useEmptyFolder(): TestFolder {
  const folder = new TestFolder()
  beforeEach(() => folder.create())
  afterEach(async () => {
    await folder.stopAll()
    await folder.remove()
  })
  return folder
}

/** One folder for all tests of the file, with a database that has the table `kept` (answer 42). */
export function useExistingCluster(): TestFolder {
  const folder = new TestFolder()
  beforeAll(async () => {
    await folder.create()
    const { url } = await folder.open()
    await query(url, 'create table kept as select 42 as answer')
    await folder.stopAll()
  })
  afterEach(() => folder.stopAll())
  afterAll(() => folder.remove())
  return folder
}

/** The first column of the first row. */
export async function query(url: string, sql: string): Promise<unknown> {
  const client = new Client(url)
  await client.connect()
  try {
    const { rows } = await client.query({ text: sql, rowMode: 'array' })
    return rows[0]?.[0]
  } finally {
    await client.end()
  }
}

export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}
