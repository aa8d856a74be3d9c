import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { FatalError } from '../fatal-error.ts'
import { type HeadSignature, isSignatureValid } from './head-signature.ts'
import { findTimeStampFault } from './time-stamp.ts'

const PublishedHead = z.looseObject({
  revision: z.int().min(1),
  hash: z.string().regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits'),
  signature: z
    .looseObject({
      algorithm: z.literal('Ed25519'),
      keyId: z.string(),
      publicKey: z.string(),
      signedAt: z.string(),
      signature: z.string(),
    })
    .nullish(),
  timeStamp: z
    .looseObject({ authority: z.string(), stampedAt: z.string(), token: z.string() })
    .nullish(),
})
export type PublishedHead = z.infer<typeof PublishedHead>

/**
 * Heads that were published earlier, one JSON object a line, as `/v1/ledger/head` and `casefile head` give them.
 *
 * @throws {FatalError} naming the line
 */
export function readPublishedHeads(file: string): PublishedHead[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new FatalError(`${file} cannot be read.`, { cause: error })
  }
  const heads = text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    const parsed = PublishedHead.safeParse(tryParseJson(line))
    if (parsed.success) return [parsed.data]
    throw new FatalError(`${file}:${index + 1}: this is no head of a ledger.`)
  })
  if (heads.length === 0) throw new FatalError(`${file} has no head of a ledger.`)
  return heads
}

function tryParseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return undefined
  }
}

export type HeadTrust = {
  /** Key id that every signature must be of; null accepts any key and proves only that one was used. */
  keyId: string | null
  /** Certificates that time-stamps must lead to, as PEM; null checks no chain. */
  certificates: string | null
}

/** Why published heads and the chain of a database do not fit; null when they do. `hashes`: of the chain, by revision. */
export async function findHeadFault(
  heads: readonly PublishedHead[],
  hashes: ReadonlyMap<number, string>,
  { keyId, certificates }: HeadTrust,
): Promise<string | null> {
  for (const head of heads) {
    const { revision, hash, signature, timeStamp } = head
    const name = `The head of revision ${revision} that was published`
    const current = hashes.get(revision)
    if (current === undefined) return `${name} is beyond the end of this ledger.`
    if (current !== hash) return `${name} has another hash than this ledger: history was changed.`
    if (keyId !== null && signature?.keyId !== keyId)
      return `${name} is not signed with the key ${keyId}.`
    if (signature && !isSignatureValid(head, signature as HeadSignature))
      return `${name} has a signature that does not fit.`
    if (certificates !== null && !timeStamp) return `${name} has no time-stamp.`
    const fault = timeStamp ? await findTimeStampFault(head, timeStamp, certificates) : null
    if (fault !== null) return `${name}: ${fault}.`
  }
  return null
}
