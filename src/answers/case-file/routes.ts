import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Database } from '../../database/database.ts'
import { getExportRequester } from '../../http/export-requester.ts'
import { contentTypeOf, negotiateFormat } from '../../http/formats.ts'
import { problemResponses } from '../../http/problems.ts'
import { sendStream } from '../../http/response-stream.ts'
import type { HeadTracker } from '../../ledger/head-tracker.ts'
import { Actor } from '../../records/kinds/actors/schema.ts'
import { Affiliation } from '../../records/kinds/affiliations/schema.ts'
import { Article } from '../../records/kinds/articles/schema.ts'
import { Case } from '../../records/kinds/cases/schema.ts'
import { Event } from '../../records/kinds/events/schema.ts'
import { Figure } from '../../records/kinds/figures/schema.ts'
import { Good } from '../../records/kinds/goods/schema.ts'
import { Measure } from '../../records/kinds/measures/schema.ts'
import { Permit } from '../../records/kinds/permits/schema.ts'
import { PlaceRecord } from '../../records/kinds/places/schema.ts'
import { RefParams } from '../../records/model/schema.ts'
import { AsOf, resolveRevision } from '../../records/read/as-of.ts'
import { maxCaseFileRecords, resolveCaseId, streamCaseFile } from './read-case-file.ts'

const CaseFile = z
  .strictObject({
    revision: z.int().describe('The file shows the case as it was after this revision.'),
    case: Case,
    articles: z.array(Article),
    actors: z.array(Actor),
    affiliations: z.array(Affiliation),
    figures: z.array(Figure),
    places: z.array(PlaceRecord),
    goods: z.array(Good),
    permits: z.array(Permit),
    measures: z.array(Measure),
    events: z.array(Event),
  })
  .meta({ id: 'CaseFile', description: 'A whole case. Each list is sorted by slug.' })

export const caseFileRoutes: FastifyPluginAsyncZod<{
  database: Database
  head: HeadTracker
}> = async (app, { database, head }) => {
  app.get(
    '/v1/cases/:ref/file',
    {
      config: { hasRevisionEtag: true },
      schema: {
        summary: 'Read a whole case in one answer',
        description: `All records of the case, complete and with their citations. \`revision\` or \`asOf\` gives the case as it was then. A case of more than ${maxCaseFileRecords.toLocaleString('en')} records is refused: read its export. An answer that breaks off is not whole: it never ends as if it were.`,
        tags: ['cases'],
        params: RefParams,
        querystring: AsOf,
        response: {
          200: { description: 'The case.', content: { 'application/json': { schema: CaseFile } } },
          ...problemResponses(
            'invalid-request',
            'not-found',
            'retracted',
            'not-acceptable',
            'too-slow',
          ),
        },
      },
    },
    async (request, reply) => {
      const { ref } = request.params
      const past = await resolveRevision(database.db, request.query)
      const caseId = await resolveCaseId(database.db, ref, past !== null)
      negotiateFormat(request, ['json'])
      const pieces = await streamCaseFile(database, {
        ref,
        caseId,
        revision: past ?? (await head.getHead()).revision,
        requester: getExportRequester(request, reply),
      })
      reply.type(contentTypeOf('json'))
      return sendStream(request, reply, 'json', pieces) as never
    },
  )
}
