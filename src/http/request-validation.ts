import type { FastifyInstance } from 'fastify'
import { Problem } from '../problem.ts'
import { hasOneHost } from './http-server.ts'
import { createNoRouteProblem } from './problems.ts'

const maxUrlLength = 8_000

/** Refuses several `Host` headers, paths with an empty segment for a parameter (`/v1/permits/`), and URLs with NUL (PostgreSQL cannot store it), with invalid UTF-8, or too long ones. */
export function rejectMalformedRequests(app: FastifyInstance): void {
  app.addHook('onRequest', ({ url, raw, params }, _reply, done) => {
    if (!hasOneHost(raw))
      done(new Problem('invalid-request', 'The request has several Host headers. Send one.'))
    else if (Object.values(params ?? {}).includes('')) done(createNoRouteProblem(url))
    else done(findUrlProblem(url))
  })
}

/** Refuses a body of a media type that the route does not declare. Fastify would pass it on without validation. */
export function rejectUndeclaredBodies(app: FastifyInstance): void {
  app.addHook('preValidation', ({ routeOptions, headers }, _reply, done) => {
    const body = routeOptions.schema?.body as { content?: Record<string, unknown> } | undefined
    if (body?.content === undefined) return done()
    const mediaType = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
    if (mediaType in body.content) return done()
    const mediaTypes = Object.keys(body.content).join(' or ')
    done(new Problem('unsupported-media-type', `Send a body with Content-Type: ${mediaTypes}.`))
  })
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
