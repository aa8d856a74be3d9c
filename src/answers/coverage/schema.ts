import { z } from 'zod'
import { Kind, Reference } from '../../records/model/schema.ts'

export const Coverage = z
  .strictObject({
    case: Reference,
    facts: z.int().describe('Number of fields that state a fact, over all records of the case.'),
    cited: z
      .int()
      .describe('Number of these with a citation on the field or on the part that holds it.'),
    citedAsWhole: z
      .int()
      .describe('Number of those that only a citation of the whole record (`*`) supports.'),
    share: z.number().describe('`cited / facts`, 0 to 1. It is 1 for a case without facts.'),
    records: z
      .array(
        z.strictObject({
          record: Reference,
          kind: Kind,
          facts: z.int(),
          cited: z.int(),
          citedAsWhole: z.int(),
          missing: z.array(z.string()).describe('Fields that state a fact without a citation.'),
        }),
      )
      .describe('Sorted by kind and slug.'),
  })
  .meta({ id: 'Coverage', description: 'How many of the facts of a case have a citation.' })
export type Coverage = z.infer<typeof Coverage>
