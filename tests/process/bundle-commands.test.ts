import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { createDataFolder, runProgram, stopAllPrograms } from './program.ts'
import { copySeededDatabase, createDatabase, runQuery } from './test-database.ts'

afterAll(stopAllPrograms)

const casefile = async (url: string, ...args: string[]) => {
  const program = runProgram(args, { DATABASE_URL: url })
  const code = await program.ended
  return { code, stdout: program.stdout(), stderr: program.stderr() }
}

describe('casefile export and import', () => {
  test('transfer a case to another instance, whose export is the same file', async () => {
    const folder = createDataFolder()
    const [origin, other] = [await copySeededDatabase(), await createDatabase()]
    const [first, second] = [join(folder, 'case.zip'), join(folder, 'again.zip')]
    expect(await casefile(origin, 'export', 'canada-turkey-wescam', '--out', first)).toMatchObject({
      code: 0,
    })
    const imported = await casefile(other, 'import', first)
    expect(imported).toMatchObject({ code: 0 })
    expect(imported.stdout).toMatch(/canada-turkey-wescam: \d+ records added/)
    await casefile(other, 'export', 'canada-turkey-wescam', '--out', second)
    expect(readFileSync(second).equals(readFileSync(first))).toBe(true)
    const seeds = join(folder, 'seeds')
    expect(await casefile(other, 'make-seed', first, '--out', seeds)).toMatchObject({ code: 0 })
    expect(existsSync(join(seeds, 'canada-turkey-wescam/case.yaml'))).toBe(true)
  })

  test('exit with 1 and one line for an unknown case, conflicts and a broken bundle', async () => {
    const folder = createDataFolder()
    const [origin, other] = [await copySeededDatabase(), await copySeededDatabase()]
    const file = join(folder, 'case.zip')
    const none = await casefile(origin, 'export', 'no-such-case', '--out', file)
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('No case has the slug') })
    expect(existsSync(file)).toBe(false)
    await casefile(origin, 'export', 'canada-turkey-wescam', '--out', file)
    await runQuery(other, "UPDATE record SET name = 'Another' WHERE slug = 'baykar'")
    const differing = await casefile(other, 'import', file)
    expect(differing).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('CONFLICT actor baykar'),
    })
    const bytes = readFileSync(file)
    bytes[Math.floor(bytes.length / 2)] = 0
    writeFileSync(file, bytes)
    const broken = await casefile(other, 'import', file)
    expect(broken.code).toBe(1)
    expect(broken.stderr).toMatch(/^REFUSED, nothing was stored\. \S+/)
    expect(broken.stderr.trim().split('\n').length).toBe(1)
  })
})
