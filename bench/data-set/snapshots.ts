import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { openDatabase } from '../../src/database/database.ts'
import { sha256 } from '../../src/evidence/sha256.ts'
import { formatCanonicalJson } from '../../src/ledger/canonical-json.ts'
import { kinds } from '../../src/records/kinds/all-kinds.ts'
import { readWireRecords } from '../../src/records/model/list-queries.ts'
import type { Kind } from '../../src/records/model/schema.ts'
import { wireToSnapshot } from '../../src/records/model/snapshots.ts'
import { formatCopyValue } from './copy-format.ts'

const recordBatchSize = 250
/** One reads while another writes. */
const workerCount = 2

/** The documents that the ledger would have of all records, had they been written one by one. */
export async function insertSnapshots(url: string, log: (line: string) => void): Promise<void> {
  const database = openDatabase({
    url,
    poolSize: workerCount,
    statementTimeoutMs: 0,
    onConnectionLost: (error) => log(String(error)),
  })
  try {
    const { rows } = await database.pool.query<{ id: string; kind: Kind }>(
      'SELECT id, kind FROM record ORDER BY kind, id',
    )
    const batches = [...Map.groupBy(rows, ({ kind }) => kind)].flatMap(([kind, all]) =>
      Array.from({ length: Math.ceil(all.length / recordBatchSize) }, (_, index) => ({
        kind,
        ids: all.slice(index * recordBatchSize, (index + 1) * recordBatchSize).map(({ id }) => id),
      })),
    )
    const pendingBatches = batches.values()
    const work = async (client: pg.Client) => {
      for (const { kind, ids } of pendingBatches) {
        const { from, members } = kinds[kind].singleQuery
        const wires = await readWireRecords(database.db, kind, from, members, ids)
        const lines = [...wires].map(([id, wire]) => formatSnapshotLine(kind, id, wire))
        const copyStream = copyFrom(
          'COPY ledger_document (record_id, revision, change, document, hash) FROM STDIN',
        )
        await pipeline(Readable.from([lines.join('')]), client.query(copyStream))
      }
    }
    await Promise.all(
      Array.from({ length: workerCount }, async () => {
        const client = new pg.Client(url)
        await client.connect()
        try {
          // The foreign keys hold: these rows are made of the records themselves.
          await client.query('SET synchronous_commit = off; SET session_replication_role = replica')
          await work(client)
        } finally {
          await client.end()
        }
      }),
    )
  } finally {
    await database.close()
  }
}

function formatSnapshotLine(kind: Kind, id: string, wire: Record<string, unknown>): string {
  const snapshot = formatCanonicalJson(wireToSnapshot(kinds[kind].recordSchema, wire))
  const values = [id, Number(wire.revision), 'create', snapshot, sha256(snapshot)]
  return `${values.map(formatCopyValue).join('\t')}\n`
}
