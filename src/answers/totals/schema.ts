import { z } from 'zod'

const Sum = z.strictObject({
  unit: z
    .string()
    .describe('Currency (ISO 4217), or the unit of quantities; empty if none is stated.'),
  records: z.int().describe('How many records of the row state one.'),
  low: z.string().describe('Decimal. Sums of different units are never added.'),
  high: z
    .string()
    .nullable()
    .describe('Differs from `low` if sources state ranges; null if one is open.'),
})

const TotalKey = z.union([
  z.strictObject({
    id: z.string(),
    slug: z.string(),
    name: z.string(),
    href: z.string(),
    country: z.string().nullable(),
  }),
  z.string(),
  z.null(),
])

const sums = {
  records: z.int().describe('How many records there are.'),
  count: z
    .strictObject({ low: z.number(), high: z.number().nullable() })
    .describe(
      'As `records`, but a permit record that stands for several permits counts as so many.',
    ),
  values: z.array(Sum).describe('By currency.'),
  quantities: z.array(Sum).describe('By unit, of the goods that have a quantity.'),
  overlapping: z
    .int()
    .describe(
      'Figures that another figure of the row repeats or contains: do not publish their sum.',
    ),
}

export const TotalRow = z.strictObject({
  keys: z
    .record(z.string(), TotalKey)
    .describe(
      'The value of each dimension: a record, a word, a period. Null: not known, or a date that can lie in several periods.',
    ),
  ...sums,
  possible: z
    .int()
    .describe('Further records whose date can lie in the period of the row, but need not.'),
  list: z
    .string()
    .nullable()
    .describe('Path of the list of exactly these records; null if no filter finds them.'),
})

export const Totals = z
  .strictObject({
    by: z.array(z.string()),
    data: z.array(TotalRow),
    other: z
      .strictObject({ rows: z.int(), ...sums })
      .nullable()
      .describe('The rows that `limit` leaves out, added.'),
    total: z
      .strictObject({ ...sums, list: z.string() })
      .describe(
        'All records, each once. A record in several rows, such as a permit for two states, makes the rows add up to more.',
      ),
  })
  .meta({ id: 'Totals', description: 'Counts and sums of records by one to three dimensions.' })
export type Totals = z.infer<typeof Totals>
export type TotalRow = z.infer<typeof TotalRow>

/** A row of the CSV: one measure of a row of totals. */
export const TotalLine = z.strictObject({
  key1: z.string().nullable(),
  key2: z.string().nullable(),
  key3: z.string().nullable(),
  measure: z.enum(['count', 'value', 'quantity']),
  unit: z.string().nullable(),
  low: z.string(),
  high: z.string().nullable(),
  records: z.int(),
  possible: z.int(),
  list: z.string().nullable(),
})
