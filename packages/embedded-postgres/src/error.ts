export type EmbeddedPostgresErrorCode =
  /** npm has no PostgreSQL for this platform, or it was not installed. */
  | 'not-installed'
  /** The programs do not run here, or not as this user. */
  | 'cannot-run'
  /** The folder cannot be read or written, belongs to another user, or holds other files. */
  | 'unusable-folder'
  | 'other-major-version'
  | 'password-lost'
  | 'initialisation-failed'
  | 'start-failed'
  /** A server runs on the cluster and does not accept our connection. */
  | 'unreachable'
  | 'stop-failed'
  /** Another process serves this folder already. */
  | 'already-served'
  | 'lock-timeout'

/** `message` is one line: what is wrong, where, and what to do. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError'
  readonly code: EmbeddedPostgresErrorCode

  constructor(code: EmbeddedPostgresErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
