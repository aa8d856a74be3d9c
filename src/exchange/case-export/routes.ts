import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import {
  type Format,
  formatOf,
  mediaTypes,
  negotiate,
  textContent,
  typeOf,
} from '../../http/formats.ts'
import { leaving } from '../../http/leaving.ts'
import { problemResponses } from '../../http/problems.ts'
import { baseOf, sendPieces } from '../../http/streaming.ts'
import { resolve } from '../../records/model/list-queries.ts'
import { RefParams } from '../../records/model/schema.ts'
import type { RouteContext } from '../../records/routes/context.ts'
import { caseFormatWords, exportCase } from './export-case.ts'

const offered = [...caseFormatWords, 'csv'] as unknown as readonly [Format, ...Format[]]

/** Its tables are in a zip file. */
const types = { ...mediaTypes, csv: mediaTypes.zip }

/** Endings of files, where the word of the format is none. */
const endings: Partial<Record<Format, string>> = {
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
      config: { revisioned: true },
      schema: {
        summary: 'Take a whole case away in one file',
        description:
          'Every record that belongs to the case, as of one moment, in the format of the tool that is to read it. `csv` is a zip file with a table for each kind. An answer that breaks off is not whole: it never ends as if it were.',
        tags: ['cases'],
        params: RefParams,
        querystring: z.strictObject({
          format: formatOf(offered),
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
            content: { ...textContent(offered), 'application/zip': { schema: z.string() } },
          },
          ...problemResponses('invalid-request', 'not-found', 'not-acceptable', 'too-slow'),
        },
      },
    },
    async (request, reply) => {
      const { format: asked, bom } = request.query
      const format = negotiate(request, offered, asked, types)
      const { ref } = request.params
      const caseId = await resolve(database.db, 'case', ref)
      const base = baseOf(request, publicUrl)
      const pieces = await exportCase(database, caseId, format, {
        ...{ title: ref.toLowerCase(), base, bom, leaving: leaving(reply) },
      })
      reply.type(format === 'csv' ? types.csv : typeOf(format))
      reply.header(
        'Content-Disposition',
        `attachment; filename="${ref.toLowerCase()}.${endings[format] ?? format}"`,
      )
      return sendPieces(request, reply, format, pieces) as never
    },
  )
}
