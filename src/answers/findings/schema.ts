import { z } from 'zod'
import { Kind, RecordCitation, Reference, StatedDate } from '../../records/model/schema.ts'

export const RuleName = z.enum([
  'permit-under-measure',
  'diversion',
  'assurance-contradicted',
  'same-theatre',
  'reversal',
  're-export',
])
export type RuleName = z.infer<typeof RuleName>

export const Certainty = z.enum(['certain', 'possible'])
export type Certainty = z.infer<typeof Certainty>

/** The part that a record has in a finding. */
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
  'concerns-both',
])
export type SideRole = z.infer<typeof SideRole>

export const Finding = z
  .strictObject({
    id: z
      .string()
      .regex(/^[0-9a-f]{32}$/)
      .describe(
        'The same as long as rule and records are the same: a hash of the rule and the ids of the two records that it compares.',
      ),
    rule: RuleName.describe('`/v1/findings/rules` says what it finds, and its limits.'),
    certainty: Certainty.describe(
      '`certain`: it follows from what the records say, whatever day or thing they mean within what they say; `possible`: they leave room for another reading.',
    ),
    sentence: z.string().describe('What was found, for a person.'),
    reason: z.string().describe('Why it is certain, or what keeps it from being so.'),
    exceptionRelied: z
      .string()
      .nullable()
      .describe(
        'Of `permit-under-measure`: the exception that the permit relies on. Null when none is stated, and for other rules.',
      ),
    records: z
      .array(
        z.strictObject({
          role: SideRole.describe('The part that the record has in the finding.'),
          kind: Kind,
          record: Reference,
          on: StatedDate.nullable().describe('Of an event: when. Null for other kinds.'),
          citations: z
            .array(RecordCitation)
            .describe(
              'Those for the fields on which the finding rests; all of the record when none names one of these fields.',
            ),
        }),
      )
      .describe('The records on every side, each with its passages.'),
  })
  .meta({
    id: 'Finding',
    description:
      'What follows from several records together. Computed when asked for, never stored.',
  })
export type Finding = z.infer<typeof Finding>

export const FindingRule = z
  .strictObject({
    rule: RuleName,
    title: z.string(),
    definition: z.string().describe('What it takes for a finding.'),
    certain: z.string().describe('When a finding is certain.'),
    possible: z.string().describe('When it is only possible.'),
    limits: z
      .array(z.string())
      .describe('What a finding does not say. Read it before you publish.'),
  })
  .meta({ id: 'FindingRule', description: 'A rule by which findings are made.' })
export type FindingRule = z.infer<typeof FindingRule>
