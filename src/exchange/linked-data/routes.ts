import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { problemResponses } from '../../http/problems.ts'
import type { RouteContext } from '../../records/routes/context.ts'
import { jsonLdContext } from './json-ld.ts'

export const linkedDataRoutes: FastifyPluginAsyncZod<RouteContext> = async (app) => {
  app.get(
    '/context.jsonld',
    {
      schema: {
        summary: 'Read the JSON-LD context of this API',
        description:
          'A JSON-LD 1.1 context for all JSON answers. A record is the resource at its `href`. Records and lists with `format=jsonld` refer to this context.',
        tags: ['service'],
        querystring: z.strictObject({}),
        response: {
          200: {
            description: 'The context.',
            content: {
              'application/ld+json': { schema: z.looseObject({ '@context': z.looseObject({}) }) },
            },
          },
          ...problemResponses('invalid-request'),
        },
      },
    },
    async (_request, reply) => {
      reply
        .type('application/ld+json; charset=utf-8')
        .header('Cache-Control', 'public, max-age=3600')
      return jsonLdContext
    },
  )
}
