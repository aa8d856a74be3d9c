import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { addHelpExamples } from '../../cli/help.ts'
import { createProgressReporter, type ProgressCallback } from '../../cli/progress-reporter.ts'
import type { Database } from '../../database/database.ts'
import { FatalError } from '../../fatal-error.ts'
import { Problem, RecordMovedError } from '../../problem.ts'
import type { BundleImportResult } from './importer/import-bundle.ts'
import { BadBundle } from './reader/bad-bundle.ts'
import type { Bundle } from './reader/read-bundle.ts'

type WithDatabase = (work: (database: Database) => Promise<void>) => Promise<void>

const bytesPerMebibyte = 1_048_576

/** `casefile export`, `import` and `make-seed`. They can run while a server uses the database. */
export function bundleCommands(program: Command, withDatabase: WithDatabase): void {
  addExportCommand(program, withDatabase)
  addImportCommand(program, withDatabase)
  addSeedCommand(program)
}

function addExportCommand(program: Command, withDatabase: WithDatabase): void {
  const exportCommand = program
    .command('export')
    .argument('<case>', 'slug or id of the case')
    .requiredOption('--out <file>', 'the zip file to write')
    .option('--json', 'print the result as JSON')
    .description('write a whole case as a bundle (docs/bundle.md)')
    .action(async (ref: string, { out, json }: { out: string; json?: true }) =>
      withDatabase(async (database) => {
        const reporter = createProgressReporter({ json })
        await exportCaseToFile(database, ref, out, reporter.reportProgress)
        reporter.printLine(`Wrote ${out}.`)
        reporter.printResult({ wrote: out })
      }),
    )
  addHelpExamples(exportCommand, ['casefile export canada-turkey-wescam --out case.zip'])
}

/** Writes to a temporary file first, so that a file named `out` is always complete. */
async function exportCaseToFile(
  database: Database,
  ref: string,
  out: string,
  reportProgress: ProgressCallback,
): Promise<void> {
  const [{ resolveRecordId }, { writeBundle }] = await Promise.all([
    import('../../records/model/list-queries.ts'),
    import('./write-bundle.ts'),
  ])
  const id = await convertKnownErrors(resolveRecordId(database.db, 'case', ref))
  const temporaryFile = `${out}.part`
  try {
    const chunks = await convertKnownErrors(writeBundle(database, id))
    await pipeline(chunks, countBytes(reportProgress), createWriteStream(temporaryFile))
    await rename(temporaryFile, out)
  } catch (error) {
    await rm(temporaryFile, { force: true })
    throw error
  }
}

function addImportCommand(program: Command, withDatabase: WithDatabase): void {
  const importCommand = program
    .command('import')
    .argument('<file>', 'a bundle')
    .option('--max-mb <n>', 'maximum unpacked size in MiB', '2048')
    .option('--json', 'print the result as JSON')
    .description('add new records and citations from a bundle; existing data is not overwritten')
    .action(async (file: string, { maxMb, json }: { maxMb: string; json?: true }) => {
      const bundle = await openBundle(file, maxMb)
      try {
        const { importBundle } = await import('./importer/import-bundle.ts')
        await withDatabase(async (database) => {
          const result = await convertKnownErrors(importBundle(database, bundle))
          if (json) console.log(JSON.stringify(result, undefined, 2))
          else printImportResult(bundle.manifest.case.slug, result)
          if (result.conflicts.length > 0)
            throw new FatalError(
              `${result.conflicts.length} records or places of the bundle were not imported; the existing data was not changed.`,
            )
        })
      } finally {
        bundle.close()
      }
    })
  addHelpExamples(
    importCommand,
    ['casefile import case.zip', 'casefile import case.zip --json | jq .conflicts'],
    'refused, or not imported completely: the output lists the conflicts',
  )
}

function printImportResult(caseSlug: string, result: BundleImportResult): void {
  const { added, same, citations, registered, conflicts, revision } = result
  console.log(
    `${caseSlug}: ${added} records added, ${citations} citations added to existing records, ${same} records unchanged.`,
  )
  if (registered > 0) console.log(`${registered} existing records were assigned to their register.`)
  else if (revision === null) console.log('Nothing was written.')
  if (revision !== null) console.log(`Revision ${revision}.`)
  for (const { kind, slug, id, why } of conflicts)
    console.log(`CONFLICT ${kind} ${slug} (${id}): ${why}`)
}

function addSeedCommand(program: Command): void {
  const seedCommand = program
    .command('make-seed')
    .argument('<file>', 'a bundle')
    .option('--out <folder>', 'folder of case folders', 'seeds')
    .option('--max-mb <n>', 'maximum unpacked size in MiB', '2048')
    .option('--json', 'print the result as JSON')
    .description('write seeds/<case>/ from a bundle: the document as received, and case.yaml')
    .action(async (file: string, options: { out: string; maxMb: string; json?: true }) => {
      const reporter = createProgressReporter(options)
      const bundle = await openBundle(file, options.maxMb)
      try {
        const { makeSeed } = await import('../seed/make-seed.ts')
        const wrote = await convertKnownErrors(makeSeed(bundle, options.out))
        reporter.printLine(`Wrote ${wrote}.`)
        reporter.printResult({ wrote })
      } finally {
        bundle.close()
      }
    })
  addHelpExamples(seedCommand, [
    'casefile make-seed case.zip',
    'casefile make-seed case.zip --out my-cases',
  ])
}

const countBytes = (reportProgress: ProgressCallback) =>
  async function* (chunks: AsyncIterable<Uint8Array>) {
    let length = 0
    for await (const chunk of chunks) {
      length += chunk.length
      reportProgress('bytes', length, null)
      yield chunk
    }
  }

async function openBundle(file: string, maxMb: string): Promise<Bundle> {
  const maxBytes = parseMegabytes(maxMb)
  const { readBundle } = await import('./reader/read-bundle.ts')
  return convertKnownErrors(readBundle(file, maxBytes))
}

function parseMegabytes(text: string): number {
  const megabytes = Number(text)
  if (!Number.isInteger(megabytes) || megabytes < 1)
    throw new FatalError(`--max-mb must be a whole number from 1, not "${text}".`)
  return megabytes * bytesPerMebibyte
}

/** Errors that a user can fix are printed as one line, without a stack. */
async function convertKnownErrors<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof BadBundle)
      throw new FatalError(`REFUSED, nothing was stored. ${error.message}`, { cause: error })
    if (error instanceof Problem || error instanceof RecordMovedError)
      throw new FatalError(error.message, { cause: error })
    throw error
  }
}
