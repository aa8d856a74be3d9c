import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { negotiateFormat } from '../../http/formats.ts'
import { problemResponses } from '../../http/problems.ts'
import { Problem } from '../../problem.ts'
import { resolveRecordId } from '../../records/model/list-queries.ts'
import { RefParams } from '../../records/model/schema.ts'
import type { RouteContext } from '../../records/routes/context.ts'
import {
  createProblemCodes,
  idempotencyHeaders,
  quoteProblemCodes,
  sendWriteResponse,
} from '../../records/routes/create-routes.ts'
import type { WriteSession } from '../../records/write/commit.ts'
import { commitOnce, getAuthor } from '../../records/write/idempotency.ts'
import {
  acceptProposal,
  buildReview,
  mergeProposal,
  type ProposalDecision,
  parseProposalId,
  rejectProposal,
  requireUndecidedId,
} from './review.ts'
import {
  Acceptance,
  MergeInto,
  ProposalId,
  ProposalKind,
  ProposalState,
  Proposals,
  Rejection,
  Reviewed,
} from './schema.ts'

/** Loaded, with the dictionaries' reader, when somebody asks for proposals. */
const buildProposals: typeof import('./propose.ts').buildProposals = async (...given) =>
  (await import('./propose.ts')).buildProposals(...given)

const ProposalParams = z.strictObject({ id: ProposalId })

const decisionResponses = {
  200: { description: 'What became of it.', content: { 'application/json': { schema: Reviewed } } },
  ...problemResponses(
    ...createProblemCodes,
    'not-found',
    'proposal-decided',
    'idempotency-conflict',
    'body-too-large',
    'unsupported-media-type',
    'slug-taken',
    'number-taken',
    'identifier-taken',
    ...quoteProblemCodes,
    'citation-missing',
    'impossible-transition',
    'busy',
  ),
}

export const proposalRoutes: FastifyPluginAsyncZod<RouteContext> = async (app, context) => {
  const { db } = context.database

  app.get(
    '/v1/articles/:ref/proposals',
    {
      schema: {
        summary: 'Read what an article may say',
        description:
          'Drafts of records, read from the article by rules and dictionaries that are files: nothing is stored, and nothing is a fact before somebody accepts it. Each has the passages that it was read from, a score and the reason for it. Also: mentions, dates with their words, numbers of goods, and who is said to say what.',
        tags: ['proposals'],
        params: RefParams,
        querystring: z.strictObject({
          state: z
            .enum([...ProposalState.options, 'all'])
            .default('open')
            .describe('Only those in this state; standard: `open`, what nobody decided on.'),
          kind: ProposalKind.optional().describe('Only drafts of this kind.'),
        }),
        response: {
          200: {
            description: 'The proposals.',
            content: { 'application/json': { schema: Proposals } },
          },
          ...problemResponses('invalid-request', 'not-found', 'not-acceptable', 'busy'),
        },
      },
    },
    async (request, reply) => {
      negotiateFormat(request, ['json'])
      const { state, kind } = request.query
      const id = await resolveRecordId(db, 'article', request.params.ref)
      const { proposals, answer } = await buildProposals(db, id)
      const data = proposals
        .filter((one) => (state === 'all' || one.state === state) && (!kind || one.kind === kind))
        .map(({ hashes, ...proposal }) => proposal)
      reply.header('Cache-Control', 'no-cache')
      const { article, readTo, ...found } = answer
      return { article, readTo, data, ...found }
    },
  )

  app.post(
    '/v1/proposals/:id/accept',
    {
      config: { scope: 'write' },
      schema: {
        summary: 'Accept a proposal',
        description:
          'Makes the record as the `POST` of its kind would, with your `edits`: in one transaction, every quote looked up, the ledger written. Of a record that there is, adds the passages to it.',
        tags: ['proposals'],
        security: [{ key: [] }],
        headers: idempotencyHeaders,
        params: ProposalParams,
        body: Acceptance,
        response: decisionResponses,
      },
    },
    async (request, reply) => {
      const stored = await decide(request, (session, given) =>
        acceptProposal(session, given, request.body),
      )
      return sendWriteResponse(request, reply, stored)
    },
  )

  app.post(
    '/v1/proposals/:id/reject',
    {
      config: { scope: 'write' },
      schema: {
        summary: 'Reject a proposal',
        description:
          'It is not asked again when the article is read again. It can still be accepted later.',
        tags: ['proposals'],
        security: [{ key: [] }],
        headers: idempotencyHeaders,
        params: ProposalParams,
        body: Rejection,
        response: decisionResponses,
      },
    },
    async (request, reply) => {
      const { reason } = request.body
      const stored = await decide(request, (session, given) =>
        rejectProposal(session, given, reason),
      )
      return sendWriteResponse(request, reply, stored)
    },
  )

  app.post(
    '/v1/proposals/:id/merge',
    {
      config: { scope: 'write' },
      schema: {
        summary: 'Add a proposal to a record that there is',
        description:
          'Its passages become citations of the record; what the record says stays as it is.',
        tags: ['proposals'],
        security: [{ key: [] }],
        headers: idempotencyHeaders,
        params: ProposalParams,
        body: MergeInto,
        response: decisionResponses,
      },
    },
    async (request, reply) => {
      const { into } = request.body
      const stored = await decide(request, (session, given) => mergeProposal(session, given, into))
      return sendWriteResponse(request, reply, stored)
    },
  )

  /** Finds the proposal before the write takes its turn, then decides on it as one write. */
  async function decide(
    request: FastifyRequest,
    work: (session: WriteSession, given: ProposalDecision) => ReturnType<typeof acceptProposal>,
  ) {
    const { id } = request.params as z.infer<typeof ProposalParams>
    const { articleId } = parseProposalId(id)
    const { proposals } = await buildProposals(db, articleId)
    const proposal = proposals.find(({ hashes }) =>
      hashes.some((hash) => id === `${articleId}-${hash}`),
    )
    const author = getAuthor(request)
    return commitOnce(
      context,
      request,
      'accept',
      async (session) => {
        if (proposal)
          return work(session, { articleId, proposal, articleProposals: proposals, author })
        await requireUndecidedId(session.tx.db, id)
        throw new Problem('not-found', `The article proposes nothing with the id ${id}.`)
      },
      async (done, _wires, session) => ({
        status: 200,
        location: null,
        body: JSON.stringify(await buildReview(session, id, done)),
      }),
    )
  }
}
