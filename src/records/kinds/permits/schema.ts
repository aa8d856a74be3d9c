import { z } from 'zod'
import { Money, MoneyInput, QuantityInput, QuantityRange } from '../../model/amounts.ts'
import {
  baseFields,
  evidenceFields,
  Line,
  Paragraph,
  Place,
  Reference,
  RefInput,
  Slug,
  StatedDate,
  StatedDateInput,
} from '../../model/schema.ts'

/** Effects of events on a permit. */
export const PermitBecomes = z.enum([
  'issued',
  'refused',
  'amended',
  'suspended',
  'reinstated',
  'cancelled',
  'expired',
])

export const PermitStatus = z.enum(['issued', 'refused', 'suspended', 'cancelled', 'expired'])

export const PermitListed = z
  .strictObject({
    ...baseFields('permit'),
    title: z.string(),
    number: z.string().nullable().describe("The issuer's number; null when not said."),
    issuer: Reference,
    exporter: Reference.nullable(),
    consignee: Reference.nullable(),
    endUser: Reference.nullable(),
    destination: Reference.nullable().describe('The state that the goods go to.'),
    endDestination: Reference.nullable().describe(
      'The state where they are to stay in the end, where a document names it beside the destination.',
    ),
    items: z.array(
      z.strictObject({
        good: Reference,
        quantity: z
          .number()
          .nullable()
          .describe(
            'Units of the good, not permits; null when no exact number is said (see `quantityRange`).',
          ),
        quantityRange: QuantityRange.nullable().describe(
          'The quantity as the source states it, also where it is not exact; null when not said.',
        ),
        unit: z.string().nullable().describe('What is counted, e.g. `system`.'),
        controlEntries: z
          .array(
            z.strictObject({
              list: z.string().describe('E.g. `EU ML`.'),
              code: z.string().describe('E.g. `ML15d`.'),
            }),
          )
          .describe('Control list entries under which the permit names it.'),
        value: Money.nullable().describe('What this item is worth, where it is stated apart.'),
      }),
    ),
    value: Money.nullable().describe('What the goods are worth, as the permit says.'),
    validUntil: StatedDate.nullable().describe(
      'The last day on which it holds, as stated when it was issued. That it expired is an event.',
    ),
    legalBasis: z.string().nullable(),
    exceptionRelied: z.string().nullable().describe('The exception to a measure it relies on.'),
    statedEndUse: z
      .strictObject({ text: z.string(), place: Place.nullable() })
      .nullable()
      .describe('The end use that was stated when it was asked for.'),
    restrictions: z.string().nullable(),
    status: PermitStatus.nullable().describe('After the last event; null before the first.'),
    issuedOn: StatedDate.nullable().describe('Date of the event that issued it.'),
  })
  .meta({ id: 'PermitListed', description: 'An export authorisation.' })

export const Permit = PermitListed.extend({
  history: z
    .array(z.strictObject({ becomes: PermitBecomes, on: StatedDate.nullable(), event: Reference }))
    .describe('What events made of it, oldest first.'),
  ...evidenceFields,
}).meta({ id: 'Permit' })

export const PermitInput = z
  .strictObject({
    slug: Slug,
    title: Line,
    number: Line.nullable().default(null),
    issuer: RefInput,
    exporter: RefInput.nullable().default(null),
    consignee: RefInput.nullable().default(null),
    endUser: RefInput.nullable().default(null),
    destination: RefInput.nullable().default(null),
    endDestination: RefInput.nullable().default(null),
    items: z
      .array(
        z.strictObject({
          good: RefInput,
          quantity: QuantityInput.nullable().default(null),
          unit: Line.nullable().default(null),
          controlEntries: z
            .array(z.strictObject({ list: Line, code: Line }))
            .max(100)
            .default([]),
          value: MoneyInput.nullable().default(null),
        }),
      )
      .max(1_000)
      .default([]),
    value: MoneyInput.nullable().default(null),
    validUntil: StatedDateInput.nullable().default(null),
    legalBasis: Paragraph.nullable().default(null),
    exceptionRelied: Paragraph.nullable().default(null),
    statedEndUse: z
      .strictObject({ text: Paragraph, place: Slug.nullable().default(null) })
      .nullable()
      .default(null),
    restrictions: Paragraph.nullable().default(null),
  })
  .meta({ id: 'NewPermit' })
export type PermitInput = z.infer<typeof PermitInput>
