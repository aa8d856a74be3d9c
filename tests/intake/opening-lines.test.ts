import { expect, test } from 'vitest'
import { describeArticle } from '../../src/intake/documents/rules.ts'
import { readOpeningLines } from '../../src/intake/extraction/text/opening-lines.ts'
import { readDay } from '../../src/intake/reader/values/day.ts'

const read = (body: string) =>
  readOpeningLines({ body, spans: [] }).map(({ name, value }) => [name, value])

test.each([
  [
    'COPENHAGEN, Sept 24 (Baltpress) - Denmark has cancelled a permit.',
    [
      ['published', 'Sept 24'],
      ['siteName', 'Baltpress'],
    ],
  ],
  ['Oslo, 4 May 2021 – Norway suspended licences.', [['published', '4 May 2021']]],
  ['PARIS (Nordwire) — France denied it.', [['siteName', 'Nordwire']]],
  ['Published: 24 September 2021, 10:15', [['published', '24 September 2021']]],
  ['24. September 2021', [['published', '24. September 2021']]],
  ['Publié le 3 mai 2021', [['published', '3 mai 2021']]],
  [
    'By Aylin Demir and Jan de Vries',
    [
      ['byline', 'Aylin Demir'],
      ['byline', 'Jan de Vries'],
    ],
  ],
  ['Von Jutta Brandt', [['byline', 'Jutta Brandt']]],
  ['By Monday the permits had gone.', []],
  ['By far the largest buyer was Egypt.', []],
  ['Norway - a member of NATO - suspended licences.', []],
  ['On 24 September 2021 Denmark cancelled a permit.', []],
])('%s', (line, entries) => {
  expect(read(`A title of the article\n\n${line}\n\nAnd more text.`)).toEqual(entries)
})

test('the first lines are read after the page header, and only these', () => {
  const header = 'Home\n\nPolitics'
  const body = `${header}\n\nBy Aylin Demir\n\n${'A sentence.\n\n'.repeat(20)}By Jan Smit`
  const spans = [
    {
      type: 'navigation' as const,
      start: 0,
      end: header.length,
      page: null,
      note: null,
      confidence: null,
    },
    {
      type: 'article' as const,
      start: header.length + 2,
      end: body.length,
      page: null,
      note: null,
      confidence: null,
    },
  ]
  expect(readOpeningLines({ body, spans })).toEqual([
    { name: 'byline', value: 'Aylin Demir', foundIn: 'line 1' },
  ])
})

test.each([
  ['24 September 2021', null, '2021-09-24'],
  ['24. September 2021', 'de', '2021-09-24'],
  ['3 mai 2021', 'fr', '2021-05-03'],
  ['Sept 24', 'en', undefined],
  ['September 2021', 'en', undefined],
  ['31 February 2021', 'en', undefined],
])('%s (%s) is published on %s', (value, language, edtf) => {
  const stated = [{ name: 'published', value, foundIn: 'line 2' }]
  const { publishedOn } = describeArticle({ case: 'a', language }, stated, null, readDay)
  expect(publishedOn?.edtf).toBe(edtf)
})
