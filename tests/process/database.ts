import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'

/** A copy of the seeded database for programs to run on; gone when all tests have ended. */
export const copyOfSeeded = (): Promise<string> => copyOf(inject('template'))

/** One that is migrated and has no record. */
export const copyOfEmpty = (): Promise<string> => copyOf(`${inject('template')}_empty`)

const copyOf = (template: string): Promise<string> =>
  newDatabase(`TEMPLATE ${template} STRATEGY ${inject('strategy')}`)

/** One in which there is nothing at all. */
export async function newDatabase(options = ''): Promise<string> {
  const name = newName()
  await query(inject('adminUrl'), `CREATE DATABASE ${name} ${options}`)
  return urlOf(name)
}

/** Begins as the global set-up knows what to drop. */
const newName = (): string => `${inject('template')}_${randomUUID().replaceAll('-', '')}`

function urlOf(name: string): string {
  const url = new URL(inject('adminUrl'))
  url.pathname = name
  return url.href
}

export async function query<Row extends pg.QueryResultRow>(
  url: string,
  text: string,
): Promise<Row[]> {
  const client = await connect(url)
  const { rows } = await client.query<Row>(text)
  await client.end()
  return rows
}

/** For what lasts longer than a query: a lock, or watching. */
export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client(url)
  client.on('error', () => undefined)
  await client.connect()
  return client
}
