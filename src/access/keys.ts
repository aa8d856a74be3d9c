import { randomBytes, timingSafeEqual } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { sha256 } from '../evidence/sha256.ts'

/** Scopes of keys. Each includes the ones before it. */
export const scopes = ['read', 'propose', 'write', 'admin'] as const
export type Scope = (typeof scopes)[number]

/** @throws {RangeError} for an unknown scope */
export function parseScope(word: string): Scope {
  const scope = scopes.find((name) => name === word)
  if (scope === undefined) throw new RangeError(`There is no scope "${word}".`)
  return scope
}

export const scopeIncludes = (grantedScope: Scope, requiredScope: Scope): boolean =>
  scopes.indexOf(grantedScope) >= scopes.indexOf(requiredScope)

const keyPattern = /^casefile_([0-9a-f]{32})_([A-Za-z0-9_-]{43})$/

/** A new key. `text` is shown once, `hash` is stored. One round of SHA-256 suffices for a random secret of 256 bits. */
export function generateKey(): { id: string; text: string; hash: string } {
  const id = uuidv7()
  const secret = randomBytes(32).toString('base64url')
  return { id, text: `casefile_${id.replaceAll('-', '')}_${secret}`, hash: hashSecret(secret) }
}

/** The parts of a key; null when the text is not a key. */
export function parseKey(text: string): { id: string; secret: string } | null {
  const [, hex, secret] = keyPattern.exec(text) ?? []
  if (hex === undefined || secret === undefined) return null
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  return { id, secret }
}

/** Compares in constant time. */
export const matchesSecretHash = (secret: string, hash: string): boolean =>
  timingSafeEqual(Buffer.from(hashSecret(secret), 'hex'), Buffer.from(hash, 'hex'))

const hashSecret = sha256
