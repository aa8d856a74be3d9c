import { z } from 'zod'
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

export const LegalForm = z.enum(['embargo', 'suspension', 'presumptive-denial', 'other'])

export const ScopeEffect = z.enum(['covers', 'excludes'])

/** Effects of events on a measure. */
export const MeasureBecomes = z.enum(['imposed', 'amended', 'suspended', 'lifted'])

export const MeasureStatus = z.enum(['in-force', 'suspended', 'lifted'])

export const MeasureListed = z
  .strictObject({
    ...baseFields('measure'),
    title: z.string(),
    imposer: Reference,
    target: Reference.describe('Against whom; the first of several targets.'),
    targets: z.array(Reference).describe('All targets, also a single one.'),
    legalForm: LegalForm,
    legalInstrument: z
      .string()
      .nullable()
      .describe('The law or decision, e.g. `Council Decision 2013/184/CFSP`.'),
    scope: z.string().nullable(),
    scopeItems: z
      .array(
        z.strictObject({
          effect: ScopeEffect,
          good: Reference.nullable().describe('A good, with all goods of its family.'),
          list: z.string().nullable(),
          code: z.string().nullable().describe('A control list entry, with those below it.'),
        }),
      )
      .describe('What the words of the scope cover or exclude; each item has a good or a code.'),
    statedEnd: StatedDate.nullable().describe(
      'Its last day, as stated when it was imposed. That it was lifted is an event.',
    ),
    exceptions: z.string().nullable(),
    reason: z
      .strictObject({ text: z.string(), place: Place.nullable() })
      .nullable()
      .describe('Why it was imposed, and over what territory.'),
    status: MeasureStatus.nullable().describe('After the last event; null before the first.'),
    inForce: z
      .array(
        z.strictObject({
          from: StatedDate.nullable(),
          to: StatedDate.nullable().describe('Null: no event ends it.'),
        }),
      )
      .describe('When it was in force, oldest first.'),
  })
  .meta({ id: 'MeasureListed', description: 'An embargo, suspension or denial policy.' })

export const Measure = MeasureListed.extend({
  history: z
    .array(z.strictObject({ becomes: MeasureBecomes, on: StatedDate.nullable(), event: Reference }))
    .describe('What events made of it, oldest first.'),
  ...evidenceFields,
}).meta({ id: 'Measure' })

export const MeasureInput = z
  .strictObject({
    slug: Slug,
    title: Line,
    imposer: RefInput,
    target: RefInput,
    targets: z.array(RefInput).max(200).default([]),
    legalForm: LegalForm,
    legalInstrument: Line.nullable().default(null),
    scope: Paragraph.nullable().default(null),
    scopeItems: z
      .array(
        z.strictObject({
          effect: ScopeEffect.default('covers'),
          good: RefInput.nullable().default(null),
          list: Line.nullable().default(null),
          code: Line.nullable().default(null),
        }),
      )
      .max(500)
      .default([]),
    statedEnd: StatedDateInput.nullable().default(null),
    exceptions: Paragraph.nullable().default(null),
    reason: z
      .strictObject({ text: Paragraph, place: PlaceRefInput.nullable().default(null) })
      .nullable()
      .default(null),
  })
  .meta({ id: 'NewMeasure' })
export type MeasureInput = z.infer<typeof MeasureInput>
