import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { FatalError } from '../fatal-error.ts'
import type { ProgressCallback } from './progress-reporter.ts'

export type GetRequest = {
  /** Segments of the path after `/v1`. */
  path: readonly string[]
  parameters: URLSearchParams
  server: string
  key: string | undefined
  /** Path of a file instead of stdout. It is created only when the response is complete. */
  outputFile: string | undefined
}

const maxAttempts = 5
const maxRetryAfterSeconds = 60

/**
 * Parses `permits --destination turkey`: words before the first option are the path, each option is a query parameter. An
 * option without a value means `true`.
 */
export function parseGetArguments(
  args: readonly string[],
): Pick<GetRequest, 'path' | 'parameters'> {
  const firstOption = args.findIndex((word) => word.startsWith('-'))
  const steps = (firstOption === -1 ? args : args.slice(0, firstOption))
    .flatMap((word) => word.split('/'))
    .filter((step) => step !== '')
  const path = steps[0] === 'v1' ? steps.slice(1) : steps
  const parameters = new URLSearchParams()
  const options = firstOption === -1 ? [] : args.slice(firstOption)
  for (let index = 0; index < options.length; index += 1) {
    const [, name, inlineValue] = /^--([^=]+)(?:=(.*))?$/s.exec(options[index] ?? '') ?? []
    if (name === undefined)
      throw new FatalError(`"${options[index]}" is not a filter. Write filters as --limit 10.`)
    const next = options[index + 1]
    const hasValue = inlineValue === undefined && next !== undefined && !next.startsWith('--')
    parameters.append(name, inlineValue ?? (hasValue ? next : 'true'))
    if (hasValue) index += 1
  }
  return { path, parameters }
}

/**
 * Sends the request and writes the response as it arrives. JSON lists are written with all their pages, unless there is a
 * `limit`. Other formats are written unchanged.
 *
 * @throws {FatalError} when the server refuses the request, is unreachable, or closes the connection early
 */
export async function runGet(request: GetRequest, onProgress: ProgressCallback): Promise<void> {
  const url = new URL(
    `/v1/${request.path.map(encodeURIComponent).join('/')}`,
    `${request.server.replace(/\/+$/, '')}/`,
  )
  url.search = request.parameters.toString()
  const answer = await sendRequest(url, request)
  const isJson = answer.headers.get('content-type')?.startsWith('application/json') ?? false
  const output = isJson
    ? streamPages(answer, url, request, onProgress)
    : streamBytes(answer, onProgress)
  try {
    if (request.outputFile === undefined)
      return await pipeline(output, process.stdout, { end: false })
    const partialFile = `${request.outputFile}.part`
    await pipeline(output, createWriteStream(partialFile)).catch(async (error: unknown) => {
      await rm(partialFile, { force: true })
      throw error
    })
    await rename(partialFile, request.outputFile)
  } catch (error) {
    if (error instanceof FatalError) throw error
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EPIPE') return
    const reason = error instanceof Error ? error.message : String(error)
    throw new FatalError(`The response is incomplete: ${reason}.`, { cause: error })
  }
}

async function* streamBytes(answer: Response, onProgress: ProgressCallback) {
  let length = 0
  if (answer.body === null) return
  for await (const chunk of Readable.fromWeb(answer.body as never)) {
    length += chunk.length
    onProgress('bytes', length, null)
    yield chunk
  }
}

/** The entries of all pages in one list. A response that is no list, or has one page, is written unchanged. */
async function* streamPages(
  answer: Response,
  url: URL,
  request: GetRequest,
  onProgress: ProgressCallback,
): AsyncGenerator<string> {
  const text = await answer.text()
  const first = JSON.parse(text)
  if (!Array.isArray(first.data) || typeof first.next !== 'string' || url.searchParams.has('limit'))
    return void (yield `${text}\n`)
  const { data, next, ...otherMembers } = first
  let count = 0
  yield '{"data":['
  for (let page = { data, next }; ; ) {
    for (const entry of page.data) yield `${count++ === 0 ? '' : ','}\n${JSON.stringify(entry)}`
    onProgress('entries', count, first.total ?? null)
    if (page.next === null) break
    url.searchParams.set('cursor', page.next)
    page = (await (await sendRequest(url, request)).json()) as typeof page
  }
  yield `\n],"next":null${JSON.stringify(otherMembers)
    .slice(1, -1)
    .replace(/^(?=.)/, ',')}}\n`
}

async function sendRequest(url: URL, { key, server }: GetRequest): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await fetch(url, {
      headers: key ? { Authorization: `Bearer ${key}` } : {},
    }).catch((error: Error) => {
      const reason = error.cause instanceof Error ? error.cause.message : error.message
      throw new FatalError(
        `No server answers at ${server}: ${reason}. Start one with "casefile serve", or set --server.`,
      )
    })
    if (answer.ok) return answer
    const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN)
    if (
      attempt < maxAttempts &&
      /^(429|503)$/.test(`${answer.status}`) &&
      seconds <= maxRetryAfterSeconds
    ) {
      await answer.body?.cancel()
      await sleep(seconds * 1_000)
      continue
    }
    const problem = (await answer.json().catch(() => ({}))) as { detail?: string; type?: string }
    const detail = problem.detail ?? `${answer.status} ${answer.statusText}`
    const page = problem.type ? ` (${new URL(problem.type, url)})` : ''
    throw new FatalError(`${detail}${page}`)
  }
}
