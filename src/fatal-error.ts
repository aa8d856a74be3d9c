/**
 * Why the program cannot do its task, in one line that says what to do. `program.ts` prints the line to stderr, without a
 * stack trace, and exits with 1.
 */
export class FatalError extends Error {
  override readonly name = 'FatalError'
}
