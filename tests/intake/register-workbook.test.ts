import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeXlsx } from 'hucre'
import { afterAll, expect, test } from 'vitest'
import { verifyAll } from '../../src/answers/verification/verify-all.ts'
import { importRegister } from '../../src/intake/registers/import-register.ts'
import { useApp } from '../harness/app.ts'

const t = useApp()
const folder = mkdtempSync(join(tmpdir(), 'casefile-workbook-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const map = (release: number) => `
register: ruritania-workbook
case: { slug: ruritania-workbook, title: Exports of Ruritania }
article: { slug: ruritania-workbook-${release}, title: Workbook ${release} }
actors: [{ slug: ruritania, type: state, name: Ruritania, country: null }]
file: { sheet: Licences 2014, skip: 1 }
permit:
  key: [No]
  sameKey: lines
  title: Licence {No}
  issuer: { actor: ruritania }
  issuedOn: { column: Date, formats: [yyyy-MM-dd] }
  destination: { column: State, match: state }
  value: { column: Value, currency: CHF }
`

async function imported(release: number, rows: (string | number | Date | null)[][]) {
  const [file, mapFile] = [join(folder, 'r.xlsx'), join(folder, 'r.yaml')]
  const heading = [['Register of licences'], ['No', 'Date', 'State', 'Value', 'Note']]
  const sheets = [
    { name: 'Notes', rows: [['x']], hidden: true },
    { name: 'Licences 2014', rows: [...heading, ...rows] },
  ]
  const content = await writeXlsx({ sheets })
  writeFileSync(file, content)
  writeFileSync(mapFile, map(release))
  const rejects: string[] = []
  const request = {
    file,
    map: mapFile,
    withdrawAtMost: 100,
    onReject: ({
      row,
      column,
      reason,
    }: {
      row: { number: number }
      column: string
      reason: string
    }) => rejects.push(`${row.number} ${column}: ${reason}`),
    onProgress: () => undefined,
  }
  const predicted = await importRegister(t.database, { ...request, isDryRun: true })
  const result = await importRegister(t.database, { ...request, isDryRun: false })
  expect(predicted.records).toEqual(result.records)
  return { content, result, rejects }
}

const day = (iso: string) => new Date(`${iso}T00:00:00Z`)
const get = async (path: string) => (await t.api.get(path).expect(200)).body

test('a sheet of a workbook becomes permits that cite sheet and row; its bytes are at /source', async () => {
  const { content, result, rejects } = await imported(1, [
    ['1', day('2014-02-14'), 'Singapur', 209609.5, 'a\nb'],
    ['1', day('2014-02-14'), 'Singapur', 165.605, null],
    [],
    [2, day('2014-03-01'), 'Türkei', 1200, null],
    [3, day('2014-03-02'), 'Türkei', '1.200', null],
  ])
  expect(result.notes).toEqual(['The workbook has hidden sheets: Notes.'])
  expect([...new Set(rejects)]).toEqual([
    '7 Value: "1.200": it can be 1.200 or 1200: declare the decimal sign',
  ])
  expect(result.records.permit.added).toBe(2)
  const permit = await get('/v1/permits/ruritania-workbook-1')
  expect(permit.value).toMatchObject({ amount: '209775.105', currency: 'CHF' })
  expect(permit.issuedOn.edtf).toBe('2014-02-14')
  const quotes = permit.citations.map(({ fragment, quote }: Record<string, string>) => [
    fragment,
    quote,
  ])
  expect(quotes).toContainEqual([
    'sheet=Licences%202014&row=3',
    '1\t2014-02-14\tSingapur\t209609.5\t"a\nb"',
  ])
  const { text } = await t.api.get('/v1/articles/ruritania-workbook-1/body').expect(200)
  expect(text.split('\n')[1]).toBe('No\tDate\tState\tValue\tNote')
  const source = await t.api
    .get('/v1/articles/ruritania-workbook-1/source')
    .buffer(true)
    .parse((response, done) => {
      const chunks: Buffer[] = []
      response
        .on('data', (chunk) => chunks.push(chunk))
        .on('end', () => done(null, Buffer.concat(chunks)))
    })
    .expect(200)
  expect(source.headers['content-type']).toMatch(/spreadsheetml\.sheet/)
  expect(Buffer.from(content).equals(source.body)).toBe(true)
  await verifyAll(t.database)
})

test('a newer workbook changes what is different', async () => {
  const { result } = await imported(2, [
    ['1', day('2014-02-14'), 'Singapur', 209609.5, 'a\nb'],
    ['1', day('2014-02-14'), 'Singapur', 165.605, null],
    [2, day('2014-03-01'), 'Türkei', 1300, null],
  ])
  expect(result.records.permit).toMatchObject({ added: 0, changed: 1, unchanged: 1 })
})

test('a value 1,000 times larger than the others is reported with its row, and imported', async () => {
  const usual = Array.from({ length: 12 }, (_, index) => [
    100 + index,
    day('2015-01-05'),
    'Türkei',
    90_000 + 1_000 * index,
    null,
  ])
  const { result } = await imported(3, [
    ...usual,
    [200, day('2015-01-05'), 'Türkei', 95_000_000, null],
  ])
  expect(result.warnings).toEqual([
    expect.stringMatching(
      /^values of permits in CHF: 1 row has values that are far larger .* Rows: 15\.$/,
    ),
  ])
  expect((await get('/v1/permits/ruritania-workbook-200')).value.amount).toBe('95000000')
})
