import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { negotiateFormat } from '../../http/formats.ts'
import { problemResponses, sendJsonText } from '../../http/problems.ts'
import { RefParams } from '../../records/model/schema.ts'
import type { RouteContext } from '../../records/routes/context.ts'
import { readDossier } from './read-dossier.ts'
import { Dossier } from './schema.ts'

export const dossierRoutes: FastifyPluginAsyncZod<RouteContext> = async (app, { database }) => {
  app.get(
    '/v1/cases/:ref/dossier',
    {
      config: { hasRevisionEtag: true, isConcurrencyLimited: true },
      schema: {
        operationId: 'getDossier',
        summary: 'Read the most important of a case in one answer',
        description:
          'The case with its first findings and events, its newest permits, and its measures, actors, goods and articles. A large case has more of each: `total` and `complete` say so, and the lists have all.',
        tags: ['cases'],
        params: RefParams,
        querystring: z.strictObject({}),
        response: {
          200: {
            description: 'The dossier.',
            content: { 'application/json': { schema: Dossier } },
          },
          ...problemResponses('invalid-request', 'not-found', 'not-acceptable', 'too-slow'),
        },
      },
    },
    async (request, reply) => {
      const text = await readDossier(database.db, request.params.ref)
      negotiateFormat(request, ['json'])
      return sendJsonText(reply, text)
    },
  )
}
