import { z } from 'zod'
import { CitationInput, Reference, RefInput, StatedDateInput } from '../../records/model/schema.ts'

export const ProposalKind = z.enum([
  'actor',
  'affiliation',
  'good',
  'permit',
  'measure',
  'event',
] as const)
export type ProposalKind = z.infer<typeof ProposalKind>

export const ReviewDecision = z.enum(['accepted', 'rejected', 'merged'])
export const ProposalState = z.enum(['open', 'known', ...ReviewDecision.options])

/** Names an article and what is proposed from it; the same in every run. */
export const ProposalId = z
  .string()
  .regex(
    /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}-[\da-f]{16}$/,
    'the id of a proposal, as a list of them gives it',
  )
  .describe('The same whenever the article is read again.')

const passageFields = {
  start: z.int().describe('Code points of the body, from 0.'),
  end: z.int().describe('Code points of the body, exclusive.'),
  quote: z.string().describe('The words, exactly as they stand.'),
}
const Passage = z.strictObject(passageFields)

export const Proposal = z
  .strictObject({
    id: ProposalId,
    kind: ProposalKind,
    state: ProposalState.describe(
      '`open`: nobody decided. `known`: a record of it cites the passage already. Else what was decided.',
    ),
    record: Reference.nullable().describe(
      'The record that there is: the one that passages would be added to, or that was made.',
    ),
    draft: z
      .looseObject({ citations: z.array(CitationInput) })
      .describe('As the body of a `POST` of the kind; of a record that there is, its citations.'),
    passages: z.array(Passage).describe('What it was read from, in the order of the text.'),
    score: z.number().describe('How sure the rules are, 0 to 1.'),
    reasons: z.array(z.string()).describe('Why the rules say so.'),
    needs: z.array(ProposalId).describe('Proposals whose records the draft refers to.'),
  })
  .meta({ id: 'Proposal', description: 'A draft of a record, read from an article by rules.' })
export type Proposal = z.infer<typeof Proposal>

const NamedReference = z.strictObject({
  name: z.string(),
  record: z.string().nullable().describe('Slug of the record; null where there is none.'),
})

export const Proposals = z
  .strictObject({
    article: Reference,
    readTo: z
      .int()
      .describe('Code points of the body that were read; of a very long one not all are.'),
    data: z.array(Proposal).describe('In the order in which they can be made.'),
    mentions: z
      .array(
        z.strictObject({
          ...passageFields,
          ...NamedReference.shape,
          how: z.string().describe('`name`, `alias`, `capital`, `misspelt` ...'),
        }),
      )
      .describe('Where actors and goods are named that there are, or that are proposed.'),
    dates: z
      .array(
        z.strictObject({
          ...passageFields,
          date: StatedDateInput.nullable().describe('Null where the words leave it open.'),
        }),
      )
      .describe("Dates, counted from the article's own where their words do so."),
    quantities: z
      .array(
        z.strictObject({
          ...passageFields,
          value: z.number().describe('How many.'),
          unit: z.string().describe('What is counted, e.g. `system`.'),
          good: NamedReference.nullable(),
        }),
      )
      .describe('Numbers of goods.'),
    speech: z
      .array(
        z.strictObject({
          ...passageFields,
          actor: NamedReference.nullable().describe('Who says it; null where it is a document.'),
          document: z.string().nullable().describe('The document that says it.'),
        }),
      )
      .describe('Sentences that somebody, or a document, is said to say.'),
  })
  .meta({ id: 'Proposals', description: 'What the rules read from an article.' })
export type Proposals = z.infer<typeof Proposals>

export const Acceptance = z
  .strictObject({
    edits: z
      .looseObject({})
      .default({})
      .describe('JSON Merge Patch (RFC 7396) of the draft: what you know better.'),
    withNeeded: z
      .boolean()
      .default(false)
      .describe('`true`: also make the records of the open proposals in `needs`, in one write.'),
  })
  .meta({ id: 'NewAcceptance' })

export const Rejection = z
  .strictObject({
    reason: z.string().trim().min(1).max(2_000).nullable().default(null).describe('Why.'),
  })
  .meta({ id: 'NewRejection' })

export const MergeInto = z
  .strictObject({ into: RefInput.describe('The record of the same kind that gets the passages.') })
  .meta({ id: 'NewProposalMerge' })

export const Reviewed = z
  .strictObject({
    id: ProposalId,
    state: ReviewDecision,
    reason: z.string().nullable(),
    record: Reference.nullable().describe('The record that was made or that got the passages.'),
    alsoMade: z.array(Reference).describe('Records of proposals that it needed.'),
    revision: z.int().nullable().describe('Of the write; null where no record changed.'),
  })
  .meta({ id: 'Reviewed', description: 'What became of a proposal.' })
export type Reviewed = z.infer<typeof Reviewed>
