import { z } from 'zod'
import { Money, MoneyInput, QuantityInput, QuantityRange } from '../../model/amounts.ts'
import {
  baseFields,
  evidenceFields,
  Line,
  Paragraph,
  Reference,
  RefInput,
  Slug,
  StatedDate,
  StatedDateInput,
} from '../../model/schema.ts'

/** What a figure counts or sums up; docs/api.md explains each. */
export const FigureMeasure = z.enum([
  'licences',
  'applications',
  'refusals',
  'suspensions',
  'cancellations',
  'licensed-value',
  'refused-value',
  'ordered-value',
  'exported-value',
  'units-licensed',
  'units-exported',
])

/** Measures that are sums of money; the others are counts. */
export const valueMeasures = [
  'licensed-value',
  'refused-value',
  'ordered-value',
  'exported-value',
] as const satisfies readonly z.infer<typeof FigureMeasure>[]

export const FigureListed = z
  .strictObject({
    ...baseFields('figure'),
    title: z.string(),
    measure: FigureMeasure.describe('What is counted or summed up.'),
    quantity: z
      .number()
      .nullable()
      .describe('A count; null for a sum of money, or when it is not exact (`quantityRange`).'),
    quantityRange: QuantityRange.nullable().describe('The count as the source states it.'),
    unit: z.string().nullable().describe('What is counted, where the measure does not say it.'),
    value: Money.nullable().describe('A sum of money; null for a count.'),
    from: Reference.nullable().describe('Whose licences or exports; null when all are meant.'),
    to: Reference.nullable().describe('For or to whom; null when all are meant.'),
    good: Reference.nullable().describe('The good or family that it is about.'),
    controlEntries: z
      .array(
        z.strictObject({
          list: z.string().describe('E.g. `EU ML`.'),
          code: z.string().describe('E.g. `ML10`.'),
        }),
      )
      .describe('The control list entries that it is about.'),
    category: z.string().nullable().describe("What it is about, in the source's words."),
    period: StatedDate.nullable().describe('The day or the time that it covers.'),
    scope: z
      .string()
      .nullable()
      .describe('What the source says about what is counted and what is not, in its words.'),
  })
  .meta({ id: 'FigureListed', description: 'A total that a source states.' })

export const Figure = FigureListed.extend(evidenceFields).meta({ id: 'Figure' })

export const FigureInput = z
  .strictObject({
    slug: Slug,
    title: Line,
    measure: FigureMeasure,
    quantity: QuantityInput.nullable().default(null),
    unit: Line.nullable().default(null),
    value: MoneyInput.nullable().default(null),
    from: RefInput.nullable().default(null),
    to: RefInput.nullable().default(null),
    good: RefInput.nullable().default(null),
    controlEntries: z
      .array(z.strictObject({ list: Line, code: Line }))
      .max(100)
      .default([]),
    category: Line.nullable().default(null),
    period: StatedDateInput.nullable().default(null),
    scope: Paragraph.nullable().default(null),
  })
  .meta({ id: 'NewFigure' })
export type FigureInput = z.infer<typeof FigureInput>
