import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { openEmbedded } from '../../src/database/embedded.ts'
import { registerCleanup } from '../cleanup.ts'
import { loadDataSet } from './load.ts'

const databasePrefix = 'casefile_bench'

/** Where data sets, results and profiles are kept. */
export const benchFolder = join(import.meta.dirname, '../../.bench')

/** URL of a database on the server where data sets are kept: the one of DATABASE_URL, or an embedded one. */
async function openDatabaseServer(log: (line: string) => void): Promise<string> {
  const { DATABASE_URL } = process.env
  if (DATABASE_URL) return DATABASE_URL
  const embedded = await openEmbedded({ dataDir: benchFolder, purpose: 'command', log })
  registerCleanup(embedded.close)
  return embedded.url
}

/** Changes whenever the schema or the generator does. */
function computeFingerprint(): string {
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
export async function openDataSet(permits: number, log: (line: string) => void): Promise<string> {
  const server = await openDatabaseServer(log)
  const name = `${databasePrefix}_${permits}_${computeFingerprint()}`
  const draftName = `${name}_draft`
  const admin = new pg.Client(server)
  await admin.connect()
  try {
    // Two runs at once would build it twice.
    await admin.query('SELECT pg_advisory_lock(hashtext($1))', [databasePrefix])
    const { rows } = await admin.query<{ datname: string }>(
      `SELECT datname FROM pg_database WHERE datname ~ $1 ORDER BY datname`,
      [`^${databasePrefix}_${permits}_[0-9a-f]{10}(_draft)?$`],
    )
    const existingNames = rows.map(({ datname }) => datname)
    for (const old of existingNames.filter((one) => one !== name)) {
      log(`dropping ${old}`)
      await admin.query(`DROP DATABASE ${old}`).catch((error) => log(String(error)))
    }
    if (!existingNames.includes(name)) {
      log(`building a data set of ${permits} permits: once, in the database ${name}`)
      const started = performance.now()
      await admin.query(`CREATE DATABASE ${draftName} TEMPLATE template0 ENCODING 'UTF8'`)
      await loadDataSet(buildDatabaseUrl(server, draftName), permits, log)
      await admin.query(`ALTER DATABASE ${draftName} RENAME TO ${name}`)
      await admin.query('CHECKPOINT').catch(() => log('no right to CHECKPOINT: figures may vary'))
      log(`built in ${((performance.now() - started) / 1_000).toFixed(1)} s`)
    }
  } finally {
    await admin.end()
  }
  return buildDatabaseUrl(server, name)
}

function buildDatabaseUrl(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = name
  return url.href
}
