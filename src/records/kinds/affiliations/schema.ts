import { z } from 'zod'
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

export const AffiliationListed = z
  .strictObject({
    ...baseFields('affiliation'),
    actor: Reference,
    organisation: Reference,
    role: z.string().describe('The post, as the source names it.'),
    during: StatedDate.nullable().describe('A time at which the source has the actor in the post.'),
  })
  .meta({ id: 'AffiliationListed', description: 'Who held which post where, when.' })

export const Affiliation = AffiliationListed.extend(evidenceFields).meta({ id: 'Affiliation' })

export const AffiliationInput = z
  .strictObject({
    slug: Slug,
    actor: RefInput,
    organisation: RefInput,
    role: Line,
    during: StatedDateInput.nullable().default(null),
  })
  .meta({ id: 'NewAffiliation' })
export type AffiliationInput = z.infer<typeof AffiliationInput>
