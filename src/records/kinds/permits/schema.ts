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
import { PlaceRefInput } from '../places/schema.ts'

/** Effects of events on a permit. */
export const PermitBecomes = z.enum([
  'issued',
  'refused',
  'amended',
  'suspended',
  'reinstated',
  'cancelled',
  'expired',
  'annulled',
  'upheld',
])

export const PermitStatus = z.enum([
  'issued',
  'refused',
  'suspended',
  'cancelled',
  'expired',
  'annulled',
])

/** What a permit allows; docs/api.md explains them. */
export const PermitType = z.enum([
  'export',
  're-export',
  'transit',
  'brokering',
  'temporary',
  'open',
  'technical-assistance',
  'intangible',
])

/** Parties of a permit that have no field of their own. */
export const PermitPartyRole = z.enum([
  'broker',
  'carrier',
  'intermediary',
  'manufacturer',
  'origin',
  'transit-state',
])

export const PermitListed = z
  .strictObject({
    ...baseFields('permit'),
    title: z.string(),
    type: PermitType.nullable().describe('What it allows; null when not said.'),
    number: z.string().nullable().describe("The issuer's number; null when not said."),
    issuer: Reference,
    exporter: Reference.nullable(),
    consignee: Reference.nullable(),
    endUser: Reference.nullable(),
    destination: Reference.nullable().describe(
      'The state that the goods go to; null when not said, or when there are several (`destinations`).',
    ),
    destinations: z.array(Reference).describe('All destinations, also a single one.'),
    endDestination: Reference.nullable().describe(
      'The state where they are to stay in the end, where a document names it beside the destination.',
    ),
    parties: z
      .array(z.strictObject({ actor: Reference, role: PermitPartyRole }))
      .describe('Further parties with their roles.'),
    permitCount: z
      .number()
      .nullable()
      .describe(
        'How many permits the record stands for, where a source names several together; null when it is one, or no exact number is said.',
      ),
    permitCountRange: QuantityRange.nullable().describe(
      'The number of permits as the source states it, also where it is not exact.',
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
    issuedOn: StatedDate.nullable().describe(
      'Date of the event that issued it. Where no event did, but later ones changed it, only the last day that it can be is known.',
    ),
  })
  .meta({ id: 'PermitListed', description: 'An export authorisation.' })

export const Permit = PermitListed.extend({
  history: z
    .array(z.strictObject({ becomes: PermitBecomes, on: StatedDate.nullable(), event: Reference }))
    .describe('What events made of it, oldest first.'),
  ...evidenceFields,
}).meta({ id: 'Permit' })

/** A single destination stands in `destination`. */
export const DestinationsInput = z
  .array(RefInput)
  .max(200)
  .describe(
    'All destinations where there are several; a single one may stand here or in `destination`.',
  )

export const PermitInput = z
  .strictObject({
    slug: Slug,
    title: Line,
    type: PermitType.nullable().default(null),
    number: Line.nullable().default(null),
    issuer: RefInput,
    exporter: RefInput.nullable().default(null),
    consignee: RefInput.nullable().default(null),
    endUser: RefInput.nullable().default(null),
    destination: RefInput.nullable().default(null),
    destinations: DestinationsInput.default([]),
    endDestination: RefInput.nullable().default(null),
    parties: z
      .array(z.strictObject({ actor: RefInput, role: PermitPartyRole }))
      .max(200)
      .default([]),
    permitCount: QuantityInput.nullable().default(null),
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
      .strictObject({ text: Paragraph, place: PlaceRefInput.nullable().default(null) })
      .nullable()
      .default(null),
    restrictions: Paragraph.nullable().default(null),
  })
  .meta({ id: 'NewPermit' })
export type PermitInput = z.infer<typeof PermitInput>
