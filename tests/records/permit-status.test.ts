import { beforeAll, expect, test } from 'vitest'
import type { Tx } from '../../src/database/transaction.ts'
import { commit } from '../../src/records/write/commit.ts'
import { correctRecord, retractRecord } from '../../src/records/write/correct.ts'
import { useApp } from '../harness/app.ts'
import { buildEvent, buildPermit, storeRecords } from '../harness/record-builders.ts'

const t = useApp()

type Settled = {
  status: string | null
  issued_earliest: string | null
  issued_latest: string | null
}

async function settled(slug: string): Promise<Settled | undefined> {
  const { rows } = await t.database.pool.query<Settled>(
    `SELECT permit.status, issued_earliest::text, issued_latest::text
      FROM permit JOIN record ON record.id = permit.id WHERE record.slug = $1`,
    [slug],
  )
  return rows[0]
}

const write = (work: Parameters<typeof commit<unknown>>[3]) =>
  commit(t.database, { name: 'test', keyId: null }, 'test', work)

const issue = (permit: string, slug: string, edtf: string) =>
  buildEvent({
    slug,
    type: 'permit-decision',
    on: { edtf },
    effects: [{ permit, becomes: 'issued' }],
  })

beforeAll(() =>
  storeRecords(t.database, buildPermit({ slug: 'first' }), buildPermit({ slug: 'second' })),
)

test('a permit without events has no status and no date of issue', async () => {
  expect(await settled('first')).toEqual({
    status: null,
    issued_earliest: null,
    issued_latest: null,
  })
})

test('new, corrected and retracted events change the status at once', async () => {
  const later = buildEvent({
    slug: 'suspends',
    type: 'permit-decision',
    on: { edtf: '2021' },
    effects: [{ permit: 'first', becomes: 'suspended' }],
  })
  await storeRecords(t.database, issue('first', 'issues', '2020-05'), later)
  const issued = { issued_earliest: '2020-05-01', issued_latest: '2020-05-31' }
  expect(await settled('first')).toEqual({ status: 'suspended', ...issued })

  const target = { kind: 'event', ref: 'issues', pointer: '/body' } as const
  await write((session) =>
    correctRecord(session, { ...target, patch: { on: { edtf: '2020-05-06' } } }, () => undefined),
  )
  const corrected = { issued_earliest: '2020-05-06', issued_latest: '2020-05-06' }
  expect(await settled('first')).toEqual({ status: 'suspended', ...corrected })

  await write((session) =>
    retractRecord(
      session,
      { kind: 'event', ref: 'suspends', reason: 'It was another permit.' },
      () => undefined,
    ),
  )
  expect(await settled('first')).toEqual({ status: 'issued', ...corrected })
})

test('moving an effect to another permit changes both permits', async () => {
  await storeRecords(t.database, issue('second', 'issues-second', '2019'))
  const move = (tx: Tx, from: string, to: string) =>
    tx.db
      .updateTable('event_effect')
      .set((eb) => ({
        permit_id: eb.selectFrom('record').select('id').where('slug', '=', to),
      }))
      .where('permit_id', '=', (eb) =>
        eb.selectFrom('record').select('id').where('slug', '=', from),
      )
      .execute()
  await storeRecords(t.database, buildPermit({ slug: 'third' }))
  await t.database.write((tx) => move(tx, 'second', 'third'))
  expect(await settled('second')).toMatchObject({ status: null, issued_earliest: null })
  expect(await settled('third')).toMatchObject({ status: 'issued', issued_earliest: '2019-01-01' })
})
