import { describe, expect, test } from 'vitest'
import { verifyAll } from '../../src/answers/verification/verify-all.ts'
import { loadReferencePlaces } from '../../src/records/write/reference-places.ts'
import { useApp } from '../harness/app.ts'
import { readSlugs } from '../harness/record-reader.ts'
import { citationBody, useWriteClient } from '../harness/write-client.ts'

const t = useApp()
const w = useWriteClient(t)
const empty = useApp({}, 'empty')

const source = 'A gazetteer.'
const get = async (path: string) => (await t.api.get(path).expect(200)).body
const postPlace = (slug: string, members: object = {}) =>
  w.post('/v1/places', { slug, name: slug, source, ...members })

describe('a place', () => {
  test('is made without a citation, and says that it is reference data', async () => {
    const { body, headers } = await postPlace('tell-rifaat', {
      name: 'Tell Rifaat',
      otherNames: [{ name: 'Tal Rifat', language: 'en' }],
      country: 'SY',
      within: 'northern-syria',
      latitude: 36.47,
      longitude: 37.1,
      coordinatesSource: 'A map.',
      identifiers: [{ scheme: 'geonames', value: '163345' }],
    }).expect(201)
    expect(headers.location).toBe('/v1/places/tell-rifaat')
    expect(body).toEqual({
      id: expect.any(String),
      kind: 'place',
      slug: 'tell-rifaat',
      revision: expect.any(Number),
      href: '/v1/places/tell-rifaat',
      reference: true,
      name: 'Tell Rifaat',
      otherNames: [{ name: 'Tal Rifat', language: 'en' }],
      country: 'SY',
      within: expect.objectContaining({
        slug: 'northern-syria',
        href: '/v1/places/northern-syria',
      }),
      latitude: 36.47,
      longitude: 37.1,
      coordinatesSource: 'A map.',
      identifiers: [{ scheme: 'geonames', value: '163345' }],
      source,
      conflicts: [],
      citations: [],
    })
  })

  test.each([
    ['name=tel rifat', ['tell-rifaat']],
    ['name=Tal Rifat', ['tell-rifaat']],
    ['country=sy&name=syria', ['northern-syria', 'syria']],
    ['within=northern-syria', ['tell-rifaat']],
    ['identifier=163345', ['tell-rifaat']],
    ['case=canada-turkey-wescam', ['idlib', 'nagorno-karabakh', 'northern-syria', 'syria']],
  ])('is found by %s', async (query, slugs) => {
    expect((await readSlugs(t, `/v1/places?${query}`)).sort()).toEqual(slugs)
  })

  test.each([
    ['Rifaat', 'name'],
    ['Rifat', 'otherNames.0.name'],
    ['163345', 'identifiers.0.value'],
  ])('is found by the search for %s', async (words, field) => {
    const { data } = await get(`/v1/search?q=${words}&kind=place`)
    expect(data).toMatchObject([{ record: { slug: 'tell-rifaat' } }])
    expect(JSON.stringify(data)).toContain(`"${field}"`)
  })

  test('is a feature of GeoJSON, with or without a position', async () => {
    const { text: features, headers } = await t.api
      .get('/v1/places?format=geojson&within=northern-syria')
      .expect(200)
    expect(headers['content-type']).toContain('application/geo+json')
    expect(JSON.parse(features)).toEqual({
      type: 'FeatureCollection',
      features: [
        {
          type: 'Feature',
          id: expect.any(String),
          geometry: { type: 'Point', coordinates: [37.1, 36.47] },
          properties: {
            slug: 'tell-rifaat',
            name: 'Tell Rifaat',
            otherNames: ['Tal Rifat'],
            country: 'SY',
            within: 'Northern Syria',
            source,
            coordinatesSource: 'A map.',
            url: expect.stringMatching(/^http.*\/v1\/places\/tell-rifaat$/),
          },
        },
      ],
    })
    await postPlace('nowhere-known', { within: 'tell-rifaat' }).expect(201)
    const { text } = await t.api.get('/v1/places/nowhere-known?format=geojson').expect(200)
    expect(JSON.parse(text).features).toMatchObject([{ geometry: null }])
  })

  test.each([
    [{ latitude: 91, longitude: 0 }, '/body/latitude'],
    [{ latitude: 1 }, '/body/longitude'],
    [{ country: 'Syria' }, '/body/country'],
    [{ within: 'nowhere-at-all' }, '/body/within'],
  ])('%o is refused', async (members, pointer) => {
    const { status, body } = await postPlace('refused', members)
    expect([status, body.errors[0].pointer]).toEqual([400, pointer])
  })

  test('has history, and a correction shows in the records that name it', async () => {
    await postPlace('corrected').expect(201)
    await w
      .post('/v1/events', {
        slug: 'at-corrected',
        type: 'use',
        title: 'E',
        place: 'corrected',
        citations: [citationBody()],
      })
      .expect(201)
    const { status } = await w.patch('/v1/places/corrected', { name: 'Corrected', country: 'TR' })
    expect(status).toBe(200)
    expect((await get('/v1/events/at-corrected')).place).toMatchObject({
      name: 'Corrected',
      country: 'TR',
      reference: true,
      href: '/v1/places/corrected',
    })
    const { data } = await get('/v1/places/corrected/history')
    expect(data).toHaveLength(2)
    expect(await readSlugs(t, '/v1/events?place=corrected')).toEqual(['at-corrected'])
  })

  test('keeps its slug, and cannot go while an event names it', async () => {
    await postPlace('kept').expect(201)
    await w
      .post('/v1/events', {
        slug: 'at-kept',
        type: 'use',
        title: 'E',
        place: 'kept',
        citations: [citationBody()],
      })
      .expect(201)
    const renamed = await w.patch('/v1/places/kept', { slug: 'other' })
    expect([renamed.status, renamed.body.errors[0].pointer]).toEqual([400, '/body/slug'])
    const { status, body } = await w.del('/v1/places/kept', { reason: 'test' })
    expect([status, body.references]).toMatchObject([409, [{ slug: 'at-kept' }]])
    await postPlace('unused').expect(201)
    expect((await w.del('/v1/places/unused', { reason: 'test' })).status).toBe(200)
    await t.api.get('/v1/places/unused').expect(410)
  })

  test('is merged into another: records, names and identifiers follow', async () => {
    await postPlace('double', { identifiers: [{ scheme: 'wikidata', value: 'Q1' }] }).expect(201)
    await postPlace('single', { otherNames: [{ name: 'Solo' }] }).expect(201)
    await w
      .post('/v1/events', {
        slug: 'at-double',
        type: 'use',
        title: 'E',
        place: 'double',
        citations: [citationBody()],
      })
      .expect(201)
    const merged = await w.post(
      '/v1/places/double/merge',
      { into: 'single' },
      { 'if-match': await w.readEtag('/v1/places/double') },
    )
    expect(merged.body).toMatchObject({
      slug: 'single',
      otherNames: [{ name: 'Solo' }, { name: 'double' }],
      identifiers: [{ scheme: 'wikidata', value: 'Q1' }],
    })
    expect((await get('/v1/events/at-double')).place.slug).toBe('single')
    await t.api.get('/v1/places/double').expect(308)
  })
})

describe('a new place in another record', () => {
  const newPlace = { name: 'Stepanakert', country: 'AZ', latitude: 39.8, longitude: 46.75, source }

  test('is made in the same write, also of a batch, and only once', async () => {
    const event = (slug: string) => ({
      op: 'create',
      kind: 'event',
      record: {
        slug,
        type: 'use',
        title: slug,
        place: newPlace,
        assurance: { place: { ...newPlace, slug: 'xankendi', name: 'Xankəndi' } },
        citations: [citationBody()],
      },
    })
    await w.post('/v1/batch', { items: [event('first'), event('second')] }).expect(200)
    for (const slug of ['first', 'second']) {
      const { place, assurance, revision } = await get(`/v1/events/${slug}`)
      expect([place.slug, assurance.place.slug]).toEqual(['stepanakert', 'xankendi'])
      expect((await get('/v1/places/stepanakert')).revision).toBe(revision)
    }
  })

  test('in a correction, and in the end use of a permit', async () => {
    const { body } = await w
      .post('/v1/permits', {
        slug: 'with-place',
        title: 'P',
        issuer: 'canada',
        statedEndUse: { text: 'border', place: { name: 'Kobani', country: 'SY', source } },
        citations: [citationBody()],
      })
      .expect(201)
    expect(body.statedEndUse.place).toMatchObject({ slug: 'kobani', country: 'SY' })
    const corrected = await w.patch('/v1/permits/with-place', {
      statedEndUse: { text: 'border', place: { name: 'Afrin', source } },
    })
    expect(corrected.body.statedEndUse.place.slug).toBe('afrin')
  })

  test('is refused if its slug is taken, or it is no place', async () => {
    const post = (place: object) =>
      w.post('/v1/events', {
        slug: 'refused',
        type: 'use',
        title: 'E',
        place,
        citations: [citationBody()],
      })
    const taken = await post({ name: 'Idlib', source })
    expect([taken.status, taken.body.detail]).toEqual([
      409,
      expect.stringContaining('/v1/places/idlib already'),
    ])
    expect((await post({ name: 'Somewhere' })).status).toBe(400)
    await t.api.get('/v1/events/refused').expect(404)
  })
})

test('countries and capitals are there from the first start, and are made once', async () => {
  const made = await loadReferencePlaces(empty.database)
  expect(made).toBeGreaterThan(450)
  expect(await loadReferencePlaces(empty.database)).toBe(0)
  const { body } = await empty.api.get('/v1/places/ankara').expect(200)
  expect(body).toMatchObject({
    name: 'Ankara',
    country: 'TR',
    within: { slug: 'turkiye' },
    identifiers: [{ scheme: 'geonames', value: '323786' }],
    source: expect.stringContaining('GeoNames'),
    reference: true,
  })
  expect(await readSlugs(empty, '/v1/places?name=Turquie')).toContain('turkiye')
  await verifyAll(empty.database)
})

test('the database with all of it verifies', async () => {
  await verifyAll(t.database)
})
