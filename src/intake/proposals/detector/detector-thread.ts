import { parentPort } from 'node:worker_threads'
import { type Detection, detect } from '../detect/detect.ts'
import type { Draft } from '../drafts/draft.ts'
import { draftRecords } from '../drafts/draft-records.ts'
import type { NamedRecord } from '../queries.ts'
import { loadDictionaries } from '../words/dictionaries.ts'
import { buildLexicon, type Lexicon } from '../words/lexicon.ts'
import type { TextRange } from '../words/sentences.ts'

export type DetectionRequest = {
  /** Names that are new, other or gone since the last question. */
  changedNames: NamedRecord[]
  article: {
    slug: string
    text: string
    stretches: TextRange[]
    published: { earliest: string | null; latest: string | null } | null
  }
}

/** What an answer needs of all that was found; the rest stays here, for handing it over takes time as well. */
export type DetectionResult = {
  found: Pick<Detection, 'mentions' | 'goods' | 'dates' | 'quantities' | 'speech'>
  drafts: Draft[]
}
export type DetectionResponse = { reading: DetectionResult } | { failed: string }

const namedRecords = new Map<string, NamedRecord>()
let currentLexicon: Lexicon | undefined

function runDetection({ changedNames, article }: DetectionRequest): DetectionResult {
  for (const one of changedNames)
    if (one.isLive) namedRecords.set(one.id, one)
    else namedRecords.delete(one.id)
  if (changedNames.length > 0) currentLexicon = undefined
  const words = loadDictionaries()
  currentLexicon ??= buildLexicon(words, [...namedRecords.values()])
  const { slug, text: body, stretches, published } = article
  const found = detect(body, stretches, published, currentLexicon, words)
  const { mentions, goods, dates, quantities, speech } = found
  const drafts = draftRecords(found, { slug, body })
  return { found: { mentions, goods, dates, quantities, speech }, drafts }
}

parentPort?.on('message', (asked: DetectionRequest) => {
  try {
    parentPort?.postMessage({ reading: runDetection(asked) } satisfies DetectionResponse)
  } catch (error) {
    const failed = error instanceof Error ? (error.stack ?? error.message) : String(error)
    parentPort?.postMessage({ failed } satisfies DetectionResponse)
  }
})
