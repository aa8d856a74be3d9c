import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance, FastifyRequest } from 'fastify'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The answer is a function of the data alone, and so of the revision: it gets an ETag. */
    revisioned?: boolean
  }
  interface FastifyRequest {
    etag: string | null
  }
}

/** Where the newest revision is known from; null while it would have to be asked for. */
export type RevisionSource = { known(): number | null; revision(): Promise<number> }

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

/**
 * Gives every revisioned GET a strong ETag of build, revision and representation (RFC 9110, 8.8.3), and answers
 * `If-None-Match` from it: without a query as long as the revision is known.
 */
export function conditionalRequests(app: FastifyInstance, head: RevisionSource): void {
  app.decorateRequest('etag', null)
  app.addHook('onRequest', async (request, reply) => {
    if (!request.routeOptions.config.revisioned) return
    request.etag = tagOf(request, head.known() ?? (await head.revision()))
    if (matches(request.headers['if-none-match'], request.etag))
      return reply.code(304).header('ETag', request.etag).header('Cache-Control', 'no-cache').send()
  })
  app.addHook('onSend', async (request, reply) => {
    if (request.etag === null || reply.statusCode !== 200) return
    reply
      .header('ETag', request.etag)
      .header('Cache-Control', 'no-cache')
      .header('Vary', 'Accept, Accept-Encoding, Origin')
  })
}

/** What besides the revision decides the bytes of an answer: path and query, and the headers that negotiate. */
function tagOf(request: FastifyRequest, revision: number): string {
  const { accept = '', 'accept-encoding': encoding = '' } = request.headers
  const representation = createHash('sha1')
    .update(`${request.url}\n${accept}\n${encoding}`)
    .digest('base64url')
    .slice(0, 12)
  return `"${build}-${revision}-${representation}"`
}

const matches = (given: string | undefined, tag: string): boolean =>
  given !== undefined &&
  (given.trim() === '*' || given.split(',').some((one) => one.trim().replace(/^W\//, '') === tag))
