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

/** The id of the article and a hash of the proposal's identity; stable over runs. */
export const ProposalId = z
  .string()
  .regex(
    /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}-[\da-f]{16}$/,
    'must be the id of a proposal, as in the list of proposals of an article',
  )
  .describe('Stable: the same each time the article is read.')

const passageFields = {
  start: z.int().describe('Code points of the body, from 0.'),
  end: z.int().describe('Code points of the body, exclusive.'),
  quote: z.string().describe('The exact words of the text.'),
}
const Passage = z.strictObject(passageFields)

/** Who proposed a draft, and when. */
export const Proposer = z.strictObject({
  name: z.string().describe('`casefile` are the rules of this server.'),
  version: z.string().nullable(),
  model: z.string().nullable().describe('Language model that the program asked.'),
  key: z.string().nullable().describe('Name of the key with which it was sent.'),
  at: z.string().nullable().describe('When it was sent; null for the rules, which run each time.'),
})
export type Proposer = z.infer<typeof Proposer>

export const Proposal = z
  .strictObject({
    id: ProposalId,
    kind: ProposalKind,
    state: ProposalState.describe(
      '`open`: not decided. `known`: an existing record already cites the passage. Otherwise the decision.',
    ),
    record: Reference.nullable().describe(
      'The existing record that gets the passages, or the record that was made. Null if there is none.',
    ),
    draft: z
      .looseObject({ citations: z.array(CitationInput) })
      .describe(
        'The body of a `POST` of the kind; for an existing record, the new citations only.',
      ),
    passages: z.array(Passage).describe('The passages it was read from, in text order.'),
    score: z.number().describe('Confidence of the rules, 0 to 1. Not a probability.'),
    reasons: z.array(z.string()).describe('Reasons for the proposal and its score.'),
    needs: z.array(ProposalId).describe('Proposals whose records the draft refers to.'),
    proposedBy: z
      .array(Proposer)
      .describe(
        'The programs that proposed it. Their quotes were found in the text, their facts were not checked.',
      ),
  })
  .meta({ id: 'Proposal', description: 'A draft of a record, read from an article by rules.' })
export type Proposal = z.infer<typeof Proposal>

const NamedReference = z.strictObject({
  name: z.string(),
  record: z.string().nullable().describe('Slug of the record; null if there is none.'),
})

export const Proposals = z
  .strictObject({
    article: Reference,
    readTo: z
      .int()
      .describe(
        'Number of code points of the body that were read; a very long body is read in part.',
      ),
    language: z
      .string()
      .describe(
        'The language that the text was taken for: of the article, else found out. BCP 47.',
      ),
    notRead: z
      .array(z.string())
      .describe('What of the text was not read, and why. Empty where all of it was.'),
    data: z.array(Proposal).describe('In an order in which they can be accepted.'),
    mentions: z
      .array(
        z.strictObject({
          ...passageFields,
          ...NamedReference.shape,
          how: z.string().describe('`name`, `alias`, `capital`, `misspelt` ...'),
        }),
      )
      .describe('Mentions of actors and goods, existing and proposed ones.'),
    dates: z
      .array(
        z.strictObject({
          ...passageFields,
          date: StatedDateInput.nullable().describe('Null if the words do not determine it.'),
        }),
      )
      .describe("Dates. Relative dates are calculated from the article's date."),
    quantities: z
      .array(
        z.strictObject({
          ...passageFields,
          value: z.number().describe('The number.'),
          unit: z.string().describe('The counted noun in the singular, e.g. `system`.'),
          good: NamedReference.nullable(),
        }),
      )
      .describe('Numbers of goods.'),
    speech: z
      .array(
        z.strictObject({
          ...passageFields,
          actor: NamedReference.nullable().describe('The speaker; null for a document.'),
          document: z.string().nullable().describe('The document that says it; null for an actor.'),
        }),
      )
      .describe('Sentences that the text attributes to an actor or a document.'),
  })
  .meta({ id: 'Proposals', description: 'What the rules read from an article.' })
export type Proposals = z.infer<typeof Proposals>

export const Acceptance = z
  .strictObject({
    edits: z.looseObject({}).default({}).describe('JSON Merge Patch (RFC 7396) of the draft.'),
    withNeeded: z
      .boolean()
      .default(true)
      .describe(
        'Also create the records of the open proposals in `needs`, in the same write: an event comes with its permit, actors and goods. `false`: refuse the proposal if one of these is missing.',
      ),
  })
  .meta({ id: 'NewAcceptance' })

export const Rejection = z
  .strictObject({
    reason: z
      .string()
      .trim()
      .min(1)
      .max(2_000)
      .nullable()
      .default(null)
      .describe('The reason for the rejection.'),
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
    record: Reference.nullable().describe('The record that was created or got the passages.'),
    alsoMade: z.array(Reference).describe('Records created from proposals in `needs`.'),
    revision: z.int().nullable().describe('Revision of the write; null if no record changed.'),
  })
  .meta({ id: 'Reviewed', description: 'The decision on a proposal.' })
export type Reviewed = z.infer<typeof Reviewed>
