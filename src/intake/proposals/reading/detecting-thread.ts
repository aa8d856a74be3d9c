import { parentPort } from 'node:worker_threads'
import { detect, type Found } from '../detect/detect.ts'
import { type Draft, draftsOf } from '../drafts.ts'
import type { NamedRecord } from '../queries.ts'
import { dictionaries } from '../words/dictionaries.ts'
import { type Lexicon, lexicon } from '../words/lexicon.ts'
import type { Stretch } from '../words/segment.ts'

export type Asked = {
  /** Names that are new, other or gone since the last question. */
  changed: NamedRecord[]
  article: {
    slug: string
    text: string
    stretches: Stretch[]
    published: { earliest: string | null; latest: string | null } | null
  }
}

/** What an answer needs of all that was found; the rest stays here, for handing it over takes time as well. */
export type Reading = {
  found: Pick<Found, 'mentions' | 'goods' | 'dates' | 'quantities' | 'speech'>
  drafts: Draft[]
}
export type Read = { reading: Reading } | { failed: string }

const records = new Map<string, NamedRecord>()
let names: Lexicon | undefined

function read({ changed, article }: Asked): Reading {
  for (const one of changed)
    if (one.isLive) records.set(one.id, one)
    else records.delete(one.id)
  if (changed.length > 0) names = undefined
  const words = dictionaries()
  names ??= lexicon(words, [...records.values()])
  const { slug, text: body, stretches, published } = article
  const found = detect(body, stretches, published, names, words)
  const { mentions, goods, dates, quantities, speech } = found
  const drafts = draftsOf(found, { slug, body })
  return { found: { mentions, goods, dates, quantities, speech }, drafts }
}

parentPort?.on('message', (asked: Asked) => {
  try {
    parentPort?.postMessage({ reading: read(asked) } satisfies Read)
  } catch (error) {
    const failed = error instanceof Error ? (error.stack ?? error.message) : String(error)
    parentPort?.postMessage({ failed } satisfies Read)
  }
})
