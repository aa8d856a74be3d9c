import { randomBytes, timingSafeEqual } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { sha256 } from '../evidence/sha256.ts'

/** What a key allows; each includes the ones before it. */
export const scopes = ['read', 'write', 'admin'] as const
export type Scope = (typeof scopes)[number]

/** @throws {RangeError} for a word that is none */
export function parseScope(word: string): Scope {
  const scope = scopes.find((one) => one === word)
  if (scope === undefined) throw new RangeError(`There is no scope "${word}".`)
  return scope
}

export const scopeIncludes = (granted: Scope, needed: Scope): boolean =>
  scopes.indexOf(granted) >= scopes.indexOf(needed)

const keyPattern = /^casefile_([0-9a-f]{32})_([A-Za-z0-9_-]{43})$/

/** A new key: `text` is shown once, `hash` is stored. The secret has 256 bits, so one round of SHA-256 keeps it. */
export function generateKey(): { id: string; text: string; hash: string } {
  const id = uuidv7()
  const secret = randomBytes(32).toString('base64url')
  return { id, text: `casefile_${id.replaceAll('-', '')}_${secret}`, hash: hashSecret(secret) }
}

/** The parts of a key, or null when the text is none. */
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
