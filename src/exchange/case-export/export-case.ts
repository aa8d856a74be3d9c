import { graphFormats } from '../../answers/network/formats/streamed.ts'
import { wholeGraph } from '../../answers/network/whole/whole-graph.ts'
import { calendar } from '../../answers/timeline/ics.ts'
import { inOrderFrom } from '../../answers/timeline/in-order.ts'
import { timelineJs } from '../../answers/timeline/timelinejs.ts'
import type { Database, Moment } from '../../database/database.ts'
import { primed } from '../../http/streaming.ts'
import { csvOf, tableColumns } from '../../http/table.ts'
import { kinds } from '../../records/kinds/all-kinds.ts'
import { Citation } from '../../records/kinds/citations/schema.ts'
import type { EntryFormat } from '../../records/model/entry-format.ts'
import { Kind } from '../../records/model/schema.ts'
import { entryFormats } from '../entry-formats.ts'
import { zipOf } from '../zip/write-zip.ts'
import { citationsOfCase, recordsOfCase, timelineOfCase } from './queries.ts'

/** What a format of a whole case is made of: the records of these kinds, in this order. */
type CaseFormat = { kinds: readonly Kind[]; write: EntryFormat['write'] }

const every = Kind.options
const { ftm, jsonld } = entryFormats.case

/** One file of one kind of content each; `csv`, which is a file a kind, is made below. */
const caseFormats: Readonly<Record<string, CaseFormat>> = {
  ndjson: { kinds: every, write: lines },
  jsonld: { kinds: every, write: jsonld.write },
  ftm: { kinds: every, write: ftm.write },
  'ftm-statements': { kinds: every, write: entryFormats.case['ftm-statements'].write },
  'w3c-annotations': { kinds: every, write: entryFormats.case['w3c-annotations'].write },
  geojson: { kinds: ['event'], write: entryFormats.event.geojson.write },
  bibtex: { kinds: ['article'], write: entryFormats.article.bibtex.write },
  'csl-json': { kinds: ['article'], write: entryFormats.article['csl-json'].write },
}

const timelines = { timelinejs: timelineJs, ics: calendar } as const

export const caseFormatWords = [
  ...Object.keys(caseFormats),
  ...Object.keys(timelines),
  ...Object.keys(graphFormats),
]

async function* lines(batches: AsyncIterable<readonly string[]>) {
  for await (const documents of batches) yield `${documents.join('\n')}\n`
}

type Given = { title: string; base: string; bom: boolean | undefined; leaving: AbortSignal }

/**
 * A whole case in one file, all of it as of one moment. The first records are read before anything is given, so that a
 * fault until then can still be answered.
 */
export async function exportCase(
  database: Database,
  caseId: string,
  format: string,
  given: Given,
): Promise<AsyncIterable<string | Uint8Array>> {
  const moment = await database.moment(given.leaving)
  try {
    return closing(moment, await fileOf(database, moment, caseId, format, given))
  } catch (error) {
    await moment.close()
    throw error
  }
}

async function fileOf(
  database: Database,
  moment: Moment,
  caseId: string,
  format: string,
  { title, base, bom }: Given,
): Promise<AsyncIterable<string | Uint8Array>> {
  if (format === 'csv') return tables(database, moment, caseId, bom)
  if (isOneOf(timelines, format)) {
    const events = await primed(timelineOfCase(database.db, moment, caseId))
    return timelines[format](inOrderFrom(null, events))
  }
  async function* records(wanted: readonly Kind[]) {
    for (const kind of wanted) yield* recordsOfCase(database.db, moment, kind, caseId, 'whole')
  }
  if (isOneOf(graphFormats, format)) {
    const { nodes, edges } = wholeGraph(records)
    return graphFormats[format]({ title, nodes: await primed(nodes), edges })
  }
  const chosen = caseFormats[format]
  if (chosen === undefined) throw new RangeError(`There is no format ${format}.`)
  return chosen.write(await primed(records(chosen.kinds)), base)
}

const isOneOf = <T extends object>(formats: T, word: string): word is keyof T & string =>
  Object.hasOwn(formats, word)

async function* closing<T>(moment: Moment, pieces: AsyncIterable<T>) {
  try {
    yield* pieces
  } finally {
    await moment.close()
  }
}

/** A CSV file for each kind of record, and one of the citations, in a zip file. */
function tables(
  { db }: Database,
  moment: Moment,
  caseId: string,
  bom: boolean | undefined,
): AsyncIterable<Uint8Array> {
  return zipOf([
    ...Kind.options.map((kind) => ({
      name: `${kind}s.csv`,
      open: () =>
        csvOf(tableColumns(kinds[kind].listed), recordsOfCase(db, moment, kind, caseId, 'listed'), {
          bom,
        }),
    })),
    {
      name: 'citations.csv',
      open: () => csvOf(tableColumns(Citation), citationsOfCase(db, moment, caseId), { bom }),
    },
  ])
}
