import { pipeline, Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Database } from '../database/database.ts'
import { mediaTypes, negotiate } from '../http/formats.ts'
import { problemResponses } from '../http/problems.ts'
import { cells, csvPage, csvStream, tableColumns } from '../http/table.ts'
import type { RouteContext } from './context.ts'
import { type Given, isReversed } from './filters.ts'
import {
  countAll,
  type Listing,
  type ListRequest,
  listPage,
  listProblem,
  listStatement,
} from './reading.ts'

export const limitStandard = 50
const limitMax = 200
const limitWrong = `a whole number from 1 to ${limitMax}`
export const formats = ['json', 'csv', 'ndjson'] as const

type ListRoute = {
  path: string
  tag: string
  summary: string
  description: string
  listing: Listing
  entry: z.ZodType
}

/** The filters of a list as query parameters, parameters of its `own`, and those that its pages have. */
export const pageParameters = (
  { filters }: Pick<Listing, 'filters'>,
  own: Record<string, z.ZodType> = {},
) => ({
  ...Object.fromEntries(Object.entries(filters).map(([name, filter]) => [name, filter.schema])),
  ...own,
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
})

export const listFormat = z
  .enum(formats)
  .optional()
  .describe(
    'Instead of the `Accept` header. `csv` and `ndjson` are streamed, whole unless `limit` is given.',
  )

/** The query parameters of a list. */
function listQuery(listing: Listing) {
  const { sorts, defaultSort } = listing
  const names = Object.keys(sorts).flatMap((name) => [name, `-${name}`])
  const parameters = z.strictObject({
    ...pageParameters(listing, {
      sort: z
        .enum(names)
        .optional()
        .describe(`Sort by this, \`-\` before it for descending. Standard: \`${defaultSort}\`.`),
    }),
    format: listFormat,
  })
  return inOrder(parameters)
}

/** Refuses a period that ends before it begins. */
export const inOrder = <T extends z.ZodType<Given>>(parameters: T): T =>
  parameters.refine((given) => !isReversed(given), {
    path: ['to'],
    error: 'the period ends before it begins (`from`)',
  })

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
          given: filtersGiven(filters),
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

export const filtersGiven = (filters: Given): Given =>
  Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined))

type Asked = {
  sort?: string
  limit?: number
  cursor?: string
  count?: boolean
  format?: 'json' | 'csv' | 'ndjson'
  [filter: string]: unknown
}

/**
 * The JSON texts of the list to its end, or as far as its `limit`. The first one is awaited before the answer begins, so
 * that a fault until then is a problem document; a later one breaks the connection off, so that no client takes a part
 * for the whole.
 */
export async function wholeList(database: Database, listing: Listing, request: ListRequest) {
  const rows = database.stream(listStatement(database.db, listing, request, request.limit))
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
  return documents()
}

async function sendWhole(
  database: Database,
  listing: Listing,
  listRequest: ListRequest,
  format: 'csv' | 'ndjson',
  columns: ReturnType<typeof tableColumns>,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const documents = await wholeList(database, listing, listRequest)
  return format === 'csv'
    ? sendTable(columns, documents, request, reply)
    : sendLines(documents, reply)
}

/** Sends entries (JSON texts) as NDJSON, as they come. */
export const sendLines = (documents: AsyncIterable<string>, reply: FastifyReply) =>
  reply.send(
    Readable.from(
      (async function* () {
        for await (const document of documents) yield `${document}\n`
      })(),
    ),
  )

/** Sends entries (JSON texts) as CSV, as they come. */
export function sendTable(
  columns: ReturnType<typeof tableColumns>,
  documents: AsyncIterable<string>,
  { log }: FastifyRequest,
  reply: FastifyReply,
) {
  const table = csvStream(columns)
  const source = Readable.from(
    (async function* () {
      for await (const document of documents) yield cells(columns, document)
    })(),
  )
  pipeline(source, table, (error) => {
    if (error) log.warn({ err: error }, 'export broken off')
  })
  return reply.send(table)
}

/** The address of the page that begins at the cursor. */
export function nextUrl(url: string, cursor: string): string {
  const [path = '', query = ''] = url.split('?')
  const parameters = new URLSearchParams(query)
  parameters.set('cursor', cursor)
  return `${path}?${parameters}`
}
