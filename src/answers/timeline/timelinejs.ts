import { displayDate, stretchOf } from './rules.ts'
import type { Slide, TimelineEntry } from './schema.ts'

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}
const escaped = (text: string): string =>
  text.replaceAll(/[&<>"]/g, (sign) => escapes[sign] ?? sign)

/** Who says so, the one nearest to the fact last: in the order in which one reads it. */
const sayers = (voices: TimelineEntry['citations'][number]['voices']): string =>
  voices
    .map(({ actor, document }) => actor?.name ?? document ?? '')
    .toReversed()
    .join(', citing ')

/** Each quote once, with who says it. */
export function quotesOf({ citations }: TimelineEntry): { quote: string; by: string }[] {
  const quotes = new Map(
    citations.map(({ quote, voices, article }) => [quote, sayers(voices) || article.name]),
  )
  return [...quotes].map(([quote, by]) => ({ quote, by }))
}

/** An event as TimelineJS shows it; null when it has no date, for TimelineJS leaves such out. */
function slideOf(entry: TimelineEntry): Slide | null {
  const { on, title, description, type, slug } = entry
  if (on === null) return null
  const { start, end } = stretchOf(on)
  const quotes = quotesOf(entry).map(
    ({ quote, by }) => `<blockquote>${escaped(quote)}<br>${escaped(by)}</blockquote>`,
  )
  return {
    start_date: start,
    ...(end && { end_date: end }),
    display_date: displayDate(on),
    text: {
      headline: escaped(title),
      text: [
        ...(description === null ? [] : [`<p>${escaped(description)}</p>`]),
        ...(on.reasoning === null ? [] : [`<p><small>${escaped(on.reasoning)}</small></p>`]),
        ...quotes,
      ].join('\n'),
    },
    group: type,
    unique_id: slug,
  }
}

const undatedShown = 20

/** The file as it is written: slides as they come, then what could not be placed. */
export async function* timelineJs(entries: AsyncIterable<TimelineEntry>) {
  const undated: string[] = []
  let undatedCount = 0
  let separator = ''
  yield '{"events":['
  for await (const entry of entries) {
    const slide = slideOf(entry)
    if (slide) {
      yield `${separator}${JSON.stringify(slide)}`
      separator = ',\n'
    } else {
      undatedCount += 1
      if (undated.length < undatedShown) undated.push(entry.title)
    }
  }
  yield undatedCount === 0
    ? ']}'
    : `],"title":${JSON.stringify(undatedTitle(undated, undatedCount))}}`
}

function undatedTitle(titles: readonly string[], count: number): Slide {
  const more = count > titles.length ? `<p>and ${count - titles.length} more</p>` : ''
  return {
    text: {
      headline: count === 1 ? '1 event without a date' : `${count} events without a date`,
      text: `<ul>${titles.map((title) => `<li>${escaped(title)}</li>`).join('')}</ul>${more}`,
    },
  }
}
