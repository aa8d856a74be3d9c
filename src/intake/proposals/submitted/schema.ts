import { z } from 'zod'
import { CitationInput, Line, Reference } from '../../../records/model/schema.ts'
import { ProposalId, ProposalKind } from '../schema.ts'

/** Who proposes: a program, with the language model that it asked, if any. */
const ProposerInput = z
  .strictObject({
    name: Line.max(200).describe('Name of the program.'),
    version: Line.max(100).nullable().default(null),
    model: Line.max(200).nullable().default(null).describe('Language model that it asked.'),
  })
  .meta({ id: 'NewProposer' })

/** A citation as a program drafts it; the article is that of the request. */
export const DraftCitation = CitationInput.partial({ article: true })

/** A draft as a program sends it: the form of `draft` of a proposal. */
export const DraftInput = z.strictObject({
  kind: ProposalKind,
  draft: z
    .looseObject({ citations: z.array(DraftCitation).min(1).max(100) })
    .describe('The body of a `POST` of the kind. Without `slug` the server makes one.'),
  score: z.number().min(0).max(1).default(0.5).describe('How sure the program is, 0 to 1.'),
  reasons: z.array(Line).max(20).default([]),
})

/** A draft whose quotes all stand in the article. */
export type CheckedDraft = {
  kind: ProposalKind
  /** Of what is equal in drafts of the same record. */
  hash: string
  record: Record<string, unknown> & { citations: CitationInput[] }
  score: number
  reasons: string[]
}

export const draftsMax = 200

export const Submission = z
  .strictObject({
    proposer: ProposerInput,
    drafts: z
      .array(z.looseObject({}))
      .min(1)
      .max(draftsMax)
      .describe('Each is `{kind, draft, score?, reasons?}`. A wrong one does not harm the others.'),
  })
  .meta({ id: 'NewProposals', description: 'Drafts by a program.' })

const Passage = z.strictObject({
  start: z.int(),
  end: z.int(),
  quote: z.string(),
  prefix: z.string(),
  suffix: z.string(),
})

const RefusalReason = z.enum([
  'invalid',
  'quote-not-found',
  'quote-ambiguous',
  'quote-in-boilerplate',
  'too-many',
])

export const SubmissionResult = z
  .strictObject({
    article: Reference,
    accepted: z.array(
      z.strictObject({
        index: z.int().describe('Position in `drafts`, from 0.'),
        id: ProposalId,
        isNew: z.boolean().describe('False if an equal draft had been proposed before.'),
      }),
    ),
    refused: z.array(
      z.strictObject({
        index: z.int().describe('Position in `drafts`, from 0.'),
        reason: RefusalReason,
        pointer: z.string().describe('JSON pointer into the request.'),
        detail: z.string(),
        passages: z
          .array(Passage)
          .describe('The most similar passages, or those that have the quote.'),
      }),
    ),
  })
  .meta({ id: 'SubmissionResult', description: 'What became of each draft.' })
export type Refusal = z.infer<typeof SubmissionResult>['refused'][number]
