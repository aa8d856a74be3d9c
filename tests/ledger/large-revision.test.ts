import { expect, test } from 'vitest'
import { verifyAll } from '../../src/answers/verification/verify-all.ts'
import { useApp } from '../harness/app.ts'
import { buildCase, storeRecords } from '../harness/record-builders.ts'

const t = useApp()

test('a write of many records is one revision in a valid chain', async () => {
  const before = (await t.head.queryHead()).revision
  await storeRecords(t.database, ...Array.from({ length: 1_001 }, () => buildCase()))
  const { rows } = await t.database.pool.query(
    'SELECT number, (SELECT count(*)::int FROM ledger_document WHERE revision = number) AS documents FROM revision WHERE number > $1',
    [before],
  )
  expect(rows).toEqual([{ number: String(before + 1), documents: 1_001 }])
  expect(await verifyAll(t.database)).toMatchObject({ revisions: before + 1 })
})
