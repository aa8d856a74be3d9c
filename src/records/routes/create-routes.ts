import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { problemResponses } from '../../http/problems.ts'
import { kinds } from '../kinds/all-kinds.ts'
import { CitationInput, type Kind, Slug } from '../model/schema.ts'
import { buildNewRecord } from '../write/create.ts'
import type { StoredWriteResponse } from '../write/idempotency.ts'
import type { RouteContext } from './context.ts'

export const createProblemCodes = [
  'invalid-request',
  'unauthorized',
  'forbidden',
  'unknown-reference',
] as const
export const quoteProblemCodes = [
  'quote-not-found',
  'quote-ambiguous',
  'quote-in-boilerplate',
] as const

export const idempotencyHeaders = z.looseObject({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, 'one to 200 visible ASCII characters')
    .optional()
    .describe('The same key with the same request gives the same answer for 24 hours.'),
})

/** Sends the answer to a write with the ETag of a GET of the record. */
export function sendWriteResponse(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, body, location, revision }: StoredWriteResponse,
): never {
  if (status === 201 && location !== null) reply.header('Location', location)
  if (location !== null) {
    request.writtenRecord = { url: location, revision }
    reply.header('Content-Location', location)
  }
  reply.header('Cache-Control', 'no-store')
  return reply.code(status).type('application/json; charset=utf-8').send(body) as never
}

/** The body of `POST` of a kind: the record and its citations. */
export function buildCreateSchema(kind: Kind): z.ZodObject {
  const { writer } = kinds[kind]
  return (writer.postRequest?.body ?? (writer.input as unknown as z.ZodObject)).extend({
    slug: Slug.optional().describe(
      'Unique in its kind; usable wherever an id is. Without it, the server makes one from the name.',
    ),
    citations: z
      .array(CitationInput)
      .max(1_000)
      .default([])
      .describe(
        writer.isCitationOptional
          ? 'Passages that support it.'
          : 'At least one passage that supports it.',
      ),
  })
}

/** E.g. `an actor`. */
export const addIndefiniteArticle = (kind: Kind): string =>
  `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`

/** `POST` of a kind: a new record with its citations. */
export const createRoute =
  (kind: Kind, plural: string): FastifyPluginAsyncZod<RouteContext> =>
  async (app, context) => {
    const { writer, recordSchema: whole } = kinds[kind]
    const answer = {
      description: `The ${kind}.`,
      content: { 'application/json': { schema: whole } },
    }
    app.post(
      `/v1/${plural}`,
      {
        config: { scope: 'write' },
        schema: {
          summary: `Make ${addIndefiniteArticle(kind)}`,
          description:
            'In one transaction: the record, its citations (the server finds the offsets of each quote), the ledger.',
          tags: [plural],
          security: [{ key: [] }],
          headers: idempotencyHeaders,
          body: buildCreateSchema(kind),
          response: {
            201: answer,
            ...problemResponses(
              ...createProblemCodes,
              'slug-taken',
              'number-taken',
              'identifier-taken',
              'state-known',
              'article-known',
              'idempotency-conflict',
              'body-too-large',
              'unsupported-media-type',
              ...quoteProblemCodes,
              'citation-missing',
              'impossible-transition',
              'busy',
            ),
          },
        },
      },
      async (request, reply) => {
        const { citations, ...given } = request.body as {
          citations: z.infer<typeof CitationInput>[]
        }
        const input = writer.postRequest
          ? writer.postRequest.toInput(given)
          : (given as unknown as { slug: string })
        const record = buildNewRecord(writer, input, citations, '/body')
        const stored = await context.creates.create(request, record)
        return sendWriteResponse(request, reply, stored)
      },
    )
  }
