/** What is wrong with a bundle, naming the part; nothing of it was stored. */
export class BadBundle extends Error {
  override readonly name = 'BadBundle'
}

/** @throws {BadBundle} that says so, or the one that was thrown */
export const throwBadBundle = (error: unknown): never => {
  throw error instanceof BadBundle
    ? error
    : new BadBundle(error instanceof Error ? error.message : String(error), { cause: error })
}
