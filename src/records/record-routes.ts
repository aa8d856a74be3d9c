import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import type { Fragment } from '../database/columns.ts'
import { negotiate } from '../http/formats.ts'
import { problemResponses, sendJson } from '../http/problems.ts'
import { AsOf, meantRevision, readAt } from './as-of.ts'
import type { RouteContext } from './context.ts'
import { listRoute } from './list-routes.ts'
import { type Listing, readSingle } from './reading.ts'
import { type Kind, RefParams } from './schema.ts'
import { writeRoutes } from './write-routes.ts'

type RecordRoutes = {
  kind: Kind
  /** Plural, as it stands in the path and in sentences. */
  plural: string
  description: string
  listing: Listing
  listed: z.ZodType
  single: { from: Fragment; members: Readonly<Record<string, Fragment>> }
  whole: z.ZodType
}

/** What every kind has: `GET /v1/<plural>` and `GET /v1/<plural>/:ref`. */
export const recordRoutes =
  (own: RecordRoutes): FastifyPluginAsyncZod<RouteContext> =>
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
      }),
      context,
    )
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
          querystring: AsOf,
          response: {
            200: {
              description: `The ${kind}.`,
              content: { 'application/json': { schema: own.whole } },
            },
            ...problemResponses('invalid-request', 'not-found', 'retracted', 'not-acceptable'),
          },
        },
      },
      async (request, reply) => {
        negotiate(request, ['json'])
        const { ref } = request.params
        const past = await meantRevision(context.database.db, request.query)
        if (past !== null)
          return sendJson(reply, JSON.stringify(await readAt(context.database.db, kind, ref, past)))
        return sendJson(
          reply,
          await readSingle(context.database.db, kind, single.from, single.members, ref),
        )
      },
    )
  }
