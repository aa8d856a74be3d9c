import { describe, expect, test } from 'vitest'
import { revokeKey } from '../../src/access/queries.ts'
import { useApp } from '../harness/app.ts'
import { useWriteClient } from '../harness/write-client.ts'

/** Signing in with an access key on a server that shows its pages to holders of keys only. */

const t = useApp({ ACCESS: 'private' })
const client = useWriteClient(t)
const html = { Accept: 'text/html' }
const page = '/permits/wescam-mx15d-baykar-2020'

const signIn = (key: string, headers = {}, to = page) =>
  t.api.post('/sign-in').type('form').set(headers).send({ key, to })
const cookieOf = (headers: Record<string, unknown>): string =>
  String((headers['set-cookie'] as unknown as string[])[0]).split(';')[0] ?? ''

describe('a private server', () => {
  test.each([page, '/', '/search?q=turkey', '/changes.atom', '/findings'])(
    '%s asks to sign in, and then goes on there',
    async (path) => {
      const { headers } = await t.api.get(path).set(html).expect(303)
      expect(headers.location).toBe(`/sign-in?${new URLSearchParams({ to: path })}`)
    },
  )

  test('a key opens the pages; the cookie is out of reach of scripts and other sites', async () => {
    const { headers } = await signIn(client.keys.read).expect(303)
    expect(headers.location).toBe(page)
    expect(String(headers['set-cookie'])).toMatch(/; HttpOnly; SameSite=Strict/)
    expect(String(headers['set-cookie'])).not.toContain(client.keys.read)
    const { text } = await t.api.get(page).set(html).set('Cookie', cookieOf(headers)).expect(200)
    expect(text).toContain('<h1>')
  })

  test('the cookie is no key for the API', async () => {
    const { headers } = await signIn(client.keys.write)
    await t.api.get(`/v1${page}`).set('Cookie', cookieOf(headers)).expect(401)
  })

  test('a wrong key, a changed cookie and a form of another site are refused', async () => {
    await signIn('casefile_nothing').expect(401)
    const { headers } = await signIn(client.keys.read)
    await t.api
      .get(page)
      .set(html)
      .set('Cookie', `${cookieOf(headers)}x`)
      .expect(303)
    await signIn(client.keys.read, { 'Sec-Fetch-Site': 'cross-site' }).expect(403)
    await signIn(client.keys.read, { Origin: 'https://elsewhere.test' }).expect(403)
  })

  test.each(['https://elsewhere.test/', '//elsewhere.test', '/\\elsewhere.test'])(
    'never goes on to another server: %s',
    async (to) => {
      const { headers } = await signIn(client.keys.read, {}, to).expect(303)
      expect(headers.location).toBe('/')
    },
  )

  test('an internal header that a client invents gives no access', async () => {
    await t.api
      .get(`/v1${page}`)
      .set({
        'x-casefile-internal': 'guess',
        'x-casefile-key-id': '01936f5e-0000-7000-8000-000000000000',
      })
      .expect(401)
  })

  test('the session ends with its key', async () => {
    const { headers } = await signIn(client.keys.read)
    await t.api.get(page).set(html).set('Cookie', cookieOf(headers)).expect(200)
    await revokeKey(t.database.db, 'test read')
    await t.api.get(page).set(html).set('Cookie', cookieOf(headers)).expect(303)
  })
})
