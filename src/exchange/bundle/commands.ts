import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { CannotStart } from '../../cannot-start.ts'
import { withExamples } from '../../cli/help.ts'
import { type Counted, telling } from '../../cli/telling.ts'
import type { Database } from '../../database/database.ts'
import { Moved, Problem } from '../../problem.ts'
import { BadBundle } from './reading/bad-bundle.ts'
import type { Bundle } from './reading/read-bundle.ts'

type WithDatabase = (work: (database: Database) => Promise<void>) => Promise<void>

const megabyte = 1_048_576

/** `casefile export`, `import` and `make-seed`; they work beside a running server. */
export function bundleCommands(program: Command, withDatabase: WithDatabase): void {
  const exported = program
    .command('export')
    .argument('<case>', 'slug or id of the case')
    .requiredOption('--out <file>', 'the zip file to write')
    .option('--json', 'the outcome as JSON')
    .description('write a whole case as a bundle (docs/bundle.md)')
    .action(async (ref: string, { out, json }: { out: string; json?: true }) =>
      withDatabase(async (database) => {
        const [{ resolve }, { writeBundle }] = await Promise.all([
          import('../../records/model/list-queries.ts'),
          import('./write-bundle.ts'),
        ])
        const tell = telling({ json })
        const id = await expected(resolve(database.db, 'case', ref))
        const draft = `${out}.part`
        try {
          const parts = await expected(writeBundle(database, id))
          await pipeline(parts, counting(tell.counted), createWriteStream(draft))
          await rename(draft, out)
        } catch (error) {
          await rm(draft, { force: true })
          throw error
        }
        tell.line(`Wrote ${out}.`)
        tell.result({ wrote: out })
      }),
    )
  withExamples(exported, ['casefile export canada-turkey-wescam --out case.zip'])

  const imported = program
    .command('import')
    .argument('<file>', 'a bundle')
    .option('--max-mb <n>', 'most that it may hold, unpacked, in MiB', '2048')
    .option('--json', 'the outcome as JSON')
    .description('take over what is new of a bundle; what is here is never changed silently')
    .action(async (file: string, { maxMb, json }: { maxMb: string; json?: true }) => {
      const bundle = await opened(file, maxMb)
      try {
        const { importBundle } = await import('./importing/import-bundle.ts')
        await withDatabase(async (database) => {
          const imported = await expected(importBundle(database, bundle))
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
            throw new CannotStart(
              `${conflicts.length} of the bundle were not taken over; what is here was left as it is.`,
            )
        })
      } finally {
        bundle.close()
      }
    })
  withExamples(
    imported,
    ['casefile import case.zip', 'casefile import case.zip --json | jq .conflicts'],
    'refused, or something was not taken over: the output says what',
  )

  const seed = program
    .command('make-seed')
    .argument('<file>', 'a bundle')
    .option('--out <folder>', 'folder of case folders', 'seeds')
    .option('--max-mb <n>', 'most that it may hold, unpacked, in MiB', '2048')
    .option('--json', 'the outcome as JSON')
    .description('write seeds/<case>/ from a bundle: the document as received, and case.yaml')
    .action(async (file: string, given: { out: string; maxMb: string; json?: true }) => {
      const tell = telling(given)
      const bundle = await opened(file, given.maxMb)
      try {
        const { makeSeed } = await import('../seed/make-seed.ts')
        const wrote = await expected(makeSeed(bundle, given.out))
        tell.line(`Wrote ${wrote}.`)
        tell.result({ wrote })
      } finally {
        bundle.close()
      }
    })
  withExamples(seed, ['casefile make-seed case.zip', 'casefile make-seed case.zip --out my-cases'])
}

/** Passes bytes on and says how many there were. */
const counting = (counted: Counted) =>
  async function* (chunks: AsyncIterable<Uint8Array>) {
    let length = 0
    for await (const chunk of chunks) {
      length += chunk.length
      counted('bytes', length, null)
      yield chunk
    }
  }

async function opened(file: string, maxMb: string): Promise<Bundle> {
  const bytesMax = bytesOf(maxMb)
  const { readBundle } = await import('./reading/read-bundle.ts')
  return expected(readBundle(file, bytesMax))
}

function bytesOf(given: string): number {
  const megabytes = Number(given)
  if (!Number.isInteger(megabytes) || megabytes < 1)
    throw new CannotStart(`--max-mb must be a whole number from 1, not "${given}".`)
  return megabytes * megabyte
}

/** What a user can mend is one line, not a stack. */
async function expected<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof BadBundle)
      throw new CannotStart(`REFUSED, nothing was stored. ${error.message}`, { cause: error })
    if (error instanceof Problem || error instanceof Moved)
      throw new CannotStart(error.message, { cause: error })
    throw error
  }
}
