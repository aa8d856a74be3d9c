import { mkdtempSync, rmSync } from 'node:fs'
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
  }
}

/**
 * Starts an embedded PostgreSQL of its own (or uses TEST_DATABASE_URL) and makes one migrated, seeded database there;
 * every test file copies it.
 */
export default async function setup(project: TestProject) {
  const folder = mkdtempSync(join(tmpdir(), 'casefile-test-'))
  const { TEST_DATABASE_URL } = process.env
  const embedded = TEST_DATABASE_URL
    ? undefined
    : await openEmbedded({ dataDir: folder, purpose: 'command', log: () => undefined })
  const adminUrl = TEST_DATABASE_URL ?? embedded?.url ?? ''
  const template = `casefile_template_${process.pid}`
  const admin = new pg.Client(adminUrl)
  await admin.connect()
  // Nothing of it is to outlive a power cut. Embedded servers that tests start are as durable as a user's.
  if (embedded) await admin.query('ALTER ROLE CURRENT_USER SET synchronous_commit = off')
  await admin.query(`CREATE DATABASE ${template}`)
  const url = new URL(adminUrl)
  url.pathname = template
  await migrate(url.href)
  await admin.query(`CREATE DATABASE ${template}_empty TEMPLATE ${template}`)
  const database = openDatabase({
    url: url.href,
    poolSize: 1,
    statementTimeoutMs: 0,
    onConnectionLost: () => undefined,
  })
  await seedAll(database, () => undefined)
  await database.close()
  project.provide('adminUrl', adminUrl)
  project.provide('template', template)
  return async () => {
    // That of our own goes with its folder.
    if (!embedded) await dropAll(admin, template)
    await admin.end()
    await embedded?.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The template, and every copy that a test has left. */
async function dropAll(admin: pg.Client, template: string): Promise<void> {
  const { rows } = await admin.query<{ name: string }>(
    'SELECT datname AS name FROM pg_database WHERE starts_with(datname, $1)',
    [template],
  )
  for (const { name } of rows) await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)
}
