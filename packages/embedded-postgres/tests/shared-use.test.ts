import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isAlive } from '../src/process-status.ts'
import { query, useExistingCluster } from './harness.ts'

const folder = useExistingCluster()

test('text sorts the same on every machine', async () => {
  const { url } = await folder.open()
  const sorted = `select string_agg(t, '' order by t) from unnest('{a,B,é,z}'::text[]) t`
  expect(await query(url, sorted)).toBe('Bazé')
  expect(await query(url, `select lower('É')`)).toBe('é')
})

test('committed data is on disk, and others cannot connect', async () => {
  const { url } = await folder.open()
  expect(await query(url, 'show fsync')).toBe('on')
  expect(await query(url, 'show listen_addresses')).toBe('127.0.0.1')
  expect((await stat(join(folder.dataDir, 'postgres.json'))).mode & 0o777).toBe(0o600)
  const wrong = new URL(url)
  expect(Number(wrong.port)).toBeLessThan(32_768)
  wrong.password = 'wrong'
  await expect(query(wrong.href, 'select 1')).rejects.toThrow('password authentication failed')
})

test('settings of the caller replace our own', async () => {
  const { url } = await folder.open('serve', ['jit=on', 'work_mem=64MB'])
  expect(await query(url, 'show jit')).toBe('on')
  expect(await query(url, 'show work_mem')).toBe('64MB')
})

test('close can be called twice and leaves nothing running', async () => {
  const opened = await folder.open()
  const pid = await folder.findServer()
  await Promise.all([opened.close(), opened.close()])
  expect(await isAlive(pid)).toBe(false)
})

test('a second server is refused with the process of the first', async () => {
  const server = await folder.openInChild('serve')
  expect(await folder.openRefused()).toContain(
    `already-served: another app server already runs on ${folder.dataDir} (process ${server.child.pid})`,
  )
  expect(await query(server.url, 'select 1')).toBe(1)
})

test('a command joins a server, and the last process to close stops PostgreSQL', async () => {
  const server = await folder.open('serve')
  const command = await folder.openInChild('command')
  expect(command.url).toBe(server.url)
  await server.close()
  expect(await query(command.url, 'select answer from kept')).toBe(42)
  const pid = await folder.findServer()
  command.child.stdin?.end()
  await once(command.child, 'exit')
  expect(await isAlive(pid)).toBe(false)
  expect(folder.log).toEqual([])
})

test('a process that opens while the last one closes gets a PostgreSQL that runs', async () => {
  let last = await folder.open('command')
  for (let round = 0; round < 3; round++) {
    const [next] = await Promise.all([folder.open('command'), last.close()])
    expect(await query(next.url, 'select 1')).toBe(1)
    last = next
  }
})
