import { FatalError } from '../fatal-error.ts'
import { Problem } from '../problem.ts'
import { isDiskFull, toDatabaseProblem } from './database-problems.ts'

/** Why a command could not do its work, in one line; null for an error that nobody expected. */
export function describeFailure(error: unknown): string | null {
  if (error instanceof FatalError) return error.message
  const [expected] = listCauses(error).flatMap((one) => describeExpected(one) ?? [])
  return expected ?? null
}

function describeExpected(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  const said = error.message.split('\n')[0] ?? ''
  if (isDiskFull(error))
    return `No room is left on the disk: ${said}. Make room, and run the command again.`
  if (error instanceof Problem) return error.message
  const problem = toDatabaseProblem(error)
  if (problem?.code === 'too-slow')
    return `The database ended a statement after its time limit: ${said}. Run the command again, or raise statement_timeout of the role or database.`
  if (problem)
    return `The database went away or refused: ${said}. Start it, and run the command again.`
  const { code = '', path } = error as NodeJS.ErrnoException
  if (/^(EACCES|EPERM|EROFS|ENOENT|EISDIR|ENOTDIR|EMFILE)$/.test(code) && path !== undefined)
    return `${path} cannot be read or written: ${said}.`
  return null
}

/** The error and what it came from, outermost first. */
function listCauses(error: unknown): unknown[] {
  const causes: unknown[] = []
  for (let one = error; one !== undefined && one !== null && !causes.includes(one); ) {
    causes.push(one)
    one = one instanceof AggregateError ? one.errors[0] : one instanceof Error ? one.cause : null
  }
  return causes
}
