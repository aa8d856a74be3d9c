import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MigrationList } from '@prisma/schema-engine-wasm'
import pg from 'pg'
import { CannotStart } from '../cannot-start.ts'

const migrationsFolder = join(import.meta.dirname, '../../prisma/migrations')
const schemaFile = join(import.meta.dirname, '../../prisma/schema.prisma')

/** Any number that no other program uses for an advisory lock on this database. */
const migrationLock = 0x6361_7365

/**
 * Brings the database to the newest migration and says which ones it applied, oldest first. Several processes may
 * call it at once: an advisory lock lets one work while the others wait. When nothing is pending it is one query;
 * Prisma's schema engine (WebAssembly) is loaded only to apply something.
 *
 * @throws {CannotStart} when the database was migrated by a newer version, or a migration failed half-way
 */
export async function migrate(url: string): Promise<string[]> {
  const known = migrationNames()
  if (pending(known, await appliedMigrations(url)).length === 0) return []
  const lock = new pg.Client(url)
  await lock.connect()
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [migrationLock])
    if (pending(known, await appliedMigrations(url)).length === 0) return []
    return await withSchemaEngine(url, async (engine, filters) => {
      const { appliedMigrationNames } = await engine.applyMigrations({
        migrationsList: migrationList(known),
        filters,
      })
      return appliedMigrationNames
    })
  } finally {
    await lock.end()
  }
}

type Applied = { name: string; finished: boolean }

async function appliedMigrations(url: string): Promise<Applied[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    const table = await client.query(`SELECT to_regclass('_prisma_migrations') AS found`)
    if (table.rows[0].found === null) return []
    const { rows } = await client.query<Applied>(
      `SELECT migration_name AS name, finished_at IS NOT NULL AS finished
         FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
    )
    return rows
  } finally {
    await client.end()
  }
}

function pending(known: readonly string[], applied: readonly Applied[]): string[] {
  const failed = applied.find((migration) => !migration.finished)
  if (failed)
    throw new CannotStart(
      `Migration ${failed.name} failed half-way on this database. Restore a backup, or repair it and delete its row in _prisma_migrations.`,
    )
  const unknown = applied.find((migration) => !known.includes(migration.name))
  if (unknown)
    throw new CannotStart(
      `This database is of a newer version of Casefile (migration ${unknown.name} is unknown here). Update Casefile, or name another database in DATABASE_URL.`,
    )
  const done = new Set(applied.map((migration) => migration.name))
  return known.filter((name) => !done.has(name))
}

const migrationNames = (): string[] =>
  readdirSync(migrationsFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()

const migrationList = (names: readonly string[]): MigrationList => ({
  baseDir: migrationsFolder,
  lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
  shadowDbInitScript: '',
  migrationDirectories: names.map((name) => ({
    path: name,
    migrationFile: {
      path: 'migration.sql',
      content: {
        tag: 'ok',
        value: readFileSync(join(migrationsFolder, name, 'migration.sql'), 'utf8'),
      },
    },
  })),
})

async function withSchemaEngine<T>(
  url: string,
  work: (
    engine: import('@prisma/schema-engine-wasm').SchemaEngine,
    filters: { externalTables: string[]; externalEnums: string[] },
  ) => Promise<T>,
): Promise<T> {
  const [{ SchemaEngine }, { bindMigrationAwareSqlAdapterFactory }, { PrismaPg }] =
    await Promise.all([
      import('@prisma/schema-engine-wasm'),
      import('@prisma/driver-adapter-utils'),
      import('@prisma/adapter-pg'),
    ])
  const pool = new pg.Pool({ connectionString: url, max: 2 })
  const factory = new PrismaPg(pool)
  const connect = factory.connect.bind(factory)
  // The adapter would cut a script at every semicolon, also within comments and function bodies. Sent whole, it is
  // one implicit transaction as well: a migration happens or it does not.
  factory.connect = async () => {
    const adapter = await connect()
    adapter.executeScript = async (script) => void (await pool.query(script))
    return adapter
  }
  const engine = await SchemaEngine.new(
    { datamodels: [[schemaFile, readFileSync(schemaFile, 'utf8')]] },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(factory),
  )
  try {
    return await work(engine, { externalTables: [], externalEnums: [] })
  } finally {
    engine.free()
    await pool.end()
  }
}
