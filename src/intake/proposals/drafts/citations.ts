import type { CitationInput } from '../../../records/model/schema.ts'
import type { Detection, TextRange } from '../reading/detection.ts'
import type { CitedArticle } from './draft-context.ts'

type Voices = CitationInput['voices']

/** Lengths of the context that are tried, in characters on either side. */
const contextLengths = [20, 60, 200, 1_000]
/** Most words added to a name, so that its quote says something. */
const wordsAfterName = 4
const wordPattern = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:[-.&/’'ʼ‑][\p{L}\p{N}\p{M}]+)*/gu

/** A citation of a passage. Prefix and suffix identify a quote that the body has more than once. */
export function createCitation(
  { slug, body }: CitedArticle,
  { start, end }: TextRange,
  field: string | null,
  voices: Voices = [],
): CitationInput {
  const quote = body.slice(start, end)
  const citation = { article: slug, quote, field, voices, confidence: null, fragment: null }
  if (isUnique(body, quote)) return citation
  for (const length of contextLengths) {
    const prefix = trimStart(body.slice(Math.max(0, start - length), start))
    const suffix = trimEnd(body.slice(end, end + length))
    if (isUnique(body, `${prefix}${quote}${suffix}`)) return { ...citation, prefix, suffix }
  }
  return citation
}

/** A name with up to four words after it, within its sentence. */
export function widenQuote(
  { start, end }: TextRange,
  body: string,
  { sentences }: Pick<Detection, 'sentences'>,
): TextRange {
  const sentence = sentences.find((one) => one.start <= start && end <= one.end)
  const rest = body.slice(end, sentence?.end ?? end)
  const words = [...rest.matchAll(wordPattern)].slice(0, wordsAfterName)
  const last = words.at(-1)
  return { start, end: last ? end + last.index + last[0].length : end }
}

const isUnique = (body: string, text: string): boolean =>
  body.indexOf(text) === body.lastIndexOf(text)

/** Without half of a surrogate pair at the cut. */
const trimStart = (text: string): string => text.replace(/^[\udc00-\udfff]/, '')
const trimEnd = (text: string): string => text.replace(/[\ud800-\udbff]$/, '')
