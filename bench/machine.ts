import { cpus, totalmem } from 'node:os'
import pg from 'pg'

/** The machine of the measurement. */
export type Machine = {
  date: string
  processors: number
  model: string
  memoryGb: number
  node: string
  postgres: string
}

export async function describeMachine(databaseUrl: string): Promise<Machine> {
  const client = new pg.Client(databaseUrl)
  await client.connect()
  try {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version')
    return {
      date: new Date().toISOString().slice(0, 10),
      processors: cpus().length,
      model: cpus()[0]?.model.trim() ?? 'unknown',
      memoryGb: Math.round(totalmem() / 2 ** 30),
      node: process.versions.node,
      postgres: rows[0]?.server_version ?? 'unknown',
    }
  } finally {
    await client.end()
  }
}
