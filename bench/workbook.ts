// npm run bench:workbook -- [rows]: a register in an XLSX workbook, opened and read row by row, against a bare pass of the
// library over the file. The goals are a ratio of at most 3, and 400 MB for 1,000,000 rows.
import { execFileSync } from 'node:child_process'
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { streamXlsxRows, writeXlsxStream } from 'hucre/xlsx'
import { openTable } from '../src/intake/registers/formats/open-table.ts'
import { readRows } from '../src/intake/registers/table/rows.ts'
import { RegisterMap } from '../src/intake/registers/table/schema.ts'

const rowCount = Number(process.argv[2] ?? 1_000_000)
if (process.argv[3] !== undefined) {
  const output = Writable.toWeb(createWriteStream(process.argv[3]))
  await writeXlsxStream(makeRows(), { name: 'Licences' }).pipeTo(output)
  process.exit()
}
const folder = mkdtempSync(join(tmpdir(), 'casefile-bench-workbook-'))
const file = join(folder, 'licences.xlsx')

function* makeRows() {
  yield ['number', 'date', 'country', 'entry', 'goods', 'value', 'currency', 'status']
  for (let row = 0; row < rowCount; row += 1) {
    const date = new Date(Date.UTC(2010, 0, 1 + (row % 3_000)))
    const country = ['Turkey', 'Singapore', 'Israel', 'United States'][row % 4] ?? ''
    const goods = `Parts for vehicles number ${row % 5_000}`
    const value = ((row * 37) % 1_000_000) / 4
    yield [100_000 + row, date, country, `ML${1 + (row % 22)}`, goods, value, 'EUR', 'issued']
  }
}

async function readBare(): Promise<number> {
  const input = Readable.toWeb(createReadStream(file, { highWaterMark: 262_144 }))
  let rows = 0
  for await (const _ of streamXlsxRows(input as ReadableStream<Uint8Array>)) rows += 1
  return rows
}

/** Highest memory of this process and its children, in MB. */
let highestMb = 0
function sampleMemory(): void {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ')
  const pages = ['self', ...children.filter((pid) => pid !== '')].map((pid) => {
    try {
      return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
    } catch {
      return 0
    }
  })
  highestMb = Math.max(highestMb, (pages.reduce((sum, one) => sum + one, 0) * 4_096) / 1_048_576)
}

async function readProduct(): Promise<number> {
  const timer = setInterval(sampleMemory, 100)
  const table = await openTable(file, RegisterMap.shape.file.parse({}))
  let rows = 0
  for await (const group of readRows(table.text, table.inspection.encoding, table.options))
    rows += group.rows.length
  table.close()
  clearInterval(timer)
  return rows
}

async function measure(name: string, read: () => Promise<number>): Promise<number> {
  const start = performance.now()
  const rows = await read()
  const seconds = (performance.now() - start) / 1_000
  console.log(`${name}: ${rows} rows in ${seconds.toFixed(1)} s`)
  return seconds
}

try {
  // In a process of its own, whose memory does not count.
  execFileSync(process.execPath, [import.meta.filename, String(rowCount), file])
  const product = await measure('product', readProduct)
  const alone = await measure('library alone', readBare)
  console.log(
    `ratio ${(product / alone).toFixed(2)}, memory of both processes ${Math.round(highestMb)} MB`,
  )
} finally {
  rmSync(folder, { recursive: true })
}
