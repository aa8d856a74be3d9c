/** The part of a logger that the audit log needs. */
export type AuditLogger = Record<'info' | 'warn', (fields: object, message: string) => void>

/** An event of the audit log. Keys appear by id and name, never with their text or secret. */
export type AuditEvent =
  | { audit: 'login-failed'; reason: LoginFailure; keyId: string | null; requestId: string }
  | { audit: 'key-used'; keyId: string; keyName: string; requestId: string }
  | { audit: 'access-ended'; keyId: string; responses: number }
  | { audit: 'key-created'; keyId: string; keyName: string; scope: string; expiresAt: Date | null }
  | { audit: 'key-revoked'; keyId: string; keyName: string }

/** `malformed`: the `Authorization` header holds no key. */
export type LoginFailure = 'malformed' | 'unknown-key' | 'wrong-secret' | 'revoked' | 'expired'

/**
 * Writes an event as one log line with the member `audit`. Addresses of clients are left out, as in the whole log. A key in
 * use is logged once a minute.
 */
export function logAuditEvent(log: AuditLogger, event: AuditEvent): void {
  if (event.audit === 'login-failed') log.warn(event, 'audit')
  else log.info(event, 'audit')
}
