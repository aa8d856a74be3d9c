import { createHash } from 'node:crypto'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { negotiate } from '../../http/formats.ts'
import { problemResponses, sendJson } from '../../http/problems.ts'
import { listRoute, type RouteContext } from '../list-routes.ts'
import { RecordId } from '../schema.ts'
import { citationListing, getCitation, getStoredCitation } from './queries.ts'
import { verify } from './rules.ts'
import { Citation, Verification } from './schema.ts'

const IdParams = z.strictObject({ id: RecordId })

export const citationRoutes: FastifyPluginAsyncZod<RouteContext> = async (app, context) => {
  const { db } = context.database
  await app.register(
    listRoute({
      path: '/v1/citations',
      tag: 'citations',
      summary: 'List citations',
      description:
        'The passages behind the facts: by record, article, field, or by who is quoted (`voice`).',
      listing: citationListing,
      entry: Citation,
    }),
    context,
  )

  app.get(
    '/v1/citations/:id',
    {
      config: { revisioned: true },
      schema: {
        summary: 'Read one citation',
        description: 'A passage and the record that it supports.',
        tags: ['citations'],
        params: IdParams,
        querystring: z.strictObject({}),
        response: {
          200: {
            description: 'The citation.',
            content: { 'application/json': { schema: Citation } },
          },
          ...problemResponses('invalid-request', 'not-found', 'not-acceptable'),
        },
      },
    },
    async (request, reply) => {
      negotiate(request, ['json'])
      return sendJson(reply, await getCitation(db, request.params.id))
    },
  )

  app.get(
    '/v1/citations/:id/verify',
    {
      config: { revisioned: true },
      schema: {
        summary: 'Hold a citation against the stored text once more',
        description:
          'Looks the quote up at its offsets in the stored body, and hashes the body again. A quote is never guessed anew: it holds or it does not.',
        tags: ['citations'],
        params: IdParams,
        querystring: z.strictObject({}),
        response: {
          200: {
            description: 'The result.',
            content: { 'application/json': { schema: Verification } },
          },
          ...problemResponses('invalid-request', 'not-found', 'not-acceptable'),
        },
      },
    },
    async (request) => {
      negotiate(request, ['json'])
      const stored = await getStoredCitation(db, request.params.id)
      const sha256 = createHash('sha256').update(stored.body).digest('hex')
      return verify(request.params.id, stored, sha256)
    },
  )
}
