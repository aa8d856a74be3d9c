/**
 * The command `npm run bench:register [-- PERMITS]`: imports a generated register, and then a newer release of it, in which
 * every tenth permit is changed, every twentieth is removed, and as many are new. Prints the rate and the memory over time.
 * `npm run bench -- --only register-import` compares an import with COPY.
 */
import { createWriteStream, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { openEmbedded } from '../src/database/embedded.ts'
import { registerCleanup, runCommand } from './cleanup.ts'
import { benchFolder } from './data-set/data-set-cache.ts'
import { readNumberArguments } from './options.ts'
import {
  buildColumnMap,
  generateLaterRelease,
  generateRegister,
} from './registers/generated-register.ts'
import { createDatabaseFactory, runImport } from './registers/import-process.ts'

const { permits } = readNumberArguments('bench:register', {
  permits: { description: 'of the register', min: 100, defaultValue: 20_000 },
})
const workFolder = join(benchFolder, 'register')
const progressIntervalMs = 10_000
const bytesPerMegabyte = 1_000_000

async function runImports(): Promise<void> {
  mkdirSync(workFolder, { recursive: true })
  registerCleanup(async () => rmSync(workFolder, { recursive: true, force: true }))
  const embedded = await openEmbedded({
    dataDir: benchFolder,
    purpose: 'command',
    log: console.error,
  })
  registerCleanup(embedded.close)
  const url = await (await createDatabaseFactory(embedded.url))('casefile_bench_import')
  for (const [release, rows] of [
    generateRegister(permits),
    generateLaterRelease(permits),
  ].entries()) {
    const [file, map] = [join(workFolder, `${release}.csv`), join(workFolder, `${release}.yaml`)]
    await pipeline(rows, createWriteStream(file))
    await pipeline([buildColumnMap(release)], createWriteStream(map))
    let reportedAt = performance.now()
    const imported = await runImport(url, file, map, (line, resident) => {
      if (performance.now() - reportedAt < progressIntervalMs) return
      reportedAt = performance.now()
      console.log(`  ${line}; ${Math.round(resident / bytesPerMegabyte)} MB resident`)
    })
    const { added, changed, renewed, withdrawn, seconds, indexSeconds } = imported
    const rowsPerSecond = Math.round(imported.rows / seconds)
    const residentMb = Math.round(imported.residentBytes / bytesPerMegabyte)
    const lines = [
      `release ${release + 1}: ${added} added, ${changed} changed, ${renewed} renewed, ${withdrawn} withdrawn`,
      `${imported.rows} rows in ${seconds.toFixed(1)} s, ${rowsPerSecond} rows/s (goal 5,000)`,
      `${residentMb} MB resident (goal below 400)`,
      `then ${indexSeconds.toFixed(1)} s for withdrawn permits and the search index`,
    ]
    console.log(lines.join('; '))
  }
}

await runCommand(runImports)
