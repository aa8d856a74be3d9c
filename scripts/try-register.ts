// npm run try:register -- FILE [MAP]: imports a real register into a temporary database, as a dry run and then twice,
// verifies all data, and prints the results. The file is the argument or REGISTER_FILE. MAP is the column map; the default
// is the one of the Dutch register of military exports. Exits with 1 when fewer than 99 % of the rows are imported, when
// the dry run predicts other counts, when the second import changes anything, or when the sums of values and the numbers of
// permits by state and year differ from those of the file.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyAll } from '../src/answers/verification/verify-all.ts'
import { openDatabase } from '../src/database/database.ts'
import { openEmbedded } from '../src/database/embedded.ts'
import { migrate } from '../src/database/migrate.ts'
import { importRegister } from '../src/intake/registers/import-register.ts'
import { compareSums, sumFile, sumRecords } from './register-sums.ts'

const projectFolder = join(import.meta.dirname, '..')
const file = process.argv[2] ?? process.env.REGISTER_FILE ?? ''
const map = process.argv[3] ?? join(projectFolder, 'registers/nl/military-exports.yaml')
if (!existsSync(file)) {
  console.error(file === '' ? 'No register file is given.' : `The file ${file} does not exist.`)
  console.error('Usage: npm run try:register -- FILE [MAP], or set REGISTER_FILE.')
  process.exit(2)
}

const folder = mkdtempSync(join(tmpdir(), 'casefile-try-'))
const embedded = await openEmbedded({ dataDir: folder, purpose: 'command', log: () => undefined })
await migrate(embedded.url)
const database = openDatabase({
  url: embedded.url,
  poolSize: 4,
  statementTimeoutMs: 0,
  onConnectionLost: () => undefined,
})
try {
  let dryRunCounts = ''
  const rejected = new Set<number>()
  let register = ''
  for (const round of ['dry run', 'first import', 'second import']) {
    const reasons: string[] = []
    const result = await importRegister(database, {
      file,
      map,
      isDryRun: round === 'dry run',
      withdrawAtMost: 20,
      onReject: ({ row, column, reason }) => {
        reasons.push(`row ${row.number}, ${column}: ${reason}`)
        rejected.add(row.number)
      },
      onProgress: () => undefined,
    })
    const { leftOpen, totals, warnings, records, skipped, withdrawn, seconds } = result
    register = result.register
    const importedPercent = (100 * (result.rows - result.rejected)) / result.rows
    console.log(
      `${round}: ${importedPercent.toFixed(2)} % of ${result.rows} rows imported, ${skipped} skipped, ${seconds.toFixed(1)} s`,
    )
    for (const [kind, counts] of Object.entries(records)) console.log(`  ${kind}`, counts)
    for (const line of [...warnings, ...totals]) console.log(' ', line)
    for (const reason of reasons.slice(0, 20)) console.log(`  ${reason}`)
    const { added, changed, renewed } = result
    const importCounts = JSON.stringify({ records, withdrawn, rejected: result.rejected })
    if (round === 'dry run') dryRunCounts = importCounts
    if (round === 'first import' && importCounts !== dryRunCounts) {
      console.log(`  the dry run had predicted ${dryRunCounts}`)
      process.exitCode = 1
    }
    const isRepeated = round === 'second import'
    if (importedPercent < 99 || (isRepeated && added + changed + renewed > 0)) process.exitCode = 1
    if (isRepeated) continue
    for (const { cell, rows, suggestions } of leftOpen.slice(0, 30))
      console.log(`  open: ${cell} (${rows})`, ...suggestions)
  }
  const { sums, leftOut } = await sumFile(file, map, rejected)
  const { differences, total } = compareSums(sums, await sumRecords(database, register))
  console.log(`sums: ${total.value} in ${total.count}; ${differences.length} differ from the file`)
  if (leftOut > 0) console.log(`  ${leftOut} rows have a number that the map leaves out`)
  for (const line of differences.slice(0, 20)) console.log(`  ${line}`)
  if (differences.length > 0) process.exitCode = 1
  await verifyAll(database, (line) => console.log(line))
} finally {
  await database.close()
  await embedded.close()
  rmSync(folder, { recursive: true, force: true })
}
process.exit()
