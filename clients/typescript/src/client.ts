import createClient, { type Client } from 'openapi-fetch'
import { CasefileError, type Problem } from './error.ts'
import { followPages, type ListOf, type ListPath, type PagesInit } from './pages.ts'
import { cacheResponses } from './response-cache.ts'
import { retryRequests } from './retry.ts'
import type { components, paths } from './schema.ts'

export { CasefileError, type Problem } from './error.ts'
export type { ListOf, ListPath, PagesInit } from './pages.ts'
export type { components, operations, paths } from './schema.ts'

/** The shapes of the API by name: \`Shapes['Permit']\`. */
export type Shapes = components['schemas']

export type Options = {
  /** Where the server is, e.g. `https://casefile.example.org`. */
  server: string
  /** A key made with `casefile keys create`; writing needs one. */
  key?: string | undefined
  /** How often a request is sent again at most; standard 4. */
  retries?: number | undefined
  /** Longest wait before a request is sent again, in seconds; a server that asks for more is not asked again. Standard 60. */
  waitSecondsMax?: number | undefined
  /** How many answers are kept to be asked for conditionally; standard 200, 0 keeps none. */
  remembered?: number | undefined
  /** Instead of the global one. */
  fetch?: ((request: Request) => Promise<Response>) | undefined
}

/** What is read of an answer: JSON, and problem documents. */
type ReadMediaType = 'application/json' | 'application/problem+json'

export type Casefile = Client<paths, ReadMediaType> & {
  /**
   * The pages of a list, one after the other.
   *
   * @throws {CasefileError} when the server refuses
   */
  pages<P extends ListPath>(path: P, init?: PagesInit<P>): AsyncGenerator<ListOf<P>, void, void>
  /**
   * The entries of a list over all its pages.
   *
   * @throws {CasefileError} when the server refuses
   */
  each<P extends ListPath>(
    path: P,
    init?: PagesInit<P>,
  ): AsyncGenerator<ListOf<P>['data'][number], void, void>
}

/**
 * A client of one server: `GET`, `POST`, `PATCH` and `DELETE` by path, typed by the API itself (openapi-fetch), and lists
 * to iterate over. A request that the server is too busy for is sent again when it says; an answer that was read before
 * is only asked for again if it changed.
 */
export function casefile(options: Options): Casefile {
  const { server, key, retries = 4, waitSecondsMax = 60, remembered = 200 } = options
  const sendRequest = options.fetch ?? ((request: Request) => fetch(request))
  const client = createClient<paths, ReadMediaType>({
    baseUrl: server.replace(/\/+$/, ''),
    headers: { Accept: 'application/json', ...(key && { Authorization: `Bearer ${key}` }) },
    fetch: cacheResponses(retryRequests(sendRequest, { retries, waitSecondsMax }), remembered),
  })
  const pages: Casefile['pages'] = (path, init) =>
    followPages(init?.params?.query ?? {}, async (query) => {
      // The path is known here only as one of many, so the types of its parameters cannot be told apart.
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
