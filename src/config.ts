import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { z } from 'zod'
import { findUrlFault, toDriverUrl } from './database-url.ts'
import { FatalError } from './fatal-error.ts'

const integerSetting = (minimum: number, maximum: number, defaultValue: number) =>
  z.coerce.number().int().min(minimum).max(maximum).default(defaultValue)

const proxyPattern = /^([\da-fA-F.:]+?)(?:\/(\d{1,3}))?$/

function isProxyAddress(text: string): boolean {
  const [, address = '', prefix = '0'] = proxyPattern.exec(text) ?? []
  return isIP(address) !== 0 && Number(prefix) <= (isIP(address) === 4 ? 32 : 128)
}

/** A PostgreSQL URL as the driver needs it. */
const DatabaseUrl = z
  .url({
    protocol: /^postgres(ql)?$/,
    message: 'must look like postgres://user:password@host:5432/name',
  })
  .transform((text, context): string => {
    const fault = findUrlFault(text)
    if (fault === null) return toDriverUrl(text)
    context.addIssue(fault)
    return z.NEVER
  })

/** A number of proxies, or a list of their addresses. */
const TrustProxy = z.string().transform((text, context): false | number | string[] => {
  if (/^(off|false|no|0)$/i.test(text)) return false
  if (/^[1-9]\d?$/.test(text)) return Number(text)
  const addresses = text.split(',').map((address) => address.trim())
  if (addresses.every(isProxyAddress)) return addresses
  context.addIssue(
    'must be the number of proxies before the server, or their addresses (10.0.0.0/8,::1)',
  )
  return z.NEVER
})

/** All settings, read from the environment. The descriptions appear in docs/settings.md. */
const Config = z.object({
  DATABASE_URL: DatabaseUrl.optional().describe(
    'URL of your own PostgreSQL (15 or later), or of a connection pooler before it. Parameters such as `sslmode` have the meaning that they have in libpq. If unset, an embedded PostgreSQL runs in `DATA_DIR`.',
  ),
  DATABASE_URL_FILE: z
    .string()
    .optional()
    .describe('File with that URL, instead of `DATABASE_URL`.'),
  DATABASE_DIRECT_URL: DatabaseUrl.optional().describe(
    'URL of PostgreSQL itself, when `DATABASE_URL` leads to a connection pooler in transaction mode. Announcements of revisions, migrations and imports use it.',
  ),
  DATABASE_DIRECT_URL_FILE: z
    .string()
    .optional()
    .describe('File with that URL, instead of `DATABASE_DIRECT_URL`.'),
  DATABASE_REPLICA_URLS: z
    .string()
    .transform((text, context): string[] => {
      const urls = text.split(',').map((url) => DatabaseUrl.safeParse(url.trim()))
      const failed = urls.find(({ success }) => !success)
      for (const { message } of failed?.error?.issues ?? []) context.addIssue(message)
      return urls.flatMap(({ data }) => data ?? [])
    })
    .optional()
    .describe(
      'URLs of streaming standbys of the database, separated by commas. A standby answers reads when it has replayed every revision that the server knows.',
    ),
  DATABASE_REPLICA_URLS_FILE: z
    .string()
    .optional()
    .describe('File with those URLs, instead of `DATABASE_REPLICA_URLS`.'),
  DATABASE_PREPARED: z
    .stringbool()
    .default(true)
    .describe(
      'Send statements with a name, so that PostgreSQL plans them once. Set `false` for a connection pooler in transaction mode that does not keep prepared statements.',
    ),
  DATA_DIR: z.string().min(1).default('.data').describe('Folder of the embedded PostgreSQL.'),
  HOST: z
    .string()
    .min(1)
    .default('localhost')
    .describe('Address to listen on. `0.0.0.0` accepts connections from other machines.'),
  PORT: integerSetting(0, 65_535, 3000).describe('Port to listen on. 0 picks a free port.'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, message: 'must start with http:// or https://' })
    .optional()
    .describe(
      'URL under which clients reach the server behind a proxy. It appears in the OpenAPI description and in links.',
    ),
  TRUST_PROXY: TrustProxy.default(false).describe(
    'Proxies before the server, whose `X-Forwarded-*` headers name the client: their number (`1`), or their addresses (`10.0.0.0/8,::1`). Set it only behind a proxy that sets these headers. `off`: no proxy.',
  ),
  ACCESS: z
    .enum(['public', 'private'])
    .default('public')
    .describe(
      '`public`: anybody can read. `private`: reading needs a key too. Writing always needs a key.',
    ),
  SEED: z.stringbool().default(true).describe('Load missing cases from `seeds/` at start.'),
  REFERENCE_PLACES: z
    .stringbool()
    .default(true)
    .describe('Make missing countries and capitals of `reference/places.json` at start.'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('Lowest level that is logged.'),
  LOG_FORMAT: z
    .enum(['auto', 'json', 'pretty'])
    .default('auto')
    .describe('`auto`: pretty on a terminal, JSON lines otherwise.'),
  POOL_SIZE: integerSetting(1, 1_000, 10).describe(
    'Maximum number of database connections for reading, per process. The server lowers it when PostgreSQL has too few connections for all processes.',
  ),
  WORKERS: integerSetting(1, 256, 1).describe(
    'Number of processes that share the port. `POOL_SIZE`, `CACHE_MB` and all limits on requests and clients apply to each process.',
  ),
  MAX_CONCURRENT_REQUESTS: integerSetting(0, 100_000, 64).describe(
    'Maximum number of concurrent requests. Excess requests get a 503. A request counts once its body has been read. Streams of changes and health checks do not count. 0: no limit.',
  ),
  MAX_CONCURRENT_QUERIES: integerSetting(0, 1_000, 0).describe(
    'Number of timelines, searches, networks, findings and reconciliation batches that are computed at the same time. The next one starts when one is done, or after 100 ms. 0: one per processor.',
  ),
  STATEMENT_TIMEOUT_MS: integerSetting(100, 600_000, 10_000).describe(
    'Maximum duration of a database query of a request, in milliseconds. Exports have no such limit.',
  ),
  CACHE_MB: integerSetting(0, 100_000, 32).describe(
    'Memory for the response cache, in MiB. Each revision empties it. 0: no cache.',
  ),
  BODY_LIMIT_BYTES: integerSetting(1_024, 1_073_741_824, 1_048_576).describe(
    'Maximum size of a request body, in bytes.',
  ),
  DOCUMENT_LIMIT_BYTES: integerSetting(1_024, 1_073_741_824, 33_554_432).describe(
    'Maximum size of a file that becomes an article, in bytes.',
  ),
  OCR: z
    .stringbool()
    .default(true)
    .describe(
      'Read pages without text by text recognition, if its packages are installed. `off`: refuse scans.',
    ),
  OCR_LANGUAGES: z
    .string()
    .regex(/^[a-z_]{3,10}(,[a-z_]{3,10}){0,9}$/, 'must be language codes such as eng,fra')
    .default('eng')
    .describe(
      'Languages of scans, as the codes of installed packages `@tesseract.js-data/<code>`: `eng,fra`. Each one takes time.',
    ),
  OCR_SECONDS: integerSetting(1, 86_400, 1_800).describe(
    'Maximum time for the text recognition of one document, in seconds. A page takes 2 to 10 seconds.',
  ),
  OCR_MEMORY_MB: integerSetting(256, 100_000, 1_536).describe(
    'Maximum memory of the process that recognises text, in MiB.',
  ),
  RATE_LIMIT_PER_MINUTE: integerSetting(0, 10_000_000, 6_000).describe(
    'Maximum number of requests per client address and minute. Cached responses do not count. 0: no limit.',
  ),
  MAX_CONNECTIONS_PER_CLIENT: integerSetting(0, 1_000_000, 256).describe(
    'Maximum number of open connections per client address. Does not apply to proxies of `TRUST_PROXY`. 0: no limit.',
  ),
  MAX_BODIES_PER_CLIENT: integerSetting(0, 1_000_000, 16).describe(
    'Maximum number of request bodies that a client address sends at the same time. 0: no limit.',
  ),
  HEADERS_TIMEOUT_SECONDS: integerSetting(1, 3_600, 15).describe(
    'Maximum time in which the headers of a request must arrive, in seconds.',
  ),
  REQUEST_TIMEOUT_SECONDS: integerSetting(1, 86_400, 300).describe(
    'Maximum time in which a request with its body must arrive, in seconds.',
  ),
  MIN_BODY_BYTES_PER_SECOND: integerSetting(0, 1_000_000_000, 500).describe(
    'Minimum rate at which a request body must arrive, in bytes per second, over any 5 seconds. 0: no minimum.',
  ),
  MAX_CONCURRENT_EXPORTS: integerSetting(1, 1_000, 4).describe(
    'Maximum number of exports, such as CSV lists, bundles and the ledger, that are read at the same time. Each holds a database connection. The next one waits for 2 seconds and then gets a 503.',
  ),
  MAX_EXPORTS_PER_CLIENT: integerSetting(0, 1_000, 2).describe(
    'Maximum number of exports that a client address reads at the same time. 0: no limit.',
  ),
  SEND_TIMEOUT_SECONDS: integerSetting(1, 3_600, 30).describe(
    'Time after which a client that does not read its response is disconnected, in seconds.',
  ),
  MAX_STREAMS: integerSetting(0, 1_000_000, 256).describe(
    'Maximum number of open streams of changes. 0: no limit.',
  ),
  MAX_STREAMS_PER_CLIENT: integerSetting(0, 1_000_000, 32).describe(
    'Maximum number of open streams of changes per client address. 0: no limit.',
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
  METRICS_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .describe(
      'Port of `/metrics` for Prometheus. 0 picks a free port. If unset, there are no metrics.',
    ),
  METRICS_HOST: z
    .string()
    .min(1)
    .default('localhost')
    .describe('Address of `METRICS_PORT`. Metrics have no access control.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/, message: 'must start with http:// or https://' })
    .optional()
    .describe(
      'URL of an OpenTelemetry collector (OTLP over HTTP), which gets a trace of each request.',
    ),
  OTEL_SERVICE_NAME: z
    .string()
    .min(1)
    .default('casefile')
    .describe('Name of this server in traces.'),
  SESSION_SECRET: z
    .string()
    .min(32, 'must have at least 32 characters')
    .optional()
    .describe(
      'Signs the cookies of people who sign in on the review desk. Default: random at each start, so a restart ends all sessions. Set the same on all servers that answer for one address.',
    ),
  SESSION_SECRET_FILE: z
    .string()
    .optional()
    .describe('File with that secret, instead of `SESSION_SECRET`.'),
  ROBOTS: z
    .enum(['all', 'none'])
    .default('none')
    .describe('Whether search engines may index the pages: `all` or `none`.'),
  SHUTDOWN_SECONDS: integerSetting(0, 600, 10).describe(
    'Time that requests in flight have to finish when the server stops, in seconds.',
  ),
})
export type Config = z.infer<typeof Config>

/** Name and meaning of each setting, with its default as text (`null` when there is none). */
export const settingDescriptions = Object.entries(Config.shape).map(([name, schema]) => {
  const defaultValue = schema.safeParse(undefined).data
  return {
    name,
    description: schema.description ?? '',
    defaultValue: defaultValue === undefined ? null : String(defaultValue),
  }
})

/** Settings with a password or a key. Each may be in a file, named by `<name>_FILE`. */
const secretNames = [
  'DATABASE_URL',
  'DATABASE_DIRECT_URL',
  'DATABASE_REPLICA_URLS',
  'SESSION_SECRET',
] as const
const hiddenNames: ReadonlySet<string> = new Set([...secretNames, 'LEDGER_KEY'])

/** @throws {FatalError} */
function readSecretFile(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    throw new FatalError(`Wrong settings. ${name}_FILE: ${file} cannot be read (${code})`, {
      cause: error,
    })
  }
}

/**
 * Parses the environment. An empty variable counts as unset.
 *
 * @throws {FatalError} with one line that names every invalid setting
 */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const variables = Object.fromEntries(
    Object.keys(Config.shape)
      .map((name) => [name, environment[name]] as const)
      .filter(([, value]) => value !== undefined && value !== ''),
  )
  for (const name of secretNames) {
    const file = variables[`${name}_FILE`]
    if (file === undefined) continue
    if (variables[name] !== undefined)
      throw new FatalError(`Wrong settings. Set ${name} or ${name}_FILE, not both`)
    variables[name] = readSecretFile(name, file)
  }
  const result = Config.safeParse(variables)
  if (result.success) return result.data
  const messages = result.error.issues.map((issue) => {
    const name = String(issue.path[0])
    const shown = hiddenNames.has(name) ? '' : ` (it is ${JSON.stringify(variables[name])})`
    return `${name}: ${issue.message}${shown}`
  })
  throw new FatalError(`Wrong settings. ${messages.join('; ')}`)
}
