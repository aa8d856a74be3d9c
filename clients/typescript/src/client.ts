import createClient, { type Client } from 'openapi-fetch'
import { CasefileError, type Problem } from './error.ts'
import { followPages, type ListOf, type ListPath, type PagesInit } from './pages.ts'
import { cacheResponses } from './response-cache.ts'
import { retryRequests } from './retry.ts'
import type { components, paths } from './schema.ts'

export { CasefileError, type Problem } from './error.ts'
export type { ListOf, ListPath, PagesInit } from './pages.ts'
export type { components, operations, paths } from './schema.ts'

/** The schemas of the API by name: `Shapes['Permit']`. */
export type Shapes = components['schemas']

export type Options = {
  /** URL of the server, e.g. `https://casefile.example.org`. */
  server: string
  /** A key created with `casefile keys create`. Writes need one. */
  key?: string | undefined
  /** Maximum number of repetitions of a request. Default 4. */
  retries?: number | undefined
  /** Longest wait before a repetition, in seconds. If the server asks for a longer wait, the client gives up. Default 60. */
  waitSecondsMax?: number | undefined
  /** Maximum number of cached responses. 0 disables the cache. Default 200. */
  cachedResponsesMax?: number | undefined
  /** Replaces the global `fetch`. */
  fetch?: ((request: Request) => Promise<Response>) | undefined
}

/** The media types that the client reads: JSON and problem documents. */
type ReadMediaType = 'application/json' | 'application/problem+json'

export type Casefile = Client<paths, ReadMediaType> & {
  /**
   * Iterates over the pages of a list.
   *
   * @throws {CasefileError} for an error response
   */
  pages<P extends ListPath>(path: P, init?: PagesInit<P>): AsyncGenerator<ListOf<P>, void, void>
  /**
   * Iterates over the entries of all pages of a list.
   *
   * @throws {CasefileError} for an error response
   */
  each<P extends ListPath>(
    path: P,
    init?: PagesInit<P>,
  ): AsyncGenerator<ListOf<P>['data'][number], void, void>
}

/**
 * A client of one server: `GET`, `POST`, `PATCH` and `DELETE` by path with the types of the OpenAPI description
 * (openapi-fetch), and iteration over lists. It repeats requests that a busy server refused, and caches responses.
 */
export function casefile(options: Options): Casefile {
  const { server, key, retries = 4, waitSecondsMax = 60, cachedResponsesMax = 200 } = options
  const sendRequest = options.fetch ?? ((request: Request) => fetch(request))
  const client = createClient<paths, ReadMediaType>({
    baseUrl: server.replace(/\/+$/, ''),
    headers: { Accept: 'application/json', ...(key && { Authorization: `Bearer ${key}` }) },
    fetch: cacheResponses(
      retryRequests(sendRequest, { retries, waitSecondsMax }),
      cachedResponsesMax,
    ),
  })
  const pages: Casefile['pages'] = (path, init) =>
    followPages(init?.params?.query ?? {}, async (query) => {
      // The type of `path` is a union here, so TypeScript cannot infer the types of its parameters.
      const get = client.GET as unknown as (
        path: string,
        init: object,
      ) => Promise<{ data?: unknown; error?: unknown; response: Response }>
      const { data, error, response } = await get(path, {
        ...init,
        params: { ...init?.params, query },
      })
      if (!response.ok || data === undefined)
        throw new CasefileError(response, error as Problem | undefined)
      return data as ListOf<typeof path>
    })
  return Object.assign(client, {
    pages,
    async *each<P extends ListPath>(path: P, init?: PagesInit<P>) {
      for await (const page of pages(path, init)) yield* page.data
    },
  })
}
