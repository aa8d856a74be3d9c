import { calendar } from '../../answers/timeline/ics.ts'
import { inOrderFrom } from '../../answers/timeline/in-order.ts'
import { timelineJs } from '../../answers/timeline/timelinejs.ts'
import type { Database, Moment } from '../../database/database.ts'
import { primed } from '../../http/streaming.ts'
import { csvOf, tableColumns } from '../../http/table.ts'
import { Citation } from '../../records/citations/schema.ts'
import type { EntryFormat } from '../../records/context.ts'
import { kinds } from '../../records/kinds.ts'
import { Kind } from '../../records/schema.ts'
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

export const caseFormatWords = [...Object.keys(caseFormats), 'timelinejs', 'ics']

async function* lines(batches: AsyncIterable<readonly string[]>) {
  for await (const documents of batches) yield `${documents.join('\n')}\n`
}

/**
 * A whole case in one file, all of it as of one moment. The first records are read before anything is given, so that a
 * fault until then can still be answered.
 */
export async function exportCase(
  database: Database,
  caseId: string,
  format: string,
  given: { base: string; bom: boolean | undefined; leaving: AbortSignal },
): Promise<AsyncIterable<string | Uint8Array>> {
  const moment = await database.moment(given.leaving)
  if (format === 'csv') return closing(moment, tables(database, moment, caseId, given.bom))
  if (format === 'timelinejs' || format === 'ics') {
    const write = format === 'ics' ? calendar : timelineJs
    const events = await primed(timelineOfCase(database.db, moment, caseId))
    return closing(moment, write(inOrderFrom(null, events)))
  }
  const chosen = caseFormats[format]
  if (chosen === undefined) throw new RangeError(`There is no format ${format}.`)
  async function* records() {
    for (const kind of chosen?.kinds ?? [])
      yield* recordsOfCase(database.db, moment, kind, caseId, 'whole')
  }
  try {
    return closing(moment, chosen.write(await primed(records()), given.base))
  } catch (error) {
    await moment.close()
    throw error
  }
}

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
