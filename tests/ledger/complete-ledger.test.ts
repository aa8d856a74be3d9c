import { expect, test } from 'vitest'
import { verifyAll } from '../../src/answers/verification/verify-all.ts'
import { completeLedger } from '../../src/records/write/complete-ledger.ts'
import { useApp } from '../harness/app.ts'

const t = useApp({ CACHE_MB: 0 })

test('what an older version left out of the ledger is written once, and then everything holds', async () => {
  await t.database.pool.query(`
    INSERT INTO record (id, kind, slug, name, revision)
    VALUES ('019b0000-0000-7000-8000-000000000001', 'place', 'old-harbour', 'Old Harbour', 1);
    INSERT INTO place (id, source) VALUES ('019b0000-0000-7000-8000-000000000001', 'a map')`)
  await expect(verifyAll(t.database)).rejects.toThrow(
    'The place old-harbour has no snapshot in the ledger.',
  )
  await t.database.pool.query(
    `UPDATE permit SET register = 'old', register_key = id::text WHERE id = (SELECT id FROM permit LIMIT 1)`,
  )
  expect(await completeLedger(t.database)).toBe(2)
  const { revisions } = await verifyAll(t.database)
  expect(await completeLedger(t.database)).toBe(0)
  expect(await verifyAll(t.database)).toMatchObject({ revisions })
})
