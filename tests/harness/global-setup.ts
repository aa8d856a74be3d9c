import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { openDatabase } from '../../src/database/database.ts'
import { openEmbedded } from '../../src/database/embedded.ts'
import { migrate } from '../../src/database/migrate.ts'
import { seedAll } from '../../src/intake/seed/seed-case.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A database of a server on which the tests may make databases. */
    adminUrl: string
    /** A migrated and seeded database to copy; with `_empty` at its end the same without the seed. */
    template: string
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
  const embedded = TEST_DATABASE_URL ? undefined : await openIn(folder)
  const adminUrl = TEST_DATABASE_URL ?? elsewhere(embedded?.url ?? '', 'postgres')
  const template = `casefile_template_${process.pid}`
  const admin = new pg.Client(adminUrl)
  await admin.connect()
  // Nothing of it is to outlive a power cut. Embedded servers that tests start are as durable as a user's.
  if (embedded) {
    await admin.query('ALTER ROLE CURRENT_USER SET synchronous_commit = off')
    // A worker for each of a hundred databases, one after the other, has much to do and nothing to gain.
    await admin.query('ALTER SYSTEM SET autovacuum = off')
    await admin.query('SELECT pg_reload_conf()')
  }
  const copy = (name: string, of: string) => admin.query(`CREATE DATABASE ${name} TEMPLATE ${of}`)
  if (embedded) {
    await copy(template, 'casefile')
    await copy(`${template}_empty`, migrated)
  } else {
    await admin.query(`CREATE DATABASE ${template}`)
    await migrate(elsewhere(adminUrl, template))
    await copy(`${template}_empty`, template)
    await seed(elsewhere(adminUrl, template))
  }
  project.provide('adminUrl', adminUrl)
  project.provide('template', template)
  project.provide('seededFolder', seededFolder)
  return async () => {
    // Those of our own go with its folder.
    if (!embedded) await dropAll(admin, template)
    await admin.end()
    await embedded?.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What is migrated and not seeded, in an embedded PostgreSQL. */
const migrated = 'migrated'

/** Makes in `folder` what a server leaves that has seeded its database, and gives a copy of it to be copied further. */
async function makeSeededFolder(folder: string): Promise<string> {
  const made = await openIn(folder)
  await migrate(made.url)
  const admin = new pg.Client(elsewhere(made.url, 'postgres'))
  await admin.connect()
  await admin.query(`CREATE DATABASE ${migrated} TEMPLATE casefile`)
  await admin.end()
  await seed(made.url)
  await made.close()
  const seededFolder = join(folder, 'seeded')
  for (const name of ['postgres', 'postgres.json'])
    cpSync(join(folder, name), join(seededFolder, name), { recursive: true })
  return seededFolder
}

const openIn = (folder: string) =>
  openEmbedded({ dataDir: folder, purpose: 'command', log: () => undefined })

function elsewhere(url: string, database: string): string {
  const other = new URL(url)
  other.pathname = database
  return other.href
}

async function seed(url: string): Promise<void> {
  const database = openDatabase({
    ...{ url, poolSize: 1, statementTimeoutMs: 0 },
    onConnectionLost: () => undefined,
  })
  await seedAll(database, () => undefined)
  await database.close()
}

/** The template, and every copy that a test has left. */
async function dropAll(admin: pg.Client, template: string): Promise<void> {
  const { rows } = await admin.query<{ name: string }>(
    'SELECT datname AS name FROM pg_database WHERE starts_with(datname, $1)',
    [template],
  )
  for (const { name } of rows) await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)
}
