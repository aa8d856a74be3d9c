import { execFileSync, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'

/** A PostgreSQL server of the machine, with its default settings. */
export type OwnPostgres = {
  port: number
  folder: string
  /** URL of the superuser, of the database `casefile` unless another one is named. */
  url(database?: string): string
  log(): string
  start(): void
  stop(mode?: 'fast' | 'immediate'): void
  remove(): void
}

/** Folders with the programs of PostgreSQL, by major version. `TEST_POSTGRES_BINS` adds folders, separated by colons. */
export function findPostgresPrograms(): { version: string; bin: string }[] {
  const installed = '/usr/lib/postgresql'
  const folders = existsSync(installed)
    ? readdirSync(installed).map((version) => join(installed, version, 'bin'))
    : []
  const given = (process.env.TEST_POSTGRES_BINS ?? '').split(':').filter(Boolean)
  return [...folders, ...given]
    .filter((bin) => existsSync(join(bin, 'initdb')))
    .map((bin) => ({ bin, version: readVersion(bin) }))
}

const readVersion = (bin: string): string =>
  /(\d+)/.exec(execFileSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8' }))?.[1] ?? ''

/** The newest PostgreSQL of the machine. @throws with the name of the Debian package when there is none */
export function newestPostgresBin(): string {
  const [newest] = findPostgresPrograms().toSorted((a, b) => Number(b.version) - Number(a.version))
  if (newest === undefined) throw new Error('Install the Debian package postgresql.')
  return newest.bin
}

/** The path of a program. @throws with the name of the Debian package that has it */
export function requireProgram(name: string, debianPackage: string): string {
  const folders = ['/usr/sbin', '/usr/bin', '/sbin', '/bin', '/usr/local/bin']
  const path = folders.map((folder) => join(folder, name)).find((one) => existsSync(one))
  if (path === undefined)
    throw new Error(`Install the Debian package ${debianPackage}: ${name} is missing.`)
  return path
}

/** PostgreSQL and PgBouncer refuse to run as root. */
function ordinaryUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
  const line =
    lines.find((one) => one.startsWith('postgres:')) ??
    lines.find((one) => one.startsWith('nobody:'))
  const [, , uid, gid] = (line ?? '').split(':')
  return { uid: Number(uid), gid: Number(gid) }
}

/** A new folder that the ordinary user owns. */
export function createUserFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'casefile-own-'))
  const user = ordinaryUser()
  if (user) chownSync(folder, user.uid, user.gid)
  chmodSync(folder, 0o755)
  return folder
}

/** Below the ports that the system gives to clients. */
export async function findFreePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000)
    const isFree = await new Promise<boolean>((resolve) => {
      const server = createServer()
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
    })
    if (isFree) return port
  }
}

function runAsUser(program: string, args: readonly string[]): string {
  return execFileSync(program, args, {
    ...ordinaryUser(),
    encoding: 'utf8',
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Creates a cluster with default settings and starts it. */
export async function createOwnPostgres(
  bin: string,
  settings: readonly string[] = [],
): Promise<OwnPostgres> {
  const folder = join(createUserFolder(), 'data')
  runAsUser(join(bin, 'initdb'), [
    '-D',
    folder,
    '-U',
    'postgres',
    '-A',
    'trust',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
  ])
  const server = describePostgres(bin, folder, await findFreePort(), settings)
  server.start()
  const admin = new pg.Client(server.url('postgres'))
  await admin.connect()
  await admin.query('CREATE DATABASE casefile')
  await admin.end()
  return server
}

/** A streaming standby of another server. */
export async function createStandby(
  bin: string,
  primary: OwnPostgres,
  settings: readonly string[] = [],
): Promise<OwnPostgres> {
  const folder = join(createUserFolder(), 'data')
  runAsUser(join(bin, 'pg_basebackup'), [
    '-D',
    folder,
    '-R',
    '-X',
    'stream',
    '-c',
    'fast',
    '-d',
    primary.url('postgres'),
  ])
  const server = describePostgres(bin, folder, await findFreePort(), settings)
  server.start()
  return server
}

function describePostgres(
  bin: string,
  folder: string,
  port: number,
  settings: readonly string[],
): OwnPostgres {
  const logFile = `${folder}.log`
  const lines = [
    `port = ${port}`,
    "listen_addresses = '127.0.0.1'",
    "unix_socket_directories = ''",
    ...settings,
  ]
  appendFileSync(join(folder, 'postgresql.conf'), `\n${lines.join('\n')}\n`)
  const control = (...args: string[]) =>
    void runAsUser(join(bin, 'pg_ctl'), ['-D', folder, '-w', '-t', '60', '-l', logFile, ...args])
  return {
    port,
    folder,
    url: (database = 'casefile') => `postgres://postgres@127.0.0.1:${port}/${database}`,
    log: () => readFileSync(logFile, 'utf8'),
    start: () => control('start'),
    stop: (mode = 'fast') => control('stop', '-m', mode),
    remove() {
      try {
        control('stop', '-m', 'immediate')
      } catch {
        // It was stopped already.
      }
      rmSync(join(folder, '..'), { recursive: true, force: true })
    },
  }
}

/** Starts a program that stays in the foreground, as the ordinary user. */
export const spawnAsUser = (program: string, args: readonly string[]) =>
  spawn(program, args, { ...ordinaryUser(), cwd: tmpdir(), stdio: 'ignore' })
