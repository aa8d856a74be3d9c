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

/** Selects every event, permit and measure. */
const selectRecords = async (db: Db): Promise<SelectedRecordRow[]> => {
  const query = sql<SelectedRecordRow>`
    SELECT ${snapshotColumns}
    FROM record ${joinLedgerSnapshot}
    WHERE record.state = 'live' AND record.kind IN ('event', 'permit', 'measure')
    ORDER BY record.id`
  return (
    await db.executeQuery(
      prepareStatement('snapshot-test', {}, () => ({ compile: () => query.compile(db) })),
    )
  ).rows
}

const readResponses = () =>
  Promise.all(paths.map(async (path) => (await t.api.get(path).expect(200)).body))

/** Changes the append-only ledger, to simulate snapshots of an older version of the program. */
async function changeLedger(statement: string): Promise<void> {
  const { pool } = t.database
  await pool.query('ALTER TABLE ledger_document DISABLE TRIGGER ledger_document_append_only')
  await pool.query(statement)
  await pool.query('ALTER TABLE ledger_document ENABLE TRIGGER ledger_document_append_only')
}

test('records from the ledger equal those of their routes', async () => {
  const { rows, wires } = await readRecordsFromLedger(t.database.db, selectRecords)
  expect(rows.length).toBeGreaterThan(10)
  expect([...wires.keys()]).toEqual(rows.map(({ id }) => id))
  for (const wire of wires.values())
    expect((await t.api.get(String(wire.href)).expect(200)).body).toEqual(wire)
})

test('a name that changes between the two queries is the new name', async () => {
  const rename = (name: string) =>
    commit(t.database, { name: 'test', keyId: null }, 'update', (session) =>
      correctRecord(
        session,
        { kind: 'actor', ref: 'baykar', patch: { name }, pointer: '' },
        () => {},
      ),
    )
  let selections = 0
  const names = new Set<string>()
  const { rows, wires } = await readRecordsFromLedger(t.database.db, async (db) => {
    selections += 1
    const selected = await selectRecords(db)
    if (selections === 1) await rename('Baykar, renamed')
    return selected
  })
  for (const name of JSON.stringify([...wires.values()]).match(/"Baykar[^"]*"/g) ?? [])
    names.add(name)
  expect([selections, names.has('"Baykar, renamed"'), names.has('"Baykar"')]).toEqual([
    2,
    true,
    false,
  ])
  const { body } = await t.api.get('/v1/ledger/head')
  expect(new Set(rows.map(({ newest }) => newest))).toEqual(new Set([String(body.revision)]))
  await rename('Baykar')
})

describe('a snapshot of an older version of the program', () => {
  let originalResponses: unknown[]
  beforeAll(async () => {
    originalResponses = await readResponses()
  })

  test('without a member: the record is rebuilt', async () => {
    await changeLedger(
      `UPDATE ledger_document SET document = (document::jsonb - 'goods' - 'history')::text`,
    )
    expect(await readResponses()).toEqual(originalResponses)
  })

  test('without a member of a citation, or missing: the record is rebuilt', async () => {
    await changeLedger(
      `UPDATE ledger_document SET document = replace(document, '"confidence":null,', '')`,
    )
    expect(await readResponses()).toEqual(originalResponses)
    await changeLedger('DELETE FROM ledger_document')
    expect(await readResponses()).toEqual(originalResponses)
  })
})
