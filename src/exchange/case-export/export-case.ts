import { graphStreamWriters } from '../../answers/network/formats/stream-writers.ts'
import { buildFullGraph } from '../../answers/network/full/full-graph.ts'
import { streamEntries } from '../../answers/timeline/entry-stream.ts'
import { streamCalendar } from '../../answers/timeline/ics.ts'
import { TimelineJs } from '../../answers/timeline/schema.ts'
import { streamTimelineJs } from '../../answers/timeline/timelinejs.ts'
import type { Database, DatabaseSnapshot, ExportRequester } from '../../database/database.ts'
import { streamCsv } from '../../http/csv.ts'
import { listFormatSchemas } from '../../http/formats.ts'
import { formatJsonLines } from '../../http/json-lines.ts'
import { awaitFirstItem } from '../../http/response-stream.ts'
import { buildCsvColumns, type TableColumn } from '../../http/tables/columns.ts'
import { streamParquet } from '../../http/tables/parquet.ts'
import { streamXlsx } from '../../http/tables/xlsx.ts'
import { createZip } from '../../http/write-zip.ts'
import { kinds } from '../../records/kinds/all-kinds.ts'
import { Citation } from '../../records/kinds/citations/schema.ts'
import type { EntryFormat } from '../../records/model/entry-format.ts'
import { Kind } from '../../records/model/schema.ts'
import { entryFormats } from '../entry-formats.ts'
import { readCaseCitations, readCaseRecords, readCaseTimeline } from './queries.ts'

/** The kinds of records that a format contains, in their order. */
type CaseFormat = { kinds: readonly Kind[]; write: EntryFormat['write'] }

const allKinds = Kind.options
const { ftm, jsonld } = entryFormats.case

/** One file of one kind of content each; tables, of which there is one for each kind, are made below. */
const caseFormats: Readonly<Record<string, CaseFormat>> = {
  ndjson: { kinds: allKinds, write: writeNdjson },
  jsonld: { kinds: allKinds, write: jsonld.write },
  ftm: { kinds: allKinds, write: ftm.write },
  'ftm-statements': { kinds: allKinds, write: entryFormats.case['ftm-statements'].write },
  'w3c-annotations': { kinds: allKinds, write: entryFormats.case['w3c-annotations'].write },
  geojson: { kinds: ['event'], write: entryFormats.event.geojson.write },
  bibtex: { kinds: ['article'], write: entryFormats.article.bibtex.write },
  'csl-json': { kinds: ['article'], write: entryFormats.article['csl-json'].write },
}

const timelineFormats = { timelinejs: streamTimelineJs, ics: streamCalendar } as const

export const caseFormatSchemas = {
  ...listFormatSchemas(entryFormats.case),
  ...listFormatSchemas(entryFormats.article),
  ...listFormatSchemas(entryFormats.event),
  timelinejs: TimelineJs,
}

export const caseFormatNames = [
  ...Object.keys(caseFormats),
  ...Object.keys(timelineFormats),
  ...Object.keys(graphStreamWriters),
]

async function* writeNdjson(batches: AsyncIterable<readonly string[]>) {
  for await (const jsonTexts of batches) yield formatJsonLines(jsonTexts)
}

type CaseExportOptions = {
  title: string
  baseUrl: string
  bom: boolean | undefined
  requester: ExportRequester
}

/**
 * A whole case in one file, from one database snapshot. Resolves when the first records are read, so that an earlier error can
 * still be answered with a problem.
 */
export async function exportCase(
  database: Database,
  caseId: string,
  format: string,
  options: CaseExportOptions,
): Promise<AsyncIterable<string | Uint8Array>> {
  const snapshot = await database.openSnapshot(options.requester)
  try {
    return closeAfterIteration(
      snapshot,
      await createExport(database, snapshot, caseId, format, options),
    )
  } catch (error) {
    await snapshot.close()
    throw error
  }
}

async function createExport(
  database: Database,
  snapshot: DatabaseSnapshot,
  caseId: string,
  format: string,
  { title, baseUrl, bom }: CaseExportOptions,
): Promise<AsyncIterable<string | Uint8Array>> {
  const tables = listTables(database, snapshot, caseId)
  if (format === 'xlsx') return streamXlsx(tables, baseUrl)
  if (format === 'csv')
    return createTableZip(tables, 'csv', (columns, rows) => streamCsv(columns, rows, { bom }))
  if (format === 'parquet') return createTableZip(tables, 'parquet', streamParquet)
  if (hasFormat(timelineFormats, format)) {
    const events = await awaitFirstItem(readCaseTimeline(database.db, snapshot, caseId))
    return timelineFormats[format](streamEntries(null, events))
  }
  async function* readRecords(recordKinds: readonly Kind[]) {
    for (const kind of recordKinds)
      yield* readCaseRecords(database.db, snapshot, kind, caseId, 'whole')
  }
  if (hasFormat(graphStreamWriters, format)) {
    const { nodes, edges } = buildFullGraph(readRecords)
    return graphStreamWriters[format]({ title, nodes: await awaitFirstItem(nodes), edges })
  }
  const caseFormat = caseFormats[format]
  if (caseFormat === undefined) throw new RangeError(`There is no format ${format}.`)
  return caseFormat.write(await awaitFirstItem(readRecords(caseFormat.kinds)), baseUrl)
}

const hasFormat = <T extends object>(formats: T, format: string): format is keyof T & string =>
  Object.hasOwn(formats, format)

async function* closeAfterIteration<T>(snapshot: DatabaseSnapshot, chunks: AsyncIterable<T>) {
  try {
    yield* chunks
  } finally {
    await snapshot.close()
  }
}

type Table = {
  name: string
  columns: readonly TableColumn[]
  open(): AsyncIterable<readonly string[]>
}

/** A table for each kind of record, and one of the citations. */
const listTables = ({ db }: Database, snapshot: DatabaseSnapshot, caseId: string): Table[] => [
  ...Kind.options.map((kind) => ({
    name: `${kind}s`,
    columns: buildCsvColumns(kinds[kind].listEntrySchema),
    open: () => readCaseRecords(db, snapshot, kind, caseId, 'listed'),
  })),
  {
    name: 'citations',
    columns: buildCsvColumns(Citation),
    open: () => readCaseCitations(db, snapshot, caseId),
  },
]

/** A zip file with a file for each table. */
const createTableZip = (
  tables: readonly Table[],
  extension: string,
  write: (
    columns: readonly TableColumn[],
    rows: AsyncIterable<readonly string[]>,
  ) => AsyncIterable<string | Uint8Array>,
): AsyncIterable<Uint8Array> =>
  createZip(
    tables.map(({ name, columns, open }) => ({
      name: `${name}.${extension}`,
      open: () => write(columns, open()),
    })),
  )
