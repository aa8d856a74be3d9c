import { FatalError } from '../../../fatal-error.ts'

/** What is wrong with a bundle, naming the part; nothing of it was stored. */
export class BadBundle extends Error {
  override readonly name = 'BadBundle'
}

/** @throws {BadBundle} that says so */
export const throwBadBundle = (reason: string, cause?: unknown): never => {
  throw new BadBundle(reason, { cause })
}

/**
 * For what reading a zip file throws: what its reader says of the file is about the bundle, what the system says is not.
 *
 * @param at the part that was read; empty for the file itself
 * @throws {BadBundle}
 * @throws {FatalError} when the system does not let the file be read
 */
export function refuseZip(at: string, error: unknown): never {
  // A TypeError is a bug of ours.
  if (!(error instanceof Error) || error instanceof TypeError) throw error
  const { message } = error
  if ('syscall' in error)
    throw new FatalError(`The bundle cannot be read: ${message}`, { cause: error })
  return throwBadBundle(at === '' ? message : `${at}: ${message}`, error)
}
