import { LRUCache } from 'lru-cache'
import { afterEach, expect, test, vi } from 'vitest'
import { createConnectionKysely } from '../../src/database/kysely.ts'
import { describeArticle } from '../../src/intake/documents/rules.ts'
import { readerData } from '../../src/intake/reader/data.ts'
import { createDateFinder } from '../../src/intake/reader/values/dates.ts'
import { compareRows } from '../../src/intake/registers/changes/row-comparison.ts'
import { RowError } from '../../src/intake/registers/mapping/cells/cells.ts'
import { eventList } from '../../src/records/kinds/events/queries.ts'
import { findPartsContaining } from '../../src/records/model/article-texts.ts'

/** What is no date, or no text of a body, is refused by name. A bug in reading it is none of these, and is not hidden. */

const bug = new TypeError('internal text')
afterEach(() => {
  vi.restoreAllMocks()
})

/** Every date is looked up there first. */
const breakDates = () =>
  vi.spyOn(LRUCache.prototype, 'get').mockImplementation(() => {
    throw bug
  })

const dates: [what: string, read: (date: string) => unknown, ofNone: unknown][] = [
  ['a filter by day', (date) => eventList.filters.from?.schema.safeParse(date).success, false],
  [
    'the date in the metadata of a document',
    (date) =>
      describeArticle(
        { case: 'a' },
        [{ name: 'published', value: date, foundIn: 'meta' }],
        null,
        () => null,
      ).publishedOn,
    null,
  ],
  [
    'a date in a text',
    (date) => {
      const [, month, day] = date.split('-')
      const text = `It was on ${Number(day)} ${month === '02' ? 'February' : 'May'} 2020.`
      const [found] = createDateFinder(readerData().calendar, null, 'en')(text, 0, 0)
      return found?.edtf ?? null
    },
    null,
  ],
]

test.each(dates)(
  '%s: an invalid day is null, an unexpected error is thrown',
  (_what, read, ofNone) => {
    expect(read('2020-02-30')).toBe(ofNone)
    expect(read('2020-05-06')).not.toBe(ofNone)
    breakDates()
    expect(() => read('2020-05-06')).toThrow(bug)
  },
)

test('an earlier row with an invalid day has no day, an unexpected error is thrown', () => {
  const judged = (error: Error) =>
    compareRows(
      {
        release: { articleId: 'b', register: 'r', sha256: '', title: '', cause: {} as never },
        map: { file: { delimiter: ';', quote: null } } as never,
        mapper: {
          createPreparer: () => () => {
            throw error
          },
        } as never,
        rowsOf: () => 1,
      },
      {
        id: '',
        key: 'k',
        state: 'live',
        rows: [{ article: 'a', citation: 'c', position: 0, quote: 'x;y' }],
      } as never,
      {
        rows: [{ fields: ['z'], text: 'z' }],
        draft: { key: 'k', decisions: [{ becomes: 'issued', on: { earliest: '2020-01-01' } }] },
      } as never,
    )
  expect(judged(new RowError('', 'is empty'))).toMatchObject({ citedRows: [{ day: null }] })
  expect(() => judged(bug)).toThrow(bug)
})

test('an invalid quote finds nothing, an unexpected error is thrown', async () => {
  const asked: unknown[] = []
  const db = createConnectionKysely(async (_text, parameters) => {
    asked.push(...parameters)
    return []
  })
  await findPartsContaining(db, 'id', 'a\u0000b')
  expect(asked).toEqual(['id', ''])
  await expect(findPartsContaining(db, 'id', null as never)).rejects.toThrow(TypeError)
})
