import { z } from 'zod'
import {
  baseFields,
  evidenceFields,
  Line,
  Paragraph,
  Reference,
  RefInput,
  Slug,
} from '../../model/schema.ts'

export const GoodListed = z
  .strictObject({
    ...baseFields('good'),
    designation: z.string(),
    description: z.string().nullable(),
    manufacturer: Reference.nullable(),
    family: Reference.nullable().describe('The good that this one belongs to.'),
    controlEntries: z
      .array(
        z.strictObject({
          list: z.string().describe('E.g. `EU ML`.'),
          code: z.string().describe('E.g. `ML15d`.'),
        }),
      )
      .describe('Control list entries that cover the good.'),
  })
  .meta({ id: 'GoodListed', description: 'A controlled good, or a family of them.' })

export const Good = GoodListed.extend({
  members: z.array(Reference).describe('Goods of this family.'),
  ...evidenceFields,
}).meta({ id: 'Good' })

export const GoodInput = z
  .strictObject({
    slug: Slug,
    designation: Line,
    description: Paragraph.nullable().default(null),
    manufacturer: RefInput.nullable().default(null),
    family: RefInput.nullable().default(null),
    controlEntries: z
      .array(z.strictObject({ list: Line, code: Line }))
      .max(100)
      .default([]),
  })
  .meta({ id: 'NewGood' })
export type GoodInput = z.infer<typeof GoodInput>
