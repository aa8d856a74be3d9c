import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { brotliCompress, constants, deflate, gzip } from 'node:zlib'
import type { FastifyBaseLogger } from 'fastify'
import { LRUCache } from 'lru-cache'
import { matchesEtag } from './etag.ts'
import type { EarlyResponder } from './http-server.ts'
import { getRequestId, isInfoEnabled, logOnClose } from './request-log.ts'
import type { Head, RevisionSource } from './revision-source.ts'

/** A complete response in one content coding. */
export type CachedResponse = {
  head: Head
  etag: string
  /** Path pattern of the route, for the log. */
  route: string
  /** Alternating names and values, for `writeHead`. */
  headers: readonly string[]
  /** The bytes as a latin1 string: Node writes a string together with the headers, but a buffer separately. */
  body: string
}

type Compressors = Readonly<Record<string, (body: Buffer) => Promise<Buffer>>>

const compressors: Compressors = {
  br: (body) =>
    promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  gzip: (body) => promisify(gzip)(body),
  deflate: (body) => promisify(deflate)(body),
}

/** Headers of the connection or of a single request. */
const uncachedHeaders =
  /^(x-request-id|content-length|transfer-encoding|connection|keep-alive|date|retry-after|(x-)?ratelimit.*)$/i

/**
 * An LRU cache of complete responses of the newest revision. The key of an entry is everything besides the revision that
 * decides its bytes. docs/decisions/0026-http-mechanisms.md gives the reasons.
 */
export class ResponseCache {
  readonly #entries: LRUCache<string, CachedResponse>

  constructor(maxBytes: number) {
    this.#entries = new LRUCache({
      maxSize: maxBytes,
      maxEntrySize: Math.ceil(maxBytes / 8),
      sizeCalculation: ({ body }, key) => body.length + key.length * 2 + 2_000,
    })
  }

  static buildKey({ url = '', headers }: Pick<IncomingMessage, 'url' | 'headers'>): string {
    return `${url}\n${headers.accept ?? ''}\n${headers['accept-encoding'] ?? ''}`
  }

  get(key: string, head: Head): CachedResponse | undefined {
    const entry = this.#entries.get(key)
    return entry !== undefined && isSameHead(entry.head, head) ? entry : undefined
  }

  getSize(): { entries: number; bytes: number } {
    return { entries: this.#entries.size, bytes: this.#entries.calculatedSize }
  }

  clear(): void {
    this.#entries.clear()
  }

  /** @param sentHeaders headers of the response; the entry gets its content coding */
  async store(
    key: string,
    response: { head: Head; etag: string; route: string; body: string | Buffer },
    sentHeaders: Readonly<Record<string, number | string | string[] | undefined>>,
    source: Pick<RevisionSource, 'getKnownHead'>,
  ): Promise<void> {
    const { body: rawBody, ...metadata } = response
    const coding = sentHeaders['content-encoding']
    const plainBody = typeof rawBody === 'string' ? Buffer.from(rawBody) : rawBody
    const body = coding === undefined ? plainBody : await compressors[String(coding)]?.(plainBody)
    const knownHead = source.getKnownHead()
    if (body === undefined || knownHead === null || !isSameHead(knownHead, metadata.head)) return
    const headers = Object.entries({ ...sentHeaders, 'content-length': body.length }).flatMap(
      ([name, value]) =>
        value === undefined || (uncachedHeaders.test(name) && name !== 'content-length')
          ? []
          : [name, Array.isArray(value) ? value.join(', ') : String(value)],
    )
    this.#entries.set(key, { ...metadata, headers, body: body.toString('latin1') })
  }
}

const isSameHead = (a: Head, b: Head): boolean =>
  a === b || (a.revision === b.revision && a.epoch === b.epoch)

/**
 * Responds from memory before routing, hooks and validation: the same request passed them at this revision. Requests with
 * a key are left to the routes, which check it. A cached response does not count against the rate limit: it costs almost
 * nothing.
 */
export const createCachedResponder =
  (cache: ResponseCache, source: RevisionSource, log: FastifyBaseLogger): EarlyResponder =>
  (request, response) => {
    if (request.method !== 'GET' || request.headers.authorization !== undefined) return false
    const head = source.getKnownHead()
    if (head === null || hasNoCacheHeader(request)) return false
    const cached = cache.get(ResponseCache.buildKey(request), head)
    if (cached === undefined) return false
    const id = getRequestId(request)
    if (isInfoEnabled(log)) logOnClose(log, request, response, id, () => cached.route)
    sendCachedResponse(cached, request.headers['if-none-match'], response, id)
    return true
  }

/** Whether the client asks for the newest revision. */
export const hasNoCacheHeader = ({ headers }: IncomingMessage): boolean =>
  headers['cache-control']?.includes('no-cache') ?? false

/** Sends a cached response, or 304 when the client has it already. */
function sendCachedResponse(
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

/** The headers of a 304: those that update a stored response (RFC 9110, 15.4.5), and those of CORS. */
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
