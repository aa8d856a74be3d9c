import type { Response, Test } from 'supertest'
import { beforeAll } from 'vitest'
import { createKey } from '../../src/access/queries.ts'
import type { Running } from './app.ts'

/** Stands once in the seed's article. */
export const standing = 'Turkey had pressed Ottawa'

/** A citation as a client sends it. */
export const cited = (given: object = {}) => ({
  article: 'turkey-pressed-canada',
  quote: standing,
  ...given,
})

export type Writing = {
  /** Texts of keys. */
  keys: { read: string; write: string }
  post(path: string, body: object, headers?: Record<string, string>): Test
  /** With the tag of the record as it is now, unless headers say otherwise. */
  patch(path: string, body: object, headers?: Record<string, string>): Promise<Response>
  del(path: string, body: object, headers?: Record<string, string>): Promise<Response>
  /** The tag of a record as it is now. */
  tag(path: string): Promise<string>
  /** An actor, by its slug. */
  actor(slug: string, given?: object): Promise<Record<string, never>>
}

/** What a client needs to write; the keys are made before the tests of the file run. */
export function useWriting(t: Running): Writing {
  const keys = { read: '', write: '' }
  beforeAll(async () => {
    for (const scope of ['read', 'write'] as const) {
      const key = await createKey(t.database.db, { name: `test ${scope}`, scope, expiresAt: null })
      keys[scope] = key?.text ?? ''
    }
  })
  const signed = (test: Test, headers: Record<string, string> = {}) =>
    test.set({ authorization: `Bearer ${keys.write}`, ...headers })
  const tag = async (path: string): Promise<string> => {
    const { headers } = await t.api.get(path).set('Authorization', `Bearer ${keys.write}`)
    return headers.etag ?? ''
  }
  const matching = async (path: string, headers: Record<string, string>) =>
    'if-match' in headers ? headers : { 'if-match': await tag(path), ...headers }
  const writing: Writing = {
    ...{ keys, tag },
    post: (path, body, headers) => signed(t.api.post(path), headers).send(body),
    patch: async (path, body, headers = {}) =>
      signed(t.api.patch(path), await matching(path, headers)).send(body),
    del: async (path, body, headers = {}) =>
      signed(t.api.delete(path), await matching(path, headers)).send(body),
    async actor(slug, given = {}) {
      const { body } = await writing
        .post('/v1/actors', {
          ...{ slug, type: 'company', name: `Name of ${slug}`, citations: [cited()] },
          ...given,
        })
        .expect(201)
      return body
    },
  }
  return writing
}
