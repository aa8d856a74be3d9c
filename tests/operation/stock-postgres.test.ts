import { afterAll, describe, expect, test } from 'vitest'
import {
  createOwnPostgres,
  findPostgresPrograms,
  type OwnPostgres,
} from '../harness/own-postgres.ts'
import { runProgram, startServer, stopAllPrograms } from '../process/program.ts'
import { runQuery } from '../process/test-database.ts'

const programs = findPostgresPrograms()

test('a PostgreSQL is installed', () => {
  expect(programs.length, 'Install the Debian package postgresql.').toBeGreaterThan(0)
})

describe.each(programs)('PostgreSQL $version with its default settings', ({ bin }) => {
  let server: OwnPostgres
  afterAll(async () => {
    await stopAllPrograms()
    server?.remove()
  })

  test('every connection sets what the product relies on before its first statement', async () => {
    server = await createOwnPostgres(bin, [
      "log_statement = 'all'",
      "log_line_prefix = '%p|%a|%d|'",
    ])
    const api = await startServer({ DATABASE_URL: server.url() })
    await Promise.all(
      [
        '/v1/permits',
        '/v1/cases/canada-turkey-wescam',
        '/v1/permits?format=csv',
        '/v1/search?q=wescam',
        '/readyz',
      ].map(async (path) => expect((await api.get(path)).status, path).toBe(200)),
    )
    expect(await runProgram(['verify'], { DATABASE_URL: server.url() }).ended).toBe(0)
    expect(await api.stop()).toBe(0)
    const firstStatements = listFirstStatements(server.log())
    const names = new Set(
      [...firstStatements.values()].map(({ name }) => name.replace(/ \d+$/, '')),
    )
    expect([...names]).toEqual(
      expect.arrayContaining([
        'casefile api',
        'casefile write',
        'casefile export',
        'casefile head',
      ]),
    )
    const others = [...firstStatements.values()].filter(
      ({ text }) => !text.startsWith("SET jit = 'off'"),
    )
    // The check at the start reads the settings that the server has by itself.
    expect(new Set(others.map(({ name }) => name.replace(/ \d+$/, '')))).toEqual(
      new Set(['casefile check']),
    )
  })

  test('settings that the product relies on and cannot set are named at the start', async () => {
    await runQuery(server.url(), 'ALTER DATABASE casefile SET synchronous_commit = off')
    const api = await startServer({ DATABASE_URL: server.url() })
    expect(api.stdout()).toContain(
      'PostgreSQL: synchronous_commit is off: a crash can lose the last acknowledged writes',
    )
    await api.stop()
    await runQuery(server.url(), 'ALTER DATABASE casefile RESET synchronous_commit')
  })
})

type FirstStatement = { name: string; text: string }

/** The first statement of each server process in the database `casefile`, from lines `pid|application|database|...`. */
function listFirstStatements(log: string): Map<string, FirstStatement> {
  const first = new Map<string, FirstStatement>()
  for (const line of log.split('\n')) {
    const [, pid = '', name = '', text] =
      /^(\d+)\|([^|]*)\|casefile\|LOG: {2}(?:statement|execute [^:]*): (.*)$/.exec(line) ?? []
    if (text !== undefined && !first.has(pid)) first.set(pid, { name, text })
  }
  return first
}
