import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { verifyAll } from '../../src/answers/verification/verify-all.ts'
import { useApp } from '../harness/app.ts'
import { buildActor, storeRecords } from '../harness/record-builders.ts'
import { runProgram, waitUntil } from '../process/program.ts'
import { connectClient } from '../process/test-database.ts'

const killed = useApp()
const unbroken = useApp()
const beside = useApp()

const folder = join(tmpdir(), `casefile-killed-${process.pid}`)
const permits = 600
const batchRows = 100

/** A register of several batches, in which some permits are renewed; and one that came later, in which much has changed. */
function register(release: 1 | 2 = 1) {
  const lines = ['number;issued;state;goods;value']
  for (let number = 0; number < permits; number += 1) {
    const isNewer = release === 2
    if (isNewer && number % 20 === 7) continue
    const isMoved = isNewer && number % 15 === 4
    const day = String(((number + (isMoved ? 1 : 0)) % 28) + 1).padStart(2, '0')
    const value = isNewer && number % 3 === 1 ? number + 1 : number
    lines.push(
      `${number};2020-01-${day};${number % 3 ? 'SYRIA' : 'TURKEY'};part ${number % 50};${value}`,
    )
    if (number % 250 === 0 || (isNewer && number % 50 === 2))
      lines.push(`${number};2021-01-01;SYRIA;part 1;${number}`)
    if (isNewer && number % 20 === 0) lines.push(`n${number};2021-02-01;TURKEY;part 2;1`)
  }
  const file = `${folder}-${release}.csv`
  writeFileSync(file, `${lines.join('\n')}\n`)
  const map = `${folder}-${release}.yaml`
  writeFileSync(
    map,
    `register: killed
case: { slug: killed, title: Killed }
article: { slug: killed-r${release}, title: Release ${release} }
file: { delimiter: ";" }
permit:
  key: [number]
  title: Permit {number}
  number: { column: number }
  issuer: { actor: canada }
  issuedOn: { column: issued, formats: [yyyy-MM-dd] }
  destination: { column: state, table: states }
  goods: { column: goods }
  value: { column: value, currency: EUR }
tables: { states: { SYRIA: syria, TURKEY: turkey } }
`,
  )
  const rejects = `${folder}.rejects.csv`
  const options = ['--json', '--rejects', rejects, '--batch-rows', String(batchRows)]
  return ['import-register', file, '--map', map, ...options]
}

/** What is on record of the register, without ids, revisions and instants. */
async function told(t: typeof killed): Promise<unknown> {
  const { rows } = await t.database.pool.query(`
    SELECT record.kind, record.slug, record.name, record.state, permit.number, permit.status, permit.value_amount,
      permit.issued_earliest::text, record.state_reason, (SELECT slug FROM record AS r WHERE r.id = permit.destination_id) AS destination,
      (SELECT json_agg(json_build_array(c.fragment, c.quote, c.field, c.start_at) ORDER BY c.position) FROM citation AS c WHERE c.record_id = record.id) AS citations,
      EXISTS (SELECT 1 FROM search_document AS s WHERE s.record_id = record.id) AS searched
    FROM record LEFT JOIN permit ON permit.id = record.id
    WHERE record.slug LIKE 'killed%' OR record.kind IN ('permit', 'event', 'good', 'actor')
    ORDER BY record.kind, record.slug`)
  return rows
}

test('concurrent writes lose no rows of the register and no other records', async () => {
  const args = register()
  const program = runProgram(args, { DATABASE_URL: beside.url })
  let isOver = false
  const ended = program.ended.finally(() => {
    isOver = true
  })
  let written = 0
  while (!isOver) {
    await storeRecords(beside.database, buildActor())
    written += 1
  }
  expect(await ended, program.stderr()).toBe(0)
  expect(JSON.parse(program.stdout())).toMatchObject({ added: permits, renewed: 3, rejected: 0 })
  expect(written).toBeGreaterThan(3)
  await verifyAll(beside.database)
}, 240_000)

/**
 * Imports, and kills that in the middle of a batch, after batches of which `count` has risen. Each batch waits at the ledger for a
 * lock that is given back for one of them at a time: how fast the machine is decides nothing.
 */
async function killInTheMiddle(args: readonly string[], count: () => Promise<number>) {
  const before = await count()
  const holder = await connectClient(killed.url)
  const lock = 'BEGIN; LOCK TABLE ledger_document IN EXCLUSIVE MODE'
  await holder.query(lock)
  const program = runProgram(args, { DATABASE_URL: killed.url })
  const isHeldUp = () =>
    waitUntil('a batch is held up', async () => {
      if (program.child.exitCode !== null) throw new Error(program.stderr())
      const { rows } = await holder.query(
        "SELECT 1 FROM pg_locks WHERE relation = 'ledger_document'::regclass AND NOT granted",
      )
      return rows.length > 0
    })
  do {
    await isHeldUp()
    await holder.query(`COMMIT; ${lock}`)
  } while ((await count()) === before)
  await isHeldUp()
  program.child.kill('SIGKILL')
  expect(await program.ended).toBe('SIGKILL')
  await holder.end()
  await verifyAll(killed.database)
}

test('an import that is killed twice and run again has the same result as an uninterrupted one', async () => {
  const args = register()
  const count = async () => {
    const { rows } = await killed.database.pool.query(
      "SELECT count(*)::int AS count FROM permit WHERE register = 'killed'",
    )
    return rows[0].count as number
  }
  // There are six batches.
  for (let kill = 0; kill < 2; kill += 1) await killInTheMiddle(args, count)
  expect(await count()).toBeLessThan(permits)
  const last = runProgram(args, { DATABASE_URL: killed.url })
  expect(await last.ended).toBe(0)
  expect(JSON.parse(last.stdout())).toMatchObject({ isNewRelease: false, rejected: 0 })
  const whole = runProgram(args, { DATABASE_URL: unbroken.url })
  expect(await whole.ended).toBe(0)
  expect(JSON.parse(whole.stdout())).toMatchObject({ added: permits, renewed: 3 })
  expect(await count()).toBe(permits)
  expect(await told(killed)).toEqual(await told(unbroken))
  await verifyAll(killed.database)
}, 240_000)

test('an import of a newer release that is killed and run again has the same result', async () => {
  const args = register(2)
  const changed = async () => {
    const { rows } = await killed.database.pool.query(
      "SELECT count(DISTINCT record_id)::int AS count FROM citation JOIN record ON record.id = record_id AND record.kind = 'permit' WHERE article_id = (SELECT id FROM record WHERE slug = 'killed-r2' AND kind = 'article')",
    )
    return rows[0].count as number
  }
  const whole = runProgram(args, { DATABASE_URL: unbroken.url })
  expect(await whole.ended).toBe(0)
  const { added, ...result } = JSON.parse(whole.stdout())
  expect(added).toBe(permits / 20)
  expect(result).toMatchObject({ rejected: 0, withdrawn: permits / 20, notWithdrawn: null })
  expect(result.changed).toBeGreaterThan(160)
  expect(result.renewed).toBeGreaterThan(6)
  for (let kill = 0; kill < 2; kill += 1) await killInTheMiddle(args, changed)
  expect(await changed()).toBeLessThan(added + result.changed + result.renewed)
  const last = runProgram(args, { DATABASE_URL: killed.url })
  expect(await last.ended).toBe(0)
  expect(JSON.parse(last.stdout())).toMatchObject({ isNewRelease: false, rejected: 0 })
  expect(await told(killed)).toEqual(await told(unbroken))
  await verifyAll(killed.database)
}, 300_000)
