import { LRUCache } from 'lru-cache'
import type { Tx } from '../../../database/transaction.ts'
import { checkCitation, type Span } from '../../../evidence/quote-anchor.ts'
import { type IndexedText, indexText } from '../../../evidence/text.ts'
import { isUncitable } from '../../../records/kinds/articles/schema.ts'
import { loadTextRange } from '../../../records/model/article-texts.ts'
import { throwBadBundle } from '../reader/bad-bundle.ts'
import type { Bundle } from '../reader/read-bundle.ts'
import type { BundledCitation, BundledRecord } from '../schema.ts'

/** A range of a text. `start` and `end` in code points of the text, `uncitable` in code points of the range. */
type TextWindow = { text: IndexedText; start: number; end: number; uncitable: Span[] }

/** More code points than the prefix or suffix of a citation has. */
const minContextLength = 64
const maxWindows = 16
const fullTextsMaxBytes = 32 * 1_048_576

/**
 * Checks quotes against the texts in the bundle. Call `addArticle` before checking citations of the article. Short texts are
 * cached; of long texts, which must be stored before, the last ranges read are kept: records mostly cite them in order.
 */
export function createQuoteChecker(tx: Tx, bundle: Bundle) {
  const uncitableSpans = new Map<string, Span[]>()
  const recognisedSpans = new Map<string, Span[]>()
  const fullTexts = new LRUCache<string, TextWindow>({
    maxSize: fullTextsMaxBytes,
    sizeCalculation: ({ text }) => text.text.length * 2 + 1_000,
  })
  let recentWindows: { article: string; window: TextWindow }[] = []

  const loadFullText = async (article: string): Promise<TextWindow> => {
    const cached = fullTexts.get(article)
    if (cached) return cached
    const { body } = await bundle.readArticle(article)
    const text = indexText(body)
    const uncitable = uncitableSpans.get(article) ?? []
    const window = { text, start: 0, end: text.length, uncitable }
    fullTexts.set(article, window)
    return window
  }
  const loadWindow = async ({ article, start, end }: BundledCitation): Promise<TextWindow> => {
    const recent = recentWindows.find(
      ({ article: windowArticle, window }) =>
        windowArticle === article &&
        window.start <= Math.max(0, start - minContextLength) &&
        window.end >= end + minContextLength,
    )
    if (recent) return recent.window
    const range = await loadTextRange(tx.db, article, start, end)
    const text = indexText(range.text)
    const rangeEnd = range.start + text.length
    const uncitable = (uncitableSpans.get(article) ?? [])
      .filter((span) => span.start < rangeEnd && span.end > range.start)
      .map((span) => ({
        start: Math.max(0, span.start - range.start),
        end: Math.min(text.length, span.end - range.start),
      }))
    const window = { text, start: range.start, end: rangeEnd, uncitable }
    recentWindows = [{ article, window }, ...recentWindows].slice(0, maxWindows)
    return window
  }

  return {
    addArticle(article: string, spans: unknown) {
      const typedSpans = spans as { type: string; start: number; end: number }[]
      uncitableSpans.set(article, typedSpans.filter(isUncitable))
      recognisedSpans.set(
        article,
        typedSpans.filter(({ type }) => type === 'ocr'),
      )
    },
    /** @throws {BadBundle} naming the citation */
    async check({ kind, record }: BundledRecord, citation: BundledCitation): Promise<void> {
      const { id, article, start, end, state } = citation
      if (state !== 'anchored') return
      const location = `records.ndjson: citation ${id} of the ${kind} ${record.slug}`
      if (!uncitableSpans.has(article))
        throwBadBundle(`${location}: the text of its article is missing.`)
      const isRecognised = recognisedSpans
        .get(article)
        ?.some((span) => span.start < end && span.end > start)
      if ((citation.source === 'ocr') !== (isRecognised === true))
        throwBadBundle(
          `${location}: its source is "${citation.source}", which the spans of its article contradict.`,
        )
      const window = bundle.isLongArticle(article)
        ? await loadWindow(citation)
        : await loadFullText(article)
      const relativeCitation = { ...citation, start: start - window.start, end: end - window.start }
      const result = checkCitation(window.text, relativeCitation, window.uncitable)
      if (!result.holds) throwBadBundle(`${location}: ${result.reason}`)
    },
  }
}
