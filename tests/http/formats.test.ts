import { parse } from 'csv-parse/sync'
import { beforeAll, describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import {
  buildActor,
  buildCitation,
  buildEvent,
  buildPlace,
  storeRecords,
} from '../harness/record-builders.ts'
import { kindPaths, readEntries } from '../harness/record-reader.ts'

const t = useApp()
const lists = [...kindPaths, 'citations']
const formulas = ['=1+2', '+49 30', '-1+', '@SUM(A1)', '＝1+2']

beforeAll(() =>
  storeRecords(
    t.database,
    ...formulas.map((name, index) => buildActor({ slug: `formula-${index}`, name: `${name}x` })),
    buildActor(
      {
        slug: 'awkward',
        aliases: [{ name: 'A; B' }, { name: 'C, "D"', language: 'fr' }],
        citations: [
          buildCitation({ field: 'identifiers.0', value: { scheme: 'lei', value: 'x' } }),
        ],
      },
      { name: 'Quotes "here", commas; semicolons\nand lines \u{1f4a5} Żółć' },
    ),
    buildActor({ slug: 'lines' }, { name: 'Two\nlines' }),
    ...Array.from({ length: 60 }, () => buildEvent()),
  ),
)

const textOf = async (url: string, headers = {}) => {
  const response = await t.api.get(url).set(headers).buffer(true).expect(200)
  return { text: response.text as string, headers: response.headers }
}
const csv = async (url: string): Promise<string[][]> =>
  parse((await textOf(url)).text, { relax_column_count: false })
const rowsOf = async (url: string): Promise<Record<string, string>[]> =>
  parse((await textOf(url)).text, { columns: true })
const ndjson = async (url: string) =>
  (await textOf(url)).text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))

const reference = (name: string) => ['id', 'slug', 'name', 'href'].map((part) => `${name}.${part}`)
const date = (name: string) =>
  ['edtf', 'asStated', 'reasoning', 'earliest', 'latest'].map((part) => `${name}.${part}`)
const place = (name: string) =>
  ['slug', 'name', 'country', 'latitude', 'longitude', 'source', 'href', 'reference'].map(
    (part) => `${name}.${part}`,
  )
const range = (name: string) =>
  ['low', 'high', 'excludes', 'asStated'].map((part) => `${name}.${part}`)
const money = (name: string) => [`${name}.amount`, `${name}.currency`, ...range(name)]
const spine = ['id', 'kind', 'slug', 'revision', 'href']

/** Spreadsheets and scripts rely on these: add columns, never rename or move one. */
const columns: Record<string, string[]> = {
  cases: [...spine, 'title', 'summary'],
  articles: [
    ...spine,
    'title',
    'type',
    ...reference('case'),
    ...reference('publisher'),
    'authors',
    'url',
    'language',
    ...date('publishedOn'),
    'bodyLength',
    'bodySha256',
    'sourceMediaType',
    'sourceSha256',
  ],
  actors: [
    ...spine,
    'type',
    'name',
    'aliases.name',
    'aliases.language',
    'country',
    'identifiers.scheme',
    'identifiers.value',
  ],
  affiliations: [
    ...spine,
    'type',
    ...reference('actor'),
    ...reference('organisation'),
    'role',
    'share',
    ...range('shareRange'),
    ...date('during'),
  ],
  goods: [
    ...spine,
    'designation',
    'description',
    ...reference('manufacturer'),
    ...reference('family'),
    'controlEntries.list',
    'controlEntries.code',
  ],
  permits: [
    ...spine,
    'title',
    'type',
    'number',
    ...reference('issuer'),
    ...reference('exporter'),
    ...reference('consignee'),
    ...reference('endUser'),
    ...reference('destination'),
    ...reference('destinations'),
    ...reference('endDestination'),
    ...reference('parties.actor'),
    'parties.role',
    'permitCount',
    ...range('permitCountRange'),
    ...reference('items.good'),
    'items.quantity',
    ...range('items.quantityRange'),
    'items.unit',
    'items.controlEntries.list',
    'items.controlEntries.code',
    ...money('items.value'),
    ...money('value'),
    ...date('validUntil'),
    'legalBasis',
    'exceptionRelied',
    'statedEndUse.text',
    ...place('statedEndUse.place'),
    'restrictions',
    'status',
    ...date('issuedOn'),
  ],
  figures: [
    ...spine,
    'title',
    'measure',
    'quantity',
    ...range('quantityRange'),
    'unit',
    ...money('value'),
    ...reference('from'),
    ...reference('to'),
    ...reference('good'),
    'controlEntries.list',
    'controlEntries.code',
    'category',
    ...date('period'),
    'scope',
  ],
  measures: [
    ...spine,
    'title',
    ...reference('imposer'),
    ...reference('target'),
    ...reference('targets'),
    'legalForm',
    'legalInstrument',
    'scope',
    'scopeItems.effect',
    ...reference('scopeItems.good'),
    'scopeItems.list',
    'scopeItems.code',
    ...date('statedEnd'),
    'exceptions',
    'reason.text',
    ...place('reason.place'),
    'status',
    ...date('inForce.from'),
    ...date('inForce.to'),
  ],
  events: [
    ...spine,
    'type',
    'title',
    ...date('on'),
    'description',
    ...place('place'),
    ...reference('participants.actor'),
    'participants.role',
    ...reference('goods'),
    ...reference('items.good'),
    'items.quantity',
    ...range('items.quantityRange'),
    'items.unit',
    'items.value.amount',
    'items.value.currency',
    ...range('items.value'),
    'victims.outcome',
    'victims.who',
    'victims.count',
    ...range('victims.countRange'),
    ...reference('about.permit'),
    ...reference('about.measure'),
    ...reference('effects.permit'),
    ...reference('effects.measure'),
    'effects.becomes',
    ...reference('assurance.endUser'),
    ...place('assurance.place'),
    'assurance.use',
  ],
  citations: [
    'id',
    'field',
    ...reference('article'),
    'start',
    'end',
    'quote',
    'prefix',
    'suffix',
    'value',
    ...reference('voices.actor'),
    'voices.document',
    'confidence',
    'state',
    'stateReason',
    'fragment',
    'source',
    'sourceConfidence',
    ...reference('record'),
    'recordKind',
    'href',
  ],
}

describe('CSV', () => {
  test.each(lists)('/v1/%s has these columns', async (kind) => {
    const [headings] = await csv(`/v1/${kind}?format=csv&limit=1`)
    expect(headings).toEqual(columns[kind])
  })

  test.each(lists)('/v1/%s without a limit has a row for every entry, in order', async (kind) => {
    const all = await readEntries(t, `/v1/${kind}`)
    const rows = await rowsOf(`/v1/${kind}?format=csv`)
    expect(rows.map(({ id }) => id)).toEqual(all.map(({ id }) => id))
  })

  test('of an empty list is the header line', async () => {
    expect(await csv('/v1/permits?format=csv&status=refused')).toEqual([columns.permits])
    expect(await csv('/v1/permits?format=csv&status=refused&limit=5')).toEqual([columns.permits])
  })

  test('has one cell for each member; several values share a cell, in order', async () => {
    const [permit] = await rowsOf('/v1/permits?format=csv')
    expect(permit).toMatchObject({
      slug: 'wescam-mx15d-baykar-2020',
      number: '',
      'consignee.slug': 'baykar',
      'consignee.name': 'Baykar',
      'endUser.slug': '',
      'items.good.name': 'MX-15D',
      'items.quantity': '7',
      'statedEndUse.place.latitude': '35.7',
      'issuedOn.edtf': '2020-05',
      'issuedOn.asStated': 'last May',
      'issuedOn.earliest': '2020-05-01',
    })
    const [event] = await rowsOf('/v1/events?format=csv&type=recommendation')
    expect(event).toMatchObject({
      'participants.actor.name': 'Marta Morgan; François-Philippe Champagne',
      'participants.role': 'author; addressee',
      'about.permit.slug': 'wescam-mx15d-baykar-2020',
      'about.measure.slug': '',
    })
  })

  test('a missing one of several values leaves an empty position', async () => {
    const [event] = await rowsOf('/v1/events?format=csv&type=disclosure')
    expect(event).toMatchObject({
      'about.permit.slug': 'wescam-mx15d-baykar-2020; ',
      'about.measure.slug': '; canada-arms-embargo-turkey-2019',
    })
    const [actor] = await rowsOf('/v1/actors?format=csv&name=awkward%20quotes%20here')
    expect(actor).toMatchObject({ 'aliases.name': 'A; B; C, "D"', 'aliases.language': '; fr' })
  })

  test('quotes, commas, line ends and characters of any script round-trip', async () => {
    const rows = await rowsOf('/v1/actors?format=csv')
    expect(rows.find(({ slug }) => slug === 'awkward')?.name).toBe(
      'Quotes "here", commas; semicolons\nand lines \u{1f4a5} Żółć',
    )
  })

  test('an object is written as JSON', async () => {
    const [row] = await rowsOf('/v1/citations?format=csv&record=awkward')
    expect(row?.value).toBe('{"value":"x","scheme":"lei"}')
  })

  test('an apostrophe before a formula keeps spreadsheets from running it', async () => {
    const rows = await rowsOf('/v1/actors?format=csv')
    for (const [index, name] of formulas.entries())
      expect(rows.find(({ slug }) => slug === `formula-${index}`)?.name).toBe(`'${name}x`)
    expect(rows.find(({ slug }) => slug === 'baykar')?.name).toBe('Baykar')
  })

  test('a negative number stays a number', async () => {
    const place = { slug: 'cape-town', name: 'Cape Town', latitude: -33.93, longitude: 18.42 }
    await storeRecords(t.database, buildPlace({ ...place, country: 'ZA', source: 'A test.' }))
    await storeRecords(t.database, buildEvent({ type: 'delivery', place: 'cape-town' }))
    const [event] = await rowsOf('/v1/events?format=csv&type=delivery')
    expect(event).toMatchObject({ 'place.latitude': '-33.93', 'place.longitude': '18.42' })
  })

  test.each(lists)('/v1/%s: a cell with a line end is quoted', async (kind) => {
    for (const query of ['format=csv', 'format=csv&limit=200']) {
      const { text } = await textOf(`/v1/${kind}?${query}`)
      const unquoted = text.replaceAll(/"(?:[^"]|"")*"/g, '')
      expect(unquoted).not.toMatch(/(?<!\r)\n|\r(?!\n)/)
      expect(unquoted.match(/\r\n/g)?.length).toBe((await csv(`/v1/${kind}?${query}`)).length)
    }
  })

  test('ends lines with CR LF (RFC 4180)', async () => {
    const { text, headers } = await textOf('/v1/cases?format=csv')
    expect(text.endsWith('\r\n')).toBe(true)
    expect(headers['content-type']).toBe('text/csv; charset=utf-8')
  })
})

describe('NDJSON', () => {
  test.each(lists)(
    '/v1/%s without a limit has a line for every entry, as in the list',
    async (kind) => {
      expect(await ndjson(`/v1/${kind}?format=ndjson`)).toEqual(await readEntries(t, `/v1/${kind}`))
    },
  )

  test('ends every line with \\n, and is empty for an empty list', async () => {
    const { text, headers } = await textOf('/v1/cases?format=ndjson')
    expect(text.endsWith('}\n')).toBe(true)
    expect(headers['content-type']).toBe('application/x-ndjson; charset=utf-8')
    expect((await textOf('/v1/permits?format=ndjson&status=refused')).text).toBe('')
  })
})

describe('a page of CSV or NDJSON', () => {
  test.each(['csv', 'ndjson'])('%s has a Link to the next page, like JSON', async (format) => {
    const read = async (url: string): Promise<string[]> => {
      const list = format === 'csv' ? await rowsOf(url) : await ndjson(url)
      return list.map(({ id }: { id?: string }) => id ?? '')
    }
    const seen: string[] = []
    let url = `/v1/events?format=${format}&limit=30&sort=-name`
    for (;;) {
      const page = await read(url)
      expect(page.length).toBeLessThanOrEqual(30)
      seen.push(...page)
      const { headers } = await t.api.get(url)
      const [, next] = /^<(.+)>; rel="next"$/.exec(headers.link ?? '') ?? []
      if (next === undefined) break
      url = next
    }
    expect(seen).toEqual((await readEntries(t, '/v1/events?sort=-name')).map(({ id }) => id))
  })

  test('a cursor without a limit returns all remaining entries', async () => {
    const { body } = await t.api.get('/v1/events?limit=30').expect(200)
    const rest = await ndjson(`/v1/events?format=ndjson&cursor=${body.next}`)
    expect([...body.data, ...rest]).toEqual(await readEntries(t, '/v1/events'))
  })
})

describe('the Accept header', () => {
  test.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['application/*', 'application/json'],
    ['text/csv', 'text/csv'],
    ['text/*', 'text/csv'],
    ['TEXT/CSV', 'text/csv'],
    ['application/x-ndjson', 'application/x-ndjson'],
    ['application/ndjson', 'application/x-ndjson'],
    ['application/jsonl', 'application/x-ndjson'],
    ['text/csv;q=0.5, application/json', 'application/json'],
    ['text/csv, application/json;q=0.9', 'text/csv'],
    ['text/html, application/xhtml+xml, */*;q=0.8', 'application/json'],
    ['application/json;q=0, */*', 'text/csv'],
    ['text/csv;q=0, application/x-ndjson;q=0.1', 'application/x-ndjson'],
  ])('%s gives %s', async (accept, type) => {
    const request = t.api.get('/v1/cases').buffer(true)
    const { headers } = await (accept === undefined ? request : request.set('Accept', accept))
    expect(headers['content-type']).toBe(`${type}; charset=utf-8`)
  })

  test('format= takes precedence', async () => {
    const { headers } = await textOf('/v1/cases?format=csv', { Accept: 'application/json' })
    expect(headers['content-type']).toBe('text/csv; charset=utf-8')
  })

  test.each([
    ['/v1/cases', 'text/html'],
    ['/v1/cases', 'application/json;q=0, text/csv;q=0, application/x-ndjson;q=0'],
    ['/v1/cases', 'application/xml, image/*'],
  ])('406 for %s with %s lists the available formats', async (url, accept) => {
    const { body, headers } = await t.api.get(url).set('Accept', accept).expect(406)
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect(body).toEqual({
      type: '/problems/not-acceptable',
      title: 'Not acceptable',
      status: 406,
      detail:
        'None of the requested formats is available. Use application/json (format=json), text/csv (format=csv), application/x-ndjson (format=ndjson), application/vnd.openxmlformats-officedocument.spreadsheetml.sheet (format=xlsx), application/vnd.apache.parquet (format=parquet), application/ld+json (format=jsonld), application/ld+json (format=w3c-annotations), application/x-ndjson (format=ftm), text/csv (format=ftm-statements).',
    })
  })

  test('an unknown format is a bad value', async () => {
    const { body } = await t.api.get('/v1/cases?format=docx').expect(400)
    expect(body.errors).toEqual([
      { pointer: '/query/format', detail: expect.stringContaining('"json"|"ndjson"|"csv"') },
    ])
  })
})
