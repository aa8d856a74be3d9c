import { graphStreamWriters } from '../../answers/network/formats/stream-writers.ts'
import { buildFullGraph } from '../../answers/network/full/full-graph.ts'
import { streamEntries } from '../../answers/timeline/entry-stream.ts'
import { streamCalendar } from '../../answers/timeline/ics.ts'
import { streamTimelineJs } from '../../answers/timeline/timelinejs.ts'
import type { Database, DatabaseSnapshot, ExportRequester } from '../../database/database.ts'
import { buildCsvColumns, streamCsv } from '../../http/csv.ts'
import { awaitFirstItem } from '../../http/response-stream.ts'
import { kinds } from '../../records/kinds/all-kinds.ts'
import { Citation } from '../../records/kinds/citations/schema.ts'
import type { EntryFormat } from '../../records/model/entry-format.ts'
import { Kind } from '../../records/model/schema.ts'
import { entryFormats } from '../entry-formats.ts'
import { createZip } from '../zip/write-zip.ts'
import { readCaseCitations, readCaseRecords, readCaseTimeline } from './queries.ts'

/** The kinds of records that a format contains, in their order. */
type CaseFormat = { kinds: readonly Kind[]; write: EntryFormat['write'] }

const allKinds = Kind.options
const { ftm, jsonld } = entryFormats.case

/** Formats with one file. `csv` has one file per kind: see `createCsvZip`. */
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

export const caseFormatNames = [
  ...Object.keys(caseFormats),
  ...Object.keys(timelineFormats),
  ...Object.keys(graphStreamWriters),
]

async function* writeNdjson(batches: AsyncIterable<readonly string[]>) {
  for await (const jsonTexts of batches) yield `${jsonTexts.join('\n')}\n`
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
  if (format === 'csv') return createCsvZip(database, snapshot, caseId, bom)
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

/** A zip file with a CSV file for each kind of record and one for the citations. */
function createCsvZip(
  { db }: Database,
  snapshot: DatabaseSnapshot,
  caseId: string,
  bom: boolean | undefined,
): AsyncIterable<Uint8Array> {
  const openRecords = (kind: Kind) => {
    const columns = buildCsvColumns(kinds[kind].listEntrySchema)
    return streamCsv(columns, readCaseRecords(db, snapshot, kind, caseId, 'listed'), { bom })
  }
  return createZip([
    ...Kind.options.map((kind) => ({
      name: `${kind}s.csv`,
      open: () => openRecords(kind),
    })),
    {
      name: 'citations.csv',
      open: () =>
        streamCsv(buildCsvColumns(Citation), readCaseCitations(db, snapshot, caseId), { bom }),
    },
  ])
}
