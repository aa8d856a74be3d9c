import type { NamedRecord } from '../../../src/intake/proposals/queries.ts'
import { convertReading } from '../../../src/intake/proposals/reading/convert-reading.ts'
import type { Detection } from '../../../src/intake/proposals/reading/detection.ts'
import { RecordNames } from '../../../src/intake/proposals/reading/record-names.ts'
import { readerData } from '../../../src/intake/reader/data.ts'
import { lexiconOf } from '../../../src/intake/reader/names/lexicon.ts'
import { readText } from '../../../src/intake/reader/read.ts'

export const createKnown = (
  known: Partial<NamedRecord> & Pick<NamedRecord, 'name'>,
): NamedRecord => ({
  id: known.name,
  revision: 1,
  isLive: true,
  kind: 'actor',
  slug: known.name.toLowerCase(),
  aliases: [],
  type: 'company',
  country: null,
  ...known,
})

/** Reads an English article of a given ISO day. */
export function readArticle(
  body: string,
  { known = [], day = null }: { known?: readonly NamedRecord[]; day?: string | null } = {},
): Detection {
  const names = new RecordNames()
  names.update(known)
  const published = day === null ? null : { earliest: day, latest: day }
  const data = readerData()
  const reading = readText({ body, language: 'en', published }, lexiconOf(data, known), data)
  return convertReading(reading, body, names)
}
