import { describe, expect, test } from 'vitest'
import { kinds } from '../../src/records/kinds/all-kinds.ts'
import { buildSlug } from '../../src/records/write/slugs.ts'
import { useApp } from '../harness/app.ts'
import { citationBody, useWriteClient } from '../harness/write-client.ts'

const t = useApp()
const w = useWriteClient(t)
const actor = { type: 'company', name: 'Halvorsen Støperi AS', country: 'NO' }

describe('one quote for several fields', () => {
  test('is one citation for each field, in a new record and an added one', async () => {
    const { body } = await w.post('/v1/actors', {
      ...actor,
      slug: 'several-fields',
      citations: [citationBody({ fields: ['name', 'type', 'name'] })],
    })
    const fieldsOf = (record: { citations: { field: string }[] }) =>
      record.citations.map(({ field }) => field)
    expect(fieldsOf(body)).toEqual(['name', 'type'])
    const added = await w.post(
      '/v1/actors/several-fields/citations',
      citationBody({ fields: ['country', '*'] }),
    )
    expect([added.status, fieldsOf(added.body)]).toEqual([201, ['name', 'type', 'country', '*']])
  })

  test.each([
    [{ field: 'name', fields: ['type'] }, 'not both'],
    [{ fields: ['name', 'type'], value: 'x' }, 'one field'],
    [{ fields: [] }, ''],
  ])('%j is refused', async (citation, reason) => {
    const { status, body } = await w.post('/v1/actors', {
      ...actor,
      slug: 'refused-fields',
      citations: [citationBody(), citationBody(citation)],
    })
    expect([status, body.errors[0].pointer]).toEqual([400, '/body/citations/1/fields'])
    expect(body.detail).toContain(reason)
  })

  test('an error of a quote points at the citation of the request', async () => {
    const { body } = await w.post('/v1/actors', {
      ...actor,
      slug: 'wrong-quote',
      citations: [
        citationBody({ fields: ['name', 'type'] }),
        citationBody({ quote: 'words that no article has' }),
      ],
    })
    expect(body.errors[0].pointer).toBe('/body/citations/1/quote')
  })
})

test('a citation of the whole record is counted apart from those of fields', async () => {
  await w.post('/v1/actors', {
    ...actor,
    slug: 'whole-record',
    citations: [citationBody({ fields: ['*'] }), citationBody({ field: 'name' })],
  })
  const { body } = await t.api.get('/v1/cases/canada-turkey-wescam/coverage').expect(200)
  const record = body.records.find(
    (one: { record: { slug: string } }) => one.record.slug === 'whole-record',
  )
  expect(record).toMatchObject({ facts: 3, cited: 1, citedAsWhole: 2, missing: [] })
  expect(body.citedAsWhole).toBeGreaterThanOrEqual(2)
  expect(body.share).toBeCloseTo(body.cited / body.facts)
})

describe('without a slug', () => {
  const examples: Record<string, object> = {
    case: { title: 'Sights for Estmark' },
    article: { title: 'Estmark takes delivery', case: 'canada-turkey-wescam', text: 'It came.' },
    actor: { type: 'company', name: 'Slugless Optics' },
    place: { name: 'Slugless Harbour', source: 'A map of the harbour' },
    good: { designation: 'Slugless 9' },
    affiliation: { actor: 'baykar', organisation: 'turkey', type: 'membership', role: 'Member' },
    permit: { title: 'Slugless permit', issuer: 'canada' },
    measure: {
      title: 'Slugless embargo',
      imposer: 'canada',
      target: 'turkey',
      legalForm: 'embargo',
    },
    event: { type: 'statement', title: 'Slugless statement' },
    figure: {
      title: 'Slugless licences',
      measure: 'licences',
      quantity: { low: 3, high: 3 },
      from: 'canada',
    },
  }
  test.each(Object.values(kinds))('a $kind alone and in a batch', async ({ kind, plural }) => {
    const citations = [citationBody()]
    const record = { ...examples[kind], ...(/^(case|place)$/.test(kind) ? {} : { citations }) }
    const body = kind === 'article' ? { ...examples.article } : record
    const alone = await w.post(`/v1/${plural}`, body)
    expect([alone.status, alone.body.errors, alone.body.slug]).toEqual([
      201,
      undefined,
      expect.stringMatching(/^[a-z0-9-]+$/),
    ])
    const other = kind === 'article' ? { ...body, text: 'It came again.' } : body
    const batch = await w.post('/v1/batch', { items: [{ op: 'create', kind, record: other }] })
    expect([batch.status, batch.body.errors, batch.body.items?.[0]?.slug]).toEqual([
      200,
      undefined,
      `${alone.body.slug}-2`,
    ])
  })

  test('the server makes one from the name, unique and the same each time', async () => {
    const create = () => w.post('/v1/actors', { ...actor, citations: [citationBody()] })
    expect((await create()).body.slug).toBe('halvorsen-stoperi-as')
    expect((await create()).body.slug).toBe('halvorsen-stoperi-as-2')
    const permit = await w.post('/v1/permits', {
      title: 'Licence 17/2020: Halvorsen',
      issuer: 'canada',
      citations: [citationBody()],
    })
    expect([permit.status, permit.body.slug]).toEqual([201, 'licence-17-2020-halvorsen'])
  })

  test('in a batch, items refer to one another by their local names', async () => {
    const item = (as: string) => ({
      op: 'create',
      kind: 'actor',
      as,
      record: { type: 'company', name: 'Twin Works', citations: [citationBody()] },
    })
    const { status, body } = await w.post('/v1/batch', {
      items: [
        item('one'),
        item('two'),
        {
          op: 'create',
          kind: 'good',
          record: {
            designation: 'A valve',
            manufacturer: '$two',
            citations: [citationBody()],
          },
        },
      ],
    })
    expect(status, JSON.stringify(body)).toBe(200)
    expect(body.items.map(({ slug }: { slug: string }) => slug)).toEqual([
      'twin-works',
      'twin-works-2',
      'a-valve',
    ])
  })

  test.each([
    ['Łódź Ł.T.D. «Дрон»', 'lodz-l-t-d-dron'],
    ['!!!', 'actor'],
    ['x'.repeat(300), 'x'.repeat(100)],
  ])('%s', (name, slug) => {
    expect(buildSlug(name, 'actor')).toBe(slug)
  })
})

describe('errors', () => {
  test.each([
    ['/v1/actors', { ...actor, type: 'compny' }, '/body/type', 'did you mean "company"?'],
    [
      '/v1/events',
      { type: 'delivary', title: 'A delivery' },
      '/body/type',
      'did you mean "delivery"?',
    ],
  ])('of a closed list name the nearest word: %s', async (path, record, pointer, hint) => {
    const { status, body } = await w.post(path, {
      slug: 'misspelt',
      ...record,
      citations: [citationBody()],
    })
    expect([status, body.errors[0].pointer]).toEqual([400, pointer])
    expect(body.errors[0].detail).toContain(hint)
  })

  test('of a filter name it too', async () => {
    const { body } = await t.api.get('/v1/events?type=delivary').expect(400)
    expect(body.errors[0].detail).toContain('did you mean "delivery"?')
  })

  test('of a batch: all invalid items, and a missing record once', async () => {
    const good = (manufacturer: string, more: object = {}) => ({
      op: 'create',
      kind: 'good',
      record: { designation: 'A valve', manufacturer, citations: [citationBody()], ...more },
    })
    const invalid = await w.post('/v1/batch', {
      items: [
        { op: 'create', kind: 'actor', as: 'maker', record: { name: 'x', type: 'firm' } },
        good('$maker'),
        good('$maker', { designation: 5 }),
      ],
    })
    expect(invalid.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/body/items/0/record/type',
      '/body/items/2/record/designation',
    ])
    const missing = await w.post('/v1/batch', {
      items: [good('no-such-maker'), good('no-such-maker'), good('$nobody')],
    })
    expect([missing.status, missing.body.errors]).toEqual([
      400,
      [
        {
          pointer: '/body/items/0/record/manufacturer',
          detail: 'there is no actor "no-such-maker" (2 references to it)',
        },
        {
          pointer: '/body/items/2/record/manufacturer',
          detail: 'there is no actor "$nobody"',
        },
      ],
    ])
  })

  test('of an effect name the word, not both alternatives', async () => {
    const { body } = await w.post('/v1/batch', {
      items: [
        {
          op: 'create',
          kind: 'event',
          record: {
            type: 'permit-decision',
            title: 'x',
            effects: [{ permit: 'wescam-mx15d-baykar-2020', becomes: 'canceled' }],
            citations: [citationBody()],
          },
        },
      ],
    })
    expect(body.errors).toHaveLength(1)
    expect(body.errors[0]).toMatchObject({ pointer: '/body/items/0/record/effects/0/becomes' })
    expect(body.errors[0].detail).toContain('did you mean "cancelled"?')
  })
})
