import { Readable } from 'node:stream'
import { to as copyTo } from 'pg-copy-streams'
import Cursor from 'pg-cursor'
import { objectSql, permitColumnsSql } from '../yardsticks/sql-fragments.ts'
import type { Workload, YardstickHandler } from './workload.ts'

const statement = `
  SELECT ${objectSql(permitColumnsSql)}::text AS document FROM record r JOIN permit p ON p.id = r.id
  LEFT JOIN event_effect w ON w.permit_id = p.id AND w.becomes = 'issued' LEFT JOIN event i ON i.id = w.event_id
  WHERE r.kind = 'permit' AND r.state = 'live' ORDER BY COALESCE(p.issued_earliest, '-infinity'::date) DESC, p.id DESC`
const batchSize = 500

const streamRows: YardstickHandler = async ({ pool }) => {
  const client = await pool.connect()
  const cursor = client.query(new Cursor<{ document: string }>(statement))
  async function* lines() {
    try {
      for (;;) {
        const rows = await cursor.read(batchSize)
        if (rows.length > 0) yield `${rows.map(({ document }) => document).join('\n')}\n`
        if (rows.length < batchSize) return
      }
    } finally {
      await cursor.close()
      client.release()
    }
  }
  return Readable.from(lines())
}

/** PostgreSQL's own way to give all of it: no reading of rows, no snapshot to keep, nothing but bytes handed on. */
const copyRows: YardstickHandler = async ({ pool }) => {
  const client = await pool.connect()
  const copyStream = client.query(copyTo(`COPY (${statement}) TO STDOUT`))
  copyStream.once('close', () => client.release())
  return copyStream
}

export const exportAll: Workload = {
  name: 'export',
  what: 'all permits as NDJSON, by hand with a cursor',
  goal: 0.75,
  stream: { amount: 1 },
  requests: async () => [{ path: '/v1/permits?format=ndjson' }],
  yardstick: { route: '/v1/permits', ways: { json: streamRows } },
}

/** Of an export of any size: the least share of COPY, and what the server may need for it. */
const bigExport = {
  goal: 0.4,
  stream: { amount: 1, firstByteMsMost: 100, overIdleMbMost: 100 },
} as const

export const exportNdjson: Workload = {
  name: 'export-ndjson',
  what: 'all permits as NDJSON, beside COPY',
  ...bigExport,
  requests: async () => [{ path: '/v1/permits?format=ndjson' }],
  yardstick: { route: '/v1/permits', ways: { copy: copyRows } },
}

export const exportCsv: Workload = {
  name: 'export-csv',
  what: 'all permits as CSV, beside COPY of JSON',
  ...bigExport,
  requests: async () => [{ path: '/v1/permits?format=csv' }],
  yardstick: { route: '/v1/permits', ways: { copy: copyRows } },
}
