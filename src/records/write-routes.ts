import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { tagOf } from '../http/conditional.ts'
import { ifMatch } from '../http/preconditions.ts'
import { problemResponses } from '../http/problems.ts'
import { answerWith } from './answering.ts'
import { addCitation } from './citing.ts'
import { commit } from './commit.ts'
import type { RouteContext } from './context.ts'
import { correct, merge, retract } from './correcting.ts'
import { answerOnce, authorOf, type StoredAnswer } from './idempotency.ts'
import { kinds } from './kinds.ts'
import { find } from './reading.ts'
import { CitationInput, type Kind, RefInput, RefParams } from './schema.ts'
import { newRecord } from './writing.ts'

const created = ['invalid-request', 'unauthorized', 'forbidden', 'unknown-reference'] as const
export const changed = [
  ...['invalid-request', 'unauthorized', 'forbidden', 'not-found', 'retracted'],
  ...['precondition-failed', 'precondition-required', 'body-too-large', 'unsupported-media-type'],
  'busy',
] as const
const quoted = ['quote-not-found', 'quote-ambiguous', 'quote-in-boilerplate'] as const

export const Reason = z
  .strictObject({ reason: z.string().trim().min(1).max(2_000).describe('Why it is withdrawn.') })
  .meta({ id: 'NewRetraction' })

const Retracted = z
  .strictObject({
    id: z.string(),
    kind: z.string(),
    slug: z.string(),
    revision: z.int(),
    state: z.literal('retracted'),
    stateReason: z.string(),
  })
  .meta({ id: 'Retracted', description: 'What is left of a record that was withdrawn.' })

export const idempotency = z.looseObject({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, 'one to 200 visible ASCII characters')
    .optional()
    .describe('The same key with the same request gives the same answer for 24 hours.'),
})

export const matching = z.looseObject({
  'if-match': z.string().max(1_000).optional().describe('ETag of the record as it was read.'),
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

/** What every kind has: `POST`, `PATCH`, `DELETE`, and `POST` of another citation. */
export const writeRoutes =
  (kind: Kind, plural: string): FastifyPluginAsyncZod<RouteContext> =>
  async (app, context) => {
    const { database, head } = context
    const { writer, whole } = kinds[kind]
    const Body = (writer.post?.body ?? (writer.input as unknown as z.ZodObject)).extend({
      citations: z
        .array(CitationInput)
        .max(1_000)
        .default([])
        .describe(
          writer.uncited ? 'Passages that support it.' : 'At least one passage that supports it.',
        ),
    })
    const answer = {
      description: `The ${kind}.`,
      content: { 'application/json': { schema: whole } },
    }

    app.post(
      `/v1/${plural}`,
      {
        config: { scope: 'write' },
        schema: {
          summary: `Make ${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`,
          description:
            'In one transaction: the record, its citations (the server finds the offsets of each quote), the ledger.',
          tags: [plural],
          security: [{ key: [] }],
          headers: idempotency,
          body: Body,
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

    app.patch(
      `/v1/${plural}/:ref`,
      {
        config: { scope: 'write' },
        schema: {
          summary: `Correct ${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`,
          description:
            'JSON Merge Patch (RFC 7396) of what it was made from; null removes. Citations have routes of their own. `If-Match` is required.',
          tags: [plural],
          security: [{ key: [] }],
          headers: matching,
          params: RefParams,
          body: z.looseObject({}).describe('The members to change.'),
          response: {
            200: answer,
            ...problemResponses(
              ...changed,
              ...(['unknown-reference', 'slug-taken', 'number-taken'] as const),
              ...(['identifier-taken', 'impossible-transition'] as const),
            ),
          },
        },
      },
      async (request, reply) => {
        const mayChange = ifMatch(request)
        const { ref } = request.params
        const { value, revision } = await commit(
          database,
          authorOf(request),
          'update',
          (session) =>
            correct(session, { kind, ref, patch: request.body, pointer: '/body' }, mayChange),
          (id, wires) => answerWith(wires, kind, id),
        )
        head.announced(revision)
        return sendWritten(request, reply, { status: 200, revision, ...value })
      },
    )

    app.delete(
      `/v1/${plural}/:ref`,
      {
        config: { scope: 'write' },
        schema: {
          operationId: `retract${kind.charAt(0).toUpperCase()}${kind.slice(1)}`,
          summary: `Retract ${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`,
          description:
            'Withdraws it with a reason: it answers 410 from then on, and its history stays. `If-Match` is required.',
          tags: [plural],
          security: [{ key: [] }],
          headers: matching,
          params: RefParams,
          body: Reason,
          response: {
            200: {
              description: 'What is left.',
              content: { 'application/json': { schema: Retracted } },
            },
            ...problemResponses(...changed, 'still-referenced', 'impossible-transition'),
          },
        },
      },
      async (request, reply) => {
        const mayChange = ifMatch(request)
        const { ref } = request.params
        const { reason } = request.body
        const { value, revision } = await commit(
          database,
          authorOf(request),
          'retract',
          async (session) => {
            const id = await retract(session, { kind, ref, reason }, mayChange)
            const record = await find(session.tx.$kysely, kind, id)
            return { id, slug: record?.slug ?? '' }
          },
        )
        head.announced(revision)
        reply.header('Cache-Control', 'no-store')
        return { ...value, kind, revision, state: 'retracted' as const, stateReason: reason }
      },
    )

    app.post(
      `/v1/${plural}/:ref/citations`,
      {
        config: { scope: 'write' },
        schema: {
          summary: `Add a citation to ${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`,
          description:
            'Another passage that supports it, or with `value` one that says otherwise. The answer is the whole record.',
          tags: [plural],
          security: [{ key: [] }],
          headers: idempotency,
          params: RefParams,
          body: CitationInput,
          response: {
            201: answer,
            ...problemResponses(
              ...created,
              ...(['not-found', 'retracted', 'idempotency-conflict', 'body-too-large'] as const),
              ...(['unsupported-media-type', 'busy'] as const),
              ...quoted,
            ),
          },
        },
      },
      async (request, reply) => {
        const { ref } = request.params
        const input = request.body
        const stored = await answerOnce(
          context,
          request,
          'update',
          (session) => addCitation(session, { kind, ref, input, pointer: '/body' }),
          async (id, wires) => ({ status: 201, ...(await answerWith(wires, kind, id)) }),
        )
        return sendWritten(request, reply, stored)
      },
    )
  }

/** `POST .../merge`, for kinds that may turn out to be the same thing twice. */
export const mergeRoute =
  (kind: 'actor' | 'good', plural: string): FastifyPluginAsyncZod<RouteContext> =>
  async (app, { database, head }) => {
    app.post(
      `/v1/${plural}/:ref/merge`,
      {
        config: { scope: 'write' },
        schema: {
          summary: `Merge ${kind === 'actor' ? 'an actor' : 'a good'} into another`,
          description:
            'Everything that points at it moves, its names join the other, and its id and slug answer 308 ever after. The answer is the other. `If-Match` is that of the one that goes.',
          tags: [plural],
          security: [{ key: [] }],
          headers: matching,
          params: RefParams,
          body: z
            .strictObject({ into: RefInput.describe('The one that stays.') })
            .meta({ id: 'NewMerge' }),
          response: {
            200: {
              description: 'The one that stays.',
              content: { 'application/json': { schema: kinds[kind].whole } },
            },
            ...problemResponses(
              ...changed,
              'unknown-reference',
              'number-taken',
              'identifier-taken',
            ),
          },
        },
      },
      async (request, reply) => {
        const mayChange = ifMatch(request)
        const target = { kind, ref: request.params.ref, into: request.body.into, pointer: '/body' }
        const { value, revision } = await commit(
          database,
          authorOf(request),
          'merge',
          (session) => merge(session, target, mayChange),
          (id, wires) => answerWith(wires, kind, id),
        )
        head.announced(revision)
        return sendWritten(request, reply, { status: 200, revision, ...value })
      },
    )
  }
