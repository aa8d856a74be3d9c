import { formatDateWithSource, toDateRange } from './rules.ts'
import type { Slide, TimelineEntry } from './schema.ts'

const htmlEscapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}
const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"]/g, (sign) => htmlEscapes[sign] ?? sign)

/** Who says so, the one nearest to the fact last: in the order in which one reads it. */
const formatVoices = (voices: TimelineEntry['citations'][number]['voices']): string =>
  voices
    .map(({ actor, document }) => actor?.name ?? document ?? '')
    .toReversed()
    .join(', citing ')

/** Each quote once, with who says it. */
export function listQuotes({ citations }: TimelineEntry): { quote: string; by: string }[] {
  const quotes = new Map(
    citations.map(({ quote, voices, article }) => [quote, formatVoices(voices) || article.name]),
  )
  return [...quotes].map(([quote, by]) => ({ quote, by }))
}

/** An event as TimelineJS shows it; null when it has no date, for TimelineJS leaves such out. */
function toSlide(entry: TimelineEntry): Slide | null {
  const { on, title, description, type, slug } = entry
  if (on === null) return null
  const { start, end } = toDateRange(on)
  const quotes = listQuotes(entry).map(
    ({ quote, by }) => `<blockquote>${escapeHtml(quote)}<br>${escapeHtml(by)}</blockquote>`,
  )
  return {
    start_date: start,
    ...(end && { end_date: end }),
    display_date: formatDateWithSource(on),
    text: {
      headline: escapeHtml(title),
      text: [
        ...(description === null ? [] : [`<p>${escapeHtml(description)}</p>`]),
        ...(on.reasoning === null ? [] : [`<p><small>${escapeHtml(on.reasoning)}</small></p>`]),
        ...quotes,
      ].join('\n'),
    },
    group: type,
    unique_id: slug,
  }
}

const undatedShownMax = 20

/** The file as it is written: slides as they come, then what could not be placed. */
export async function* streamTimelineJs(entries: AsyncIterable<TimelineEntry>) {
  const undated: string[] = []
  let undatedCount = 0
  let separator = ''
  yield '{"events":['
  for await (const entry of entries) {
    const slide = toSlide(entry)
    if (slide) {
      yield `${separator}${JSON.stringify(slide)}`
      separator = ',\n'
    } else {
      undatedCount += 1
      if (undated.length < undatedShownMax) undated.push(entry.title)
    }
  }
  yield undatedCount === 0
    ? ']}'
    : `],"title":${JSON.stringify(buildUndatedSlide(undated, undatedCount))}}`
}

function buildUndatedSlide(titles: readonly string[], count: number): Slide {
  const more = count > titles.length ? `<p>and ${count - titles.length} more</p>` : ''
  return {
    text: {
      headline: count === 1 ? '1 event without a date' : `${count} events without a date`,
      text: `<ul>${titles.map((title) => `<li>${escapeHtml(title)}</li>`).join('')}</ul>${more}`,
    },
  }
}
