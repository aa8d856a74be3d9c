import { type Html, html } from '../parts/html.ts'
import type { Reference } from '../parts/values.ts'
import { texts } from '../texts.ts'

/** A stretch of a text that the same citations cover. Ranges do not overlap. Code points, end exclusive. */
export type CitedRange = { start: number; end: number; citations: string[] }

type CitationSpan = {
  start: number
  end: number
  citation: string | null
  record: Reference | null
  field: string | null
}

/** A cited passage with all facts that it supports. */
export type MarkedPassage = {
  number: number
  start: number
  end: number
  facts: { citation: string; record: Reference | null; field: string | null }[]
}

/** The distinct passages in the order of the text, numbered from 1. */
export function numberPassages(spans: readonly CitationSpan[]): MarkedPassage[] {
  const byPosition = Map.groupBy(spans, ({ start, end }) => `${start} ${end}`)
  return [...byPosition.values()].map((group, index) => ({
    number: index + 1,
    start: group[0]?.start ?? 0,
    end: group[0]?.end ?? 0,
    facts: group.map(({ citation, record, field }) => ({
      citation: citation ?? '',
      record,
      field,
    })),
  }))
}

/** Deeper overlaps look the same. */
const maxDepth = 4

type Segment = { start: number; end: number; depth: number; isUncitable: boolean }

/** The text in paragraphs, with marks. The number at the end of a passage links to its facts. */
export function renderMarkedText(
  body: string,
  ranges: readonly Pick<CitedRange, 'start' | 'end'>[],
  passages: readonly MarkedPassage[],
  uncitable: readonly { start: number; end: number }[],
): Html {
  const characters = Array.from(body)
  const starts = Map.groupBy(passages, ({ start }) => start)
  const ends = Map.groupBy(passages, ({ end }) => end)
  const segments = cutSegments(characters.length, ranges, passages, uncitable)
  const paragraphs: Html[][] = [[]]
  for (const segment of segments)
    for (const [index, { text, start, end }] of splitLines(characters, segment).entries()) {
      if (index > 0) paragraphs.push([])
      const anchors = (starts.get(start) ?? []).map(
        ({ number }) => html`<span id="mark-${number}"></span>`,
      )
      const numbers = (ends.get(end) ?? []).map(
        ({ number, facts }) =>
          html`<a href="#facts-${number}" aria-label="${texts.article.marker(number, facts.length)}">${number}</a>`,
      )
      paragraphs
        .at(-1)
        ?.push(
          html`${start === segment.start ? anchors : null}${renderSegment(text, segment)}${
            numbers.length > 0 && end === segment.end
              ? html`<sup class="markers">${numbers}</sup>`
              : null
          }`,
        )
    }
  return html`${paragraphs
    .filter((parts) => parts.some((part) => String(part).trim() !== ''))
    .map((parts) => html`<p>${parts}</p>`)}`
}

function renderSegment(text: string, { depth, isUncitable }: Segment): Html {
  if (text === '') return html``
  if (isUncitable)
    return html`<span class="uncitable" title="${texts.article.boilerplate}">${text}</span>`
  return depth === 0
    ? html`${text}`
    : html`<mark class="depth-${Math.min(depth, maxDepth)}">${text}</mark>`
}

/** The whole text in stretches that are marked in the same way. */
function cutSegments(
  length: number,
  ranges: readonly Pick<CitedRange, 'start' | 'end'>[],
  passages: readonly MarkedPassage[],
  uncitable: readonly { start: number; end: number }[],
): Segment[] {
  const cuts = new Set([0, length])
  for (const { start, end } of [...ranges, ...uncitable]) {
    cuts.add(Math.min(start, length))
    cuts.add(Math.min(end, length))
  }
  const positions = [...cuts].sort((a, b) => a - b)
  return positions.slice(0, -1).map((start, index) => ({
    start,
    end: positions[index + 1] ?? length,
    depth: passages.filter((passage) => passage.start <= start && start < passage.end).length,
    isUncitable: uncitable.some((span) => span.start <= start && start < span.end),
  }))
}

/** The lines of a segment with their positions. */
function splitLines(characters: readonly string[], { start, end }: Segment) {
  const lines: { text: string; start: number; end: number }[] = []
  let lineStart = start
  for (let index = start; index <= end; index += 1) {
    if (index < end && characters[index] !== '\n') continue
    lines.push({ text: characters.slice(lineStart, index).join(''), start: lineStart, end: index })
    lineStart = index + 1
  }
  return lines
}
