import type { FastifyInstance } from 'fastify'
import { Problem } from '../problem.ts'

const maxUrlLength = 8_000

/** Refuses URLs with NUL (PostgreSQL cannot store it), with invalid UTF-8, and too long ones. */
export function rejectMalformedUrls(app: FastifyInstance): void {
  app.addHook('onRequest', ({ url }, _reply, done) => done(findUrlProblem(url)))
}

function findUrlProblem(url: string): Problem | undefined {
  if (url.length > maxUrlLength)
    return new Problem(
      'uri-too-long',
      `The URL has ${url.length} characters; the maximum is ${maxUrlLength}.`,
    )
  if (!url.includes('%')) return undefined
  if (url.includes('%00'))
    return new Problem('invalid-request', 'The URL contains a NUL character (%00).')
  try {
    decodeURIComponent(url)
    return undefined
  } catch (error) {
    return new Problem('invalid-request', 'The URL is not percent-encoded UTF-8.', {
      cause: error,
    })
  }
}
