import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { isDiskFull, toDatabaseProblem } from '../database/database-problems.ts'
import { findNearestName } from '../evidence/nearest-name.ts'
import {
  type BadValue,
  type CandidatePassage,
  ClientDisconnectedError,
  Problem,
  type ProblemCode,
  problems,
  RecordMovedError,
} from '../problem.ts'
import { securityHeaders } from './security-headers.ts'

/** The body of a problem (RFC 9457). */
const ProblemBody = z
  .strictObject({
    type: z.string().describe('Path of the page about this problem.'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What is wrong with this request, and what to do.'),
    errors: z
      .array(
        z.strictObject({
          pointer: z.string().describe('JSON pointer, e.g. `/query/limit` or `/body/title`.'),
          detail: z.string(),
        }),
      )
      .optional()
      .describe('The invalid values, at most 50. Absent when there are none.'),
    passages: z
      .array(
        z.strictObject({
          start: z.int().describe('Code points from 0.'),
          end: z.int().describe('Code points, exclusive.'),
          quote: z.string().describe('A long quote is cut and ends with "…".'),
          prefix: z.string(),
          suffix: z.string(),
          similarity: z.number().optional().describe('With the quote that was sent, 0 to 1.'),
        }),
      )
      .optional()
      .describe('Similar passages. Only when a quote is refused.'),
    references: z
      .array(
        z.strictObject({ id: z.string(), slug: z.string(), name: z.string(), href: z.string() }),
      )
      .optional()
      .describe('Records that prevent the change. Absent when there are none.'),
    head: z
      .strictObject({
        revision: z.int(),
        epoch: z.string().describe('The first 8 hexadecimal digits of its hash.'),
      })
      .optional()
      .describe('The newest revision. Only with `history-changed`.'),
  })
  .meta({
    id: 'Problem',
    description: 'An error (RFC 9457).',
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

/** The `response` entries of a route for these problems, and for the problems of all routes. */
export function problemResponses(...codes: ProblemCode[]) {
  const commonCodes = [
    'invalid-request',
    'uri-too-long',
    'too-many-requests',
    'internal-error',
    'overloaded',
    'database-unavailable',
    'unsuitable-pooler',
  ] as const
  const byStatus = Map.groupBy(new Set([...codes, ...commonCodes]), (code) => problems[code].status)
  return Object.fromEntries(
    [...byStatus].map(([status, codesOfStatus]) => [
      status,
      {
        description: codesOfStatus.map((code) => `\`${code}\`: ${problems[code].title}.`).join(' '),
        content: { 'application/problem+json': { schema: ProblemBody } },
      },
    ]),
  )
}

/** Problems for Fastify's own errors, by their code. */
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
 * Sends a JSON text of PostgreSQL unchanged. It is not validated against the schema of the route here: the tests validate
 * every response.
 */
export const sendJsonText = (reply: { type: FastifyReply['type'] }, body: string | Buffer): never =>
  reply.type('application/json; charset=utf-8').send(body) as never

/** Sends the problem for an error of a route. An unexpected error is logged and is a 500. */
export function onError(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  if (request.socket.destroyed && isDisconnectError(error))
    return request.log.info('client disconnected')
  if (reply.raw.headersSent) return request.log.warn({ err: error }, 'response aborted')
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

const disconnectCodes = new Set([
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ABORT_ERR',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_DESTROYED',
])

/** Whether an error is only the consequence of a client that has disconnected. */
const isDisconnectError = (error: Error): boolean =>
  error instanceof ClientDisconnectedError ||
  ('code' in error && disconnectCodes.has(String(error.code)))

/** The path of the request, with its query, for another record. */
function buildRedirectPath({ routeOptions, url }: FastifyRequest, slug: string): string {
  const query = url.includes('?') ? url.slice(url.indexOf('?')) : ''
  return `${routeOptions.url?.replace(':ref', slug)}${query}`
}

/** For a URL that the router cannot decode. No hook has run, so their headers are set here. */
export function onMalformedUrl(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  const requestHeaders = { 'X-Request-Id': request.id, 'Access-Control-Allow-Origin': '*' }
  void reply.headers({ ...securityHeaders, ...requestHeaders })
  return onError(error, request, reply)
}

/** For input that Node's HTTP parser refuses: too large headers, a timeout, bytes that are not HTTP. Closes the connection. */
export function onClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return
  const problem =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? new Problem('headers-too-large', 'URL and headers together exceed 16,384 bytes.')
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? new Problem('request-timeout', 'The request did not arrive in time. Send it again.')
        : new Problem('invalid-request', 'These bytes are not an HTTP/1.1 request.')
  sendRawProblem(socket, problem)
}

/** Time in which a client can read its problem before the connection is closed, even if it goes on sending. */
const lingerMs = 1_000

/** Sends a problem on a connection without a request, and closes the connection. */
export function sendRawProblem(socket: Socket, problem: Problem): void {
  const { status } = problems[problem.code]
  // Imported, it would load undici as well, a twentieth of a start.
  const { STATUS_CODES } = process.getBuiltinModule('node:http')
  const body = JSON.stringify(buildProblemBody(problem))
  socket.on('error', () => undefined)
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
  setTimeout(() => socket.destroy(), lingerMs).unref()
}

function toProblem(error: unknown, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error
  if (error instanceof RecordMovedError) return new Problem('unknown-reference', error.message)
  if (hasZodFastifySchemaValidationErrors(error)) return createValidationProblem(error, request)
  const databaseError = toDatabaseProblem(error)
  if (databaseError) return databaseError
  const { code = '', statusCode = 500, message = '' } = (error ?? {}) as Partial<FastifyError>
  const problemCode = codeByFastifyError[code] ?? codeByStatus[statusCode]
  if (problemCode === 'body-too-large')
    return new Problem(problemCode, `The body is over ${request.routeOptions.bodyLimit} bytes.`)
  if (problemCode) return new Problem(problemCode, message)
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
  const knownNames = listKnownNames(request, part)
  const errors = (error.validation as ValidationIssue[]).flatMap((issue): BadValue[] => {
    const isTopLevel = issue.instancePath === '/'
    const pointer = `/${part}${isTopLevel ? '' : issue.instancePath}`
    if (issue.keyword !== 'unrecognized_keys')
      return [{ pointer, detail: issue.message ?? 'not valid' }]
    const unknownNames = (issue.params?.keys ?? []) as string[]
    return unknownNames.map((name) => ({
      pointer: `${pointer}/${name}`,
      detail: describeUnknownName(name, part, isTopLevel ? knownNames : []),
    }))
  })
  return new Problem(
    'invalid-request',
    errors.map((bad) => `${bad.pointer}: ${bad.detail}`).join('; '),
    { errors },
  )
}

function describeUnknownName(name: string, part: string, knownNames: readonly string[]): string {
  const fault = `there is no such ${part === 'query' ? 'parameter' : 'member'}`
  const nearestName = findNearestName(name, knownNames)
  if (nearestName) return `${fault}; did you mean "${nearestName}"?`
  return knownNames.length > 0 ? `${fault}; known are ${knownNames.join(', ')}` : fault
}

/** Names of the query parameters or of the top-level members of the body. Empty when the schema is no object. */
function listKnownNames(request: FastifyRequest, part: string): string[] {
  const schema = request.routeOptions.schema
  const body = schema?.body as { content?: Record<string, { schema: unknown }> } | undefined
  const mediaType = String(request.headers['content-type']).split(';')[0] ?? ''
  const bodySchema = body?.content === undefined ? body : body.content[mediaType]?.schema
  const partSchemas: Record<string, unknown> = { query: schema?.querystring, body: bodySchema }
  const partSchema = partSchemas[part]
  return partSchema instanceof z.ZodObject ? Object.keys(partSchema.shape) : []
}

/** For paths without a route: 405 with `Allow` when the path has other methods, else 404. */
export const onNotFound =
  (app: FastifyInstance) => (request: FastifyRequest, reply: FastifyReply) => {
    const path = request.url.split('?')[0] ?? ''
    const allowed = (['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).filter((method) =>
      getRegisteredRoutes(app).some((route) => route.method === method && route.pattern.test(path)),
    )
    // A route for the method may look for a file in vain.
    if (allowed.length > 0 && !allowed.some((method) => method === request.method)) {
      void reply.header('Allow', allowed.join(', '))
      const detail = `${path} supports ${allowed.join(', ')}, not ${request.method}.`
      return sendProblem(reply, new Problem('method-not-allowed', detail))
    }
    return sendProblem(reply, createNoRouteProblem(request.url))
  }

export const createNoRouteProblem = (url: string): Problem =>
  new Problem('not-found', `There is no route ${url.split('?')[0]}. GET / lists the routes.`)

/** `isHidden`: a page, which the OpenAPI description leaves out. */
type RegisteredRoute = { method: string; url: string; pattern: RegExp; isHidden: boolean }
const routesByServer = new WeakMap<object, RegisteredRoute[]>()

/** All routes, in the order of registration. Needs `collectRoutes` before the first route. */
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
        isHidden: (route.schema as { hide?: boolean } | undefined)?.hide === true,
      })
  })
}

/** A problem echoes parts of the request. These bounds keep it short, however long the request is. */
const maxDetailLength = 2_000
const maxEchoLength = 500
const maxListedErrors = 50
/** UTF-16 units of the quotes of all passages. */
const maxQuoteLength = 10_000
const maxListedReferences = 100

function buildProblemBody(problem: Problem): z.infer<typeof ProblemBody> {
  const { status, title } = problems[problem.code]
  const { errors, passages, references, head } = problem
  return {
    type: `/problems/${problem.code}`,
    title,
    status,
    detail: shorten(problem.message, maxDetailLength),
    ...(errors && { errors: boundErrors(errors) }),
    ...(passages && { passages: boundPassages(passages) }),
    ...(references && { references: references.slice(0, maxListedReferences) }),
    ...(head && { head }),
  }
}

/** Cut texts end with "…". */
const shorten = (text: string, maxLength: number): string =>
  text.length <= maxLength ? text : `${text.slice(0, maxLength - 1).toWellFormed()}…`

const boundErrors = (errors: readonly BadValue[]): BadValue[] =>
  errors.slice(0, maxListedErrors).map(({ pointer, detail }) => ({
    pointer: shorten(pointer, maxEchoLength),
    detail: shorten(detail, maxEchoLength),
  }))

/** `start` and `end` stay exact when a quote is cut. */
const boundPassages = (passages: readonly CandidatePassage[]): CandidatePassage[] => {
  const maxLength = Math.floor(maxQuoteLength / Math.max(1, passages.length))
  return passages.map((passage) => ({ ...passage, quote: shorten(passage.quote, maxLength) }))
}

/** The problem for an error, as one line of JSON. */
export const formatProblem = (error: unknown, request: FastifyRequest): string =>
  JSON.stringify(buildProblemBody(toProblem(error, request)))

const codeByResponse = new WeakMap<ServerResponse, ProblemCode>()

/** The code of the problem that was sent as this response. */
export const getProblemCode = (response: ServerResponse): ProblemCode | undefined =>
  codeByResponse.get(response)

/** Sends a problem as the response (RFC 9457). */
export function sendProblem(reply: FastifyReply, problem: Problem) {
  const { status } = problems[problem.code]
  codeByResponse.set(reply.raw, problem.code)
  if (status === 503 || status === 429)
    if (!reply.hasHeader('Retry-After')) void reply.header('Retry-After', '2')
  // Set when a compressed response failed before its first byte.
  void reply.removeHeader('Content-Encoding')
  return reply
    .code(status)
    .header('Cache-Control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify(buildProblemBody(problem)))
}
