import { z } from 'zod'
import { QuantityInput, QuantityRange } from '../../model/amounts.ts'
import {
  baseFields,
  evidenceFields,
  Line,
  Reference,
  RefInput,
  Slug,
  StatedDate,
  StatedDateInput,
} from '../../model/schema.ts'

/** What an actor is to an organisation; docs/api.md explains them. */
export const AffiliationType = z.enum(['post', 'membership', 'ownership', 'part-of', 'successor'])

export const AffiliationListed = z
  .strictObject({
    ...baseFields('affiliation'),
    type: AffiliationType,
    actor: Reference.describe(
      'Who holds the post or the share, or is the member, part or successor.',
    ),
    organisation: Reference.describe('Where the post is; what is owned, joined or succeeded.'),
    role: z.string().describe('The post or the tie, as the source names it.'),
    share: z
      .number()
      .nullable()
      .describe(
        'Percentage that the actor owns; null when no exact number is said (see `shareRange`).',
      ),
    shareRange: QuantityRange.nullable().describe(
      'The percentage as the source states it, also where it is not exact.',
    ),
    during: StatedDate.nullable().describe(
      'A time at which the source has it so; for a successor, when it succeeded.',
    ),
  })
  .meta({
    id: 'AffiliationListed',
    description: 'Who held which post where, who belongs to whom, and when.',
  })

export const Affiliation = AffiliationListed.extend(evidenceFields).meta({ id: 'Affiliation' })

export const AffiliationInput = z
  .strictObject({
    slug: Slug,
    type: AffiliationType.default('post'),
    actor: RefInput,
    organisation: RefInput,
    role: Line,
    share: QuantityInput.nullable()
      .default(null)
      .describe('Percentage, for `ownership` alone: a number, or words such as `a majority`.'),
    during: StatedDateInput.nullable().default(null),
  })
  .meta({ id: 'NewAffiliation' })
export type AffiliationInput = z.infer<typeof AffiliationInput>
