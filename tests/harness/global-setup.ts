import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { openDatabase } from '../../src/database/database.ts'
import { openEmbedded } from '../../src/database/embedded.ts'
import { migrate } from '../../src/database/migrate.ts'
import { seedMissingCases } from '../../src/intake/seed/seed-case.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A database of a server on which the tests may make databases. */
    adminUrl: string
    /** A migrated and seeded database to copy; with `_empty` at its end the same without the seed. */
    template: string
    /** How to copy it with the least work on that server. */
    strategy: 'FILE_COPY' | 'WAL_LOG'
    /** A data folder that a server with a seeded database has left; null with TEST_DATABASE_URL. */
    seededFolder: string | null
  }
}

/**
 * Starts an embedded PostgreSQL of its own (or uses TEST_DATABASE_URL) and makes one migrated, seeded database there;
 * every test file copies it.
 */
export default async function setup(project: TestProject) {
  const folder = mkdtempSync(join(tmpdir(), 'casefile-test-'))
  const { TEST_DATABASE_URL } = process.env
  const seededFolder = TEST_DATABASE_URL ? null : await makeSeededFolder(folder)
  const embedded = TEST_DATABASE_URL ? undefined : await openEmbeddedIn(folder, nonDurableSettings)
  const strategy = embedded ? 'FILE_COPY' : 'WAL_LOG'
  const adminUrl = TEST_DATABASE_URL ?? replaceDatabaseName(embedded?.url ?? '', 'postgres')
  const template = `casefile_template_${process.pid}`
  const admin = new pg.Client(adminUrl)
  await admin.connect()
  const copy = (name: string, source: string) =>
    admin.query(`CREATE DATABASE ${name} TEMPLATE ${source} STRATEGY ${strategy}`)
  if (embedded) {
    await copy(template, 'casefile')
    await copy(`${template}_empty`, migratedDatabase)
  } else {
    await admin.query(`CREATE DATABASE ${template}`)
    await migrate(replaceDatabaseName(adminUrl, template))
    await copy(`${template}_empty`, template)
    await seedDatabase(replaceDatabaseName(adminUrl, template))
  }
  project.provide('adminUrl', adminUrl)
  project.provide('template', template)
  project.provide('strategy', strategy)
  project.provide('seededFolder', seededFolder)
  return async () => {
    // Those of our own go with its folder.
    if (!embedded) await dropTestDatabases(admin, template)
    await admin.end()
    await embedded?.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What is migrated and not seeded, in an embedded PostgreSQL. */
const migratedDatabase = 'migrated'

/** Makes in `folder` what a server leaves that has seeded its database, and gives a copy of it to be copied further. */
async function makeSeededFolder(folder: string): Promise<string> {
  const embedded = await openEmbeddedIn(folder)
  await migrate(embedded.url)
  const admin = new pg.Client(replaceDatabaseName(embedded.url, 'postgres'))
  await admin.connect()
  await admin.query(`CREATE DATABASE ${migratedDatabase} TEMPLATE casefile`)
  await admin.end()
  await seedDatabase(embedded.url)
  await embedded.close()
  const seededFolder = join(folder, 'seeded')
  for (const name of ['postgres', 'postgres.json'])
    cpSync(join(folder, name), join(seededFolder, name), { recursive: true })
  return seededFolder
}

const openEmbeddedIn = (folder: string, settings: readonly string[] = []) =>
  openEmbedded({ dataDir: folder, purpose: 'command', log: () => undefined, settings })

/** Nothing of it is to outlive a power cut, or is cleaned up behind the tests. Those that tests start are as a user's. */
const nonDurableSettings = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'wal_level=minimal',
  'max_wal_senders=0',
  'max_wal_size=8GB',
  'checkpoint_timeout=1h',
  // A worker for each of a hundred databases, one after the other, has much to do and nothing to gain.
  'autovacuum=off',
  'bgwriter_lru_maxpages=0',
  // To stop a server takes longer the more it has, and each copy of a database looks all of it through.
  'shared_buffers=64MB',
]

function replaceDatabaseName(url: string, database: string): string {
  const other = new URL(url)
  other.pathname = database
  return other.href
}

async function seedDatabase(url: string): Promise<void> {
  const database = openDatabase({
    url,
    poolSize: 1,
    statementTimeoutMs: 0,
    onConnectionLost: () => undefined,
  })
  await seedMissingCases(database, () => undefined)
  await database.close()
}

/** The template, and every copy that a test has left. */
async function dropTestDatabases(admin: pg.Client, template: string): Promise<void> {
  const { rows } = await admin.query<{ name: string }>(
    'SELECT datname AS name FROM pg_database WHERE starts_with(datname, $1)',
    [template],
  )
  for (const { name } of rows) await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)
}
