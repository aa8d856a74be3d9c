import { createHash } from 'node:crypto'
import { type CompiledQuery, type RawBuilder, sql } from 'kysely'

/** A place for a value in a statement that is compiled once and run many times. */
class Slot {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/** Gives the parameter `name` as an expression; its value comes with each run. */
export type Slots = <T = string>(name: string) => RawBuilder<T>

const slots: Slots = (name) => sql`${new Slot(name)}`

type Compilable<R> = { compile(): CompiledQuery<R> }

const compiled = new Map<string, CompiledQuery>()
const names = new Map<string, string>()
/** Those of `names` that are short. */
const short = new Map<string, string>()
/** Far more than the routes and filter combinations in use; past it a statement is compiled each time and not named. */
const limit = 2_000

/**
 * The query of `key`, built and compiled at its first use only, with `values` in its slots. `key` must tell apart
 * everything that changes the SQL; values go through slots and never into it.
 */
export function statement<R>(
  key: string,
  values: Readonly<Record<string, unknown>>,
  build: (slot: Slots) => Compilable<R>,
): CompiledQuery<R> {
  let query = compiled.get(key) as CompiledQuery<R> | undefined
  if (query === undefined) {
    query = build(slots).compile()
    if (compiled.size < limit) {
      compiled.set(key, query)
      names.set(query.sql, nameOf(query.sql))
    }
  }
  return {
    ...query,
    parameters: query.parameters.map((parameter) =>
      parameter instanceof Slot ? values[parameter.name] : parameter,
    ),
  }
}

/** As `statement`, for what takes no longer than looking up one record: it may stand in line with others of its kind. */
export function shortStatement<R>(...given: Parameters<typeof statement<R>>): CompiledQuery<R> {
  const query = statement(...given)
  const name = names.get(query.sql)
  if (name !== undefined) short.set(query.sql, name)
  return query
}

/** As `statementName`, of the short ones alone. */
export const shortName = (text: string): string | undefined => short.get(text)

/** A name for any other statement that is sent often in the same words; undefined once there are too many of them. */
export function nameForText(text: string): string | undefined {
  let name = names.get(text)
  if (name === undefined && names.size < limit * 2) {
    name = nameOf(text)
    names.set(text, name)
  }
  return name
}

const nameOf = (text: string): string => `s${createHash('sha1').update(text).digest('base64url')}`

/** The name under which PostgreSQL keeps the plan of this SQL, if it is one of the statements compiled once. */
export const statementName = (text: string): string | undefined => names.get(text)
