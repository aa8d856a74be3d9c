import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { type Format, formatOf, negotiate, textContent, typeOf } from '../../http/formats.ts'
import { problemResponses, sendJson } from '../../http/problems.ts'
import { baseOf, sendPieces } from '../../http/streaming.ts'
import { type TableColumn, tableColumns } from '../../http/table.ts'
import { kinds } from '../kinds/all-kinds.ts'
import type { EntryFormat } from '../model/entry-format.ts'
import { readSingle } from '../model/list-queries.ts'
import { mergeableKinds, type RecordKind } from '../model/record-kind.ts'
import { RefParams } from '../model/schema.ts'
import { AsOf, meantRevision, readAt } from '../read/as-of.ts'
import type { RouteContext } from './context.ts'
import { listRoute, piecesOf } from './list-routes.ts'
import { mergeRoute, writeRoutes } from './write-routes.ts'

/** The routes of every kind: list, single record, writes, merging where the kind allows it. */
export const recordRoutes: FastifyPluginAsyncZod<RouteContext> = async (app, context) => {
  for (const kind of Object.values(kinds)) await app.register(routesOfKind(kind), context)
  for (const kind of mergeableKinds)
    await app.register(mergeRoute(kind, kinds[kind].plural), context)
}

const routesOfKind =
  (own: RecordKind): FastifyPluginAsyncZod<RouteContext> =>
  async (app, context) => {
    const { kind, plural, description, listing, single } = own
    await app.register(writeRoutes(kind, plural), context)
    await app.register(
      listRoute({
        path: `/v1/${plural}`,
        tag: plural,
        summary: `List ${plural}`,
        description,
        listing,
        entry: own.listed,
        wholeMembers: single.members,
      }),
      context,
    )
    const columns = tableColumns(own.listed)
    const special = context.formats[kind] ?? {}
    const offered = [
      ...(['json', 'csv', 'ndjson'] as const),
      ...(Object.keys(special) as Format[]),
    ] as const
    app.get(
      `/v1/${plural}/:ref`,
      {
        config: { revisioned: true },
        schema: {
          summary: `Read one ${kind}`,
          description:
            'The whole record with its citations, by slug or id; with `revision` or `asOf` as it was then.',
          tags: [plural],
          params: RefParams,
          querystring: AsOf.safeExtend({
            format: formatOf(offered),
          }),
          response: {
            200: {
              description: `The ${kind}.`,
              content: { ...textContent(offered), 'application/json': { schema: own.whole } },
            },
            ...problemResponses('invalid-request', 'not-found', 'retracted', 'not-acceptable'),
          },
        },
      },
      async (request, reply) => {
        const { db } = context.database
        const { ref } = request.params
        const { format: asked, ...moment } = request.query
        const format: Format = negotiate(request, offered, asked)
        const past = await meantRevision(db, moment)
        const document =
          past === null
            ? await readSingle(db, kind, single.from, single.members, ref)
            : JSON.stringify(await readAt(db, kind, ref, past))
        const base = baseOf(request, context.publicUrl)
        return sendSingle(request, reply, document, { format, special, columns, base }) as never
      },
    )
  }

/** It is short: made before it is sent, so that a fault is a problem document. */
export async function sendSingle(
  request: FastifyRequest,
  reply: FastifyReply,
  document: string,
  given: {
    format: Format
    special: Readonly<Record<string, EntryFormat>>
    columns: readonly TableColumn[]
    base: string
  },
) {
  const { format, special, columns, base } = given
  if (format === 'json') return sendJson(reply, document)
  reply.type(typeOf(format))
  const pieces = piecesOf(format, special[format], columns, Readable.from([[document]]), { base })
  return sendPieces(request, reply, format, Readable.from(await Array.fromAsync(pieces)))
}
