import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Database, ExportRequester } from '../../database/database.ts'
import type { JsonMembers } from '../../database/sql-fragments.ts'
import { booleanParameter } from '../../http/boolean-parameter.ts'
import { streamCsv } from '../../http/csv.ts'
import { getExportRequester } from '../../http/export-requester.ts'
import {
  contentTypeOf,
  describeContent,
  type Format,
  formatParameter,
  formatParameterFor,
  listFormatSchemas,
  negotiateFormat,
} from '../../http/formats.ts'
import { sealCursor } from '../../http/history.ts'
import { encodeJsonPage } from '../../http/json-encoder.ts'
import { formatJsonLines } from '../../http/json-lines.ts'
import { problemResponses, sendJsonText } from '../../http/problems.ts'
import { awaitFirstItem, getBaseUrl, sendStream } from '../../http/response-stream.ts'
import { buildCsvColumns, type CsvColumn, type TableColumn } from '../../http/tables/columns.ts'
import { streamParquet } from '../../http/tables/parquet.ts'
import { streamXlsx } from '../../http/tables/xlsx.ts'
import type { EntryFormat } from '../model/entry-format.ts'
import { type FilterValues, isReversedPeriod } from '../model/filters.ts'
import {
  buildListStatement,
  countEntries,
  type ListDefinition,
  type ListRequest,
  readListPage,
  toListProblem,
} from '../model/list-queries.ts'
import type { RouteContext } from './context.ts'

export const defaultLimit = 50
const maxLimit = 200
const batchSize = 500
const limitMessage = `a whole number from 1 to ${maxLimit}`
export const commonFormats = ['json', 'csv', 'ndjson'] as const
/** What every list can be had as. */
export const listFormats = [...commonFormats, 'xlsx', 'parquet'] as const

type ListRouteOptions = {
  path: string
  tag: string
  summary: string
  description: string
  list: ListDefinition
  entrySchema: z.ZodType
  /** Members of a whole record, if it has more than an entry. */
  recordMembers?: JsonMembers
}

/** The query parameters of a list: its filters, its `own` ones, and those of pages. */
export const buildPageParameters = (
  { filters }: Pick<ListDefinition, 'filters'>,
  own: Record<string, z.ZodType> = {},
) => ({
  ...Object.fromEntries(Object.entries(filters).map(([name, filter]) => [name, filter.schema])),
  ...own,
  limit: z.coerce
    .number(limitMessage)
    .int(limitMessage)
    .min(1, limitMessage)
    .max(maxLimit, limitMessage)
    .optional()
    .describe(
      `Entries of a page, 1 to ${maxLimit}; standard ${defaultLimit}. All formats but JSON give all when it is absent.`,
    ),
  cursor: z
    .string()
    .min(1)
    .max(4_000)
    .optional()
    .describe('Where to go on: `next` of the page before.'),
  count: booleanParameter().optional().describe('`true`: also say how many there are in `total`.'),
})

export const listFormatParameter = formatParameter(
  'Instead of the `Accept` header. `csv` and `ndjson` are streamed, whole unless `limit` is given.',
)

/** The query parameters of a list. */
function buildListQuerySchema(listing: ListDefinition, offered: readonly Format[]) {
  const { sorts, defaultSort } = listing
  const names = Object.keys(sorts).flatMap((name) => [name, `-${name}`])
  const parameters = z.strictObject({
    ...buildPageParameters(listing, {
      sort: z
        .enum(names)
        .optional()
        .describe(`Sort by this, \`-\` before it for descending. Standard: \`${defaultSort}\`.`),
    }),
    format: formatParameterFor(
      offered,
      'All but `json` are streamed, whole unless `limit` is given.',
    ),
    bom: booleanParameter()
      .optional()
      .describe('`true`: CSV begins with a byte order mark, by which Excel knows UTF-8.'),
  })
  return rejectReversedPeriod(parameters)
}

/** @throws {Problem} invalid-request for a period that ends before it begins */
export const rejectReversedPeriod = <T extends z.ZodType<FilterValues>>(parameters: T): T =>
  parameters.refine((given) => !isReversedPeriod(given), {
    path: ['to'],
    error: 'the period ends before it begins (`from`)',
  })

/** `GET` of a list: filters, sort, cursor, count, and its formats. */
export const listRoute =
  (options: ListRouteOptions): FastifyPluginAsyncZod<RouteContext> =>
  async (app, { database, formats: exportFormats, publicUrl }) => {
    const { path, tag, summary, description, list: listing, entrySchema: entry } = options
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
    const columns = buildCsvColumns(entry)
    const listExportFormats = exportFormats[listing.noun as keyof typeof exportFormats] ?? {}
    const offered = [...listFormats, ...(Object.keys(listExportFormats) as Format[])] as const
    app.get(
      path,
      {
        config: { hasRevisionEtag: true },
        schema: {
          summary,
          description,
          tags: [tag],
          querystring: buildListQuerySchema(listing, offered),
          response: {
            200: {
              description: 'A page, or in another format than JSON the whole list.',
              content: describeContent(offered, {
                ...listFormatSchemas(listExportFormats),
                json: List,
              }),
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
          sort,
          limit,
          cursor,
          count,
          format: requestedFormat,
          bom,
          ...filters
        } = request.query as ListQuery
        const format = negotiateFormat(request, offered, requestedFormat)
        const isComplete = format !== 'json' && limit === undefined
        const listRequest: ListRequest = {
          filterValues: dropAbsentFilters(filters),
          sort: sort ?? listing.defaultSort,
          limit: isComplete ? null : (limit ?? defaultLimit),
          cursor,
        }
        reply.type(contentTypeOf(format))
        if (count && format !== 'json')
          reply.header(
            'X-Total-Count',
            await countEntries(database.db, listing, listRequest.filterValues),
          )
        const writer = listExportFormats[format]
        const listToRead = writer?.recordForm === 'whole' ? withCompleteRecords(options) : listing
        const write = (batches: AsyncIterable<readonly string[]>) =>
          formatBatches(format, writer, columns, batches, {
            bom,
            base: getBaseUrl(request, publicUrl),
            sheetName: `${listing.noun}s`,
          })
        if (isComplete) {
          const batches = await streamBatches(
            database,
            listToRead,
            listRequest,
            getExportRequester(request, reply),
          )
          return sendStream(request, reply, format, write(batches)) as never
        }
        const page = await readListPage(database.db, listToRead, listRequest)
        const next = sealCursor(request, page.next)
        if (next !== null) reply.header('Link', `<${buildNextUrl(request.url, next)}>; rel="next"`)
        if (format !== 'json')
          return sendPage(request, reply, format, write(toSingleBatch(page.entries))) as never
        const total = count
          ? await countEntries(database.db, listing, listRequest.filterValues)
          : null
        return sendJsonText(reply, encodeJsonPage(page.entries, next, total))
      },
    )
  }

export const dropAbsentFilters = (filters: FilterValues): FilterValues =>
  Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined))

type ListQuery = {
  sort?: string
  limit?: number
  cursor?: string
  count?: boolean
  format?: Format
  bom?: boolean
  [filter: string]: unknown
}

const isCommonFormat = (format: Format): format is (typeof commonFormats)[number] =>
  commonFormats.some((one) => one === format)

/** The same list of whole records. */
const withCompleteRecords = ({
  list: listing,
  recordMembers: wholeMembers,
}: ListRouteOptions): ListDefinition =>
  wholeMembers === undefined ? listing : { ...listing, members: wholeMembers, sqlVariant: 'whole' }

async function* toSingleBatch(documents: readonly string[]) {
  yield documents
}

/**
 * The JSON texts of the list to its end or to its `limit`, in batches. The first batch is read before the answer begins, so
 * that errors of the request become problems.
 */
async function streamBatches(
  database: Database,
  listing: ListDefinition,
  request: ListRequest,
  requester?: ExportRequester,
): Promise<AsyncGenerator<string[]>> {
  let isEmpty = true
  async function* documents() {
    const query = buildListStatement(database.db, listing, request, request.limit)
    for await (const rows of database.streamBatches(query, requester)) {
      isEmpty = false
      yield rows.map(({ document }) => document)
    }
  }
  const batches = await awaitFirstItem(documents()).catch((error: unknown) => {
    throw toListProblem(request, error)
  })
  if (isEmpty) await readListPage(database.db, listing, { ...request, limit: 1 })
  return batches
}

/** As `wholeBatches`, one by one. */
export async function streamList(
  database: Database,
  listing: ListDefinition,
  request: ListRequest,
  requester: ExportRequester,
) {
  const batches = await streamBatches(database, listing, request, requester)
  return (async function* () {
    for await (const documents of batches) yield* documents
  })()
}

/** Sends entries (JSON texts) as NDJSON, as they come. */
export const sendNdjson = (documents: AsyncIterable<string>, reply: FastifyReply) =>
  sendStream(reply.request, reply, 'ndjson', toNdjson(groupInBatches(documents)))

/** Sends entries (JSON texts) as a table of the format, as they come. */
export const sendTable = (
  format: Format,
  columns: readonly TableColumn[],
  documents: AsyncIterable<string>,
  reply: FastifyReply,
  output: OutputOptions,
) =>
  sendStream(
    reply.request,
    reply.type(contentTypeOf(format)),
    format,
    formatBatches(format, undefined, columns, groupInBatches(documents), output),
  ) as never

/** Sends entries (JSON texts) as CSV, as they come. */
export const sendCsv = (
  columns: readonly CsvColumn[],
  documents: AsyncIterable<string>,
  request: FastifyRequest,
  reply: FastifyReply,
) => sendStream(request, reply, 'csv', streamCsv(columns, groupInBatches(documents))) as never

async function* groupInBatches(documents: AsyncIterable<string>) {
  let batch: string[] = []
  for await (const document of documents) {
    batch.push(document)
    if (batch.length < batchSize) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

type OutputOptions = { bom?: boolean | undefined; base: string; sheetName?: string }

/** JSON texts in a format, as chunks. */
export function formatBatches(
  format: Format,
  writer: EntryFormat | undefined,
  columns: readonly TableColumn[],
  batches: AsyncIterable<readonly string[]>,
  { bom, base, sheetName = 'Records' }: OutputOptions,
): AsyncIterable<string | Uint8Array> {
  if (writer) return writer.write(batches, base)
  if (format === 'csv') return streamCsv(columns, batches, { bom })
  if (format === 'parquet') return streamParquet(columns, batches)
  if (format === 'xlsx')
    return streamXlsx([{ name: sheetName, columns, open: () => batches }], base)
  return toNdjson(batches)
}

async function* toNdjson(batches: AsyncIterable<readonly string[]>) {
  for await (const documents of batches) yield formatJsonLines(documents)
}

/** A page is short: it is built before it is sent, so that an error becomes a problem. */
async function sendPage(
  request: FastifyRequest,
  reply: FastifyReply,
  format: Format,
  pieces: AsyncIterable<string | Uint8Array>,
) {
  const chunks = await Array.fromAsync(pieces)
  return isCommonFormat(format)
    ? reply.send(chunks.join(''))
    : sendStream(request, reply, format, Readable.from(chunks))
}

/** The URL of the page at the cursor. */
export function buildNextUrl(url: string, cursor: string): string {
  const [path = '', query = ''] = url.split('?')
  const parameters = new URLSearchParams(query)
  parameters.set('cursor', cursor)
  return `${path}?${parameters}`
}
