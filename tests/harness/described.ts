import pino from 'pino'
import { buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { openDatabase } from '../../src/database/database.ts'
import type { Head } from '../../src/ledger/head.ts'

type Operation = { responses: Record<string, unknown>; summary?: string }
export type Described = { method: string; path: string; statuses: number[] }

/**
 * Every route as the OpenAPI document describes it, known before any test runs: the server is built and never asked, so
 * it needs no database.
 */
export async function describedRoutes(): Promise<Described[]> {
  const url = 'postgres://nobody@127.0.0.1:1/none'
  const database = openDatabase({
    ...{ url, poolSize: 1, statementTimeoutMs: 0 },
    onConnectionLost: () => undefined,
  })
  const head: Head = {
    known: () => 0,
    revision: async () => 0,
    ask: async () => 0,
    announced: () => undefined,
    onMove: () => () => undefined,
    close: async () => undefined,
  }
  const log = pino({ level: 'silent' })
  const app = await buildApp({ config: readConfig({}), database, head, log })
  await app.ready()
  const { paths } = app.swagger() as unknown as { paths: Record<string, Record<string, Operation>> }
  await app.close()
  await database.close()
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { responses }]) => ({
      ...{ method: method.toUpperCase(), path },
      statuses: Object.keys(responses).map(Number),
    })),
  )
}
