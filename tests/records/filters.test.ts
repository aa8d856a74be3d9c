import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { selectListing, timelineListing } from '../../src/answers/timeline/queries.ts'
import { createConnectionKysely } from '../../src/database/kysely.ts'
import { createPlaceholder } from '../../src/database/prepared-statements.ts'
import { joinFragments } from '../../src/database/sql-fragments.ts'
import { kinds } from '../../src/records/kinds/all-kinds.ts'
import { citationList } from '../../src/records/kinds/citations/queries.ts'
import type { Filter, FilterValues } from '../../src/records/model/filters.ts'
import {
  buildConditions,
  buildStatementKey,
  type ListDefinition,
} from '../../src/records/model/list-queries.ts'
import { Kind } from '../../src/records/model/schema.ts'

/**
 * A statement is compiled once for each key. Whatever of a value changes the SQL must be in the key (`variant`), or one request
 * gets the statement of another.
 */

const db = createConnectionKysely(async () => [])

const ids = ['019b0000-0000-7000-8000-000000000000', '019B0000-0000-7000-8000-00000000000A']
/** Texts of every shape that some filter takes. */
const texts = [
  'turkey',
  'mx-15d',
  'a',
  'EUR',
  'TR',
  'ML15d',
  'items.0.quantity',
  'Żółć',
  '%',
  "it's",
  ...ids,
  'true',
  'false',
  '0',
  '1',
  '7',
  '2020',
  '2020-05',
  '2020-05-06',
  '2019-10/2019-12',
  '2020?',
  ...Kind.options.flatMap((kind) => [
    `${kind}/turkey`,
    `${kind}s/turkey`,
    `${kind.toUpperCase()}/x`,
  ]),
]

/** The words that a schema names anywhere in it. */
function wordsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const { enum: words, const: word } = schema as { enum?: unknown; const?: unknown }
  return [
    ...(Array.isArray(words) ? words : [word]).filter((one) => typeof one === 'string'),
    ...Object.values(schema).flatMap(wordsOf),
  ]
}

const known = new Map<Filter, unknown[]>()
const valuesOf = (filter: Filter): unknown[] => {
  const values = known.get(filter) ?? parsedValues(filter)
  known.set(filter, values)
  return values
}

/** Values of a filter as a request has them when they have been parsed. */
function parsedValues({ schema }: Filter): unknown[] {
  const words = wordsOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))
  const candidates = [...words, ...texts, ...words.map((word) => [word]), words.slice(0, 2)]
  return candidates.flatMap((candidate) => {
    const { success, data } = schema.safeParse(candidate)
    return success && data !== undefined ? [data] : []
  })
}

const listings: Record<string, (given: FilterValues) => ListDefinition> = {
  ...Object.fromEntries(Kind.options.map((kind) => [kind, () => kinds[kind].list])),
  citation: () => citationList,
  timeline: (given) => selectListing({ filterValues: given }),
}
const filtersOf = (name: string) => (listings[name]?.({}) ?? timelineListing).filters

const sqlOf = (listing: ListDefinition, given: FilterValues): string =>
  joinFragments(buildConditions(listing, createPlaceholder, given), ' AND ').compile(db).sql

describe.each(Object.keys(listings))('filters of %s', (name) => {
  const filters = Object.entries(filtersOf(name))
  const listing = listings[name] ?? (() => timelineListing)

  test.each(filters)('%s takes at least two values', (_filter, filter) => {
    expect(new Set(valuesOf(filter).map(String)).size).toBeGreaterThan(1)
  })

  test('requests with the same key have the same SQL', () => {
    const some = fc.record(
      Object.fromEntries(
        filters.map(([filter, given]) => [filter, fc.constantFrom(...valuesOf(given))]),
      ),
      { requiredKeys: [] },
    )
    /** A second request that differs from the first in the values of some filters, and in no name. */
    const pair = some.chain((given) =>
      fc
        .tuple(
          ...Object.entries(given).map(([filter, value]) =>
            fc.oneof(
              fc.constant([filter, value] as const),
              fc
                .constantFrom(...valuesOf(filtersOf(name)[filter] as Filter))
                .map((other) => [filter, other] as const),
            ),
          ),
        )
        .map((entries) => [given, Object.fromEntries(entries)] as const),
    )
    let sameKey = 0
    fc.assert(
      fc.property(pair, ([one, other]) => {
        if (buildStatementKey(listing(one), one) !== buildStatementKey(listing(other), other))
          return
        sameKey += 1
        expect(sqlOf(listing(other), other)).toBe(sqlOf(listing(one), one))
      }),
      { numRuns: 300 },
    )
    expect(sameKey).toBeGreaterThan(20)
  })

  test('a filter alone: values with the same key have the same SQL', () => {
    for (const [filter, given] of filters) {
      const byKey = Map.groupBy(valuesOf(given), (value) => {
        const one = { [filter]: value }
        return buildStatementKey(listing(one), one)
      })
      for (const [key, values] of byKey) {
        const sql = new Set(
          values.map((value) => sqlOf(listing({ [filter]: value }), { [filter]: value })),
        )
        expect(sql.size, key).toBe(1)
      }
    }
  })
})

test('no two lists share a key with different SQL', () => {
  const all = Object.entries(listings).flatMap(([name, listing]) =>
    Object.entries(filtersOf(name)).flatMap(([filter, given]) =>
      valuesOf(given).map((value) => {
        const one = { [filter]: value }
        return [
          buildStatementKey(listing(one), one),
          `${name} ${sqlOf(listing(one), one)}`,
        ] as const
      }),
    ),
  )
  expect(all.length).toBeGreaterThan(500)
  for (const [key, same] of Map.groupBy(all, ([one]) => one))
    expect(new Set(same.map(([, sql]) => sql)).size, key).toBe(1)
})
