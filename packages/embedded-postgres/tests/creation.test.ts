import { chmod, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { openEmbeddedPostgres } from '../src/embedded-postgres.ts'
import { isRootOnLinux, kill, query, useEmptyFolder } from './harness.ts'

const folder = useEmptyFolder()

test('a first start creates a database, a later start finds it unchanged', async () => {
  const first = await folder.open()
  await query(first.url, 'create table kept as select 42 as answer')
  await first.close()
  expect(await folder.readServerPid()).toBeNull()

  const later = await folder.open()
  expect(await query(later.url, 'select answer from kept')).toBe(42)
  expect(later.url).toBe(first.url)
  expect(folder.log).toEqual([`initialised a PostgreSQL 18 database in ${folder.dataDir}/postgres`])
})

test('the folder has the layout that other versions open', async () => {
  await folder.open()
  expect((await readdir(folder.dataDir)).sort()).toEqual([
    'postgres',
    'postgres.json',
    'postgres.lock',
    'postgres.log',
  ])
})

test('two processes that start at once share one PostgreSQL', async () => {
  const [server, command] = await Promise.all([
    folder.openInChild('serve'),
    folder.openInChild('command'),
  ])
  expect(command.url).toBe(server.url)
  expect(await query(command.url, 'select 1')).toBe(1)
})

test('a half-made database is replaced', async () => {
  const child = folder.startChild('serve')
  await vi.waitFor(
    async () => {
      const names = await readdir(folder.dataDir)
      const draft = names.find((name) => name.startsWith('postgres.init-'))
      expect(await readdir(join(folder.dataDir, draft ?? '-', 'cluster'))).toContain('PG_VERSION')
    },
    { interval: 5, timeout: 60_000 },
  )
  await kill(child)
  expect(await readdir(folder.dataDir)).not.toContain('postgres')

  const { url } = await folder.open()
  expect(await query(url, 'select 1')).toBe(1)
})

test.runIf(isRootOnLinux)('root runs PostgreSQL where only root may enter', async () => {
  await chmod(folder.dataDir, 0o700)
  const first = await folder.open()
  await query(first.url, 'create table kept as select 42 as answer')
  await first.close()

  const later = await folder.open()
  expect(await query(later.url, 'select answer from kept')).toBe(42)
  expect((await stat(`/proc/${await folder.findServer()}`)).uid).not.toBe(0)
})

test('a launch is reported: initdb and the server first, then only the server', async () => {
  const launched: string[] = []
  const options = {
    dataDir: folder.dataDir,
    name: 'app',
    purpose: 'command' as const,
    log() {},
    onLaunch: (program: string) => launched.push(program),
  }
  for (let round = 0; round < 2; round++) await (await openEmbeddedPostgres(options)).close()
  expect(launched).toEqual(['initdb', 'postgres', 'postgres'])
})

test.each([
  '',
  'App',
  '1st',
  'a-b',
  'a b',
  'a"b',
  'postgres',
  'template1',
  'pg_app',
  'a'.repeat(64),
])('the name "%s" is refused before anything is written', async (name) => {
  const opening = openEmbeddedPostgres({
    dataDir: join(folder.dataDir, 'new'),
    name,
    purpose: 'command',
    log() {},
  })
  await expect(opening).rejects.toThrow(TypeError)
  expect(await readdir(folder.dataDir)).toEqual([])
})
