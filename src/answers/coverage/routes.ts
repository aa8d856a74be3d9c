import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { getExportRequester } from '../../http/export-requester.ts'
import { contentTypeOf, negotiateFormat } from '../../http/formats.ts'
import { problemResponses } from '../../http/problems.ts'
import { awaitFirstItem, sendStream } from '../../http/response-stream.ts'
import { resolveRecordId } from '../../records/model/list-queries.ts'
import { RefParams } from '../../records/model/schema.ts'
import type { RouteContext } from '../../records/routes/context.ts'
import { streamCoverage } from './measure-coverage.ts'
import { Coverage } from './schema.ts'

export const coverageRoutes: FastifyPluginAsyncZod<RouteContext> = async (app, { database }) => {
  app.get(
    '/v1/cases/:ref/coverage',
    {
      config: { hasRevisionEtag: true },
      schema: {
        summary: 'Count how many facts of a case are cited',
        description:
          'For each record of the case: how many fields state a fact, how many of them have a citation (on the field or on the part that holds it), and which have none.',
        tags: ['cases'],
        params: RefParams,
        querystring: z.strictObject({}),
        response: {
          200: { description: 'The count.', content: { 'application/json': { schema: Coverage } } },
          ...problemResponses('invalid-request', 'not-found', 'not-acceptable'),
        },
      },
    },
    async (request, reply) => {
      const caseId = await resolveRecordId(database.db, 'case', request.params.ref)
      negotiateFormat(request, ['json'])
      const pieces = await streamCoverage(database, caseId, getExportRequester(request, reply))
      reply.type(contentTypeOf('json'))
      return sendStream(request, reply, 'json', await awaitFirstItem(pieces)) as never
    },
  )
}
