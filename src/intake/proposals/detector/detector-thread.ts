import { parentPort } from 'node:worker_threads'
import { indexText } from '../../../evidence/text.ts'
import { readerData } from '../../reader/data.ts'
import { type Lexicon, lexiconOf } from '../../reader/names/lexicon.ts'
import { readText } from '../../reader/read.ts'
import { draftRecords } from '../drafts/draft-records.ts'
import type { KnownPermit, NamedRecord } from '../queries.ts'
import { convertReading } from '../reading/convert-reading.ts'
import type { TextRange } from '../reading/detection.ts'
import { RecordNames } from '../reading/record-names.ts'
import { findCitableRanges, listUnread, readLengthMax } from './citable-ranges.ts'
import { type FindingName, formatDraft, formatFindings } from './format-result.ts'

export type DetectionRequest = {
  /** Names that were added, changed or removed since the last request. */
  changedNames: NamedRecord[]
  article: {
    slug: string
    /** Permits with a number that the text has. */
    knownPermits: KnownPermit[]
    /** The beginning of the body, at least as much as is read. */
    text: string
    /** Of the whole body, in code points. */
    bodyLength: number
    /** BCP 47; null where nobody said it. */
    language: string | null
    /** In code points. */
    uncitable: TextRange[]
    published: { earliest: string | null; latest: string | null } | null
  }
}

/** JSON texts, because copying many objects between threads takes time, and so does formatting them in the main thread. */
export type DetectionResult = {
  /** Each a `ReadDraft`. */
  drafts: string[]
  /** Each the array that the API returns. */
  findings: Record<FindingName, string>
  /** Number of code points that were read. */
  readTo: number
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
  const { slug, text: body, bodyLength, language, uncitable, published, knownPermits } = article
  const text = indexText(body)
  const stretches = findCitableRanges(text, uncitable, bodyLength)
  const reading = readText({ body, stretches, language, published }, currentLexicon, data)
  const detection = convertReading(reading, body, recordNames)
  const findings = formatFindings(detection, text)
  return {
    drafts: draftRecords(detection, { slug, body }, knownPermits).map((draft) =>
      JSON.stringify(formatDraft(draft, text)),
    ),
    findings: {
      mentions: JSON.stringify(findings.mentions),
      dates: JSON.stringify(findings.dates),
      quantities: JSON.stringify(findings.quantities),
      speech: JSON.stringify(findings.speech),
    },
    readTo: text.toCodePoints(Math.min(body.length, readLengthMax)),
    language: reading.language,
    notRead: [...reading.notRead, ...listUnread(text, uncitable, bodyLength)],
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
