import { z } from 'zod'
import { Kind, RecordCitation, RecordId, Reference } from '../../model/schema.ts'

/** A citation with the record that it supports. */
export const Citation = RecordCitation.extend({
  record: Reference.describe('What the passage is cited for.'),
  recordKind: Kind,
  href: z.string(),
}).meta({ id: 'Citation', description: 'A passage and the record that it supports.' })

/** The result of comparing a citation with the stored body. */
export const Verification = z
  .strictObject({
    citation: RecordId,
    holds: z.boolean(),
    reason: z.string().nullable().describe('Why it does not hold; null when it does.'),
    start: z.int(),
    end: z.int(),
    quote: z.string().describe('What the citation says stands there.'),
    found: z.string().describe('What stands there.'),
    article: Reference,
    bodySha256: z.string().describe('SHA-256 of `bodyStretch`, computed for this answer.'),
    bodyStretch: z
      .strictObject({ start: z.int(), end: z.int() })
      .describe(
        'What was read again, in code points: the whole body, or of a long one the parts around the quote.',
      ),
    bodyIntact: z
      .boolean()
      .describe('Whether that stretch still has the hash with which it was stored.'),
  })
  .meta({ id: 'Verification', description: 'A citation held against the stored body once more.' })
export type Verification = z.infer<typeof Verification>
