import { createRequire } from 'node:module'
import * as bibtexParser from '@retorquere/bibtex-parser'
import { beforeAll, describe, expect, test } from 'vitest'
import { jsonLdContext } from '../../src/exchange/linked-data/json-ld.ts'
import { useApp } from '../harness/app.ts'
import {
  buildActor,
  buildArticle,
  buildEvent,
  buildPermit,
  buildPlace,
  storeRecords,
} from '../harness/record-builders.ts'
import { type FullRecord, readAllRecords } from '../harness/record-reader.ts'

const t = useApp()
const exported = '/v1/cases/canada-turkey-wescam/export'
const require = createRequire(import.meta.url)

const awkward = 'R&D 100% of #1_{x}~^\\ “é” Ł'
let records: FullRecord[]

const get = async (url: string) => {
  const { text, body, headers } = await t.api.get(url).buffer(true).expect(200)
  return { text: text ?? String(body), headers }
}
const json = async (url: string) => JSON.parse((await get(url)).text)

beforeAll(async () => {
  await storeRecords(t.database, buildPlace({ slug: 'nowhere', name: 'Nowhere' }))
  await storeRecords(
    t.database,
    buildActor({ slug: 'the-paper', type: 'publisher', name: 'Paper & Sons' }),
    buildArticle({
      slug: 'dated',
      title: awkward,
      authors: ['United Nations', 'Müller, Jürgen'],
      publisher: 'the-paper',
      url: 'https://example.org/a?b=c&d=%7E',
      language: 'de-AT',
      publishedOn: { edtf: '2020-05-06' },
    }),
    buildArticle({ slug: 'of-a-month', publishedOn: { edtf: '2020-02' } }),
    buildArticle({ slug: 'of-a-year', publishedOn: { edtf: '2020' } }),
    buildArticle({
      slug: 'of-two-years',
      authors: ['A. Writer'],
      publisher: 'the-paper',
      publishedOn: { edtf: '2019-11/2020-02' },
    }),
    buildArticle({ slug: 'open', publishedOn: { edtf: '../2020-05' } }),
    buildEvent({ slug: 'placeless' }),
    buildEvent({ slug: 'lost', place: 'nowhere' }),
    buildPermit({ slug: 'a-permit' }),
  )
  records = await readAllRecords(t)
})

describe('W3C Web Annotations', () => {
  const citationsOf = (kind?: string) =>
    records
      .filter((record) => kind === undefined || record.kind === kind)
      .flatMap(({ citations }) => citations)

  test.each([
    ['a case', `${exported}?format=w3c-annotations`, () => citationsOf()],
    ['the citations', '/v1/citations?format=w3c-annotations', () => citationsOf()],
    ['the permits', '/v1/permits?format=w3c-annotations', () => citationsOf('permit')],
  ])(
    '%s has one annotation for each citation, with quote and position selectors',
    async (_name, url, expected) => {
      const page = await json(url)
      expect(page).toMatchObject({
        '@context': 'http://www.w3.org/ns/anno.jsonld',
        type: 'AnnotationPage',
      })
      type Annotation = { id: string; type: string; target: { source: string; selector: object[] } }
      const items: Annotation[] = page.items
      const wanted = expected().map(({ id, quote, prefix, suffix, start, end }) => ({
        id: `urn:uuid:${id}`,
        selector: [
          { type: 'TextQuoteSelector', exact: quote, prefix, suffix },
          { type: 'TextPositionSelector', start, end },
        ],
      }))
      const found = items.map(({ id, target: { selector } }) => ({ id, selector }))
      const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1)
      expect(found.sort(byId)).toEqual(wanted.sort(byId))
      expect(items.every(({ type }) => type === 'Annotation')).toBe(true)
      const { pathname } = new URL(items[0]?.target.source ?? '')
      expect(pathname).toMatch(/^\/v1\/articles\/[\w-]+\/body$/)
    },
  )

  test('match their text', async () => {
    const { items } = await json('/v1/permits/wescam-mx15d-baykar-2020?format=w3c-annotations')
    expect(items.length).toBeGreaterThan(0)
    for (const { target } of items) {
      const body = [...(await t.api.get(new URL(target.source).pathname)).text]
      const [{ exact, prefix, suffix }, { start, end }] = target.selector
      expect(body.slice(start, end).join('')).toBe(exact)
      expect(body.slice(0, start).join('').endsWith(prefix)).toBe(true)
      expect(body.slice(end).join('').startsWith(suffix)).toBe(true)
    }
  })
})

describe('GeoJSON', () => {
  test('has a feature for every event with a place, longitude first, and counts those without', async () => {
    const map = await json(`${exported}?format=geojson`)
    const events = records.filter(({ kind }) => kind === 'event')
    type Place = { longitude: number | null; latitude: number | null } | null
    const placed = events.filter(({ place }) => place !== null)
    const idsOf = (list: { id: string }[]) => list.map(({ id }) => id).sort()
    expect(placed.length).toBeGreaterThan(1)
    expect(events.length).toBeGreaterThan(placed.length)
    expect(map.type).toBe('FeatureCollection')
    expect(idsOf(map.features)).toEqual(idsOf(placed))
    expect(map.withoutPlace).toBe(events.length - placed.length)
    for (const { id, type, geometry, properties } of map.features) {
      const event = placed.find((one) => one.id === id)
      const { longitude = null, latitude = null } = (event?.place as Place) ?? {}
      expect(type).toBe('Feature')
      const quotes = new Set(event?.citations.map(({ quote }) => quote))
      expect(properties.quotes).toEqual([...quotes])
      expect(geometry).toEqual(
        longitude === null ? null : { type: 'Point', coordinates: [longitude, latitude] },
      )
    }
    expect(
      map.features.find(({ geometry }: { geometry: unknown }) => geometry === null),
    ).toMatchObject({
      properties: { slug: 'lost' },
    })
  })

  test('of a list applies its filters; an empty list is an empty collection', async () => {
    const url = '/v1/events?format=geojson&type=application'
    expect(await json(url)).toEqual({ type: 'FeatureCollection', features: [], withoutPlace: 0 })
  })
})

describe('CSL-JSON and BibTeX', () => {
  const { Cite, plugins } = require('@citation-js/core') as typeof import('@citation-js/core')
  require('@citation-js/plugin-bibtex')
  void plugins

  type Item = Record<string, unknown>

  test('a library reads the CSL-JSON', async () => {
    const items = await json('/v1/articles?format=csl-json')
    const read: Item[] = new Cite(items).data as unknown as Item[]
    expect(read.map(({ id }) => id).sort()).toEqual(
      records
        .filter(({ kind }) => kind === 'article')
        .map(({ slug }) => slug)
        .sort(),
    )
    expect(read.find(({ id }) => id === 'dated')).toMatchObject({
      type: 'article-newspaper',
      title: awkward,
      author: [{ literal: 'United Nations' }, { literal: 'Müller, Jürgen' }],
      'container-title': 'Paper & Sons',
      URL: 'https://example.org/a?b=c&d=%7E',
      language: 'de-AT',
      issued: { 'date-parts': [[2020, 5, 6]] },
    })
    const issued = Object.fromEntries(read.map(({ id, issued }) => [String(id), issued]))
    expect(issued['of-a-month']).toEqual({ 'date-parts': [[2020, 2]] })
    expect(issued['of-a-year']).toEqual({ 'date-parts': [[2020]] })
    expect(issued.open).toBeUndefined()
    expect(issued['turkey-pressed-canada']).toEqual({
      'date-parts': [
        [2021, 1, 1],
        [2021, 5, 31],
      ],
      circa: true,
    })
  })

  test('a library reads the BibTeX', async () => {
    const { text } = await get('/v1/articles?format=bibtex')
    const read: Item[] = new Cite(text).data as unknown as Item[]
    expect(read.length).toBe(records.filter(({ kind }) => kind === 'article').length)
    const dated = read.find((item) => item['citation-key'] === 'dated')
    expect(dated).toMatchObject({
      title: awkward,
      'container-title': 'Paper & Sons',
      URL: 'https://example.org/a?b=c&d=%7E',
      issued: { 'date-parts': [[2020, 5, 6]] },
    })
    expect(JSON.stringify(dated?.author)).toContain('United Nations')
  })

  test('BibTeX is read by a second library, with what plain styles need', async () => {
    const { text } = await get('/v1/articles?format=bibtex')
    const { entries, errors } = bibtexParser.parse(text)
    expect(errors).toEqual([])
    expect(entries.map(({ key }) => key).sort()).toEqual(
      records
        .filter(({ kind }) => kind === 'article')
        .map(({ slug }) => slug)
        .sort(),
    )
    const byKey = Object.fromEntries(entries.map((entry) => [entry.key, entry]))
    expect(byKey.dated).toMatchObject({
      type: 'article',
      fields: {
        title: awkward,
        author: [{ name: 'United Nations' }, { name: 'Müller, Jürgen' }],
        journal: 'Paper & Sons',
        year: '2020',
        month: '5',
        url: 'https://example.org/a?b=c&d=%7E',
      },
    })
    const years = Object.fromEntries(entries.map(({ key, fields }) => [key, fields.year]))
    expect(years).toMatchObject({ 'of-a-month': '2020', 'of-a-year': '2020' })
    expect(years['turkey-pressed-canada']).toBe('2021')
    expect(years['of-two-years']).toMatch(/^2019.+2020$/)
    for (const { type, fields } of entries) {
      if (type === 'article')
        expect(fields).toMatchObject({
          author: expect.anything(),
          journal: expect.anything(),
          year: expect.anything(),
        })
      else expect(type).toBe('misc')
      expect(fields.author ?? fields.key).toBeDefined()
    }
    expect(byKey.open?.type).toBe('misc')
  })
})

describe('JSON-LD', () => {
  test('the context maps members to resources and common vocabularies', async () => {
    const jsonld = require('jsonld') as {
      expand(given: object, options: object): Promise<Record<string, unknown>[]>
    }
    const { body: context, headers } = await t.api.get('/context.jsonld').expect(200)
    expect(headers['content-type']).toBe('application/ld+json; charset=utf-8')
    expect(context).toEqual(jsonLdContext)
    const document = await json('/v1/permits/wescam-mx15d-baykar-2020?format=jsonld')
    const documentLoader = async (url: string) => {
      expect(new URL(url).pathname).toBe('/context.jsonld')
      return { contextUrl: null, documentUrl: url, document: context }
    }
    const [permit] = await jsonld.expand(document, { documentLoader })
    const base = /^http:\/\/[^/]+/.exec(document['@context'][0])?.[0]
    expect(permit).toMatchObject({
      '@id': `${base}/v1/permits/wescam-mx15d-baykar-2020`,
      '@type': ['urn:casefile:permit'],
      'urn:casefile:issuer': [
        { '@id': `${base}/v1/actors/canada`, 'https://schema.org/name': [{ '@value': 'Canada' }] },
      ],
    })
    const citations = JSON.stringify(permit?.['urn:casefile:citations'])
    expect(citations).toContain('http://www.w3.org/ns/oa#exact')
  })
})

describe('an unavailable format', () => {
  test.each([
    ['/v1/permits?format=geojson'],
    ['/v1/actors?format=bibtex'],
    ['/v1/actors/canada?format=csl-json'],
    ['/v1/citations?format=ftm'],
    [`${exported}?format=html`],
    ['/v1/timeline?format=geojson'],
    ['/v1/findings?format=ics'],
    ['/v1/network?actor=canada&format=csv'],
    ['/v1/articles/turkey-pressed-canada/body?format=csv'],
  ])('406 for %s with the available formats', async (url) => {
    const { body } = await t.api.get(url).expect(406)
    expect(body).toMatchObject({
      type: '/problems/not-acceptable',
      detail: expect.stringMatching(/^None of the requested formats is available. Use .*\(format=/),
    })
    for (const [, word] of body.detail.matchAll(/format=([\w-]+)/g))
      await t.api.get(url.replace(/format=[\w-]+/, `format=${word}`)).expect(200)
  })

  test.each([
    ['/v1/events', 'application/geo+json'],
    ['/v1/articles', 'application/vnd.citationstyles.csl+json'],
    ['/v1/articles', 'application/x-bibtex'],
    ['/v1/citations', 'application/ld+json'],
    [exported, 'application/geo+json'],
    [exported, 'application/zip'],
  ])('%s returns %s by Accept', async (url, accept) => {
    const { headers } = await t.api.get(url).set('Accept', accept).buffer(true).expect(200)
    expect(headers['content-type']?.split(';')[0]).toBe(accept)
  })

  test('406 for the tables of a case with Accept: text/csv, because they are a zip file', async () => {
    const { body } = await t.api.get(exported).set('Accept', 'text/csv').expect(406)
    expect(body.detail).toContain('application/zip (format=csv)')
  })
})

describe('absolute addresses', () => {
  test('have the host of the request, also for cached responses', async () => {
    const url = '/v1/events?format=w3c-annotations&limit=1'
    for (const host of ['one.example', 'two.example:8080']) {
      const { text } = await t.api.get(url).set('Host', host).buffer(true)
      expect(JSON.parse(text).items[0].target.source).toMatch(`http://${host}/`)
    }
  })
})

describe('a single citation', () => {
  test('is available in all formats of the list', async () => {
    const { id } = (await t.api.get('/v1/citations?limit=1').expect(200)).body.data[0]
    const annotated = async (path: string) => {
      const asked = t.api.get(`${path}?format=w3c-annotations`).set('Host', 'one.example')
      return JSON.parse((await asked.buffer(true).expect(200)).text)
    }
    const list = await annotated('/v1/citations')
    const single = await annotated(`/v1/citations/${id}`)
    expect(single.items).toEqual([
      list.items.find((one: { id: string }) => one.id === `urn:uuid:${id}`),
    ])
    expect(new URL(single.items[0].canonical).pathname).toBe(`/v1/citations/${id}`)
    const { headers } = await t.api
      .get(`/v1/citations/${id}`)
      .set('Accept', 'application/ld+json')
      .buffer(true)
      .expect(200)
    expect(headers['content-type']).toContain('profile="http://www.w3.org/ns/anno.jsonld"')
    const line = (await get(`/v1/citations/${id}?format=ndjson`)).text
    expect(JSON.parse(line)).toEqual((await t.api.get(`/v1/citations/${id}`)).body)
    const table = (await get(`/v1/citations/${id}?format=csv`)).text.split('\r\n')
    expect((await get('/v1/citations?format=csv')).text.split('\r\n')).toEqual(
      expect.arrayContaining(table),
    )
    await t.api.get(`/v1/citations/${id}?format=ftm`).expect(406)
  })
})

describe('a single record', () => {
  test('is available as CSV and NDJSON', async () => {
    const { text } = await get('/v1/actors/canada?format=csv')
    const list = (await get('/v1/actors?format=csv&name=Canada')).text.split('\r\n')
    expect(list).toEqual(expect.arrayContaining(text.split('\r\n')))
    const { body } = await t.api.get('/v1/actors/canada')
    expect(JSON.parse((await get('/v1/actors/canada?format=ndjson')).text)).toEqual(body)
  })

  test('is available as of an earlier revision', async () => {
    const { text } = await get('/v1/actors/canada?format=ndjson&revision=1')
    expect(JSON.parse(text)).toMatchObject({ slug: 'canada', revision: 1 })
  })
})
