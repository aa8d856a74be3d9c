import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isSignatureValid, loadLedgerKey, signHead } from '../../src/ledger/head-signature.ts'
import { findHeadFault, readPublishedHeads } from '../../src/ledger/published-heads.ts'
import { findTimeStampFault, requestTimeStamp } from '../../src/ledger/time-stamp.ts'
import { useApp } from '../harness/app.ts'

const { privateKey } = generateKeyPairSync('ed25519')
const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }))
const t = useApp({ LEDGER_KEY: pem.replaceAll('\n', '\\n') })
const folder = mkdtempSync(join(tmpdir(), 'casefile-heads-'))
const anyTrust = { keyId: null, certificates: null }

describe('a signed head', () => {
  test('GET /v1/ledger/head has a signature that fits it, and no other', async () => {
    const { body: head } = await t.api.get('/v1/ledger/head').expect(200)
    expect(isSignatureValid(head, head.signature)).toBe(true)
    expect(isSignatureValid({ ...head, revision: head.revision + 1 }, head.signature)).toBe(false)
    expect(isSignatureValid({ ...head, hash: 'a'.repeat(64) }, head.signature)).toBe(false)
    const later = { ...head.signature, signedAt: '2030-01-01T00:00:00.000Z' }
    expect(isSignatureValid(head, later)).toBe(false)
    const bytes = Buffer.from(head.signature.signature, 'base64')
    bytes[0] = (bytes[0] ?? 0) ^ 1
    const forged = { ...head.signature, signature: bytes.toString('base64') }
    expect(isSignatureValid(head, forged)).toBe(false)
    expect(isSignatureValid(head, { ...head.signature, publicKey: 'bm8ga2V5' })).toBe(false)
  })

  test('a key of another kind, no key, and a file that is not there are refused', () => {
    const { privateKey: rsa } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
    const other = String(rsa.export({ type: 'pkcs8', format: 'pem' }))
    for (const LEDGER_KEY of [other, 'secret'])
      expect(() => loadLedgerKey({ LEDGER_KEY, LEDGER_KEY_FILE: undefined })).toThrow(
        /^LEDGER_KEY is no Ed25519 private key/,
      )
    const LEDGER_KEY_FILE = join(folder, 'none.pem')
    expect(() => loadLedgerKey({ LEDGER_KEY: undefined, LEDGER_KEY_FILE })).toThrow(
      /cannot be read/,
    )
    expect(loadLedgerKey({ LEDGER_KEY: undefined, LEDGER_KEY_FILE: undefined })).toBeNull()
  })
})

describe('heads that were published earlier', () => {
  const head = { revision: 3, hash: 'c'.repeat(64) }
  const chain = new Map([[3, head.hash]])
  const signature = signHead(head, privateKey)

  test('fit the chain that they are of', async () => {
    expect(await findHeadFault([head, { ...head, signature }], chain, anyTrust)).toBeNull()
    const trust = { ...anyTrust, keyId: signature.keyId }
    expect(await findHeadFault([{ ...head, signature }], chain, trust)).toBeNull()
  })

  test.each([
    ['another history', head, new Map([[3, 'd'.repeat(64)]]), anyTrust, /history was changed/],
    ['a ledger that lost its end', head, new Map(), anyTrust, /beyond the end/],
    [
      'no signature where one is demanded',
      head,
      chain,
      { ...anyTrust, keyId: signature.keyId },
      /not signed with the key/,
    ],
    [
      'a signature of another key',
      { ...head, signature },
      chain,
      { ...anyTrust, keyId: '0'.repeat(16) },
      /not signed with the key/,
    ],
    [
      'a signature of another head',
      { ...head, signature: signHead({ ...head, revision: 4 }, privateKey) },
      chain,
      anyTrust,
      /does not fit/,
    ],
    [
      'no time-stamp where one is demanded',
      head,
      chain,
      { ...anyTrust, certificates: '' },
      /has no time-stamp/,
    ],
  ])('do not fit %s', async (_what, published, hashes, trust, message) => {
    expect(await findHeadFault([published], hashes, trust)).toMatch(message)
  })

  test('are read a line each, and what is none is named', () => {
    const file = join(folder, 'heads.ndjson')
    writeFileSync(
      file,
      `${JSON.stringify(head)}\n\n${JSON.stringify({ ...head, signature: null })}\n`,
    )
    expect(readPublishedHeads(file)).toHaveLength(2)
    writeFileSync(file, `${JSON.stringify(head)}\n{"revision":1}\n`)
    expect(() => readPublishedHeads(file)).toThrow(`${file}:2: this is no head of a ledger.`)
    writeFileSync(file, '')
    expect(() => readPublishedHeads(file)).toThrow('has no head')
  })
})

/** A time-stamp authority of `openssl ts`, with a certificate of an authority of its own. */
function createAuthority(name: string) {
  const openssl = (...given: string[]) =>
    execFileSync('openssl', given, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] })
  const ca = `${name}-ca`
  writeFileSync(
    join(folder, `${name}.cnf`),
    `[req]
distinguished_name = dn
[dn]
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
[tsa_cert]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
authorityKeyIdentifier = keyid
[tsa]
default_tsa = cfg
[cfg]
serial = ${folder}/${name}.serial
crypto_device = builtin
signer_cert = ${folder}/${name}.crt
certs = ${folder}/${ca}.crt
signer_key = ${folder}/${name}.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
`,
  )
  const config = ['-config', `${name}.cnf`]
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    `${ca}.key`,
    '-out',
    `${ca}.crt`,
    '-days',
    '30',
    '-subj',
    `/CN=${ca}`,
    '-extensions',
    'ca',
    ...config,
  )
  openssl(
    'req',
    '-new',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.csr`,
    '-subj',
    `/CN=${name}`,
    ...config,
  )
  openssl(
    'x509',
    '-req',
    '-in',
    `${name}.csr`,
    '-CA',
    `${ca}.crt`,
    '-CAkey',
    `${ca}.key`,
    '-CAcreateserial',
    '-out',
    `${name}.crt`,
    '-days',
    '30',
    '-extfile',
    `${name}.cnf`,
    '-extensions',
    'tsa_cert',
  )
  return {
    certificate: readFileSync(join(folder, `${ca}.crt`), 'utf8'),
    answer(query: Buffer): Buffer {
      writeFileSync(join(folder, `${name}.tsq`), query)
      return openssl('ts', '-reply', '-queryfile', `${name}.tsq`, '-section', 'cfg', ...config)
    },
  }
}

describe('a time-stamp of a head (RFC 3161)', () => {
  const head = { revision: 7, hash: 'e'.repeat(64) }
  let authority: ReturnType<typeof createAuthority>
  let server: Server
  let url: string
  let makeAnswer: (query: Buffer) => Buffer
  beforeAll(async () => {
    authority = createAuthority('tsa')
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      response.setHeader('content-type', 'application/timestamp-reply')
      response.end(makeAnswer(Buffer.concat(chunks)))
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const address = server.address()
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  })
  afterAll(() => server.close())

  test('is given by an authority and leads to its certificate', async () => {
    makeAnswer = authority.answer
    const stamp = await requestTimeStamp(head, url)
    expect(Math.abs(Date.parse(stamp.stampedAt) - Date.now())).toBeLessThan(600_000)
    expect(await findTimeStampFault(head, stamp, authority.certificate)).toBeNull()
    const trust = { keyId: null, certificates: authority.certificate }
    const chain = new Map([[7, head.hash]])
    expect(await findHeadFault([{ ...head, timeStamp: stamp }], chain, trust)).toBeNull()
  })

  test('proves nothing of another head, another time, or by another authority', async () => {
    makeAnswer = authority.answer
    const stamp = await requestTimeStamp(head, url)
    const { certificate } = authority
    expect(await findTimeStampFault({ ...head, revision: 8 }, stamp, certificate)).toMatch(
      /of something else/,
    )
    const earlier = { ...stamp, stampedAt: '2020-01-01T00:00:00.000Z' }
    expect(await findTimeStampFault(head, earlier, certificate)).toMatch(/the time-stamp says/)
    expect(await findTimeStampFault(head, stamp, createAuthority('other').certificate)).toMatch(
      /not signed by an authority that is trusted|cannot be verified/,
    )
    expect(await findTimeStampFault(head, stamp, '')).toMatch(/trusted|cannot be verified/)
    const bytes = Buffer.from(stamp.token, 'base64')
    bytes[bytes.length - 5] = (bytes[bytes.length - 5] ?? 0) ^ 1
    const forged = { ...stamp, token: bytes.toString('base64') }
    expect(await findTimeStampFault(head, forged, certificate)).toMatch(
      /trusted|cannot be verified/,
    )
  })

  test('an authority that stamps something else, refuses, or is none is named', async () => {
    const other = await captureQuery({ ...head, revision: 9 })
    makeAnswer = () => authority.answer(other)
    await expect(requestTimeStamp(head, url)).rejects.toThrow(/stamped something else/)
    makeAnswer = () => Buffer.from('<html>')
    await expect(requestTimeStamp(head, url)).rejects.toThrow(/gave no time-stamp/)
    makeAnswer = () => authority.answer(Buffer.from('no query'))
    await expect(requestTimeStamp(head, url)).rejects.toThrow(/refused|gave no time-stamp/)
    await expect(requestTimeStamp(head, 'http://127.0.0.1:9')).rejects.toThrow(/cannot be used/)
  })

  async function captureQuery(of: typeof head): Promise<Buffer> {
    let captured = Buffer.alloc(0)
    makeAnswer = (query) => {
      captured = Buffer.from(query)
      return authority.answer(query)
    }
    await requestTimeStamp(of, url)
    return captured
  }
})
