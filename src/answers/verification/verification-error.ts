/** The first thing that does not hold, in a sentence that names it. */
export class VerificationError extends Error {
  override readonly name = 'VerificationError'
}

/** Receives how far a part has come. What is written meanwhile is in no total. */
export type CountReporter = (what: string, done: number, total: number) => void
