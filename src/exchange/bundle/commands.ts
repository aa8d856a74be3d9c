import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { addHelpExamples } from '../../cli/help.ts'
import { createProgressReporter, type ProgressCallback } from '../../cli/progress-reporter.ts'
import type { Database } from '../../database/database.ts'
import { FatalError } from '../../fatal-error.ts'
import { Problem, RecordMovedError } from '../../problem.ts'
import { BadBundle } from './reader/bad-bundle.ts'
import type { Bundle } from './reader/read-bundle.ts'

type WithDatabase = (work: (database: Database) => Promise<void>) => Promise<void>

const bytesPerMebibyte = 1_048_576

/** `casefile export`, `import` and `make-seed`; they work beside a running server. */
export function bundleCommands(program: Command, withDatabase: WithDatabase): void {
  const exportCommand = program
    .command('export')
    .argument('<case>', 'slug or id of the case')
    .requiredOption('--out <file>', 'the zip file to write')
    .option('--json', 'the outcome as JSON')
    .description('write a whole case as a bundle (docs/bundle.md)')
    .action(async (ref: string, { out, json }: { out: string; json?: true }) =>
      withDatabase(async (database) => {
        const [{ resolveRecordId: resolve }, { writeBundle }] = await Promise.all([
          import('../../records/model/list-queries.ts'),
          import('./write-bundle.ts'),
        ])
        const reporter = createProgressReporter({ json })
        const id = await convertKnownErrors(resolve(database.db, 'case', ref))
        const temporaryFile = `${out}.part`
        try {
          const parts = await convertKnownErrors(writeBundle(database, id))
          await pipeline(
            parts,
            countBytes(reporter.reportProgress),
            createWriteStream(temporaryFile),
          )
          await rename(temporaryFile, out)
        } catch (error) {
          await rm(temporaryFile, { force: true })
          throw error
        }
        reporter.printLine(`Wrote ${out}.`)
        reporter.printResult({ wrote: out })
      }),
    )
  addHelpExamples(exportCommand, ['casefile export canada-turkey-wescam --out case.zip'])

  const imported = program
    .command('import')
    .argument('<file>', 'a bundle')
    .option('--max-mb <n>', 'most that it may hold, unpacked, in MiB', '2048')
    .option('--json', 'the outcome as JSON')
    .description('take over what is new of a bundle; what is here is never changed silently')
    .action(async (file: string, { maxMb, json }: { maxMb: string; json?: true }) => {
      const bundle = await openBundle(file, maxMb)
      try {
        const { importBundle } = await import('./importer/import-bundle.ts')
        await withDatabase(async (database) => {
          const imported = await convertKnownErrors(importBundle(database, bundle))
          const { added, same, citations, registered, conflicts, revision } = imported
          if (json) console.log(JSON.stringify(imported, undefined, 2))
          else {
            console.log(
              `${bundle.manifest.case.slug}: ${added} records added, ${citations} citations joined records that were here, ${same} records were here already.`,
            )
            if (registered > 0)
              console.log(
                `Of ${registered} that were here it is now known which register they are of.`,
              )
            else if (revision === null) console.log('Nothing was written.')
            if (revision !== null) console.log(`Revision ${revision}.`)
            for (const { kind, slug, id, why } of conflicts)
              console.log(`CONFLICT ${kind} ${slug} (${id}): ${why}`)
          }
          if (conflicts.length > 0)
            throw new FatalError(
              `${conflicts.length} of the bundle were not taken over; what is here was left as it is.`,
            )
        })
      } finally {
        bundle.close()
      }
    })
  addHelpExamples(
    imported,
    ['casefile import case.zip', 'casefile import case.zip --json | jq .conflicts'],
    'refused, or something was not taken over: the output says what',
  )

  const seedCommand = program
    .command('make-seed')
    .argument('<file>', 'a bundle')
    .option('--out <folder>', 'folder of case folders', 'seeds')
    .option('--max-mb <n>', 'most that it may hold, unpacked, in MiB', '2048')
    .option('--json', 'the outcome as JSON')
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

/** Passes bytes on and says how many there were. */
const countBytes = (counted: ProgressCallback) =>
  async function* (chunks: AsyncIterable<Uint8Array>) {
    let length = 0
    for await (const chunk of chunks) {
      length += chunk.length
      counted('bytes', length, null)
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

/** What a user can mend is one line, not a stack. */
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
