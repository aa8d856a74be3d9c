import type { FastifyInstance } from 'fastify'
import { Problem } from '../problem.ts'

const maxUrlLength = 8_000

/** Refuses what no route could mean: NUL (PostgreSQL has no such text), bytes that are not UTF-8, endless URLs. */
export function rejectMalformedUrls(app: FastifyInstance): void {
  app.addHook('onRequest', ({ url }, _reply, done) => done(findUrlProblem(url)))
}

function findUrlProblem(url: string): Problem | undefined {
  if (url.length > maxUrlLength)
    return new Problem(
      'uri-too-long',
      `The URL has ${url.length} characters; ${maxUrlLength} are read.`,
    )
  if (!url.includes('%')) return undefined
  if (url.includes('%00'))
    return new Problem('invalid-request', 'The URL holds a NUL character (%00).')
  try {
    decodeURIComponent(url)
    return undefined
  } catch (error) {
    return new Problem('invalid-request', 'The URL is not UTF-8, percent-encoded.', {
      cause: error,
    })
  }
}
