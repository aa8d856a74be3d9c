import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Database } from '../database/database.ts'
import { problemResponses } from './problems.ts'
import type { RevisionSource } from './revision-source.ts'

const Health = z.strictObject({ status: z.literal('ok') })
const Readiness = z.strictObject({
  status: z.literal('ready'),
  revision: z.int().describe('The newest revision; 0 before the first write.'),
})

/** Routes about the server itself: health, and the OpenAPI description. */
export const serviceRoutes: FastifyPluginAsyncZod<{
  database: Database
  head: RevisionSource
}> = async (app, { database, head }) => {
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
}
