import { escapeHtml } from '../../http/escape-html.ts'
import { formatDateWithSource, toDateRange } from './rules.ts'
import type { Slide, TimelineEntry } from './schema.ts'

/** The speakers in reading order: the one nearest to the fact comes last. */
const formatVoices = (voices: TimelineEntry['citations'][number]['voices']): string =>
  voices
    .map(({ actor, document }) => actor?.name ?? document ?? '')
    .toReversed()
    .join(', citing ')

/** Each distinct quote with its speakers, or with its article when nobody is quoted. */
export function listQuotes({ citations }: TimelineEntry): { quote: string; speaker: string }[] {
  const speakerByQuote = new Map(
    citations.map(({ quote, voices, article }) => [quote, formatVoices(voices) || article.name]),
  )
  return [...speakerByQuote].map(([quote, speaker]) => ({ quote, speaker }))
}

/** Null for an event without a date: TimelineJS cannot show it. */
function toSlide(entry: TimelineEntry): Slide | null {
  const { on, title, description, type, slug } = entry
  if (on === null) return null
  const { start, end } = toDateRange(on)
  const quotes = listQuotes(entry).map(
    ({ quote, speaker }) =>
      `<blockquote>${escapeHtml(quote)}<br>${escapeHtml(speaker)}</blockquote>`,
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

/** The JSON file in pieces: the slides, then a title slide that names the first undated events. */
export async function* streamTimelineJs(entries: AsyncIterable<TimelineEntry>) {
  const undatedTitles: string[] = []
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
      if (undatedTitles.length < undatedShownMax) undatedTitles.push(entry.title)
    }
  }
  yield undatedCount === 0
    ? ']}'
    : `],"title":${JSON.stringify(buildUndatedSlide(undatedTitles, undatedCount))}}`
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
