import { setTimeout as sleep } from 'node:timers/promises'
import { FatalError } from '../fatal-error.ts'

/** A running server, and the access key to send to it. */
export type ApiServer = { server: string; key: string | undefined }

const maxAttempts = 5
const maxRetryAfterSeconds = 60

/**
 * The server of the option `--server`, of CASEFILE_SERVER or of this machine, with the key of CASEFILE_KEY.
 *
 * @throws {FatalError} when the address is not an HTTP one
 */
export function findServer(option: string | undefined): ApiServer {
  const { CASEFILE_SERVER, CASEFILE_KEY } = process.env
  const server = option ?? (CASEFILE_SERVER || 'http://localhost:3000')
  if (!/^https?:\/\/./.test(server))
    throw new FatalError(`--server must start with http:// or https://, not "${server}".`)
  return { server, key: CASEFILE_KEY || undefined }
}

/** The address of a path, e.g. `/v1/permits`, on a server that may lie below a path of its own. */
export const buildServerUrl = (server: string, path: string): URL =>
  new URL(path.replace(/^\//, ''), `${server.replace(/\/+$/, '')}/`)

/**
 * Sends a request, and again after `Retry-After` when the server is busy.
 *
 * @throws {FatalError} when no server answers, or the server refuses the request
 */
export async function sendApiRequest(
  url: URL,
  { server, key }: ApiServer,
  body?: unknown,
): Promise<Response> {
  const headers: Record<string, string> = {}
  if (key !== undefined) headers.Authorization = `Bearer ${key}`
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  const request: RequestInit =
    body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) }
  for (let attempt = 1; ; attempt += 1) {
    const answer = await fetch(url, request).catch((error: Error) => {
      const reason = error.cause instanceof Error ? error.cause.message : error.message
      throw new FatalError(
        `No server answers at ${server}: ${reason}. Start one with "casefile serve", or set --server.`,
      )
    })
    if (answer.ok) return answer
    const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN)
    const isBusy = answer.status === 429 || answer.status === 503
    if (attempt < maxAttempts && isBusy && seconds <= maxRetryAfterSeconds) {
      await answer.body?.cancel()
      await sleep(seconds * 1_000)
      continue
    }
    throw new FatalError(await describeProblem(answer, url))
  }
}

async function describeProblem(answer: Response, url: URL): Promise<string> {
  const problem = (await answer.json().catch(() => ({}))) as { detail?: string; type?: string }
  const detail = problem.detail ?? `${answer.status} ${answer.statusText}`
  const page = problem.type ? ` (${new URL(problem.type, url)})` : ''
  return `${detail}${page}`
}
