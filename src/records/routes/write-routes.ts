import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { createIfMatchCheck } from '../../http/preconditions.ts'
import { problemResponses } from '../../http/problems.ts'
import { kinds } from '../kinds/all-kinds.ts'
import { findRecordRow } from '../model/list-queries.ts'
import type { MergeableKind } from '../model/record-kind.ts'
import { CitationInput, type Kind, RefInput, RefParams } from '../model/schema.ts'
import { addCitation } from '../write/cite.ts'
import { commit } from '../write/commit.ts'
import { correctRecord, mergeRecords, retractRecord } from '../write/correct.ts'
import { commitOnce, getAuthor } from '../write/idempotency.ts'
import { buildWriteResponse } from '../write/write-response.ts'
import type { RouteContext } from './context.ts'
import {
  addIndefiniteArticle,
  createProblemCodes,
  createRoute,
  idempotencyHeaders,
  quoteProblemCodes,
  sendWriteResponse,
} from './create-routes.ts'

export const changeProblemCodes = [
  'invalid-request',
  'unauthorized',
  'forbidden',
  'not-found',
  'retracted',
  'precondition-failed',
  'precondition-required',
  'body-too-large',
  'unsupported-media-type',
  'busy',
] as const
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

export const ifMatchHeaders = z.looseObject({
  'if-match': z.string().max(1_000).optional().describe('ETag of the record as it was read.'),
})

/** Write routes of every kind: `POST`, `PATCH`, `DELETE`, and `POST` of a citation. */
export const writeRoutes =
  (kind: Kind, plural: string): FastifyPluginAsyncZod<RouteContext> =>
  async (app, context) => {
    const { database, head } = context
    const { recordSchema: whole } = kinds[kind]
    const answer = {
      description: `The ${kind}.`,
      content: { 'application/json': { schema: whole } },
    }

    // `src/intake/` has the `POST` of articles.
    if (kind !== 'article') await app.register(createRoute(kind, plural), context)

    app.patch(
      `/v1/${plural}/:ref`,
      {
        config: { scope: 'write' },
        schema: {
          summary: `Correct ${addIndefiniteArticle(kind)}`,
          description:
            'JSON Merge Patch (RFC 7396) of the body of its `POST`; null removes. Citations have routes of their own. `If-Match` is required.',
          tags: [plural],
          security: [{ key: [] }],
          headers: ifMatchHeaders,
          params: RefParams,
          body: z.looseObject({}).describe('The members to change.'),
          response: {
            200: answer,
            ...problemResponses(
              ...changeProblemCodes,
              'unknown-reference',
              'slug-taken',
              'number-taken',
              'identifier-taken',
              'state-known',
              'impossible-transition',
            ),
          },
        },
      },
      async (request, reply) => {
        const checkPrecondition = createIfMatchCheck(request)
        const { ref } = request.params
        const { value, revision } = await commit(
          database,
          getAuthor(request),
          'update',
          (session) =>
            correctRecord(
              session,
              { kind, ref, patch: request.body, pointer: '/body' },
              checkPrecondition,
            ),
          (id, wires) => buildWriteResponse(wires, kind, id),
        )
        head.noteRevision(revision)
        return sendWriteResponse(request, reply, { status: 200, revision, ...value })
      },
    )

    app.delete(
      `/v1/${plural}/:ref`,
      {
        config: { scope: 'write' },
        schema: {
          operationId: `retract${kind.charAt(0).toUpperCase()}${kind.slice(1)}`,
          summary: `Retract ${addIndefiniteArticle(kind)}`,
          description:
            'Withdraws it with a reason: it answers 410 from then on, and its history stays. `If-Match` is required.',
          tags: [plural],
          security: [{ key: [] }],
          headers: ifMatchHeaders,
          params: RefParams,
          body: Reason,
          response: {
            200: {
              description: 'What is left.',
              content: { 'application/json': { schema: Retracted } },
            },
            ...problemResponses(...changeProblemCodes, 'still-referenced', 'impossible-transition'),
          },
        },
      },
      async (request, reply) => {
        const checkPrecondition = createIfMatchCheck(request)
        const { ref } = request.params
        const { reason } = request.body
        const { value, revision } = await commit(
          database,
          getAuthor(request),
          'retract',
          async (session) => {
            const id = await retractRecord(session, { kind, ref, reason }, checkPrecondition)
            const record = await findRecordRow(session.tx.db, kind, id)
            return { id, slug: record?.slug ?? '' }
          },
        )
        head.noteRevision(revision)
        reply.header('Cache-Control', 'no-store')
        return { ...value, kind, revision, state: 'retracted' as const, stateReason: reason }
      },
    )

    app.post(
      `/v1/${plural}/:ref/citations`,
      {
        config: { scope: 'write' },
        schema: {
          summary: `Add a citation to ${addIndefiniteArticle(kind)}`,
          description:
            'Another passage that supports it, or with `value` one that says otherwise. The answer is the whole record.',
          tags: [plural],
          security: [{ key: [] }],
          headers: idempotencyHeaders,
          params: RefParams,
          body: CitationInput,
          response: {
            201: answer,
            ...problemResponses(
              ...createProblemCodes,
              'not-found',
              'retracted',
              'idempotency-conflict',
              'body-too-large',
              'unsupported-media-type',
              'busy',
              ...quoteProblemCodes,
            ),
          },
        },
      },
      async (request, reply) => {
        const { ref } = request.params
        const input = request.body
        const stored = await commitOnce(
          context,
          request,
          'update',
          (session) => addCitation(session, { kind, ref, input, pointer: '/body' }),
          async (id, wires) => ({ status: 201, ...(await buildWriteResponse(wires, kind, id)) }),
        )
        return sendWriteResponse(request, reply, stored)
      },
    )
  }

/** `POST .../merge`, for kinds whose records can turn out to be duplicates. */
export const mergeRoute =
  (kind: MergeableKind, plural: string): FastifyPluginAsyncZod<RouteContext> =>
  async (app, { database, head }) => {
    app.post(
      `/v1/${plural}/:ref/merge`,
      {
        config: { scope: 'write' },
        schema: {
          summary: `Merge ${addIndefiniteArticle(kind)} into another`,
          description:
            'All references, citations and names move to the other record, and the id and slug of this one answer 308. The answer is the other record. `If-Match` is the ETag of this one.',
          tags: [plural],
          security: [{ key: [] }],
          headers: ifMatchHeaders,
          params: RefParams,
          body: z
            .strictObject({ into: RefInput.describe('The one that stays.') })
            .meta({ id: 'NewMerge' }),
          response: {
            200: {
              description: 'The one that stays.',
              content: { 'application/json': { schema: kinds[kind].recordSchema } },
            },
            ...problemResponses(
              ...changeProblemCodes,
              'unknown-reference',
              'number-taken',
              'identifier-taken',
              'state-known',
            ),
          },
        },
      },
      async (request, reply) => {
        const checkPrecondition = createIfMatchCheck(request)
        const target = { kind, ref: request.params.ref, into: request.body.into, pointer: '/body' }
        const { value, revision } = await commit(
          database,
          getAuthor(request),
          'merge',
          (session) => mergeRecords(session, target, checkPrecondition),
          (id, wires) => buildWriteResponse(wires, kind, id),
        )
        head.noteRevision(revision)
        return sendWriteResponse(request, reply, { status: 200, revision, ...value })
      },
    )
  }
