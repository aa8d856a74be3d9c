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
 * Converts an error of the zip reader.
 *
 * @param part name of the part that was read; empty for the file itself
 * @throws {BadBundle} if the content of the file is the reason
 * @throws {FatalError} if the operating system cannot read the file
 */
export function refuseZip(part: string, error: unknown): never {
  // A TypeError is a bug in this program.
  if (!(error instanceof Error) || error instanceof TypeError) throw error
  const { message } = error
  if ('syscall' in error)
    throw new FatalError(`The bundle cannot be read: ${message}`, { cause: error })
  return throwBadBundle(part === '' ? message : `${part}: ${message}`, error)
}
