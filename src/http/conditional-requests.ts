import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { formatEtag, matchesEtag } from './etag.ts'
import { registerCursorHistory } from './history.ts'
import { registerIfMatchHistory } from './preconditions.ts'
import { hasNoCacheHeader, ResponseCache } from './response-cache.ts'
import type { Head, RevisionSource } from './revision-source.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The response depends on the data alone, and so on the revision: it gets an ETag and may be cached. */
    hasRevisionEtag?: boolean
  }
  interface FastifyRequest {
    /** Tag of the response that is being made; null when it needs none. */
    etag: string | null
    /** The newest revision when the request came; null on routes without `hasRevisionEtag`. */
    head: Head | null
    /** The response before compression, to be stored in the cache once it is sent. */
    uncachedResponse: { head: Head; body: string | Buffer } | null
    /** The record that a write responds with: path and revision. */
    writtenRecord: { url: string; revision: number } | null
  }
}

/**
 * Gives every GET of a route with `hasRevisionEtag` a strong ETag of build, revision, epoch and representation (RFC 9110, 8.8.3),
 * answers `If-None-Match` with 304, and keeps complete responses in the cache. None of it needs a query while the revision
 * is known. A new revision or another history gives new tags, so no cached response is stale. `Cache-Control: no-cache` reads the revision from
 * the database first.
 *
 * The hooks run after the key was checked: nobody without access is answered from memory.
 *
 * @param cache undefined: no response is kept
 */
export function registerConditionalRequests(
  app: FastifyInstance,
  source: RevisionSource,
  cache: ResponseCache | undefined,
): void {
  app.decorateRequest('etag', null)
  app.decorateRequest('head', null)
  app.decorateRequest('writtenRecord', null)
  app.decorateRequest('uncachedResponse', null)

  app.addHook('preParsing', (request, reply, payload, done) => {
    if (!request.routeOptions.config.hasRevisionEtag) return done(null, payload)
    const continueWith = (head: Head) => {
      request.head = head
      if (!respondFromHead(request, reply, head, cache)) done(null, payload)
    }
    const mustQuery = hasNoCacheHeader(request.raw)
    const knownHead = mustQuery ? null : source.getKnownHead()
    if (knownHead !== null) return continueWith(knownHead)
    const pendingHead = mustQuery ? source.queryHead() : source.getHead()
    pendingHead.then(continueWith, done)
  })
  app.addHook('onSend', (request, reply, payload, done) => {
    if (request.etag === null || reply.statusCode === 304) return done(null, payload)
    if (reply.statusCode !== 200) reply.removeHeader('ETag')
    else if (cache && request.head && request.method === 'GET' && isBufferedPayload(payload))
      request.uncachedResponse = { head: request.head, body: payload }
    done(null, payload)
  })
  tagWrittenRecords(app, source)
  registerIfMatchHistory(app, source)
  registerCursorHistory(app, source)
  if (cache) storeSentResponses(app, source, cache)
}

/** @returns whether the response was sent: 304, or one from the cache */
function respondFromHead(
  request: FastifyRequest,
  reply: FastifyReply,
  head: Head,
  cache: ResponseCache | undefined,
): boolean {
  const etag = formatEtag(request, request.url, head)
  reply.header('ETag', etag)
  reply.header('Cache-Control', 'no-cache')
  // In lower case, because the plugin for compression looks for that.
  reply.header('Vary', 'Accept, accept-encoding, Authorization')
  const ifNoneMatch = request.headers['if-none-match']
  if (ifNoneMatch !== undefined && matchesEtag(ifNoneMatch, etag)) {
    reply.code(304).send()
    return true
  }
  const cached = request.method === 'GET' && cache?.get(ResponseCache.buildKey(request.raw), head)
  if (!cached) {
    request.etag = etag
    return false
  }
  for (let index = 0; index < cached.headers.length; index += 2)
    reply.header(cached.headers[index] as string, cached.headers[index + 1])
  reply.send(Buffer.from(cached.body, 'latin1'))
  return true
}

/** A write responds with the tag that a GET of the record has. */
function tagWrittenRecords(app: FastifyInstance, source: RevisionSource): void {
  app.addHook('onSend', async (request, reply, payload) => {
    const { writtenRecord } = request
    if (writtenRecord === null || reply.statusCode >= 300) return payload
    const { url, revision } = writtenRecord
    const epoch = await source.getEpoch(revision)
    if (epoch !== null) reply.header('ETag', formatEtag(request, url, { revision, epoch }))
    return payload
  })
}

/** After the response, when it is known how it was compressed. */
function storeSentResponses(
  app: FastifyInstance,
  source: RevisionSource,
  cache: ResponseCache,
): void {
  source.onChange(() => cache.clear())
  app.addHook('onResponse', async (request, reply) => {
    const { etag, uncachedResponse } = request
    if (etag === null || uncachedResponse === null) return
    const response = { ...uncachedResponse, etag, route: request.routeOptions.url ?? '' }
    await cache.store(ResponseCache.buildKey(request.raw), response, reply.getHeaders(), source)
  })
}

/** A stream may be too long to be kept. */
const isBufferedPayload = (payload: unknown): payload is string | Buffer =>
  typeof payload === 'string' || Buffer.isBuffer(payload)
