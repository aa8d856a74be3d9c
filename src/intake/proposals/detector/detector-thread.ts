import { parentPort } from 'node:worker_threads'
import { readerData } from '../../reader/data.ts'
import { type Lexicon, lexiconOf } from '../../reader/names/lexicon.ts'
import { readText } from '../../reader/read.ts'
import type { Draft } from '../drafts/draft.ts'
import { draftRecords } from '../drafts/draft-records.ts'
import type { KnownPermit, NamedRecord } from '../queries.ts'
import { convertReading } from '../reading/convert-reading.ts'
import type { Detection, TextRange } from '../reading/detection.ts'
import { RecordNames } from '../reading/record-names.ts'

export type DetectionRequest = {
  /** Names that were added, changed or removed since the last request. */
  changedNames: NamedRecord[]
  article: {
    slug: string
    /** Permits with a number that the text has. */
    knownPermits: KnownPermit[]
    text: string
    /** BCP 47; null where nobody said it. */
    language: string | null
    citable: TextRange[]
    published: { earliest: string | null; latest: string | null } | null
  }
}

/** The part of a detection that the API returns. The rest is not posted, because copying it takes time. */
export type DetectionResult = {
  detection: Pick<Detection, 'mentions' | 'goods' | 'dates' | 'quantities' | 'speech'>
  drafts: Draft[]
  /** The language that the text was taken for. */
  language: string
  /** What of it was not read, in words. */
  notRead: string[]
}
/** `failed` is the stack of an error. */
export type DetectionResponse = { result: DetectionResult } | { failed: string }

const recordNames = new RecordNames()
let currentLexicon: Lexicon | undefined

function runDetection({ changedNames, article }: DetectionRequest): DetectionResult {
  recordNames.update(changedNames)
  if (changedNames.length > 0) currentLexicon = undefined
  const data = readerData()
  currentLexicon ??= lexiconOf(data, recordNames.list())
  const { slug, text: body, language, citable, published, knownPermits } = article
  const reading = readText({ body, stretches: citable, language, published }, currentLexicon, data)
  const detection = convertReading(reading, body, recordNames)
  const { mentions, goods, dates, quantities, speech } = detection
  const drafts = draftRecords(detection, { slug, body }, knownPermits)
  return {
    detection: { mentions, goods, dates, quantities, speech },
    drafts,
    language: reading.language,
    notRead: reading.notRead,
  }
}

parentPort?.on('message', (request: DetectionRequest) => {
  try {
    parentPort?.postMessage({ result: runDetection(request) } satisfies DetectionResponse)
  } catch (error) {
    const failed = error instanceof Error ? (error.stack ?? error.message) : String(error)
    parentPort?.postMessage({ failed } satisfies DetectionResponse)
  }
})
