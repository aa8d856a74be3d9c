import { createHash } from 'node:crypto'
import { type CompiledQuery, type RawBuilder, sql } from 'kysely'

/** A place for a value in a statement that is compiled once and run many times. */
class Placeholder {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/** Gives the parameter `name` as an expression; its value comes with each run. */
export type PlaceholderFactory = <T = string>(name: string) => RawBuilder<T>

export const createPlaceholder: PlaceholderFactory = (name) => sql`${new Placeholder(name)}`

type CompilableQuery<R> = { compile(): CompiledQuery<R> }

const compiledQueries = new Map<string, CompiledQuery>()
const statementNames = new Map<string, string>()
/** Those of `names` that are short. */
const shortStatementNames = new Map<string, string>()
/** Far more than the routes and filter combinations in use; past it a statement is compiled each time and not named. */
const maxCachedStatements = 2_000

/**
 * The query of `key`, built and compiled at its first use only, with `values` in its slots. `key` must tell apart
 * everything that changes the SQL; values go through slots and never into it.
 */
export function prepareStatement<R>(
  key: string,
  values: Readonly<Record<string, unknown>>,
  build: (slot: PlaceholderFactory) => CompilableQuery<R>,
): CompiledQuery<R> {
  let query = compiledQueries.get(key) as CompiledQuery<R> | undefined
  if (query === undefined) {
    query = build(createPlaceholder).compile()
    if (compiledQueries.size < maxCachedStatements) {
      compiledQueries.set(key, query)
      statementNames.set(query.sql, hashStatementName(query.sql))
    }
  }
  return {
    ...query,
    parameters: query.parameters.map((parameter) =>
      parameter instanceof Placeholder ? values[parameter.name] : parameter,
    ),
  }
}

/** As `statement`, for what takes no longer than looking up one record: it may stand in line with others of its kind. */
export function prepareShortStatement<R>(
  ...args: Parameters<typeof prepareStatement<R>>
): CompiledQuery<R> {
  const query = prepareStatement(...args)
  const name = statementNames.get(query.sql)
  if (name !== undefined) shortStatementNames.set(query.sql, name)
  return query
}

/** As `statementName`, of the short ones alone. */
export const findShortStatementName = (text: string): string | undefined =>
  shortStatementNames.get(text)

/** A name for any other statement that is sent often in the same words; undefined once there are too many of them. */
export function ensureStatementName(text: string): string | undefined {
  let name = statementNames.get(text)
  if (name === undefined && statementNames.size < maxCachedStatements * 2) {
    name = hashStatementName(text)
    statementNames.set(text, name)
  }
  return name
}

const hashStatementName = (text: string): string =>
  `s${createHash('sha1').update(text).digest('base64url')}`

/** The name under which PostgreSQL keeps the plan of this SQL, if it is one of the statements compiled once. */
export const findStatementName = (text: string): string | undefined => statementNames.get(text)
