import pg from 'pg'
import { to } from 'pg-copy-streams'
import { noTimeout } from '../database.ts'
import { connectSession } from '../session-settings.ts'
import type { Frame } from './frames.ts'

export const backupFormat = 'casefile-backup'
export const backupVersion = 1

/** The first frame. */
export type BackupHeader = {
  format: typeof backupFormat
  version: number
  createdAt: string
  /** Migrations of the database, oldest first. The tables have the columns that these create. */
  migrations: string[]
  /** The newest revision; null without one. */
  head: { revision: number; hash: string } | null
}

/** The frame before the rows of a table. */
export type TableHeader = { table: string; columns: string[] }

/** The last frame: without it, the backup is cut off. */
export type BackupEnd = { end: true; rows: Record<string, number> }

/**
 * Reads all tables in one snapshot. Writes go on meanwhile and are not in it.
 *
 * @param url leads to PostgreSQL itself; a standby will do
 */
export async function* dumpTables(
  url: string,
  onTable: (table: string, rows: number) => void,
): AsyncGenerator<Frame> {
  const client = new pg.Client({
    connectionString: url,
    application_name: `casefile backup ${process.pid}`,
  })
  client.on('error', () => undefined)
  await connectSession(client, noTimeout)
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY')
    yield { type: 'json', value: await readHeader(client) }
    const rows: Record<string, number> = {}
    for (const table of await listTables(client)) {
      yield { type: 'json', value: table }
      const copy = client.query(to(`COPY ${formatTable(table)} TO STDOUT`))
      for await (const bytes of copy) yield { type: 'data', bytes: bytes as Uint8Array }
      // The stream ends before PostgreSQL says how many rows it sent: the answer to another statement comes after that.
      await client.query('SELECT')
      rows[table.table] = copy.rowCount
      onTable(table.table, copy.rowCount)
    }
    const end: BackupEnd = { end: true, rows }
    yield { type: 'json', value: end }
  } finally {
    await client.end().catch(() => undefined)
  }
}

export const formatTable = ({ table, columns }: TableHeader): string =>
  `${pg.escapeIdentifier(table)} (${columns.map((name) => pg.escapeIdentifier(name)).join(', ')})`

async function readHeader(client: pg.Client): Promise<BackupHeader> {
  const { rows: migrations } = await client.query<{ name: string }>(`
    SELECT migration_name AS name
    FROM _prisma_migrations
    WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL
    ORDER BY migration_name`)
  const { rows: heads } = await client.query<{ number: string; hash: string }>(
    'SELECT number, hash FROM revision ORDER BY number DESC LIMIT 1',
  )
  const [head] = heads
  return {
    format: backupFormat,
    version: backupVersion,
    createdAt: new Date().toISOString(),
    migrations: migrations.map(({ name }) => name),
    head: head === undefined ? null : { revision: Number(head.number), hash: head.hash },
  }
}

/** The tables of the product with the columns that are stored, not computed. */
async function listTables(client: pg.Client): Promise<TableHeader[]> {
  const { rows } = await client.query<TableHeader>(`
    SELECT
      class.relname AS table,
      array_agg(attribute.attname::text ORDER BY attribute.attnum) AS columns
    FROM pg_class AS class
    JOIN pg_attribute AS attribute ON attribute.attrelid = class.oid
    WHERE class.relnamespace = current_schema()::regnamespace
      AND class.relkind = 'r'
      AND class.relname <> '_prisma_migrations'
      AND attribute.attnum > 0
      AND NOT attribute.attisdropped
      AND attribute.attgenerated = ''
    GROUP BY class.relname
    ORDER BY class.relname`)
  return rows
}
