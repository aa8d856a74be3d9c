import type { FastifyInstance } from 'fastify'
import { Problem } from '../problem.ts'

const urlMax = 8_000

/** Refuses what no route could mean: NUL (PostgreSQL has no such text), bytes that are not UTF-8, endless URLs. */
export function refuseMalformedUrls(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    const { url } = request
    if (url.length > urlMax)
      throw new Problem('uri-too-long', `The URL has ${url.length} characters; ${urlMax} are read.`)
    if (!url.includes('%')) return
    if (/%00/.test(url))
      throw new Problem('invalid-request', 'The URL holds a NUL character (%00).')
    try {
      decodeURIComponent(url)
    } catch (error) {
      throw new Problem('invalid-request', 'The URL is not UTF-8, percent-encoded.', {
        cause: error,
      })
    }
  })
}
