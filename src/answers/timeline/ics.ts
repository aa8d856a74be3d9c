import { formatDate, formatDateWithSource, isCertainDay } from './rules.ts'
import type { TimelineEntry } from './schema.ts'
import { listQuotes } from './timelinejs.ts'

type Ical = typeof import('ical.js').default

/** Loaded when somebody asks for a calendar. */
async function loadIcal(): Promise<Ical> {
  const { default: ical } = await import('ical.js')
  // RFC 5545, 3.1: lines of 75 octets. The library does not count the space that a continued line begins with.
  ical.foldLength = 74
  return ical
}

const eol = '\r\n'

/** RFC 5545, 3.3.11: text has no control characters but tab, and a line break is `\n`. */
const cleanText = (value: string): string =>
  value
    .toWellFormed()
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/(?![\t\n])\p{Cc}/gu, '\uFFFD')

/** The ISO day after one. */
const dayAfter = (iso: string): string =>
  new Date(Date.parse(iso) + 86_400_000).toISOString().slice(0, 10)

/**
 * Begin and end of an all-day event, the end exclusive (RFC 5545, 3.6.1): all days that the date can mean, or the one
 * known day of a date that is open on one side.
 */
const findAllDayBounds = ({ earliest, latest }: NonNullable<TimelineEntry['on']>) =>
  [earliest ?? latest ?? '', latest ?? earliest ?? ''] as const

/**
 * An event as a calendar shows it. A date that is not one certain day is `TENTATIVE`, and its title says which days are
 * meant. Without a date it is a journal entry, for those need none (RFC 5545, 3.6.3).
 *
 * @param changedAt when the record last changed (RFC 5545, 3.8.7.2), ISO
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
  add('summary', on === null || isCertain ? title : `${title} (${formatDate(on)})`)
  if (on !== null) {
    const [first, last] = findAllDayBounds(on)
    // As jCal (RFC 7265): the library's own days lose the zeros before a year such as 0999.
    component.addProperty(new ical.Property(['dtstart', {}, 'date', first]))
    if (last < '9999-12-31')
      component.addProperty(new ical.Property(['dtend', {}, 'date', dayAfter(last)]))
    add('status', isCertain ? 'CONFIRMED' : 'TENTATIVE')
    add('transp', 'TRANSPARENT')
    add('x-casefile-edtf', on.edtf)
  }
  add('categories', type)
  const quotes = listQuotes(entry).map(({ quote, by }) => `“${quote}” (${by})`)
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

/** With the instant of its last change. */
export type ChangedEntry = TimelineEntry & { changedAt: string }

/** A calendar (RFC 5545) as it is written. */
export async function* streamCalendar(entries: AsyncIterable<ChangedEntry>) {
  const ical = await loadIcal()
  yield ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Casefile//Timeline//EN', ''].join(eol)
  for await (const { changedAt, ...entry } of entries)
    yield `${buildComponent(ical, entry, changedAt)}${eol}`
  yield `END:VCALENDAR${eol}`
}
