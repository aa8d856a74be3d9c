import { createHash } from 'node:crypto'
import { type CompiledQuery, type RawBuilder, sql } from 'kysely'

/** Stands for a value in a statement that is compiled once and run many times. */
class Placeholder {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/** Creates an expression for the parameter `name`. Each run supplies its value. */
export type PlaceholderFactory = <T = string>(name: string) => RawBuilder<T>

export const createPlaceholder: PlaceholderFactory = (name) => sql`${new Placeholder(name)}`

type CompilableQuery<R> = { compile(): CompiledQuery<R> }

const compiledQueries = new Map<string, CompiledQuery>()
const statementNames = new Map<string, string>()
/** The subset of `statementNames` that belongs to short statements. */
const shortStatementNames = new Map<string, string>()
/** Far more than the routes and filter combinations in use. Beyond it, statements are compiled each time, without a name. */
const maxCachedStatements = 2_000

/**
 * The query for `key`, compiled at its first use, with `values` for its placeholders. The key must differ whenever the SQL
 * differs. Values go through placeholders, never into the SQL.
 */
export function prepareStatement<R>(
  key: string,
  values: Readonly<Record<string, unknown>>,
  build: (placeholder: PlaceholderFactory) => CompilableQuery<R>,
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

/** Same as `prepareStatement`, for a statement as short as looking up one record. It goes to the pipelined connections. */
export function prepareShortStatement<R>(
  ...args: Parameters<typeof prepareStatement<R>>
): CompiledQuery<R> {
  const query = prepareStatement(...args)
  const name = statementNames.get(query.sql)
  if (name !== undefined) shortStatementNames.set(query.sql, name)
  return query
}

/** The name of a short statement. */
export const findShortStatementName = (text: string): string | undefined =>
  shortStatementNames.get(text)

/** A name for another statement that is sent often with the same text; undefined when there are too many. */
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

/** The name of a prepared statement. */
export const findStatementName = (text: string): string | undefined => statementNames.get(text)
