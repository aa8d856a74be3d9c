// npm run try:register -- FILE [MAP]: imports a real register, by argument or in REGISTER_FILE, into a database that is
// thrown away, twice, verifies everything, and says what came of it. Nothing to do when there is no such file.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyAll } from '../src/answers/verification/verify-all.ts'
import { openDatabase } from '../src/database/database.ts'
import { openEmbedded } from '../src/database/embedded.ts'
import { migrate } from '../src/database/migrate.ts'
import { importRegister } from '../src/intake/registers/import-register.ts'

const file = process.argv[2] ?? process.env.REGISTER_FILE
const map = process.argv[3] ?? join(import.meta.dirname, '../registers/nl/military-exports.yaml')
if (file === undefined || !existsSync(file)) {
  console.log('There is no register: npm run try:register -- FILE [MAP], or set REGISTER_FILE.')
  process.exit()
}

const folder = mkdtempSync(join(tmpdir(), 'casefile-try-'))
const embedded = await openEmbedded({ dataDir: folder, purpose: 'command', log: () => undefined })
await migrate(embedded.url)
const database = openDatabase({
  ...{ url: embedded.url, poolSize: 4, statementTimeoutMs: 0 },
  onConnectionLost: () => undefined,
})
try {
  for (const round of ['first', 'again']) {
    const reasons: string[] = []
    const result = await importRegister(database, {
      ...{ file, map, isDryRun: false, withdrawAtMost: 20 },
      onReject: ({ row, column, reason }) =>
        reasons.push(`row ${row.number}, ${column}: ${reason}`),
      onProgress: () => undefined,
    })
    const { leftOpen, ...counts } = result
    const taken = (100 * (result.rows - result.rejected)) / result.rows
    console.log(`${round}: ${taken.toFixed(2)} % of ${result.rows} rows taken`, counts)
    for (const reason of reasons.slice(0, 20)) console.log(`  ${reason}`)
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
