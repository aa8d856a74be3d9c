import { statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDataFolder, runProgram, stopAllPrograms } from '../process/program.ts'
import { copyEmptyDatabase, copySeededDatabase, runQuery } from '../process/test-database.ts'

afterAll(stopAllPrograms)

async function casefile(args: string[], settings: Record<string, string> = {}) {
  const program = runProgram(args, settings)
  const code = await program.ended
  return { code, stdout: program.stdout(), stderr: program.stderr() }
}

const namesIn = (help: string): string[] =>
  [...(help.split('\nCommands:\n')[1]?.split('\n\n')[0] ?? '').matchAll(/^ {2}([\w-]+)/gm)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'help')

describe('help', () => {
  test('lists the commands, and every command has help with examples and exit codes', async () => {
    const { code, stdout, stderr } = await casefile(['--help'])
    expect([code, stderr]).toEqual([0, ''])
    const commands = namesIn(stdout).map((name) => [name])
    expect(commands.length).toBeGreaterThan(5)
    const check = async (command: string[]): Promise<void> => {
      const help = await casefile([...command, '--help'])
      expect([help.code, help.stderr], command.join(' ')).toEqual([0, ''])
      expect(help.stdout, command.join(' ')).toMatch(/^Usage: casefile .+\n\n\w.{10,}/)
      expect(help.stdout, command.join(' ')).toMatch(/\nExamples:\n( {2}\$ .*casefile .+\n)+/)
      expect(help.stdout, command.join(' ')).toMatch(
        /\nExit codes:\n {2}0 {2}.+\n {2}1 {2}.+\n {2}2 {2}.+/,
      )
      await Promise.all(namesIn(help.stdout).map((name) => check([...command, name])))
    }
    await Promise.all(commands.map(check))
  })

  test('--version prints the version of the package', async () => {
    expect((await casefile(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

test.each([
  [[], /Usage: casefile/],
  [['sede'], /Did you mean seed\?/],
  [['verify', '--jsn'], /Did you mean --json\?/],
  [['ingest', 'file.txt'], /--case/],
  [['keys', 'revoke'], /missing required argument 'name-or-id'/],
])('a wrong command line (%j) exits with 2 and the reason', async (args, reason) => {
  const { code, stdout, stderr } = await casefile(args)
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(reason)
})

describe('--json', () => {
  let DATABASE_URL: string
  beforeAll(async () => {
    DATABASE_URL = await copySeededDatabase()
  })
  const json = async (args: string[], settings: Record<string, string> = { DATABASE_URL }) => {
    const { code, stdout } = await casefile([...args, '--json'], settings)
    return { code, said: JSON.parse(stdout) }
  }

  test('seed prints the number of loaded cases', async () => {
    expect(await json(['seed'])).toEqual({ code: 0, said: { loaded: 0 } })
    const empty = { DATABASE_URL: await copyEmptyDatabase() }
    expect(await json(['seed'], empty)).toEqual({ code: 0, said: { loaded: 1 } })
  })

  test('verify prints the result or the fault', async () => {
    expect(await json(['verify'])).toEqual({
      code: 0,
      said: {
        holds: true,
        revisions: 1,
        records: 43,
        notIndexed: 0,
        publishedHeads: 0,
        citations: expect.any(Number),
        hash: expect.stringMatching(/^[\da-f]{64}$/),
      },
    })
    const spoilt = await copySeededDatabase()
    await runQuery(
      spoilt,
      `UPDATE citation SET start_at = start_at + 1, end_at = end_at + 1 WHERE id = (SELECT min(id::text)::uuid FROM citation)`,
    )
    const { code, said } = await json(['verify'], { DATABASE_URL: spoilt })
    expect([code, said.holds]).toEqual([1, false])
    expect(said.reason).toMatch(/^Citation /)
  })

  test('a head that was archived is compared with the ledger', async () => {
    const folder = createDataFolder()
    const [key, heads] = [join(folder, 'ledger.pem'), join(folder, 'heads.ndjson')]
    const made = await json(['keys', 'ledger', '--out', key])
    expect(made.said).toMatchObject({ keyId: expect.stringMatching(/^[\da-f]{16}$/), file: key })
    expect(statSync(key).mode & 0o777).toBe(0o600)
    expect((await casefile(['keys', 'ledger', '--out', key])).code).toBe(1)
    const { said: head } = await json(['head', '--append', heads], {
      DATABASE_URL,
      LEDGER_KEY_FILE: key,
    })
    expect(head).toMatchObject({
      revision: 1,
      signature: { keyId: made.said.keyId },
      timeStamp: null,
    })
    const against = ['verify', '--against', heads, '--ledger-key', key]
    expect(await json(against)).toMatchObject({ code: 0, said: { publishedHeads: 1 } })
    // Seeded at another time, it is another history.
    const other = { DATABASE_URL: await copyEmptyDatabase() }
    await json(['seed'], other)
    const rewritten = await json(against, other)
    expect(rewritten).toMatchObject({ code: 1, said: { holds: false } })
    expect(rewritten.said.reason).toMatch(/history was changed/)
  })

  test('keys are created, listed and revoked', async () => {
    const made = await json(['keys', 'create', '--name', 'desk', '--scope', 'write'])
    expect(made.said).toEqual({
      id: expect.any(String),
      name: 'desk',
      scope: 'write',
      expiresAt: null,
      key: expect.stringMatching(/^\S{20,}$/),
    })
    expect((await json(['keys', 'list'])).said).toEqual([
      expect.objectContaining({ name: 'desk', revokedAt: null }),
    ])
    expect((await json(['keys', 'revoke', 'desk'])).said).toEqual({ revoked: 'desk' })
  })

  test('ingest prints the result for each file', async () => {
    const files = ['seeds/canada-turkey-wescam/source.txt', 'nowhere.txt']
    const { code, said } = await json(['ingest', '--case', 'canada-turkey-wescam', ...files])
    expect([code, said.refused]).toEqual([1, 1])
    expect(said.files).toEqual([
      { file: files[0], refused: false, message: expect.stringContaining('/v1/articles/') },
      { file: files[1], refused: true, message: expect.stringContaining('nowhere.txt') },
    ])
  })
})
