/** The message names the faulty part. Nothing of the bundle was stored. */
export class BadBundle extends Error {
  override readonly name = 'BadBundle'
}

/**
 * @param error a message, or an error to convert
 * @throws {BadBundle}
 */
export const throwBadBundle = (error: unknown): never => {
  throw error instanceof BadBundle
    ? error
    : new BadBundle(error instanceof Error ? error.message : String(error), { cause: error })
}
