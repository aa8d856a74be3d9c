import { pipeline, Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Database } from '../database/database.ts'
import { mediaTypes, negotiate } from '../http/formats.ts'
import { problemResponses } from '../http/problems.ts'
import { cells, csvPage, csvStream, tableColumns } from '../http/table.ts'
import type { RouteContext } from './context.ts'
import { isReversed } from './filters.ts'
import {
  countAll,
  type Listing,
  type ListRequest,
  listPage,
  listProblem,
  listStatement,
} from './reading.ts'

const limitStandard = 50
const limitMax = 200
const limitWrong = `a whole number from 1 to ${limitMax}`
const formats = ['json', 'csv', 'ndjson'] as const

type ListRoute = {
  path: string
  tag: string
  summary: string
  description: string
  listing: Listing
  entry: z.ZodType
}

/** The query parameters of a list: its filters, and those of every list. */
function listQuery({ filters, sorts, defaultSort }: Listing) {
  const names = Object.keys(sorts).flatMap((name) => [name, `-${name}`])
  const parameters = z.strictObject({
    ...Object.fromEntries(Object.entries(filters).map(([name, filter]) => [name, filter.schema])),
    sort: z
      .enum(names)
      .optional()
      .describe(`Sort by this, \`-\` before it for descending. Standard: \`${defaultSort}\`.`),
    limit: z.coerce
      .number(limitWrong)
      .int(limitWrong)
      .min(1, limitWrong)
      .max(limitMax, limitWrong)
      .optional()
      .describe(
        `Entries of a page, 1 to ${limitMax}; standard ${limitStandard}. CSV and NDJSON give all when it is absent.`,
      ),
    cursor: z
      .string()
      .min(1)
      .max(4_000)
      .optional()
      .describe('Where to go on: `next` of the page before.'),
    count: z.stringbool().optional().describe('`true`: also say how many there are in `total`.'),
    format: z
      .enum(formats)
      .optional()
      .describe(
        'Instead of the `Accept` header. `csv` and `ndjson` are streamed, whole unless `limit` is given.',
      ),
  })
  return parameters.refine((given) => !isReversed(given), {
    path: ['to'],
    error: 'the period ends before it begins (`from`)',
  })
}

/** `GET` of a list: filters, sort, cursor, count, and its three formats. */
export const listRoute =
  ({
    path,
    tag,
    summary,
    description,
    listing,
    entry,
  }: ListRoute): FastifyPluginAsyncZod<RouteContext> =>
  async (app, { database }) => {
    const List = z
      .strictObject({
        data: z.array(entry),
        next: z.string().nullable().describe('Cursor of the next page; null on the last.'),
        total: z
          .int()
          .optional()
          .describe('How many there are over all pages; only with `count=true`.'),
      })
      .meta({ description: 'A page of a list.' })
    const columns = tableColumns(entry)
    app.get(
      path,
      {
        config: { revisioned: true },
        schema: {
          summary,
          description,
          tags: [tag],
          querystring: listQuery(listing),
          response: {
            200: {
              description: 'A page, or with `format=csv` or `ndjson` the whole list.',
              content: {
                'application/json': { schema: List },
                'text/csv': { schema: z.string() },
                'application/x-ndjson': { schema: z.string() },
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
        const { sort, limit, cursor, count, format: asked, ...filters } = request.query as Asked
        const format = negotiate(request, formats, asked)
        const whole = format !== 'json' && limit === undefined
        const listRequest: ListRequest = {
          given: Object.fromEntries(
            Object.entries(filters).filter(([, value]) => value !== undefined),
          ),
          sort: sort ?? listing.defaultSort,
          limit: whole ? null : (limit ?? limitStandard),
          cursor,
        }
        reply.type(`${mediaTypes[format]}; charset=utf-8`)
        if (count && format !== 'json')
          reply.header('X-Total-Count', await countAll(database.db, listing, listRequest.given))
        if (whole) return sendWhole(database, listing, listRequest, format, columns, request, reply)
        const page = await listPage(database.db, listing, listRequest)
        if (page.next !== null)
          reply.header('Link', `<${nextUrl(request.url, page.next)}>; rel="next"`)
        if (format === 'csv') return reply.send(csvPage(columns, page.documents))
        if (format === 'ndjson')
          return reply.send(page.documents.map((document) => `${document}\n`).join(''))
        const total = count
          ? `,"total":${await countAll(database.db, listing, listRequest.given)}`
          : ''
        return reply.send(
          `{"data":[${page.documents.join(',')}],"next":${JSON.stringify(page.next)}${total}}`,
        )
      },
    )
  }

type Asked = {
  sort?: string
  limit?: number
  cursor?: string
  count?: boolean
  format?: 'json' | 'csv' | 'ndjson'
  [filter: string]: unknown
}

/**
 * The list to its end. The first row is awaited before the answer begins, so that a fault until then is a problem
 * document; a later one breaks the connection off, so that no client takes a part for the whole.
 */
async function sendWhole(
  database: Database,
  listing: Listing,
  request: ListRequest,
  format: 'csv' | 'ndjson',
  columns: ReturnType<typeof tableColumns>,
  { log }: FastifyRequest,
  reply: FastifyReply,
) {
  const rows = database.stream(listStatement(database.db, listing, request, null))
  const first = await rows.next().catch((error: unknown) => {
    throw listProblem(request, error)
  })
  if (first.done) await listPage(database.db, listing, { ...request, limit: 1 })
  async function* documents() {
    try {
      if (!first.done) yield first.value.document
      for await (const row of rows) yield row.document
    } finally {
      await rows.return(undefined)
    }
  }
  if (format === 'ndjson') {
    const lines = documents()
    return reply.send(
      Readable.from(
        (async function* () {
          for await (const document of lines) yield `${document}\n`
        })(),
      ),
    )
  }
  const table = csvStream(columns)
  const source = Readable.from(
    (async function* () {
      for await (const document of documents()) yield cells(columns, document)
    })(),
  )
  pipeline(source, table, (error) => {
    if (error) log.warn({ err: error }, 'export broken off')
  })
  return reply.send(table)
}

function nextUrl(url: string, cursor: string): string {
  const [path = '', query = ''] = url.split('?')
  const parameters = new URLSearchParams(query)
  parameters.set('cursor', cursor)
  return `${path}?${parameters}`
}
