import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Db } from '../../src/database/database.ts'
import { prepareStatement } from '../../src/database/prepared-statements.ts'
import {
  joinLedgerSnapshot,
  readRecordsFromLedger,
  type SelectedRecordRow,
  snapshotColumns,
} from '../../src/records/read/records-from-ledger.ts'
import { commit } from '../../src/records/write/commit.ts'
import { correctRecord } from '../../src/records/write/correct.ts'
import { useApp } from '../harness/app.ts'

const t = useApp({ CACHE_MB: 0 })
const paths = [
  '/v1/timeline',
  '/v1/findings',
  '/v1/timeline?actor=baykar',
  '/v1/network?actor=turkey&depth=3',
  '/v1/network/paths?from=azerbaijan&to=l3harris-wescam',
]

/** Every event, permit and measure. */
const choose = async (db: Db): Promise<SelectedRecordRow[]> => {
  const query = sql<SelectedRecordRow>`SELECT ${snapshotColumns} FROM record ${joinLedgerSnapshot}
    WHERE record.state = 'live' AND record.kind IN ('event', 'permit', 'measure') ORDER BY record.id`
  return (
    await db.executeQuery(
      prepareStatement('standing-test', {}, () => ({ compile: () => query.compile(db) })),
    )
  ).rows
}

const answers = () =>
  Promise.all(paths.map(async (path) => (await t.api.get(path).expect(200)).body))

/** Takes something away from what the ledger keeps, which nobody may: as it would be of a time before it was known. */
async function wear(change: string): Promise<void> {
  const { pool } = t.database
  await pool.query('ALTER TABLE ledger_document DISABLE TRIGGER ledger_document_append_only')
  await pool.query(change)
  await pool.query('ALTER TABLE ledger_document ENABLE TRIGGER ledger_document_append_only')
}

test('records as they stand are what their own routes show', async () => {
  const { rows, wires } = await readRecordsFromLedger(t.database.db, choose)
  expect(rows.length).toBeGreaterThan(10)
  expect([...wires.keys()]).toEqual(rows.map(({ id }) => id))
  for (const wire of wires.values())
    expect((await t.api.get(String(wire.href)).expect(200)).body).toEqual(wire)
})

test('a name that changes between the choice and the names is the new one, beside the new document', async () => {
  const rename = (name: string) =>
    commit(t.database, { name: 'test', keyId: null }, 'update', (session) =>
      correctRecord(
        session,
        { kind: 'actor', ref: 'baykar', patch: { name }, pointer: '' },
        () => {},
      ),
    )
  let chosen = 0
  const names = new Set<string>()
  const { rows, wires } = await readRecordsFromLedger(t.database.db, async (db) => {
    chosen += 1
    const found = await choose(db)
    if (chosen === 1) await rename('Baykar, renamed')
    return found
  })
  for (const name of JSON.stringify([...wires.values()]).match(/"Baykar[^"]*"/g) ?? [])
    names.add(name)
  expect([chosen, names.has('"Baykar, renamed"'), names.has('"Baykar"')]).toEqual([2, true, false])
  const { body } = await t.api.get('/v1/ledger/head')
  expect(new Set(rows.map(({ newest }) => newest))).toEqual(new Set([String(body.revision)]))
  await rename('Baykar')
})

describe('a document of a time before the program knew all of it', () => {
  let before: unknown[]
  beforeAll(async () => {
    before = await answers()
  })

  test('that lacks a member is not shown without it: the record is put together', async () => {
    await wear(
      `UPDATE ledger_document SET document = (document::jsonb - 'goods' - 'history')::text`,
    )
    expect(await answers()).toEqual(before)
  })

  test('nor one that lacks a member of a citation, or that is not there at all', async () => {
    await wear(`UPDATE ledger_document SET document = replace(document, '"confidence":null,', '')`)
    expect(await answers()).toEqual(before)
    await wear('DELETE FROM ledger_document')
    expect(await answers()).toEqual(before)
  })
})
