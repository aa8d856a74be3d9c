import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { useEmptyFolder } from './harness.ts'

const folder = useEmptyFolder()
beforeEach(() => mkdir(join(folder.dataDir, 'postgres'), { mode: 0o700 }))

async function writeFiles(files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files))
    await writeFile(join(folder.dataDir, name), text)
}
const details = { 'postgres.json': '{"port":20000,"password":"secret"}' }

test('a file in place of the data folder', async () => {
  await writeFiles({ file: '' })
  const parent = folder.dataDir
  folder.dataDir = join(parent, 'file')
  const refusal = await folder.openRefused()
  folder.dataDir = parent
  expect(refusal).toContain(
    `unusable-folder: the data folder ${join(parent, 'file')} cannot be used (EEXIST`,
  )
})

test('other files in place of the database', async () => {
  await writeFiles({ 'postgres/thesis.txt': '' })
  expect(await folder.openRefused()).toMatch(
    /^unusable-folder: .* holds files that are not a PostgreSQL database/,
  )
  expect(await readdir(join(folder.dataDir, 'postgres'))).toEqual(['thesis.txt'])
})

test('a database of another major version', async () => {
  await writeFiles({ 'postgres/PG_VERSION': '17\n', ...details })
  expect(await folder.openRefused()).toMatch(
    /^other-major-version: .* was created by PostgreSQL 17, and the installed version is PostgreSQL 18/,
  )
})

test.each([
  undefined,
  '',
  '{',
  'null',
  '[]',
  '{"port":20000}',
  '{"port":20000,"password":""}',
  '{"port":"20000","password":"secret"}',
  '{"port":1.5,"password":"secret"}',
])('a database whose password is lost: %s', async (text) => {
  await writeFiles({ 'postgres/PG_VERSION': '18\n' })
  if (text !== undefined) await writeFiles({ 'postgres.json': text })
  expect(await folder.openRefused()).toContain(
    `password-lost: ${folder.dataDir}/postgres.json, the only file with the password`,
  )
})

test('a database that PostgreSQL refuses, in its own words', async () => {
  await writeFiles({ 'postgres/PG_VERSION': '18\n', ...details })
  expect(await folder.openRefused()).toMatch(
    /^start-failed: PostgreSQL does not start on .*: .*postgresql\.conf/,
  )
})
