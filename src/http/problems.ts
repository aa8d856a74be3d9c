import type { Socket } from 'node:net'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { isDiskFull, toDatabaseProblem } from '../database/database-problems.ts'
import { findNearestName } from '../evidence/nearest-name.ts'
import { type BadValue, Problem, type ProblemCode, problems, RecordMovedError } from '../problem.ts'
import { securityHeaders } from './security-headers.ts'

/** RFC 9457 body; `errors` has a JSON pointer for each bad value. */
const ProblemBody = z
  .strictObject({
    type: z.string().describe('Path of the page about this problem.'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What is wrong with this request.'),
    errors: z
      .array(
        z.strictObject({
          pointer: z.string().describe('JSON pointer, e.g. `/query/limit` or `/body/title`.'),
          detail: z.string(),
        }),
      )
      .optional()
      .describe('Each bad value; only where there is one.'),
    passages: z
      .array(
        z.strictObject({
          start: z.int().describe('Code points from 0.'),
          end: z.int().describe('Code points, exclusive.'),
          quote: z.string(),
          prefix: z.string(),
          suffix: z.string(),
          similarity: z.number().optional().describe('0 to 1, with the words that were sent.'),
        }),
      )
      .optional()
      .describe('Passages that may have been meant; only where a quote is refused.'),
    references: z
      .array(
        z.strictObject({ id: z.string(), slug: z.string(), name: z.string(), href: z.string() }),
      )
      .optional()
      .describe('Records that stand in the way; only where there are some.'),
  })
  .meta({
    id: 'Problem',
    description: 'What went wrong (RFC 9457).',
    examples: [
      {
        type: '/problems/invalid-request',
        title: problems['invalid-request'].title,
        status: 400,
        detail: '/query/destnation: there is no such parameter; did you mean "destination"?',
        errors: [
          {
            pointer: '/query/destnation',
            detail: 'there is no such parameter; did you mean "destination"?',
          },
        ],
      },
    ],
  })

/** The `response` entries of a route for these problems; those that any route can answer with are always among them. */
export function problemResponses(...codes: ProblemCode[]) {
  const commonCodes = [
    'invalid-request',
    'uri-too-long',
    'too-many-requests',
    'internal-error',
    'overloaded',
    'database-unavailable',
  ] as const
  const byStatus = Map.groupBy(new Set([...codes, ...commonCodes]), (code) => problems[code].status)
  return Object.fromEntries(
    [...byStatus].map(([status, same]) => [
      status,
      {
        description: same.map((code) => `\`${code}\`: ${problems[code].title}.`).join(' '),
        content: { 'application/problem+json': { schema: ProblemBody } },
      },
    ]),
  )
}

/** Fastify's own refusals, by their code. */
const codeByFastifyError: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_MAX_PARAM_LENGTH: 'uri-too-long',
}
const codeByStatus: Readonly<Record<number, ProblemCode>> = {
  404: 'not-found',
  413: 'body-too-large',
  414: 'uri-too-long',
  415: 'unsupported-media-type',
  429: 'too-many-requests',
}

/**
 * Sends a JSON text that PostgreSQL wrote as it stands. That it fits the schema of the route is held by the tests, which
 * check every answer.
 */
export const sendJsonText = (reply: { type: FastifyReply['type'] }, body: string | Buffer): never =>
  reply.type('application/json; charset=utf-8').send(body) as never

/** Turns whatever a route threw into a problem. What nobody expected is logged and answered 500. */
export function onError(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  if (reply.raw.headersSent) return request.log.warn({ err: error }, 'answer broken off')
  const { ref } = (request.params ?? {}) as { ref?: string }
  if (error instanceof RecordMovedError && error.oldRef === ref)
    return reply.redirect(buildRedirectPath(request, error.newSlug), 308)
  const problem = toProblem(error, request)
  if (problem.code === 'internal-error') request.log.error({ err: error }, 'unexpected error')
  else if (isDiskFull(problem.cause)) request.log.error({ err: problem.cause }, problem.message)
  else if (problems[problem.code].status >= 500)
    request.log.warn({ err: problem.cause ?? error }, problem.message)
  return sendProblem(reply, problem)
}

/** The path of the request, with its query, for another record. */
function buildRedirectPath({ routeOptions, url }: FastifyRequest, slug: string): string {
  const query = url.includes('?') ? url.slice(url.indexOf('?')) : ''
  return `${routeOptions.url?.replace(':ref', slug)}${query}`
}

/** For a URL that the router cannot read: no hook has run, so the headers that they would set are set here. */
export function onMalformedUrl(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  const requestHeaders = { 'X-Request-Id': request.id, 'Access-Control-Allow-Origin': '*' }
  void reply.headers({ ...securityHeaders, ...requestHeaders })
  return onError(error, request, reply)
}

/**
 * For what Node's parser refuses before there is a request: headers without end, or bytes that are not HTTP. The
 * connection is closed after the answer.
 */
export function onClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return
  const problem =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? new Problem('headers-too-large', 'URL and headers together have more bytes than are read.')
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? new Problem('request-timeout', 'Request timeout.')
        : new Problem('invalid-request', 'These bytes are not an HTTP/1.1 request.')
  const { status } = problems[problem.code]
  // Imported, it would load undici as well, a twentieth of a start.
  const { STATUS_CODES } = process.getBuiltinModule('node:http')
  const body = JSON.stringify(buildProblemBody(problem))
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'Access-Control-Allow-Origin: *',
      'Cache-Control: no-store',
      'Connection: close',
      'Content-Type: application/problem+json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      `\r\n${body}`,
    ].join('\r\n'),
  )
}

function toProblem(error: unknown, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error
  if (error instanceof RecordMovedError) return new Problem('unknown-reference', error.message)
  if (hasZodFastifySchemaValidationErrors(error)) return createValidationProblem(error, request)
  const databaseError = toDatabaseProblem(error)
  if (databaseError) return databaseError
  const { code = '', statusCode = 500, message = '' } = (error ?? {}) as Partial<FastifyError>
  const known = codeByFastifyError[code] ?? codeByStatus[statusCode]
  if (known === 'body-too-large')
    return new Problem(known, `The body is over ${request.routeOptions.bodyLimit} bytes.`)
  if (known) return new Problem(known, message)
  if (statusCode >= 400 && statusCode < 500) return new Problem('invalid-request', message)
  return new Problem('internal-error', `Logged as request ${request.id}.`, { cause: error })
}

type ValidationIssue = {
  keyword: string
  instancePath: string
  message?: string
  params?: Record<string, unknown>
}

function createValidationProblem(
  error: { validation: unknown[]; validationContext?: unknown },
  request: FastifyRequest,
): Problem {
  const part = String(error.validationContext ?? 'body').replace('querystring', 'query')
  const known = listKnownNames(request, part)
  const errors = error.validation.flatMap((given): BadValue[] => {
    const issue = given as ValidationIssue
    const at = `/${part}${issue.instancePath === '/' ? '' : issue.instancePath}`
    if (issue.keyword !== 'unrecognized_keys')
      return [{ pointer: at, detail: issue.message ?? 'not valid' }]
    const keys = (issue.params?.keys ?? []) as string[]
    return keys.map((key) => {
      const near = issue.instancePath === '/' ? findNearestName(key, known) : null
      const what = part === 'query' ? 'parameter' : 'member'
      const hint = near
        ? `did you mean "${near}"?`
        : issue.instancePath === '/' && known.length > 0
          ? `known are ${known.join(', ')}`
          : ''
      return {
        pointer: `${at}/${key}`,
        detail: `there is no such ${what}; ${hint}`.replace(/; $/, ''),
      }
    })
  })
  return new Problem(
    'invalid-request',
    errors.map((bad) => `${bad.pointer}: ${bad.detail}`).join('; '),
    { errors },
  )
}

function listKnownNames(request: FastifyRequest, part: string): string[] {
  const schema = request.routeOptions.schema
  const body = schema?.body as { content?: Record<string, { schema: unknown }> } | undefined
  const type = String(request.headers['content-type']).split(';')[0] ?? ''
  const ofBody = body?.content === undefined ? body : body.content[type]?.schema
  const shape = part === 'query' ? schema?.querystring : part === 'body' ? ofBody : undefined
  return shape instanceof z.ZodObject ? Object.keys(shape.shape) : []
}

/** For paths that no route has: 405 with `Allow` when another method has it, else 404. */
export const onNotFound =
  (app: FastifyInstance) => (request: FastifyRequest, reply: FastifyReply) => {
    const path = request.url.split('?')[0] ?? ''
    const allowed = (['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).filter((method) =>
      getRegisteredRoutes(app).some((route) => route.method === method && route.pattern.test(path)),
    )
    if (allowed.length > 0) {
      void reply.header('Allow', allowed.join(', '))
      const detail = `${path} takes ${allowed.join(', ')}, not ${request.method}.`
      return sendProblem(reply, new Problem('method-not-allowed', detail))
    }
    const detail = `Nothing is at ${path}. GET / lists what there is.`
    return sendProblem(reply, new Problem('not-found', detail))
  }

type RegisteredRoute = { method: string; url: string; pattern: RegExp }
const routesByServer = new WeakMap<object, RegisteredRoute[]>()

/** Every route there is, in the order of registration; `rememberRoutes` must run before the first one. */
export const getRegisteredRoutes = (app: FastifyInstance): readonly RegisteredRoute[] =>
  routesByServer.get(app.server) ?? []

export function collectRoutes(app: FastifyInstance): void {
  const routes: RegisteredRoute[] = []
  routesByServer.set(app.server, routes)
  app.addHook('onRoute', (route) => {
    for (const method of [route.method].flat())
      routes.push({
        method,
        url: route.url,
        pattern: new RegExp(`^${route.url.replaceAll(/:[^/]+/g, '[^/]+').replaceAll('*', '.*')}$`),
      })
  })
}

function buildProblemBody(problem: Problem): z.infer<typeof ProblemBody> {
  const { status, title } = problems[problem.code]
  return {
    type: `/problems/${problem.code}`,
    title,
    status,
    detail: problem.message,
    ...(problem.errors && { errors: problem.errors }),
    ...(problem.passages && { passages: [...problem.passages] }),
    ...(problem.references && { references: [...problem.references] }),
  }
}

/** The problem document for whatever was thrown, in one line. */
export const formatProblem = (error: unknown, request: FastifyRequest): string =>
  JSON.stringify(buildProblemBody(toProblem(error, request)))

function sendProblem(reply: FastifyReply, problem: Problem) {
  const { status } = problems[problem.code]
  if (status === 503) void reply.header('Retry-After', '2')
  // Of an answer that failed before its first byte was sent, already marked as compressed.
  void reply.removeHeader('Content-Encoding')
  return reply
    .code(status)
    .header('Cache-Control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify(buildProblemBody(problem)))
}
