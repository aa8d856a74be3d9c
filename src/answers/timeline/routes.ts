import { Readable } from 'node:stream'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { formatCsvPage } from '../../http/csv.ts'
import { getExportRequester } from '../../http/export-requester.ts'
import { type Format, formatParameter, mediaTypes, negotiateFormat } from '../../http/formats.ts'
import { sealCursor } from '../../http/history.ts'
import { encodeJsonPage } from '../../http/json-encoder.ts'
import { formatJsonLines } from '../../http/json-lines.ts'
import { problemResponses } from '../../http/problems.ts'
import { buildCsvColumns } from '../../http/tables/columns.ts'
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
      'Instead of the `Accept` header. `csv`, `ndjson`, `timelinejs` (a file for TimelineJS 3) and `ics` (a calendar, RFC 5545) contain the whole timeline unless `limit` is given.',
    ),
  }),
)

const Timeline = z
  .strictObject({
    data: z.array(TimelineEntry),
    next: z.string().nullable().describe('Cursor of the next page. Null on the last page.'),
    total: z
      .int()
      .optional()
      .describe('Number of entries over all pages. Present with `count=true`.'),
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
          'Events sorted by the last day that their date can mean, then by the first. So an event that certainly happened before another one stands above it. Events without a date come last. `after` tells where the order is certain. Each entry has the words of the source for its date and all its citations.',
        tags: ['events'],
        querystring: Query,
        response: {
          200: {
            description: 'A page as JSON, or the whole timeline in another format.',
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
            'history-changed',
            'unknown-reference',
            'not-acceptable',
            'too-slow',
          ),
        },
      },
    },
    async (request, reply) => {
      const {
        limit,
        cursor,
        count,
        format: formatQuery,
        ...filters
      } = request.query as TimelineRequest
      const format = negotiateFormat(request, formats, formatQuery)
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
        const pageRequest = { ...listRequest, limit: limit ?? defaultLimit }
        const page = await readPage(database.db, pageRequest)
        const entryTexts = page.documents
        const next = sealCursor(request, page.next)
        if (next !== null) reply.header('Link', `<${buildNextUrl(request.url, next)}>; rel="next"`)
        if (format === 'csv') return reply.send(formatCsvPage(columns, entryTexts))
        if (format === 'ndjson') return reply.send(formatJsonLines(entryTexts))
        return reply.send(encodeJsonPage(entryTexts, next, total) as never)
      }
      const previousLastDay = findPreviousLastDay(listRequest)
      const eventTexts = await streamList(
        database,
        selectListing(listRequest),
        listRequest,
        getExportRequester(request, reply),
      )
      const entries = streamEntries(previousLastDay, eventTexts)
      // The response types of the route have no streams.
      const sendStream = (texts: AsyncIterable<string>) => reply.send(Readable.from(texts) as never)
      if (format === 'ics') return sendStream(streamCalendar(entries))
      if (format === 'timelinejs') return sendStream(streamTimelineJs(entries))
      if (format === 'ndjson') return sendStream(streamJsonLines(toLines(entries, '')))
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

async function* streamJsonLines(jsonTexts: AsyncIterable<string>) {
  for await (const jsonText of jsonTexts) yield formatJsonLines([jsonText])
}

async function* toLines(entries: AsyncIterable<ChangedEntry>, lineEnd: string) {
  for await (const { changedAt, ...entry } of entries) yield `${JSON.stringify(entry)}${lineEnd}`
}
