import { z } from 'zod'
import { ActorType } from '../../../../records/kinds/actors/schema.ts'
import { Line, Slug } from '../../../../records/model/schema.ts'

/** How a map says where a value stands in a row; docs/registers.md explains each. */

/** A column by its heading, or by its number from 1. */
export const Column = z.union([z.string().min(1).max(200), z.int().min(1).max(1_000)])
export type Column = z.infer<typeof Column>

/** A regular expression, as JavaScript has it; it is compared without case. */
const Pattern = z
  .string()
  .min(1)
  .max(500)
  .refine(isPattern, 'is not a regular expression')
  .describe('A regular expression. Case does not matter.')

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'iu') instanceof RegExp
  } catch {
    return false
  }
}

const Word = z.union([z.string().max(1_000), z.number()])

/** A date in EDTF; whether it is one is checked when the map is compiled. */
const EdtfDate = z.string().min(4).max(64).describe('EDTF, such as 2020, 2020-05 or 2020-05-06.')

/** What a date format is made of; values/dates.ts reads it. */
const DateFormat = z.string().min(1).max(40)

/** What a cell has to be. */
const CellTest = z.union([
  Word,
  z.array(Word).min(1).max(500),
  z.strictObject({
    not: z.union([Word, z.array(Word).min(1).max(500)]).optional(),
    matches: Pattern.optional(),
    empty: z.boolean().optional(),
    /** First day of a period. */
    from: EdtfDate.optional(),
    /** The day after a period. */
    before: EdtfDate.optional(),
    formats: z.array(DateFormat).min(1).max(10).optional(),
  }),
])
export type CellTest = z.infer<typeof CellTest>

const AllTests = z.record(z.string().min(1).max(200), CellTest)

/** Tests by column, all of which hold; or a list, of which one holds. */
export const Condition = z
  .union([AllTests, z.array(AllTests).min(1).max(20)])
  .describe('Tests of cells by column. All must hold. In a list, one of its elements must.')
export type Condition = z.infer<typeof Condition>

const when = { when: Condition.optional() }

/** A cell, and what is done to its text, in this order. */
const cellMembers = {
  column: Column,
  /** What is removed. */
  strip: z.union([Pattern, z.array(Pattern).min(1).max(50)]).optional(),
  /** Replacements by pattern, in order. */
  replace: z.record(Pattern, z.string().max(1_000)).optional(),
  /** The first group of the pattern, or what it matches; without a match the cell is empty. */
  extract: Pattern.optional(),
  ...when,
}
export const Cell = z.strictObject(cellMembers)
export type Cell = z.infer<typeof Cell>

/** One rule, or several of which the first is used whose `when` holds. */
const oneOrCases = <S extends z.ZodType>(schema: S) =>
  z.union([schema, z.array(schema).min(1).max(50)])

/** Several values in a cell: the delimiter between them, a pattern, or `lines` for the line breaks of the cell. */
const Split = z.union([
  z.literal('lines'),
  z.string().min(1).max(20),
  z.strictObject({ pattern: Pattern }),
])
export type Split = z.infer<typeof Split>

const TextRule = z.union(
  [
    z.strictObject({
      ...cellMembers,
      /** Words for the words of the table. A cell that is not here rejects its row. */
      values: z.record(z.string(), Line.nullable()).optional(),
    }),
    z.strictObject({ constant: Line, ...when }),
    /** Text with columns in braces. */
    z.strictObject({ template: Line, ...when }),
  ],
  { error: 'give { column }, { constant } or { template }' },
)
export const TextSource = oneOrCases(TextRule)
export type TextSource = z.infer<typeof TextSource>

/** A word of a fixed list. */
export const choiceSource = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  oneOrCases(
    z.union(
      [
        z.strictObject({
          ...cellMembers,
          values: z.record(z.string(), z.enum(words).nullable()),
        }),
        z.strictObject({ constant: z.enum(words), ...when }),
      ],
      { error: `give { column, values } or { constant }, of: ${words.join(', ')}` },
    ),
  )
type ChoiceRule<Word extends string> =
  | (Cell & { values: Record<string, Word | null> })
  | { constant: Word; when?: Condition | undefined }
export type ChoiceSource<Word extends string> = ChoiceRule<Word> | ChoiceRule<Word>[]

/** Where a mark beside a date stands, e.g. a column with `?`. */
const MarkColumn = z.strictObject({
  column: Column,
  /** The cells that are a mark; without them, any cell that is not empty. */
  values: z.array(Word).min(1).max(50).optional(),
})
export type MarkColumn = z.infer<typeof MarkColumn>

const DateRule = z.union(
  [
    z.strictObject({
      ...cellMembers,
      formats: z.array(DateFormat).min(1).max(10),
      /** Two-digit years below it are of this century, the others of the last one. */
      pivot: z.int().min(0).max(100).optional(),
      /** Words of the cells in which no date is stated, besides `-` and `n/a`. */
      unknown: z.array(Word).max(50).optional(),
      /** How the date follows from the words, if that is not obvious. */
      reasoning: z.string().trim().min(1).max(1_000).nullable().default(null),
      uncertain: MarkColumn.optional(),
      approximate: MarkColumn.optional(),
    }),
    z.strictObject({
      constant: EdtfDate,
      reasoning: z.string().trim().min(1).max(1_000).nullable().default(null),
      ...when,
    }),
  ],
  { error: 'give { column, formats } or { constant }' },
)
export const DateSource = oneOrCases(DateRule)
export type DateSource = z.infer<typeof DateSource>

const ActorRule = z.union(
  [
    z.strictObject({ actor: Slug, ...when }),
    z.strictObject({
      ...cellMembers,
      split: Split.optional(),
      /** What the words are: a state, in any language or as ISO code. */
      match: z.literal('state'),
      /** A value table for the cells that name no state, or not this one. */
      table: z.string().optional(),
    }),
    z.strictObject({ ...cellMembers, split: Split.optional(), table: z.string() }),
    z.strictObject({ ...cellMembers, split: Split.optional(), type: ActorType }),
  ],
  { error: 'give { actor }, { column, match: state }, { column, table } or { column, type }' },
)
export type ActorRule = z.infer<typeof ActorRule>
export const ActorSource = oneOrCases(ActorRule)
export type ActorSource = z.infer<typeof ActorSource>

/** Control list entries of a cell: one, or several with a separator, or those of a value table. */
export const EntriesColumn = z.strictObject({
  ...cellMembers,
  list: Line,
  split: Split.optional(),
  /** Same as `split`. */
  separator: z.string().min(1).max(10).nullable().default(null),
  values: z.record(z.string(), z.array(Line).max(50)).default({}),
})
export type EntriesColumn = z.infer<typeof EntriesColumn>

/** How numbers are written; values/numbers.ts reads them. */
const numberMembers = {
  decimal: z.enum(['.', ',']).optional(),
  /** Separator of thousands. */
  thousands: z.enum(['.', ',', ' ', "'"]).nullable().optional(),
  /** Words of the cells in which no number is stated, besides `-` and `n/a`. */
  unknown: z.array(Word).max(50).optional(),
}

const Currency = z.union([
  z.string().regex(/^[A-Z]{3}$/, 'ISO 4217, or { column }'),
  z.strictObject({
    ...cellMembers,
    values: z.record(z.string(), z.string().regex(/^[A-Z]{3}$/)).optional(),
  }),
])

const ValueRule = z.strictObject({
  ...cellMembers,
  /** Without it, the cell has to name it: `CHF 500`. */
  currency: Currency.optional(),
  ...numberMembers,
  /** What one unit of the number is: 1000 for a column in thousands. */
  unit: z.union([z.literal(1), z.literal(1_000), z.literal(1_000_000)]).default(1),
})
export type ValueRule = z.infer<typeof ValueRule>
export const ValueSource = oneOrCases(ValueRule)
export type ValueSource = z.infer<typeof ValueSource>

const QuantityRule = z.union(
  [
    z.strictObject({ ...cellMembers, unit: TextSource.optional(), ...numberMembers }),
    z.strictObject({ constant: z.number().positive(), unit: TextSource.optional(), ...when }),
  ],
  { error: 'give { column } or { constant }' },
)
export const QuantitySource = oneOrCases(QuantityRule)
export type QuantitySource = z.infer<typeof QuantitySource>

/** The rules of a source, in order. */
export const listRules = <Rule>(source: Rule | Rule[] | null | undefined): readonly Rule[] =>
  source === null || source === undefined ? [] : Array.isArray(source) ? source : [source]
