import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { booleanParameter } from '../../http/boolean-parameter.ts'
import { getExportRequester } from '../../http/export-requester.ts'
import { formatParameterFor, mediaTypes, negotiateFormat } from '../../http/formats.ts'
import { createIfMatchCheck } from '../../http/preconditions.ts'
import { problemResponses } from '../../http/problems.ts'
import { kinds } from '../kinds/all-kinds.ts'
import { readMarkedBodyJson } from '../kinds/articles/queries.ts'
import { MarkedBody, SpanCorrection } from '../kinds/articles/schema.ts'
import { readArticleBody, readArticleSource } from '../model/article-texts.ts'
import { resolveRecordId } from '../model/list-queries.ts'
import { RefParams } from '../model/schema.ts'
import { commit } from '../write/commit.ts'
import { correctSpans } from '../write/correct-spans.ts'
import { getAuthor } from '../write/idempotency.ts'
import { buildWriteResponse } from '../write/write-response.ts'
import type { RouteContext } from './context.ts'
import { sendWriteResponse } from './create-routes.ts'
import { changeProblemCodes, ifMatchHeaders } from './write-routes.ts'

/** Media types of which the text can be extracted, and any other type that a client declared. */
const sourceMediaTypes = [
  'text/html',
  'text/plain',
  'application/pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  '*/*',
]

/** Additional routes of articles: text and source bytes. */
export const articleRoutes: FastifyPluginAsyncZod<RouteContext> = async (app, context) => {
  const { db } = context.database
  app.get(
    '/v1/articles/:ref/body',
    {
      config: { hasRevisionEtag: true },
      schema: {
        summary: 'Read the text of an article',
        description:
          'As plain text: the bytes whose SHA-256 is `bodySha256`, and whose code points citations count. With `citations=true`, or as JSON: the text and its marked spans.',
        tags: ['articles'],
        params: RefParams,
        querystring: z.strictObject({
          citations: booleanParameter()
            .optional()
            .describe('`true`: with the marked spans, as JSON.'),
          format: formatParameterFor(['text', 'json']),
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
      const id = await resolveRecordId(db, 'article', request.params.ref)
      const format = citations
        ? negotiateFormat(request, ['json'], asked)
        : negotiateFormat(request, ['text', 'json'], asked)
      reply.type(`${mediaTypes[format]}; charset=utf-8`)
      if (format === 'json') return reply.send(await readMarkedBodyJson(db, request.params.ref))
      return sendBytes(
        reply,
        await readArticleBody(context.database, id, getExportRequester(request, reply)),
      )
    },
  )

  app.get(
    '/v1/articles/:ref/source',
    {
      config: { hasRevisionEtag: true },
      schema: {
        summary: 'Read the bytes of an article as they were received',
        description: 'Before any cleaning; their SHA-256 is `sourceSha256`.',
        tags: ['articles'],
        params: RefParams,
        querystring: z.strictObject({}),
        response: {
          200: {
            description: 'The bytes, with the media type they came with.',
            content: Object.fromEntries(
              sourceMediaTypes.map((type) => [type, { schema: z.string() }]),
            ),
          },
          ...problemResponses('invalid-request', 'not-found'),
        },
      },
    },
    async (request, reply) => {
      const id = await resolveRecordId(db, 'article', request.params.ref)
      const { mediaType, sha256, bytes } = await readArticleSource(
        context.database,
        id,
        getExportRequester(request, reply),
      )
      const digest = Buffer.isBuffer(bytes)
        ? createHash('sha256').update(bytes).digest('base64')
        : Buffer.from(sha256, 'hex').toString('base64')
      reply.type(mediaType).header('Content-Disposition', 'attachment')
      reply.header('Repr-Digest', `sha-256=:${digest}:`)
      return sendBytes(reply, bytes)
    },
  )
}

/** A reviewer corrects which parts of a body are what: a wrong mark hides evidence, or lets a teaser be cited. */
export const articleSpanRoutes: FastifyPluginAsyncZod<RouteContext> = async (app, context) => {
  const { database, head } = context
  app.patch(
    '/v1/articles/:ref/spans',
    {
      config: { scope: 'write' },
      schema: {
        summary: 'Correct the marked parts of an article',
        description:
          'Replaces the list `spans` of the article. The text itself never changes. Refused with the citations if one of them quotes words that nothing may cite afterwards. `If-Match` is required.',
        tags: ['articles'],
        security: [{ key: [] }],
        headers: ifMatchHeaders,
        params: RefParams,
        body: SpanCorrection,
        response: {
          200: {
            description: 'The article.',
            content: { 'application/json': { schema: kinds.article.recordSchema } },
          },
          ...problemResponses(...changeProblemCodes, 'span-cited'),
        },
      },
    },
    async (request, reply) => {
      const checkPrecondition = createIfMatchCheck(request)
      const { ref } = request.params
      const { spans } = request.body
      const { value, revision } = await commit(
        database,
        getAuthor(request),
        'update',
        (session) => correctSpans(session, { ref, spans }, checkPrecondition),
        (id, wires) => buildWriteResponse(wires, 'article', id),
      )
      head.noteRevision(revision)
      return sendWriteResponse(request, reply, { status: 200, revision, ...value })
    },
  )
}

/**
 * Streams a long text. The first part is read before the answer begins, so that an error until then is a problem; a later
 * error closes the connection.
 */
async function sendBytes(
  reply: FastifyReply,
  content: string | Buffer | AsyncGenerator<string | Buffer>,
) {
  if (typeof content === 'string' || Buffer.isBuffer(content)) return reply.send(content)
  const first = await content.next()
  const pieces = async function* (rest: AsyncGenerator<string | Buffer>) {
    try {
      if (!first.done) yield first.value
      yield* rest
    } finally {
      await rest.return(undefined)
    }
  }
  return reply.send(Readable.from(pieces(content), { objectMode: false }))
}
