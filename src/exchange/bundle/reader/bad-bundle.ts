import { FatalError } from '../../../fatal-error.ts'

/** The message names the faulty part. Nothing of the bundle was stored. */
export class BadBundle extends Error {
  override readonly name = 'BadBundle'
}

/** @throws {BadBundle} */
export const throwBadBundle = (reason: string, cause?: unknown): never => {
  throw new BadBundle(reason, { cause })
}

/**
 * Converts an error of reading a zip file. An error of the zip reader is a fault of the bundle, an error of the system is not.
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
