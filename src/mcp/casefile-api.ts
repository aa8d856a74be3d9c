import { type ApiServer, buildServerUrl, sendApiRequest } from '../cli/api-request.ts'

/** A parameter that is undefined is not sent; a list is sent as a repeated parameter. */
export type ApiParameters = Record<
  string,
  string | number | boolean | readonly string[] | undefined
>

/** The part of the API that the tools use. */
export type CasefileApi = {
  /** @throws {FatalError} when no server answers, or the server refuses the request */
  get: <T>(path: string, parameters?: ApiParameters) => Promise<T>
  /** @throws {FatalError} as `get` */
  getText: (path: string) => Promise<string>
  /** @throws {FatalError} as `get` */
  post: <T>(path: string, body: unknown) => Promise<T>
  /** The absolute address of a path of the API, for a reader to open. */
  link: (path: string) => string
}

export function connectApi(server: ApiServer): CasefileApi {
  const link = (path: string) => buildServerUrl(server.server, path).href
  return {
    link,
    async get<T>(path: string, parameters: ApiParameters = {}) {
      const url = new URL(link(path))
      for (const [name, value] of Object.entries(parameters))
        for (const one of Array.isArray(value) ? value : [value])
          if (one !== undefined) url.searchParams.append(name, String(one))
      return (await (await sendApiRequest(url, server)).json()) as T
    },
    async getText(path) {
      return (await sendApiRequest(new URL(link(path)), server)).text()
    },
    async post<T>(path: string, body: unknown) {
      return (await (await sendApiRequest(new URL(link(path)), server, body)).json()) as T
    },
  }
}
