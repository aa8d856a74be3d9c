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
import { MeasureBecomes } from '../measures/schema.ts'
import { PermitBecomes } from '../permits/schema.ts'
import { PlaceRefInput } from '../places/schema.ts'

/** Types of events; docs/api.md explains them. */
export const EventType = z.enum([
  'application',
  'request',
  'assurance',
  'recommendation',
  'permit-decision',
  'measure-decision',
  'delivery',
  'transfer',
  'use',
  'report',
  'inquiry',
  'disclosure',
  'statement',
  'contract',
  'payment',
  'complaint',
  'judgment',
  'verification-visit',
  'seizure',
  'incident',
  'vote',
  'arrest',
])

/** The role of an actor in an event. */
export const ParticipantRole = z.enum([
  'imposer',
  'target',
  'issuer',
  'applicant',
  'exporter',
  'consignee',
  'end-user',
  'requester',
  'addressee',
  'assurer',
  'author',
  'speaker',
  'reporter',
  'investigator',
  'discloser',
  'supplier',
  'user',
  'opponent',
  'subject',
  'broker',
  'carrier',
  'transit-state',
  'seller',
  'buyer',
  'claimant',
  'defendant',
  'court',
  'inspector',
  'victim',
  'financier',
])

/** What an event did to its victims. */
export const VictimOutcome = z.enum(['killed', 'injured', 'missing', 'displaced', 'detained'])

export const EventListed = z
  .strictObject({
    ...baseFields('event'),
    type: EventType,
    title: z.string(),
    on: StatedDate.nullable(),
    description: z.string().nullable(),
    place: Place.nullable(),
    participants: z.array(z.strictObject({ actor: Reference, role: ParticipantRole })),
    goods: z.array(Reference).describe('The goods that it is about, those of `items` included.'),
    items: z
      .array(
        z.strictObject({
          good: Reference,
          quantity: z
            .number()
            .nullable()
            .describe(
              'Units of the good; null when no exact number is said (see `quantityRange`).',
            ),
          quantityRange: QuantityRange.nullable().describe(
            'The quantity as the source states it, also where it is not exact.',
          ),
          unit: z.string().nullable().describe('What is counted, e.g. `system`.'),
          value: Money.nullable(),
        }),
      )
      .describe('How much of a good was delivered, sold, seized and so on.'),
    victims: z
      .array(
        z.strictObject({
          outcome: VictimOutcome,
          who: z.string().nullable().describe('Who they were, in the words of the source.'),
          count: z
            .number()
            .nullable()
            .describe('Persons; null when no exact number is said (see `countRange`).'),
          countRange: QuantityRange.nullable().describe(
            'The count as the source states it, also where it is not exact.',
          ),
        }),
      )
      .describe('People whom it killed, injured or otherwise harmed.'),
    about: z
      .array(z.strictObject({ permit: Reference.nullable(), measure: Reference.nullable() }))
      .describe('Permits and measures it concerns; each entry has one of the two.'),
    effects: z
      .array(
        z.strictObject({
          permit: Reference.nullable(),
          measure: Reference.nullable(),
          becomes: z.enum([
            ...PermitBecomes.options,
            ...MeasureBecomes.exclude(['amended', 'suspended']).options,
          ]),
        }),
      )
      .describe('Permits and measures it changes; each entry has one of the two.'),
    assurance: z
      .strictObject({
        endUser: Reference.nullable(),
        place: Place.nullable(),
        use: z.string().nullable(),
      })
      .nullable()
      .describe('What an end-use assurance promises: who will use the goods, where, for what.'),
  })
  .meta({ id: 'EventListed', description: 'Something that happened.' })

export const Event = EventListed.extend(evidenceFields).meta({ id: 'Event' })

const TargetInput = [
  z.strictObject({ permit: RefInput }),
  z.strictObject({ measure: RefInput }),
] as const

export const EventInput = z
  .strictObject({
    slug: Slug,
    type: EventType,
    title: Line,
    on: StatedDateInput.nullable().default(null),
    description: Paragraph.nullable().default(null),
    place: PlaceRefInput.nullable().default(null),
    participants: z
      .array(z.strictObject({ actor: RefInput, role: ParticipantRole }))
      .max(200)
      .default([]),
    goods: z.array(RefInput).max(200).default([]),
    items: z
      .array(
        z.strictObject({
          good: RefInput,
          quantity: QuantityInput.nullable().default(null),
          unit: Line.nullable().default(null),
          value: MoneyInput.nullable().default(null),
        }),
      )
      .max(200)
      .default([])
      .describe('The good of an item becomes one of the `goods` by itself.'),
    victims: z
      .array(
        z.strictObject({
          outcome: VictimOutcome,
          who: Line.nullable().default(null),
          count: QuantityInput.nullable().default(null),
        }),
      )
      .max(50)
      .default([]),
    about: z.array(z.union(TargetInput)).max(200).default([]),
    effects: z
      .array(
        z.union([
          TargetInput[0].extend({ becomes: PermitBecomes }),
          TargetInput[1].extend({ becomes: MeasureBecomes }),
        ]),
      )
      .max(200)
      .default([]),
    assurance: z
      .strictObject({
        endUser: RefInput.nullable().default(null),
        place: PlaceRefInput.nullable().default(null),
        use: Paragraph.nullable().default(null),
      })
      .nullable()
      .default(null),
  })
  .meta({ id: 'NewEvent' })
export type EventInput = z.infer<typeof EventInput>
