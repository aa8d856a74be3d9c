import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'

/** What a key allows; each includes the ones before it. */
export const Scope = z.enum(['read', 'write', 'admin'])
export type Scope = z.infer<typeof Scope>

export const includes = (granted: Scope, needed: Scope): boolean =>
  Scope.options.indexOf(granted) >= Scope.options.indexOf(needed)

const shape = /^casefile_([0-9a-f]{32})_([A-Za-z0-9_-]{43})$/

/** A new key: `text` is shown once, `hash` is stored. The secret has 256 bits, so one round of SHA-256 keeps it. */
export function makeKey(): { id: string; text: string; hash: string } {
  const id = uuidv7()
  const secret = randomBytes(32).toString('base64url')
  return { id, text: `casefile_${id.replaceAll('-', '')}_${secret}`, hash: hashOf(secret) }
}

/** The parts of a key, or null when the text is none. */
export function readKey(text: string): { id: string; secret: string } | null {
  const [, hex, secret] = shape.exec(text) ?? []
  if (hex === undefined || secret === undefined) return null
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  return { id, secret }
}

/** Compares in constant time. */
export const isSecretOf = (secret: string, hash: string): boolean =>
  timingSafeEqual(Buffer.from(hashOf(secret), 'hex'), Buffer.from(hash, 'hex'))

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')
