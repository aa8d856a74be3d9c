import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { FatalError } from '../fatal-error.ts'
import type { ProgressCallback } from './progress-reporter.ts'

export type GetRequest = {
  /** `permits`, or `permits` and a slug; further steps as in the path. */
  path: readonly string[]
  parameters: URLSearchParams
  server: string
  key: string | undefined
  /** A file instead of stdout; it is there whole or not at all. */
  outputFile: string | undefined
}

const maxAttempts = 5
const maxRetryAfterSeconds = 60

/**
 * `get permits --destination turkey`: what stands before the first option is the path, every option a query parameter. One
 * without a value says yes.
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
      throw new FatalError(`"${options[index]}" stands where a filter should, such as --limit 10.`)
    const next = options[index + 1]
    const hasValue = inlineValue === undefined && next !== undefined && !next.startsWith('--')
    parameters.append(name, inlineValue ?? (hasValue ? next : 'true'))
    if (hasValue) index += 1
  }
  return { path, parameters }
}

/**
 * Asks a server and writes the answer as it comes: CSV, NDJSON and other formats byte for byte, JSON lists over all their
 * pages unless there is a `limit`.
 *
 * @throws {FatalError} when the server refuses, cannot be reached, or breaks off
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
    throw new FatalError(`The answer is not whole, it broke off: ${reason}.`, { cause: error })
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

/** The first page as it came, then the entries of the others in the same list. */
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
        `No server answers at ${server}: ${reason}. Start one with "casefile serve", or name one with --server.`,
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
