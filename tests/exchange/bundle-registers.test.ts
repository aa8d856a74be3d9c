import { readFileSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { verifyAll } from '../../src/answers/verification/verify-all.ts'
import type { Database } from '../../src/database/database.ts'
import { importRegister } from '../../src/intake/registers/import-register.ts'
import { useApp } from '../harness/app.ts'
import {
  closeInstances,
  countRows,
  exportBundle,
  forgeBundle,
  importBundleFile,
  openEmptyInstance,
  pathInFolder,
  unzipParts,
} from './bundle-helpers.ts'

/** Bundles of a case that a register was read into: the next release goes on from there. */

const t = useApp({}, 'empty')
afterAll(closeInstances)

const file = (name: string, content: string): string => {
  const path = pathInFolder(name)
  writeFileSync(path, content)
  return path
}

const map = (register: string, release: number) =>
  file(
    `${register}-${release}.yaml`,
    `register: ${register}
case: { slug: ${register}-case, title: Permits of Ruritania }
article: { slug: ${register}-${release}, title: Release ${release}, publisher: ${register}-land }
file: { delimiter: ';' }
language: en
permit:
  key: [Number]
  title: Permit {Number} of Ruritania
  number: { column: Number }
  issuer: { actor: ${register}-land }
  issuedOn: { column: Day, formats: [yyyy-MM-dd] }
  goods: { column: Goods }
actors: [{ slug: ${register}-land, type: state, name: Ruritania, country: null }]
`,
  )

type Row = { number: number; day: number; goods: string }

async function released(to: Database, register: string, release: number, rows: readonly Row[]) {
  const lines = rows.map(
    ({ number, day, goods }) => `${number};2020-01-0${day};"${goods.replaceAll('"', '""')}"`,
  )
  const table = 'Number;Day;Goods\n'
  const result = await importRegister(to, {
    file: file(`${register}-${release}.csv`, `${table}${lines.join('\n')}\n`),
    map: map(register, release),
    isDryRun: false,
    withdrawAtMost: 100,
    onReject: ({ reason }) => expect.fail(reason),
    onProgress: () => undefined,
  })
  const { added, changed, unchanged, withdrawn } = result
  return { added, changed, unchanged, withdrawn }
}

const registered = async ({ pool }: Database) =>
  (
    await pool.query(
      'SELECT id, register, NULL AS register_key FROM article UNION ALL SELECT id, register, register_key FROM permit ORDER BY id',
    )
  ).rows

const goods = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .map((one) => `x${one.normalize('NFC').replaceAll(/[\s\p{C}\p{Z}]/gu, '_')}`)
  .filter((one) => one.isWellFormed())
const row = fc.record({ number: fc.nat(99), day: fc.integer({ min: 1, max: 3 }), goods })
const rows = fc.uniqueArray(row, { selector: ({ number }) => number, minLength: 1, maxLength: 6 })

describe('a case with a register', () => {
  test('is transferred with the same bytes, and imports the next release with the same result', async () => {
    let made = 0
    await fc.assert(
      fc.asyncProperty(rows, rows, async (before, after) => {
        made += 1
        const register = `r${made}`
        await released(t.database, register, 1, before)
        const bundle = await exportBundle(t.database, `${register}-case`)
        const other = await openEmptyInstance()
        expect(await importBundleFile(other, bundle)).toMatchObject({ conflicts: [], same: 0 })
        expect(readFileSync(await exportBundle(other, `${register}-case`))).toEqual(
          readFileSync(bundle),
        )
        const here = await registered(t.database)
        const there = await registered(other)
        expect(here).toEqual(expect.arrayContaining(there))
        expect(there.filter(({ register: of }) => of === register)).toHaveLength(before.length + 1)

        const outcome = await released(other, register, 2, after)
        expect(outcome).toEqual(await released(t.database, register, 2, after))
        const kept = before.filter(({ number }) => after.some((one) => one.number === number))
        expect(outcome.added).toBe(after.length - kept.length)
        expect(outcome.changed + outcome.unchanged).toBe(kept.length)
        await verifyAll(other)
      }),
      { numRuns: 4 },
    )
  })
})

describe('import into an existing case', () => {
  const some: Row[] = [1, 2, 3].map((number) => ({ number, day: number, goods: `Sight ${number}` }))

  /** As it was written before bundles told of registers. */
  const older = async (bundle: string) =>
    forgeBundle(await unzipParts(bundle), 'records.ndjson', (text) =>
      text.replaceAll(/,"register":\{[^}]*\}/g, ''),
    )

  test('accepts a bundle without the register, and adds the register of a later one', async () => {
    await released(t.database, 'late', 1, some)
    const bundle = await exportBundle(t.database, 'late-case')
    const other = await openEmptyInstance()
    expect(await importBundleFile(other, await older(bundle))).toMatchObject({ conflicts: [] })
    expect((await registered(other)).map(({ register }) => register)).toEqual(Array(4).fill(null))

    const outcome = await importBundleFile(other, bundle)
    expect(outcome).toMatchObject({ added: 0, registered: 4, revision: 2, conflicts: [] })
    expect(readFileSync(await exportBundle(other, 'late-case'))).toEqual(readFileSync(bundle))
    expect(await importBundleFile(other, await older(bundle))).toMatchObject({
      added: 0,
      registered: 0,
      conflicts: [],
    })
    expect(await released(other, 'late', 2, some.slice(1))).toEqual({
      added: 0,
      changed: 0,
      unchanged: 2,
      withdrawn: 1,
    })
  })

  test('another register, or a permit of another register, is a conflict', async () => {
    await released(t.database, 'own', 1, some)
    const bundle = await exportBundle(t.database, 'own-case')
    const other = await openEmptyInstance()
    await importBundleFile(other, await older(bundle))
    const permits = await other.pool.query(
      `UPDATE permit SET register = 'own', register_key = CASE slug WHEN 'own-1' THEN '2' ELSE '9' END
       FROM record WHERE record.id = permit.id AND slug IN ('own-1', 'own-3') RETURNING slug`,
    )
    expect(permits.rows).toHaveLength(2)
    const { conflicts, registered: made } = await importBundleFile(other, bundle)
    expect(made).toBe(1)
    expect(conflicts.map(({ slug, why }) => `${slug}: ${why}`).sort()).toEqual([
      'own-1: the record here has other content',
      'own-2: another permit here has its key in the register own',
      'own-3: the record here has other content',
    ])
  })

  test('invalid register data is refused', async () => {
    await released(t.database, 'odd', 1, some)
    const parts = await unzipParts(await exportBundle(t.database, 'odd-case'))
    const target = await openEmptyInstance()
    const before = await countRows(target)
    const changes = [
      [/("key":)"1"/, '$1null'],
      [
        /("kind":"actor",[^\n]*"record":\{[^\n]*?\})(,"state")/,
        '$1,"register":{"key":null,"name":"odd"}$2',
      ],
      [/("key":)"1"/, '$1"2"'],
    ] as const
    for (const [pattern, by] of changes) {
      const change = (text: string) => text.replace(pattern, by)
      await expect(
        importBundleFile(target, await forgeBundle(parts, 'records.ndjson', change)),
      ).rejects.toThrow(/records\.ndjson: the (actor|permit) |has this key/)
      expect(await countRows(target)).toEqual(before)
    }
  })
})
