import type { paths } from './schema.ts'

type ListPage = { data: unknown[]; next: string | null }

/** The JSON body of a 200 response. */
type ListResponse<P extends keyof paths> = paths[P] extends {
  get: { responses: { 200: { content: { 'application/json': infer A } } } }
}
  ? A
  : never

/** The paths of lists with pages. */
export type ListPath = {
  [P in keyof paths]: ListResponse<P> extends ListPage ? P : never
}[keyof paths]

export type ListOf<P extends ListPath> = ListResponse<P> extends ListPage ? ListResponse<P> : never

type Parameters<P extends ListPath> = paths[P] extends { get: { parameters: infer G } } ? G : never
type OptionalProperty<O, Name extends string> = O extends { [K in Name]?: infer V } ? V : never

/** As for `GET`: filters in `params.query`, path parameters in `params.path`. */
export type PagesInit<P extends ListPath> = {
  params?: {
    query?: OptionalProperty<Parameters<P>, 'query'>
    path?: OptionalProperty<Parameters<P>, 'path'>
  }
  headers?: Record<string, string>
  signal?: AbortSignal
}

/** Yields pages until `next` is null, with the same filters and sort. */
export async function* followPages<A extends ListPage>(
  filters: object,
  read: (query: object) => Promise<A>,
): AsyncGenerator<A, void, void> {
  for (let query = filters; ; ) {
    const page = await read(query)
    yield page
    if (page.next === null) return
    query = { ...filters, cursor: page.next }
  }
}
