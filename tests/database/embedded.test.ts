import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openEmbedded } from '../../src/database/embedded.ts'
import { FatalError } from '../../src/fatal-error.ts'

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'casefile-embedded-'))
  // For root PostgreSQL runs as another user, who must be able to enter.
  chmodSync(dataDir, 0o755)
  mkdirSync(join(dataDir, 'postgres'), { mode: 0o700 })
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

test('the database is casefile, and a launch is reported as new or not', async () => {
  const launches: boolean[] = []
  const onLaunch = (isNew: boolean) => launches.push(isNew)
  const { url, close } = await openEmbedded({ dataDir, purpose: 'command', log() {}, onLaunch })
  await close()
  const { username, pathname } = new URL(url)
  expect([username, pathname]).toEqual(['casefile', '/casefile'])
  expect(launches).toEqual([true, false])
})

async function refusal(): Promise<string> {
  const error: unknown = await openEmbedded({ dataDir, purpose: 'command', log() {} }).catch(
    (reason) => reason,
  )
  if (!(error instanceof FatalError)) throw error
  return error.message
}

test('a failure is a fatal error, with DATABASE_URL where that helps', async () => {
  writeFileSync(join(dataDir, 'postgres/thesis.txt'), '')
  expect(await refusal()).toBe(
    `${dataDir}/postgres holds files that are not a PostgreSQL database: move them away, ` +
      'or choose another data folder, or set DATABASE_URL to a PostgreSQL of your own',
  )
  writeFileSync(join(dataDir, 'postgres/PG_VERSION'), '18\n')
  expect(await refusal()).toBe(
    `${dataDir}/postgres.json, the only file with the password of the database, is missing or damaged: ` +
      'restore it from a backup, or choose another data folder',
  )
})
