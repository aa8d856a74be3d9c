import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Database } from '../database/database.ts'
import { Problem, type ProblemCode, problems } from '../problem.ts'
import { negotiateFormat } from './formats.ts'
import { renderProblemPage, renderProblemsPage, renderStartPage, startPage } from './html-pages.ts'
import { problemResponses } from './problems.ts'
import type { RevisionSource } from './revision-source.ts'

const Links = z
  .strictObject({
    name: z.string(),
    version: z.string(),
    description: z.string(),
    links: z.array(z.strictObject({ href: z.string(), description: z.string() })),
  })
  .meta({ id: 'Entrance', description: 'Links to the routes.' })

const ProblemKind = z
  .strictObject({ code: z.string(), status: z.int(), title: z.string(), explanation: z.string() })
  .meta({ id: 'ProblemKind', description: 'A problem code, and what to do about it.' })

const Health = z.strictObject({ status: z.literal('ok') })
const Readiness = z.strictObject({
  status: z.literal('ready'),
  revision: z.int().describe('The newest revision; 0 before the first write.'),
})

const problemCodes = Object.keys(problems) as [ProblemCode, ...ProblemCode[]]
const htmlContent = { 'text/html': { schema: z.string() } }

/** Routes about the server itself: start page, health, the OpenAPI description, pages about problems. */
export const serviceRoutes: FastifyPluginAsyncZod<{
  database: Database
  head: RevisionSource
}> = async (app, { database, head }) => {
  app.get(
    '/',
    {
      schema: {
        operationId: 'getEntrance',
        summary: 'List the entry points',
        description: 'Links to the routes: JSON for programs, a page for people.',
        tags: ['service'],
        response: {
          200: {
            description: 'The links.',
            content: { 'application/json': { schema: Links }, ...htmlContent },
          },
          ...problemResponses('not-acceptable'),
        },
      },
    },
    async (request, reply) =>
      negotiateFormat(request, ['json', 'html']) === 'html'
        ? reply.type('text/html; charset=utf-8').send(renderStartPage())
        : startPage,
  )

  app.get(
    '/healthz',
    {
      schema: {
        operationId: 'getHealth',
        summary: 'Check whether the process runs',
        description: 'Does not check the database; see `/readyz`.',
        tags: ['service'],
        response: {
          200: {
            description: 'The process runs.',
            content: { 'application/json': { schema: Health } },
          },
          ...problemResponses(),
        },
      },
    },
    async () => ({ status: 'ok' as const }),
  )

  app.get(
    '/readyz',
    {
      schema: {
        operationId: 'getReadiness',
        summary: 'Check whether the server is ready',
        description: 'Queries the database each time. 503 while the database does not answer.',
        tags: ['service'],
        response: {
          200: {
            description: 'The server is ready.',
            content: { 'application/json': { schema: Readiness } },
          },
          ...problemResponses('database-unavailable'),
        },
      },
    },
    async (_request, reply) => {
      await database.ping()
      reply.header('Cache-Control', 'no-store')
      return { status: 'ready' as const, revision: (await head.getHead()).revision }
    },
  )

  app.get(
    '/openapi.json',
    {
      schema: {
        operationId: 'getOpenApi',
        summary: 'Read the OpenAPI description',
        description: 'OpenAPI 3.1, generated from the schemas that validate requests.',
        tags: ['service'],
        response: {
          200: {
            description: 'The OpenAPI description.',
            content: { 'application/json': { schema: z.looseObject({ openapi: z.string() }) } },
          },
          ...problemResponses(),
        },
      },
    },
    async () => app.swagger() as { openapi: string },
  )

  app.get(
    '/problems',
    {
      schema: {
        summary: 'List the problem codes',
        description: 'Every `type` of a problem, with status and explanation.',
        tags: ['service'],
        response: {
          200: {
            description: 'All problem codes.',
            content: {
              'application/json': { schema: z.strictObject({ data: z.array(ProblemKind) }) },
              ...htmlContent,
            },
          },
          ...problemResponses('not-acceptable'),
        },
      },
    },
    async (request, reply) =>
      negotiateFormat(request, ['json', 'html']) === 'html'
        ? reply.type('text/html; charset=utf-8').send(renderProblemsPage())
        : { data: problemCodes.map((code) => ({ code, ...problems[code] })) },
  )

  app.get(
    '/problems/:code',
    {
      schema: {
        summary: 'Read about a problem code',
        description: 'What the problem means and what to do about it.',
        tags: ['service'],
        params: z.strictObject({
          code: z.string().max(100).describe('The last part of a `type`, e.g. `not-found`.'),
        }),
        response: {
          200: {
            description: 'The explanation.',
            content: { 'application/json': { schema: ProblemKind }, ...htmlContent },
          },
          ...problemResponses('not-found', 'not-acceptable'),
        },
      },
    },
    async (request, reply) => {
      const code = problemCodes.find((knownCode) => knownCode === request.params.code)
      if (code === undefined)
        throw new Problem('not-found', 'There is no such problem code. GET /problems lists them.')
      return negotiateFormat(request, ['json', 'html']) === 'html'
        ? reply.type('text/html; charset=utf-8').send(renderProblemPage(code))
        : { code, ...problems[code] }
    },
  )
}
