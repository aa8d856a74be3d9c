import pg from 'pg'
import { noTimeout } from '../../database/database.ts'
import { connectSession } from '../../database/session-settings.ts'
import { lockLedgerForCopy } from '../../ledger/ledger-writer.ts'

/** Records per transaction: others can write in between. */
const indexBatchSize = 1_000
/** PostgreSQL plans with the statistics of its last ANALYZE, which runs again at these numbers of indexed records. */
const analyseThresholds = [4_000, 32_000, 256_000]

/**
 * Indexes the records of imports for search. Safe to interrupt and to run twice.
 *
 * @returns how many records were indexed
 */
export async function indexBacklog(
  url: string,
  onIndexed: (records: number) => void = () => undefined,
): Promise<number> {
  const client = new pg.Client({
    connectionString: url,
    application_name: `casefile index ${process.pid}`,
  })
  client.on('error', () => undefined)
  await connectSession(client, noTimeout)
  let indexed = 0
  try {
    for (;;) {
      const { rows } = await client.query<{ revision: string }>(
        'SELECT revision FROM search_backlog ORDER BY revision LIMIT 1',
      )
      const revision = rows[0]?.revision
      if (revision === undefined) return indexed
      for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
        const { rows: ids } = await client.query<{ id: string }>(
          `SELECT record_id AS id FROM ledger_document WHERE revision = $1 AND record_id > $2
            ORDER BY record_id LIMIT ${indexBatchSize}`,
          [revision, after],
        )
        const last = ids.at(-1)
        if (last === undefined) break
        after = last.id
        await client.query('BEGIN')
        await lockLedgerForCopy(client)
        await client.query('SELECT refresh_search($1)', [ids.map(({ id }) => id)])
        await client.query('COMMIT')
        if (analyseThresholds.some((at) => indexed < at && at <= indexed + ids.length))
          await client.query('ANALYZE search_document, search_name')
        indexed += ids.length
        onIndexed(indexed)
      }
      await client.query('DELETE FROM search_backlog WHERE revision = $1', [revision])
    }
  } finally {
    await client.end()
  }
}
