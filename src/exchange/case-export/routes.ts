import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { booleanParameter } from '../../http/boolean-parameter.ts'
import { getExportRequester } from '../../http/export-requester.ts'
import {
  contentTypeOf,
  describeContent,
  type Format,
  formatParameterFor,
  mediaTypes,
  negotiateFormat,
} from '../../http/formats.ts'
import { problemResponses } from '../../http/problems.ts'
import { getBaseUrl, sendStream } from '../../http/response-stream.ts'
import { resolveRecordId } from '../../records/model/list-queries.ts'
import { RefParams } from '../../records/model/schema.ts'
import type { RouteContext } from '../../records/routes/context.ts'
import { caseFormatNames, caseFormatSchemas, exportCase } from './export-case.ts'

const offeredFormats = [...caseFormatNames, 'csv', 'xlsx', 'parquet'] as unknown as readonly [
  Format,
  ...Format[],
]

/** A file for each table, in a zip file. */
const exportMediaTypes = { ...mediaTypes, csv: mediaTypes.zip, parquet: mediaTypes.zip }

/** For formats whose name is not the file extension. */
const fileExtensions: Partial<Record<Format, string>> = {
  csv: 'csv.zip',
  parquet: 'parquet.zip',
  ftm: 'ftm.ndjson',
  'ftm-statements': 'statements.csv',
  'w3c-annotations': 'annotations.jsonld',
  bibtex: 'bib',
  'csl-json': 'csl.json',
}

export const caseExportRoutes: FastifyPluginAsyncZod<RouteContext> = async (
  app,
  { database, publicUrl },
) => {
  app.get(
    '/v1/cases/:ref/export',
    {
      config: { hasRevisionEtag: true },
      schema: {
        summary: 'Export a whole case in one file',
        description:
          'All records that belong to the case, from one moment, in the format of another tool. `csv` and `parquet` are a zip file with a table for each kind, `xlsx` a workbook with a sheet for each. If an error interrupts the export, the connection is closed before the end of the file, so that a truncated file cannot look complete.',
        tags: ['cases'],
        params: RefParams,
        querystring: z.strictObject({
          format: formatParameterFor(offeredFormats),
          bom: booleanParameter()
            .optional()
            .describe(
              '`true`: each CSV file begins with a byte order mark, so that Excel reads it as UTF-8.',
            ),
        }),
        response: {
          200: {
            description: 'The file.',
            content: describeContent(offeredFormats, caseFormatSchemas, exportMediaTypes),
          },
          ...problemResponses('invalid-request', 'not-found', 'not-acceptable', 'too-slow'),
        },
      },
    },
    async (request, reply) => {
      const { format: formatQuery, bom } = request.query
      const { ref } = request.params
      const caseId = await resolveRecordId(database.db, 'case', ref)
      const format = negotiateFormat(request, offeredFormats, formatQuery, exportMediaTypes)
      const chunks = await exportCase(database, caseId, format, {
        title: ref.toLowerCase(),
        baseUrl: getBaseUrl(request, publicUrl),
        bom,
        requester: getExportRequester(request, reply),
      })
      reply.type(contentTypeOf(exportMediaTypes[format] === mediaTypes.zip ? 'zip' : format))
      reply.header(
        'Content-Disposition',
        `attachment; filename="${ref.toLowerCase()}.${fileExtensions[format] ?? format}"`,
      )
      return sendStream(request, reply, format, chunks) as never
    },
  )
}
