/**
 * The command `npm run bench:register [-- PERMITS]`: the import of a register of any size, and then of a newer release of
 * it, in which every tenth permit has changed, every twentieth is gone and as many are new; with the rate and the memory over
 * time. `npm run bench -- --only register-import` sets an import beside COPY.
 */
import { createWriteStream, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { openEmbedded } from '../src/database/embedded.ts'
import { atEnd, runCommand } from './closing.ts'
import { benchFolder } from './data-set/cached.ts'
import { readNumbers } from './options.ts'
import { importInto, openDatabases } from './registers/imports.ts'
import { laterRegister, mapOf, register } from './registers/made.ts'

const { permits } = readNumbers('bench:register', {
  permits: { means: 'of the register', least: 100, standard: 20_000 },
})
const work = join(benchFolder, 'register')
const toldMs = 10_000
const megabyte = 1_000_000

async function run(): Promise<void> {
  mkdirSync(work, { recursive: true })
  atEnd(async () => rmSync(work, { recursive: true, force: true }))
  const embedded = await openEmbedded({
    dataDir: benchFolder,
    purpose: 'command',
    log: console.error,
  })
  atEnd(embedded.close)
  const url = await (await openDatabases(embedded.url))('casefile_bench_import')
  for (const [release, rows] of [register(permits), laterRegister(permits)].entries()) {
    const [file, map] = [join(work, `${release}.csv`), join(work, `${release}.yaml`)]
    await pipeline(rows, createWriteStream(file))
    await pipeline([mapOf(release)], createWriteStream(map))
    let told = performance.now()
    const imported = await importInto(url, file, map, (line, resident) => {
      if (performance.now() - told < toldMs) return
      told = performance.now()
      console.log(`  ${line}; ${Math.round(resident / megabyte)} MB resident`)
    })
    const { added, changed, renewed, withdrawn, seconds, indexSeconds } = imported
    console.log(
      `release ${release + 1}: ${added} added, ${changed} changed, ${renewed} renewed, ${withdrawn} withdrawn; ${imported.rows} rows in ${seconds.toFixed(1)} s, ${Math.round(imported.rows / seconds)} rows/s (goal 5,000); ${Math.round(imported.residentBytes / megabyte)} MB resident (goal below 400); then ${indexSeconds.toFixed(1)} s for what is withdrawn and the search index`,
    )
  }
}

await runCommand(run)
