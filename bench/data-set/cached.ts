import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { openEmbedded } from '../../src/database/embedded.ts'
import { atEnd } from '../closing.ts'
import { loadDataSet } from './load.ts'

const prefix = 'casefile_bench'

/** Where data sets, results and profiles are kept. */
export const benchFolder = join(import.meta.dirname, '../../.bench')

/** URL of a database on the server where data sets are kept: the one of DATABASE_URL, or an embedded one. */
async function openServer(log: (line: string) => void): Promise<string> {
  const { DATABASE_URL } = process.env
  if (DATABASE_URL) return DATABASE_URL
  const embedded = await openEmbedded({ dataDir: benchFolder, purpose: 'command', log })
  atEnd(embedded.close)
  return embedded.url
}

/** Changes whenever the schema or the generator does. */
function fingerprint(): string {
  const hash = createHash('sha256')
  const migrations = join(import.meta.dirname, '../../prisma/migrations')
  for (const folder of [import.meta.dirname, migrations])
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort())
      if (/\.(ts|sql)$/.test(file)) hash.update(readFileSync(join(folder, file)))
  return hash.digest('hex').slice(0, 10)
}

/**
 * The URL of a database with so many permits, made now unless an earlier run has. Those of the same size that the
 * schema or the generator has left behind are dropped. The user of DATABASE_URL must be one who may create databases.
 */
export async function cachedDataSet(permits: number, log: (line: string) => void): Promise<string> {
  const server = await openServer(log)
  const name = `${prefix}_${permits}_${fingerprint()}`
  const draft = `${name}_draft`
  const admin = new pg.Client(server)
  await admin.connect()
  try {
    // Two runs at once would build it twice.
    await admin.query('SELECT pg_advisory_lock(hashtext($1))', [prefix])
    const { rows } = await admin.query<{ datname: string }>(
      `SELECT datname FROM pg_database WHERE datname ~ $1 ORDER BY datname`,
      [`^${prefix}_${permits}_[0-9a-f]{10}(_draft)?$`],
    )
    const found = rows.map(({ datname }) => datname)
    for (const old of found.filter((one) => one !== name)) {
      log(`dropping ${old}`)
      await admin.query(`DROP DATABASE ${old}`).catch((error) => log(String(error)))
    }
    if (!found.includes(name)) {
      log(`building a data set of ${permits} permits: once, in the database ${name}`)
      const started = performance.now()
      await admin.query(`CREATE DATABASE ${draft} TEMPLATE template0 ENCODING 'UTF8'`)
      await loadDataSet(databaseUrl(server, draft), permits, log)
      await admin.query(`ALTER DATABASE ${draft} RENAME TO ${name}`)
      await admin.query('CHECKPOINT').catch(() => log('no right to CHECKPOINT: figures may vary'))
      log(`built in ${((performance.now() - started) / 1_000).toFixed(1)} s`)
    }
  } finally {
    await admin.end()
  }
  return databaseUrl(server, name)
}

function databaseUrl(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = name
  return url.href
}
