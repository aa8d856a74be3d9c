import { createHash, randomBytes } from 'node:crypto'
import { FatalError } from '../fatal-error.ts'
import { formatCanonicalJson } from './canonical-json.ts'
import type { SignedHead } from './head-signature.ts'

/** A time-stamp of a head (RFC 3161). */
export type TimeStamp = {
  authority: string
  /** The instant that the authority says, ISO. */
  stampedAt: string
  /** The token (CMS SignedData in DER), base64. */
  token: string
}

const sha256Oid = '2.16.840.1.101.3.4.2.1'
const tstInfoOid = '1.2.840.113549.1.9.16.1.4'
const answerTimeoutMs = 20_000
const answerBytesMax = 100_000

/** @throws {FatalError} where the optional packages were left out */
async function loadPki() {
  try {
    const [pki, asn1] = await Promise.all([import('pkijs'), import('asn1js')])
    return { pki, asn1 }
  } catch (error) {
    throw new FatalError('Time-stamps need the optional packages pkijs and asn1js: npm install.', {
      cause: error,
    })
  }
}

const stampedBytes = ({ revision, hash }: SignedHead): Buffer =>
  Buffer.from(formatCanonicalJson({ hash, revision }))

/** What is stamped: SHA-256 of the canonical JSON of revision and hash. */
const imprintOf = (head: SignedHead): Buffer =>
  createHash('sha256').update(stampedBytes(head)).digest()

/**
 * Asks a time-stamp authority for a stamp of a head. It is sent a hash and a nonce, nothing else.
 *
 * @throws {FatalError} when it does not answer, or answers with something else
 */
export async function requestTimeStamp(head: SignedHead, authority: string): Promise<TimeStamp> {
  const { pki, asn1 } = await loadPki()
  const nonce = randomBytes(8)
  nonce[0] = 0x40 | ((nonce[0] ?? 0) & 0x3f)
  const request = new pki.TimeStampReq({
    version: 1,
    certReq: true,
    nonce: new asn1.Integer({ valueHex: toArrayBuffer(nonce) }),
    messageImprint: new pki.MessageImprint({
      hashAlgorithm: new pki.AlgorithmIdentifier({
        algorithmId: sha256Oid,
        algorithmParams: new asn1.Null(),
      }),
      hashedMessage: new asn1.OctetString({ valueHex: toArrayBuffer(imprintOf(head)) }),
    }),
  })
  const answer = await post(authority, Buffer.from(request.toSchema().toBER()))
  const token = await readAnswer(answer, authority)
  const info = await readToken(token)
  if (!info.imprint.equals(imprintOf(head)) || !info.nonce.equals(nonce))
    throw new FatalError(`The time-stamp authority ${authority} stamped something else.`)
  return { authority, stampedAt: info.stampedAt, token: token.toString('base64') }
}

async function post(authority: string, body: Buffer): Promise<Buffer> {
  try {
    const response = await fetch(authority, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query' },
      body: new Uint8Array(body),
      // It might lead to a server inside the network.
      redirect: 'error',
      signal: AbortSignal.timeout(answerTimeoutMs),
    })
    if (!response.ok) throw new Error(`it answered ${response.status}`)
    return await readBody(response)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new FatalError(`The time-stamp authority ${authority} cannot be used: ${reason}.`, {
      cause: error,
    })
  }
}

/** Leaving the loop ends the connection, so that no more than a stamp can be is read. */
async function readBody({ body }: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body ?? []) {
    chunks.push(chunk)
    length += chunk.length
    if (length > answerBytesMax) throw new Error('its answer is too long')
  }
  return Buffer.concat(chunks)
}

/** The token of a response. */
async function readAnswer(bytes: Buffer, authority: string): Promise<Buffer> {
  const { pki } = await loadPki()
  let token: Buffer | undefined
  let status: number | undefined
  try {
    const response = pki.TimeStampResp.fromBER(toArrayBuffer(bytes))
    status = response.status.status
    if (response.timeStampToken) token = Buffer.from(response.timeStampToken.toSchema().toBER())
  } catch (error) {
    throw new FatalError(`The time-stamp authority ${authority} gave no time-stamp.`, {
      cause: error,
    })
  }
  // 0: granted, 1: granted with modifications (RFC 3161, 2.4.2).
  if (token === undefined || (status !== 0 && status !== 1))
    throw new FatalError(`The time-stamp authority ${authority} refused (status ${status}).`)
  return token
}

async function readToken(token: Buffer) {
  const { pki } = await loadPki()
  const content = pki.ContentInfo.fromBER(toArrayBuffer(token))
  const signed = new pki.SignedData({ schema: content.content })
  const encapsulated = signed.encapContentInfo
  if (encapsulated.eContentType !== tstInfoOid || encapsulated.eContent === undefined)
    throw new FatalError('The token is no time-stamp.')
  const info = pki.TSTInfo.fromBER(encapsulated.eContent.getValue())
  const { hashAlgorithm, hashedMessage } = info.messageImprint
  const isSha256 = hashAlgorithm.algorithmId === sha256Oid
  return {
    signed,
    stampedAt: info.genTime.toISOString(),
    imprint: isSha256 ? Buffer.from(hashedMessage.getValue()) : Buffer.alloc(0),
    nonce: Buffer.from(info.nonce?.valueBlock.valueHexView ?? new Uint8Array()),
  }
}

/**
 * Why a time-stamp does not prove that the head was there at `stampedAt`; null when it does. With trusted certificates its
 * signature and chain are checked; without, only that it is about this head and this time.
 */
export async function findTimeStampFault(
  head: SignedHead,
  { stampedAt, token }: TimeStamp,
  trustedPem: string | null,
): Promise<string | null> {
  const { pki } = await loadPki()
  try {
    const info = await readToken(Buffer.from(token, 'base64'))
    if (!info.imprint.equals(imprintOf(head))) return 'the time-stamp is of something else'
    if (info.stampedAt !== stampedAt) return `the time-stamp says ${info.stampedAt}`
    if (trustedPem === null) return null
    const trustedCerts = parseCertificates(trustedPem).map((der) => pki.Certificate.fromBER(der))
    const signer = await info.signed.verify({
      signer: 0,
      data: toArrayBuffer(stampedBytes(head)),
      trustedCerts,
      checkChain: true,
      checkDate: new Date(stampedAt),
      extendedMode: true,
      passedWhenNotRevValues: true,
    })
    return signer.signatureVerified && signer.signerCertificateVerified
      ? null
      : 'the time-stamp is not signed by an authority that is trusted'
  } catch (error) {
    const reason =
      error instanceof Error
        ? error.message
        : String((error as { message?: unknown })?.message ?? error)
    return `the time-stamp cannot be verified (${reason})`
  }
}

function parseCertificates(pem: string): ArrayBuffer[] {
  const found = pem.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/g)
  return [...found].map(([, base64 = '']) => toArrayBuffer(Buffer.from(base64, 'base64')))
}

const toArrayBuffer = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer
