import multipart from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Db } from '../../database/database.ts'
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
import type { RecognitionSettings } from '../extraction/ocr/recognition.ts'
import { readDocument } from '../extraction/reader-pool.ts'
import {
  addArticle,
  buildArticleInput,
  completePublisher,
  findNearDuplicates,
  resolveCase,
} from './add-article.ts'
import { readForm } from './form-routes.ts'
import { readPagePicture } from './page-pictures.ts'
import { type ArticleAnswer, listIgnoredFields } from './rules.ts'
import { DocumentForm, NearDuplicates } from './schema.ts'

/** `body` identifies the request when it is repeated with the same idempotency key. */
type IncomingArticle = { article: ArticleInput; citations: CitationInput[]; body: unknown }

declare module 'fastify' {
  interface FastifyRequest {
    /** The file of a form. */
    document: ReceivedDocument | null
  }
}

const articleResponse = (description: string) => ({
  description,
  content: { 'application/json': { schema: kinds.article.recordSchema } },
})

const createArticleSchema = {
  summary: 'Add a document',
  description:
    'Send a text as JSON, which becomes the body unchanged, or a file as a form: plain text, HTML, PDF, DOCX, or a scan as PNG, JPEG or TIFF. The server extracts the text of a file, reads pages without text by text recognition, marks the parts, and takes missing fields from the document itself. If the case already has an article with the same bytes, the answer is 200 with that article, and nothing is written; `X-Ignored-Fields` then names the fields that you sent with other values than it has. `Link: rel="duplicate"` names articles that have nearly the same text. The server never fetches anything.',
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
    200: articleResponse('The article of the case that already has these bytes.'),
    201: articleResponse('The article.'),
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
}

const nearDuplicatesSchema = {
  summary: 'Find copies of an article',
  description:
    'Lists articles of any case that share at least half of the words of one of the two, in runs of five words or more: the same text on another site, a shortened or a longer version. Parts that cannot be cited do not count, nor does text after the first million characters.',
  tags: ['articles'],
  params: RefParams,
  querystring: z.strictObject({}),
  response: {
    200: {
      description: 'The copies, with their shares of common text.',
      content: { 'application/json': { schema: NearDuplicates } },
    },
    ...problemResponses('invalid-request', 'not-found', 'not-acceptable'),
  },
}

export const documentRoutes: FastifyPluginAsyncZod<
  RouteContext & { limitBytes: number; recognition: RecognitionSettings }
> = async (app, { limitBytes, recognition, ...context }) => {
  const { db } = context.database
  await app.register(multipart)
  app.decorateRequest('document', null)

  app.post(
    '/v1/articles',
    {
      config: { scope: 'write' },
      preValidation: (request) => parseMultipartBody(request, limitBytes),
      schema: createArticleSchema,
    },
    async (request, reply) => {
      const { article, citations, body } = request.isMultipart()
        ? await readArticleFromForm(db, request, recognition)
        : readArticleFromJson(request.body)
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
      const answer = JSON.parse(stored.body) as ArticleAnswer
      const { id } = answer
      const ignored = stored.status === 200 ? listIgnoredFields(body, answer) : []
      if (ignored.length > 0) reply.header('X-Ignored-Fields', ignored.join(', '))
      const { data } = await findNearDuplicates(db, id)
      const links = data.map((copy) => `<${copy.article.href}>; rel="duplicate"`)
      if (links.length > 0) reply.header('Link', links.join(', '))
      return sendWriteResponse(request, reply, stored)
    },
  )

  app.get(
    '/v1/articles/:ref/near-duplicates',
    { config: { hasRevisionEtag: true }, schema: nearDuplicatesSchema },
    async (request) => {
      const id = await resolveRecordId(db, 'article', request.params.ref)
      negotiateFormat(request, ['json'])
      return findNearDuplicates(db, id)
    },
  )
}

const pageSchema = {
  summary: 'Show a page of a document',
  description:
    'A picture of a page of a PDF or of a scan, made from the bytes as received, to compare the text with. A page that text recognition turned is turned here as well. PNG with 150 dots per inch; a PNG or JPEG file is sent as it was received.',
  tags: ['articles'],
  params: RefParams.extend({
    page: z.coerce.number().int().min(1).max(100_000).describe('The number of the page, from 1.'),
  }),
  querystring: z.strictObject({}),
  response: {
    200: {
      description: 'The picture.',
      content: {
        'image/png': { schema: z.string() },
        'image/jpeg': { schema: z.string() },
      },
    },
    ...problemResponses(
      'invalid-request',
      'not-found',
      'document-unreadable',
      'document-over-limit',
      'not-installed',
      'busy',
    ),
  },
}

export const pageRoutes: FastifyPluginAsyncZod<RouteContext> = async (app, context) => {
  app.get(
    '/v1/articles/:ref/pages/:page',
    { config: { hasRevisionEtag: true }, schema: pageSchema },
    async (request, reply) => {
      const { ref, page } = request.params
      const id = await resolveRecordId(context.database.db, 'article', ref)
      const picture = await readPagePicture(context.database, id, page)
      reply.type(picture.mediaType).header('X-Content-Type-Options', 'nosniff')
      return reply.send(picture.bytes as never)
    },
  )
}

/** Sets `document` and `body` of a request that sends a form, before the body is validated. */
async function parseMultipartBody(request: FastifyRequest, limitBytes: number): Promise<void> {
  if (!request.isMultipart()) return
  const { fields, file } = await readForm(request, limitBytes)
  request.document = file
  request.body = { ...fields, ...(file && { file: file.name ?? '' }) }
}

async function readArticleFromForm(
  db: Db,
  request: FastifyRequest,
  recognition: RecognitionSettings,
): Promise<IncomingArticle> {
  const { file: _, publishedOn, ...fields } = request.body as DocumentForm
  const received = request.document
  if (received === null) throw new TypeError('The form was validated without its file.')
  await resolveCase(db, fields.case)
  const senderDescription = Object.fromEntries(
    Object.entries({
      ...fields,
      publishedOn: publishedOn && { edtf: publishedOn, asStated: null, reasoning: null },
    }).filter(([, value]) => value !== undefined),
  )
  const extracted = await readDocument(received, {
    recognition,
    onProgress: (done, total) => request.log.info({ done, total }, 'text recognition'),
  })
  const article = await completePublisher(
    db,
    buildArticleInput(received, extracted, { ...senderDescription, case: fields.case }),
  )
  return { article, citations: [], body: { ...senderDescription, sha256: sha256(received.bytes) } }
}

function readArticleFromJson(body: unknown): IncomingArticle {
  const { citations, ...fields } = body as { citations: CitationInput[] }
  const article = kinds.article.writer.postRequest?.toInput(fields) as unknown as ArticleInput
  return { article, citations, body }
}
