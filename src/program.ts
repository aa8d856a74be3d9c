import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, CommanderError } from 'commander'
import { registerKeyCommands } from './access/commands.ts'
import { addHelpExamples, exitCodesHelp } from './cli/help.ts'
import { createProgressReporter } from './cli/progress-reporter.ts'
import type { Config } from './config.ts'
import { bundleCommands } from './exchange/bundle/commands.ts'
import { FatalError } from './fatal-error.ts'
import { addImportRegisterCommand } from './intake/registers/command.ts'
import { addHeadCommand, addLedgerKeyCommand, readKeyId } from './ledger/commands.ts'

const { version } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'),
) as { version: string }

const program = new Command('casefile')
  .description('Arms-export case files: every fact tied to the exact passage that says it.')
  .version(version)
  .exitOverride()
  .showHelpAfterError('casefile --help lists the commands and their options.')
  .addHelpText(
    'after',
    `
Settings come from the environment: docs/settings.md. Every command has its own help:
  $ casefile get --help
${exitCodesHelp}`,
  )

type JsonOption = { json?: true }
type VerifyOptions = JsonOption & { against?: string; ledgerKey?: string; timestampCa?: string }

addHelpExamples(
  program
    .command('serve')
    .description('start the API (settings: docs/settings.md)')
    .option('--json', 'log as JSON lines, also on a terminal'),
  ['casefile serve', 'PORT=8080 DATABASE_URL=postgres://user:password@host/name casefile serve'],
  'not started, or not stopped in good order: one line on stderr says why',
).action(async ({ json }: JsonOption) => {
  const config = { ...(await loadConfig()), ...(json && { LOG_FORMAT: 'json' as const }) }
  const [{ createLogger: openLog }, { serve }] = await Promise.all([
    import('./log.ts'),
    import('./serve.ts'),
  ])
  await serve(config, await openLog(config))
})

program
  .command('prepare', { hidden: true })
  .description('what serve leaves to a process of its own')
  .action(async () => {
    const { prepareDatabase: prepare } = await import('./prepare.ts')
    await prepare(await loadConfig())
  })

addHelpExamples(
  program
    .command('get')
    .argument('<what...>', 'a list, or a list and a slug or id; then filters, as in the API')
    .description('ask a running server: every filter of the API is an option')
    .usage('<list> [slug or id] [--filter value ...] [options]')
    .option('--format <format>', 'json, csv, ndjson or another that the list has', 'json')
    .option('--json', 'the same as --format json')
    .option('--server <url>', 'standard: CASEFILE_SERVER, or http://localhost:3000')
    .option('--out <file>', 'write to a file, which is there whole or not at all')
    .allowUnknownOption()
    .addHelpText('after', '\nA key, where reading needs one, is read from CASEFILE_KEY.'),
  [
    'casefile get permits --destination turkey --format csv',
    'casefile get permits wescam-mx15d-baykar-2020',
    'casefile get events --actor baykar --from 2020 --sort -on',
    'casefile get cases/canada-turkey-wescam/coverage --server https://casefile.example.org',
    'casefile get citations --voice kelsey-gallagher --format ndjson --out said.ndjson',
  ],
  'the server refused, cannot be reached or broke off: stderr says why',
).action(
  async (
    words: string[],
    given: JsonOption & { format: string; server?: string; out?: string },
  ): Promise<void> => {
    const { runGet: get, parseGetArguments: readAsked } = await import('./cli/get-command.ts')
    const { path, parameters } = readAsked(words)
    if (given.format !== 'json' && !given.json) parameters.set('format', given.format)
    const { CASEFILE_SERVER, CASEFILE_KEY } = process.env
    const server = given.server ?? (CASEFILE_SERVER || 'http://localhost:3000')
    if (!/^https?:\/\/./.test(server))
      throw new FatalError(`--server must start with http:// or https://, not "${server}".`)
    // A bar would be drawn over the answer.
    const isSeen = given.out === undefined && process.stdout.isTTY
    const counted = isSeen ? () => undefined : createProgressReporter({}).reportProgress
    await get(
      { path, parameters, server, key: CASEFILE_KEY || undefined, outputFile: given.out },
      counted,
    )
  },
)

addHelpExamples(program.command('openapi').description('print the API as an OpenAPI document'), [
  'casefile openapi > openapi.json',
]).action(async () => {
  const { buildOpenApiDescription: describeApi } = await import('./serve.ts')
  console.log(JSON.stringify(await describeApi(await loadConfig()), null, 2))
})

addHelpExamples(
  program
    .command('seed')
    .argument('[folder]', 'folder of case folders, instead of seeds/')
    .description('load the cases that the database does not have; works while a server runs')
    .option('--json', 'say as JSON how many were loaded'),
  ['casefile seed', 'casefile seed ./my-cases'],
  'a case cannot be loaded: stderr says file, line and reason, and nothing of it is stored',
).action(async (folder: string | undefined, options: JsonOption) => {
  const { seedMissingCases: seedAll } = await import('./intake/seed/seed-case.ts')
  const tell = createProgressReporter(options)
  await withDatabase(async (database) => {
    const loaded = await seedAll(database, tell.printLine, {
      folder,
      reportCount: tell.reportProgress,
    })
    if (loaded === 0) tell.printLine('Nothing to do: every case is there.')
    tell.printResult({ loaded })
  })
})

addHelpExamples(
  program
    .command('ingest')
    .argument('<file...>', 'plain text, HTML, PDF with a text layer, DOCX')
    .requiredOption('--case <ref>', 'slug or id of the case that they belong to')
    .description('bring documents into a case as articles; works while a server runs')
    .option('--json', 'say as JSON what became of each file'),
  ['casefile ingest --case canada-turkey-wescam article.html report.pdf'],
  'a file was refused: stdout says which and why; the others are stored',
).action(async (files: string[], options: JsonOption & { case: string }) => {
  const { ingestFiles } = await import('./intake/documents/ingest-files.ts')
  const tell = createProgressReporter(options)
  await withDatabase(async (database, config) => {
    const given = { case: options.case, limitBytes: config.DOCUMENT_LIMIT_BYTES }
    const outcomes: object[] = []
    const refused = await ingestFiles(database, files, given, (outcome) => {
      const { file, message, refused } = outcome
      tell.printLine(`${file}: ${refused ? 'REFUSED. ' : ''}${message}`)
      outcomes.push(outcome)
      tell.reportProgress('files', outcomes.length, files.length)
    })
    tell.printResult({ files: outcomes, refused })
    if (refused > 0) throw new FatalError(`${refused} of ${files.length} were refused.`)
  })
})

addHelpExamples(
  program
    .command('verify')
    .description(
      'check the chain of the ledger, and all other data against it and against what it is derived from',
    )
    .option('--against <file>', 'heads that were published earlier, one JSON object a line')
    .option('--ledger-key <file>', 'with --against: the public key that must have signed them')
    .option(
      '--timestamp-ca <file>',
      'with --against: certificates that their time-stamps must lead to',
    )
    .option('--json', 'say the outcome as JSON'),
  [
    'casefile verify',
    'casefile verify --json | jq .hash',
    'casefile verify --against heads.ndjson --ledger-key ledger-key.pub',
  ],
  'something does not hold: stderr says what',
).action(async (options: VerifyOptions) => {
  const { VerificationError, verifyAll } = await import('./answers/verification/verify-all.ts')
  const { readPublishedHeads, findHeadFault } = await import('./ledger/published-heads.ts')
  const tell = createProgressReporter(options)
  const published = options.against === undefined ? [] : readPublishedHeads(options.against)
  const wanted = new Set(published.map(({ revision }) => revision))
  const trust = {
    keyId: options.ledgerKey === undefined ? null : readKeyId(options.ledgerKey),
    certificates:
      options.timestampCa === undefined ? null : readFileSync(options.timestampCa, 'utf8'),
  }
  await withDatabase(async (database) => {
    try {
      const hashes = new Map<number, string>()
      const summary = await verifyAll(database, {
        progress: tell.printLine,
        reportCount: tell.reportProgress,
        onRevision: (revision, hash) => wanted.has(revision) && hashes.set(revision, hash),
      })
      const fault = await findHeadFault(published, hashes, trust)
      if (fault !== null) throw new VerificationError(fault)
      if (published.length > 0)
        tell.printLine(`Published heads: all ${published.length} are in this ledger.`)
      tell.printResult({ holds: true, ...summary, publishedHeads: published.length })
    } catch (error) {
      if (!(error instanceof VerificationError)) throw error
      tell.printResult({ holds: false, reason: error.message })
      throw new FatalError(`DOES NOT HOLD. ${error.message}`)
    }
  })
})

addImportRegisterCommand(program, withDatabase)
addLedgerKeyCommand(registerKeyCommands(program, withDatabase))
addHeadCommand(program, withDatabase)
bundleCommands(program, withDatabase)

/** Read by the commands that have some, as everything is that only some commands need. */
async function loadConfig(): Promise<Config> {
  const { readConfig } = await import('./config.ts')
  return readConfig(process.env)
}

async function withDatabase(
  work: (database: import('./database/database.ts').Database, config: Config) => Promise<void>,
): Promise<void> {
  const config = await loadConfig()
  const { openMigratedDatabase: openMigrated } = await import('./database/database-from-config.ts')
  const opened = await openMigrated(config, (line) => console.error(line))
  try {
    if (opened.isMigrated) {
      const { completeLedger } = await import('./records/write/complete-ledger.ts')
      await completeLedger(opened.database)
    }
    await work(opened.database, config)
  } finally {
    await opened.close()
  }
}

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else {
    const { describeFailure } = await import('./database/command-failures.ts')
    // Thrown on, a bug would be printed with the line that it comes from, which is huge in a minified package.
    console.error(describeFailure(error) ?? error)
    process.exitCode = 1
  }
}
// A database that hangs may hold connections open, and Prisma's engine leaves a timer behind: neither is waited for.
process.stdout.write('', () => process.exit())
