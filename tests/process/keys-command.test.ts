import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  copySeededFolder,
  type RunningServer,
  runProgram,
  startServer,
  stopAllPrograms,
} from './program.ts'

/** `casefile` beside a server that runs, both on the embedded PostgreSQL. */

afterAll(stopAllPrograms)

const settings = { DATA_DIR: copySeededFolder() }
let server: RunningServer
beforeAll(async () => {
  server = await startServer({ ...settings, ACCESS: 'private' })
})

async function casefile(...args: string[]) {
  const program = runProgram(args, settings)
  const code = await program.ended
  return { code, stdout: program.stdout(), stderr: program.stderr() }
}
const read = (key: string) => server.get('/v1/actors', { authorization: `Bearer ${key}` })

/** The lines of the audit log, which are JSON beside lines for people. */
const auditEvents = (stderr: string): Record<string, unknown>[] =>
  stderr
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))

describe('casefile keys', () => {
  test('create, list and revoke take effect at once in a running server', async () => {
    const made = await casefile('keys', 'create', '--name', 'desk', '--scope', 'write')
    expect(made.code, made.stderr).toBe(0)
    const key = made.stdout.trim()
    expect(key).toMatch(/^casefile_[0-9a-f]{32}_[\w-]{43}$/)
    expect(made.stderr).toContain('shown only once')
    const [created] = auditEvents(made.stderr)
    expect(created).toMatchObject({ audit: 'key-created', keyName: 'desk', scope: 'write' })
    expect(made.stderr).not.toContain(key.split('_').at(-1))
    expect((await read(key)).status).toBe(200)

    const listed = await casefile('keys', 'list', '--json')
    expect(listed.stdout).not.toContain(key.split('_').at(-1))
    expect(JSON.parse(listed.stdout)).toMatchObject([
      { name: 'desk', scope: 'write', revokedAt: null, lastUsedAt: expect.any(String) },
    ])
    expect((await casefile('keys', 'list')).stdout).toContain('desk')

    const revoked = await casefile('keys', 'revoke', 'desk')
    expect(revoked.code).toBe(0)
    expect(auditEvents(revoked.stderr)).toMatchObject([
      { audit: 'key-revoked', keyName: 'desk', keyId: created?.keyId },
    ])
    expect((await read(key)).status).toBe(401)
    const again = await casefile('keys', 'revoke', 'desk')
    expect([again.code, again.stderr]).toEqual([1, 'No active key has the name or id "desk".\n'])
  })

  test.each([
    [['--name', 'desk'], 'There is already a key with the name "desk".'],
    [['--name', ' '], '--name needs 1 to 200 characters.'],
    [['--name', 'x', '--scope', 'root'], '--scope must be one of read, propose, write, admin'],
    [['--name', 'x', '--expires', 'soon'], '--expires must be an ISO date'],
    [['--name', 'x', '--expires', '2020-01-01'], '--expires is in the past'],
  ])('create %j is refused', async (args, says) => {
    const { code, stdout, stderr } = await casefile('keys', 'create', ...args)
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain(says)
  })
})

test('verify and seed work while a server runs', async () => {
  const verified = await casefile('verify')
  expect([verified.code, verified.stderr]).toEqual([0, ''])
  const seeded = await casefile('seed')
  expect([seeded.code, seeded.stdout]).toEqual([0, 'Nothing to do: the database has all cases.\n'])
})
