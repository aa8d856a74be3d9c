import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { tagOf } from '../../http/conditional.ts'
import { problemResponses } from '../../http/problems.ts'
import { kinds } from '../kinds/all-kinds.ts'
import { CitationInput, type Kind } from '../model/schema.ts'
import { newRecord } from '../write/create.ts'
import { answerOnce, type StoredAnswer } from '../write/idempotency.ts'
import { answerWith } from '../write/write-response.ts'
import type { RouteContext } from './context.ts'

export const created = [
  'invalid-request',
  'unauthorized',
  'forbidden',
  'unknown-reference',
] as const
export const quoted = ['quote-not-found', 'quote-ambiguous', 'quote-in-boilerplate'] as const

export const idempotency = z.looseObject({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, 'one to 200 visible ASCII characters')
    .optional()
    .describe('The same key with the same request gives the same answer for 24 hours.'),
})

/** Sends an answer to a write with the tag that a GET of the record would have. */
export function sendWritten(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, body, location, revision }: StoredAnswer,
): never {
  if (status === 201 && location !== null) reply.header('Location', location)
  if (location !== null) {
    reply.header('ETag', tagOf(request, location, revision))
    reply.header('Content-Location', location)
  }
  reply.header('Cache-Control', 'no-store')
  return reply.code(status).type('application/json; charset=utf-8').send(body) as never
}

/** What a `POST` of a kind takes: the record and its citations. */
export function creationOf(kind: Kind): z.ZodObject {
  const { writer } = kinds[kind]
  return (writer.post?.body ?? (writer.input as unknown as z.ZodObject)).extend({
    citations: z
      .array(CitationInput)
      .max(1_000)
      .default([])
      .describe(
        writer.uncited ? 'Passages that support it.' : 'At least one passage that supports it.',
      ),
  })
}

/** E.g. `an actor`. */
export const withArticle = (kind: Kind): string => `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`

/** `POST` of a kind: a new record with its citations. */
export const createRoute =
  (kind: Kind, plural: string): FastifyPluginAsyncZod<RouteContext> =>
  async (app, context) => {
    const { writer, whole } = kinds[kind]
    const answer = {
      description: `The ${kind}.`,
      content: { 'application/json': { schema: whole } },
    }
    app.post(
      `/v1/${plural}`,
      {
        config: { scope: 'write' },
        schema: {
          summary: `Make ${withArticle(kind)}`,
          description:
            'In one transaction: the record, its citations (the server finds the offsets of each quote), the ledger.',
          tags: [plural],
          security: [{ key: [] }],
          headers: idempotency,
          body: creationOf(kind),
          response: {
            201: answer,
            ...problemResponses(
              ...created,
              ...(['slug-taken', 'number-taken', 'identifier-taken', 'article-known'] as const),
              ...(['idempotency-conflict', 'body-too-large', 'unsupported-media-type'] as const),
              ...quoted,
              ...(['citation-missing', 'impossible-transition', 'busy'] as const),
            ),
          },
        },
      },
      async (request, reply) => {
        const { citations, ...given } = request.body as {
          citations: z.infer<typeof CitationInput>[]
        }
        const input = writer.post
          ? writer.post.toInput(given)
          : (given as unknown as { slug: string })
        const stored = await answerOnce(
          context,
          request,
          'create',
          ({ create }) => create([newRecord(writer, input, citations, '/body')]),
          async ([id = ''], wires) => ({ status: 201, ...(await answerWith(wires, kind, id)) }),
        )
        return sendWritten(request, reply, stored)
      },
    )
  }
