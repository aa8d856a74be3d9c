import { Problem, type ProblemCode } from '../problem.ts'

/** What a violated constraint means to a client. One that is not here is a bug of ours. */
const meanings: Readonly<Record<string, readonly [ProblemCode, string]>> = {
  record_kind_slug_key: ['slug-taken', 'A record of this kind has the slug already.'],
  permit_issuer_number_key: ['number-taken', 'The issuer has a permit of this number already.'],
  actor_identifier_scheme_value_key: ['identifier-taken', 'An actor has this identifier already.'],
  article_source_key: ['article-known', 'The case has an article of these very bytes.'],
  place_slug_key: ['slug-taken', 'A place has this slug already.'],
  event_effect_permit_once_key: [
    'impossible-transition',
    'A permit is issued, refused, cancelled or expires at most once; an event makes this one so already.',
  ],
}

/** The problem that a violated constraint stands for, or undefined when the error is something else. */
export function constraintProblem(error: unknown): Problem | undefined {
  const name = violatedConstraint(error)
  const meaning = name === undefined ? undefined : meanings[name]
  return meaning && new Problem(meaning[0], meaning[1], { cause: error })
}

/**
 * The name of the constraint that was violated. Prisma does not promise the shape of `meta`, so no other file reads it
 * (a test pins it).
 */
function violatedConstraint(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('meta' in error)) return undefined
  const meta = error.meta as
    | {
        driverAdapterError?: {
          cause?: { constraint?: { index?: string }; originalMessage?: string }
        }
      }
    | undefined
  const cause = meta?.driverAdapterError?.cause
  return cause?.constraint?.index ?? /constraint "(\w+)"/.exec(cause?.originalMessage ?? '')?.[1]
}
