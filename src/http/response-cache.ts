import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { brotliCompress, constants, deflate, gzip } from 'node:zlib'
import { LRUCache } from 'lru-cache'

/** A whole answer as it goes out, in one content coding. */
export type CachedResponse = {
  revision: number
  etag: string
  /** Path pattern of the route, for the log. */
  route: string
  /** Names and values by turns, as `writeHead` takes them. */
  headers: readonly string[]
  /** A character for each byte (latin1): a string goes out in one piece with the headers, which bytes do not. */
  body: string
}

type Compressors = Readonly<Record<string, (body: Buffer) => Promise<Buffer>>>

const compressors: Compressors = {
  br: (body) =>
    promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  gzip: (body) => promisify(gzip)(body),
  deflate: (body) => promisify(deflate)(body),
}

/** Of the connection or of the one request, and so made anew for each. */
const uncachedHeaders =
  /^(x-request-id|content-length|transfer-encoding|connection|keep-alive|date|retry-after|(x-)?ratelimit.*)$/i

/**
 * Whole answers of one revision in memory, least recently used first out, dropped as soon as the revision moves. What
 * decides the bytes of an answer besides the revision is its key.
 */
export class ResponseCache {
  readonly #entries: LRUCache<string, CachedResponse>

  constructor(bytesMax: number) {
    this.#entries = new LRUCache({
      maxSize: bytesMax,
      maxEntrySize: Math.ceil(bytesMax / 8),
      sizeCalculation: ({ body }, key) => body.length + key.length * 2 + 2_000,
    })
  }

  static buildKey({ url = '', headers }: Pick<IncomingMessage, 'url' | 'headers'>): string {
    return `${url}\n${headers.accept ?? ''}\n${headers['accept-encoding'] ?? ''}`
  }

  get(key: string, revision: number): CachedResponse | undefined {
    const metadata = this.#entries.get(key)
    return metadata?.revision === revision ? metadata : undefined
  }

  clear(): void {
    this.#entries.clear()
  }

  /** @param sentHeaders the headers of the answer that was sent; its coding, if any, is that of what is kept */
  async store(
    key: string,
    response: { revision: number; etag: string; route: string; body: string | Buffer },
    sentHeaders: Readonly<Record<string, number | string | string[] | undefined>>,
    isCurrent: (revision: number) => boolean,
  ): Promise<void> {
    const { body: rawBody, ...metadata } = response
    const coding = sentHeaders['content-encoding']
    const plain = typeof rawBody === 'string' ? Buffer.from(rawBody) : rawBody
    const body = coding === undefined ? plain : await compressors[String(coding)]?.(plain)
    if (body === undefined || !isCurrent(metadata.revision)) return
    const headers = Object.entries({ ...sentHeaders, 'content-length': body.length }).flatMap(
      ([name, value]) =>
        value === undefined || (uncachedHeaders.test(name) && name !== 'content-length')
          ? []
          : [name, Array.isArray(value) ? value.join(', ') : String(value)],
    )
    this.#entries.set(key, { ...metadata, headers, body: body.toString('latin1') })
  }
}

/** Sends a kept answer, or 304 to whoever has it already. */
export function sendCachedResponse(
  { headers, etag, body }: CachedResponse,
  ifNoneMatch: string | undefined,
  response: ServerResponse,
  requestId: string,
): void {
  if (ifNoneMatch !== undefined && matchesEtag(ifNoneMatch, etag)) {
    response.writeHead(304, [...selectNotModifiedHeaders(headers), 'x-request-id', requestId])
    response.end()
  } else {
    response.writeHead(200, [...headers, 'x-request-id', requestId])
    response.end(body, 'latin1')
  }
}

const notModifiedHeaders = new WeakMap<readonly string[], readonly string[]>()

/**
 * What a 304 has of the headers of the 200: what is needed to update a stored answer and no more (RFC 9110, 15.4.5), and
 * what lets a page of another origin see it.
 */
function selectNotModifiedHeaders(headers: readonly string[]): readonly string[] {
  let selected = notModifiedHeaders.get(headers)
  if (selected === undefined) {
    selected = headers.filter((_, index) =>
      /^(etag|cache-control|vary|access-control-.*)$/i.test(headers[index - (index % 2)] ?? ''),
    )
    notModifiedHeaders.set(headers, selected)
  }
  return selected
}

/** `If-None-Match` compares weakly (RFC 9110, 13.1.2). */
export const matchesEtag = (ifNoneMatch: string, tag: string): boolean =>
  ifNoneMatch === tag ||
  ifNoneMatch.trim() === '*' ||
  ifNoneMatch.split(',').some((one) => one.trim().replace(/^W\//, '') === tag)
