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
} from '../../model/schema.ts'
import { PlaceRefInput } from '../places/schema.ts'

export const LegalForm = z.enum(['embargo', 'suspension', 'presumptive-denial', 'other'])

/** Effects of events on a measure. */
export const MeasureBecomes = z.enum(['imposed', 'amended', 'suspended', 'lifted'])

export const MeasureStatus = z.enum(['in-force', 'suspended', 'lifted'])

export const MeasureListed = z
  .strictObject({
    ...baseFields('measure'),
    title: z.string(),
    imposer: Reference,
    target: Reference,
    legalForm: LegalForm,
    scope: z.string().nullable(),
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
    legalForm: LegalForm,
    scope: Paragraph.nullable().default(null),
    exceptions: Paragraph.nullable().default(null),
    reason: z
      .strictObject({ text: Paragraph, place: PlaceRefInput.nullable().default(null) })
      .nullable()
      .default(null),
  })
  .meta({ id: 'NewMeasure' })
export type MeasureInput = z.infer<typeof MeasureInput>
