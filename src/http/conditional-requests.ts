import { hash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { buildId } from './build-id.ts'
import { hasNoCacheHeader, matchesEtag, ResponseCache } from './response-cache.ts'
import type { RevisionSource } from './revision-source.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The response depends on the data alone, and so on the revision: it gets an ETag and may be cached. */
    hasRevisionEtag?: boolean
  }
  interface FastifyRequest {
    /** Tag of the response that is being made; null when it needs none. */
    etag: string | null
    /** The response before compression, to be stored in the cache once it is sent. */
    uncachedResponse: { revision: number; body: string | Buffer } | null
  }
}

/**
 * Gives every GET of a route with `hasRevisionEtag` a strong ETag of build, revision and representation (RFC 9110, 8.8.3),
 * answers `If-None-Match` with 304, and keeps complete responses in the cache. None of it needs a query while the revision
 * is known. A new revision gives new tags, so no cached response is stale. `Cache-Control: no-cache` reads the revision from
 * the database first.
 *
 * The hooks run after the key was checked: nobody without access is answered from memory.
 *
 * @param cache undefined: no response is kept
 */
export function registerConditionalRequests(
  app: FastifyInstance,
  head: RevisionSource,
  cache: ResponseCache | undefined,
): void {
  app.decorateRequest('etag', null)
  app.decorateRequest('uncachedResponse', null)

  app.addHook('preParsing', (request, reply, payload, done) => {
    if (!request.routeOptions.config.hasRevisionEtag) return done(null, payload)
    const continueWith = (revision: number) => {
      if (!respondFromRevision(request, reply, revision, cache)) done(null, payload)
    }
    const mustQuery = hasNoCacheHeader(request.raw)
    const revision = mustQuery ? null : head.getKnownRevision()
    if (revision !== null) return continueWith(revision)
    const pendingRevision = mustQuery ? head.queryRevision() : head.getRevision()
    pendingRevision.then(continueWith, done)
  })
  app.addHook('onSend', (request, reply, payload, done) => {
    if (request.etag === null || reply.statusCode === 304) return done(null, payload)
    if (reply.statusCode !== 200) reply.removeHeader('ETag')
    else if (cache && request.method === 'GET' && isBufferedPayload(payload))
      request.uncachedResponse = { revision: parseEtagRevision(request.etag), body: payload }
    done(null, payload)
  })
  if (cache) storeSentResponses(app, head, cache)
}

/** @returns whether the response was sent: 304, or one from the cache */
function respondFromRevision(
  request: FastifyRequest,
  reply: FastifyReply,
  revision: number,
  cache: ResponseCache | undefined,
): boolean {
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
  for (let index = 0; index < cached.headers.length; index += 2)
    reply.header(cached.headers[index] as string, cached.headers[index + 1])
  reply.send(Buffer.from(cached.body, 'latin1'))
  return true
}

/** After the response, when it is known how it was compressed. */
function storeSentResponses(
  app: FastifyInstance,
  head: RevisionSource,
  cache: ResponseCache,
): void {
  head.onChange(() => cache.clear())
  const isCurrent = (revision: number) => head.getKnownRevision() === revision
  app.addHook('onResponse', async (request, reply) => {
    const { etag, uncachedResponse } = request
    if (etag === null || uncachedResponse === null) return
    const response = { ...uncachedResponse, etag, route: request.routeOptions.url ?? '' }
    await cache.store(ResponseCache.buildKey(request.raw), response, reply.getHeaders(), isCurrent)
  })
}

/** A stream may be too long to be kept. */
const isBufferedPayload = (payload: unknown): payload is string | Buffer =>
  typeof payload === 'string' || Buffer.isBuffer(payload)

/** Besides the revision, path, query and the headers of negotiation decide the bytes of a response. */
export function formatEtag(request: FastifyRequest, url: string, revision: number): string {
  const { accept = '', 'accept-encoding': encoding = '' } = request.headers
  const representation = hash('sha1', `${url}\n${accept}\n${encoding}`, 'base64url').slice(0, 16)
  return `"${buildId}-${revision}-${representation}"`
}

/** The revision of a tag; -1 when the tag is not one of this program. A bare revision (`"7"`) counts as a tag. */
export function parseEtagRevision(tag: string): number {
  const [, revision] = /^(?:W\/)?"(?:[0-9a-f]{8}-)?(\d{1,15})(?:-[\w-]+)?"$/.exec(tag) ?? []
  return revision === undefined ? -1 : Number(revision)
}
