import { Readable } from 'node:stream'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { getExportRequester } from '../../http/client-disconnect.ts'
import { buildCsvColumns, formatCsvPage } from '../../http/csv.ts'
import { type Format, formatParameter, mediaTypes, negotiateFormat } from '../../http/formats.ts'
import { encodeJsonPage } from '../../http/json-encoder.ts'
import { problemResponses } from '../../http/problems.ts'
import { countEntries, type ListRequest } from '../../records/model/list-queries.ts'
import type { RouteContext } from '../../records/routes/context.ts'
import {
  buildNextUrl,
  buildPageParameters,
  defaultLimit,
  dropAbsentFilters,
  rejectReversedPeriod,
  sendCsv,
  streamList,
} from '../../records/routes/list-routes.ts'
import { streamEntries } from './entry-stream.ts'
import { type ChangedEntry, streamCalendar } from './ics.ts'
import { findPreviousLastDay, selectListing, timelineListing } from './queries.ts'
import { readPage } from './read-page.ts'
import { TimelineEntry, TimelineJs } from './schema.ts'
import { streamTimelineJs } from './timelinejs.ts'

const formats = ['json', 'csv', 'ndjson', 'timelinejs', 'ics'] as const

const Query = rejectReversedPeriod(
  z.strictObject({
    ...buildPageParameters(timelineListing),
    format: formatParameter(
      'Instead of the `Accept` header. `csv`, `ndjson`, `timelinejs` (a file for TimelineJS 3) and `ics` (a calendar, RFC 5545) are streamed, whole unless `limit` is given.',
    ),
  }),
)

const Timeline = z
  .strictObject({
    data: z.array(TimelineEntry),
    next: z.string().nullable().describe('Cursor of the next page; null on the last.'),
    total: z.int().optional().describe('How many there are over all pages; with `count=true`.'),
  })
  .meta({ id: 'Timeline', description: 'A page of a timeline.' })

const columns = buildCsvColumns(TimelineEntry)

export const timelineRoutes: FastifyPluginAsyncZod<RouteContext> = async (app, { database }) => {
  app.get(
    '/v1/timeline',
    {
      config: { hasRevisionEtag: true, isConcurrencyLimited: true },
      schema: {
        summary: 'Read events in the order that the evidence allows',
        description:
          'Events by the last day that their date can mean, then by the first, so that whatever certainly happened before something else stands above it; undated ones come last. `after` says which places in that order are certain. Each entry has the words of the source for its date, and all its citations.',
        tags: ['events'],
        querystring: Query,
        response: {
          200: {
            description: 'A page, or in the other formats the whole timeline.',
            content: {
              'application/json': { schema: Timeline },
              'text/csv': { schema: z.string() },
              'application/x-ndjson': { schema: z.string() },
              [mediaTypes.timelinejs]: { schema: TimelineJs },
              [mediaTypes.ics]: { schema: z.string() },
            },
          },
          ...problemResponses(
            'invalid-request',
            'invalid-cursor',
            'unknown-reference',
            'not-acceptable',
            'too-slow',
          ),
        },
      },
    },
    async (request, reply) => {
      const { limit, cursor, count, format: asked, ...filters } = request.query as TimelineRequest
      const format = negotiateFormat(request, formats, asked)
      const listRequest: ListRequest = {
        filterValues: dropAbsentFilters(filters),
        sort: timelineListing.defaultSort,
        limit: limit ?? null,
        cursor,
      }
      const total = count
        ? await countEntries(database.db, timelineListing, listRequest.filterValues)
        : null
      reply.type(`${mediaTypes[format]}; charset=utf-8`)
      if (total !== null && format !== 'json') reply.header('X-Total-Count', total)
      if (format === 'json' || (limit !== undefined && (format === 'csv' || format === 'ndjson'))) {
        const paged = { ...listRequest, limit: limit ?? defaultLimit }
        const { documents, next } = await readPage(database.db, paged)
        if (next !== null) reply.header('Link', `<${buildNextUrl(request.url, next)}>; rel="next"`)
        if (format === 'csv') return reply.send(formatCsvPage(columns, documents))
        if (format === 'ndjson') return reply.send(documents.map((one) => `${one}\n`).join(''))
        return reply.send(encodeJsonPage(documents, next, total) as never)
      }
      const above = findPreviousLastDay(listRequest)
      // Streams of text, which the types of the answer do not know.
      const stream = (texts: AsyncIterable<string>) => reply.send(Readable.from(texts) as never)
      const documents = await streamList(
        database,
        selectListing(listRequest),
        listRequest,
        getExportRequester(request, reply),
      )
      const entries = streamEntries(above, documents)
      if (format === 'ics') return stream(streamCalendar(entries))
      if (format === 'timelinejs') return stream(streamTimelineJs(entries))
      if (format === 'ndjson') return stream(toLines(entries, '\n'))
      return sendCsv(columns, toLines(entries, ''), request, reply)
    },
  )
}

type TimelineRequest = {
  limit?: number
  cursor?: string
  count?: boolean
  format?: Format
  [filter: string]: unknown
}

async function* toLines(entries: AsyncIterable<ChangedEntry>, end: string) {
  for await (const { changedAt, ...entry } of entries) yield `${JSON.stringify(entry)}${end}`
}
