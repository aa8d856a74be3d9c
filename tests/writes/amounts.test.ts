import { describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { citationBody, useWriteClient } from '../harness/write-client.ts'

const t = useApp()
const w = useWriteClient(t)

const tagged = async (path: string) => ({ 'if-match': await w.readEtag(path) })

let count = 0
/** A permit of one item, which `items` and `value` describe. */
const createPermit = (fields: object, citations: object[] = [citationBody()]) => {
  count += 1
  const slug = `stated-${count}`
  return w.post('/v1/permits', { slug, title: 'A permit', issuer: 'canada', ...fields, citations })
}
const createItem = (quantity: unknown, ...citations: object[]) =>
  createPermit(
    { items: [{ good: 'mx-15d', quantity }] },
    citations.length > 0 ? citations : undefined,
  )

describe('a quantity', () => {
  test.each([
    [7, 7, { low: 7, high: 7, excludes: null, asStated: null }],
    [
      { asStated: 'almost 20,000' },
      null,
      { low: 18_000, high: 20_000, excludes: 'high', asStated: 'almost 20,000' },
    ],
    [
      { asStated: 'over 20,000 bombs' },
      null,
      { low: 20_000, high: null, excludes: 'low', asStated: 'over 20,000 bombs' },
    ],
    [
      { asStated: 'twenty-seven' },
      27,
      { low: 27, high: 27, excludes: null, asStated: 'twenty-seven' },
    ],
    [{ asStated: 'some' }, null, { low: null, high: null, excludes: null, asStated: 'some' }],
    [
      { low: 12, high: null, asStated: 'ein gutes Dutzend' },
      null,
      { low: 12, high: null, excludes: null, asStated: 'ein gutes Dutzend' },
    ],
    [{ low: 3, high: 3 }, 3, { low: 3, high: 3, excludes: null, asStated: null }],
  ])('%j reads %j and %j', async (quantity, exact, quantityRange) => {
    const { status, body } = await createItem(quantity)
    expect(status, JSON.stringify(body)).toBe(201)
    expect(body.items[0]).toMatchObject({ quantity: exact, quantityRange })
    const read = await t.api.get(`/v1/permits/${body.slug}`).expect(200)
    expect(read.body.items).toEqual(body.items)
  })

  test.each([
    ['words that cannot be read', { asStated: 'ein gutes Dutzend' }, 'low and high'],
    ['a number that can mean two things', { asStated: '1.250' }, 'low and high'],
    ['nothing', {}, 'asStated'],
    ['reversed bounds', { low: 5, high: 4 }, 'more than high'],
    ['an excluded bound that is open', { low: 5, high: null, excludes: 'high' }, 'open'],
    ['nothing but 5', { low: 5, high: 5, excludes: 'both' }, 'more than high'],
    ['0', 0, '>0'],
    ['too much', { low: 1, high: 1e13 }, ''],
  ])('is refused: %s', async (_what, quantity, reason) => {
    const { status, body } = await createItem(quantity)
    expect(status).toBe(400)
    expect(body.errors[0].pointer).toMatch(/^\/body\/items\/0\/quantity/)
    expect(JSON.stringify(body.errors)).toContain(reason)
  })

  test('keeps its words when another field is corrected, and is replaced as a whole', async () => {
    const { body } = await createItem({ asStated: 'almost 20,000' })
    const path = `/v1/permits/${body.slug}`
    const renamed = await w.patch(path, { title: 'Another title' }, await tagged(path))
    expect(renamed.body.items).toEqual(body.items)
    const exact = await w.patch(
      path,
      { items: [{ good: 'mx-15d', quantity: 19_675 }] },
      await tagged(path),
    )
    expect(exact.body.items[0].quantityRange).toEqual({
      low: 19_675,
      high: 19_675,
      excludes: null,
      asStated: null,
    })
    const before = await t.api.get(`${path}?revision=${body.revision}`).expect(200)
    expect(before.body.items).toEqual(body.items)
  })
})

describe('a sum of money', () => {
  test.each([
    [
      { amount: '95000', currency: 'EUR' },
      { amount: '95000', low: '95000', high: '95000' },
    ],
    [
      { currency: 'EUR', asStated: 'over €411 million' },
      { amount: null, low: '411000000', high: null, excludes: 'low' },
    ],
    [
      { currency: 'EUR', asStated: '1 to 5 million' },
      { amount: null, low: '1000000', high: '5000000', excludes: null },
    ],
    [
      { currency: 'EUR', low: '1.50', high: null },
      { amount: null, low: '1.5', high: null, asStated: null },
    ],
  ])('%j', async (value, expected) => {
    const { status, body } = await createPermit({
      value,
      items: [{ good: 'mx-15d', value }],
    })
    expect(status, JSON.stringify(body)).toBe(201)
    expect(body.value).toMatchObject({ ...expected, currency: 'EUR' })
    expect(body.items[0].value).toEqual(body.value)
  })

  test('is refused with an amount and other bounds, and without a currency', async () => {
    for (const value of [
      { amount: '5', low: '4', high: '6', currency: 'EUR' },
      { currency: 'EUR' },
      { asStated: 'over 411 million' },
    ])
      expect((await createPermit({ value })).status).toBe(400)
  })

  test('is corrected from exact to a range and back', async () => {
    const { body } = await createPermit({ value: { amount: '5', currency: 'EUR' } })
    const path = `/v1/permits/${body.slug}`
    const range = await w.patch(
      path,
      { value: { amount: null, asStated: 'up to 5 million' } },
      await tagged(path),
    )
    expect(range.body.value).toMatchObject({ amount: null, low: null, high: '5000000' })
    const exact = await w.patch(
      path,
      { value: { amount: '6', low: null, high: null, asStated: null } },
      await tagged(path),
    )
    expect(exact.body.value).toMatchObject({ amount: '6', low: '6', high: '6' })
  })
})

describe('a claim about an amount', () => {
  const field = 'items.0.quantity'
  test.each([
    [{ asStated: 'almost 20,000' }, 19_675, false],
    [{ asStated: 'over 20,000' }, 19_675, true],
    [{ asStated: 'over 20,000' }, 20_000, true],
    [19_675, { asStated: 'almost 20,000' }, false],
    [20, 21, true],
    [20, 20, false],
    [{ asStated: 'some' }, 21, false],
  ])('%j and %j: conflict %j', async (quantity, value, isConflict) => {
    const { body } = await createItem(quantity, citationBody({ field, value }))
    expect(body.conflicts.map((one: { field: string }) => one.field)).toEqual(
      isConflict ? [field] : [],
    )
  })

  test('of money compares within a currency', async () => {
    const claim = (value: object) => citationBody({ field: 'value', value })
    const conflictsOf = async (value: object) => {
      const { body } = await createPermit({ value: { amount: '5', currency: 'EUR' } }, [
        claim(value),
      ])
      return body.conflicts.length
    }
    expect(await conflictsOf({ currency: 'EUR', asStated: 'up to 6' })).toBe(0)
    expect(await conflictsOf({ currency: 'USD', asStated: 'up to 6' })).toBe(1)
    expect(await conflictsOf({ currency: 'EUR', asStated: 'over 5' })).toBe(1)
  })
})

describe('a claim has the type of its field', () => {
  const create = (field: string, value: unknown) =>
    createPermit({ validUntil: { edtf: '2021-05' }, items: [{ good: 'mx-15d', quantity: 7 }] }, [
      citationBody({ field, value }),
    ])

  test.each([
    ['items.0.quantity', 8],
    ['items.0.good', 'turkish-made-drones'],
    ['issuer', 'turkey'],
    ['title', 'Another title'],
    ['validUntil', '2022'],
    ['validUntil', { edtf: '2022-05-01', asStated: 'May Day' }],
    ['value', { amount: '5', currency: 'CAD' }],
    ['items.0.controlEntries.0', { list: 'EU ML', code: 'ML15' }],
    ['statedEndUse.text', 'Border patrols'],
  ])('%s takes %j', async (field, value) => {
    const { status, body } = await create(field, value)
    expect([status, body.conflicts?.length], JSON.stringify(body)).toEqual([201, 1])
  })

  test.each([
    ['items.0.quantity', 'eight', 'invalid-request', '/value'],
    ['items.0.quantity', [8], 'invalid-request', '/value'],
    ['issuer', { name: 'Turkey' }, 'invalid-request', '/value'],
    ['issuer', 'no-such-actor', 'unknown-reference', '/value'],
    ['items.0.good', 'turkey', 'unknown-reference', '/value'],
    ['title', 5, 'invalid-request', '/value'],
    ['validUntil', 'some day', 'invalid-request', '/value'],
    ['value', { amount: 5 }, 'invalid-request', '/value'],
    ['status', 'issued', 'invalid-request', '/field'],
    ['issuers', 'turkey', 'invalid-request', 'did you mean \\"issuer\\"'],
    ['items.x.quantity', 8, 'invalid-request', '/field'],
    ['__proto__.x', 8, 'invalid-request', '/field'],
  ])('%s refuses %j', async (field, value, code, where) => {
    const { status, body } = await create(field, value)
    expect([status, body.type], JSON.stringify(body)).toEqual([400, `/problems/${code}`])
    expect(JSON.stringify(body)).toContain(where)
  })

  test('a place of the words of a list, and a corrected citation', async () => {
    const { body } = await w.post('/v1/actors', {
      slug: 'typed',
      type: 'company',
      name: 'A firm',
      citations: [citationBody({ field: 'type', value: 'state' })],
    })
    expect(body.conflicts).toHaveLength(1)
    const path = `/v1/citations/${body.citations[0].id}`
    const bad = await w.patch(path, { value: 'firm' }, await tagged('/v1/actors/typed'))
    expect([bad.status, bad.body.errors[0].pointer]).toEqual([400, '/body/value'])
    const same = await w.patch(path, { value: 'company' }, await tagged('/v1/actors/typed'))
    expect(same.body.conflicts).toEqual([])
  })

  test('dates that overlap and the same reference are no conflict', async () => {
    for (const [field, value] of [
      ['validUntil', '2021-05-06'],
      ['issuer', 'canada'],
    ] as const)
      expect((await create(field, value)).body.conflicts).toEqual([])
  })
})
