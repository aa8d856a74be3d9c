import { hash } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { buildId } from './build-id.ts'
import { getRequestId, isInfoEnabled, logOnClose } from './request-log.ts'
import { matchesEtag, ResponseCache, sendCachedResponse } from './response-cache.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The answer is a function of the data alone, and so of the revision: it gets an ETag and may be kept. */
    revisioned?: boolean
  }
  interface FastifyRequest {
    /** Of an answer that is made for it; null where one is known already. */
    etag: string | null
    /** The answer as it is before it is compressed, to be kept. */
    unkept: { revision: number; body: string | Buffer } | null
  }
}

/** Where the newest revision is known from. */
export type RevisionSource = {
  /** Null while it would have to be asked for. */
  getKnownRevision(): number | null
  getRevision(): Promise<number>
  queryRevision(): Promise<number>
  onChange(listener: () => void): () => void
}

type ConditionalOptions = {
  head: RevisionSource
  cacheBytes: number
  /** Whether anybody may read. Otherwise every request goes the whole way, past the door where keys are checked. */
  isPublic: boolean
  log: FastifyBaseLogger
}

/**
 * Gives every revisioned GET a strong ETag of build, revision and representation (RFC 9110, 8.8.3), answers
 * `If-None-Match` from it, and keeps whole answers under it: all three without a query while the revision is known. A
 * new revision is a new tag, so nothing kept is ever stale; `Cache-Control: no-cache` asks the database for the revision
 * first. It runs after the key of a request was checked, so that nobody is answered from memory who may not read.
 */
export function registerConditionalRequests(
  app: FastifyInstance,
  options: ConditionalOptions,
): void {
  const { head, cacheBytes } = options
  const cache = cacheBytes === 0 ? undefined : new ResponseCache(cacheBytes)
  if (cache) {
    head.onChange(() => cache.clear())
    if (options.isPublic) serveFromCache(app, cache, options)
  }

  app.decorateRequest('etag', null)
  app.decorateRequest('unkept', null)

  const respondFromRevision = (
    request: FastifyRequest,
    reply: FastifyReply,
    revision: number,
  ): boolean => {
    const etag = formatEtag(request, request.url, revision)
    reply.header('ETag', etag)
    reply.header('Cache-Control', 'no-cache')
    reply.header('Vary', 'Accept, Accept-Encoding, Authorization')
    const ifNoneMatch = request.headers['if-none-match']
    if (ifNoneMatch !== undefined && matchesEtag(ifNoneMatch, etag)) {
      reply.code(304).send()
      return true
    }
    const cached =
      request.method === 'GET' && cache?.get(ResponseCache.buildKey(request.raw), revision)
    if (!cached) {
      request.etag = etag
      return false
    }
    for (let at = 0; at < cached.headers.length; at += 2)
      reply.header(cached.headers[at] as string, cached.headers[at + 1])
    reply.send(Buffer.from(cached.body, 'latin1'))
    return true
  }

  app.addHook('preParsing', (request, reply, payload, done) => {
    if (!request.routeOptions.config.revisioned) return done(null, payload)
    const revision = hasNoCacheHeader(request.raw) ? null : head.getKnownRevision()
    if (revision !== null) {
      if (!respondFromRevision(request, reply, revision)) done(null, payload)
      return
    }
    const pendingRevision = hasNoCacheHeader(request.raw)
      ? head.queryRevision()
      : head.getRevision()
    pendingRevision.then((number) => {
      if (!respondFromRevision(request, reply, number)) done(null, payload)
    }, done)
  })
  app.addHook('onSend', (request, reply, payload, done) => {
    if (request.etag === null || reply.statusCode === 304) return done(null, payload)
    if (reply.statusCode !== 200) reply.removeHeader('ETag')
    else if (cache && request.method === 'GET' && isBufferedPayload(payload))
      request.unkept = { revision: parseEtagRevision(request.etag), body: payload }
    done(null, payload)
  })
  if (cache === undefined) return
  // By then it is known how the answer was compressed.
  app.addHook('onResponse', async (request, reply) => {
    const { etag, unkept } = request
    if (etag === null || unkept === null) return
    const response = { ...unkept, etag, route: request.routeOptions.url ?? '' }
    const isCurrent = (revision: number) => head.getKnownRevision() === revision
    await cache.store(ResponseCache.buildKey(request.raw), response, reply.getHeaders(), isCurrent)
  })
}

/** A stream is not: it is as long as it is. */
const isBufferedPayload = (payload: unknown): payload is string | Buffer =>
  typeof payload === 'string' || Buffer.isBuffer(payload)

/** Whether the client wants the newest revision to be asked for. */
const hasNoCacheHeader = ({ headers }: IncomingMessage): boolean =>
  headers['cache-control']?.includes('no-cache') ?? false

/**
 * Answers what is in memory before routing, hooks and validation: they would find nothing to do, for the same request
 * went through them in this revision. It does not count against the rate limit, as it costs next to nothing.
 */
function serveFromCache(
  app: FastifyInstance,
  cache: ResponseCache,
  { head, log }: ConditionalOptions,
): void {
  const { server } = app
  const [handleRequest] = server.listeners('request') as RequestListener[]
  if (handleRequest === undefined) throw new Error('The server has no listener of requests.')
  const sendFromCache = (request: IncomingMessage, response: ServerResponse): boolean => {
    if (request.method !== 'GET' || request.headers.authorization !== undefined) return false
    const revision = head.getKnownRevision()
    if (revision === null || hasNoCacheHeader(request)) return false
    const cached = cache.get(ResponseCache.buildKey(request), revision)
    if (cached === undefined) return false
    const id = getRequestId(request)
    if (isInfoEnabled(log)) logOnClose(log, request, response, id, () => cached.route)
    sendCachedResponse(cached, request.headers['if-none-match'], response, id)
    return true
  }
  server.removeListener('request', handleRequest)
  server.on('request', (request, response) => {
    if (!sendFromCache(request, response)) handleRequest(request, response)
  })
}

/** What besides the revision decides the bytes of an answer: path and query, and the headers that negotiate. */
export function formatEtag(request: FastifyRequest, url: string, revision: number): string {
  const { accept = '', 'accept-encoding': encoding = '' } = request.headers
  const representation = hash('sha1', `${url}\n${accept}\n${encoding}`, 'base64url').slice(0, 16)
  return `"${buildId}-${revision}-${representation}"`
}

/** The revision at which a tag was given out; -1 when it is none of ours. A bare revision (`"7"`) counts as a tag. */
export function parseEtagRevision(tag: string): number {
  const [, revision] = /^(?:W\/)?"(?:[0-9a-f]{8}-)?(\d{1,15})(?:-[\w-]+)?"$/.exec(tag) ?? []
  return revision === undefined ? -1 : Number(revision)
}
