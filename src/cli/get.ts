import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { CannotStart } from '../cannot-start.ts'
import type { Counted } from './telling.ts'

export type Asked = {
  /** `permits`, or `permits` and a slug; further steps as in the path. */
  path: readonly string[]
  parameters: URLSearchParams
  server: string
  key: string | undefined
  /** A file instead of stdout; it is there whole or not at all. */
  out: string | undefined
}

const tries = 5
const waitSecondsMax = 60

/**
 * `get permits --destination turkey`: what stands before the first option is the path, every option a query parameter. One
 * without a value says yes.
 */
export function readAsked(words: readonly string[]): Pick<Asked, 'path' | 'parameters'> {
  const first = words.findIndex((word) => word.startsWith('-'))
  const steps = (first === -1 ? words : words.slice(0, first))
    .flatMap((word) => word.split('/'))
    .filter((step) => step !== '')
  const path = steps[0] === 'v1' ? steps.slice(1) : steps
  const parameters = new URLSearchParams()
  const options = first === -1 ? [] : words.slice(first)
  for (let index = 0; index < options.length; index += 1) {
    const [, name, given] = /^--([^=]+)(?:=(.*))?$/s.exec(options[index] ?? '') ?? []
    if (name === undefined)
      throw new CannotStart(`"${options[index]}" stands where a filter should, such as --limit 10.`)
    const next = options[index + 1]
    const hasValue = given === undefined && next !== undefined && !next.startsWith('--')
    parameters.append(name, given ?? (hasValue ? next : 'true'))
    if (hasValue) index += 1
  }
  return { path, parameters }
}

/**
 * Asks a server and writes the answer as it comes: CSV, NDJSON and other formats byte for byte, JSON lists over all their
 * pages unless there is a `limit`.
 *
 * @throws {CannotStart} when the server refuses, cannot be reached, or breaks off
 */
export async function get(asked: Asked, counted: Counted): Promise<void> {
  const url = new URL(
    `/v1/${asked.path.map(encodeURIComponent).join('/')}`,
    `${asked.server.replace(/\/+$/, '')}/`,
  )
  url.search = asked.parameters.toString()
  const answer = await send(url, asked)
  const isJson = answer.headers.get('content-type')?.startsWith('application/json') ?? false
  const whole = isJson ? pages(answer, url, asked, counted) : bytes(answer, counted)
  try {
    if (asked.out === undefined) return await pipeline(whole, process.stdout, { end: false })
    const draft = `${asked.out}.part`
    await pipeline(whole, createWriteStream(draft)).catch(async (error: unknown) => {
      await rm(draft, { force: true })
      throw error
    })
    await rename(draft, asked.out)
  } catch (error) {
    if (error instanceof CannotStart) throw error
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EPIPE') return
    const reason = error instanceof Error ? error.message : String(error)
    throw new CannotStart(`The answer is not whole, it broke off: ${reason}.`, { cause: error })
  }
}

async function* bytes(answer: Response, counted: Counted) {
  let length = 0
  if (answer.body === null) return
  for await (const chunk of Readable.fromWeb(answer.body as never)) {
    length += chunk.length
    counted('bytes', length, null)
    yield chunk
  }
}

/** The first page as it came, then the entries of the others in the same list. */
async function* pages(
  answer: Response,
  url: URL,
  asked: Asked,
  counted: Counted,
): AsyncGenerator<string> {
  const text = await answer.text()
  const first = JSON.parse(text)
  if (!Array.isArray(first.data) || typeof first.next !== 'string' || url.searchParams.has('limit'))
    return void (yield `${text}\n`)
  const { data, next, ...beside } = first
  let count = 0
  yield '{"data":['
  for (let page = { data, next }; ; ) {
    for (const entry of page.data) yield `${count++ === 0 ? '' : ','}\n${JSON.stringify(entry)}`
    counted('entries', count, first.total ?? null)
    if (page.next === null) break
    url.searchParams.set('cursor', page.next)
    page = (await (await send(url, asked)).json()) as typeof page
  }
  yield `\n],"next":null${JSON.stringify(beside)
    .slice(1, -1)
    .replace(/^(?=.)/, ',')}}\n`
}

async function send(url: URL, { key, server }: Asked): Promise<Response> {
  for (let tried = 1; ; tried += 1) {
    const answer = await fetch(url, {
      headers: key ? { Authorization: `Bearer ${key}` } : {},
    }).catch((error: Error) => {
      const reason = error.cause instanceof Error ? error.cause.message : error.message
      throw new CannotStart(
        `No server answers at ${server}: ${reason}. Start one with "casefile serve", or name one with --server.`,
      )
    })
    if (answer.ok) return answer
    const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN)
    if (tried < tries && /^(429|503)$/.test(`${answer.status}`) && seconds <= waitSecondsMax) {
      await answer.body?.cancel()
      await sleep(seconds * 1_000)
      continue
    }
    const problem = (await answer.json().catch(() => ({}))) as { detail?: string; type?: string }
    const detail = problem.detail ?? `${answer.status} ${answer.statusText}`
    const page = problem.type ? ` (${new URL(problem.type, url)})` : ''
    throw new CannotStart(`${detail}${page}`)
  }
}
