import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type WriteSheet, writeOds, writeXlsx } from 'hucre'
import { afterAll, describe, expect, test, vi } from 'vitest'
import yauzl from 'yauzl'
import { createZip } from '../../../src/http/write-zip.ts'
import { openTable } from '../../../src/intake/registers/formats/open-table.ts'
import { readRows } from '../../../src/intake/registers/table/rows.ts'
import { RegisterMap } from '../../../src/intake/registers/table/schema.ts'

const folder = mkdtempSync(join(tmpdir(), 'formats-'))
vi.stubEnv('TMPDIR', folder)
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

type Options = Partial<RegisterMap['file']>
type Content = string | Uint8Array

/** The rows of a file that have text, with where they stand, and what is said of the file. */
async function read(name: string, content: Content, options: Options = {}) {
  const file = join(folder, name)
  writeFileSync(file, content)
  const table = await openTable(file, RegisterMap.shape.file.parse(options))
  try {
    const { text, inspection, notes } = table
    const rows: [string, string][] = []
    const received: Buffer[] = []
    for await (const group of readRows(text, inspection.encoding, table.options)) {
      received.push(group.bytes)
      for (const row of group.rows)
        if (row.text !== '') rows.push([`${row.place}row=${row.number}`, row.text])
    }
    expect(Buffer.concat(received).equals(Buffer.from(content))).toBe(true)
    return { rows, notes, mediaType: inspection.mediaType }
  } finally {
    table.close()
  }
}

/** Why a file cannot be read. */
async function refusal(name: string, content: Content, options: Options = {}): Promise<string> {
  const error = await read(name, content, options).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ name: 'FatalError' })
  return (error as Error).message.replace(`${folder}/`, '')
}

const day = (iso: string) => new Date(`${iso}Z`)
const licences: WriteSheet['rows'] = [
  ['Register of 2014'],
  ['No', 'Value', null, 'Notes'],
  [null, 'EUR', 'issued', null],
  ['101', 165.605, day('2014-02-14T00:00'), 'a\nb'],
  [102, 0.1 + 0.2, day('2014-02-14T13:05'), '165.605'],
  [],
  [103, 94988.4, day('1902-05-06T00:00'), '=1+1'],
]
const sheet: WriteSheet = {
  name: 'Licences 2014',
  rows: licences,
  merges: [{ startRow: 1, startCol: 1, endRow: 1, endCol: 2 }],
}
const hidden: WriteSheet = { name: 'Notes', rows: [['x']], hidden: true }

const expectedRows = [
  [1, 'Register of 2014'],
  [2, 'No\tValue\tValue\tNotes'],
  [3, '\tEUR\tissued\t'],
  [4, '101\t165.6050\t2014-02-14\t"a\nb"'],
  [5, '102\t0.3\t2014-02-14 13:05:00\t165.605'],
  [7, '103\t94988.4\t1902-05-06\t=1+1'],
].map(([row, text]) => [`sheet=Licences%202014&row=${row}`, text])

describe('workbooks', () => {
  const options = { skip: 1, header: 2 }

  test('XLSX: cells as shown, dates and numbers as stored, merged headings, hidden sheets', async () => {
    for (const dateSystem of ['1900', '1904'] as const) {
      const sheets = [
        hidden,
        dateSystem === '1900' ? sheet : { ...sheet, rows: licences?.slice(0, 5) ?? [] },
      ]
      const { rows, notes, mediaType } = await read(
        'a.xlsx',
        await writeXlsx({ sheets, dateSystem }),
        options,
      )
      expect(rows).toEqual(dateSystem === '1900' ? expectedRows : expectedRows.slice(0, 5))
      expect(notes).toEqual(['The workbook has hidden sheets: Notes.'])
      expect(mediaType).toMatch(/spreadsheetml\.sheet$/)
    }
  })

  test('ODS: the same', async () => {
    const { rows } = await read('a.ods', await writeOds({ sheets: [sheet] }), options)
    expect(rows).toEqual(expectedRows)
  })

  test('XLS of Excel 97', async () => {
    const { rows, mediaType } = await read(
      'a.xls',
      readFileSync('tests/intake/registers/licences-1997.xls'),
    )
    expect(rows.map(([, text]) => text)).toEqual([
      'No\tValue\t\tNotes',
      '101\t165.6050\t0.3\t"a\nb"',
      '102\t94988.4\t2014-02-14\tü',
      '103\t-5\tTRUE\t165.605',
    ])
    expect(mediaType).toBe('application/vnd.ms-excel')
  })

  test('a sheet is named when there are several, by name or number', async () => {
    const sheets = ['Cover', 'A', 'B'].map((name) => ({ name, rows: [[name]] }))
    const content = await writeXlsx({ sheets: [...sheets, hidden] })
    const list = 'is an Excel workbook of four sheets: Cover, A, B, Notes (hidden).'
    expect(await refusal('b.xlsx', content)).toBe(
      `b.xlsx ${list} Name one in the map, with file: { sheet: ... }.`,
    )
    expect(await refusal('b.xlsx', content, { sheet: 'C' })).toBe(
      `b.xlsx ${list} It has no sheet C.`,
    )
    expect((await read('b.xlsx', content, { sheet: 'b' })).rows).toEqual([['sheet=B&row=1', 'B']])
    expect((await read('b.xlsx', content, { sheet: 2 })).rows).toEqual([['sheet=A&row=1', 'A']])
  })
})

/** A workbook with another text in the XML of its sheet. */
async function changeSheet(
  change: (xml: string) => AsyncIterable<string> | string,
): Promise<Buffer> {
  const content = await writeXlsx({
    sheets: [
      {
        name: 'A',
        rows: [
          ['a', 'b'],
          ['1', '2'],
        ],
      },
    ],
  })
  const zip = await yauzl.fromBufferPromise(Buffer.from(content), { lazyEntries: true })
  const parts: [string, string][] = []
  for await (const entry of zip.eachEntry()) {
    const stream = await zip.openReadStreamPromise(entry)
    const text = Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>)).toString()
    parts.push([entry.fileName, text])
  }
  const open = async function* (name: string, text: string) {
    if (!name.includes('worksheets/sheet')) yield text
    else yield* typeof change(text) === 'string' ? [change(text) as string] : change(text)
  }
  const file = createZip(parts.map(([name, text]) => ({ name, open: () => open(name, text) })))
  return Buffer.concat(await Array.fromAsync(file as AsyncIterable<Buffer>))
}

describe('bad workbooks', () => {
  test('16,000 columns and empty rows are read', async () => {
    const width = 16_000
    const names = Array.from({ length: width }, (_, index) => `c${index}`)
    const wide = await read(
      'wide.xlsx',
      await writeXlsx({ sheets: [{ name: 'A', rows: [names, names] }] }),
    )
    expect(wide.rows.map(([, text]) => text.split('\t').length)).toEqual([width, width])
    const empty = Array.from(
      { length: 100_000 },
      (_, index) => `<row r="${index + 3}"><c r="A${index + 3}"/></row>`,
    )
    const content = await changeSheet((xml) =>
      xml.replace('</sheetData>', `${empty.join('')}</sheetData>`),
    )
    expect((await read('empty.xlsx', content)).rows).toHaveLength(2)
  })

  test('each is refused in one line', async () => {
    const good = Buffer.from(await writeXlsx({ sheets: [sheet] }))
    const damaged = Buffer.from(good).fill(0x41, 900, 1_400)
    const password = await writeXlsx({
      sheets: [sheet],
      encryption: { password: 'x', spinCount: 100 },
    })
    const far = await changeSheet((xml) =>
      xml.replace(
        '</sheetData>',
        '<row r="99999999"><c r="A99999999"><v>5</v></c></row></sheetData>',
      ),
    )
    const bomb = await changeSheet(async function* (xml) {
      yield xml
      const spaces = ' '.repeat(1_048_576)
      for (let count = 0; count < 80; count += 1) yield spaces
    })
    const ole = Buffer.concat([
      Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      Buffer.from('WordDocument', 'utf16le'),
    ])
    expect(await refusal('cut.xlsx', good.subarray(0, good.length - 300))).toMatch(
      /^cut\.xlsx is damaged or cut off/,
    )
    expect(await refusal('damaged.xlsx', damaged)).toMatch(/^damaged\.xlsx is damaged or cut off/)
    expect(await refusal('pw.xlsx', password)).toBe(
      'pw.xlsx has a password: open it and save it without one.',
    )
    expect(await refusal('far.xlsx', far)).toBe('far.xlsx is damaged: row 99999999 follows row 2.')
    expect(await refusal('bomb.xlsx', bomb)).toMatch(
      /unpacks to 80 MB, which looks like a zip bomb/,
    )
    expect(await refusal('old.doc', ole)).toBe(
      'old.doc is a Word document of 1997 to 2003: save it as DOCX.',
    )
    const left = readdirSync(folder).filter((name) => name.startsWith('casefile-table-'))
    expect(left).toEqual([])
  })

  test.each([
    ['a.gz', gzipSync('a,b'), 'is compressed with gzip: unpack it first.'],
    ['a.sqlite', 'SQLite format 3\0', 'is an SQLite database: export the table as CSV.'],
    [
      'a.xml',
      '<?xml version="1.0"?><rows/>',
      'is XML, which has no rows: convert it to CSV or JSON.',
    ],
    ['a.html', '<!doctype html><p>No table.</p>', 'is a web page without a table.'],
    ['a.json', '{"a": [{"b": 1}', /^a\.json is damaged JSON: /],
    ['a.ndjson', '{"a": 1}\n{"a": 2}\n{"a"\n', 'is damaged NDJSON: line 3 is not JSON.'],
    [
      'b.json',
      '{"a": [{}], "b": [{}]}',
      /^b\.json has no single list of rows\. It has lists at: a, b\./,
    ],
  ])('%s is named and refused', async (name, content, message) => {
    const found = await refusal(name, content)
    if (typeof message === 'string') expect(found).toBe(`${name} ${message}`)
    else expect(found).toMatch(message)
  })
})

describe('JSON and documents', () => {
  test('JSON: columns are paths, lists are lines, numbers keep their digits', async () => {
    const content =
      '{"meta": {"n": 2}, "data": {"rows": [{"no": 1, "to": {"code": "TR"}, "entries": ["ML1", "ML2"],' +
      ' "value": 123456789012345.5}, {"no": 2, "extra": null, "value": 1.50, "items": [{"q": 1}, {"q": 2}]}]}}'
    const { rows } = await read('c.json', content)
    expect(rows).toEqual([
      ['row=1', 'no\tto.code\tentries\tvalue\textra\titems.q'],
      ['row=2', '1\tTR\t"ML1\nML2"\t123456789012345.5\t\t'],
      ['row=3', '2\t\t\t1.50\t\t"1\n2"'],
    ])
    expect((await read('c.json', content, { path: 'data.rows' })).rows).toEqual(rows)
    const lines = await read('d.ndjson', '{"no": 1}\n\n{"no": 2, "x": true}\n')
    expect(lines.rows.map(([, text]) => text)).toEqual(['no\tx', '1\t', '2\tTRUE'])
  })

  test('a web page: its only table, one by number, or all', async () => {
    const table = (name: string) =>
      `<table><tr><th>No<th>State<tr><td>${name}<td>Oman<tr><td>2<td>&quot;Chad&quot;</table>`
    const page = (...tables: string[]) =>
      `<!doctype html><body><p>A register.</p>${tables.join('<p>And</p>')}`
    const { rows } = await read('e.html', page(table('1')))
    expect(rows).toEqual([
      ['table=1&row=1', 'No\tState'],
      ['table=1&row=2', '1\tOman'],
      ['table=1&row=3', '2\t"""Chad"""'],
    ])
    const two = page(table('1'), table('7'))
    expect(await refusal('f.html', two)).toMatch(
      /is a web page of 2 tables: 1 \(3 rows: No \| State\); 2/,
    )
    expect((await read('f.html', two, { table: 2 })).rows[1]).toEqual(['table=2&row=2', '7\tOman'])
    expect((await read('f.html', two, { table: 'all' })).rows).toHaveLength(6)
  })
})
