import multipart from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { sha256 } from '../../evidence/sha256.ts'
import { negotiateFormat } from '../../http/formats.ts'
import { problemResponses } from '../../http/problems.ts'
import { kinds } from '../../records/kinds/all-kinds.ts'
import type { ArticleInput } from '../../records/kinds/articles/schema.ts'
import { resolveRecordId } from '../../records/model/list-queries.ts'
import { type CitationInput, RefParams } from '../../records/model/schema.ts'
import type { RouteContext } from '../../records/routes/context.ts'
import {
  buildCreateSchema,
  createProblemCodes,
  idempotencyHeaders,
  quoteProblemCodes,
  sendWriteResponse,
} from '../../records/routes/create-routes.ts'
import { commitOnce } from '../../records/write/idempotency.ts'
import { buildWriteResponse } from '../../records/write/write-response.ts'
import type { ReceivedDocument } from '../extraction/document.ts'
import { readDocument } from '../extraction/reader-pool.ts'
import { addArticle, buildArticleInput, findNearDuplicates, resolveCase } from './add-article.ts'
import { readForm } from './form-routes.ts'
import { DocumentForm, NearDuplicates } from './schema.ts'

/** What is to be stored, and what stands for the request when it is sent again. */
type IncomingArticle = { article: ArticleInput; citations: CitationInput[]; body: unknown }

declare module 'fastify' {
  interface FastifyRequest {
    /** The file of a form. */
    document: ReceivedDocument | null
  }
}

export const documentRoutes: FastifyPluginAsyncZod<RouteContext & { limitBytes: number }> = async (
  app,
  { limitBytes, ...context },
) => {
  const { db } = context.database
  await app.register(multipart)
  app.decorateRequest('document', null)
  const { recordSchema: whole, writer } = kinds.article
  const answer = (description: string) => ({
    description,
    content: { 'application/json': { schema: whole } },
  })

  app.post(
    '/v1/articles',
    {
      config: { scope: 'write' },
      preValidation: async (request) => {
        if (!request.isMultipart()) return
        const { fields, file } = await readForm(request, limitBytes)
        request.document = file
        request.body = { ...fields, ...(file && { file: file.name ?? '' }) }
      },
      schema: {
        summary: 'Bring in a document',
        description:
          'A text as JSON, which becomes the body as it stands; or a file as a form: plain text, HTML, PDF with a text layer, DOCX. Of a file the text is read and its parts are marked, and what is not said of it is taken from the document itself. The same bytes again in the same case are the same article: 200, and nothing is written. `Link: rel="duplicate"` names articles that have nearly the same text. Nothing is ever fetched.',
        tags: ['articles'],
        security: [{ key: [] }],
        headers: idempotencyHeaders,
        body: {
          content: {
            'application/json': { schema: buildCreateSchema('article') },
            'multipart/form-data': { schema: DocumentForm },
          },
        } as unknown as z.ZodType,
        response: {
          200: answer('The article that the case has of these bytes already.'),
          201: answer('The article.'),
          ...problemResponses(
            ...createProblemCodes,
            'slug-taken',
            'article-known',
            'idempotency-conflict',
            'body-too-large',
            'unsupported-media-type',
            'document-unreadable',
            'document-encrypted',
            'document-without-text',
            'document-over-limit',
            'busy',
            ...quoteProblemCodes,
          ),
        },
      },
    },
    async (request, reply) => {
      const { article, citations, body } = request.isMultipart()
        ? await fromForm(request)
        : fromJson(request.body)
      const { method, url, headers, key } = request
      const stored = await commitOnce(
        context,
        { method, url, headers, key, body },
        'create',
        (session) => addArticle(session, article, citations),
        async ({ id, isNew }, wires) => ({
          status: isNew ? 201 : 200,
          ...(await buildWriteResponse(wires, 'article', id)),
        }),
      )
      const { id } = JSON.parse(stored.body) as { id: string }
      const { data } = await findNearDuplicates(db, id)
      const links = data.map((copy) => `<${copy.article.href}>; rel="duplicate"`)
      if (links.length > 0) reply.header('Link', links.join(', '))
      return sendWriteResponse(request, reply, stored)
    },
  )

  async function fromForm(request: FastifyRequest): Promise<IncomingArticle> {
    const { file: _, publishedOn, ...fields } = request.body as DocumentForm
    const received = request.document
    if (received === null) throw new TypeError('The form was validated without its file.')
    await resolveCase(db, fields.case)
    const given = Object.fromEntries(
      Object.entries({
        ...fields,
        publishedOn: publishedOn && { edtf: publishedOn, asStated: null, reasoning: null },
      }).filter(([, value]) => value !== undefined),
    )
    const read = await readDocument(received)
    const article = buildArticleInput(received, read, { ...given, case: fields.case })
    return { article, citations: [], body: { ...given, sha256: sha256(received.bytes) } }
  }

  function fromJson(body: unknown): IncomingArticle {
    const { citations, ...given } = body as { citations: CitationInput[] }
    const article = writer.postRequest?.toInput(given) as unknown as ArticleInput
    return { article, citations, body }
  }

  app.get(
    '/v1/articles/:ref/near-duplicates',
    {
      config: { revisioned: true },
      schema: {
        summary: 'Find copies of an article',
        description:
          'Articles of any case of which at least half the words stand in this one, or the other way round, in runs of five words or more: the same text on another site, a shortened or a longer one. What nothing may cite does not count, nor what stands behind the first million characters.',
        tags: ['articles'],
        params: RefParams,
        querystring: z.strictObject({}),
        response: {
          200: {
            description: 'The copies, with the share of common text.',
            content: { 'application/json': { schema: NearDuplicates } },
          },
          ...problemResponses('invalid-request', 'not-found', 'not-acceptable'),
        },
      },
    },
    async (request) => {
      negotiateFormat(request, ['json'])
      return findNearDuplicates(db, await resolveRecordId(db, 'article', request.params.ref))
    },
  )
}
