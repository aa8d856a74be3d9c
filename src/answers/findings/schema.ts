import { z } from 'zod'
import { Kind, RecordCitation, Reference, StatedDate } from '../../records/model/schema.ts'

export const RuleName = z.enum([
  'permit-under-measure',
  'diversion',
  'use-abroad',
  'assurance-contradicted',
  'same-theatre',
  'reversal',
  're-export',
  'delivery-without-permit',
  'over-delivery',
  'refused-elsewhere',
  'offshore-supply',
  'figures-disagree',
])
export type RuleName = z.infer<typeof RuleName>

export const Certainty = z.enum(['certain', 'possible'])
export type Certainty = z.infer<typeof Certainty>

export const SideRole = z.enum([
  'permit',
  'issue',
  'measure',
  'imposition',
  'end',
  'assurance',
  'use',
  'stop',
  'other-permit',
  'delivery',
  'refused-permit',
  'refusal',
  'ownership',
  'figure',
  'counted-permit',
  'concerns-both',
])
export type SideRole = z.infer<typeof SideRole>

export const Finding = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z-]+(\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}){2}$/)
      .describe(
        'The rule and the ids of the two records that it compares. It stays the same as long as these do.',
      ),
    rule: RuleName.describe('`/v1/findings/rules` has its definition and its limits.'),
    certainty: Certainty.describe(
      '`certain`: it follows from the records under every reading of their dates and goods. `possible`: another reading is possible.',
    ),
    sentence: z.string().describe('The finding in one sentence.'),
    reason: z.string().describe('Why it is certain, or why it is only possible.'),
    neededForCertainty: z
      .array(z.string())
      .describe('What would make a possible finding certain. Empty for a certain one.'),
    exceptionRelied: z
      .string()
      .nullable()
      .describe(
        'For `permit-under-measure`: the exception that the permit relies on. Null if none is stated, and for other rules.',
      ),
    records: z
      .array(
        z.strictObject({
          role: SideRole.describe('The role of the record in the finding.'),
          kind: Kind,
          record: Reference,
          on: StatedDate.nullable().describe('The date of an event. Null for other kinds.'),
          citations: z
            .array(RecordCitation)
            .describe(
              'The citations of the fields on which the finding rests. If there are none: all citations of the record.',
            ),
        }),
      )
      .describe('All records of the finding, each with its passages.'),
  })
  .meta({
    id: 'Finding',
    description: 'A conclusion from several records. Computed for each request, never stored.',
  })
export type Finding = z.infer<typeof Finding>

export const FindingRule = z
  .strictObject({
    rule: RuleName,
    title: z.string(),
    definition: z.string().describe('What makes a finding.'),
    certain: z.string().describe('When a finding is certain.'),
    possible: z.string().describe('When a finding is only possible.'),
    records: z.array(z.string()).describe('The records and facts that a finding needs.'),
    limits: z
      .array(z.string())
      .describe('What a finding does not say. Read this before you publish.'),
  })
  .meta({ id: 'FindingRule', description: 'A rule that computes findings.' })
export type FindingRule = z.infer<typeof FindingRule>
