import { Command } from 'commander'
import { keyCommands } from './access/commands.ts'
import { CannotStart } from './cannot-start.ts'
import { type Config, readConfig } from './config.ts'
import { bundleCommands } from './exchange/bundle/commands.ts'
import { registerCommand } from './intake/registers/command.ts'

const program = new Command('casefile')
  .description('Arms-export case files: every fact tied to the exact passage that says it.')
  .showHelpAfterError('casefile --help lists the commands and their options.')

program
  .command('serve')
  .description('start the API (settings: docs/settings.md)')
  .action(async () => {
    const config = readConfig(process.env)
    const [{ openLog }, { serve }] = await Promise.all([import('./log.ts'), import('./serve.ts')])
    await serve(config, await openLog(config))
  })

program
  .command('openapi')
  .description('print the API as an OpenAPI document')
  .action(async () => {
    const { describeApi } = await import('./serve.ts')
    console.log(JSON.stringify(await describeApi(readConfig(process.env)), null, 2))
  })

program
  .command('seed')
  .argument('[folder]', 'folder of case folders, instead of seeds/')
  .description('load the cases that the database does not have; works while a server runs')
  .action(async (folder?: string) => {
    const { seedAll } = await import('./intake/seed/seed-case.ts')
    await withDatabase(async (database) => {
      const loaded = await seedAll(database, (line) => console.log(line), folder)
      if (loaded === 0) console.log('Nothing to do: every case is there.')
    })
  })

program
  .command('ingest')
  .argument('<file...>', 'plain text, HTML, PDF with a text layer, DOCX')
  .requiredOption('--case <ref>', 'slug or id of the case that they belong to')
  .description('bring documents into a case as articles; works while a server runs')
  .action(async (files: string[], options: { case: string }) => {
    const { ingestFiles } = await import('./intake/documents/ingest-files.ts')
    await withDatabase(async (database, config) => {
      const given = { case: options.case, limitBytes: config.DOCUMENT_LIMIT_BYTES }
      const refused = await ingestFiles(database, files, given, (line) => console.log(line))
      if (refused > 0) throw new CannotStart(`${refused} of ${files.length} were refused.`)
    })
  })

program
  .command('verify')
  .description(
    'check the chain of the ledger, every citation, and every record against its last document',
  )
  .action(async () => {
    const { DoesNotHold, verifyAll } = await import('./answers/verification/verify-all.ts')
    await withDatabase(async (database) => {
      try {
        await verifyAll(database, (line) => console.log(line))
      } catch (error) {
        throw error instanceof DoesNotHold
          ? new CannotStart(`DOES NOT HOLD. ${error.message}`)
          : error
      }
    })
  })

registerCommand(program, withDatabase)
keyCommands(program, withDatabase)
bundleCommands(program, withDatabase)

async function withDatabase(
  work: (database: import('./database/database.ts').Database, config: Config) => Promise<void>,
): Promise<void> {
  const config = readConfig(process.env)
  const { openConfigured } = await import('./database/configured.ts')
  const opened = await openConfigured(config, 'command', (line) => console.error(line))
  try {
    await work(opened.database, config)
  } finally {
    await opened.close()
  }
}

try {
  await program.parseAsync()
} catch (error) {
  // Thrown on, a bug would be printed with the line that it comes from, which is huge in a minified package.
  console.error(error instanceof CannotStart ? error.message : error)
  process.exitCode = 1
}
// A database that hangs may hold connections open, and Prisma's engine leaves a timer behind: neither is waited for.
process.stdout.write('', () => process.exit())
