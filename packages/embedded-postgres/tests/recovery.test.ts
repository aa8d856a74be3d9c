import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { withFileLock } from '../src/file-lock.ts'
import { isAlive } from '../src/process-status.ts'
import { isRootOnLinux, kill, query, useExistingCluster } from './harness.ts'

const folder = useExistingCluster()

test('PostgreSQL survives a killed server, and the next one adopts it', async () => {
  const server = await folder.openInChild('serve')
  const pid = await folder.findServer()
  await kill(server.child)

  const next = await folder.open('serve')
  expect(next.url).toBe(server.url)
  expect(await folder.findServer()).toBe(pid)
  expect(folder.log).toEqual([
    `adopted the PostgreSQL that was left running in ${folder.dataDir}/postgres`,
  ])
  await next.close()
  expect(await isAlive(pid)).toBe(false)
})

test('a server restarts a killed PostgreSQL under the same URL, every time', async () => {
  const { url } = await folder.open('serve', ['work_mem=64MB'])
  for (let round = 1; round <= 2; round++) {
    process.kill(await folder.findServer(), 'SIGKILL')
    await vi.waitFor(() => expect(folder.log).toHaveLength(round * 2), 60_000)
    expect(await query(url, 'select answer from kept')).toBe(42)
  }
  const ended = 'PostgreSQL ended unexpectedly and is being restarted'
  const running = 'PostgreSQL is running again'
  expect(folder.log).toEqual([ended, running, ended, running])
  expect(await query(url, 'show work_mem')).toBe('64MB')
  expect(await folder.openRefused()).toContain(`(process ${process.pid})`)
})

test('a restart waits for the port of the URL when another program has taken it', async () => {
  const { url } = await folder.open('serve')
  const pid = await folder.findServer()
  const other = createServer()
  // The lock keeps the restart back until the port is taken.
  await withFileLock(join(folder.dataDir, 'postgres.lock'), async () => {
    process.kill(pid, 'SIGKILL')
    await vi.waitFor(async () => expect(await isAlive(pid)).toBe(false), 60_000)
    other.listen(Number(new URL(url).port), '127.0.0.1')
    await once(other, 'listening')
  })
  await vi.waitFor(async () => {
    const log = await readFile(join(folder.dataDir, 'postgres.log'), 'utf8')
    expect(log).toContain('could not create any TCP/IP sockets')
  }, 60_000)
  other.close()
  await vi.waitFor(() => expect(folder.log.at(-1)).toBe('PostgreSQL is running again'), 60_000)
  expect(await query(url, 'select answer from kept')).toBe(42)
})

test('a killed PostgreSQL that was adopted is restarted as well', async () => {
  const previous = await folder.openInChild('serve')
  await kill(previous.child)
  const { url } = await folder.open('serve')
  process.kill(await folder.findServer(), 'SIGKILL')
  await vi.waitFor(() => expect(folder.log.at(-1)).toBe('PostgreSQL is running again'), 60_000)
  expect(await query(url, 'select answer from kept')).toBe(42)
})

test('a server that closes while PostgreSQL is down leaves nothing running', async () => {
  const server = await folder.open('serve')
  process.kill(await folder.findServer(), 'SIGKILL')
  await server.close()
  // A killed process takes a moment to end.
  await vi.waitFor(() => expect(folder.findServer()).rejects.toThrow('does not run'), 60_000)
})

test('another port is used when the last one is taken', async () => {
  const first = await folder.open()
  await first.close()
  const other = createServer().listen(Number(new URL(first.url).port), '127.0.0.1')
  await once(other, 'listening')

  const later = await folder.open()
  expect(later.url).not.toBe(first.url)
  expect(await query(later.url, 'select answer from kept')).toBe(42)
  other.close()
})

test('a pid file that names a process of another program is ignored', async () => {
  const { uid, gid } = await stat(join(folder.dataDir, 'postgres'))
  const other = spawn('sleep', ['60'], isRootOnLinux ? { uid, gid } : {})
  folder.children.push(other)
  const lines = [other.pid, `${folder.dataDir}/postgres`, 1, 20_000, '', '127.0.0.1']
  await writeFile(join(folder.dataDir, 'postgres/postmaster.pid'), `${lines.join('\n')}\n`)

  const { url } = await folder.open()
  expect(await query(url, 'select 1')).toBe(1)
  expect(await isAlive(other.pid ?? 0)).toBe(true)
})
