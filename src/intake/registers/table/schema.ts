import { z } from 'zod'
import { ActorInput, ActorType } from '../../../records/kinds/actors/schema.ts'
import { ArticleDescription } from '../../../records/kinds/articles/schema.ts'
import { CaseInput } from '../../../records/kinds/cases/schema.ts'
import { Line, RefInput, Slug } from '../../../records/model/schema.ts'

/** The format of a column map; docs/registers.md explains it. */

/** A column by its heading, or by its number from 1. */
const Column = z.union([z.string().min(1).max(200), z.int().min(1).max(1_000)])
export type Column = z.infer<typeof Column>

/** The format of a date: `yyyy`, `MM`, `dd` and separators, or the day number of a spreadsheet. */
const DateFormat = z.union([
  z.literal('spreadsheet-day'),
  z
    .string()
    .max(20)
    .refine(
      (format) => ['yyyy', 'MM', 'dd'].every((part) => format.split(part).length === 2),
      'a date format has yyyy, MM and dd once each, e.g. dd/MM/yyyy, or is spreadsheet-day',
    ),
])

const DateColumn = z.strictObject({
  column: Column,
  formats: z.array(DateFormat).min(1).max(10),
  /** How the date follows from the words, if that is not obvious. */
  reasoning: z.string().trim().min(1).max(1_000).nullable().default(null),
})
export type DateColumn = z.infer<typeof DateColumn>

const TextColumn = z.union([z.strictObject({ column: Column }), z.strictObject({ constant: Line })])
export type TextColumn = z.infer<typeof TextColumn>

/** An actor: a constant, or looked up in a value table, or created from its name. */
const ActorColumn = z.union(
  [
    z.strictObject({ actor: Slug }),
    z.strictObject({ column: Column, table: z.string() }),
    z.strictObject({ column: Column, type: ActorType }),
  ],
  { error: 'give { actor }, or { column, table }, or { column, type }' },
)
export type ActorColumn = z.infer<typeof ActorColumn>

/** Control list entries of a cell: one, or several with a separator, or those of a value table. */
const EntriesColumn = z.strictObject({
  column: Column,
  list: Line,
  separator: z.string().min(1).max(10).nullable().default(null),
  values: z.record(z.string(), z.array(Line).max(50)).default({}),
})
export type EntriesColumn = z.infer<typeof EntriesColumn>

const ValueColumn = z.strictObject({
  column: Column,
  currency: z.union([
    z.string().regex(/^[A-Z]{3}$/, 'ISO 4217, or { column }'),
    z.strictObject({ column: Column }),
  ]),
  decimal: z.enum(['.', ',']).default('.'),
  /** Separator of thousands. */
  thousands: z.enum(['.', ',', ' ', "'"]).nullable().default(null),
})
export type ValueColumn = z.infer<typeof ValueColumn>

const PermitMap = z.strictObject({
  /** Columns that identify a permit. */
  key: z.array(Column).min(1).max(5),
  /** May name columns in braces. */
  title: Line,
  number: TextColumn.nullable().default(null),
  issuer: ActorColumn,
  issuedOn: DateColumn,
  validUntil: DateColumn.nullable().default(null),
  exporter: ActorColumn.nullable().default(null),
  consignee: ActorColumn.nullable().default(null),
  endUser: ActorColumn.nullable().default(null),
  destination: ActorColumn.nullable().default(null),
  endDestination: ActorColumn.nullable().default(null),
  goods: TextColumn.nullable().default(null),
  controlEntries: z.array(EntriesColumn).max(10).default([]),
  value: ValueColumn.nullable().default(null),
  legalBasis: TextColumn.nullable().default(null),
  restrictions: TextColumn.nullable().default(null),
})
export type PermitMap = z.infer<typeof PermitMap>

/** The actor of a cell; null if a permit cannot have it. */
const TableActor = z.union([Slug, ActorInput.omit({ aliases: true, identifiers: true }), z.null()])

export const RegisterMap = z
  .strictObject({
    /** Identifies the register of a release. */
    register: Slug.max(60),
    /** An existing case, or a new one. */
    case: z.union([Slug, CaseInput]),
    article: ArticleDescription.omit({ case: true, type: true }).extend({
      publisher: RefInput.nullable().default(null),
    }),
    file: z
      .strictObject({
        encoding: z
          .enum(['auto', 'utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'iso-8859-15'])
          .default('auto'),
        delimiter: z.string().length(1).default(','),
        quote: z.string().length(1).nullable().default('"'),
        header: z.boolean().default(true),
        /** Lines before the heading. */
        skip: z.int().min(0).max(1_000).default(0),
      })
      .prefault({}),
    /** Language of the file, for names that come from it: BCP 47. */
    language: z.string().max(35).nullable().default(null),
    permit: PermitMap,
    /** Value tables by name. Cells are compared without case and with single spaces. */
    tables: z.record(z.string(), z.record(z.string(), TableActor)).default({}),
    /** Actors that the map refers to by slug, and that are created if they do not exist. */
    actors: z.array(ActorInput).max(1_000).default([]),
  })
  .superRefine((map, context) => {
    for (const [field, column] of Object.entries(map.permit))
      if (hasValueTable(column) && map.tables[column.table] === undefined)
        context.addIssue({
          code: 'custom',
          path: ['permit', field, 'table'],
          message: `there is no table "${column.table}"`,
        })
  })
export type RegisterMap = z.infer<typeof RegisterMap>

const hasValueTable = (column: unknown): column is { table: string } =>
  typeof column === 'object' && column !== null && 'table' in column
