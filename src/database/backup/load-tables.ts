import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from } from 'pg-copy-streams'
import { noTimeout } from '../database.ts'
import { migrate } from '../migrate.ts'
import { connectSession } from '../session-settings.ts'
import {
  type BackupEnd,
  type BackupHeader,
  backupFormat,
  backupVersion,
  formatTable,
  type TableHeader,
} from './dump-tables.ts'
import { BadBackupError, type Frame } from './frames.ts'

/**
 * Loads a backup into an empty database: all of it or nothing. Migrates the database to the version of the backup first,
 * and afterwards to that of this program.
 *
 * @param url leads to PostgreSQL itself
 * @throws {BadBackupError} when the file is no backup, is of a newer version or cut off
 */
export async function loadTables(
  url: string,
  frames: AsyncGenerator<Frame>,
  onTable: (table: string, rows: number) => void,
): Promise<{ header: BackupHeader; isMigrated: boolean }> {
  const header = parseHeader(await frames.next())
  const client = new pg.Client({
    connectionString: url,
    application_name: `casefile restore ${process.pid}`,
  })
  client.on('error', () => undefined)
  await connectSession(client, noTimeout)
  try {
    await rejectUsedDatabase(client, header)
    await migrate(url, header.migrations)
    await client.query('BEGIN')
    const restoreConstraints = await suspendConstraints(client)
    await loadAll(client, frames, onTable)
    await restoreConstraints()
    await client.query('COMMIT')
    await client.query('ANALYZE')
  } finally {
    await frames.return(undefined)
    await client.end().catch(() => undefined)
  }
  const migrated = await migrate(url)
  return { header, isMigrated: migrated.length > 0 }
}

function parseHeader({ value: frame }: IteratorResult<Frame>): BackupHeader {
  const header = frame?.type === 'json' ? (frame.value as Partial<BackupHeader>) : {}
  if (header.format !== backupFormat) throw new BadBackupError('it is no backup of Casefile')
  if (header.version !== backupVersion)
    throw new BadBackupError('it is of a newer version of Casefile: update Casefile')
  return header as BackupHeader
}

/** A restore that failed leaves empty tables of the same version, which the next one may use. */
async function rejectUsedDatabase(client: pg.Client, { migrations }: BackupHeader): Promise<void> {
  const { rows: tables } = await client.query<{ name: string }>(`
    SELECT relname AS name
    FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')`)
  if (tables.length === 0) return
  const names = new Set(tables.map(({ name }) => name))
  if (names.has('revision') && names.has('access_key') && names.has('_prisma_migrations')) {
    const { rows } = await client.query<{ used: boolean }>(
      `SELECT
         EXISTS (SELECT FROM revision)
         OR EXISTS (SELECT FROM access_key)
         OR EXISTS (SELECT FROM _prisma_migrations WHERE migration_name <> ALL($1)) AS used`,
      [migrations],
    )
    if (rows[0]?.used === false) return
  }
  throw new BadBackupError(
    'the database is not empty: restore into a new database, or another DATA_DIR',
  )
}

/**
 * Drops foreign keys and disables the triggers of the product, because tables come in no particular order and derived
 * tables are in the backup. Returns the function that puts them back and checks all rows.
 */
async function suspendConstraints(client: pg.Client): Promise<() => Promise<void>> {
  const { rows: keys } = await client.query<{ table: string; name: string; definition: string }>(`
    SELECT
      conrelid::regclass::text AS table,
      quote_ident(conname) AS name,
      pg_get_constraintdef(oid) AS definition
    FROM pg_constraint
    WHERE contype = 'f' AND connamespace = current_schema()::regnamespace`)
  const { rows: tables } = await client.query<{ table: string }>(`
    SELECT DISTINCT tgrelid::regclass::text AS table
    FROM pg_trigger
    JOIN pg_class ON pg_class.oid = tgrelid
    WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace`)
  for (const { table, name } of keys)
    await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`)
  for (const { table } of tables) await client.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`)
  return async () => {
    for (const { table, name, definition } of keys)
      await client.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`)
    for (const { table } of tables) await client.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`)
  }
}

async function loadAll(
  client: pg.Client,
  frames: AsyncGenerator<Frame>,
  onTable: (table: string, rows: number) => void,
): Promise<void> {
  const counts: Record<string, number> = {}
  let next = await frames.next()
  while (!next.done) {
    const frame = next.value
    if (frame.type !== 'json') throw new BadBackupError('it is damaged')
    if (isEnd(frame.value)) return checkCounts(frame.value, counts)
    const table = frame.value as TableHeader
    // A migration filled this table already.
    await client.query(`DELETE FROM ${pg.escapeIdentifier(table.table)}`)
    const copy = client.query(from(`COPY ${formatTable(table)} FROM STDIN`))
    await pipeline(Readable.from(takeData(), { objectMode: false }), copy)
    counts[table.table] = copy.rowCount
    onTable(table.table, copy.rowCount)
  }
  throw new BadBackupError('it is cut off')

  /** Yields the rows of a table; `next` is then the frame after them. */
  async function* takeData(): AsyncGenerator<Uint8Array> {
    for (next = await frames.next(); !next.done; next = await frames.next()) {
      if (next.value.type === 'json') return
      yield next.value.bytes
    }
    throw new BadBackupError('it is cut off')
  }
}

const isEnd = (value: unknown): value is BackupEnd =>
  typeof value === 'object' && value !== null && 'end' in value

function checkCounts({ rows }: BackupEnd, counts: Readonly<Record<string, number>>): void {
  for (const [table, count] of Object.entries(rows))
    if (counts[table] !== count)
      throw new BadBackupError(`${table} has ${counts[table] ?? 0} rows instead of ${count}`)
}
