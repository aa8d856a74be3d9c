import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The answer is a function of the data alone, and so of the revision: it gets an ETag and may be kept. */
    revisioned?: boolean
  }
  interface FastifyRequest {
    etag: string | null
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

/** Changes whenever the program does: a new build may write the same data differently. */
const build = (() => {
  const root = join(import.meta.dirname, '..')
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.startsWith('generated'),
  )
  const hash = createHash('sha256')
  for (const file of files.sort()) hash.update(readFileSync(join(root, file)))
  return hash.digest('hex').slice(0, 8)
})()

type Kept = { payload: string; headers: Record<string, string> }
const keptHeaders = ['content-type', 'link', 'x-total-count', 'content-disposition']

/**
 * Gives every revisioned GET a strong ETag of build, revision and representation (RFC 9110, 8.8.3), answers
 * `If-None-Match` from it, and keeps whole answers under it: all three without a query while the revision is known. A
 * new revision is a new tag, so nothing kept is ever stale; `Cache-Control: no-cache` asks the database for the revision
 * first. It runs after the key of a request was checked, so that nobody is answered from memory who may not read.
 */
export function conditionalRequests(
  app: FastifyInstance,
  head: RevisionSource,
  cacheBytes: number,
): void {
  const kept =
    cacheBytes === 0
      ? undefined
      : new LRUCache<string, Kept>({
          maxSize: cacheBytes,
          maxEntrySize: Math.ceil(cacheBytes / 8),
          sizeCalculation: ({ payload }, tag) => payload.length * 2 + tag.length * 2 + 500,
        })
  if (kept) head.onMove(() => kept.clear())

  app.decorateRequest('etag', null)
  app.addHook('preParsing', async (request, reply) => {
    if (!request.routeOptions.config.revisioned) return
    const fresh = request.headers['cache-control']?.includes('no-cache')
    const revision = fresh ? await head.ask() : (head.known() ?? (await head.revision()))
    request.etag = tagOf(request, request.url, revision)
    reply.header('ETag', request.etag)
    reply.header('Cache-Control', 'no-cache')
    reply.header('Vary', 'Accept, Accept-Encoding, Authorization')
    if (matches(request.headers['if-none-match'], request.etag)) return reply.code(304).send()
    const known = kept?.get(request.etag)
    if (known === undefined) return
    reply.headers(known.headers)
    return reply.send(known.payload)
  })
  app.addHook('onSend', async (request, reply, payload) => {
    if (request.etag === null || reply.statusCode === 304) return
    if (reply.statusCode !== 200) {
      reply.removeHeader('ETag')
      return
    }
    if (kept === undefined || typeof payload !== 'string' || kept.has(request.etag)) return
    const headers = keptHeaders.flatMap((name) => {
      const value = reply.getHeader(name)
      return value === undefined ? [] : [[name, String(value)] as const]
    })
    kept.set(request.etag, { payload, headers: Object.fromEntries(headers) })
  })
}

/** What besides the revision decides the bytes of an answer: path and query, and the headers that negotiate. */
export function tagOf(request: FastifyRequest, url: string, revision: number): string {
  const { accept = '', 'accept-encoding': encoding = '' } = request.headers
  const representation = createHash('sha1')
    .update(`${url}\n${accept}\n${encoding}`)
    .digest('base64url')
    .slice(0, 16)
  return `"${build}-${revision}-${representation}"`
}

/** The revision at which a tag was given out; -1 when it is none of ours. A bare revision (`"7"`) counts as a tag. */
export function revisionOfTag(tag: string): number {
  const [, revision] = /^(?:W\/)?"(?:[0-9a-f]{8}-)?(\d{1,15})(?:-[\w-]+)?"$/.exec(tag) ?? []
  return revision === undefined ? -1 : Number(revision)
}

const matches = (given: string | undefined, tag: string): boolean =>
  given !== undefined &&
  (given.trim() === '*' || given.split(',').some((one) => one.trim().replace(/^W\//, '') === tag))
