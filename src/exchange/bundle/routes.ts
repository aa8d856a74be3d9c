import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { getExportRequester } from '../../http/export-requester.ts'
import { negotiateFormat } from '../../http/formats.ts'
import { problemResponses } from '../../http/problems.ts'
import { sendStream } from '../../http/response-stream.ts'
import { resolveRecordId } from '../../records/model/list-queries.ts'
import { RefParams } from '../../records/model/schema.ts'
import type { RouteContext } from '../../records/routes/context.ts'
import { buildBundleJsonSchema } from './schema.ts'
import { writeBundle } from './write-bundle.ts'

const bundleSchema = buildBundleJsonSchema()

export const bundleRoutes: FastifyPluginAsyncZod<RouteContext> = async (app, { database }) => {
  app.get(
    '/v1/cases/:ref/bundle',
    {
      config: { hasRevisionEtag: true },
      schema: {
        summary: 'Export a whole case as a bundle',
        description:
          'A zip file with the records, their citations, the articles with their bytes as received, and the revisions of the ledgers about them. A manifest lists every part with its SHA-256 (docs/bundle.md). `casefile import` imports it into another instance with the same ids.',
        tags: ['cases'],
        params: RefParams,
        querystring: z.strictObject({}),
        response: {
          200: {
            description: 'The bundle.',
            content: { 'application/zip': { schema: z.string() } },
          },
          ...problemResponses('invalid-request', 'not-found', 'not-acceptable', 'too-slow'),
        },
      },
    },
    async (request, reply) => {
      const { ref } = request.params
      const caseId = await resolveRecordId(database.db, 'case', ref)
      negotiateFormat(request, ['zip'])
      const file = await writeBundle(database, caseId, getExportRequester(request, reply))
      reply.type('application/zip')
      reply.header('Content-Disposition', `attachment; filename="${ref.toLowerCase()}.zip"`)
      return sendStream(request, reply, 'zip', file) as never
    },
  )

  app.get(
    '/bundle.schema.json',
    {
      schema: {
        summary: 'Read the JSON Schema of a bundle',
        description: 'The JSON Schema of each file in a bundle, by file name.',
        tags: ['service'],
        querystring: z.strictObject({}),
        response: {
          200: {
            description: 'The schema.',
            content: { 'application/schema+json': { schema: z.looseObject({}) } },
          },
          ...problemResponses('invalid-request'),
        },
      },
    },
    async (_request, reply) => {
      reply.type('application/schema+json; charset=utf-8')
      return bundleSchema as Record<string, unknown>
    },
  )
}
