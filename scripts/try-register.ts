// npm run try:register [-- FILE [MAP]]: imports a real register into a database that is thrown away, dry and then twice,
// verifies everything, and says what came of it. The file is the argument, or REGISTER_FILE, or the Dutch one in a folder of shared
// data beside the repository. Where there is none there is nothing to do, and that is no failure.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyAll } from '../src/answers/verification/verify-all.ts'
import { openDatabase } from '../src/database/database.ts'
import { openEmbedded } from '../src/database/embedded.ts'
import { migrate } from '../src/database/migrate.ts'
import { importRegister } from '../src/intake/registers/import-register.ts'

const projectFolder = join(import.meta.dirname, '..')
const dutchRegister = '../shared/data/nl/uitvoer_militaire_goederen_2004-2014.csv'
const file = process.argv[2] ?? process.env.REGISTER_FILE ?? join(projectFolder, dutchRegister)
const map = process.argv[3] ?? join(projectFolder, 'registers/nl/military-exports.yaml')
if (!existsSync(file)) {
  console.log(`There is no ${file}: nothing was tried.`)
  console.log('To try one: npm run try:register -- FILE [MAP], or set REGISTER_FILE.')
  process.exit()
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
  let foretold = ''
  for (const round of ['dry run', 'first', 'again']) {
    const reasons: string[] = []
    const result = await importRegister(database, {
      file,
      map,
      isDryRun: round === 'dry run',
      withdrawAtMost: 20,
      onReject: ({ row, column, reason }) =>
        reasons.push(`row ${row.number}, ${column}: ${reason}`),
      onProgress: () => undefined,
    })
    const { leftOpen, ...counts } = result
    const taken = (100 * (result.rows - result.rejected)) / result.rows
    console.log(`${round}: ${taken.toFixed(2)} % of ${result.rows} rows taken`, counts)
    for (const reason of reasons.slice(0, 20)) console.log(`  ${reason}`)
    const { added, changed, renewed, unchanged, withdrawn, rejected } = result
    const said = JSON.stringify({ added, changed, renewed, unchanged, withdrawn, rejected })
    if (round === 'dry run') foretold = said
    if (round === 'first' && said !== foretold) {
      console.log(`  the dry run had said ${foretold}`)
      process.exitCode = 1
    }
    const isAgain = round === 'again'
    if (taken < 99 || (isAgain && result.added + result.changed + result.renewed > 0))
      process.exitCode = 1
    if (isAgain) console.log(`  left open: ${leftOpen.length} different cells`)
  }
  await verifyAll(database, (line) => console.log(line))
} finally {
  await database.close()
  await embedded.close()
  rmSync(folder, { recursive: true, force: true })
}
process.exit()
