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
    /** URL of a database on a server on which the tests may create databases. */
    adminUrl: string
    /** A migrated and seeded template database. The one with the suffix `_empty` is migrated only. */
    template: string
    /** The fastest way to copy a database on that server. */
    strategy: 'FILE_COPY' | 'WAL_LOG'
    /** The data folder of a stopped server with a seeded database; null with TEST_DATABASE_URL. */
    seededFolder: string | null
  }
}

/**
 * Starts an embedded PostgreSQL, or uses TEST_DATABASE_URL, and creates a migrated and seeded database there. Every test
 * file copies it.
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
    // The databases of the embedded server are removed with its folder.
    if (!embedded) await dropTestDatabases(admin, template)
    await admin.end()
    await embedded?.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The database of the embedded PostgreSQL that is migrated and not seeded. */
const migratedDatabase = 'migrated'

/** Creates a seeded database in `folder`, stops its server, and returns a copy of the data folder. */
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

/** For the server of the copies, which need not survive a crash. Servers that tests start have the product's settings. */
const nonDurableSettings = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'wal_level=minimal',
  'max_wal_senders=0',
  'max_wal_size=8GB',
  'checkpoint_timeout=1h',
  // Autovacuum of a hundred short-lived databases is wasted work.
  'autovacuum=off',
  'bgwriter_lru_maxpages=0',
  // Each copy of a database scans all buffers, and so does the shutdown.
  'shared_buffers=64MB',
]

function replaceDatabaseName(url: string, database: string): string {
  const changedUrl = new URL(url)
  changedUrl.pathname = database
  return changedUrl.href
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

/** Drops the template and all copies. */
async function dropTestDatabases(admin: pg.Client, template: string): Promise<void> {
  const { rows } = await admin.query<{ name: string }>(
    'SELECT datname AS name FROM pg_database WHERE starts_with(datname, $1)',
    [template],
  )
  for (const { name } of rows) await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)
}
