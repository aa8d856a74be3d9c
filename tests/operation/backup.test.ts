import { execFileSync } from 'node:child_process'
import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addRequiredQuery, exampleRecords, listDescribedRoutes } from '../harness/openapi-routes.ts'
import { requireProgram } from '../harness/own-postgres.ts'
import {
  createDataFolder,
  type RunningServer,
  runProgram,
  startServer,
  stopAllPrograms,
} from '../process/program.ts'
import { copySeededDatabase, createDatabase, runQuery } from '../process/test-database.ts'

const folder = createDataFolder()
const file = join(folder, 'case.backup')
let databaseUrl = ''
let key = ''
let server: RunningServer

async function run(args: string[], settings: Record<string, string>): Promise<string> {
  const program = runProgram(args, settings)
  expect(await program.ended, program.stderr()).toBe(0)
  return program.stdout()
}

async function refuse(args: string[], settings: Record<string, string>): Promise<string> {
  const program = runProgram(args, settings)
  expect(await program.ended).toBe(1)
  return program.stderr().trim()
}

const writeCase = (slug: string) =>
  fetch(`${server.url}/v1/cases`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ slug, title: `Case ${slug}` }),
  })

beforeAll(async () => {
  databaseUrl = await copySeededDatabase()
  const settings = { DATABASE_URL: databaseUrl }
  key = (await run(['keys', 'create', '--name', 'writer', '--scope', 'write'], settings)).trim()
  server = await startServer(settings)
})
afterAll(stopAllPrograms)

/** Every GET of the API that has an answer in the seed. */
async function listAnswerPaths(): Promise<string[]> {
  const routes = await listDescribedRoutes()
  return routes
    .filter(({ method, path }) => method === 'GET' && path.startsWith('/v1/'))
    .filter(({ path }) => !/stream|\/head|\/ledger|bundle|\{id\}/.test(path))
    .map(({ path }) => {
      const [, , plural = ''] = path.split('/')
      return addRequiredQuery(path, path.replace('{ref}', exampleRecords[plural] ?? 'none'))
    })
}

/** Answers without what names the newest revision, which a restore changes. */
async function readAnswers(from: RunningServer, paths: readonly string[]) {
  const answers: [string, number, string][] = []
  for (const path of paths) {
    const response = await fetch(from.url + path)
    // A cursor names the epoch.
    const text = (await response.text())
      .replaceAll(/"revision":\d+,"epoch":"\w+"/g, '')
      .replaceAll(/"next":"[^"]*"/g, '')
    answers.push([path, response.status, text.replaceAll(from.url, '')])
  }
  return answers
}

describe('a backup', () => {
  test('made while others write, and restored into an empty database, gives every answer again and a new epoch', async () => {
    const paths = await listAnswerPaths()
    expect(paths.length).toBeGreaterThan(30)
    const before = await readAnswers(server, paths)
    let written = 0
    let isDone = false
    const writing = (async () => {
      for (; !isDone; written += 1) await writeCase(`during-${written}`)
    })()
    await run(['backup', file], { DATABASE_URL: databaseUrl })
    isDone = true
    await writing

    const restoredUrl = await createDatabase()
    const output = await run(['restore', file, '--json'], { DATABASE_URL: restoredUrl })
    const { backup, revisions } = JSON.parse(output)
    expect(revisions).toBe(backup.head.revision + 1)
    const [head] = await runQuery<{ change: string; previous_hash: string }>(
      restoredUrl,
      'SELECT change, previous_hash FROM revision ORDER BY number DESC LIMIT 1',
    )
    expect(head).toEqual({ change: 'restore', previous_hash: backup.head.hash })

    const restored = await startServer({ DATABASE_URL: restoredUrl, SEED: 'false' })
    const unaffected = before.filter(([path]) => !/^\/v1\/(cases|changes)/.test(path))
    const after = await readAnswers(
      restored,
      unaffected.map(([path]) => path),
    )
    expect(after).toEqual(unaffected)
    // The keys came along, and a position in the lost part of the history is refused.
    const response = await fetch(`${restored.url}/v1/cases`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ slug: 'after-restore', title: 'After the restore' }),
    })
    expect(response.status).toBe(201)
    expect(await restored.stop()).toBe(0)
    expect(await runProgram(['verify'], { DATABASE_URL: restoredUrl }).ended).toBe(0)
  })

  test('of an embedded PostgreSQL is restored into one', async () => {
    const [DATA_DIR, other] = [createDataFolder(), createDataFolder()]
    await run(['restore', file], { DATA_DIR })
    const embedded = join(folder, 'embedded.backup')
    await run(['backup', embedded], { DATA_DIR })
    const output = await run(['restore', embedded, '--json'], { DATA_DIR: other })
    expect(JSON.parse(output).backup.head.revision).toBeGreaterThan(1)
  })

  test('that is encrypted is read by age and by restore with the key only', async () => {
    const keyFile = join(folder, 'key.txt')
    execFileSync(requireProgram('age-keygen', 'age'), ['-o', keyFile], { stdio: 'ignore' })
    const [, recipient = ''] = /public key: (\S+)/.exec(readFileSync(keyFile, 'utf8')) ?? []
    const encrypted = join(folder, 'case.backup.age')
    await run(['backup', encrypted, '--recipient', recipient], { DATABASE_URL: databaseUrl })
    const DATABASE_URL = await createDatabase()
    expect(await refuse(['restore', encrypted], { DATABASE_URL })).toContain(
      'cannot be restored: it is encrypted: name the file with its key, --identity.',
    )
    execFileSync(requireProgram('age', 'age'), ['-d', '-i', keyFile, encrypted])
    await run(['restore', encrypted, '--identity', keyFile], { DATABASE_URL })
  })

  test('that is cut off, is none, or meets a database in use is refused, and nothing is restored', async () => {
    const cut = join(folder, 'cut.backup')
    writeFileSync(cut, readFileSync(file))
    truncateSync(cut, readFileSync(file).length - 100)
    const DATABASE_URL = await createDatabase()
    expect(await refuse(['restore', cut], { DATABASE_URL })).toMatch(/damaged or cut off/)
    const tables = await runQuery<{ rows: number }>(
      DATABASE_URL,
      'SELECT count(*)::int AS rows FROM revision',
    )
    expect(tables).toEqual([{ rows: 0 }])

    // The next attempt may use what the failed one has left.
    await run(['restore', file], { DATABASE_URL })
    const text = join(folder, 'text.backup')
    writeFileSync(text, 'no backup')
    const empty = await createDatabase()
    expect(await refuse(['restore', text], { DATABASE_URL: empty })).toContain('cannot be restored')
    expect(await refuse(['restore', file], { DATABASE_URL: databaseUrl })).toContain(
      'the database is not empty: restore into a new database, or another DATA_DIR',
    )
  })
})
