import { randomUUID } from 'node:crypto'
import pg from 'pg'
import pino from 'pino'
import supertest from 'supertest'
import { afterAll, beforeAll, inject } from 'vitest'
import { buildApp } from '../../src/app.ts'
import { type Config, readConfig } from '../../src/config.ts'
import { type Database, openDatabase } from '../../src/database/database.ts'
import { type HeadTracker, trackHead } from '../../src/ledger/head-tracker.ts'
import { validateResponses } from './response-validation.ts'

export type TestApp = {
  app: Awaited<ReturnType<typeof buildApp>>
  database: Database
  head: HeadTracker
  url: string
  /** Log lines as objects. Needs `LOG_LEVEL` among the settings. */
  logLines: Record<string, unknown>[]
  /** HTTP requests to the server. Every response is validated against the schema of its route. */
  api: ReturnType<typeof supertest>
}

/**
 * Starts a server for the calling test file, on a copy of the seeded database or of one without records. Closes it after
 * the last test of the file.
 */
export function useApp(
  settings: Partial<Config> = {},
  records: 'seeded' | 'empty' = 'seeded',
): TestApp {
  const testApp = { logLines: [] as Record<string, unknown>[] } as TestApp
  const name = `${inject('template')}_${randomUUID().replaceAll('-', '')}`
  const admin = new pg.Client(inject('adminUrl'))

  beforeAll(async () => {
    await admin.connect()
    const template = records === 'empty' ? `${inject('template')}_empty` : inject('template')
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY ${inject('strategy')}`)
    const url = new URL(inject('adminUrl'))
    url.pathname = name
    testApp.url = url.href
    const config = {
      ...readConfig({}),
      RATE_LIMIT_PER_MINUTE: 0,
      MAX_CONCURRENT_REQUESTS: 0,
      MAX_CONNECTIONS_PER_CLIENT: 0,
      MAX_BODIES_PER_CLIENT: 0,
      MAX_EXPORTS_PER_CLIENT: 0,
      MAX_STREAMS: 0,
      MAX_STREAMS_PER_CLIENT: 0,
      POOL_SIZE: 4,
      ...settings,
    }
    testApp.database = openDatabase({
      url: url.href,
      poolSize: config.POOL_SIZE,
      statementTimeoutMs: config.STATEMENT_TIMEOUT_MS,
      exportLimits: {
        maxConcurrent: config.MAX_CONCURRENT_EXPORTS,
        maxPerClient: config.MAX_EXPORTS_PER_CLIENT,
      },
      onConnectionLost: () => undefined,
    })
    testApp.head = trackHead(url.href, testApp.database.db)
    testApp.app = await buildApp({
      config,
      database: testApp.database,
      head: testApp.head,
      log: pino(
        { level: settings.LOG_LEVEL ?? 'silent' },
        { write: (line: string) => void testApp.logLines.push(JSON.parse(line)) },
      ),
    })
    validateResponses(testApp.app)
    await testApp.app.ready()
    testApp.api = supertest(testApp.app.server)
  })
  afterAll(async () => {
    await testApp.app.close()
    await testApp.head.close()
    await testApp.database.close()
    // The global teardown drops the database: dropping a single one makes PostgreSQL flush the buffers of all databases.
    await admin.end()
  })
  return testApp
}
