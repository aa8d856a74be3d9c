import { Readable } from 'node:stream'
import { to as copyTo } from 'pg-copy-streams'
import Cursor from 'pg-cursor'
import { object, permitMembers } from '../yardsticks/fragments.ts'
import type { Way, Workload } from './workload.ts'

const statement = `
  SELECT ${object(permitMembers)}::text AS document FROM record r JOIN permit p ON p.id = r.id
  LEFT JOIN event_effect w ON w.permit_id = p.id AND w.becomes = 'issued' LEFT JOIN event i ON i.id = w.event_id
  WHERE r.kind = 'permit' AND r.state = 'live' ORDER BY COALESCE(p.issued_earliest, '-infinity'::date) DESC, p.id DESC`
const batch = 500

const stream: Way = async ({ pool }) => {
  const client = await pool.connect()
  const cursor = client.query(new Cursor<{ document: string }>(statement))
  async function* lines() {
    try {
      for (;;) {
        const rows = await cursor.read(batch)
        if (rows.length > 0) yield `${rows.map(({ document }) => document).join('\n')}\n`
        if (rows.length < batch) return
      }
    } finally {
      await cursor.close()
      client.release()
    }
  }
  return Readable.from(lines())
}

/** PostgreSQL's own way to give all of it: no reading of rows, no snapshot to keep, nothing but bytes handed on. */
const copy: Way = async ({ pool }) => {
  const client = await pool.connect()
  const copying = client.query(copyTo(`COPY (${statement}) TO STDOUT`))
  copying.once('close', () => client.release())
  return copying
}

export const exportAll: Workload = {
  name: 'export',
  what: 'all permits as NDJSON, by hand with a cursor',
  goal: 0.75,
  stream: { amount: 1 },
  requests: async () => [{ path: '/v1/permits?format=ndjson' }],
  yardstick: { route: '/v1/permits', ways: { json: stream } },
}

/** Of an export of any size: the least share of COPY, and what the server may need for it. */
const big = {
  goal: 0.4,
  stream: { amount: 1, firstByteMsMost: 100, overIdleMbMost: 100 },
} as const

export const exportNdjson: Workload = {
  ...{ name: 'export-ndjson', what: 'all permits as NDJSON, beside COPY', ...big },
  requests: async () => [{ path: '/v1/permits?format=ndjson' }],
  yardstick: { route: '/v1/permits', ways: { copy } },
}

export const exportCsv: Workload = {
  ...{ name: 'export-csv', what: 'all permits as CSV, beside COPY of JSON', ...big },
  requests: async () => [{ path: '/v1/permits?format=csv' }],
  yardstick: { route: '/v1/permits', ways: { copy } },
}
