import { z } from 'zod'
import { FatalError } from './fatal-error.ts'

const integerSetting = (minimum: number, maximum: number, defaultValue: number) =>
  z.coerce.number().int().min(minimum).max(maximum).default(defaultValue)

/** Every setting there is, read from the environment. Each description is its line in docs/settings.md. */
const Config = z.object({
  DATABASE_URL: z
    .url({
      protocol: /^postgres(ql)?$/,
      message: 'must look like postgres://user:password@host:5432/name',
    })
    .optional()
    .describe(
      'A PostgreSQL (15 or later) of your own. Without it an embedded PostgreSQL runs under `DATA_DIR`.',
    ),
  DATA_DIR: z.string().min(1).default('.data').describe('Folder of the embedded PostgreSQL.'),
  HOST: z
    .string()
    .min(1)
    .default('localhost')
    .describe('Address to listen on; `0.0.0.0` to be reached from other machines.'),
  PORT: integerSetting(0, 65_535, 3000).describe('Port to listen on; 0 picks a free one.'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, message: 'must start with http:// or https://' })
    .optional()
    .describe(
      'Where clients reach the server, for the OpenAPI document, when a proxy stands before it.',
    ),
  TRUST_PROXY: z
    .stringbool()
    .default(false)
    .describe('Believe `X-Forwarded-*` headers: only behind a proxy that sets them.'),
  ACCESS: z
    .enum(['public', 'private'])
    .default('public')
    .describe('`public`: anybody reads; `private`: reading needs a key too. Writing always does.'),
  SEED: z
    .stringbool()
    .default(true)
    .describe('Load the cases under `seeds/` at start when they are missing.'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('Least severe level logged.'),
  LOG_FORMAT: z
    .enum(['auto', 'json', 'pretty'])
    .default('auto')
    .describe('`auto` is pretty on a terminal and JSON otherwise.'),
  POOL_SIZE: integerSetting(1, 1_000, 10).describe(
    'Connections to the database that one process holds at most for reading; fewer where PostgreSQL does not have so many for all processes.',
  ),
  WORKERS: integerSetting(1, 256, 1).describe(
    'Processes that answer on the one port. `POOL_SIZE`, `CACHE_MB`, `MAX_CONCURRENT_REQUESTS`, `MAX_CONCURRENT_QUERIES` and `RATE_LIMIT_PER_MINUTE` are of each of them.',
  ),
  MAX_CONCURRENT_REQUESTS: integerSetting(0, 100_000, 64).describe(
    'Requests that one process answers at the same time; what is more gets a 503, at once or, where hundreds a second are refused, about a second later; meanwhile a sixteenth of the places is given. 0 is no limit. Streams of changes and health checks do not count.',
  ),
  MAX_CONCURRENT_QUERIES: integerSetting(0, 1_000, 0).describe(
    'Timelines, searches, networks, findings and batches of names that one process works on at once: the next begins when one is answered, or after a tenth of a second. 0 is one for each processor.',
  ),
  STATEMENT_TIMEOUT_MS: integerSetting(100, 600_000, 10_000).describe(
    'Longest time that one database query of a request may take, in milliseconds; exports are free of it.',
  ),
  CACHE_MB: integerSetting(0, 100_000, 32).describe(
    'Memory for answers that are kept until the next revision, in MiB; 0 keeps none.',
  ),
  BODY_LIMIT_BYTES: integerSetting(1_024, 1_073_741_824, 1_048_576).describe(
    'Largest request body, in bytes.',
  ),
  DOCUMENT_LIMIT_BYTES: integerSetting(1_024, 1_073_741_824, 33_554_432).describe(
    'Largest file that is taken in as an article, in bytes.',
  ),
  RATE_LIMIT_PER_MINUTE: integerSetting(0, 10_000_000, 6_000).describe(
    'Requests that one client address may send in a minute; 0 is no limit. Answers that are kept in memory do not count.',
  ),
  LEDGER_KEY: z
    .string()
    .optional()
    .describe(
      'Ed25519 private key in PEM that signs heads of the ledger; `casefile keys ledger` makes one.',
    ),
  LEDGER_KEY_FILE: z.string().optional().describe('File with that key, instead of `LEDGER_KEY`.'),
  LEDGER_TIMESTAMP_URL: z
    .url({ protocol: /^https?$/, message: 'must start with http:// or https://' })
    .optional()
    .describe(
      'Time-stamp authority (RFC 3161) that `casefile head` asks for a stamp. Without it nothing is sent anywhere.',
    ),
  SHUTDOWN_SECONDS: integerSetting(0, 600, 10).describe(
    'How long a stopping server waits for requests in flight, in seconds.',
  ),
})
export type Config = z.infer<typeof Config>

/** Name and meaning of each setting, with its standard value as text (`null` when there is none). */
export const settingDescriptions = Object.entries(Config.shape).map(([name, schema]) => {
  const defaultValue = schema.safeParse(undefined).data
  return {
    name,
    description: schema.description ?? '',
    defaultValue: defaultValue === undefined ? null : String(defaultValue),
  }
})

/**
 * Parses the environment once, at start. An empty variable counts as unset.
 *
 * @throws {FatalError} with one line that names every wrong setting
 */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const variables = Object.fromEntries(
    Object.keys(Config.shape)
      .map((name) => [name, environment[name]] as const)
      .filter(([, value]) => value !== undefined && value !== ''),
  )
  const result = Config.safeParse(variables)
  if (result.success) return result.data
  const messages = result.error.issues.map((issue) => {
    const name = String(issue.path[0])
    const shown =
      name === 'DATABASE_URL' || name === 'LEDGER_KEY'
        ? ''
        : ` (it is ${JSON.stringify(variables[name])})`
    return `${name}: ${issue.message}${shown}`
  })
  throw new FatalError(`Wrong settings. ${messages.join('; ')}`)
}
