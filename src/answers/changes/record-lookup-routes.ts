import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { negotiateFormat } from '../../http/formats.ts'
import { problemResponses } from '../../http/problems.ts'
import { Problem } from '../../problem.ts'
import { findRecordById } from '../../records/model/list-queries.ts'
import { buildHref, Kind, RecordId, Slug } from '../../records/model/schema.ts'
import type { RouteContext } from '../../records/routes/context.ts'

const RecordSummary = z
  .strictObject({
    id: RecordId,
    kind: Kind,
    slug: Slug,
    name: z.string(),
    href: z.string().describe('Path of the record on this server.'),
    revision: z.int().describe('The revision that last changed it.'),
    state: z.enum(['live', 'retracted', 'merged']),
    stateReason: z.string().nullable().describe('Why it was retracted.'),
    mergedInto: z
      .string()
      .nullable()
      .describe('Path of the record that it was merged into. Null if it was not merged.'),
  })
  .meta({ id: 'RecordSummary', description: 'What a record is, by its id alone.' })

/** `GET` of a record of which only the id is known. */
export const recordLookupRoutes: FastifyPluginAsyncZod<RouteContext> = async (
  app,
  { database },
) => {
  app.get(
    '/v1/records/:id',
    {
      config: { hasRevisionEtag: true },
      schema: {
        operationId: 'getRecordSummary',
        summary: 'Find a record by its id',
        description:
          'Kind, slug and path of a record of which only the id is known, as in a JSON Patch of a change. Retracted and merged records are found too.',
        tags: ['ledger'],
        params: z.strictObject({ id: RecordId }),
        querystring: z.strictObject({}),
        response: {
          200: {
            description: 'The record.',
            content: { 'application/json': { schema: RecordSummary } },
          },
          ...problemResponses('invalid-request', 'not-found', 'not-acceptable'),
        },
      },
    },
    async (request) => {
      const record = await findRecordById(database.db, request.params.id)
      if (record === undefined)
        throw new Problem('not-found', `No record has the id ${request.params.id}.`)
      negotiateFormat(request, ['json'])
      const kind = Kind.parse(record.kind)
      return {
        id: record.id,
        kind,
        slug: record.slug,
        name: record.name,
        href: buildHref(kind, record.slug),
        revision: Number(record.revision),
        state: z.enum(['live', 'retracted', 'merged']).parse(record.state),
        stateReason: record.state_reason,
        mergedInto:
          record.merged_into_slug === null ? null : buildHref(kind, record.merged_into_slug),
      }
    },
  )
}
