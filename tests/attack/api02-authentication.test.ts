import { describe, expect, test } from 'vitest'
import { createKey, revokeKey } from '../../src/access/queries.ts'
import { useApp } from '../harness/app.ts'
import { connectRaw, listenOnFreePort, parseRawResponse } from '../harness/raw-client.ts'
import { citationBody, useWriteClient } from '../harness/write-client.ts'

/** OWASP API2:2023, Broken Authentication: wrong, old, cut and doubled keys, and keys in the wrong place. */

const t = useApp({ ACCESS: 'private', LOG_LEVEL: 'trace' })
const w = useWriteClient(t)

const bad = (text: string): Record<string, string> => ({ authorization: text })

describe('no key but a whole and valid one opens the server', () => {
  const forgeries: [string, () => Record<string, string>][] = [
    ['nothing', () => ({})],
    ['an empty header', () => bad('')],
    ['Bearer alone', () => bad('Bearer')],
    ['Bearer with spaces', () => bad('Bearer    ')],
    ['another scheme', () => bad(`Basic ${Buffer.from(w.keys.write).toString('base64')}`)],
    ['a key without scheme', () => bad(w.keys.write)],
    ['a key that is cut', () => bad(`Bearer ${w.keys.write.slice(0, -1)}`)],
    ['a key that is longer', () => bad(`Bearer ${w.keys.write}a`)],
    ['another secret', () => bad(`Bearer ${w.keys.write.slice(0, -5)}AAAAA`)],
    ['the id of one key with the secret of another', () => bad(`Bearer ${mix()}`)],
    ['upper case', () => bad(`Bearer ${w.keys.write.toUpperCase()}`)],
    ['two keys', () => bad(`Bearer ${w.keys.write}, Bearer ${w.keys.write}`)],
    ['SQL', () => bad("Bearer casefile_' OR 1=1 --")],
    ['a long header', () => bad(`Bearer ${'a'.repeat(8_000)}`)],
    ['another header', () => ({ 'x-api-key': w.keys.write, cookie: `key=${w.keys.write}` })],
    ['a proxy header', () => ({ 'proxy-authorization': `Bearer ${w.keys.write}` })],
  ]
  const mix = () => w.keys.write.slice(0, -43) + w.keys.read.slice(-43)

  test.each(forgeries)('%s', async (_what, headers) => {
    const { status, headers: sent, text } = await t.api.get('/v1/permits').set(headers())
    expect(status).toBe(401)
    expect(sent['www-authenticate']).toMatch(/^Bearer realm="casefile"/)
    expect(text).not.toContain(w.keys.write)
  })

  test('a key in the query or in the body', async () => {
    for (const name of ['access_token', 'key', 'token']) {
      const { status } = await t.api.get(`/v1/permits?${name}=${w.keys.write}`)
      expect(status).toBe(401)
    }
    const { status } = await t.api.post('/v1/actors').send({ access_token: w.keys.write })
    expect(status).toBe(401)
  })

  test('a key in the second of two headers', async () => {
    const { closed } = await connectRaw(
      await listenOnFreePort(t),
      `GET /v1/permits HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer x\r\nAuthorization: Bearer ${w.keys.write}\r\nConnection: close\r\n\r\n`,
    )
    expect(parseRawResponse(await closed).status).toBe(401)
  })
})

describe('a key that is over', () => {
  test.each(['revoked', 'expired'])('is refused from the next request on: %s', async (how) => {
    const key = await createKey(t.database.db, { name: how, scope: 'write', expiresAt: null })
    if (key === null) throw new Error('The name is taken.')
    const headers = { authorization: `Bearer ${key.text}` }
    await t.api.get('/v1/permits').set(headers).expect(200)
    if (how === 'revoked') await revokeKey(t.database.db, key.id)
    else
      await t.database.pool.query(
        "UPDATE access_key SET expires_at = now() - interval '1 ms' WHERE id = $1",
        [key.id],
      )
    for (const path of ['/v1/permits', '/v1/actors', '/v1/ledger', '/v1/changes/stream'])
      expect((await t.api.get(path).set(headers)).status).toBe(401)
    const actor = { slug: how, type: 'company', name: how, citations: [citationBody()] }
    expect((await t.api.post('/v1/actors').set(headers).send(actor)).status).toBe(401)
  })
})

test('no secret is in the log or in the database', async () => {
  await t.api
    .get('/v1/permits')
    .set(bad(`Bearer ${w.keys.write}`))
    .expect(200)
  await t.api.get(`/v1/permits?key=${w.keys.read}`).set(bad(`Bearer ${w.keys.read}`))
  const log = JSON.stringify(t.logLines)
  const { rows } = await t.database.pool.query('SELECT * FROM access_key')
  for (const key of [w.keys.write, w.keys.read]) {
    const secret = key.slice(-43)
    expect(log).not.toContain(secret)
    expect(JSON.stringify(rows)).not.toContain(secret)
  }
})
