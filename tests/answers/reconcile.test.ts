import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { createKey } from '../../src/access/queries.ts'
import type { Candidate } from '../../src/answers/reconcile/schema.ts'
import { useApp } from '../harness/app.ts'
import { buildActor, buildPermit, storeRecords } from '../harness/record-builders.ts'

const t = useApp()
const closed = useApp({ ACCESS: 'private' })
const ids: Record<string, string> = {}

beforeAll(async () => {
  await storeRecords(
    t.database,
    buildActor({
      slug: 'roketsan',
      name: 'Roketsan A.Ş.',
      country: 'TR',
      identifiers: [{ scheme: 'lei', value: '7891-AB' }],
    }),
    buildActor({ slug: 'rosoboronexport', name: 'Рособоронэкспорт', country: 'RU' }),
    buildActor({ slug: 'vulcan-one', name: 'Vulcan Arms', country: 'GB' }),
    buildActor({ slug: 'vulcan-two', name: 'Vulcan Arms Ltd', country: 'CA' }),
    buildActor({ slug: 'markup', name: '<b>"Bold" & sons</b>', type: 'organisation' }),
    buildPermit({
      slug: 'numbered',
      number: 'CA/2020/17',
      title: 'A numbered permit',
      destination: 'turkey',
      consignee: 'baykar',
    }),
  )
  for (const path of [
    'actors/canada',
    'actors/turkey',
    'actors/baykar',
    'actors/l3harris-wescam',
    'actors/roketsan',
    'actors/vulcan-one',
    'actors/markup',
    'goods/mx-15d',
    'permits/wescam-mx15d-baykar-2020',
    'permits/numbered',
    'measures/canada-arms-embargo-turkey-2019',
  ])
    ids[path.split('/')[1] ?? ''] = (await t.api.get(`/v1/${path}`).expect(200)).body.id
})

const post = (queries: unknown) =>
  t.api
    .post('/reconcile')
    .type('form')
    .send({ queries: JSON.stringify(queries) })
const ask = async (query: object | string): Promise<Candidate[]> => {
  const q = typeof query === 'string' ? { query } : query
  return (await post({ q }).expect(200)).body.q.result
}
const matched = async (query: object | string) =>
  (await ask(query)).filter(({ match }) => match).map(({ id }) => id)

describe('GET /reconcile', () => {
  test('without parameters returns the manifest, whose URLs all work', async () => {
    const { body } = await t.api.get('/reconcile').set('Host', 'casefile.test').expect(200)
    expect(body).toMatchObject({
      versions: ['0.2'],
      batchSize: 50,
      defaultTypes: [{ id: 'actor' }, { id: 'permit' }, { id: 'measure' }, { id: 'good' }],
      preview: { url: 'http://casefile.test/reconcile/preview?id={{id}}' },
    })
    const local = (url: string) => url.replace('http://casefile.test', '')
    const { entity, type, property } = body.suggest
    for (const { service_url, service_path } of [entity, type, property])
      await t.api.get(local(`${service_url}${service_path}?prefix=c`)).expect(200)
    for (const [{ flyout_service_url, flyout_service_path }, id] of [
      [entity, ids.canada] as const,
      [type, 'company'] as const,
      [property, 'issuer'] as const,
    ])
      await t.api
        .get(local(flyout_service_url + flyout_service_path).replace(/\$\{id\}/, String(id)))
        .expect(200)
    for (const { url } of [body.view, body.preview])
      await t.api.get(local(url).replace('{{id}}', String(ids.canada))).expect(200)
    await t.api.get(local(body.feature_view.url).replace('{{id}}', 'name')).expect(200)
    const { service_url, service_path } = body.extend.propose_properties
    await t.api.get(local(`${service_url}${service_path}?type=permit`)).expect(200)
  })

  test('answers queries and extensions in the URL as the POST does', async () => {
    const queries = { a: { query: 'Baykar' }, b: { query: 'Canada', limit: 1 } }
    const got = await t.api
      .get('/reconcile')
      .query({ queries: JSON.stringify(queries) })
      .expect(200)
    expect(got.body).toEqual((await post(queries).expect(200)).body)
    const extend = JSON.stringify({ ids: [ids.canada], properties: [{ id: 'country' }] })
    const { body } = await t.api.get('/reconcile').query({ extend }).expect(200)
    expect(body.rows).toEqual({ [String(ids.canada)]: { country: [{ str: 'CA' }] } })
  })

  test('allows any origin', async () => {
    for (const asked of [t.api.get('/reconcile'), post({ q: { query: 'x' } })])
      expect((await asked.set('Origin', 'https://refine.example')).headers).toMatchObject({
        'access-control-allow-origin': '*',
      })
    await t.api
      .options('/reconcile')
      .set({ Origin: 'https://refine.example', 'Access-Control-Request-Method': 'POST' })
      .expect(204)
  })

  test('of a private server shows the manifest to all, and the rest to keys only', async () => {
    await closed.api.get('/reconcile').expect(200)
    await closed.api.get('/reconcile?queries=%7B%7D').expect(401)
    await closed.api.post('/reconcile').type('form').send({ queries: '{}' }).expect(401)
    await closed.api.get('/reconcile/suggest/entity?prefix=c').expect(401)
  })
})

describe('a name', () => {
  test.each([
    ['Türkiye', 'turkey'],
    ['TURQUIE', 'turkey'],
    ['Турция', 'turkey'],
    ['Wescam', 'l3harris-wescam'],
    ['L-3 WESCAM', 'l3harris-wescam'],
    ['L3Harris WESCAM Inc.', 'l3harris-wescam'],
    ['Baykar Makina', 'baykar'],
    ['Baykar Defence', 'baykar'],
    ['Baykar Makina Sanayi ve Ticaret A.Ş.', 'baykar'],
    ['Байкар', 'baykar'],
    ['ROKETSAN', 'roketsan'],
    ['7891AB', 'roketsan'],
    ['Ottawa', 'canada'],
    ['MX15D', 'mx-15d'],
    ['ca 2020 17', 'numbered'],
    ['CA/2020/17', 'numbered'],
  ])('%s is %s', async (name, slug) => {
    expect(await matched(name)).toEqual([ids[slug]])
  })

  test.each(['Bayraktar', 'Niger', 'MX-20D', 'L3Harris MAPPS', 'Harris', 'Martin', '???', 'the'])(
    '%s has no candidate',
    async (name) => {
      expect(await matched(name)).toEqual([])
    },
  )

  test('in another script is found by an alias', async () => {
    expect((await ask('Rosoboroneksport'))[0]?.name).toBe('Рособоронэкспорт')
  })

  test('of two records is a match of neither', async () => {
    const result = await ask('Vulcan Arms')
    expect(result.map(({ score, match }) => [score, match])).toEqual([
      [100, false],
      [100, false],
    ])
  })

  test('of one or two words that matches exactly returns no similar spellings', async () => {
    await storeRecords(t.database, buildActor({ slug: 'zorble', name: 'Zorblatt Dynamics' }))
    await storeRecords(t.database, buildActor({ slug: 'zorbla', name: 'Zorblott Dynamics' }))
    const names = async (query: object | string) => (await ask(query)).map(({ name }) => name)
    expect(await matched('Zorblatt Dynamics')).toHaveLength(1)
    expect(await names('ZORBLATT DYNAMICS')).toEqual(['Zorblatt Dynamics'])
    expect(await names('Zorblat Dynamics')).toEqual(['Zorblatt Dynamics', 'Zorblott Dynamics'])
    const properties = [{ pid: 'country', v: 'Norway' }]
    await storeRecords(
      t.database,
      buildActor({ slug: 'zorblu', name: 'Zorblutt Dynamics', country: 'NO' }),
    )
    await storeRecords(
      t.database,
      buildActor({ slug: 'zorblo', name: 'Zorblutt Dynamic', country: 'SE' }),
    )
    expect(await names({ query: 'Zorblutt Dynamic', properties })).toContain('Zorblutt Dynamics')
  })

  test('of three words is no match when a similar spelling exists', async () => {
    for (const [slug, name] of [
      ['garply-one', 'Garplyan Fredersen Waldorff'],
      ['garply-two', 'Garplyan Fredersen Waldorf'],
    ] as const)
      await storeRecords(t.database, buildActor({ slug, name, type: 'person' }))
    const result = await ask('Garplyan Fredersen Waldorff')
    expect(result.map(({ score, match }) => [score, match])).toEqual([
      [100, false],
      [98.3, false],
    ])
  })

  test('of two records is distinguished by a property', async () => {
    const query = { query: 'Vulcan Arms', properties: [{ pid: 'country', v: 'United Kingdom' }] }
    expect(await matched(query)).toEqual([ids['vulcan-one']])
  })

  test('an id or a slug is the entity itself', async () => {
    expect(await matched(String(ids.baykar))).toEqual([ids.baykar])
    expect(await matched('wescam-mx15d-baykar-2020')).toEqual([ids['wescam-mx15d-baykar-2020']])
  })

  test('a score is explained by its features, each with a page', async () => {
    const [first] = await ask({ query: 'Wescam', properties: [{ pid: 'country', v: 'CA' }] })
    expect(first).toMatchObject({
      name: 'L3Harris Wescam',
      score: 100,
      match: true,
      type: [
        { id: 'company', name: 'Company' },
        { id: 'actor', name: 'Actor' },
      ],
    })
    const features = new Map(first?.features.map(({ id, value }) => [id, value]))
    expect(features.get('name')).toBe(100)
    expect(features.get('other_name')).toBe(true)
    expect(features.get('property:country')).toBe(1)
    for (const id of features.keys())
      await t.api.get('/reconcile/features').query({ id }).expect(200)
  })
})

describe('types, properties and limits', () => {
  test('filters by type; one of several is enough unless all are required', async () => {
    const typesOf = async (more: object) =>
      (await ask({ query: 'Canada', limit: 50, ...more })).map(({ type }) => type[0]?.id)
    expect(new Set(await typesOf({ type: 'state' }))).toEqual(new Set(['state']))
    expect(await typesOf({ type: 'company' })).not.toContain('state')
    expect(await typesOf({ type: ['company', 'state'] })).toContain('state')
    expect(await typesOf({ type: ['actor', 'state'], type_strict: 'all' })).toContain('state')
    expect(await typesOf({ type: ['company', 'state'], type_strict: 'all' })).toEqual([])
  })

  test('with type_strict=should another type lowers the score and is no match', async () => {
    const [first] = await ask({ query: 'Canada', type: 'company', type_strict: 'should' })
    expect(first).toMatchObject({ id: ids.canada, score: 75, match: false })
    expect(first?.features).toContainEqual({ id: 'type', value: false })
  })

  test('a different property lowers the score; a missing one does not', async () => {
    const score = async (pid: string, v: unknown) =>
      (await ask({ query: 'Baykar', type: 'company', properties: [{ pid, v }] }))[0]?.score
    expect(await score('country', 'Turkey')).toBe(100)
    expect(await score('country', 'Greece')).toBe(50)
    expect(await score('identifiers', '123')).toBe(100)
    expect(await score('country', ['Greece', 'TR'])).toBe(100)
  })

  test.each(['', ' ', 'N/A', 'n.a.', '-', null, []])(
    'the value %j counts as unknown',
    async (v) => {
      for (const pid of ['country', 'identifiers', 'aliases'])
        expect((await ask({ query: 'Baykar', properties: [{ pid, v }] }))[0]?.score).toBe(100)
    },
  )

  test('a property value may be the id of an entity, as UUID or slug', async () => {
    const score = async (pid: string, id: unknown, query: string) =>
      (await ask({ query, properties: [{ pid, v: { id } }] }))[0]?.score
    for (const id of [ids.turkey, 'actor/turkey'])
      expect(await score('country', id, 'Baykar'), String(id)).toBe(100)
    expect(await score('country', ids.canada, 'Baykar')).toBe(50)
    for (const id of [ids.baykar, 'baykar'])
      expect(await score('consignee', id, 'A numbered permit'), String(id)).toBe(100)
    expect(await score('consignee', ids.canada, 'A numbered permit')).toBe(50)
  })

  test('properties alone find permits by their parties, by name or by id', async () => {
    const byName = {
      type: 'permit',
      properties: [
        { pid: 'consignee', v: 'Baykar Makina' },
        { pid: 'number', v: 'CA/2020/17' },
      ],
    }
    expect((await ask(byName))[0]?.id).toBe(ids.numbered)
    const byId = {
      type: 'permit',
      properties: [{ pid: 'exporter', v: { id: ids['l3harris-wescam'] } }],
    }
    expect((await ask(byId))[0]?.id).toBe(ids['wescam-mx15d-baykar-2020'])
  })

  test('returns at most limit candidates, at most 50', async () => {
    expect(await ask({ query: 'Vulcan Arms', limit: 1 })).toHaveLength(1)
    expect((await ask({ query: 'Canada', limit: 100_000 })).length).toBeLessThanOrEqual(50)
  })
})

describe('queries without an answer', () => {
  test.each([
    ['an empty query', { query: ' ' }],
    ['no query at all', null],
    ['a text', 'Baykar'],
    ['a list', []],
    ['a query that is null', { query: null }],
    ['a number', { query: 5 }],
    ['a query of 10,000 characters', { query: 'a'.repeat(10_000) }],
    ['a NUL', { query: 'a\0' }],
    ['a lone surrogate', { query: 'a\ud800' }],
    ['an unknown type', { query: 'Baykar', type: 'ship' }],
    [
      'an unknown type beside others, all wanted',
      { query: 'Baykar', type: ['ship', 'company'], type_strict: 'all' },
    ],
    ['a limit of 0', { query: 'Baykar', limit: 0 }],
    ['nothing but an unknown property', { properties: [{ pid: 'tonnage', v: 1 }] }],
    ['nothing but an unknown value', { properties: [{ pid: 'country', v: 'N/A' }] }],
  ])('%s has no candidates; other queries of the batch do', async (_what, bad) => {
    const { body } = await post({ a: { query: 'Baykar' }, bad, z: { query: 'Canada' } }).expect(200)
    expect(Object.keys(body)).toEqual(['a', 'bad', 'z'])
    expect(body.bad).toEqual({ result: [] })
    expect(body.a.result[0].id).toBe(ids.baykar)
    expect(body.z.result[0].id).toBe(ids.canada)
  })

  test.each([
    ['an unknown member', { limits: 3 }],
    ['an unknown type beside a known one', { type: ['ship', 'company'] }],
    ['an unknown type that only should be', { type: 'company', type_strict: 'should' }],
    ['an unknown property', { properties: [{ pid: 'tonnage', v: 1 }] }],
    ['a property without a value', { properties: [{ pid: 'country' }] }],
  ])('%s is ignored', async (_what, more) => {
    expect(await matched({ query: 'Baykar', ...more })).toEqual([ids.baykar])
  })

  test.each([
    ['not JSON', '{"q":'],
    ['an array', '[]'],
  ])('400 for a batch that is %s', async (_what, queries) => {
    const { body } = await t.api.post('/reconcile').type('form').send({ queries }).expect(400)
    expect(body.errors[0].pointer).toBe('/queries')
  })

  test('413 for a batch of 1,000 queries, 200 for 50', async () => {
    const batch = (length: number) =>
      Object.fromEntries(Array.from({ length }, (_, at) => [`q${at}`, { query: 'Baykar' }]))
    const { body } = await post(batch(1_000)).expect(413)
    expect(body.type).toBe('/problems/batch-too-large')
    expect(Object.keys((await post(batch(50)).expect(200)).body)).toHaveLength(50)
  })

  test('400 or 415 for neither or both of queries and extend, another parameter or media type', async () => {
    const form = (body: object) => t.api.post('/reconcile').type('form').send(body)
    await form({}).expect(400)
    await form({ queries: '{}', extend: '{"ids":[],"properties":[]}' }).expect(400)
    await form({ query: '{}' }).expect(400)
    await t.api.post('/reconcile').send({ queries: '{}' }).expect(200)
    await t.api.post('/reconcile').type('text/plain').send('x').expect(415)
    // Forms are read here only.
    const key = await createKey(t.database.db, { name: 'desk', scope: 'write', expiresAt: null })
    const written = t.api.post('/v1/batch').set('Authorization', `Bearer ${key?.text}`)
    await written.type('form').send({ items: '[]' }).expect(415)
  })

  test('never a 500 for any input', async () => {
    const query = fc.record({ query: fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }) })
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.string({ maxLength: 5 }), query, { maxKeys: 4 }),
        async (batch) => {
          const { status } = await post(batch)
          return status === 200 || status === 400
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('data extension', () => {
  const extend = (given: object) =>
    t.api
      .post('/reconcile')
      .type('form')
      .send({ extend: JSON.stringify(given) })

  test('returns values and entities, an empty list for none', async () => {
    const permit = String(ids['wescam-mx15d-baykar-2020'])
    const { body } = await extend({
      ids: [permit],
      properties: ['issuer', 'number', 'goods', 'status', 'issuedOn'].map((id) => ({ id })),
    }).expect(200)
    expect(body).toEqual({
      meta: [
        { id: 'issuer', name: 'issuer', type: { id: 'actor', name: 'Actor' } },
        { id: 'number', name: 'permit number' },
        { id: 'goods', name: 'goods', type: { id: 'good', name: 'Controlled good' } },
        { id: 'status', name: 'status' },
        { id: 'issuedOn', name: 'issued on' },
      ],
      rows: {
        [permit]: {
          issuer: [{ id: ids.canada, name: 'Canada' }],
          number: [],
          goods: [{ id: ids['mx-15d'], name: 'MX-15D' }],
          status: [{ str: 'issued' }],
          issuedOn: [{ str: '2020-05' }],
        },
      },
    })
  })

  test('returns every property of every type', async () => {
    for (const [type, slug] of [
      ['actor', 'roketsan'],
      ['permit', 'numbered'],
      ['measure', 'canada-arms-embargo-turkey-2019'],
      ['good', 'mx-15d'],
    ] as const) {
      const proposed = await t.api.get(`/reconcile/properties?type=${type}`).expect(200)
      const properties = proposed.body.properties.map(({ id }: { id: string }) => ({ id }))
      const { body } = await extend({ ids: [ids[slug]], properties }).expect(200)
      expect(Object.keys(body.rows[String(ids[slug])])).toEqual(
        properties.map(({ id }: { id: string }) => id),
      )
      expect(body.rows[String(ids[slug])].name).toHaveLength(1)
    }
  })

  test('returns empty rows for unknown ids, and refuses unknown properties', async () => {
    const unknown = '019b0000-0000-7000-8000-000000000000'
    const given = [ids.canada, unknown, 'x', '', 'a\0']
    const { body } = await extend({ ids: given, properties: [{ id: 'country' }] }).expect(200)
    expect(body.rows).toEqual({
      ...Object.fromEntries(given.map((id) => [id, { country: [] }])),
      [String(ids.canada)]: { country: [{ str: 'CA' }] },
    })
    const refused = await extend({ ids: given, properties: [{ id: 'tonnage' }] }).expect(400)
    expect(refused.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/extend/properties/0',
    ])
  })
})

describe('suggestions and previews', () => {
  const names = async (what: string, prefix: string) =>
    (await t.api.get(`/reconcile/suggest/${what}`).query({ prefix }).expect(200)).body.result.map(
      ({ name }: { name: string }) => name,
    )

  test('suggests entities by prefix of a name, alias, number or id', async () => {
    expect(await names('entity', 'Türk')).toEqual(
      expect.arrayContaining(['Turkey', 'Turkish-made drones']),
    )
    expect(await names('entity', 'wesc')).toContain('L3Harris Wescam')
    expect(await names('entity', 'ca/2020')).toEqual(['A numbered permit'])
    expect(await names('entity', String(ids.canada))).toEqual(['Canada'])
    expect(await names('entity', '%')).toEqual([])
    const { body } = await t.api.get('/reconcile/suggest/entity?prefix=c&cursor=1').expect(200)
    expect(body.result.map(({ name }: { name: string }) => name)).toEqual(
      (await names('entity', 'c')).slice(1),
    )
  })

  test('suggests types and properties by prefix', async () => {
    expect(await names('type', 'comp')).toEqual(['Company'])
    expect(await names('property', 'end')).toEqual(['end user'])
    expect(await names('type', 'zzz')).toEqual([])
  })

  // As its suggest boxes ask (jQuery adds `callback` and `_`).
  test.each(['entity', 'type', 'property'])(
    'answer the requests of OpenRefine: %s',
    async (what) => {
      const parameters = { prefix: 'c', spell: 'always', exact: 'false', prefixed: 'true' }
      const more = { scoring: 'schema', type: 'actor', limit: '11', _: '1700000000000' }
      const path = `/reconcile/suggest/${what}`
      const plain = await t.api.get(path).query({ prefix: 'c' }).expect(200)
      const asked = t.api.get(path).query({ ...parameters, ...more })
      expect((await asked.expect(200)).body).toEqual(plain.body)
      const script = await t.api
        .get(path)
        .query({ ...parameters, ...more, callback: 'jQuery3_170.done' })
        .expect(200)
        .expect('content-type', 'text/javascript; charset=utf-8')
        .expect('x-content-type-options', 'nosniff')
      expect(script.text).toBe(`/**/jQuery3_170.done(${JSON.stringify(plain.body)});`)
    },
  )

  test('a JSONP response only calls the callback, for any text of records', async () => {
    const manifest = await t.api.get('/reconcile').query({ callback: 'cb' }).expect(200)
    expect(manifest.text).toMatch(/^\/\*\*\/cb\(\{.*\}\);$/)
    for (const callback of ['alert(1)//', '1a', '', 'a;b', '</script>', 'a'.repeat(200)])
      await t.api.get('/reconcile').query({ callback }).expect(400)
    await storeRecords(t.database, buildActor({ slug: 'script-end', name: 'Lines </script>' }))
    const found = await t.api.get('/reconcile/suggest/entity?prefix=lines&callback=cb').expect(200)
    expect(found.text).toContain('Lines </script>')
  })

  test('pages can be framed by any origin, and run no scripts', async () => {
    for (const path of [`preview?id=${ids.canada}`, 'features?id=name']) {
      const { headers } = await t.api.get(`/reconcile/${path}`).expect(200)
      expect(headers).not.toHaveProperty('x-frame-options')
      expect(headers['content-security-policy']).toMatch(/default-src 'none'.*frame-ancestors \*/)
    }
    const { headers } = await t.api.get('/v1/actors/canada').expect(200)
    expect(headers).toHaveProperty('x-frame-options')
  })

  test('pages escape the text of records', async () => {
    const { text } = await t.api.get(`/reconcile/preview?id=${ids.markup}`).expect(200)
    expect(text).toContain('&lt;b&gt;&quot;Bold&quot; &amp; sons&lt;/b&gt;')
    expect(text).not.toContain('<b>')
    const { body } = await t.api.get(`/reconcile/flyout/entity?id=${ids.markup}`).expect(200)
    expect(body.html).not.toContain('<b>')
  })

  test.each([
    'preview?id=019b0000-0000-7000-8000-000000000000',
    'preview?id=x',
    'flyout/entity?id=x',
    'flyout/type?id=ship',
    'flyout/property?id=tonnage',
    'features?id=luck',
    // Members that every object of JavaScript has.
    ...['constructor', '__proto__', 'toString:name'].flatMap((id) => [
      `features?id=${id}`,
      `flyout/type?id=${id}`,
      `flyout/property?id=${id}`,
      `preview?id=${id}`,
    ]),
    'properties?type=ship',
  ])('404: %s', async (path) => {
    await t.api.get(`/reconcile/${path}`).expect(404)
  })
})
