import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { JSDOM } from 'jsdom'
import ical from 'node-ical'
import { beforeAll, describe, expect, test } from 'vitest'
import { TimelineJs } from '../../../src/answers/timeline/schema.ts'
import { useApp } from '../../harness/app.ts'
import { eventually } from '../../harness/eventually.ts'
import { buildCitation, buildEvent, storeRecords } from '../../harness/record-builders.ts'

const t = useApp()
const seeded = useApp()

const awkward = 'A "title", with; every\\sign <b>&amp; line\nbreak, Żółć \u{1f4a5} '
  .repeat(6)
  .trim()

// A title is a single line.
const awkwardTitle = awkward.replaceAll('\n', ' ')

/** Every form of date, each on an event of its own. */
const dates: Record<string, string | null> = {
  day: '2020-05-06',
  'leap-day': '2020-02-29',
  'day-uncertain': '2020-05-06?',
  month: '2020-05',
  year: '2021',
  'year-about': '2021~',
  'year-both': '2021%',
  stretch: '2019-10/2019-12',
  'last-day': '9999-12-31',
  'open-start': '../2020-05',
  'open-end': '2020-05/..',
  decade: '202X',
  season: '2020-21',
  'of-days': '2020-05-06/2020-05-08',
  undated: null,
}

beforeAll(() =>
  storeRecords(
    t.database,
    ...Object.entries(dates).map(([slug, edtf]) =>
      buildEvent({ slug, title: slug, on: edtf === null ? null : { edtf } }),
    ),
    buildEvent({
      slug: 'awkward',
      title: awkwardTitle,
      description: awkward,
      on: { edtf: '2020-05-06' },
    }),
    buildEvent({
      slug: 'in-idlib',
      place: 'idlib',
      on: { edtf: '2020-05-06', asStated: 'that Wednesday' },
      citations: [buildCitation({ voices: ['turkey', { document: 'a memo' }, 'panarmenian-net'] })],
    }),
    // The name of a record is a line, but nothing keeps control characters out of a description.
    buildEvent({
      slug: 'control',
      title: 'control',
      on: { edtf: '0999-05' },
      description: 'tab \t, return \r\n end',
    }),
  ),
)

const read = async (of: typeof t, query: string, headers = {}) => {
  const { text, headers: answered } = await of.api
    .get(`/v1/timeline?${query}`)
    .set(headers)
    .buffer(true)
    .parse((response, done) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('end', () => done(null, Buffer.concat(chunks)))
    })
    .expect(200)
    .then(({ body, headers }) => ({ text: body.toString(), headers }))
  return { text: text as string, headers: answered }
}

describe('TimelineJS', () => {
  /** The package as a page loads it, with the file that the server gives. */
  async function show(query: string) {
    const { text } = await read(seeded, `format=timelinejs&${query}`)
    const { window } = new JSDOM('<!doctype html><html lang="en"><body><div id="here"></div>', {
      runScripts: 'outside-only',
      pretendToBeVisual: true,
      url: 'http://localhost/',
    })
    const nothing = () => undefined
    window.IntersectionObserver = class {
      observe = nothing
      unobserve = nothing
      disconnect = nothing
    } as never
    const program = readFileSync(
      new URL(import.meta.resolve('@knight-lab/timelinejs/dist/js/timeline.js')),
      'utf8',
    )
    window.eval(`${program}\nwindow.shown = new TL.Timeline('here', ${text}, {})`)
    const texts = (selector: string) =>
      [...window.document.querySelectorAll(selector)].map(({ textContent }) => textContent)
    await eventually(() => expect(texts('.tl-slide').length).toBeGreaterThan(0))
    const { messages } = window.eval('window.shown.config') as { messages: unknown }
    return {
      texts,
      messages,
      file: TimelineJs.parse(JSON.parse(text)),
      close: () => window.close(),
    }
  }

  test("shows every event of the seed, with the source's words for its date and who says so", async () => {
    const { texts, messages, file, close } = await show('')
    expect(messages).toEqual({ errors: [], warnings: [] })
    expect(texts('.tl-slide')).toHaveLength(12)
    expect(texts('.tl-slide .tl-headline-date')).toEqual(
      expect.arrayContaining([
        'between October 2019 and December 2019 (“late 2019”)',
        '6 May 2020 (“May 6, 2020”)',
        'May 2020 or earlier',
        'May 2020 (“last May”)',
        '2020',
        'between 2020 and May 2021 (“After reports surfaced”)',
      ]),
    )
    expect(texts('.tl-slide blockquote')).toContain(
      'an arms embargo in place since late 2019PanARMENIAN.Net, citing The Globe and Mail',
    )
    expect(file.title).toBeUndefined()
    close()
  })

  test('dates keep their precision, also uncertain ones', async () => {
    const { text } = await read(t, 'format=timelinejs')
    const { events, title } = TimelineJs.parse(JSON.parse(text))
    const shown = Object.fromEntries(
      events.map(({ unique_id, start_date, end_date, display_date }) => [
        unique_id,
        [start_date, end_date ?? null, display_date],
      ]),
    )
    expect(shown).toMatchObject({
      day: [{ year: 2020, month: 5, day: 6 }, null, '6 May 2020'],
      'leap-day': [{ year: 2020, month: 2, day: 29 }, null, '29 February 2020'],
      'day-uncertain': [{ year: 2020, month: 5, day: 6 }, null, '6 May 2020 (uncertain)'],
      month: [{ year: 2020, month: 5 }, null, 'May 2020'],
      year: [{ year: 2021 }, null, '2021'],
      'year-about': [{ year: 2021 }, null, 'about 2021'],
      'year-both': [{ year: 2021 }, null, 'about 2021 (uncertain)'],
      stretch: [
        { year: 2019, month: 10 },
        { year: 2019, month: 12 },
        'between October 2019 and December 2019',
      ],
      'open-start': [{ year: 2020, month: 5 }, null, 'May 2020 or earlier'],
      'open-end': [{ year: 2020, month: 5 }, null, 'May 2020 or later'],
      decade: [
        { year: 2020, month: 1, day: 1 },
        { year: 2029, month: 12, day: 31 },
        'between 1 January 2020 and 31 December 2029',
      ],
      season: [{ year: 2020, month: 3, day: 1 }, { year: 2020, month: 6, day: 30 }, 'spring 2020'],
      'of-days': [
        { year: 2020, month: 5, day: 6 },
        { year: 2020, month: 5, day: 8 },
        'between 6 May 2020 and 8 May 2020',
      ],
    })
    expect(shown.day?.[0]).toEqual({ year: 2020, month: 5, day: 6 })
    expect(shown.month?.[0]).toEqual({ year: 2020, month: 5 })
    expect(Object.keys(shown)).not.toContain('undated')
    expect(title?.text).toEqual({
      headline: '1 event without a date',
      text: '<ul><li>undated</li></ul>',
    })
  })

  test('the text of records is never markup', async () => {
    const { text } = await read(t, 'format=timelinejs')
    const slide = TimelineJs.parse(JSON.parse(text)).events.find(
      ({ unique_id }) => unique_id === 'awkward',
    )
    expect(slide?.text.headline).toContain('sign &lt;b&gt;&amp;amp; line')
    expect(slide?.text.text).not.toContain('<b>')
  })
})

describe('iCalendar (RFC 5545)', () => {
  const calendarOf = async (of: typeof t) => (await read(of, 'format=ics')).text
  const componentsOf = (text: string) =>
    Object.values(ical.sync.parseICS(text)).filter(
      (one) => one !== undefined && (one.type === 'VEVENT' || one.type === ('VJOURNAL' as string)),
    ) as unknown as Record<string, unknown>[]
  /** The local day of what the library reads as midnight of an all-day event. */
  const dayOf = (date: unknown) => {
    const at = date as Date
    const two = (number: number) => String(number).padStart(2, '0')
    return `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  }

  test('a library reads every event: all-day, with exclusive end, tentative unless it is one certain day', async () => {
    const components = componentsOf(await calendarOf(t))
    for (const { type, datetype } of components)
      if (type === 'VEVENT') expect(datetype).toBe('date')
    const read = Object.fromEntries(
      components
        .filter(({ type }) => type === 'VEVENT')
        .map(({ summary, start, end, status }) => [
          String(summary),
          [dayOf(start), dayOf(end), status],
        ]),
    )
    expect(read).toMatchObject({
      day: ['2020-05-06', '2020-05-07', 'CONFIRMED'],
      'leap-day': ['2020-02-29', '2020-03-01', 'CONFIRMED'],
      'day-uncertain (6 May 2020 (uncertain))': ['2020-05-06', '2020-05-07', 'TENTATIVE'],
      'month (May 2020)': ['2020-05-01', '2020-06-01', 'TENTATIVE'],
      'year (2021)': ['2021-01-01', '2022-01-01', 'TENTATIVE'],
      'stretch (between October 2019 and December 2019)': ['2019-10-01', '2020-01-01', 'TENTATIVE'],
      'open-start (May 2020 or earlier)': ['2020-05-31', '2020-06-01', 'TENTATIVE'],
      'open-end (May 2020 or later)': ['2020-05-01', '2020-05-02', 'TENTATIVE'],
      'decade (between 1 January 2020 and 31 December 2029)': [
        '2020-01-01',
        '2030-01-01',
        'TENTATIVE',
      ],
      'control (May 999)': ['0999-05-01', '0999-06-01', 'TENTATIVE'],
      [awkwardTitle]: ['2020-05-06', '2020-05-07', 'CONFIRMED'],
    })
    expect(components).toHaveLength(12 + Object.keys(dates).length + 3)
  })

  test('an event without a date is a journal entry', async () => {
    const text = await calendarOf(t)
    const [, journal = ''] = /BEGIN:VJOURNAL\r\n(.*?)END:VJOURNAL/s.exec(text) ?? []
    expect(journal).toContain('SUMMARY:undated\r\n')
    expect(journal).not.toMatch(/^DT(START|END)/m)
  })

  test('lines end with CR LF, have at most 75 octets, whole characters and no control characters', async () => {
    const text = await calendarOf(t)
    const lines = text.split('\r\n')
    expect(lines.pop()).toBe('')
    for (const line of lines) {
      expect(Buffer.byteLength(line), line).toBeLessThanOrEqual(75)
      expect(line).not.toMatch(/(?!\t)[\p{Cc}]|^\uFFFD/u)
    }
    expect(lines.some((line) => Buffer.byteLength(line) > 70)).toBe(true)
    expect(lines.filter((line) => /^(BEGIN|END):VCALENDAR$/.test(line))).toHaveLength(2)
  })

  test('has the stated date, quotes, voices, place and last change', async () => {
    const text = (await calendarOf(t)).replaceAll('\r\n ', '')
    const [, event = ''] =
      /BEGIN:VEVENT\r\n((?:(?!END:VEVENT).)*in-idlib.*?)END:VEVENT/s.exec(text) ?? []
    expect(event).toContain('6 May 2020 (“that Wednesday”)')
    expect(event).toContain(
      '“Turkey had pressed Ottawa” (PanARMENIAN.Net\\, citing a memo\\, citing Turkey)',
    )
    expect(event).toContain('LOCATION:Idlib\r\n')
    expect(event).toContain('GEO:35.7;36.7\r\n')
    expect(event).toMatch(/^UID:urn:uuid:[0-9a-f-]{36}\r$/m)
    expect(event).toMatch(/^DTSTAMP:20\d{6}T\d{6}Z\r$/m)
  })

  test('is deterministic', async () => {
    expect(await calendarOf(t)).toBe(await calendarOf(t))
  })
})

describe('CSV and NDJSON', () => {
  test('a line equals the entry of a page', async () => {
    const { body } = await t.api.get('/v1/timeline?limit=200').expect(200)
    const { text } = await read(t, 'format=ndjson')
    const lines = text.split('\n').slice(0, -1)
    expect(lines.map((line) => JSON.parse(line))).toEqual(body.data)
    const limited = await read(t, 'format=ndjson&limit=5')
    expect(
      limited.text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    ).toEqual(body.data.slice(0, 5))
    expect(limited.headers.link).toMatch(/^<\/v1\/timeline\?.*cursor=.+>; rel="next"$/)
  })

  test('cells have all values of an entry, dates and quotes included', async () => {
    const { text, headers } = await read(seeded, 'format=csv&count=true')
    const rows: Record<string, string>[] = parse(text, { columns: true })
    expect(headers['x-total-count']).toBe('12')
    expect(rows).toHaveLength(12)
    expect(rows[0]).toMatchObject({
      slug: 'canada-bars-arms-exports-to-turkey',
      'on.asStated': 'late 2019',
      'on.earliest': '2019-10-01',
      after: '',
      'participants.actor.slug': 'canada; turkey',
    })
    expect(rows[1]?.after).toBe('certain')
    expect(rows[0]?.['citations.quote']).toContain('an arms embargo in place since late 2019')
  })

  test.each([
    ['text/csv', 'text/csv; charset=utf-8'],
    ['application/x-ndjson', 'application/x-ndjson; charset=utf-8'],
    ['text/calendar', 'text/calendar; charset=utf-8'],
    ['application/vnd.timelinejs+json', 'application/vnd.timelinejs+json; charset=utf-8'],
    ['text/html, text/calendar;q=0.5', 'text/calendar; charset=utf-8'],
  ])('Accept: %s', async (accept, type) => {
    expect((await read(seeded, '', { Accept: accept })).headers['content-type']).toBe(type)
  })
})
