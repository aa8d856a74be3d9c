import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { verifyAll } from '../../src/answers/verification/verify-all.ts'
import { readBundle } from '../../src/exchange/bundle/reader/read-bundle.ts'
import { makeSeed } from '../../src/exchange/seed/make-seed.ts'
import { useApp } from '../harness/app.ts'
import {
  buildActor,
  buildArticle,
  buildCitation,
  storeRecords,
} from '../harness/record-builders.ts'
import {
  bundleFolder,
  closeInstances,
  countRows,
  exportBundle,
  forgeBundle,
  importBundleFile,
  maxBundleBytes,
  openEmptyInstance,
  unzipParts,
} from './bundle-helpers.ts'

/** Bundles of cases with a text that is kept in parts, as the import of a register leaves it. */

const t = useApp()
afterAll(closeInstances)
const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex')
const lengthOf = (text: string) => [...text].length

let made = 0

/** A part is longer than what a citation keeps of what stands beside its quote. */
const filling = 'x'.repeat(40)

/** An article of these rows, so many of them in a part, and an actor for each row, who cites it. */
async function aLongText(rows: readonly string[], rowsOfPart: number): Promise<string> {
  made += 1
  const slug = `long-${made}`
  const lines = rows.map((row, index) => `${made}.${index + 1};${row};${filling}\n`)
  const body = lines.join('')
  const source = Buffer.from(`\ufeff${body}`)
  await storeRecords(
    t.database,
    buildArticle({ slug, type: 'data-set', body, source, publisher: 'baykar' }),
    ...lines.map((line, index) =>
      buildActor({
        slug: `${slug}-${index + 1}`,
        citations: [
          buildCitation({ article: slug, quote: line.slice(0, -1), fragment: `row=${index + 1}` }),
        ],
      }),
    ),
  )
  const { pool } = t.database
  const { rows: articles } = await pool.query(
    `UPDATE article SET body = NULL, source = NULL, fingerprints = '{}' FROM record
     WHERE record.id = article.id AND slug = $1 RETURNING article.id`,
    [slug],
  )
  let start = 0
  for (let from = 0; from < lines.length; from += rowsOfPart) {
    const text = lines.slice(from, from + rowsOfPart).join('')
    await pool.query('INSERT INTO article_part VALUES ($1, $2, $3, $4, $5, $6)', [
      articles[0].id,
      start,
      lengthOf(text),
      text,
      sha256(text),
      Buffer.from(from === 0 ? `\ufeff${text}` : text),
    ])
    start += lengthOf(text)
  }
  return slug
}

const row = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
  .map((one) => one.normalize('NFC').replaceAll(/[\s\0\u2028\u2029]/gu, '_'))
  .filter((one) => one.isWellFormed())

describe('a text that is stored in parts', () => {
  test('is transferred with the same ids, parts and bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 4 }),
        async (rows, rowsOfPart) => {
          await aLongText(rows, rowsOfPart)
          const file = await exportBundle(t.database)
          const other = await openEmptyInstance()
          expect(await importBundleFile(other, file)).toMatchObject({ conflicts: [], same: 0 })
          expect(readFileSync(await exportBundle(other)).equals(readFileSync(file))).toBe(true)
          const stored = async ({ pool }: typeof other) =>
            (
              await pool.query(
                'SELECT article.*, array_agg(part ORDER BY start_at) FROM article JOIN article_part AS part ON article_id = article.id GROUP BY article.id ORDER BY article.id',
              )
            ).rows
          expect(await stored(other)).toEqual(await stored(t.database))
          await verifyAll(other)
        },
      ),
      { numRuns: 3 },
    )
  })

  test('is added to an instance that has the other records', async () => {
    const other = await openEmptyInstance()
    await importBundleFile(other, await exportBundle(t.database))
    await aLongText(['one', 'two', 'three'], 2)
    expect(await importBundleFile(other, await exportBundle(t.database))).toMatchObject({
      added: 4,
      conflicts: [],
      citations: 0,
    })
    await verifyAll(other)
  })

  test('that is invalid is refused with its part, and nothing is stored', async () => {
    const slug = await aLongText(['one', 'two', 'three'], 2)
    const file = await exportBundle(t.database)
    const parts = await unzipParts(file)
    const records = String(parts.get('records.ndjson')).trim().split('\n')
    const article = records
      .map((line) => JSON.parse(line))
      .find(({ record }) => record.slug === slug)
    const name = `articles/${article.id}/parts.ndjson`
    const other = await openEmptyInstance()
    const before = await countRows(other)
    const refused = async (of: string, change: (text: string) => string, why: RegExp) => {
      await expect(importBundleFile(other, await forgeBundle(parts, of, change))).rejects.toThrow(
        why,
      )
      expect(await countRows(other)).toEqual(before)
    }
    const withLine = (change: (line: Record<string, number>) => void) => (text: string) => {
      const [first = '', ...others] = text.trim().split('\n')
      const line = JSON.parse(first)
      change(line)
      return [JSON.stringify(line), ...others, ''].join('\n')
    }
    const add = (member: string, more: number) =>
      withLine((line) => {
        line[member] = (line[member] ?? 0) + more
      })
    await refused(
      name,
      add('textBytes', 1),
      /parts\.ndjson: the part from 0 does not match body\.txt/,
    )
    await refused(name, add('start', 1), /parts\.ndjson: the part from 1 does not match body\.txt/)
    await refused(name, add('length', 1), /parts\.ndjson: the part from 0 does not match body\.txt/)
    await refused(
      name,
      add('sourceBytes', 1_000),
      /parts\.ndjson: the part from 0 is not in source/,
    )
    await refused(name, add('sourceBytes', -1), /parts\.ndjson: it ends before the text ends/)
    await refused(name, (text) => text.split('\n')[0] ?? '', /parts\.ndjson: it ends before/)
    await refused(name, () => '', /parts\.ndjson: it ends before/)
    await refused(name, add('textBytes', 20_000_000), /parts\.ndjson, line 1: \/textBytes/)
  })

  test('cannot become a seed', async () => {
    const bundle = await readBundle(await exportBundle(t.database), maxBundleBytes)
    await expect(makeSeed(bundle, bundleFolder)).rejects.toThrow(/A seed holds/)
    bundle.close()
  })
})
