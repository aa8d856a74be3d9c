import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Config } from '../config.ts'
import { FatalError } from '../fatal-error.ts'
import { formatCanonicalJson } from './canonical-json.ts'

/** What is signed and stamped of a head: its canonical JSON (docs/ledger.md). */
export type SignedHead = { revision: number; hash: string }

export type HeadSignature = {
  algorithm: 'Ed25519'
  /** First 16 hexadecimal digits of the SHA-256 of the public key (SPKI, DER). */
  keyId: string
  /** SPKI in DER, base64. */
  publicKey: string
  /** ISO instant of the signing server. */
  signedAt: string
  /** Base64. */
  signature: string
}

/**
 * The private key that signs heads, from `LEDGER_KEY` or `LEDGER_KEY_FILE`; null without either.
 *
 * @throws {FatalError} for what is no Ed25519 private key
 */
export function loadLedgerKey({
  LEDGER_KEY,
  LEDGER_KEY_FILE,
}: Pick<Config, 'LEDGER_KEY' | 'LEDGER_KEY_FILE'>): KeyObject | null {
  const name = LEDGER_KEY === undefined ? 'LEDGER_KEY_FILE' : 'LEDGER_KEY'
  const text = LEDGER_KEY ?? (LEDGER_KEY_FILE === undefined ? null : readKeyFile(LEDGER_KEY_FILE))
  if (text === null) return null
  try {
    // In an environment variable the line ends of a PEM are often written as \n.
    const key = createPrivateKey(text.replaceAll('\\n', '\n'))
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch (error) {
    throw notAKey(name, error)
  }
  throw notAKey(name)
}

const notAKey = (name: string, cause?: unknown) =>
  new FatalError(
    `${name} is no Ed25519 private key in PEM. Make one: casefile keys ledger --out ledger-key.pem`,
    { cause },
  )

function readKeyFile(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new FatalError(`LEDGER_KEY_FILE: ${file} cannot be read.`, { cause: error })
  }
}

export const exportPublicKey = (key: KeyObject): Buffer =>
  (key.type === 'public' ? key : createPublicKey(key)).export({ type: 'spki', format: 'der' })

export const formatKeyId = (publicKey: Buffer): string =>
  createHash('sha256').update(publicKey).digest('hex').slice(0, 16)

const signedBytes = ({ revision, hash }: SignedHead, signedAt: string): Buffer =>
  Buffer.from(formatCanonicalJson({ hash, revision, signedAt }))

export function signHead(head: SignedHead, key: KeyObject, now = new Date()): HeadSignature {
  const publicKey = exportPublicKey(key)
  const signedAt = now.toISOString()
  return {
    algorithm: 'Ed25519',
    keyId: formatKeyId(publicKey),
    publicKey: publicKey.toString('base64'),
    signedAt,
    signature: sign(null, signedBytes(head, signedAt), key).toString('base64'),
  }
}

/** Whether the signature is of this head, by the public key that stands with it. */
export function isSignatureValid(head: SignedHead, signature: HeadSignature): boolean {
  const { publicKey, signedAt, keyId } = signature
  try {
    const der = Buffer.from(publicKey, 'base64')
    const key = createPublicKey({ key: der, type: 'spki', format: 'der' })
    return (
      key.asymmetricKeyType === 'ed25519' &&
      formatKeyId(der) === keyId &&
      verify(null, signedBytes(head, signedAt), key, Buffer.from(signature.signature, 'base64'))
    )
  } catch {
    // What is no key at all has signed nothing.
    return false
  }
}
