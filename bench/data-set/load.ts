import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { migrate } from '../../src/database/migrate.ts'
import { formatCopyValue } from './copy-format.ts'
import { type GeneratedArticle, putDossier } from './dossier.ts'
import { computePopulation, createEntityCatalog } from './population.ts'
import { insertSnapshots } from './snapshots.ts'
import { type ColumnValue, columns, type DataSetTable, tables } from './tables.ts'

const dossierBatchSize = 250

/**
 * Fills an empty database: migrates it, copies the rows in, then builds indexes and checks foreign keys as the
 * migrations made them, so that the result is what the migrations and many writes would have left.
 */
export async function loadDataSet(
  url: string,
  permits: number,
  log: (line: string) => void,
): Promise<void> {
  await migrate(url)
  const client = new pg.Client(url)
  await client.connect()
  try {
    await client.query(`SET synchronous_commit = off; SET maintenance_work_mem = '256MB'`)
    const restoreStatements = await dropIndexesAndTriggers(client)
    await copyRows(client, permits, log)
    log('building indexes and checking foreign keys')
    const onPermits = restoreStatements.filter((statement) =>
      / ON (public\.)?permit USING /.test(statement),
    )
    const onSearch = restoreStatements.filter((statement) => / (public\.)?search_/.test(statement))
    for (const statement of restoreStatements)
      if (!onPermits.includes(statement) && !onSearch.includes(statement))
        await client.query(statement)
    await recomputeDerived(client)
    for (const statement of onPermits) await client.query(statement)
    log('indexing for search')
    await buildSearchIndex(client)
    for (const statement of onSearch) await client.query(statement)
    await client.query('ANALYZE')
    log('keeping the documents of the ledger')
    await insertSnapshots(url, log)
    await client.query('VACUUM (ANALYZE)')
    await checkDataSet(client, permits)
  } finally {
    await client.end()
  }
}

async function copyRows(client: pg.Client, permits: number, log: (line: string) => void) {
  const size = computePopulation(permits)
  const catalog = createEntityCatalog(size)
  let previous: GeneratedArticle | null = null
  for (let first = 0; first < size.dossiers; first += dossierBatchSize) {
    const lines = new Map<DataSetTable, string[]>(tables.map((table) => [table, []]))
    const writeRow = (table: DataSetTable, values: readonly ColumnValue[]) =>
      void lines.get(table)?.push(`${values.map(formatCopyValue).join('\t')}\n`)
    for (let index = first; index < Math.min(first + dossierBatchSize, size.dossiers); index++)
      previous = putDossier(index, size, catalog, previous, writeRow)
    for (const [table, rows] of lines) {
      const copyStream = copyFrom(`COPY ${table} (${columns[table].join(', ')}) FROM STDIN`)
      await pipeline(Readable.from([rows.join('')]), client.query(copyStream))
    }
    if ((first / dossierBatchSize) % 8 === 7)
      log(`copied ${Math.round((100 * first) / size.dossiers)} % of ${size.permits} permits`)
  }
}

const searchBatchSize = 10_000

/** What the trigger on `revision` would have done. */
async function buildSearchIndex(client: pg.Client): Promise<void> {
  await client.query('ANALYZE')
  const { rows } = await client.query<{ id: string }>('SELECT id FROM record ORDER BY id')
  for (let first = 0; first < rows.length; first += searchBatchSize) {
    const ids = rows.slice(first, first + searchBatchSize).map(({ id }) => id)
    await client.query('SELECT refresh_search($1::uuid[])', [ids])
  }
  await client.query('ALTER TABLE revision ENABLE TRIGGER revision_search')
}

const eventTables = ['event_effect', 'event', 'event_participant', 'event_good', 'event_about']

/** What triggers would have kept row by row, all at once. */
async function recomputeDerived(client: pg.Client): Promise<void> {
  await client.query('ANALYZE event_effect, event, event_good, event_about')
  await client.query('SELECT settle_permits(ARRAY(SELECT id FROM permit))')
  await client.query(
    `SELECT settle_uses(ARRAY(SELECT id FROM event WHERE type IN ('use', 'transfer')))`,
  )
  await client.query('VACUUM (FULL) permit')
  for (const table of eventTables) await client.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`)
}

/** Drops foreign keys and indexes other than primary keys, and silences triggers; gives the statements that bring them back. */
async function dropIndexesAndTriggers(client: pg.Client): Promise<string[]> {
  const foreignKeys = await client.query<{ drop: string; add: string }>(`
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS drop,
      format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS add
    FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace`)
  const indexes = await client.query<{ drop: string; add: string }>(`
    SELECT format('DROP INDEX %s', indexrelid::regclass) AS drop, pg_get_indexdef(indexrelid) AS add
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE relnamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)`)
  for (const table of eventTables) await client.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`)
  await client.query('ALTER TABLE revision DISABLE TRIGGER revision_search')
  const all = [...foreignKeys.rows, ...indexes.rows]
  for (const { drop } of all) await client.query(drop)
  // Indexes first: checking a foreign key may use them.
  return all.map(({ add }) => add).reverse()
}

/** @throws {Error} when the data set is not what it promises to be */
async function checkDataSet(client: pg.Client, permits: number): Promise<void> {
  const size = computePopulation(permits)
  const { rows } = await client.query<
    Record<'permits' | 'events' | 'citations' | 'adrift', string>
  >(`
    SELECT (SELECT count(*) FROM permit) AS permits, (SELECT count(*) FROM event) AS events,
      (SELECT count(*) FROM citation) AS citations,
      (SELECT count(*) FROM (SELECT * FROM citation ORDER BY md5(id::text) LIMIT 2000) AS sample
        JOIN article ON article.id = sample.article_id
        WHERE substr(body, start_at + 1, end_at - start_at) <> quote) AS adrift`)
  const expected = { ...size, adrift: 0 }
  for (const name of ['permits', 'events', 'citations', 'adrift'] as const) {
    const found = Number(rows[0]?.[name])
    if (found !== expected[name])
      throw new Error(`The data set has ${found} ${name} instead of ${expected[name]}.`)
  }
}
