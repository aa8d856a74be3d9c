import { z } from 'zod'
import { ActorInput } from '../../../records/kinds/actors/schema.ts'
import { ArticleDescription } from '../../../records/kinds/articles/schema.ts'
import { CaseInput } from '../../../records/kinds/cases/schema.ts'
import { RefInput, Slug } from '../../../records/model/schema.ts'
import { EventMap, FigureMap, PermitMap, RowPreparation } from '../mapping/records/schema.ts'

/** The format of a column map; docs/registers.md explains it. */

const oneOrMore = <S extends z.ZodType>(schema: S) =>
  z.union([schema, z.array(schema).min(1).max(20)])

/** The actor of a cell, or several; null if the record cannot have it. */
const OneActor = z.union([Slug, ActorInput.omit({ aliases: true, identifiers: true })])
const TableActor = z.union([OneActor, z.array(OneActor).min(1).max(200), z.null()])

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
        /** False: columns are named by number. A number: of the rows of a heading of several rows. */
        header: z.union([z.boolean(), z.int().min(1).max(10)]).default(true),
        /** Lines before the heading. */
        skip: z.int().min(0).max(1_000).default(0),
        /** Of a workbook, by name or number; null for the only one that is shown. */
        sheet: z
          .union([z.string().min(1).max(100), z.int().min(1).max(1_000)])
          .nullable()
          .default(null),
        /** Of a document, by number; null for the only one. */
        table: z
          .union([z.literal('all'), z.int().min(1).max(10_000)])
          .nullable()
          .default(null),
        /** Of the list of rows in JSON: `data.licences`. */
        path: z.string().min(1).max(500).nullable().default(null),
      })
      .prefault({}),
    /** Language of the file, for names that come from it: BCP 47. */
    language: z.string().max(35).nullable().default(null),
    rows: RowPreparation.prefault({}),
    permit: PermitMap.nullable().default(null),
    event: oneOrMore(EventMap).nullable().default(null),
    figure: oneOrMore(FigureMap).nullable().default(null),
    /** Value tables by name. Cells are compared without case and with single spaces. */
    tables: z.record(z.string(), z.record(z.string(), TableActor)).default({}),
    /** Actors that the map refers to by slug, and that are created if they do not exist. */
    actors: z.array(ActorInput).max(1_000).default([]),
  })
  .superRefine((map, context) => {
    if (map.permit === null && map.event === null && map.figure === null)
      context.addIssue({
        code: 'custom',
        path: [],
        message: 'says nothing about what a row is: give permit, event or figure',
      })
    for (const { path, table } of listTableReferences(map, []))
      if (map.tables[table] === undefined)
        context.addIssue({ code: 'custom', path, message: `there is no table "${table}"` })
  })
export type RegisterMap = z.infer<typeof RegisterMap>
export type TableActor = z.infer<typeof TableActor>

type Path = (string | number)[]

/** The names of value tables in the rules of a map. */
function* listTableReferences(
  node: unknown,
  path: Path,
): Generator<{ path: Path; table: string }, void> {
  if (typeof node !== 'object' || node === null) return
  for (const [name, value] of Object.entries(node)) {
    if (path.length === 0 && !['permit', 'event', 'figure'].includes(name)) continue
    const at = [...path, Array.isArray(node) ? Number(name) : name]
    if (name === 'table' && typeof value === 'string') yield { path: at, table: value }
    else yield* listTableReferences(value, at)
  }
}
