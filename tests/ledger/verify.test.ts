import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifyAll } from '../../src/answers/verification/verify-all.ts'
import { useApp } from '../harness/app.ts'
import { citationBody, useWriteClient } from '../harness/write-client.ts'

/** Whoever owns the database can switch its triggers off. What they change then is found, and named. */

const t = useApp({ CACHE_MB: 0 })
const w = useWriteClient(t)

let owner: pg.Client
beforeAll(async () => {
  owner = new pg.Client(t.url)
  await owner.connect()
  await w.createActor('honest-actor')
  await w.createActor('second-actor')
  await w.patch('/v1/actors/honest-actor', { country: 'CA' })
  await w.createActor('retracted-actor')
  await w.del('/v1/actors/retracted-actor', { reason: 'x' })
  await w.createActor('merged-actor')
  await w.post('/v1/actors/merged-actor/merge', { into: 'baykar' }, { 'if-match': '*' }).expect(200)
})
afterAll(() => owner.end())

/** What `casefile verify` says after this was done behind the server's back; it is undone afterwards. */
async function foundAfter(statement: string): Promise<string> {
  await owner.query('CREATE SCHEMA kept')
  const tables = ['revision', 'ledger_document', 'record', 'actor', 'citation', 'article', 'event']
  for (const table of tables) await owner.query(`CREATE TABLE kept.${table} AS TABLE ${table}`)
  await owner.query('SET session_replication_role = replica')
  try {
    const { rowCount } = await owner.query(statement)
    expect(rowCount).toBeGreaterThan(0)
    return await verifyAll(t.database).then(
      () => 'nothing',
      (error: Error) => error.message,
    )
  } finally {
    for (const table of tables)
      await owner.query(`DELETE FROM ${table}; INSERT INTO ${table} SELECT * FROM kept.${table}`)
    await owner.query('SET session_replication_role = DEFAULT; DROP SCHEMA kept CASCADE')
  }
}

const idOf = (slug: string) => `(SELECT id FROM record WHERE slug = '${slug}')`

describe('casefile verify', () => {
  test('passes after writes through the API', async () => {
    const lines: string[] = []
    await verifyAll(t.database, { progress: (line) => lines.push(line) })
    expect(lines).toHaveLength(6)
    expect(lines[0]).toMatch(/^Chain: 8 revisions are intact, the last hash is [0-9a-f]{64}\.$/)
  })

  test.each([
    [
      'a document that was changed',
      `UPDATE ledger_document SET document = replace(document, 'Name of', 'Game of') WHERE revision = 2`,
      /^Revision 2: the snapshot of record [0-9a-f-]+ was changed\.$/,
    ],
    [
      'a document that was changed together with its hash',
      `UPDATE ledger_document SET document = '{}', hash = encode(sha256('{}'), 'hex') WHERE revision = 3`,
      /^Revision 3: its hash does not match its content\.$/,
    ],
    [
      'a document that was taken away',
      'DELETE FROM ledger_document WHERE revision = 4',
      /^Revision 4: its hash does not match its content\.$/,
    ],
    [
      'an author who was changed',
      `UPDATE revision SET author = 'somebody else' WHERE number = 2`,
      /^Revision 2: its hash does not match its content\.$/,
    ],
    [
      'a time that was changed',
      `UPDATE revision SET committed_at = committed_at + interval '1 millisecond' WHERE number = 3`,
      /^Revision 3: its hash does not match its content\.$/,
    ],
    [
      'a revision that was taken away',
      'DELETE FROM revision WHERE number = 2',
      /^Revision 2 is missing; 3 follows\.$/,
    ],
    [
      'a chain that was cut',
      `UPDATE revision SET previous_hash = repeat('0', 64) WHERE number = 3`,
      /^Revision 3 does not follow from the one before it\.$/,
    ],
    [
      'a body that was changed',
      `UPDATE article SET body = replace(body, 'Baykar', 'Raykab') WHERE id = ${idOf('turkey-pressed-canada')}`,
      /^Article turkey-pressed-canada: its body is not the one that was stored\.$/,
    ],
    [
      'a quote that was changed',
      `UPDATE citation SET quote = 'Turkey HAD pressed Ottawa' WHERE record_id = ${idOf('honest-actor')}`,
      /^Citation [0-9a-f-]+ of the actor honest-actor: The text at the offsets differs from the quote\.+$/,
    ],
    [
      'offsets that were moved',
      `UPDATE citation SET start_at = start_at + 1, end_at = end_at + 1 WHERE record_id = ${idOf('second-actor')}`,
      /^Citation [0-9a-f-]+ of the actor second-actor: /,
    ],
    [
      'a record that was changed',
      `UPDATE actor SET country = 'US' WHERE id = ${idOf('honest-actor')}`,
      /^The actor honest-actor does not match its last snapshot in the ledger\.$/,
    ],
    [
      'a record that was renamed',
      `UPDATE record SET name = 'Another' WHERE slug = 'turkey'`,
      /^The actor turkey does not match its last snapshot in the ledger\.$/,
    ],
    [
      'a citation that was taken away',
      `DELETE FROM citation WHERE record_id = ${idOf('honest-actor')}`,
      /^The actor honest-actor does not match its last snapshot in the ledger\.$/,
    ],
    [
      'a record that was brought back',
      `INSERT INTO record (id, kind, slug, name, revision) VALUES ('019b0000-0000-7000-8000-000000000000', 'actor', 'slipped-in', 'S', 4)`,
      /^The actor slipped-in has no snapshot in the ledger\.$/,
    ],
    [
      'a record that was hidden',
      `UPDATE record SET state = 'retracted', state_reason = 'x' WHERE slug = 'honest-actor'`,
      /^The actor honest-actor does not match its last snapshot in the ledger\.$/,
    ],
    [
      'a record that was deleted',
      `DELETE FROM record WHERE slug = 'second-actor'`,
      /^The record [0-9a-f-]+ is in the ledger, but not in the tables\.$/,
    ],
  ])('finds %s', async (_what, statement, message) => {
    expect(await foundAfter(statement)).toMatch(message)
  })

  test('reports the first of several faults', async () => {
    const both = `UPDATE revision SET author = 'x' WHERE number IN (2, 3, 4)`
    expect(await foundAfter(both)).toBe('Revision 2: its hash does not match its content.')
  })
})

describe('the tables of the ledger', () => {
  test.each(['revision', 'ledger_document'])(
    '%s refuses UPDATE, DELETE and TRUNCATE',
    async (table) => {
      for (const statement of [
        `UPDATE ${table} SET hash = repeat('0', 64)`,
        `DELETE FROM ${table}`,
        `TRUNCATE ${table} CASCADE`,
      ])
        await expect(owner.query(statement), statement).rejects.toThrow(/append|only|refuse|never/i)
    },
  )

  test('refuses a duplicate revision number and a document without a revision', async () => {
    await expect(
      owner.query(`INSERT INTO revision SELECT * FROM revision WHERE number = 2`),
    ).rejects.toThrow(/duplicate key/)
    await expect(
      owner.query(
        `INSERT INTO ledger_document SELECT 999, record_id, change, document, hash FROM ledger_document WHERE revision = 2`,
      ),
    ).rejects.toThrow(/foreign key/)
  })
})

test('GET /v1/citations/:id/verify detects a changed quote', async () => {
  const { body } = await t.api.get('/v1/actors/honest-actor')
  const [{ id }] = body.citations
  await owner.query('SET session_replication_role = replica')
  await owner.query(`UPDATE citation SET quote = 'Turkey HAD pressed Ottawa' WHERE id = '${id}'`)
  const { body: verified } = await t.api
    .get(`/v1/citations/${id}/verify`)
    .set('Cache-Control', 'no-cache')
    .expect(200)
  expect(verified).toMatchObject({ holds: false, found: citationBody().quote })
})
