import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { indexText } from '../../../evidence/text.ts'
import { problemResponses } from '../../../http/problems.ts'
import { Problem } from '../../../problem.ts'
import { resolveRecordId } from '../../../records/model/list-queries.ts'
import { RefParams } from '../../../records/model/schema.ts'
import type { RouteContext } from '../../../records/routes/context.ts'
import { findArticleBody } from '../queries.ts'
import { checkDraft } from './check-draft.ts'
import { countSubmittedDrafts, storeDraft } from './queries.ts'
import { type Refusal, Submission, SubmissionResult } from './schema.ts'

/** More would make the list of an article useless for a reviewer. */
const draftsPerArticleMax = 2_000

const submitSchema = {
  summary: 'Propose records for an article',
  description:
    'Takes drafts by any program, in the form that proposals have, with a key of the scope `propose`. The server finds every quote; a draft with a quote that does not stand in the article is refused, with the most similar passages, and the others are kept. Equal drafts become one, with all their proposers. Nothing becomes a record until a person accepts it.',
  tags: ['proposals'],
  security: [{ key: [] }],
  params: RefParams,
  body: Submission,
  response: {
    200: {
      description: 'What became of each draft.',
      content: { 'application/json': { schema: SubmissionResult } },
    },
    ...problemResponses(
      'invalid-request',
      'unauthorized',
      'forbidden',
      'not-found',
      'retracted',
      'body-too-large',
      'unsupported-media-type',
      'busy',
    ),
  },
}

export const submissionRoutes: FastifyPluginAsyncZod<RouteContext> = async (app, context) => {
  const { db, write } = context.database
  app.post(
    '/v1/articles/:ref/proposals',
    { config: { scope: 'propose' }, schema: submitSchema },
    async (request) => {
      const id = await resolveRecordId(db, 'article', request.params.ref)
      const found = await findArticleBody(db, id)
      if (found?.body == null)
        throw new Problem('not-found', 'The article has no text for which there are proposals.')
      const { proposer, drafts } = request.body
      const text = indexText(found.body)
      const article = { slug: found.article.slug, text, uncitable: found.uncitable }
      const checks = drafts.map((item, index) => checkDraft(item, article, `/body/drafts/${index}`))
      const by = { ...proposer, key: request.key?.name ?? null, at: new Date().toISOString() }
      return write(async (tx) => {
        const accepted: { index: number; id: string; isNew: boolean }[] = []
        const refused: Refusal[] = []
        let count = await countSubmittedDrafts(tx.db, id)
        for (const [index, check] of checks.entries()) {
          if ('refused' in check) refused.push({ index, ...check.refused })
          else if (count >= draftsPerArticleMax) refused.push(refuseExcess(index))
          else {
            const isNew = await storeDraft(tx.db, id, check.checked, by)
            if (isNew) count += 1
            accepted.push({ index, id: `${id}-${check.checked.hash}`, isNew })
          }
        }
        return { article: found.article, accepted, refused }
      })
    },
  )
}

const refuseExcess = (index: number): Refusal => ({
  index,
  reason: 'too-many',
  pointer: `/body/drafts/${index}`,
  detail: `the article already has ${draftsPerArticleMax} drafts of programs`,
  passages: [],
})
