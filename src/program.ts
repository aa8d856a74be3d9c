import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, CommanderError } from 'commander'
import { registerKeyCommands } from './access/commands.ts'
import { addHelpExamples, exitCodesHelp } from './cli/help.ts'
import { createProgressReporter } from './cli/progress-reporter.ts'
import type { Config } from './config.ts'
import { addBackupCommands } from './exchange/backup/commands.ts'
import { bundleCommands } from './exchange/bundle/commands.ts'
import { FatalError } from './fatal-error.ts'
import { addImportRegisterCommand } from './intake/registers/command.ts'
import { addDraftMapCommand } from './intake/registers/draft-map/command.ts'
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

type IngestFlags = import('./intake/documents/ingest-files.ts').IngestFlags
type JsonOption = { json?: true }
type VerifyOptions = JsonOption & { against?: string; ledgerKey?: string; timestampCa?: string }

addHelpExamples(
  program
    .command('serve')
    .description('start the API (settings: docs/settings.md)')
    .option('--json', 'log as JSON lines, also on a terminal'),
  ['casefile serve', 'PORT=8080 DATABASE_URL=postgres://user:password@host/name casefile serve'],
  'the server did not start, or did not stop cleanly: one line on stderr says why',
).action(async ({ json }: JsonOption) => {
  const config = { ...(await loadConfig()), ...(json && { LOG_FORMAT: 'json' as const }) }
  const [{ createLogger }, { serve }] = await Promise.all([
    import('./log.ts'),
    import('./serve.ts'),
  ])
  await serve(config, await createLogger(config))
})

program
  .command('prepare', { hidden: true })
  .description('migrate and seed a database, as a child process of serve')
  .action(async () => {
    const { prepareDatabase } = await import('./prepare.ts')
    await prepareDatabase(await loadConfig())
  })

addHelpExamples(
  program
    .command('get')
    .argument('<what...>', 'a list, or a list and a slug or id; then filters, as in the API')
    .description('query a running server; every filter of the API is an option')
    .usage('<list> [slug or id] [--filter value ...] [options]')
    .option('--format <format>', 'json, csv, ndjson or another that the list has', 'json')
    .option('--json', 'the same as --format json')
    .option('--server <url>', 'default: CASEFILE_SERVER, or http://localhost:3000')
    .option('--out <file>', 'write to a file; it is created only when the response is complete')
    .allowUnknownOption()
    .addHelpText('after', '\nThe key is read from CASEFILE_KEY, if reading needs one.'),
  [
    'casefile get permits --destination turkey --format csv',
    'casefile get permits wescam-mx15d-baykar-2020',
    'casefile get events --actor baykar --from 2020 --sort -on',
    'casefile get cases/canada-turkey-wescam/coverage --server https://casefile.example.org',
    'casefile get citations --voice kelsey-gallagher --format ndjson --out said.ndjson',
  ],
  'the server refused the request, is unreachable or closed the connection: stderr says why',
).action(
  async (
    words: string[],
    options: JsonOption & { format: string; server?: string; out?: string },
  ): Promise<void> => {
    const { runGet, parseGetArguments } = await import('./cli/get-command.ts')
    const { path, parameters } = parseGetArguments(words)
    if (options.format !== 'json' && !options.json) parameters.set('format', options.format)
    const { findServer } = await import('./cli/api-request.ts')
    const server = findServer(options.server)
    // A progress bar would be drawn over the response on the terminal.
    const isShown = options.out === undefined && process.stdout.isTTY
    const onProgress = isShown ? () => undefined : createProgressReporter({}).reportProgress
    await runGet({ path, parameters, ...server, outputFile: options.out }, onProgress)
  },
)

addHelpExamples(
  program
    .command('mcp')
    .description('serve an AI assistant over the Model Context Protocol on stdin and stdout')
    .option('--server <url>', 'default: CASEFILE_SERVER, or http://localhost:3000')
    .addHelpText(
      'after',
      '\nThe key is read from CASEFILE_KEY. Give the assistant one of its own: casefile keys create.',
    ),
  ['casefile mcp --server https://casefile.example.org'],
  'the optional package @modelcontextprotocol/sdk is missing',
).action(async (options: { server?: string }) => {
  const { findServer } = await import('./cli/api-request.ts')
  const { serveAssistant } = await import('./mcp/serve-assistant.ts')
  await serveAssistant(findServer(options.server), version)
})

addHelpExamples(
  program
    .command('propose')
    .argument('<article>', 'slug or id of the article')
    .requiredOption(
      '--endpoint <url>',
      'server of a language model, e.g. http://localhost:11434/v1',
    )
    .requiredOption('--model <name>', 'language model that it runs')
    .description(
      'send the text of an article to a language model, and its drafts to a running server for review',
    )
    .option('--server <url>', 'default: CASEFILE_SERVER, or http://localhost:3000')
    .option('--max-requests <number>', 'requests to the model at most', '50')
    .option('--max-tokens <number>', 'tokens at most, sent and received', '200000')
    .option('--piece-length <number>', 'characters of the text in one request', '6000')
    .option('--json', 'print the outcome as JSON')
    .addHelpText(
      'after',
      '\nThe endpoint speaks the OpenAI chat completions form. Its key is read from CASEFILE_MODEL_KEY, if it needs one.\nThe key of the server, of the scope propose, is read from CASEFILE_KEY. The text is sent to the endpoint and nowhere else.',
    ),
  [
    'casefile propose turkey-pressed-canada --endpoint http://localhost:11434/v1 --model llama3.1',
    'CASEFILE_MODEL_KEY=... casefile propose released-memo --endpoint https://api.example.com/v1 --model name --max-requests 10',
  ],
  'a server cannot be reached or refused the request, or no piece of the text got a usable answer',
).action(async (article: string, options: ProposeOptions) => {
  const { findServer } = await import('./cli/api-request.ts')
  const { proposeWithModel } = await import(
    './intake/proposals/language-model/propose-with-model.ts'
  )
  const reporter = createProgressReporter(options)
  const { server, key } = findServer(options.server)
  const result = await proposeWithModel({
    server: String(server),
    key: key ?? '',
    article,
    chat: {
      endpoint: options.endpoint,
      model: options.model,
      key: process.env.CASEFILE_MODEL_KEY || null,
      secondsPerRequest: 300,
      retryMs: 2_000,
    },
    requestsMax: parsePositive(options.maxRequests, '--max-requests'),
    tokensMax: parsePositive(options.maxTokens, '--max-tokens'),
    pieceLength: parsePositive(options.pieceLength, '--piece-length'),
    onProgress: (done, total) => reporter.reportProgress('pieces', done, total),
  })
  reporter.printLine(
    `${result.accepted} new drafts, ${result.joined} known ones; dropped: ${result.madeUp} with quotes that the article does not have, ${result.refused} others. ${result.requests} requests, ${result.tokens} tokens.`,
  )
  for (const line of [...result.failed, ...result.reasons]) reporter.printLine(`  ${line}`)
  reporter.printResult(result)
  if (result.failed.length === result.pieces)
    throw new FatalError('No piece of the text got a usable answer.')
})

type ProposeOptions = JsonOption & {
  endpoint: string
  model: string
  server?: string
  maxRequests: string
  maxTokens: string
  pieceLength: string
}

function parsePositive(text: string, option: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1)
    throw new FatalError(`${option} must be a whole number from 1, not "${text}".`)
  return value
}

addHelpExamples(program.command('openapi').description('print the OpenAPI description'), [
  'casefile openapi > openapi.json',
]).action(async () => {
  const { buildOpenApiDescription } = await import('./serve.ts')
  console.log(JSON.stringify(await buildOpenApiDescription(await loadConfig()), null, 2))
})

addHelpExamples(
  program
    .command('seed')
    .argument('[folder]', 'folder of case folders, or one case folder, instead of seeds/')
    .description('load the cases that are missing in the database; works while a server runs')
    .option('--json', 'print the number of loaded cases as JSON'),
  ['casefile seed', 'casefile seed ./my-cases'],
  'a case is invalid: stderr names file, line and reason; nothing of the case is stored',
).action(async (folder: string | undefined, options: JsonOption) => {
  const { seedMissingCases } = await import('./intake/seed/seed-case.ts')
  const reporter = createProgressReporter(options)
  await withDatabase(async (database) => {
    const loaded = await seedMissingCases(database, reporter.printLine, {
      folder,
      reportCount: reporter.reportProgress,
    })
    if (loaded === 0) reporter.printLine('Nothing to do: the database has all cases.')
    reporter.printResult({ loaded })
  })
})

addHelpExamples(
  program
    .command('ingest')
    .argument('<file...>', 'plain text, HTML, PDF, DOCX, or a scan: PDF, PNG, JPEG, TIFF')
    .requiredOption('--case <ref>', 'slug or id of the case of the articles')
    .option('--title <title>', 'the title; only with one file')
    .option('--url <url>', 'where it was published; only with one file')
    .option('--type <type>', 'what kind of documents they are, e.g. news-article')
    .option('--publisher <ref>', 'slug or id of the publisher')
    .option('--author <name...>', 'who wrote them')
    .option('--published-on <edtf>', 'when they were published, e.g. 2021-04-12')
    .option('--language <tag>', 'their language, e.g. en')
    .description('add documents to a case as articles; works while a server runs')
    .option('--json', 'print the outcome for each file as JSON'),
  [
    'casefile ingest --case canada-turkey-wescam article.html report.pdf',
    'casefile ingest --case canada-turkey-wescam --publisher the-globe-and-mail --published-on 2021-04-12 article.txt',
  ],
  'a file was refused: stdout says which and why; the other files are stored',
).action(async (files: string[], options: JsonOption & IngestFlags & { case: string }) => {
  const { ingestFiles, readDescription } = await import('./intake/documents/ingest-files.ts')
  const description = readDescription(options, files.length)
  const reporter = createProgressReporter(options)
  await withDatabase(async (database, config) => {
    const { readRecognitionSettings } = await import('./intake/extraction/ocr/recognition.ts')
    const ingestOptions = {
      case: options.case,
      description,
      limitBytes: config.DOCUMENT_LIMIT_BYTES,
      recognition: readRecognitionSettings(config),
      onPage: (file: string, done: number, total: number) =>
        reporter.reportProgress(`pages of ${file}`, done, total),
    }
    const outcomes: object[] = []
    const refused = await ingestFiles(database, files, ingestOptions, (outcome) => {
      const { file, message, refused } = outcome
      reporter.printLine(`${file}: ${refused ? 'REFUSED. ' : ''}${message}`)
      outcomes.push(outcome)
      reporter.reportProgress('files', outcomes.length, files.length)
    })
    reporter.printResult({ files: outcomes, refused })
    if (refused > 0) throw new FatalError(`${refused} of ${files.length} were refused.`)
  })
})

addHelpExamples(
  program
    .command('verify')
    .description(
      'check the hash chain of the ledger, and all other data against it and against what it is derived from',
    )
    .option('--against <file>', 'heads that were published earlier, one JSON object a line')
    .option('--ledger-key <file>', 'with --against: the public key that must have signed them')
    .option(
      '--timestamp-ca <file>',
      'with --against: certificates that their time-stamps must lead to',
    )
    .option('--json', 'print the outcome as JSON'),
  [
    'casefile verify',
    'casefile verify --json | jq .hash',
    'casefile verify --against heads.ndjson --ledger-key ledger-key.pub',
  ],
  'a check failed: stderr says which',
).action(async (options: VerifyOptions) => {
  const { VerificationError, verifyAll } = await import('./answers/verification/verify-all.ts')
  const { readPublishedHeads, findHeadFault } = await import('./ledger/published-heads.ts')
  const reporter = createProgressReporter(options)
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
        progress: reporter.printLine,
        reportCount: reporter.reportProgress,
        onRevision: (revision, hash) => wanted.has(revision) && hashes.set(revision, hash),
      })
      const fault = await findHeadFault(published, hashes, trust)
      if (fault !== null) throw new VerificationError(fault)
      if (published.length > 0)
        reporter.printLine(`Published heads: all ${published.length} are in this ledger.`)
      reporter.printResult({ holds: true, ...summary, publishedHeads: published.length })
    } catch (error) {
      if (!(error instanceof VerificationError)) throw error
      reporter.printResult({ holds: false, reason: error.message })
      throw new FatalError(`DOES NOT HOLD. ${error.message}`)
    }
  })
})

addImportRegisterCommand(program, withDatabase)
addDraftMapCommand(program)
addLedgerKeyCommand(registerKeyCommands(program, withDatabase))
addHeadCommand(program, withDatabase)
bundleCommands(program, withDatabase)
addBackupCommands(program, loadConfig)

/** Loaded by the commands that have settings: a command loads only the modules that it needs. */
async function loadConfig(): Promise<Config> {
  const { readConfig } = await import('./config.ts')
  return readConfig(process.env)
}

async function withDatabase(
  work: (database: import('./database/database.ts').Database, config: Config) => Promise<void>,
): Promise<void> {
  const config = await loadConfig()
  const { openMigratedDatabase } = await import('./database/database-from-config.ts')
  const opened = await openMigratedDatabase(config, (line) => console.error(line))
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
    // Node would also print the source line of an uncaught error, which is huge in a minified package.
    const { describeFailure } = await import('./database/command-failures.ts')
    console.error(describeFailure(error) ?? error)
    process.exitCode = 1
  }
}
// Does not wait for connections of a database that hangs, nor for a timer of Prisma's engine.
process.stdout.write('', () => process.exit())
