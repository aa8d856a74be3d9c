import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { FatalError } from '../fatal-error.ts'
import { type ApiServer, buildServerUrl, sendApiRequest } from './api-request.ts'
import type { ProgressCallback } from './progress-reporter.ts'

export type GetRequest = ApiServer & {
  /** Segments of the path after `/v1`. */
  path: readonly string[]
  parameters: URLSearchParams
  /** Path of a file instead of stdout. It is created only when the response is complete. */
  outputFile: string | undefined
}

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
  const path = request.path.map(encodeURIComponent).join('/')
  const url = buildServerUrl(request.server, `/v1/${path}`)
  url.search = request.parameters.toString()
  const answer = await sendApiRequest(url, request)
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
    page = (await (await sendApiRequest(url, request)).json()) as typeof page
  }
  yield `\n],"next":null${JSON.stringify(otherMembers)
    .slice(1, -1)
    .replace(/^(?=.)/, ',')}}\n`
}
