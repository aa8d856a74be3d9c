/**
 * A reason why the program cannot do what it was started for, in one line that says what to do.
 * `program.ts` prints the line to stderr and ends with exit code 1; no stack trace.
 */
export class FatalError extends Error {
  override readonly name = 'FatalError'
}
