import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { parse } from 'csv-parse/sync'
import ExcelJs from 'exceljs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { buildCsvColumns } from '../../src/http/tables/columns.ts'
import { streamParquet } from '../../src/http/tables/parquet.ts'
import { streamXlsx } from '../../src/http/tables/xlsx.ts'
import { parseBinary } from '../exchange/binary-parser.ts'
import { useApp } from '../harness/app.ts'
import { readEntries } from '../harness/record-reader.ts'

const t = useApp({ PUBLIC_URL: 'https://casefile.example' })
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tables-'))
})
afterAll(() => rm(folder, { recursive: true }))

const Entry = z.strictObject({
  name: z.string().nullable(),
  count: z.int().nullable(),
  share: z.number().nullable(),
  open: z.boolean().nullable(),
  day: z.iso.date().nullable(),
  at: z.iso.datetime().nullable(),
  url: z.string().nullable(),
  good: z.strictObject({ href: z.string() }).nullable(),
  items: z.array(z.strictObject({ quantity: z.int() })),
})
type Entry = z.infer<typeof Entry>
const columns = buildCsvColumns(Entry)
const base = 'https://casefile.example'

const empty: Entry = {
  name: null,
  count: null,
  share: null,
  open: null,
  day: null,
  at: null,
  url: null,
  good: null,
  items: [],
}
const full: Entry = {
  name: '2016',
  count: 9_007_199_254_740_991,
  share: -0.25,
  open: false,
  day: '2020-05-06',
  at: '2020-05-06T07:08:09.123Z',
  url: 'https://example.org/a?b="c"&d=1',
  good: { href: '/v1/goods/mx-15d' },
  items: [{ quantity: 7 }, { quantity: 8 }],
}
const texts = [
  '007',
  '=1+1',
  '@SUM(A1)',
  'a\r\nb',
  ' _x0041_ ',
  'nul \u0001',
  'Żółć \u{1f4a5}',
  '<&">',
]
const entries: Entry[] = [full, empty, ...texts.map((name) => ({ ...empty, name }))]

async function* inBatches(all: readonly unknown[], size = 3) {
  for (let start = 0; start < all.length; start += size)
    yield all.slice(start, start + size).map((entry) => JSON.stringify(entry))
}

const collect = async (chunks: AsyncIterable<string | Uint8Array>): Promise<Buffer> =>
  Buffer.concat((await Array.fromAsync(chunks)).map((chunk) => Buffer.from(chunk)))

async function readWorkbook(bytes: Buffer): Promise<ExcelJs.Workbook> {
  const workbook = new ExcelJs.Workbook()
  await workbook.xlsx.load(bytes as unknown as ArrayBuffer)
  return workbook
}

/** What DuckDB reads in a file. */
async function query(bytes: Buffer, sql: string) {
  const file = join(folder, `${Math.random()}.parquet`)
  await writeFile(file, bytes)
  const connection = await (await DuckDBInstance.create()).connect()
  const reader = await connection.runAndReadAll(sql.replace('FILE', `'${file}'`))
  connection.closeSync()
  return reader.getRowObjectsJson()
}

describe('XLSX', () => {
  test('keeps types, links and texts, and freezes the heading', async () => {
    const workbook = await readWorkbook(
      await collect(
        streamXlsx([{ name: 'things', columns, open: () => inBatches(entries) }], base),
      ),
    )
    const sheet = workbook.getWorksheet('things')
    expect(sheet?.views[0]).toMatchObject({ state: 'frozen', ySplit: 1 })
    expect(sheet?.getRow(1).values).toEqual([undefined, ...columns.map(({ heading }) => heading)])
    const values = columns.map((_, index) => sheet?.getRow(2).getCell(index + 1).value)
    expect(values).toEqual([
      '2016',
      9_007_199_254_740_991,
      -0.25,
      false,
      new Date('2020-05-06'),
      new Date('2020-05-06T07:08:09.123Z'),
      {
        formula: `HYPERLINK("https://example.org/a?b=""c""&d=1","https://example.org/a?b=""c""&d=1")`,
        result: 'https://example.org/a?b="c"&d=1',
      },
      {
        formula: 'HYPERLINK("https://casefile.example/v1/goods/mx-15d","/v1/goods/mx-15d")',
        result: '/v1/goods/mx-15d',
      },
      '7; 8',
    ])
    expect(sheet?.getRow(3).hasValues).toBe(false)
    const read = texts.map((_, index) => sheet?.getRow(index + 4).getCell(1).value)
    // exceljs leaves the escapes of the file as they are.
    const decoded = read.map((value) =>
      String(value).replaceAll(/_x([0-9A-F]{4})_/g, (_, code) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      ),
    )
    expect(decoded).toEqual(texts.map((text) => text.replace('\u0001', '\uFFFD')))
  })

  test('says where a text is longer than a cell, and leaves old days as text', async () => {
    const odd = [{ ...empty, name: 'x'.repeat(40_000), day: '1899-12-31' }]
    const workbook = await readWorkbook(
      await collect(streamXlsx([{ name: 'things', columns, open: () => inBatches(odd) }], base)),
    )
    const row = workbook.getWorksheet('things')?.getRow(2)
    expect(row?.getCell(1).value).toMatch(/^x+ \[cut: 40000 characters/)
    expect(String(row?.getCell(1).value)).toHaveLength(32_767)
    expect(row?.getCell(5).value).toBe('1899-12-31')
  })
})

describe('Parquet', () => {
  test('keeps types and nulls, as DuckDB reads them', async () => {
    const bytes = await collect(streamParquet(columns, inBatches(entries)))
    expect(
      (await query(bytes, 'DESCRIBE SELECT * FROM FILE')).map(({ column_name, column_type }) => [
        column_name,
        column_type,
      ]),
    ).toEqual([
      ['name', 'VARCHAR'],
      ['count', 'BIGINT'],
      ['share', 'DOUBLE'],
      ['open', 'BOOLEAN'],
      ['day', 'DATE'],
      ['at', 'TIMESTAMP WITH TIME ZONE'],
      ['url', 'VARCHAR'],
      ['good.href', 'VARCHAR'],
      ['items.quantity', 'VARCHAR'],
    ])
    const rows = await query(bytes, 'SELECT * REPLACE (epoch_ms("at") AS "at") FROM FILE')
    expect(rows[0]).toEqual({
      name: '2016',
      count: '9007199254740991',
      share: -0.25,
      open: false,
      day: '2020-05-06',
      at: String(Date.parse(full.at ?? '')),
      url: full.url,
      'good.href': '/v1/goods/mx-15d',
      'items.quantity': '7; 8',
    })
    expect(new Set(Object.values(rows[1] ?? {}))).toEqual(new Set([null]))
    expect(rows.slice(2).map(({ name }) => name)).toEqual(texts)
  })

  test('of nothing is a table without rows', async () => {
    const bytes = await collect(streamParquet(columns, inBatches([])))
    expect(await query(bytes, 'SELECT count(*)::INT AS n FROM FILE')).toEqual([{ n: 0 }])
  })

  test('is written in groups of rows', async () => {
    const many = Array.from({ length: 2_500 }, (_, count) => ({ ...empty, count }))
    const pieces = await Array.fromAsync(streamParquet(columns, inBatches(many, 500)))
    expect(pieces.length).toBe(4)
    expect(
      await query(
        Buffer.concat(pieces),
        'SELECT count(*)::INT AS n, min(count)::INT AS a, max(count)::INT AS b FROM FILE',
      ),
    ).toEqual([{ n: 2_500, a: 0, b: 2_499 }])
  })
})

describe('over HTTP', () => {
  const fetchBytes = async (url: string) => {
    const { body, headers } = await t.api.get(url).buffer(true).parse(parseBinary).expect(200)
    return { bytes: body as Buffer, type: headers['content-type'] as string }
  }
  const lists = ['permits', 'events', 'actors', 'articles', 'citations']

  test.each(lists)('/v1/%s has the rows and headings of its CSV', async (list) => {
    const { text } = await t.api.get(`/v1/${list}?format=csv`).expect(200)
    const table: string[][] = parse(text)
    const { bytes, type } = await fetchBytes(`/v1/${list}?format=xlsx`)
    expect(type).toBe('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
    const [sheet] = (await readWorkbook(bytes)).worksheets
    expect(sheet?.name).toBe(list)
    expect(sheet?.rowCount).toBe(table.length)
    expect(sheet?.getRow(1).values).toEqual([undefined, ...(table[0] ?? [])])
    const parquet = await fetchBytes(`/v1/${list}?format=parquet`)
    expect(parquet.type).toBe('application/vnd.apache.parquet')
    const rows = await query(parquet.bytes, 'SELECT * FROM FILE')
    expect(Object.keys(rows[0] ?? {})).toEqual(table[0])
    const ids = (await readEntries(t, `/v1/${list}`)).map(({ id }) => id)
    expect(ids.length).toBeGreaterThan(0)
    expect(rows.map(({ id }) => id)).toEqual(ids)
  })

  test('a page and an Accept header', async () => {
    const { bytes } = await fetchBytes('/v1/events?format=xlsx&limit=2')
    expect((await readWorkbook(bytes)).worksheets[0]?.rowCount).toBe(3)
    const { headers } = await t.api
      .get('/v1/events')
      .set('Accept', 'application/vnd.apache.parquet')
      .expect(200)
    expect(headers['content-type']).toBe('application/vnd.apache.parquet')
  })

  test('findings, one row for each or for each citation', async () => {
    const { body } = await t.api.get('/v1/findings').expect(200)
    const one = await fetchBytes('/v1/findings?format=parquet')
    const rows = await query(one.bytes, 'SELECT id, certainty FROM FILE')
    expect(rows).toEqual(
      body.data.map(({ id, certainty }: Record<string, string>) => ({ id, certainty })),
    )
    const cited = await fetchBytes('/v1/findings?format=parquet&rows=citations')
    const { text } = await t.api.get('/v1/findings?format=csv&rows=citations').expect(200)
    const expected: Record<string, string>[] = parse(text, { columns: true })
    expect(
      (await query(cited.bytes, 'SELECT "citation.quote" AS quote FROM FILE')).map(
        ({ quote }) => quote ?? '',
      ),
    ).toEqual(expected.map((row) => row['citation.quote']))
  })

  test('a case is a workbook with a sheet for each kind, or a zip file of Parquet', async () => {
    const exported = '/v1/cases/canada-turkey-wescam/export'
    const { bytes } = await fetchBytes(`${exported}?format=xlsx`)
    const workbook = await readWorkbook(bytes)
    expect(workbook.worksheets.map(({ name }) => name)).toEqual([
      'cases',
      'articles',
      'actors',
      'affiliations',
      'goods',
      'permits',
      'measures',
      'events',
      'figures',
      'places',
      'citations',
    ])
    const permits = workbook.getWorksheet('permits')
    expect(permits?.rowCount).toBeGreaterThan(1)
    const { bytes: zip, type } = await fetchBytes(`${exported}?format=parquet`)
    expect(type).toBe('application/zip')
    expect(zip.subarray(0, 2).toString()).toBe('PK')
    expect(zip.includes('permits.parquet')).toBe(true)
  })
})
