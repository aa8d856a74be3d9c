import { LRUCache } from 'lru-cache'
import type { Tx } from '../../../database/transaction.ts'
import { checkCitation, type Span } from '../../../evidence/quote-anchor.ts'
import { type IndexedText, indexText } from '../../../evidence/text.ts'
import { isUncitable } from '../../../records/kinds/articles/schema.ts'
import { loadTextRange } from '../../../records/model/article-texts.ts'
import { throwBadBundle } from '../reader/bad-bundle.ts'
import type { Bundle } from '../reader/read-bundle.ts'
import type { BundledCitation, BundledRecord } from '../schema.ts'

/** A text, or a stretch of a long one: where it starts, in code points, and what of it nothing may cite. */
type TextWindow = { text: IndexedText; start: number; uncitable: Span[] }

/** More than a citation keeps of what stands beside its quote. */
const minContextLength = 64
const maxWindows = 16

/**
 * Holds quotes against the texts that came with them. `meet` an article before its citations. Whole texts are kept up to a
 * bound; of long ones, whose parts are here by now, the last stretches: records cite them mostly in their order.
 */
export function createQuoteChecker(tx: Tx, bundle: Bundle) {
  const uncitable = new Map<string, Span[]>()
  const fullTexts = new LRUCache<string, TextWindow>({
    maxSize: 32 * 1_048_576,
    sizeCalculation: ({ text }) => text.text.length * 2 + 1_000,
  })
  let windows: { article: string; end: number; stretch: TextWindow }[] = []

  const loadFullText = async (article: string): Promise<TextWindow> => {
    const known = fullTexts.get(article)
    if (known) return known
    const { body } = await bundle.readArticle(article)
    const window = { text: indexText(body), start: 0, uncitable: uncitable.get(article) ?? [] }
    fullTexts.set(article, window)
    return window
  }
  const loadWindow = async ({ article, start, end }: BundledCitation): Promise<TextWindow> => {
    const known = windows.find(
      (one) =>
        one.article === article &&
        one.stretch.start <= Math.max(0, start - minContextLength) &&
        one.end >= end + minContextLength,
    )
    if (known) return known.stretch
    const read = await loadTextRange(tx.db, article, start, end)
    const text = indexText(read.text)
    const last = read.start + text.length
    const uncitableInWindow = (uncitable.get(article) ?? [])
      .filter((span) => span.start < last && span.end > read.start)
      .map((span) => ({
        start: Math.max(0, span.start - read.start),
        end: Math.min(text.length, span.end - read.start),
      }))
    const window = { text, start: read.start, uncitable: uncitableInWindow }
    windows = [{ article, end: last, stretch: window }, ...windows].slice(0, maxWindows)
    return window
  }

  return {
    addArticle(article: string, spans: unknown) {
      uncitable.set(
        article,
        (spans as { type: string; start: number; end: number }[]).filter(isUncitable),
      )
    },
    /** @throws {BadBundle} naming the citation */
    async check({ kind, record }: BundledRecord, citation: BundledCitation): Promise<void> {
      const { id, article, start, end, state } = citation
      if (state !== 'anchored') return
      const location = `records.ndjson: citation ${id} of the ${kind} ${record.slug}`
      if (!uncitable.has(article))
        throwBadBundle(`${location}: the text of its article is missing.`)
      const window = bundle.isLongArticle(article)
        ? await loadWindow(citation)
        : await loadFullText(article)
      const relativeCitation = { ...citation, start: start - window.start, end: end - window.start }
      const result = checkCitation(window.text, relativeCitation, window.uncitable)
      if (!result.holds) throwBadBundle(`${location}: ${result.reason}`)
    },
  }
}
