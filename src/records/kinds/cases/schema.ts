import { z } from 'zod'
import { baseFields, evidenceFields, Line, Paragraph, Reference, Slug } from '../../model/schema.ts'

export const CaseListed = z
  .strictObject({ ...baseFields('case'), title: z.string(), summary: z.string().nullable() })
  .meta({ id: 'CaseListed', description: 'A set of articles under one heading.' })

export const Case = CaseListed.extend({
  articles: z.array(Reference).describe('Oldest first.'),
  ...evidenceFields,
}).meta({ id: 'Case' })

/** A new case; its articles refer to it. */
export const CaseInput = z
  .strictObject({ slug: Slug, title: Line, summary: Paragraph.nullable().default(null) })
  .meta({ id: 'NewCase' })
export type CaseInput = z.infer<typeof CaseInput>
