import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import {
  contentTypeOf,
  describeContent,
  type Format,
  formatParameterFor,
  listFormatSchemas,
  negotiateFormat,
} from '../../http/formats.ts'
import { linkToPage } from '../../http/page-links.ts'
import { problemResponses, sendJsonText } from '../../http/problems.ts'
import { getBaseUrl, sendStream } from '../../http/response-stream.ts'
import { buildCsvColumns, type TableColumn } from '../../http/tables/columns.ts'
import { kinds } from '../kinds/all-kinds.ts'
import type { EntryFormat } from '../model/entry-format.ts'
import { readRecordJson } from '../model/list-queries.ts'
import { mergeableKinds, type RecordKind } from '../model/record-kind.ts'
import { RefParams } from '../model/schema.ts'
import { replaceIdsBySlugs, snapshotToInput, wireToSnapshot } from '../model/snapshots.ts'
import { AsOf, readRecordAt, resolveRevision } from '../read/as-of.ts'
import type { RouteContext } from './context.ts'
import { formatBatches, listRoute } from './list-routes.ts'
import { mergeRoute, writeRoutes } from './write-routes.ts'

/** The routes of every kind: list, single record, writes, and merge if the kind allows it. */
export const recordRoutes: FastifyPluginAsyncZod<RouteContext> = async (app, context) => {
  for (const kind of Object.values(kinds)) await app.register(buildKindRoutes(kind), context)
  for (const kind of mergeableKinds)
    await app.register(mergeRoute(kind, kinds[kind].plural), context)
}

const buildKindRoutes =
  (recordKind: RecordKind): FastifyPluginAsyncZod<RouteContext> =>
  async (app, context) => {
    const { kind, plural, description, list: listing, singleQuery: single } = recordKind
    await app.register(writeRoutes(kind, plural), context)
    await app.register(inputRoute(recordKind), context)
    await app.register(
      listRoute({
        path: `/v1/${plural}`,
        tag: plural,
        summary: `List ${plural}`,
        description,
        list: listing,
        entrySchema: recordKind.listEntrySchema,
        recordMembers: single.members,
      }),
      context,
    )
    const columns = buildCsvColumns(recordKind.listEntrySchema)
    const exportFormats = context.formats[kind] ?? {}
    const offered = ['json', 'csv', 'ndjson', ...(Object.keys(exportFormats) as Format[])] as const
    app.get(
      `/v1/${plural}/:ref`,
      {
        config: { hasRevisionEtag: true },
        schema: {
          summary: `Read one ${kind}`,
          description:
            'The whole record with its citations, by slug or id; with `revision` or `asOf` as it was then.',
          tags: [plural],
          params: RefParams,
          querystring: AsOf.safeExtend({
            format: formatParameterFor(offered),
          }),
          response: {
            200: {
              description: `The ${kind}.`,
              content: describeContent(offered, {
                ...listFormatSchemas(exportFormats),
                json: recordKind.recordSchema,
              }),
            },
            ...problemResponses('invalid-request', 'not-found', 'retracted', 'not-acceptable'),
          },
        },
      },
      async (request, reply) => {
        const { db } = context.database
        const { ref } = request.params
        const { format: requestedFormat, ...asOfQuery } = request.query
        const pastRevision = await resolveRevision(db, asOfQuery)
        const document =
          pastRevision === null
            ? await readRecordJson(db, kind, single.from, single.members, ref)
            : JSON.stringify(await readRecordAt(db, kind, ref, pastRevision))
        // After the look-up: a missing record is a 404 in any format.
        const format: Format = negotiateFormat(request, offered, requestedFormat)
        const base = getBaseUrl(request, context.publicUrl)
        linkToPage(reply, `/${plural}/${ref}`)
        return sendSingleEntry(request, reply, document, {
          format,
          special: exportFormats,
          columns,
          base,
        }) as never
      },
    )
  }

/** The answer is short: it is built before it is sent, so that an error becomes a problem. */
export async function sendSingleEntry(
  request: FastifyRequest,
  reply: FastifyReply,
  document: string,
  output: {
    format: Format
    special: Readonly<Record<string, EntryFormat>>
    columns: readonly TableColumn[]
    base: string
  },
) {
  const { format, special, columns, base } = output
  if (format === 'json') return sendJsonText(reply, document)
  reply.type(contentTypeOf(format))
  const pieces = formatBatches(format, special[format], columns, Readable.from([[document]]), {
    base,
  })
  return sendStream(request, reply, format, Readable.from(await Array.fromAsync(pieces)))
}

/** `GET .../input`: a record in the form in which it is written, for programs and forms that correct it. */
const inputRoute =
  ({ kind, plural, ...recordKind }: RecordKind): FastifyPluginAsyncZod<RouteContext> =>
  async (app, { database }) => {
    const { singleQuery, recordSchema, writer } = recordKind
    const input = writer.correctionInput ?? writer.input
    app.get(
      `/v1/${plural}/:ref/input`,
      {
        config: { hasRevisionEtag: true },
        schema: {
          summary: `Read one ${kind} as it is written`,
          description:
            'The record in the form of the body of its `POST`, without citations. Change it, and send the changed members with `PATCH` and the `ETag` of this response.',
          tags: [plural],
          params: RefParams,
          querystring: z.strictObject({}),
          response: {
            200: {
              description: `What \`PATCH\` of the ${kind} can change.`,
              content: { 'application/json': { schema: z.looseObject({}) } },
            },
            ...problemResponses('invalid-request', 'not-found', 'retracted'),
          },
        },
      },
      async (request, reply) => {
        const { from, members } = singleQuery
        const { ref } = request.params
        const wire = JSON.parse(await readRecordJson(database.db, kind, from, members, ref))
        const current = snapshotToInput(input, wireToSnapshot(recordSchema, wire))
        return sendJsonText(reply, JSON.stringify(replaceIdsBySlugs(current, wire))) as never
      },
    )
  }
