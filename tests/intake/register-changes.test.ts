import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { verifyAll } from '../../src/answers/verification/verify-all.ts'
import type { Database } from '../../src/database/database.ts'
import { importRegister } from '../../src/intake/registers/import-register.ts'
import { commit, type WriteSession } from '../../src/records/write/commit.ts'
import { mergeRecords, retractRecord } from '../../src/records/write/correct.ts'
import { useApp } from '../harness/app.ts'
import { buildActor, storeRecords } from '../harness/record-builders.ts'
import { waitUntil } from '../process/program.ts'
import { connectClient } from '../process/test-database.ts'
import {
  buildColumnMap,
  formatRegister,
  readRegisterRecords,
  releasesArbitrary,
} from './register-generators.ts'

const together = useApp()
const oneByOne = useApp()
const folder = mkdtempSync(join(tmpdir(), 'casefile-changes-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const file = (name: string, content: string): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

type Given = { register: string; release: number; text: string; changeBatchRows?: number }

async function imported(database: Database, { register, release, text, ...given }: Given) {
  const rejects: string[] = []
  const request = {
    file: file('table.csv', text),
    map: file('map.yaml', buildColumnMap(register, release)),
    isDryRun: false,
    withdrawAtMost: 100,
    ...given,
    onReject: ({
      row,
      column,
      reason,
    }: {
      row: { line: number }
      column: string
      reason: string
    }) => void rejects.push(`${row.line} ${column}: ${reason}`),
    onProgress: () => undefined,
  }
  const { added, changed, renewed, unchanged, withdrawn, kept } = await importRegister(
    database,
    request,
  )
  return { added, changed, renewed, unchanged, withdrawn, kept, rejects }
}

describe('changes of a batch', () => {
  let made = 0

  test('equal the changes one by one, for any releases', async () => {
    await fc.assert(
      fc.asyncProperty(releasesArbitrary, async (releases) => {
        made += 1
        const register = `made-${made}`
        for (const [index, rows] of releases.entries()) {
          const given = { register, release: index + 1, text: formatRegister(rows) }
          const many = await imported(together.database, given)
          const single = await imported(oneByOne.database, { ...given, changeBatchRows: 1 })
          expect(many).toEqual(single)
          expect(await readRegisterRecords(together.database, register)).toEqual(
            await readRegisterRecords(oneByOne.database, register),
          )
        }
      }),
      { numRuns: 3, seed: 2014, endOnFailure: true },
    )
    for (const { database } of [together, oneByOne]) await verifyAll(database)
  }, 300_000)

  test('a row that the database refuses does not affect other rows', async () => {
    const register = 'refused'
    const head = 'number;issued;state;goods;value'
    // The number is not what the rows go by, so that two permits can be given the same.
    const map = (release: number) =>
      buildColumnMap(register, release).replace('key: [number]', 'key: [goods]')
    const rows = (numbers: readonly number[]) =>
      `${head}\n${numbers.map((number, at) => `${number};2020-01-01;SYRIA;part ${at};1`).join('\n')}\n`
    const run = async (release: number, text: string) => {
      const rejects: string[] = []
      const result = await importRegister(together.database, {
        file: file('table.csv', text),
        map: file('map.yaml', map(release)),
        isDryRun: false,
        withdrawAtMost: 100,
        onReject: ({ row, reason }) => void rejects.push(`${row.line}: ${reason}`),
        onProgress: () => undefined,
      })
      return { changed: result.changed, rejects }
    }
    await run(1, rows([11, 12, 13, 14, 15, 16, 17]))
    expect(await run(2, rows([21, 22, 23, 15, 25, 26, 27]))).toEqual({
      changed: 6,
      rejects: ['5: Another permit of this issuer has this number.'],
    })
    await verifyAll(together.database)
  })
})

describe('the limit of withdrawals', () => {
  const made = (count: number) =>
    formatRegister(
      Array.from({ length: count }, (_, key) => ({ key, day: 1, value: 1, good: 0, state: 0 })),
    )
  const withdrawal = async (
    register: string,
    [before, after, withdrawAtMost]: readonly [before: number, after: number, percent: number],
  ) => {
    const release = (number: number, count: number, isDryRun: boolean) =>
      importRegister(together.database, {
        file: file(`${register}.csv`, made(count)),
        map: file(`${register}.yaml`, buildColumnMap(register, number)),
        isDryRun,
        withdrawAtMost,
        onReject: () => undefined,
        onProgress: () => undefined,
      })
    await release(1, before, false)
    const results = [await release(2, after, true), await release(2, after, false)]
    return results.map(({ withdrawn, notWithdrawn }) => [withdrawn, notWithdrawn !== null])
  }

  test.each([
    // Permits before, permits after, percent, and how many are withdrawn.
    [10, 8, 20, 2],
    [10, 7, 20, 0],
    [10, 9, 10, 1],
    [10, 9, 9, 0],
    [3, 2, 33, 0],
    [3, 2, 34, 1],
    [10, 1, 90, 9],
    [10, 1, 100, 9],
    [10, 9, 0, 0],
  ] as const)(
    'of %i permits %i are left: with a limit of %i percent, %i are withdrawn',
    async (before, after, percent, expected) => {
      const outcome = [expected, expected === 0]
      expect(
        await withdrawal(`limit-${before}-${after}-${percent}`, [before, after, percent]),
      ).toEqual([outcome, outcome])
    },
  )
})

describe('an actor that another client, during an import,', () => {
  const permits = 1_000
  const batchRows = 200

  /**
   * Imports permits, of which every 50th is of `slug` from number `from` on, and calls `meanwhile` when some are there. Each batch
   * waits at the ledger for a lock that is given back for one of them at a time, and writers queue: how fast the machine is decides
   * nothing.
   */
  async function importedBeside(
    register: string,
    { slug, from }: { slug: string; from: number },
    meanwhile: (session: WriteSession) => Promise<unknown>,
  ) {
    const { database } = together
    await storeRecords(database, buildActor({ slug, type: 'state', name: slug }))
    const lines = Array.from({ length: permits }, (_, number) => {
      const day = String((number % 28) + 1).padStart(2, '0')
      const state = number % 50 === 0 && number >= from ? 'OTHER' : 'SYRIA'
      const row = `${number};2020-01-${day};${state};part ${number % 5};1`
      const isRenewed = number % 100 === 0 && number >= from
      return isRenewed ? `${row}\n${number};2021-01-01;OTHER;part 1;2` : row
    })
    const map = buildColumnMap(register, 1).replace('states:\n', `states:\n    OTHER: ${slug}\n`)
    const reasons = new Set<string>()
    const holder = await connectClient(together.url)
    const lock = 'BEGIN; LOCK TABLE ledger_document IN EXCLUSIVE MODE'
    await holder.query(lock)
    const isWaiting = (what: 'relation' | 'advisory') =>
      waitUntil(`somebody waits for the ${what} lock`, async () => {
        const { rows } = await holder.query(
          'SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = $1 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())',
          [what],
        )
        return rows.length > 0
      })
    const importing = importRegister(database, {
      file: file(`${register}.csv`, `number;issued;state;goods;value\n${lines.join('\n')}\n`),
      map: file(`${register}.yaml`, map),
      isDryRun: false,
      withdrawAtMost: 100,
      batchRows,
      onReject: ({ column, reason }) => void reasons.add(`${column}: ${reason}`),
      onProgress: () => undefined,
    })
    const count = async () => {
      const { rows } = await database.pool.query(
        'SELECT count(*)::int AS count FROM permit WHERE register = $1',
        [register],
      )
      return rows[0].count as number
    }
    do {
      await isWaiting('relation')
      await holder.query(`COMMIT; ${lock}`)
    } while ((await count()) === 0)
    await isWaiting('relation')
    // The next batch has its turn. This write comes after it, and before the one after that.
    const written = commit(database, { name: 'somebody', keyId: null }, 'test', async (session) => {
      const stored = await count()
      expect(stored).toBeGreaterThan(batchRows)
      // Some rows renew a permit that there is.
      expect(stored).toBeLessThanOrEqual(2 * batchRows)
      await meanwhile(session)
    })
    await isWaiting('advisory')
    await holder.end()
    await written
    const result = await importing
    const { rows } = await database.pool.query(
      'SELECT DISTINCT record.slug FROM permit JOIN record ON record.id = permit.destination_id WHERE register = $1 ORDER BY slug',
      [register],
    )
    await verifyAll(database)
    return { result, reasons: [...reasons], destinations: rows.map(({ slug }) => slug) }
  }

  test('merges: later rows use the target', async () => {
    await storeRecords(
      together.database,
      buildActor({ slug: 'ruritania', type: 'state', name: 'Ruritania' }),
    )
    const { result, destinations } = await importedBeside(
      'merged',
      { slug: 'strelsau', from: 0 },
      (session) =>
        mergeRecords(
          session,
          { kind: 'actor', ref: 'strelsau', into: 'ruritania', pointer: '' },
          () => undefined,
        ),
    )
    expect(result).toMatchObject({
      added: permits,
      renewed: permits / 100,
      rejected: 0,
      // Why the result can differ from that of a dry run.
      otherRevisions: 1,
    })
    expect(destinations).toEqual(['ruritania', 'syria'])
  }, 240_000)

  test('retracts: later rows with it are rejected, other rows are imported', async () => {
    // The last batch alone names it.
    const from = permits - batchRows / 2
    const { result, reasons, destinations } = await importedBeside(
      'retracted',
      { slug: 'zenda', from },
      (session) =>
        retractRecord(
          session,
          { kind: 'actor', ref: 'zenda', reason: 'no such state' },
          () => undefined,
        ),
    )
    expect(result).toMatchObject({ added: permits - 2, renewed: 0, rejected: 3 })
    expect(reasons).toEqual(['destination: the actor zenda was retracted'])
    expect(destinations).toEqual(['syria'])
  }, 240_000)
})
