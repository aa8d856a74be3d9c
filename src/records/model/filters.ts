import { sql } from 'kysely'
import { z } from 'zod'
import type { Db } from '../../database/database.ts'
import type { PlaceholderFactory } from '../../database/prepared-statements.ts'
import {
  type ColumnName,
  columnRef,
  joinFragments,
  type SqlFragment,
} from '../../database/sql-fragments.ts'
import { parseEdtfBounds } from '../../evidence/edtf.ts'
import { describeUnknownWords } from './list-errors.ts'
import { isId, type Kind, Ref } from './schema.ts'
import { firstDay, lastDay } from './sql-json.ts'

/** The filter values of a request, by name. */
export type FilterValues = Readonly<Record<string, unknown>>

/**
 * One query parameter that filters a list. `where` builds its condition with a placeholder named like the parameter; null
 * leaves the condition to another filter. `variant` must contain everything of the value that changes the SQL.
 */
export type Filter = {
  schema: z.ZodType
  variant?: (value: unknown) => string
  where?: (slot: PlaceholderFactory, given: FilterValues, name: string) => SqlFragment | null
  /** Converts the value to a parameter of PostgreSQL. */
  value?: (value: unknown) => unknown
  /** The kind of record that the value must name. It is checked when the list is empty. */
  refersTo?: Kind
  /** Same as `refersTo`, for anything else than a record of one kind. @throws {Problem} not-found */
  assertExists?: (db: Db, value: string) => Promise<void>
}
export type Filters = Readonly<Record<string, Filter>>

const referenceVariant = (value: unknown): string => (isId(value) ? 'id' : 'slug')

/** The id of the record whose slug or id is the value of the parameter. */
const recordIdFromRef = (
  kind: Kind,
  slot: PlaceholderFactory,
  given: FilterValues,
  name: string,
): SqlFragment =>
  isId(given[name])
    ? sql`${slot(name)}::uuid`
    : sql`(SELECT id FROM record WHERE kind = ${sql.lit(kind)} AND slug = ${slot(name)})`

/** `?issuer=canada`: the column refers to this record. */
export const byReference = (kind: Kind, idColumn: ColumnName, description: string): Filter =>
  byRelation(kind, description, (id) => sql`${columnRef(idColumn)} = ${id}`)

/** Same as `byReference`, for a relation that is not a single column. */
export const byRelation = (
  kind: Kind,
  description: string,
  where: (id: SqlFragment, slot: PlaceholderFactory, given: FilterValues) => SqlFragment | null,
): Filter => ({
  schema: Ref.optional().describe(description),
  variant: referenceVariant,
  refersTo: kind,
  where: (slot, given, name) => where(recordIdFromRef(kind, slot, given, name), slot, given),
})

/** The first word of one or several that is not of the list. */
const findUnknownWord = (given: unknown, words: readonly unknown[]): unknown =>
  [given].flat().find((word) => !words.includes(word))

/** `?type=use` or `?type=use&type=report`: one of these values. */
export const byEnum = <T extends z.ZodEnum>(
  options: T,
  description: string,
  where: (anyOf: SqlFragment, given: FilterValues) => SqlFragment | null,
): Filter => ({
  schema: z
    .union([options, z.array(options).min(1).max(50)], {
      error: ({ input }) => {
        const words = options.options.map(String)
        return describeUnknownWords(findUnknownWord(input, words), words)
      },
    })
    .optional()
    .describe(`${description} May be repeated: any of them.`),
  value: (value) => (Array.isArray(value) ? value : [value]),
  where: (slot, given, name) => where(sql`ANY(${slot(name)}::text[])`, given),
})

/** `?number=...`: exactly this text. */
export const byExactText = (textColumn: ColumnName, description: string): Filter => ({
  schema: z.string().min(1).max(1_000).optional().describe(description),
  where: (slot, _given, name) => sql`${columnRef(textColumn)} = ${slot(name)}`,
})

/**
 * `?name=francois`: the name (or another name) contains the words or similar ones. Accents, case and small typing errors
 * do not matter. pg_trgm: similarity of at least 0.3 with the whole name, or 0.6 with a part of it.
 */
export const byName = (
  description: string,
  matchOtherNames?: (match: (column: ColumnName) => SqlFragment) => SqlFragment,
): Filter => ({
  schema: z.string().trim().min(1).max(200).optional().describe(description),
  where: (slot, _given, name) => {
    const words = sql`fold(${slot(name)})`
    const pattern = sql`
      '%' || replace(replace(replace(${words}, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%'`
    const match = (column: ColumnName): SqlFragment => {
      const folded = sql`fold(${columnRef(column)})`
      return sql`(${folded} % ${words} OR ${words} <% ${folded} OR ${folded} LIKE ${pattern})`
    }
    const inName = match('record.name')
    return matchOtherNames === undefined ? inName : sql`(${inName} OR ${matchOtherNames(match)})`
  },
})

const dateParameter = (description: string) =>
  z
    .string()
    .max(64)
    .refine(isEdtfDate, {
      error: 'not a date; give a day, month or year: 2020-05-06, 2020-05 or 2020',
    })
    .optional()
    .describe(description)

function isEdtfDate(value: string): boolean {
  try {
    const { earliest, latest } = parseEdtfBounds(value)
    return earliest !== null && latest !== null
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return false
  }
}

/**
 * `?from=2020-05&to=2020-05&certainty=certain`: by overlap. Possible: the date can be in the period. Certain: it cannot be
 * outside. A record without a date is in no period.
 */
export const byPeriod = (date: string, what: string): Filters => {
  // Every stated date has at least one bound.
  const dated = sql`num_nonnulls(${sql.ref(`${date}_earliest`)}, ${sql.ref(`${date}_latest`)}) > 0`
  return {
    from: {
      schema: dateParameter(`${what} on or after this day, month or year (see \`certainty\`).`),
      value: (value) => parseEdtfBounds(String(value)).earliest,
      where: (slot, given, name) =>
        sql`${dated} AND ${given.certainty === 'certain' ? firstDay(date) : lastDay(date)} >= ${slot(name)}::date`,
    },
    to: {
      schema: dateParameter(`${what} on or before this day, month or year (see \`certainty\`).`),
      value: (value) => parseEdtfBounds(String(value)).latest,
      where: (slot, given, name) =>
        sql`${dated} AND ${given.certainty === 'certain' ? lastDay(date) : firstDay(date)} <= ${slot(name)}::date`,
    },
    within: byCertainPeriod(date),
    certainty: {
      schema: z
        .enum(['possible', 'certain'])
        .optional()
        .describe(
          '`possible` (standard): the date can lie between `from` and `to`; `certain`: it can lie nowhere else.',
        ),
      variant: String,
    },
  }
}

const periodUnits = ['year', 'quarter', 'month'] as const
type PeriodUnit = (typeof periodUnits)[number]

/** The SQL of the year, quarter or month in which a day lies, such as `2020`, `2020-Q2` and `2020-05`. */
const periodOfDay = (day: SqlFragment, unit: PeriodUnit): SqlFragment =>
  sql`to_char(${day}, ${sql.lit({ year: 'YYYY', quarter: 'YYYY-"Q"Q', month: 'YYYY-MM' }[unit])})`

/** The SQL of the year, quarter or month in which a date certainly lies; null if it can lie in several. */
export const certainPeriod = (date: string, unit: PeriodUnit): SqlFragment => {
  const [first, last] = ['earliest', 'latest'].map((end) =>
    periodOfDay(sql.ref(`${date}_${end}`), unit),
  )
  return sql`CASE WHEN ${first} = ${last} THEN ${first} END`
}

/** `?within=2020-Q2`: the date lies certainly there. `?within=unknown-quarter`: it does not certainly lie in one quarter. */
const byCertainPeriod = (date: string): Filter => ({
  schema: z
    .string()
    .regex(/^(\d{4}(-Q[1-4]|-(0[1-9]|1[0-2]))?|unknown-(year|quarter|month))$/, {
      error:
        'a year, quarter or month: 2020, 2020-Q2, 2020-05; or unknown-year, unknown-quarter, unknown-month',
    })
    .optional()
    .describe(
      'The date lies certainly in this year, quarter or month: `2020`, `2020-Q2`, `2020-05`. `unknown-year`, `unknown-quarter`, `unknown-month`: there is no date, or it can lie in several.',
    ),
  variant: (value) => describePeriod(String(value)).variant,
  where: (slot, given, name) => {
    const { unit, isUnknown } = describePeriod(String(given[name]))
    const certain = certainPeriod(date, unit)
    return isUnknown ? sql`${certain} IS NULL` : sql`${certain} = ${slot(name)}`
  },
})

function describePeriod(value: string): { unit: PeriodUnit; isUnknown: boolean; variant: string } {
  const isUnknown = value.startsWith('unknown-')
  const unit =
    periodUnits.find((one) => value === `unknown-${one}`) ??
    (value.includes('Q') ? 'quarter' : value.length > 4 ? 'month' : 'year')
  return { unit, isUnknown, variant: `${unit}${isUnknown}` }
}

/** `?missing=consignee`: these fields are not on record. `conditions` has the SQL of each. */
export const byMissing = (conditions: Readonly<Record<string, SqlFragment>>): Filter => {
  const names = z.enum(Object.keys(conditions))
  return {
    schema: z
      .union([names, z.array(names).min(1).max(20)])
      .optional()
      .describe('This field is not on record. May be repeated: none of them.'),
    variant: (value) => [value].flat().sort().join(','),
    where: (_slot, given, name) =>
      sql`(${joinFragments(
        [given[name]].flat().map((field) => conditions[String(field)] ?? sql`false`),
        ' AND ',
      )})`,
  }
}

/** Whether a period ends before it begins. No date is in it, but an inexact date can overlap both ends. */
export function isReversedPeriod({ from, to }: FilterValues): boolean {
  if (typeof from !== 'string' || typeof to !== 'string' || !isEdtfDate(from) || !isEdtfDate(to))
    return false
  const [first, last] = [parseEdtfBounds(from).earliest, parseEdtfBounds(to).latest]
  return first !== null && last !== null && last < first
}

/** `?case=...`: the record cites an article of the case. */
export const caseFilter: Filter = byRelation(
  'case',
  'Only what belongs to this case: an article of it is cited for the record.',
  (id) =>
    sql`EXISTS (
      SELECT 1
      FROM citation
      JOIN article AS source ON source.id = citation.article_id
      WHERE citation.record_id = record.id
        AND source.case_id = ${id}
    )`,
)
