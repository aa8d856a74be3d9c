import { createHash } from 'node:crypto'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { mediaTypes, negotiate } from '../../http/formats.ts'
import { problemResponses } from '../../http/problems.ts'
import type { RouteContext } from '../context.ts'
import { recordRoutes } from '../record-routes.ts'
import { RefParams } from '../schema.ts'
import { articleListing, getBody, getMarkedBody, getSource, singleArticle } from './queries.ts'
import { Article, ArticleListed, MarkedBody } from './schema.ts'

const commonRoutes = recordRoutes({
  kind: 'article',
  plural: 'articles',
  description:
    'Source documents: what every fact is cited from. The body never changes once it is stored.',
  listing: articleListing,
  listed: ArticleListed,
  single: singleArticle,
  whole: Article,
})

export const articleRoutes: FastifyPluginAsyncZod<RouteContext> = async (app, context) => {
  const { db } = context.database
  await app.register(commonRoutes, context)

  app.get(
    '/v1/articles/:ref/body',
    {
      config: { revisioned: true },
      schema: {
        summary: 'Read the text of an article',
        description:
          'As plain text: exactly the bytes whose SHA-256 is `bodySha256`, in which citations count code points. With `citations=true`, or as JSON: the text and every span marked in it.',
        tags: ['articles'],
        params: RefParams,
        querystring: z.strictObject({
          citations: z.stringbool().optional().describe('`true`: with the marked spans, as JSON.'),
          format: z.enum(['text', 'json']).optional().describe('Instead of the `Accept` header.'),
        }),
        response: {
          200: {
            description: 'The text, or the text with its spans.',
            content: {
              'text/plain': { schema: z.string() },
              'application/json': { schema: MarkedBody },
            },
          },
          ...problemResponses('invalid-request', 'not-found', 'not-acceptable'),
        },
      },
    },
    async (request, reply) => {
      const { citations, format: asked } = request.query
      const format = citations
        ? negotiate(request, ['json'], asked)
        : negotiate(request, ['text', 'json'], asked)
      reply.type(`${mediaTypes[format]}; charset=utf-8`)
      const read = format === 'json' ? getMarkedBody : getBody
      return reply.send(await read(db, request.params.ref))
    },
  )

  app.get(
    '/v1/articles/:ref/source',
    {
      config: { revisioned: true },
      schema: {
        summary: 'Read the bytes of an article as they were received',
        description: 'Before any cleaning; their SHA-256 is `sourceSha256`.',
        tags: ['articles'],
        params: RefParams,
        querystring: z.strictObject({}),
        response: {
          200: {
            description: 'The bytes, with the media type they came with.',
            content: { 'application/octet-stream': { schema: z.string() } },
          },
          ...problemResponses('invalid-request', 'not-found'),
        },
      },
    },
    async (request, reply) => {
      const { mediaType, bytes } = await getSource(db, request.params.ref)
      const digest = createHash('sha256').update(bytes).digest('base64')
      reply.type(mediaType).header('Content-Disposition', 'attachment')
      reply.header('Repr-Digest', `sha-256=:${digest}:`)
      return reply.send(bytes as unknown as string)
    },
  )
}
