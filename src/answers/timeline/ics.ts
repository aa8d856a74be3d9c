import { formatDateInWords } from '../../evidence/words.ts'
import { formatDateWithSource, isCertainDay } from './rules.ts'
import type { TimelineEntry } from './schema.ts'
import { listQuotes } from './timelinejs.ts'

type Ical = typeof import('ical.js').default

/** Loaded on first use only. */
async function loadIcal(): Promise<Ical> {
  const { default: ical } = await import('ical.js')
  // RFC 5545, 3.1: lines of 75 octets. The library does not count the space at the start of a continued line.
  ical.foldLength = 74
  return ical
}

const eol = '\r\n'

/** RFC 5545, 3.3.11: tab is the only control character in a text, and a line break is `\n`. */
const cleanText = (value: string): string =>
  value
    .toWellFormed()
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/(?![\t\n])\p{Cc}/gu, '\uFFFD')

const dayAfter = (isoDay: string): string =>
  new Date(Date.parse(isoDay) + 86_400_000).toISOString().slice(0, 10)

/** First and last possible day. If one of them is open, the other is used for both. */
const findAllDayBounds = ({ earliest, latest }: NonNullable<TimelineEntry['on']>) =>
  [earliest ?? latest ?? '', latest ?? earliest ?? ''] as const

/**
 * A calendar component. If the date is not one certain day, the event is `TENTATIVE` and its title shows the date. An event
 * without a date becomes a journal entry, which needs none (RFC 5545, 3.6.3).
 *
 * @param changedAt ISO instant of the last change of the record (RFC 5545, 3.8.7.2)
 */
function buildComponent(ical: Ical, entry: TimelineEntry, changedAt: string): string {
  const { id, type, title, on, description, place, href } = entry
  const component = new ical.Component(on === null ? 'vjournal' : 'vevent')
  const add = (name: string, value: unknown) =>
    component.addPropertyWithValue(name, typeof value === 'string' ? cleanText(value) : value)
  const changed = ical.Time.fromJSDate(new Date(changedAt), true)
  add('uid', `urn:uuid:${id}`)
  add('dtstamp', changed)
  add('last-modified', changed)
  const isCertain = on !== null && isCertainDay(on)
  add('summary', on === null || isCertain ? title : `${title} (${formatDateInWords(on)})`)
  if (on !== null) {
    const [first, last] = findAllDayBounds(on)
    // As jCal (RFC 7265): the date type of the library drops the leading zeros of a year such as 0999.
    component.addProperty(new ical.Property(['dtstart', {}, 'date', first]))
    // RFC 5545, 3.6.1: the end is exclusive.
    if (last < '9999-12-31')
      component.addProperty(new ical.Property(['dtend', {}, 'date', dayAfter(last)]))
    add('status', isCertain ? 'CONFIRMED' : 'TENTATIVE')
    add('transp', 'TRANSPARENT')
    add('x-casefile-edtf', on.edtf)
  }
  add('categories', type)
  const quotes = listQuotes(entry).map(({ quote, speaker }) => `“${quote}” (${speaker})`)
  const lines = [
    ...(description === null ? [] : [description]),
    ...(on === null ? [] : [`Date: ${formatDateWithSource(on)}`]),
    ...(on?.reasoning == null ? [] : [on.reasoning]),
    ...quotes,
    href,
  ]
  add('description', lines.join('\n\n'))
  if (on !== null && place !== null) {
    add('location', place.name)
    if (place.latitude !== null && place.longitude !== null)
      add('geo', [place.latitude, place.longitude])
  }
  return component.toString()
}

/** `changedAt`: ISO instant of the last change of the record. */
export type ChangedEntry = TimelineEntry & { changedAt: string }

/** A calendar (RFC 5545) in pieces. */
export async function* streamCalendar(entries: AsyncIterable<ChangedEntry>) {
  const ical = await loadIcal()
  yield ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Casefile//Timeline//EN', ''].join(eol)
  for await (const { changedAt, ...entry } of entries)
    yield `${buildComponent(ical, entry, changedAt)}${eol}`
  yield `END:VCALENDAR${eol}`
}
