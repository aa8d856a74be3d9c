import type { Command } from 'commander'
import { addHelpExamples } from '../cli/help.ts'
import type { Config } from '../config.ts'
import type { Database } from '../database/database.ts'
import { FatalError } from '../fatal-error.ts'
import { type AuditEvent, logAuditEvent } from './audit-log.ts'
import { type Scope, scopes } from './keys.ts'

type WithDatabase = (work: (database: Database, config: Config) => Promise<void>) => Promise<void>

/** `casefile keys create|list|revoke`. They work while a server runs. */
export function registerKeyCommands(program: Command, withDatabase: WithDatabase): Command {
  const keys = addHelpExamples(
    program.command('keys').description('make, list and revoke the keys of clients'),
    ['casefile keys create --name desk --scope write', 'casefile keys list'],
  )

  const create = keys
    .command('create')
    .description('make a key; its text goes to stdout and is shown only once')
    .requiredOption('--name <name>', 'unique name of its user')
    .option('--scope <scope>', `one of ${scopes.join(', ')}`, 'read')
    .option('--expires <date>', 'ISO date or instant after which it is refused, e.g. 2027-01-31')
    .option('--json', 'print as JSON')
    .action(async (options: { name: string; scope: string; expires?: string; json?: true }) => {
      const name = parseName(options.name)
      const scope = parseScopeOption(options.scope)
      const expiresAt = options.expires === undefined ? null : parseExpiry(options.expires)
      await withDatabase(async ({ db }, config) => {
        const { createKey } = await import('./queries.ts')
        const key = await createKey(db, { name, scope, expiresAt })
        if (key === null) throw new FatalError(`There is already a key with the name "${name}".`)
        const event = { keyId: key.id, keyName: name, scope, expiresAt }
        await logToStderr(config, { audit: 'key-created', ...event })
        if (options.json)
          return console.log(JSON.stringify({ id: key.id, name, scope, expiresAt, key: key.text }))
        console.error(`Key "${name}" with scope ${scope}, shown only once:`)
        console.log(key.text)
      })
    })
  addHelpExamples(create, [
    'casefile keys create --name desk --scope write --expires 2027-01-31',
    'KEY=$(casefile keys create --name script)',
  ])

  const list = keys
    .command('list')
    .description('list all keys, oldest first (without their texts, which are not stored)')
    .option('--json', 'print as JSON')
    .action(async ({ json }: { json?: true }) =>
      withDatabase(async ({ db }) => {
        const { listKeys } = await import('./queries.ts')
        const allKeys = await listKeys(db)
        if (json) console.log(JSON.stringify(allKeys, undefined, 2))
        else if (allKeys.length === 0)
          console.log('There are no keys. Make one: casefile keys create --name desk')
        else
          console.table(
            allKeys.map(({ id, name, scope, createdAt, expiresAt, revokedAt, lastUsedAt }) => ({
              id,
              name,
              scope,
              created: createdAt,
              expires: expiresAt ?? 'never',
              revoked: revokedAt ?? 'no',
              'last used': lastUsedAt ?? 'never',
            })),
          )
      }),
    )

  addHelpExamples(list, ['casefile keys list', 'casefile keys list --json | jq length'])

  const revoke = keys
    .command('revoke')
    .description('revoke a key: it is refused from now on')
    .argument('<name-or-id>', 'name or id of the key')
    .option('--json', 'print as JSON')
    .action(async (nameOrId: string, { json }: { json?: true }) =>
      withDatabase(async ({ db }, config) => {
        const { revokeKey } = await import('./queries.ts')
        const key = await revokeKey(db, nameOrId)
        if (key === null) throw new FatalError(`No active key has the name or id "${nameOrId}".`)
        await logToStderr(config, { audit: 'key-revoked', keyId: key.id, keyName: key.name })
        console.log(json ? JSON.stringify({ revoked: nameOrId }) : `Revoked: ${nameOrId}`)
      }),
    )
  addHelpExamples(revoke, ['casefile keys revoke desk'])
  return keys
}

/** Stdout has the output of the command. */
async function logToStderr(config: Config, event: AuditEvent): Promise<void> {
  const { createLogger } = await import('../log.ts')
  logAuditEvent(await createLogger(config, 'stderr'), event)
}

function parseName(option: string): string {
  const name = option.trim()
  if (name === '' || name.length > 200) throw new FatalError('--name needs 1 to 200 characters.')
  if (/\p{Cc}/u.test(name)) throw new FatalError('--name must not contain control characters.')
  return name
}

function parseScopeOption(option: string): Scope {
  const scope = scopes.find((name) => name === option)
  if (scope === undefined)
    throw new FatalError(`--scope must be one of ${scopes.join(', ')}, not "${option}".`)
  return scope
}

function parseExpiry(option: string): Date {
  const instant = new Date(option)
  if (!/^\d{4}-\d\d-\d\d/.test(option) || Number.isNaN(instant.getTime()))
    throw new FatalError(`--expires must be an ISO date such as 2027-01-31, not "${option}".`)
  if (instant.getTime() <= Date.now()) throw new FatalError(`--expires is in the past: ${option}.`)
  return instant
}
