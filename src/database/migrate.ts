import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MigrationList } from '@prisma/schema-engine-wasm'
import pg from 'pg'
import { FatalError } from '../fatal-error.ts'
import { connectSession, createSessionPool } from './session-settings.ts'

const migrationsFolder = join(import.meta.dirname, '../../prisma/migrations')

/** A role or a database can have time limits of its own, which are meant for requests. */
const migrationSettings = { statement_timeout: 0, lock_timeout: 0 }

/** Keys of advisory locks, unique in this database. */
const migrationLockId = 0x6361_7368
const scriptLockId = 0x6361_7369

/**
 * Whether no migration is pending.
 *
 * @throws {FatalError} when the database was migrated by a newer version
 */
export const isMigrated = async (url: string): Promise<boolean> =>
  findPendingMigrations(await withClient(url, listFinishedMigrations)).length === 0

/**
 * Applies the pending migrations and returns their names, oldest first. Several processes may call it at the same time: an
 * advisory lock lets one work while the others wait. A migration that was interrupted, by `kill -9` or a power cut, is rolled
 * back, and the next call applies it.
 *
 * @param wanted names of the first migrations; all by default
 * @throws {FatalError} when the database was migrated by a newer version
 */
export async function migrate(
  url: string,
  wanted: readonly string[] = listMigrationNames(),
): Promise<string[]> {
  rejectUnknownMigrations(wanted)
  return await withClient(url, async (lock) => {
    await lock.query('SELECT pg_advisory_lock($1)', [migrationLockId])
    const pending = findPendingMigrations(await listFinishedMigrations(lock))
    if (!pending.some((name) => wanted.includes(name))) return []
    await clearUnfinishedMigrations(lock)
    return await withSchemaEngine(url, async (engine, filters) => {
      const { appliedMigrationNames } = await engine.applyMigrations({
        migrationsList: buildMigrationList(wanted),
        filters,
      })
      return appliedMigrationNames
    })
  })
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url)
  client.on('error', () => undefined)
  await connectSession(client, migrationSettings)
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function hasMigrationsTable(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query(`SELECT to_regclass('_prisma_migrations') AS found`)
  return rows[0].found !== null
}

async function listFinishedMigrations(client: pg.Client): Promise<string[]> {
  if (!(await hasMigrationsTable(client))) return []
  const { rows } = await client.query<{ name: string }>(
    `SELECT migration_name AS name FROM _prisma_migrations
      WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
  )
  return rows.map(({ name }) => name)
}

/** A script and its `finished_at` are one transaction (`wrapMigrationScript`): unfinished means not applied. */
async function clearUnfinishedMigrations(client: pg.Client): Promise<void> {
  if (!(await hasMigrationsTable(client))) return
  // PostgreSQL may still run the script of a dead process. The lock waits for it.
  await client.query(`
    BEGIN;
    SELECT pg_advisory_xact_lock(${scriptLockId});
    UPDATE _prisma_migrations
    SET rolled_back_at = now()
    WHERE finished_at IS NULL AND rolled_back_at IS NULL;
    COMMIT`)
}

const wrapMigrationScript = (script: string): string => `
  SELECT pg_advisory_xact_lock(${scriptLockId});
  ${script};
  UPDATE _prisma_migrations
  SET finished_at = now()
  WHERE finished_at IS NULL AND rolled_back_at IS NULL`

/** @throws {FatalError} when a newer version has migrated this database */
function findPendingMigrations(applied: readonly string[]): string[] {
  rejectUnknownMigrations(applied)
  return listMigrationNames().filter((name) => !applied.includes(name))
}

/** @throws {FatalError} when a migration is of a newer version */
function rejectUnknownMigrations(names: readonly string[]): void {
  const known = listMigrationNames()
  const unknown = names.find((name) => !known.includes(name))
  if (unknown)
    throw new FatalError(
      `This database is of a newer version of Casefile (migration ${unknown} is unknown). Update Casefile, or set DATABASE_URL to another database.`,
    )
}

const listMigrationNames = (): string[] =>
  readdirSync(migrationsFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()

const buildMigrationList = (names: readonly string[]): MigrationList => ({
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

/** Prisma's engine in WebAssembly is large, so it is loaded only to migrate. */
export const loadSchemaEngine = () =>
  Promise.all([
    import('@prisma/schema-engine-wasm'),
    import('@prisma/driver-adapter-utils'),
    import('@prisma/adapter-pg'),
  ])

async function withSchemaEngine<T>(
  url: string,
  work: (
    engine: import('@prisma/schema-engine-wasm').SchemaEngine,
    filters: { externalTables: string[]; externalEnums: string[] },
  ) => Promise<T>,
): Promise<T> {
  const [{ SchemaEngine }, { bindMigrationAwareSqlAdapterFactory }, { PrismaPg }] =
    await loadSchemaEngine()
  const pool = createSessionPool(
    { connectionString: url, max: 2 },
    // Safe: after a power cut the next start repeats the migration, and later commits reach the disk only after earlier ones.
    { ...migrationSettings, synchronous_commit: 'off' },
  )
  pool.on('error', () => undefined)
  const factory = new PrismaPg(pool)
  const connect = factory.connect.bind(factory)
  // The adapter would split a script at every semicolon, even in comments and function bodies. Sent as a whole it is also one
  // implicit transaction, together with its `finished_at`.
  factory.connect = async () => {
    const adapter = await connect()
    adapter.executeScript = async (script) => void (await pool.query(wrapMigrationScript(script)))
    return adapter
  }
  const engine = await SchemaEngine.new(
    { datamodels: undefined },
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
