import { parentPort } from 'node:worker_threads'
import { type Detection, detect } from '../detect/detect.ts'
import type { Draft } from '../drafts/draft.ts'
import { draftRecords } from '../drafts/draft-records.ts'
import type { NamedRecord } from '../queries.ts'
import { loadDictionaries } from '../words/dictionaries.ts'
import { buildLexicon, type Lexicon } from '../words/lexicon.ts'
import type { TextRange } from '../words/sentences.ts'

export type DetectionRequest = {
  /** Names that were added, changed or removed since the last request. */
  changedNames: NamedRecord[]
  article: {
    slug: string
    text: string
    citable: TextRange[]
    published: { earliest: string | null; latest: string | null } | null
  }
}

/** The part of a detection that the API returns. The rest is not posted, because copying it takes time. */
export type DetectionResult = {
  detection: Pick<Detection, 'mentions' | 'goods' | 'dates' | 'quantities' | 'speech'>
  drafts: Draft[]
}
/** `failed` is the stack of an error. */
export type DetectionResponse = { result: DetectionResult } | { failed: string }

const namedRecords = new Map<string, NamedRecord>()
let currentLexicon: Lexicon | undefined

function runDetection({ changedNames, article }: DetectionRequest): DetectionResult {
  for (const record of changedNames)
    if (record.isLive) namedRecords.set(record.id, record)
    else namedRecords.delete(record.id)
  if (changedNames.length > 0) currentLexicon = undefined
  const words = loadDictionaries()
  currentLexicon ??= buildLexicon(words, [...namedRecords.values()])
  const { slug, text: body, citable, published } = article
  const detection = detect(body, citable, published, currentLexicon, words)
  const { mentions, goods, dates, quantities, speech } = detection
  const drafts = draftRecords(detection, { slug, body })
  return { detection: { mentions, goods, dates, quantities, speech }, drafts }
}

parentPort?.on('message', (request: DetectionRequest) => {
  try {
    parentPort?.postMessage({ result: runDetection(request) } satisfies DetectionResponse)
  } catch (error) {
    const failed = error instanceof Error ? (error.stack ?? error.message) : String(error)
    parentPort?.postMessage({ failed } satisfies DetectionResponse)
  }
})
