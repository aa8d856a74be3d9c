import { type ExtractedSpan, sortSpans } from '../document.ts'
import { describeTurn, type RecognisedPage } from '../ocr/recognition.ts'

/** A span for each page instead of those of its paragraphs. */
export function addPageSpans(
  spans: readonly ExtractedSpan[],
  recognised: readonly RecognisedPage[],
): ExtractedSpan[] {
  const turns = new Map(recognised.map(({ page, turnedBy }) => [page, turnedBy]))
  const pageSpans = [...Map.groupBy(spans, ({ page }) => page)].flatMap(([page, ofPage]) =>
    page === null
      ? []
      : [
          {
            type: 'page' as const,
            start: Math.min(...ofPage.map(({ start }) => start)),
            end: Math.max(...ofPage.map(({ end }) => end)),
            page,
            note: describeTurn(turns.get(page) ?? 0),
            confidence: null,
          },
        ],
  )
  return sortSpans([...pageSpans, ...spans.filter(({ type }) => type !== 'article')])
}
