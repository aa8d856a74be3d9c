import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { negotiateFormat } from '../http/formats.ts'
import { buildInternalHeaders } from '../http/internal-requests.ts'
import { formatProblem } from '../http/problems.ts'
import { renderDocument, type SiteSettings } from './layout/page.ts'
import {
  ApiProblem,
  ApiRedirect,
  type Ask,
  formatQuery,
  type PageDefinition,
  type PageRequest,
  type ProblemBody,
} from './page-definition.ts'
import { toPagePath } from './parts/values.ts'
import { problemPage } from './site/problem-page.ts'

/** No inline script or style, nothing from other hosts, no frame around the page. */
export const contentSecurityPolicy = (frameAncestors: "'none'" | '*'): string =>
  [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${frameAncestors}`,
  ].join('; ')

/** Registers pages. Their answers are kept until the next revision, like those of the API. */
export const pageRoutes =
  (definitions: readonly PageDefinition[]): FastifyPluginAsyncZod<{ settings: SiteSettings }> =>
  async (app, { settings }) => {
    app.setErrorHandler((error, request, reply) => sendErrorPage(error, request, reply, settings))
    for (const definition of definitions)
      app.get(
        definition.path,
        { config: { hasRevisionEtag: true, isPage: true }, schema: { hide: true } },
        async (request, reply) => {
          const params = request.params as Record<string, string>
          const apiPath = definition.apiPath(params)
          const query = request.query as PageRequest['query']
          if (apiPath !== null && negotiateFormat(request, ['html', 'json']) === 'json')
            return reply.redirect(`${apiPath}${formatQuery(query)}`, 303)
          negotiateFormat(request, ['html'])
          const ask = createAsk(app, request)
          const page = await definition.render({ ask, params, query, settings })
          return sendHtml(reply, renderDocument(page, settings))
        },
      )
  }

export const sendHtml = (reply: FastifyReply, text: string) =>
  reply
    .type('text/html; charset=utf-8')
    .header('Content-Security-Policy', contentSecurityPolicy("'none'"))
    .header('X-Frame-Options', 'DENY')
    .header('Referrer-Policy', 'same-origin')
    .send(text)

/** Reads the API in this process, with the rights of the request. */
export function createAsk(app: FastifyInstance, request: FastifyRequest): Ask {
  const headers = { ...buildHeaders(request), host: request.host }
  return async (path, query = {}) => {
    const {
      statusCode,
      body,
      headers: sent,
    } = await app.inject({
      method: 'GET',
      url: `${path}${formatQuery(query)}`,
      headers,
    })
    if (statusCode === 308) throw new ApiRedirect(String(sent.location))
    const answer = /\bjson\b/.test(String(sent['content-type'])) ? JSON.parse(body) : body
    if (statusCode >= 400) throw new ApiProblem(answer as ProblemBody)
    return answer
  }
}

/** The headers of a request to the API with the key of the session. */
export const buildHeaders = (request: FastifyRequest): Record<string, string> => ({
  ...buildInternalHeaders(request.key?.id ?? null),
  accept: 'application/json',
  'x-request-id': request.id,
})

/**
 * Writes through the API with the key of the session. Without `etag`, a change of a record names the state that is read now.
 *
 * @throws {ApiProblem}
 */
export async function write<T>(
  app: FastifyInstance,
  request: FastifyRequest,
  method: 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body: object | Buffer,
  etag?: string,
): Promise<T> {
  const headers: Record<string, string> = {
    ...buildHeaders(request),
    'content-type': Buffer.isBuffer(body)
      ? String(request.headers['content-type'])
      : 'application/json',
  }
  if (method !== 'POST') headers['if-match'] = etag ?? (await readEtag(app, request, path))
  const payload = Buffer.isBuffer(body) ? body : JSON.stringify(body)
  const response = await app.inject({ method, url: path, headers, payload })
  const answer = JSON.parse(response.body)
  if (response.statusCode >= 400) throw new ApiProblem(answer as ProblemBody)
  return answer as T
}

async function readEtag(
  app: FastifyInstance,
  request: FastifyRequest,
  url: string,
): Promise<string> {
  const { headers } = await app.inject({ method: 'GET', url, headers: buildHeaders(request) })
  return String(headers.etag ?? '')
}

/** A problem as a page. Without a key on a private server, the page to sign in. */
export function sendErrorPage(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  settings: SiteSettings,
) {
  if (error instanceof ApiRedirect) return reply.redirect(toPagePath(error.location), 308)
  const problem: ProblemBody =
    error instanceof ApiProblem ? error.body : JSON.parse(formatProblem(error, request))
  if (problem.status === 401)
    return reply
      .header('Cache-Control', 'no-store')
      .redirect(`/sign-in${formatQuery({ to: request.url })}`, 303)
  if (!(error instanceof ApiProblem) && problem.status >= 500)
    request.log.error({ err: error }, 'unexpected error in a page')
  reply.code(problem.status).header('Cache-Control', 'no-store')
  return sendHtml(reply, renderDocument(problemPage(problem, request.url), settings))
}

/** Whether a browser asks for a page: it names HTML, which programs do not. */
const wantsPage = ({ method, url, headers }: FastifyRequest): boolean =>
  /^(GET|HEAD)$/.test(method) &&
  !/^\/(v1|reconcile|docs|healthz|readyz|openapi)\b/.test(url) &&
  /\btext\/html\b/.test(headers.accept ?? '')

/** Answers a browser with a page where there is no route, and everybody else with `answer`. */
export const onNotFoundPage =
  (settings: SiteSettings, answer: (request: FastifyRequest, reply: FastifyReply) => unknown) =>
  (request: FastifyRequest, reply: FastifyReply) =>
    wantsPage(request)
      ? sendErrorPage(createMissingPageProblem(request.url), request, reply, settings)
      : answer(request, reply)

const createMissingPageProblem = (url: string): ApiProblem =>
  new ApiProblem({
    type: '/problems/not-found',
    title: 'Not found',
    status: 404,
    detail: `There is no page ${url.split('?')[0]}.`,
  })
