/** Positions in a text; `end` is exclusive. */
type Span = { start: number; end: number; citation: string | null }

/** A stretch of a text that the same citations cover. */
export type CitedRange = { start: number; end: number; citations: string[] }

/**
 * The cited stretches of a text, without overlaps and in order: where citations overlap, the stretch that both cover is a
 * range of its own. Stretches that no citation covers are left out.
 */
export function splitIntoRanges(spans: readonly Span[]): CitedRange[] {
  const cited = spans.filter((span) => span.citation !== null && span.start < span.end)
  const cuts = [...new Set(cited.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b)
  const starting = Map.groupBy(cited, ({ start }) => start)
  const ranges: CitedRange[] = []
  let open: Span[] = []
  for (const [index, start] of cuts.entries()) {
    const end = cuts[index + 1]
    open = [...open.filter((span) => span.end > start), ...(starting.get(start) ?? [])]
    if (end !== undefined && open.length > 0)
      ranges.push({ start, end, citations: open.map(({ citation }) => citation ?? '') })
  }
  return ranges
}
