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
 * A statement is compiled once for each key. So every property of a value that changes the SQL must be in the key
 * (`variant`); otherwise one request would get the statement of another.
 */

const db = createConnectionKysely(async () => [])

const ids = ['019b0000-0000-7000-8000-000000000000', '019B0000-0000-7000-8000-00000000000A']
/** Texts in every format that a filter accepts. */
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

/** The enum and const values anywhere in a JSON schema. */
function wordsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const { enum: words, const: word } = schema as { enum?: unknown; const?: unknown }
  return [
    ...(Array.isArray(words) ? words : [word]).filter((value) => typeof value === 'string'),
    ...Object.values(schema).flatMap(wordsOf),
  ]
}

const sampleValues = new Map<Filter, unknown[]>()
const valuesOf = (filter: Filter): unknown[] => {
  const values = sampleValues.get(filter) ?? parseSampleValues(filter)
  sampleValues.set(filter, values)
  return values
}

/** Parsed sample values of a filter. */
function parseSampleValues({ schema }: Filter): unknown[] {
  const words = wordsOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))
  const candidates = [...words, ...texts, ...words.map((word) => [word]), words.slice(0, 2)]
  return candidates.flatMap((candidate) => {
    const { success, data } = schema.safeParse(candidate)
    return success && data !== undefined ? [data] : []
  })
}

const listings: Record<string, (filterValues: FilterValues) => ListDefinition> = {
  ...Object.fromEntries(Kind.options.map((kind) => [kind, () => kinds[kind].list])),
  citation: () => citationList,
  timeline: (filterValues) => selectListing({ filterValues }),
}
const filtersOf = (name: string) => (listings[name]?.({}) ?? timelineListing).filters

const sqlOf = (listing: ListDefinition, values: FilterValues): string =>
  joinFragments(buildConditions(listing, createPlaceholder, values), ' AND ').compile(db).sql

describe.each(Object.keys(listings))('filters of %s', (name) => {
  const filters = Object.entries(filtersOf(name))
  const listing = listings[name] ?? (() => timelineListing)

  test.each(filters)('%s has at least two sample values', (_filter, filter) => {
    expect(new Set(valuesOf(filter).map(String)).size).toBeGreaterThan(1)
  })

  test('statements with the same key have the same SQL', () => {
    const arbitraryValues = fc.record(
      Object.fromEntries(
        filters.map(([filterName, filter]) => [filterName, fc.constantFrom(...valuesOf(filter))]),
      ),
      { requiredKeys: [] },
    )
    /** The second request has the same filters as the first, some with other values. */
    const arbitraryPair = arbitraryValues.chain((firstValues) =>
      fc
        .tuple(
          ...Object.entries(firstValues).map(([filter, value]) =>
            fc.oneof(
              fc.constant([filter, value] as const),
              fc
                .constantFrom(...valuesOf(filtersOf(name)[filter] as Filter))
                .map((otherValue) => [filter, otherValue] as const),
            ),
          ),
        )
        .map((entries) => [firstValues, Object.fromEntries(entries)] as const),
    )
    let sameKeyCount = 0
    fc.assert(
      fc.property(arbitraryPair, ([first, second]) => {
        if (buildStatementKey(listing(first), first) !== buildStatementKey(listing(second), second))
          return
        sameKeyCount += 1
        expect(sqlOf(listing(second), second)).toBe(sqlOf(listing(first), first))
      }),
      { numRuns: 300 },
    )
    expect(sameKeyCount).toBeGreaterThan(20)
  })

  test('values of a single filter with the same key have the same SQL', () => {
    for (const [filterName, filter] of filters) {
      const byKey = Map.groupBy(valuesOf(filter), (value) => {
        const filterValues = { [filterName]: value }
        return buildStatementKey(listing(filterValues), filterValues)
      })
      for (const [key, values] of byKey) {
        const statements = values.map((value) => {
          const filterValues = { [filterName]: value }
          return sqlOf(listing(filterValues), filterValues)
        })
        expect(new Set(statements).size, key).toBe(1)
      }
    }
  })
})

test('two lists with different SQL have different keys', () => {
  const statements = Object.entries(listings).flatMap(([name, listing]) =>
    Object.entries(filtersOf(name)).flatMap(([filterName, filter]) =>
      valuesOf(filter).map((value) => {
        const filterValues = { [filterName]: value }
        return {
          key: buildStatementKey(listing(filterValues), filterValues),
          sql: `${name} ${sqlOf(listing(filterValues), filterValues)}`,
        }
      }),
    ),
  )
  expect(statements.length).toBeGreaterThan(500)
  for (const [key, sameKey] of Map.groupBy(statements, (statement) => statement.key))
    expect(new Set(sameKey.map(({ sql }) => sql)).size, key).toBe(1)
})
