import pg from 'pg'
import { Problem, type ProblemCode } from '../problem.ts'

/** What a violated constraint means to a client. One that is not here is a bug of ours. */
const problemByConstraint: Readonly<
  Record<string, readonly [ProblemCode, string, member?: string]>
> = {
  record_kind_slug_key: ['slug-taken', 'A record of this kind has the slug already.', 'slug'],
  permit_issuer_number_key: [
    'number-taken',
    'The issuer has a permit of this number already.',
    'number',
  ],
  permit_register_key: ['number-taken', 'A permit of the register has this key already.'],
  actor_identifier_scheme_value_key: [
    'identifier-taken',
    'An actor has this identifier already.',
    'identifiers',
  ],
  article_source_key: ['article-known', 'The case has an article of these very bytes.', 'text'],
  place_slug_key: ['slug-taken', 'A place has this slug already.'],
  event_effect_permit_once_key: [
    'impossible-transition',
    'A permit is issued, refused, cancelled or expires at most once; an event makes this one so already.',
  ],
}

/**
 * The problem that a violated constraint stands for, or undefined when the error is something else. `pointerOf` says
 * where the record stands in what the client sent, by the key that there is twice.
 */
export function toConstraintProblem(
  error: unknown,
  findPointer: (key: DuplicateKey) => string | undefined = () => undefined,
): Problem | undefined {
  if (!(error instanceof pg.DatabaseError) || error.constraint === undefined) return undefined
  const definition = problemByConstraint[error.constraint]
  if (definition === undefined) return undefined
  const [code, detail, member] = definition
  const key = parseDuplicateKey(error)
  const recordPointer = key && findPointer(key)
  if (recordPointer === undefined) return new Problem(code, detail, { cause: error })
  const pointer = member === undefined ? recordPointer : `${recordPointer}/${member}`
  return new Problem(code, `${pointer}: ${detail}`, {
    cause: error,
    errors: [{ pointer, detail }],
  })
}

/** Columns, and their values as PostgreSQL writes them, joined by `, `. */
export type DuplicateKey = { columns: string[]; values: string }

/** PostgreSQL's detail: `Key (kind, slug)=(actor, baykar) already exists.` */
function parseDuplicateKey({ detail = '' }: pg.DatabaseError): DuplicateKey | undefined {
  const [, columns, values] = /^Key \(([\w, "]+)\)=\((.*)\) already exists\.$/s.exec(detail) ?? []
  if (columns === undefined || values === undefined) return undefined
  return { columns: columns.replaceAll('"', '').split(', '), values }
}
