import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { openDatabase } from '../../src/database/database.ts'
import { canonical, sha256 } from '../../src/ledger/canonical.ts'
import { kinds } from '../../src/records/kinds/all-kinds.ts'
import { readMany } from '../../src/records/model/list-queries.ts'
import type { Kind } from '../../src/records/model/schema.ts'
import { toDocument } from '../../src/records/model/snapshots.ts'
import { copied } from './copied.ts'

const recordsAtOnce = 250
/** One reads while another writes. */
const lanes = 2

/** The documents that the ledger would have of all records, had they been written one by one. */
export async function keepDocuments(url: string, log: (line: string) => void): Promise<void> {
  const database = openDatabase({
    ...{ url, poolSize: lanes, statementTimeoutMs: 0 },
    onConnectionLost: (error) => log(String(error)),
  })
  try {
    const { rows } = await database.pool.query<{ id: string; kind: Kind }>(
      'SELECT id, kind FROM record ORDER BY kind, id',
    )
    const batches = [...Map.groupBy(rows, ({ kind }) => kind)].flatMap(([kind, all]) =>
      Array.from({ length: Math.ceil(all.length / recordsAtOnce) }, (_, index) => ({
        kind,
        ids: all.slice(index * recordsAtOnce, (index + 1) * recordsAtOnce).map(({ id }) => id),
      })),
    )
    const rest = batches.values()
    const work = async (client: pg.Client) => {
      for (const { kind, ids } of rest) {
        const { from, members } = kinds[kind].single
        const wires = await readMany(database.db, kind, from, members, ids)
        const lines = [...wires].map(([id, wire]) => lineOf(kind, id, wire))
        const into = copyFrom(
          'COPY ledger_document (record_id, revision, change, document, hash) FROM STDIN',
        )
        await pipeline(Readable.from([lines.join('')]), client.query(into))
      }
    }
    await Promise.all(
      Array.from({ length: lanes }, async () => {
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

function lineOf(kind: Kind, id: string, wire: Record<string, unknown>): string {
  const document = canonical(toDocument(kinds[kind].whole, wire))
  const values = [id, Number(wire.revision), 'create', document, sha256(document)]
  return `${values.map(copied).join('\t')}\n`
}
