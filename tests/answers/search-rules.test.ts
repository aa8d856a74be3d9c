import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  findNearestWords,
  listCorrectableWords,
  parseQuery,
  toNameText,
  toTsquery,
  toWordKey,
} from '../../src/answers/search/rules.ts'
import { findContext, findExcerpt } from '../../src/answers/search/snippets.ts'
import { Problem } from '../../src/problem.ts'

/** As PostgreSQL gets it: words in apostrophes. */
const read = (text: string) => toTsquery(parseQuery(text)).replaceAll('\u0001', "'")

describe('a query', () => {
  test.each([
    ['embargo', "(('embargo' | 'embargos'))"],
    ['permits', "(('permits' | 'permit'))"],
    ['Idlib L3Harris', "(('Idlib' | 'Idlibs') & ('L3Harris'))"],
    ['"what is the logic"', "(('what is the logic'))"],
    ['“what is', "(('what is'))"],
    ['"unbalanced', "(('unbalanced'))"],
    ['MX-15D', "(('MX 15D'))"],
    ['panarmenian.net', "(('panarmenian net'))"],
    ['gas -oil', "(('gas') & !('oil'))"],
    ['may -"arms embargo"', "(('may') & !('arms embargo'))"],
    ['a or b c', "(('a')) | (('b') & ('c'))"],
    ['a OR or b', "(('a')) | (('b'))"],
    ['a or -b', "(('a'))"],
    ["' & | ! ( ) : * \\ a", "(('a'))"],
  ])('%s is read as %s', (text, tsquery) => {
    expect(read(text)).toBe(tsquery)
  })

  test.each([[''], ['   '], ['""'], ['"'], ['- "" !! ?'], ['or'], ['-turkey'], ['-a or -b']])(
    'without a word to look for is refused: %j',
    (text) => {
      expect(() => parseQuery(text)).toThrow(/give at least one word/)
    },
  )

  test('of more than 50 words is refused', () => {
    expect(() => parseQuery('a '.repeat(51))).toThrow(Problem)
    expect(parseQuery('a '.repeat(50)).branches[0]).toHaveLength(50)
  })

  test('has a name text, unless it has alternatives', () => {
    expect(toNameText(parseQuery('L3Harris -x "Wescam Inc"'))).toBe('L3Harris Wescam Inc')
    expect(toNameText(parseQuery('a or b'))).toBe('')
  })

  test('is corrected only for a single word', () => {
    expect(listCorrectableWords(parseQuery('Baykr "Trky" MX-15D -Azrbijan the Baykr'))).toEqual([
      'Baykr',
    ])
  })
})

describe('a typing error', () => {
  const names = ['baykar', 'l3harris wescam', 'azerbaijan', 'marta morgan', 'canada', 'armenia']
  test.each([
    ['Baykr', ['baykar']],
    ['baykarr', ['baykar']],
    ['bakyar', ['baykar']],
    ['Azerbijann', ['azerbaijan']],
    ['Wescma', ['wescam']],
    ['Morgán', ['morgan']],
    ['Kanada', ['canada']],
    ['bark', []],
    ['turkey', []],
  ])('%s is %j', (word, meant) => {
    expect(findNearestWords(word, names)).toEqual(meant)
  })
})

test.each([
  ['François', 'francois'],
  ['İstanbul', 'istanbul'],
  ['Łódź', 'lodz'],
  ['Straße', 'strasse'],
  ['Øyvind', 'oyvind'],
  ['Байкар', 'баикар'],
])('%s compares as %s', (word, key) => {
  expect(toWordKey(word)).toBe(key)
})

describe('an excerpt', () => {
  test('of a short text is all of it', () => {
    expect(findExcerpt('Turkey had pressed Ottawa', [['ottawa']])).toEqual({
      start: 0,
      end: 25,
      text: 'Turkey had pressed Ottawa',
      terms: 1,
      highlights: [{ start: 19, end: 25 }],
    })
  })

  test('highlights a phrase only where its words are adjacent', () => {
    const { highlights } =
      findExcerpt('air strike; air, strike; air-strike', [['air', 'strike']]) ?? {}
    expect(highlights).toEqual([
      { start: 0, end: 10 },
      { start: 12, end: 23 },
      { start: 25, end: 35 },
    ])
  })

  test('of a long text is the sentence with the most search words', () => {
    const filler = 'Nothing of note was said there. '.repeat(20)
    const text = `${filler}The drone was sold. ${filler}The drone carried a camera. ${filler}`
    expect(findExcerpt(text, [['drone'], ['camera']])?.text).toBe('The drone carried a camera.')
  })

  test('is null without a match, or with matches in boilerplate only', () => {
    expect(findExcerpt('Turkey', [['ottawa']])).toBeNull()
    expect(findExcerpt('Ottawa. Turkey', [['ottawa']], [{ start: 7, end: 14 }])).toBeNull()
  })

  test('counts highlights in code points', () => {
    expect(findExcerpt('\u{1d54f}\u{1d54f} drone', [['drone']])?.highlights).toEqual([
      { start: 3, end: 8 },
    ])
  })

  test('is a part of any text, and its highlights are words of it', () => {
    const word = fc.constantFrom(
      'drone',
      'Turkey',
      'é',
      '\u{1d54f}',
      'a',
      '.',
      '\n',
      ' ',
      '“x”',
      'DRONES',
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 400 }), (words) => {
        const text = words.join(' ')
        const excerpt = findExcerpt(text, [['drone'], ['turkey']])
        if (excerpt === null) return !/\b(drone|Turkey)\b/.test(text)
        const points = [...excerpt.text]
        const { prefix, suffix } = findContext(text, excerpt)
        return (
          text.slice(excerpt.start, excerpt.end) === excerpt.text &&
          text.includes(prefix + excerpt.text + suffix) &&
          excerpt.text.length <= 400 &&
          excerpt.highlights.length > 0 &&
          excerpt.highlights.every(({ start, end }) =>
            ['drone', 'turkey'].includes(points.slice(start, end).join('').toLowerCase()),
          )
        )
      }),
    )
  })
})
