import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
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
  type Proposal,
  ProposalId,
  ProposalKind,
  ProposalState,
  Proposals,
  Rejection,
  Reviewed,
} from './schema.ts'

/** Imported on first use, because it loads the dictionaries. */
const buildProposals: typeof import('./submitted/all-proposals.ts').buildAllProposals = async (
  ...parameters
) => (await import('./submitted/all-proposals.ts')).buildAllProposals(...parameters)

const ProposalParams = z.strictObject({ id: ProposalId })

const listSchema = {
  summary: 'Propose records from an article',
  description:
    'Drafts of records, which the server reads from the article by rules and dictionaries. Nothing is stored, and a draft becomes a record only when somebody accepts it. Each draft has its passages, a score and reasons. The answer also lists mentions, dates, quantities of goods, and reported speech.',
  tags: ['proposals'],
  params: RefParams,
  querystring: z.strictObject({
    state: z
      .enum([...ProposalState.options, 'all'])
      .default('open')
      .describe('Only proposals in this state. Default: `open`, those not decided.'),
    kind: ProposalKind.optional().describe('Only drafts of this kind.'),
  }),
  response: {
    200: {
      description: 'The proposals.',
      content: { 'application/json': { schema: Proposals } },
    },
    ...problemResponses('invalid-request', 'not-found', 'not-acceptable', 'busy'),
  },
}

/** What the schemas of the three decisions share. */
const decisionSchema = {
  tags: ['proposals'],
  security: [{ key: [] }],
  headers: idempotencyHeaders,
  params: ProposalParams,
  response: {
    200: {
      description: 'The decision and its record.',
      content: { 'application/json': { schema: Reviewed } },
    },
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
      'state-known',
      ...quoteProblemCodes,
      'citation-missing',
      'impossible-transition',
      'busy',
    ),
  },
}

const acceptSchema = {
  ...decisionSchema,
  summary: 'Accept a proposal',
  description:
    'Creates the record as the `POST` of its kind would, with your `edits`, and the records that it needs: in one transaction, with every quote checked, and in the ledger. If the record exists, adds the passages to it. The body may be left out.',
  body: z.preprocess((body) => body ?? {}, Acceptance),
}

const rejectSchema = {
  ...decisionSchema,
  summary: 'Reject a proposal',
  description:
    'The proposal is no longer `open` when the article is read again. It can still be accepted later.',
  body: z.preprocess((body) => body ?? {}, Rejection),
}

const mergeSchema = {
  ...decisionSchema,
  summary: 'Add a proposal to an existing record',
  description:
    'The passages of the proposal become citations of the record. The fields of the record do not change.',
  body: MergeInto,
}

export const proposalRoutes: FastifyPluginAsyncZod<RouteContext> = async (app, context) => {
  const { db } = context.database
  const config = { scope: 'write' } as const

  app.get('/v1/articles/:ref/proposals', { schema: listSchema }, async (request, reply) => {
    const { state, kind } = request.query
    const id = await resolveRecordId(db, 'article', request.params.ref)
    negotiateFormat(request, ['json'])
    const { proposals, article, readTo, language, notRead, findings } = await buildProposals(db, id)
    const data = proposals
      .filter((proposal) => state === 'all' || proposal.state === state)
      .filter((proposal) => kind === undefined || proposal.kind === kind)
      .map(({ hashes, ...proposal }) => proposal)
    const json = await encodeProposals({ article, readTo, language, notRead }, data, findings)
    reply.header('Cache-Control', 'no-cache').type('application/json; charset=utf-8')
    return reply.send(json as never)
  })

  app.post('/v1/proposals/:id/accept', { config, schema: acceptSchema }, async (request, reply) => {
    const stored = await decide(context, request, (session, decision) =>
      acceptProposal(session, decision, request.body),
    )
    return sendWriteResponse(request, reply, stored)
  })

  app.post('/v1/proposals/:id/reject', { config, schema: rejectSchema }, async (request, reply) => {
    const stored = await decide(context, request, (session, decision) =>
      rejectProposal(session, decision, request.body.reason),
    )
    return sendWriteResponse(request, reply, stored)
  })

  app.post('/v1/proposals/:id/merge', { config, schema: mergeSchema }, async (request, reply) => {
    const stored = await decide(context, request, (session, decision) =>
      mergeProposal(session, decision, request.body.into),
    )
    return sendWriteResponse(request, reply, stored)
  })
}

/** Proposals that are encoded before other requests get their turn. */
const turnLength = 100

/** The answer, built in steps, because that of a long article has some megabytes. */
async function encodeProposals(
  head: Pick<z.infer<typeof Proposals>, 'article' | 'readTo' | 'language' | 'notRead'>,
  data: readonly Proposal[],
  findings: Awaited<ReturnType<typeof buildProposals>>['findings'],
): Promise<Buffer> {
  const chunks = [Buffer.from(`${JSON.stringify(head).slice(0, -1)},"data":[`)]
  for (let from = 0; from < data.length; from += turnLength) {
    const texts = data.slice(from, from + turnLength).map((one) => JSON.stringify(one))
    chunks.push(Buffer.from(`${from === 0 ? '' : ','}${texts.join(',')}`))
    await yieldToEventLoop()
  }
  chunks.push(Buffer.from(']'))
  for (const [name, json] of Object.entries(findings)) {
    chunks.push(Buffer.from(`,"${name}":${json}`))
    await yieldToEventLoop()
  }
  return Buffer.concat([...chunks, Buffer.from('}')])
}

/** Looks up the proposal before the write transaction begins, because detection is slow; then writes the decision. */
async function decide(
  context: RouteContext,
  request: FastifyRequest,
  applyDecision: (
    session: WriteSession,
    decision: ProposalDecision,
  ) => ReturnType<typeof acceptProposal>,
) {
  const { id } = request.params as z.infer<typeof ProposalParams>
  const { articleId } = parseProposalId(id)
  const { proposals } = await buildProposals(context.database.db, articleId)
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
        return applyDecision(session, { articleId, proposal, articleProposals: proposals, author })
      await requireUndecidedId(session.tx.db, id)
      throw new Problem('not-found', `The article has no proposal with the id ${id}.`)
    },
    async (result, _wires, session) => ({
      status: 200,
      location: null,
      body: JSON.stringify(await buildReview(session, id, result)),
    }),
  )
}
