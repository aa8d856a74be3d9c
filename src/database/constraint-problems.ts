import pg from 'pg'
import { Problem, type ProblemCode } from '../problem.ts'

/** The problem for each constraint that a client can violate. Any other violation is a bug of this program. */
const problemByConstraint: Readonly<
  Record<string, readonly [ProblemCode, string, member?: string]>
> = {
  record_kind_slug_key: ['slug-taken', 'Another record of this kind has this slug.', 'slug'],
  permit_issuer_number_key: [
    'number-taken',
    'Another permit of this issuer has this number.',
    'number',
  ],
  permit_register_key: ['number-taken', 'Another permit of the register has this key.'],
  actor_identifier_scheme_value_key: [
    'identifier-taken',
    'Another actor has this identifier.',
    'identifiers',
  ],
  good_family_acyclic_check: [
    'invalid-request',
    'The family is the good itself, or belongs to it.',
    'family',
  ],
  article_source_key: [
    'article-known',
    'The case already has an article with these bytes.',
    'text',
  ],
  place_identifier_scheme_value_key: [
    'identifier-taken',
    'Another place has this identifier.',
    'identifiers',
  ],
  place_within_check: ['invalid-request', 'A place cannot lie within itself.', 'within'],
  event_effect_permit_once_key: [
    'impossible-transition',
    'A permit is issued, refused or cancelled, or expires, at most once. Another event already has this effect on the permit.',
  ],
}

/**
 * The problem for a violated constraint; undefined for another error.
 *
 * @param findPointer gives the JSON pointer to the record in the request, by its duplicate key
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

/** `values`: as PostgreSQL formats them, joined by `, `. */
export type DuplicateKey = { columns: string[]; values: string }

/** Parses the detail of PostgreSQL: `Key (kind, slug)=(actor, baykar) already exists.` */
function parseDuplicateKey({ detail = '' }: pg.DatabaseError): DuplicateKey | undefined {
  const [, columns, values] = /^Key \(([\w, "]+)\)=\((.*)\) already exists\.$/s.exec(detail) ?? []
  if (columns === undefined || values === undefined) return undefined
  return { columns: columns.replaceAll('"', '').split(', '), values }
}
