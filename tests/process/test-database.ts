import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'

/** A copy of the seeded database for programs to run on; gone when all tests have ended. */
export const copySeededDatabase = (): Promise<string> => copyTemplate(inject('template'))

/** One that is migrated and has no record. */
export const copyEmptyDatabase = (): Promise<string> => copyTemplate(`${inject('template')}_empty`)

const copyTemplate = (template: string): Promise<string> =>
  createDatabase(`TEMPLATE ${template} STRATEGY ${inject('strategy')}`)

/** One in which there is nothing at all. */
export async function createDatabase(options = ''): Promise<string> {
  const name = generateDatabaseName()
  await runQuery(inject('adminUrl'), `CREATE DATABASE ${name} ${options}`)
  return buildDatabaseUrl(name)
}

/** Begins as the global set-up knows what to drop. */
const generateDatabaseName = (): string =>
  `${inject('template')}_${randomUUID().replaceAll('-', '')}`

function buildDatabaseUrl(name: string): string {
  const url = new URL(inject('adminUrl'))
  url.pathname = name
  return url.href
}

export async function runQuery<Row extends pg.QueryResultRow>(
  url: string,
  text: string,
): Promise<Row[]> {
  const client = await connectClient(url)
  const { rows } = await client.query<Row>(text)
  await client.end()
  return rows
}

/** For what lasts longer than a query: a lock, or watching. */
export async function connectClient(url: string): Promise<pg.Client> {
  const client = new pg.Client(url)
  client.on('error', () => undefined)
  await client.connect()
  return client
}
