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
  /** Log lines as objects; with `LOG_LEVEL` among the settings. */
  logLines: Record<string, unknown>[]
  /** HTTP against the server; every answer is held against the schema of its route. */
  api: ReturnType<typeof supertest>
}

/**
 * One server on a copy of the seeded database, or of one without any record, for the calling test file; closed when the
 * file ends.
 */
export function useApp(
  settings: Partial<Config> = {},
  records: 'seeded' | 'empty' = 'seeded',
): TestApp {
  const running = { logLines: [] as Record<string, unknown>[] } as TestApp
  const name = `${inject('template')}_${randomUUID().replaceAll('-', '')}`
  const admin = new pg.Client(inject('adminUrl'))

  beforeAll(async () => {
    await admin.connect()
    await admin.query(
      `CREATE DATABASE ${name} TEMPLATE ${inject('template')}${records === 'empty' ? '_empty' : ''} STRATEGY ${inject('strategy')}`,
    )
    const url = new URL(inject('adminUrl'))
    url.pathname = name
    running.url = url.href
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
    running.database = openDatabase({
      url: url.href,
      poolSize: config.POOL_SIZE,
      statementTimeoutMs: config.STATEMENT_TIMEOUT_MS,
      exportLimits: {
        maxConcurrent: config.MAX_CONCURRENT_EXPORTS,
        maxPerClient: config.MAX_EXPORTS_PER_CLIENT,
      },
      onConnectionLost: () => undefined,
    })
    running.head = trackHead(url.href, running.database.db)
    running.app = await buildApp({
      config,
      database: running.database,
      head: running.head,
      log: pino(
        { level: settings.LOG_LEVEL ?? 'silent' },
        { write: (line: string) => void running.logLines.push(JSON.parse(line)) },
      ),
    })
    validateResponses(running.app)
    await running.app.ready()
    running.api = supertest(running.app.server)
  })
  afterAll(async () => {
    await running.app.close()
    await running.head.close()
    await running.database.close()
    // The database itself goes with all others in the end: to drop one, PostgreSQL first writes out what is in memory of all.
    await admin.end()
  })
  return running
}
