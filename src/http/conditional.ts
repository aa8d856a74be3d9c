import { hash } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { build } from './build.ts'
import { logWhenClosed, requestId, saysSo } from './request-log.ts'
import { KeptAnswers, matches, sendKept } from './response-cache.ts'

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
  known(): number | null
  revision(): Promise<number>
  ask(): Promise<number>
  onMove(listener: () => void): () => void
}

type Options = {
  head: RevisionSource
  cacheBytes: number
  /** Whether anybody may read. Otherwise every request goes the whole way, past the door where keys are checked. */
  isOpen: boolean
  log: FastifyBaseLogger
}

/**
 * Gives every revisioned GET a strong ETag of build, revision and representation (RFC 9110, 8.8.3), answers
 * `If-None-Match` from it, and keeps whole answers under it: all three without a query while the revision is known. A
 * new revision is a new tag, so nothing kept is ever stale; `Cache-Control: no-cache` asks the database for the revision
 * first. It runs after the key of a request was checked, so that nobody is answered from memory who may not read.
 */
export function conditionalRequests(app: FastifyInstance, options: Options): void {
  const { head, cacheBytes } = options
  const kept = cacheBytes === 0 ? undefined : new KeptAnswers(cacheBytes)
  if (kept) {
    head.onMove(() => kept.clear())
    if (options.isOpen) answerFromMemory(app, kept, options)
  }

  app.decorateRequest('etag', null)
  app.decorateRequest('unkept', null)

  const respond = (request: FastifyRequest, reply: FastifyReply, revision: number): boolean => {
    const etag = tagOf(request, request.url, revision)
    reply.header('ETag', etag)
    reply.header('Cache-Control', 'no-cache')
    reply.header('Vary', 'Accept, Accept-Encoding, Authorization')
    const ifNoneMatch = request.headers['if-none-match']
    if (ifNoneMatch !== undefined && matches(ifNoneMatch, etag)) {
      reply.code(304).send()
      return true
    }
    const known = request.method === 'GET' && kept?.get(KeptAnswers.keyOf(request.raw), revision)
    if (!known) {
      request.etag = etag
      return false
    }
    for (let at = 0; at < known.headers.length; at += 2)
      reply.header(known.headers[at] as string, known.headers[at + 1])
    reply.send(Buffer.from(known.body, 'latin1'))
    return true
  }

  app.addHook('preParsing', (request, reply, payload, done) => {
    if (!request.routeOptions.config.revisioned) return done(null, payload)
    const revision = isFresh(request.raw) ? null : head.known()
    if (revision !== null) {
      if (!respond(request, reply, revision)) done(null, payload)
      return
    }
    const asked = isFresh(request.raw) ? head.ask() : head.revision()
    asked.then((number) => {
      if (!respond(request, reply, number)) done(null, payload)
    }, done)
  })
  app.addHook('onSend', (request, reply, payload, done) => {
    if (request.etag === null || reply.statusCode === 304) return done(null, payload)
    if (reply.statusCode !== 200) reply.removeHeader('ETag')
    else if (kept && request.method === 'GET' && isWhole(payload))
      request.unkept = { revision: revisionOfTag(request.etag), body: payload }
    done(null, payload)
  })
  if (kept === undefined) return
  // By then it is known how the answer was compressed.
  app.addHook('onResponse', async (request, reply) => {
    const { etag, unkept } = request
    if (etag === null || unkept === null) return
    const given = { ...unkept, etag, route: request.routeOptions.url ?? '' }
    const isCurrent = (revision: number) => head.known() === revision
    await kept.keep(KeptAnswers.keyOf(request.raw), given, reply.getHeaders(), isCurrent)
  })
}

/** A stream is not: it is as long as it is. */
const isWhole = (payload: unknown): payload is string | Buffer =>
  typeof payload === 'string' || Buffer.isBuffer(payload)

/** Whether the client wants the newest revision to be asked for. */
const isFresh = ({ headers }: IncomingMessage): boolean =>
  headers['cache-control']?.includes('no-cache') ?? false

/**
 * Answers what is in memory before routing, hooks and validation: they would find nothing to do, for the same request
 * went through them in this revision. It does not count against the rate limit, as it costs next to nothing.
 */
function answerFromMemory(app: FastifyInstance, kept: KeptAnswers, { head, log }: Options): void {
  const { server } = app
  const [whole] = server.listeners('request') as RequestListener[]
  if (whole === undefined) throw new Error('The server has no listener of requests.')
  const answer = (request: IncomingMessage, response: ServerResponse): boolean => {
    if (request.method !== 'GET' || request.headers.authorization !== undefined) return false
    const revision = head.known()
    if (revision === null || isFresh(request)) return false
    const known = kept.get(KeptAnswers.keyOf(request), revision)
    if (known === undefined) return false
    const id = requestId(request)
    if (saysSo(log)) logWhenClosed(log, request, response, id, () => known.route)
    sendKept(known, request.headers['if-none-match'], response, id)
    return true
  }
  server.removeListener('request', whole)
  server.on('request', (request, response) => {
    if (!answer(request, response)) whole(request, response)
  })
}

/** What besides the revision decides the bytes of an answer: path and query, and the headers that negotiate. */
export function tagOf(request: FastifyRequest, url: string, revision: number): string {
  const { accept = '', 'accept-encoding': encoding = '' } = request.headers
  const representation = hash('sha1', `${url}\n${accept}\n${encoding}`, 'base64url').slice(0, 16)
  return `"${build}-${revision}-${representation}"`
}

/** The revision at which a tag was given out; -1 when it is none of ours. A bare revision (`"7"`) counts as a tag. */
export function revisionOfTag(tag: string): number {
  const [, revision] = /^(?:W\/)?"(?:[0-9a-f]{8}-)?(\d{1,15})(?:-[\w-]+)?"$/.exec(tag) ?? []
  return revision === undefined ? -1 : Number(revision)
}
