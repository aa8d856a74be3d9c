import type { Response, Test } from 'supertest'
import { beforeAll } from 'vitest'
import { createKey } from '../../src/access/queries.ts'
import type { TestApp } from './app.ts'

/** Occurs once in the seed's article. */
export const seedQuote = 'Turkey had pressed Ottawa'

/** A citation in a request body. */
export const citationBody = (overrides: object = {}) => ({
  article: 'turkey-pressed-canada',
  quote: seedQuote,
  ...overrides,
})

export type WriteClient = {
  /** API keys by scope. */
  keys: { read: string; write: string }
  post(path: string, body: object, headers?: Record<string, string>): Test
  /** Sends the current ETag of the record, unless `headers` has an `if-match`. */
  patch(path: string, body: object, headers?: Record<string, string>): Promise<Response>
  del(path: string, body: object, headers?: Record<string, string>): Promise<Response>
  /** The current ETag of a record. */
  readEtag(path: string): Promise<string>
  /** Creates an actor and returns the response body. */
  createActor(slug: string, overrides?: object): Promise<Record<string, never>>
}

/** A client that can write. Its keys are created before the tests of the file. */
export function useWriteClient(t: TestApp): WriteClient {
  const keys = { read: '', write: '' }
  beforeAll(async () => {
    for (const scope of ['read', 'write'] as const) {
      const key = await createKey(t.database.db, { name: `test ${scope}`, scope, expiresAt: null })
      keys[scope] = key?.text ?? ''
    }
  })
  const authorise = (test: Test, headers: Record<string, string> = {}) =>
    test.set({ authorization: `Bearer ${keys.write}`, ...headers })
  const readEtag = async (path: string): Promise<string> => {
    const { headers } = await t.api.get(path).set('Authorization', `Bearer ${keys.write}`)
    return headers.etag ?? ''
  }
  const addIfMatch = async (path: string, headers: Record<string, string>) =>
    'if-match' in headers ? headers : { 'if-match': await readEtag(path), ...headers }
  const client: WriteClient = {
    keys,
    readEtag,
    post: (path, body, headers) => authorise(t.api.post(path), headers).send(body),
    patch: async (path, body, headers = {}) =>
      authorise(t.api.patch(path), await addIfMatch(path, headers)).send(body),
    del: async (path, body, headers = {}) =>
      authorise(t.api.delete(path), await addIfMatch(path, headers)).send(body),
    async createActor(slug, overrides = {}) {
      const { body } = await client
        .post('/v1/actors', {
          slug,
          type: 'company',
          name: `Name of ${slug}`,
          citations: [citationBody()],
          ...overrides,
        })
        .expect(201)
      return body
    },
  }
  return client
}
