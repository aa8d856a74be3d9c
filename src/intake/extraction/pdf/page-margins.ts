import { removeMarks } from '../marks/marked-text.ts'
import { type Fragment, groupByBaseline } from './fragments.ts'

/** A page with its upright text; the height in points. */
export type PdfPage = { fragments: readonly Fragment[]; height: number }
type MarginType = 'header' | 'footer'
type MarginLine = { text: string; y: number; size: number; fragments: readonly Fragment[] }
type PageLayout = { lines: readonly MarginLine[]; height: number }

/** A line outside the text of a page, and how it was recognised. */
export type PageMargin = MarginLine & { type: MarginType; note: string }

/** Share of the height of a page in which headers and footers stand. */
const marginShare = 0.12
const edgeLines = 2

/** "3", "- 3 -", "Page 3 of 12", "iv". */
const pageNumberPattern =
  /^[-–—\s|]*(?:(?:page|seite|p\.|pagina|página|sida|sayfa)\s*)?(?:\d{1,4}|[ivxl]{1,6})(?:\s*(?:of|\/|von|sur|de|di|van|av)\s*\d{1,4})?[-–—\s|]*$/i

/** Makes lines equal that differ only in their page number. */
const maskDigits = ({ text }: MarginLine): string =>
  text.toLowerCase().replaceAll(/\d+/g, '#').replaceAll(/\s+/g, ' ')

/**
 * The headers and footers of each page: lines at its edge that are repeated on other pages, and page numbers.
 *
 * @returns for each page its headers and footers, from top to bottom
 */
export function findPageMargins(pages: readonly PdfPage[]): PageMargin[][] {
  const layouts = pages.map(({ fragments, height }) => ({
    lines: buildMarginLines(fragments),
    height,
  }))
  const repeated = countRepeated(layouts, listEdgeLines)
  const inMargin = countRepeated(layouts, listMarginLines)
  const edgeMin = Math.max(3, pages.length / 2)
  const marginMin = Math.max(2, Math.floor(pages.length / 3))
  return layouts.map((layout) => {
    const found = new Map<MarginLine, PageMargin>()
    for (const [line, type] of listEdgeLines(layout))
      if ((repeated.get(maskDigits(line)) ?? 0) >= edgeMin)
        found.set(line, { ...line, type, note: 'repeated on most pages' })
    for (const [line, type] of listMarginLines(layout)) {
      if (found.has(line)) continue
      const count = inMargin.get(maskDigits(line)) ?? 0
      if (pageNumberPattern.test(line.text)) found.set(line, { ...line, type, note: 'page number' })
      else if (count >= marginMin)
        found.set(line, { ...line, type, note: `repeated on ${count} pages` })
    }
    return [...found.values()].toSorted((one, other) => one.y - other.y)
  })
}

const buildMarginLines = (fragments: readonly Fragment[]): MarginLine[] =>
  groupByBaseline(fragments).map((line) => ({
    text: removeMarks(line.map(({ text }) => text.trim()).join(' ')),
    y: line[0]?.y ?? 0,
    size: Math.max(...line.map(({ size }) => size)),
    fragments: line,
  }))

function countRepeated(
  pages: readonly PageLayout[],
  list: (page: PageLayout) => readonly (readonly [MarginLine, MarginType])[],
): Map<string, number> {
  const counts = new Map<string, number>()
  for (const page of pages)
    for (const text of new Set(list(page).map(([line]) => maskDigits(line))))
      counts.set(text, (counts.get(text) ?? 0) + 1)
  return counts
}

/** The first and the last two lines. */
function listEdgeLines({ lines }: PageLayout): [MarginLine, MarginType][] {
  return lines.flatMap((line, index): [MarginLine, MarginType][] => {
    if (index < edgeLines && index < lines.length - index) return [[line, 'header']]
    return index >= lines.length - edgeLines ? [[line, 'footer']] : []
  })
}

/** The lines near the upper and the lower edge that stand apart from the text. */
function listMarginLines({ lines, height }: PageLayout): [MarginLine, MarginType][] {
  return lines.flatMap((line, index): [MarginLine, MarginType][] => {
    const isApart = (other: MarginLine | undefined): boolean =>
      other === undefined || Math.abs(other.y - line.y) > 1.6 * line.size
    if (line.y < height * marginShare && index < edgeLines && isApart(lines[index + 1]))
      return [[line, 'header']]
    const isLast = index >= lines.length - edgeLines
    if (line.y > height * (1 - marginShare) && isLast && isApart(lines[index - 1]))
      return [[line, 'footer']]
    return []
  })
}
