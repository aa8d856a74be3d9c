import { z } from 'zod'

const Count = z.int().min(0)
const Counts = z.strictObject({ added: Count, changed: Count, renewed: Count, unchanged: Count })

/** The parts of the form; the files are checked as they arrive. */
export const RegisterForm = z
  .strictObject({
    file: z
      .string()
      .describe('The table: CSV, XLSX, XLS, ODS, JSON, NDJSON, or a document with a table.')
      .meta({ format: 'binary' }),
    map: z.string().describe('The map of its columns, a YAML file.').meta({ format: 'binary' }),
    side: z
      .union([z.string(), z.array(z.string()).max(20)])
      .optional()
      .describe('Side tables that the map joins, under the names by which it names them.')
      .meta({ format: 'binary' }),
    dryRun: z
      .enum(['true', 'false'])
      .default('true')
      .describe('`true`: reads and checks everything, and writes nothing.'),
  })
  .meta({ id: 'RegisterForm' })
export type RegisterForm = z.infer<typeof RegisterForm>

export const RegisterImport = z
  .strictObject({
    isDryRun: z.boolean(),
    register: z.string(),
    article: z.string().describe('Slug of the article of this release.'),
    isNewRelease: z.boolean(),
    encoding: z.string(),
    rows: Count,
    added: Count,
    changed: Count,
    renewed: Count,
    unchanged: Count,
    withdrawn: Count,
    records: z.strictObject({ permit: Counts, event: Counts, figure: Counts }),
    skipped: Count.describe('Rows that the map does not use.'),
    kept: z
      .array(z.string())
      .describe('Slugs of permits that the release no longer has, but other records refer to.'),
    notWithdrawn: z.string().nullable().describe('Why nothing was withdrawn.'),
    rejected: Count,
    rejects: z
      .array(
        z.strictObject({
          row: Count,
          line: Count,
          column: z.string(),
          reason: z.string(),
          text: z.string(),
        }),
      )
      .describe('The first rows that are not taken, and why.'),
    leftOpen: z
      .array(z.strictObject({ cell: z.string(), rows: Count, suggestions: z.array(z.string()) }))
      .describe(
        'Cells that a record cannot hold, such as names of no state; the most frequent first.',
      ),
    totals: z
      .array(z.looseObject({}))
      .describe('Totals that the table states, and the sums of its figures.'),
    warnings: z.array(z.string()),
    notes: z.array(z.string()),
    baseRevision: Count,
    otherRevisions: Count.describe('Revisions that others wrote meanwhile.'),
    seconds: z.number(),
    indexSeconds: z.number(),
  })
  .meta({ id: 'RegisterImport', description: 'What an import of a register did, or would do.' })
