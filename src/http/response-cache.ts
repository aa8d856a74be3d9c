import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { brotliCompress, constants, deflate, gzip } from 'node:zlib'
import { LRUCache } from 'lru-cache'

/** A whole answer as it goes out, in one content coding. */
export type KeptAnswer = {
  revision: number
  etag: string
  /** Path pattern of the route, for the log. */
  route: string
  /** Names and values by turns, as `writeHead` takes them. */
  headers: readonly string[]
  /** A character for each byte (latin1): a string goes out in one piece with the headers, which bytes do not. */
  body: string
}

type Codings = Readonly<Record<string, (body: Buffer) => Promise<Buffer>>>

const compressors: Codings = {
  br: (body) =>
    promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  gzip: (body) => promisify(gzip)(body),
  deflate: (body) => promisify(deflate)(body),
}

/** Of the connection or of the one request, and so made anew for each. */
const notKept =
  /^(x-request-id|content-length|transfer-encoding|connection|keep-alive|date|retry-after|(x-)?ratelimit.*)$/i

/**
 * Whole answers of one revision in memory, least recently used first out, dropped as soon as the revision moves. What
 * decides the bytes of an answer besides the revision is its key.
 */
export class KeptAnswers {
  readonly #kept: LRUCache<string, KeptAnswer>

  constructor(bytesMax: number) {
    this.#kept = new LRUCache({
      maxSize: bytesMax,
      maxEntrySize: Math.ceil(bytesMax / 8),
      sizeCalculation: ({ body }, key) => body.length + key.length * 2 + 2_000,
    })
  }

  static keyOf({ url = '', headers }: Pick<IncomingMessage, 'url' | 'headers'>): string {
    return `${url}\n${headers.accept ?? ''}\n${headers['accept-encoding'] ?? ''}`
  }

  get(key: string, revision: number): KeptAnswer | undefined {
    const answer = this.#kept.get(key)
    return answer?.revision === revision ? answer : undefined
  }

  clear(): void {
    this.#kept.clear()
  }

  /** @param sent the headers of the answer that was sent; its coding, if any, is that of what is kept */
  async keep(
    key: string,
    unkept: { revision: number; etag: string; route: string; body: string | Buffer },
    sent: Readonly<Record<string, number | string | string[] | undefined>>,
    isCurrent: (revision: number) => boolean,
  ): Promise<void> {
    const { body: given, ...answer } = unkept
    const coding = sent['content-encoding']
    const plain = typeof given === 'string' ? Buffer.from(given) : given
    const body = coding === undefined ? plain : await compressors[String(coding)]?.(plain)
    if (body === undefined || !isCurrent(answer.revision)) return
    const headers = Object.entries({ ...sent, 'content-length': body.length }).flatMap(
      ([name, value]) =>
        value === undefined || (notKept.test(name) && name !== 'content-length')
          ? []
          : [name, Array.isArray(value) ? value.join(', ') : String(value)],
    )
    this.#kept.set(key, { ...answer, headers, body: body.toString('latin1') })
  }
}

/** Sends a kept answer, or 304 to whoever has it already. */
export function sendKept(
  { headers, etag, body }: KeptAnswer,
  ifNoneMatch: string | undefined,
  response: ServerResponse,
  requestId: string,
): void {
  if (ifNoneMatch !== undefined && matches(ifNoneMatch, etag)) {
    response.writeHead(304, [...withoutBody(headers), 'x-request-id', requestId])
    response.end()
  } else {
    response.writeHead(200, [...headers, 'x-request-id', requestId])
    response.end(body, 'latin1')
  }
}

const bare = new WeakMap<readonly string[], readonly string[]>()

/**
 * What a 304 has of the headers of the 200: what is needed to update a stored answer and no more (RFC 9110, 15.4.5), and
 * what lets a page of another origin see it.
 */
function withoutBody(headers: readonly string[]): readonly string[] {
  let left = bare.get(headers)
  if (left === undefined) {
    left = headers.filter((_, index) =>
      /^(etag|cache-control|vary|access-control-.*)$/i.test(headers[index - (index % 2)] ?? ''),
    )
    bare.set(headers, left)
  }
  return left
}

/** `If-None-Match` compares weakly (RFC 9110, 13.1.2). */
export const matches = (given: string, tag: string): boolean =>
  given === tag ||
  given.trim() === '*' ||
  given.split(',').some((one) => one.trim().replace(/^W\//, '') === tag)
