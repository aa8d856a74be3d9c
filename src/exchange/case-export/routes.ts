import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { getExportRequester } from '../../http/client-disconnect.ts'
import {
  contentTypeOf,
  type Format,
  formatParameterFor,
  mediaTypes,
  negotiateFormat,
  textResponseContent,
} from '../../http/formats.ts'
import { problemResponses } from '../../http/problems.ts'
import { getBaseUrl, sendStream } from '../../http/response-stream.ts'
import { resolveRecordId } from '../../records/model/list-queries.ts'
import { RefParams } from '../../records/model/schema.ts'
import type { RouteContext } from '../../records/routes/context.ts'
import { caseFormatNames, exportCase } from './export-case.ts'

const offeredFormats = [...caseFormatNames, 'csv'] as unknown as readonly [Format, ...Format[]]

/** Its tables are in a zip file. */
const exportMediaTypes = { ...mediaTypes, csv: mediaTypes.zip }

/** Endings of files, where the word of the format is none. */
const fileExtensions: Partial<Record<Format, string>> = {
  csv: 'csv.zip',
  ftm: 'ftm.ndjson',
  'ftm-statements': 'statements.csv',
  'w3c-annotations': 'annotations.jsonld',
  bibtex: 'bib',
  'csl-json': 'csl.json',
}

/** A whole case in the format of another tool. */
export const caseExportRoutes: FastifyPluginAsyncZod<RouteContext> = async (
  app,
  { database, publicUrl },
) => {
  app.get(
    '/v1/cases/:ref/export',
    {
      config: { hasRevisionEtag: true },
      schema: {
        summary: 'Take a whole case away in one file',
        description:
          'Every record that belongs to the case, as of one moment, in the format of the tool that is to read it. `csv` is a zip file with a table for each kind. An answer that breaks off is not whole: it never ends as if it were.',
        tags: ['cases'],
        params: RefParams,
        querystring: z.strictObject({
          format: formatParameterFor(offeredFormats),
          bom: z
            .stringbool()
            .optional()
            .describe(
              '`true`: each CSV begins with a byte order mark, by which Excel knows UTF-8.',
            ),
        }),
        response: {
          200: {
            description: 'The file.',
            content: {
              ...textResponseContent(offeredFormats),
              'application/zip': { schema: z.string() },
            },
          },
          ...problemResponses('invalid-request', 'not-found', 'not-acceptable', 'too-slow'),
        },
      },
    },
    async (request, reply) => {
      const { format: asked, bom } = request.query
      const format = negotiateFormat(request, offeredFormats, asked, exportMediaTypes)
      const { ref } = request.params
      const caseId = await resolveRecordId(database.db, 'case', ref)
      const base = getBaseUrl(request, publicUrl)
      const pieces = await exportCase(database, caseId, format, {
        title: ref.toLowerCase(),
        baseUrl: base,
        bom,
        requester: getExportRequester(request, reply),
      })
      reply.type(format === 'csv' ? exportMediaTypes.csv : contentTypeOf(format))
      reply.header(
        'Content-Disposition',
        `attachment; filename="${ref.toLowerCase()}.${fileExtensions[format] ?? format}"`,
      )
      return sendStream(request, reply, format, pieces) as never
    },
  )
}
