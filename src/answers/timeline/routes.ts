import { Readable } from 'node:stream'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type Format, formatParameter, mediaTypes, negotiate } from '../../http/formats.ts'
import { jsonPage } from '../../http/json-bytes.ts'
import { problemResponses } from '../../http/problems.ts'
import { csvPage, tableColumns } from '../../http/table.ts'
import { countAll, type ListRequest } from '../../records/model/list-queries.ts'
import type { RouteContext } from '../../records/routes/context.ts'
import {
  filtersGiven,
  inOrder,
  limitStandard,
  nextUrl,
  pageParameters,
  sendTable,
  wholeList,
} from '../../records/routes/list-routes.ts'
import { type Changed, calendar } from './ics.ts'
import { inOrderFrom } from './in-order.ts'
import { lastDayAbove, listingFor, timelineListing } from './queries.ts'
import { readPage } from './read-page.ts'
import { TimelineEntry, TimelineJs } from './schema.ts'
import { timelineJs } from './timelinejs.ts'

const formats = ['json', 'csv', 'ndjson', 'timelinejs', 'ics'] as const

const Query = inOrder(
  z.strictObject({
    ...pageParameters(timelineListing),
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

const columns = tableColumns(TimelineEntry)

export const timelineRoutes: FastifyPluginAsyncZod<RouteContext> = async (app, { database }) => {
  app.get(
    '/v1/timeline',
    {
      config: { revisioned: true, inTurns: true },
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
      const { limit, cursor, count, format: asked, ...filters } = request.query as Asked
      const format = negotiate(request, formats, asked)
      const listRequest: ListRequest = {
        ...{ given: filtersGiven(filters), sort: timelineListing.defaultSort },
        ...{ limit: limit ?? null, cursor },
      }
      const total = count ? await countAll(database.db, timelineListing, listRequest.given) : null
      reply.type(`${mediaTypes[format]}; charset=utf-8`)
      if (total !== null && format !== 'json') reply.header('X-Total-Count', total)
      if (format === 'json' || (limit !== undefined && (format === 'csv' || format === 'ndjson'))) {
        const paged = { ...listRequest, limit: limit ?? limitStandard }
        const { documents, next } = await readPage(database.db, paged)
        if (next !== null) reply.header('Link', `<${nextUrl(request.url, next)}>; rel="next"`)
        if (format === 'csv') return reply.send(csvPage(columns, documents))
        if (format === 'ndjson') return reply.send(documents.map((one) => `${one}\n`).join(''))
        return reply.send(jsonPage(documents, next, total) as never)
      }
      const above = lastDayAbove(listRequest)
      // Streams of text, which the types of the answer do not know.
      const stream = (texts: AsyncIterable<string>) => reply.send(Readable.from(texts) as never)
      const documents = await wholeList(database, listingFor(listRequest), listRequest)
      const entries = inOrderFrom(above, documents)
      if (format === 'ics') return stream(calendar(entries))
      if (format === 'timelinejs') return stream(timelineJs(entries))
      if (format === 'ndjson') return stream(asLines(entries, '\n'))
      return sendTable(columns, asLines(entries, ''), request, reply)
    },
  )
}

type Asked = {
  limit?: number
  cursor?: string
  count?: boolean
  format?: Format
  [filter: string]: unknown
}

async function* asLines(entries: AsyncIterable<Changed>, end: string) {
  for await (const { changedAt, ...entry } of entries) yield `${JSON.stringify(entry)}${end}`
}
