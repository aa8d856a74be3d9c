import { Readable } from 'node:stream'
import Cursor from 'pg-cursor'
import { object, permitMembers } from '../yardsticks/fragments.ts'
import type { Way, Workload } from './workload.ts'

const statement = `
  SELECT ${object(permitMembers)}::text AS document FROM record r JOIN permit p ON p.id = r.id
  LEFT JOIN event_effect w ON w.permit_id = p.id AND w.becomes = 'issued' LEFT JOIN event i ON i.id = w.event_id
  WHERE r.kind = 'permit' AND r.state = 'live' ORDER BY r.slug COLLATE "C", r.id`
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

export const exportAll: Workload = {
  name: 'export',
  what: 'all permits as NDJSON',
  goal: 0.75,
  stream: { amount: 1 },
  requests: async () => [{ path: '/v1/permits?format=ndjson' }],
  yardstick: { route: '/v1/permits', ways: { json: stream } },
}
