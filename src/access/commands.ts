import type { Command } from 'commander'
import { addHelpExamples } from '../cli/help.ts'
import type { Database } from '../database/database.ts'
import { FatalError } from '../fatal-error.ts'
import { type Scope, scopes } from './keys.ts'

type WithDatabase = (work: (database: Database) => Promise<void>) => Promise<void>

/** `casefile keys create|list|revoke`; they work beside a running server. */
export function registerKeyCommands(program: Command, withDatabase: WithDatabase): Command {
  const keys = addHelpExamples(
    program.command('keys').description('make, list and revoke the keys that clients show'),
    ['casefile keys create --name desk --scope write', 'casefile keys list'],
  )

  const create = keys
    .command('create')
    .description('make a key; its text goes to stdout and is shown this once')
    .requiredOption('--name <name>', 'who or what it is for; unique')
    .option('--scope <scope>', `one of ${scopes.join(', ')}`, 'read')
    .option('--expires <date>', 'ISO date or instant after which it is refused, e.g. 2027-01-31')
    .option('--json', 'as JSON')
    .action(async (given: { name: string; scope: string; expires?: string; json?: true }) => {
      const wanted = { name: parseName(given.name), scope: parseScopeOption(given.scope) }
      const expiresAt = given.expires === undefined ? null : parseExpiry(given.expires)
      await withDatabase(async ({ db }) => {
        const { createKey } = await import('./queries.ts')
        const key = await createKey(db, { ...wanted, expiresAt })
        if (key === null)
          throw new FatalError(`There is a key of the name "${wanted.name}" already.`)
        if (given.json)
          return console.log(JSON.stringify({ id: key.id, ...wanted, expiresAt, key: key.text }))
        console.error(`Key "${wanted.name}" of scope ${wanted.scope}; it is shown this once:`)
        console.log(key.text)
      })
    })
  addHelpExamples(create, [
    'casefile keys create --name desk --scope write --expires 2027-01-31',
    'KEY=$(casefile keys create --name script)',
  ])

  const list = keys
    .command('list')
    .description('list all keys, oldest first (not their texts: those are not stored)')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: true }) =>
      withDatabase(async ({ db }) => {
        const { listKeys } = await import('./queries.ts')
        const all = await listKeys(db)
        if (json) console.log(JSON.stringify(all, undefined, 2))
        else if (all.length === 0)
          console.log('There are no keys. Make one: casefile keys create --name desk')
        else
          console.table(
            all.map(({ id, name, scope, createdAt, expiresAt, revokedAt, lastUsedAt }) => ({
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
    .description('refuse a key from now on')
    .argument('<name-or-id>', 'of the key, as the list shows it')
    .option('--json', 'as JSON')
    .action(async (nameOrId: string, { json }: { json?: true }) =>
      withDatabase(async ({ db }) => {
        const { revokeKey } = await import('./queries.ts')
        if (!(await revokeKey(db, nameOrId)))
          throw new FatalError(`No key that is in use has the name or id "${nameOrId}".`)
        console.log(json ? JSON.stringify({ revoked: nameOrId }) : `Revoked: ${nameOrId}`)
      }),
    )
  addHelpExamples(revoke, ['casefile keys revoke desk'])
  return keys
}

function parseName(option: string): string {
  const name = option.trim()
  if (name === '' || name.length > 200) throw new FatalError('--name needs 1 to 200 characters.')
  return name
}

function parseScopeOption(option: string): Scope {
  const scope = scopes.find((one) => one === option)
  if (scope === undefined)
    throw new FatalError(`--scope must be one of ${scopes.join(', ')}, not "${option}".`)
  return scope
}

function parseExpiry(option: string): Date {
  const instant = new Date(option)
  if (!/^\d{4}-\d\d-\d\d/.test(option) || Number.isNaN(instant.getTime()))
    throw new FatalError(`--expires must be an ISO date such as 2027-01-31, not "${option}".`)
  if (instant.getTime() <= Date.now())
    throw new FatalError(`--expires lies in the past: ${option}.`)
  return instant
}
