import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, inject } from 'vitest'

const names: string[] = []

/** A copy of the seeded database for programs to run on; gone when the tests of the file have ended. */
export async function copyOfSeeded(): Promise<string> {
  const name = `casefile_${randomUUID().replaceAll('-', '')}`
  names.push(name)
  await query(inject('adminUrl'), `CREATE DATABASE ${name} TEMPLATE ${inject('template')}`)
  return urlOf(name)
}

export async function emptyDatabase(options = ''): Promise<string> {
  const name = `casefile_${randomUUID().replaceAll('-', '')}`
  names.push(name)
  await query(inject('adminUrl'), `CREATE DATABASE ${name} ${options}`)
  return urlOf(name)
}

afterAll(async () => {
  for (const name of names.splice(0))
    await query(inject('adminUrl'), `DROP DATABASE ${name} WITH (FORCE)`)
})

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
