import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Members } from '../../database/columns.ts'
import type { Database } from '../../database/database.ts'
import {
  type Format,
  formatOf,
  formatParameter,
  negotiate,
  textContent,
  typeOf,
} from '../../http/formats.ts'
import { jsonPage } from '../../http/json-bytes.ts'
import { leaving } from '../../http/leaving.ts'
import { problemResponses, sendJson } from '../../http/problems.ts'
import { baseOf, primed, sendPieces } from '../../http/streaming.ts'
import { csvOf, type TableColumn, tableColumns } from '../../http/table.ts'
import type { EntryFormat } from '../model/entry-format.ts'
import { type Given, isReversed } from '../model/filters.ts'
import {
  countAll,
  type Listing,
  type ListRequest,
  listPage,
  listProblem,
  listStatement,
} from '../model/list-queries.ts'
import type { RouteContext } from './context.ts'

export const limitStandard = 50
const limitMax = 200
const batchSize = 500
const limitWrong = `a whole number from 1 to ${limitMax}`
export const formats = ['json', 'csv', 'ndjson'] as const

type ListRoute = {
  path: string
  tag: string
  summary: string
  description: string
  listing: Listing
  entry: z.ZodType
  /** Members of a whole record, where that has more than an entry. */
  wholeMembers?: Members
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
      `Entries of a page, 1 to ${limitMax}; standard ${limitStandard}. All formats but JSON give all when it is absent.`,
    ),
  cursor: z
    .string()
    .min(1)
    .max(4_000)
    .optional()
    .describe('Where to go on: `next` of the page before.'),
  count: z.stringbool().optional().describe('`true`: also say how many there are in `total`.'),
})

export const listFormat = formatParameter(
  'Instead of the `Accept` header. `csv` and `ndjson` are streamed, whole unless `limit` is given.',
)

/** The query parameters of a list. */
function listQuery(listing: Listing, offered: readonly Format[]) {
  const { sorts, defaultSort } = listing
  const names = Object.keys(sorts).flatMap((name) => [name, `-${name}`])
  const parameters = z.strictObject({
    ...pageParameters(listing, {
      sort: z
        .enum(names)
        .optional()
        .describe(`Sort by this, \`-\` before it for descending. Standard: \`${defaultSort}\`.`),
    }),
    format: formatOf(offered, 'All but `json` are streamed, whole unless `limit` is given.'),
    bom: z
      .stringbool()
      .optional()
      .describe('`true`: CSV begins with a byte order mark, by which Excel knows UTF-8.'),
  })
  return inOrder(parameters)
}

/** Refuses a period that ends before it begins. */
export const inOrder = <T extends z.ZodType<Given>>(parameters: T): T =>
  parameters.refine((given) => !isReversed(given), {
    path: ['to'],
    error: 'the period ends before it begins (`from`)',
  })

/** `GET` of a list: filters, sort, cursor, count, and its formats. */
export const listRoute =
  (own: ListRoute): FastifyPluginAsyncZod<RouteContext> =>
  async (app, { database, formats: special, publicUrl }) => {
    const { path, tag, summary, description, listing, entry } = own
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
    const extra = special[listing.noun as keyof typeof special] ?? {}
    const offered = [...formats, ...(Object.keys(extra) as Format[])] as const
    app.get(
      path,
      {
        config: { revisioned: true },
        schema: {
          summary,
          description,
          tags: [tag],
          querystring: listQuery(listing, offered),
          response: {
            200: {
              description: 'A page, or in another format than JSON the whole list.',
              content: { ...textContent(offered), 'application/json': { schema: List } },
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
        const {
          sort,
          limit,
          cursor,
          count,
          format: asked,
          bom,
          ...filters
        } = request.query as Asked
        const format = negotiate(request, offered, asked)
        const whole = format !== 'json' && limit === undefined
        const listRequest: ListRequest = {
          given: filtersGiven(filters),
          sort: sort ?? listing.defaultSort,
          limit: whole ? null : (limit ?? limitStandard),
          cursor,
        }
        reply.type(typeOf(format))
        if (count && format !== 'json')
          reply.header('X-Total-Count', await countAll(database.db, listing, listRequest.given))
        const writer = extra[format]
        const read = writer?.needs === 'whole' ? wholeOf(own) : listing
        const write = (batches: AsyncIterable<readonly string[]>) =>
          piecesOf(format, writer, columns, batches, { bom, base: baseOf(request, publicUrl) })
        if (whole) {
          const batches = await wholeBatches(database, read, listRequest, leaving(reply))
          return sendPieces(request, reply, format, write(batches)) as never
        }
        const page = await listPage(database.db, read, listRequest)
        if (page.next !== null)
          reply.header('Link', `<${nextUrl(request.url, page.next)}>; rel="next"`)
        if (format !== 'json')
          return sendPage(request, reply, format, write(one(page.documents))) as never
        const total = count ? await countAll(database.db, listing, listRequest.given) : null
        return sendJson(reply, jsonPage(page.documents, page.next, total))
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
  format?: Format
  bom?: boolean
  [filter: string]: unknown
}

const isCommon = (format: Format): format is (typeof formats)[number] =>
  formats.some((one) => one === format)

/** The same list of whole records. */
const wholeOf = ({ listing, wholeMembers }: ListRoute): Listing =>
  wholeMembers === undefined ? listing : { ...listing, members: wholeMembers, form: 'whole' }

async function* one(documents: readonly string[]) {
  yield documents
}

/**
 * The JSON texts of the list to its end, or as far as its `limit`, in batches. The first ones are awaited, so that what is
 * wrong with the request is thrown before there is an answer.
 */
async function wholeBatches(
  database: Database,
  listing: Listing,
  request: ListRequest,
  leaving?: AbortSignal,
): Promise<AsyncGenerator<string[]>> {
  let isEmpty = true
  async function* documents() {
    const query = listStatement(database.db, listing, request, request.limit)
    for await (const rows of database.batches(query, leaving)) {
      isEmpty = false
      yield rows.map(({ document }) => document)
    }
  }
  const batches = await primed(documents()).catch((error: unknown) => {
    throw listProblem(request, error)
  })
  if (isEmpty) await listPage(database.db, listing, { ...request, limit: 1 })
  return batches
}

/** As `wholeBatches`, one by one. */
export async function wholeList(database: Database, listing: Listing, request: ListRequest) {
  const batches = await wholeBatches(database, listing, request)
  return (async function* () {
    for await (const documents of batches) yield* documents
  })()
}

/** Sends entries (JSON texts) as NDJSON, as they come. */
export const sendLines = (documents: AsyncIterable<string>, reply: FastifyReply) =>
  sendPieces(reply.request, reply, 'ndjson', linesOf(inBatches(documents)))

/** Sends entries (JSON texts) as CSV, as they come. */
export const sendTable = (
  columns: readonly TableColumn[],
  documents: AsyncIterable<string>,
  request: FastifyRequest,
  reply: FastifyReply,
) => sendPieces(request, reply, 'csv', csvOf(columns, inBatches(documents))) as never

async function* inBatches(documents: AsyncIterable<string>) {
  let batch: string[] = []
  for await (const document of documents) {
    batch.push(document)
    if (batch.length < batchSize) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** JSON texts in a format, piece by piece. */
export function piecesOf(
  format: Format,
  writer: EntryFormat | undefined,
  columns: readonly TableColumn[],
  batches: AsyncIterable<readonly string[]>,
  { bom, base }: { bom?: boolean | undefined; base: string },
): AsyncIterable<string> {
  if (writer) return writer.write(batches, base)
  return format === 'csv' ? csvOf(columns, batches, { bom }) : linesOf(batches)
}

async function* linesOf(batches: AsyncIterable<readonly string[]>) {
  for await (const documents of batches) yield `${documents.join('\n')}\n`
}

/** A page is short: it is made before it is sent, so that a fault is a problem document. */
async function sendPage(
  request: FastifyRequest,
  reply: FastifyReply,
  format: Format,
  pieces: AsyncIterable<string>,
) {
  const made = await Array.fromAsync(pieces)
  return isCommon(format)
    ? reply.send(made.join(''))
    : sendPieces(request, reply, format, Readable.from(made))
}

/** The address of the page that begins at the cursor. */
export function nextUrl(url: string, cursor: string): string {
  const [path = '', query = ''] = url.split('?')
  const parameters = new URLSearchParams(query)
  parameters.set('cursor', cursor)
  return `${path}?${parameters}`
}
