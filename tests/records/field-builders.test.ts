import { describe, expect, test } from 'vitest'
import { formatCanonicalJson } from '../../src/ledger/canonical-json.ts'
import { money, quantity, quantityRange } from '../../src/records/model/amount-fields.ts'
import {
  controlEntryArrays,
  group,
  list,
  notAFact,
  place,
  reference,
  referenceList,
  statedDate,
  text,
  textList,
} from '../../src/records/model/field-builders.ts'
import type { ReferenceResolver } from '../../src/records/model/references.ts'

const entries = controlEntryArrays('permit_item.control_lists', 'permit_item.control_codes')
const items = list(
  'permit_item.permit_id',
  {
    good: reference('good', 'permit_item.good_id'),
    quantity: quantity('permit_item.quantity'),
    quantityRange: quantityRange('quantity', 'permit_item.quantity'),
    unit: notAFact(text('permit_item.unit')),
    controlEntries: entries,
    value: money('permit_item.value'),
  },
  { facts: 'fields' },
)
const endUse = group('permit', {
  text: text('permit.stated_end_use'),
  place: place('permit.stated_end_use_place_id'),
})
const value = money('permit.value')
const goods = referenceList({
  kind: 'good',
  ownerColumn: 'event_good.event_id',
  column: 'event_good.good_id',
})
const day = {
  reasoning: null,
  latest: '2020-05-06',
  edtf: '2020-05-06',
  earliest: '2020-05-06',
  asStated: 'May 6, 2020',
}

/** Finds everything: the id of a reference is its slug with its kind before it. */
const refs: ReferenceResolver = {
  id: (kind, ref) => `${kind}:${ref}`,
  place: (slug) => ({ id: `place:${slug}`, slug }),
}

describe('a snapshot', () => {
  test.each([
    ['100', '100'],
    ['0100.50', '100.5'],
    ['7.0000', '7'],
    ['0.2500', '0.25'],
    ['0', '0'],
  ])('has the amount %s as the database gives it back: %s', (given, read) => {
    expect(value.toSnapshot({ amount: given, currency: 'EUR' })).toMatchObject({
      amount: read,
      currency: 'EUR',
    })
  })

  test('has null for an object of which nothing is stated', () => {
    expect(endUse.toSnapshot({ text: null, place: null })).toBeNull()
    expect(endUse.toSnapshot(null)).toBeNull()
  })

  test('has a place by its slug, and null where none is stated', () => {
    const stated = { text: 'Patrols', place: { id: 'place:idlib', slug: 'idlib' } }
    expect(endUse.toSnapshot(stated)).toEqual({ place: 'idlib', text: 'Patrols' })
    expect(endUse.toSnapshot({ text: 'Patrols' })).toEqual({ place: null, text: 'Patrols' })
  })

  test('is canonical JSON, whatever the order of the members that were given', () => {
    const snapshots = [
      items.toSnapshot([
        {
          unit: 'system',
          quantity: 7,
          good: 'a',
          controlEntries: [{ list: 'EU ML', code: 'ML15' }],
        },
        { good: 'b' },
      ]),
      endUse.toSnapshot({ text: 'Patrols', place: null }),
      value.toSnapshot({ currency: 'EUR', amount: '1' }),
      statedDate('permit.valid_until').toSnapshot(day),
    ]
    for (const snapshot of snapshots)
      expect(JSON.stringify(snapshot)).toBe(formatCanonicalJson(snapshot))
  })

  test('has what was left out as null or empty', () => {
    expect(items.toSnapshot([{ good: 'b' }])).toEqual([
      {
        controlEntries: [],
        good: 'b',
        quantity: null,
        quantityRange: null,
        unit: null,
        value: null,
      },
    ])
  })
})

describe('an input', () => {
  test('has its references resolved, at whatever depth', () => {
    const input = [{ good: 'mx-15d', quantity: 7, unit: null, controlEntries: [] }]
    expect(items.resolve(input, refs, '/items')).toMatchObject([
      { ...input[0], good: 'good:mx-15d' },
    ])
    expect(goods.resolve(['mx-15d'], refs, '/goods')).toEqual(['good:mx-15d'])
    expect(endUse.resolve({ text: 'x', place: 'idlib' }, refs, '/statedEndUse')).toEqual({
      text: 'x',
      place: { id: 'place:idlib', slug: 'idlib' },
    })
    expect(endUse.resolve(null, refs, '/statedEndUse')).toBeNull()
  })

  test('tells where a reference stands', () => {
    const pointers: string[] = []
    const noting: ReferenceResolver = {
      id: (_kind, _ref, pointer) => String(pointers.push(pointer)),
      place: (slug, pointer) => ({ id: String(pointers.push(pointer)), slug }),
    }
    items.resolve([{ good: 'a' }, { good: 'b' }], noting, '/body/items')
    goods.resolve(['a'], noting, '/body/goods')
    endUse.resolve({ text: 'x', place: 'idlib' }, noting, '/body/statedEndUse')
    expect(pointers).toEqual([
      '/body/items/0/good',
      '/body/items/1/good',
      '/body/goods/0',
      '/body/statedEndUse/place',
    ])
  })
})

describe('facts', () => {
  test.each([
    { what: 'a text', paths: text('permit.number').listFacts('number', 'A-1'), facts: ['number'] },
    { what: 'nothing', paths: text('permit.number').listFacts('number', null), facts: [] },
    {
      what: 'each text of a list',
      paths: textList('article.authors').listFacts('authors', ['A', 'B']),
      facts: ['authors.0', 'authors.1'],
    },
    { what: 'each reference of a list', paths: goods.listFacts('goods', [{}]), facts: ['goods.0'] },
    {
      what: 'each field of an item, but not its unit',
      paths: items.listFacts('items', [
        {
          good: {},
          quantity: 7,
          quantityRange: { low: 7, high: 7, excludes: null, asStated: null },
          unit: 'system',
          controlEntries: [{ list: 'a', code: 'b' }],
        },
        { good: {}, quantity: null, quantityRange: { low: null, high: 8 }, controlEntries: [] },
      ]),
      facts: [
        'items.0.good',
        'items.0.quantity',
        'items.0.controlEntries.0',
        'items.1.good',
        'items.1.quantity',
      ],
    },
    {
      what: 'each field of an object',
      paths: endUse.listFacts('statedEndUse', { text: 'x', place: null }),
      facts: ['statedEndUse.text'],
    },
    { what: 'no object', paths: endUse.listFacts('statedEndUse', null), facts: [] },
    {
      what: 'a sum as one',
      paths: value.listFacts('value', { amount: '1', currency: 'EUR' }),
      facts: ['value'],
    },
  ])('$what', ({ paths, facts }) => {
    expect(paths).toEqual(facts)
  })
})
