import { describe, expect, test } from 'vitest'
import { normalizeWord, splitSentences, wordKeys } from '../../../src/intake/reader/tokens.ts'

const split = (text: string) =>
  splitSentences(text, [{ start: 0, end: text.length }]).map(({ start, end }) =>
    text.slice(start, end),
  )

describe('sentences', () => {
  test.each([
    ['a line end ends one', 'Export of arms\nThe permits', ['Export of arms', 'The permits']],
    ['a title does not', 'Mr. Vos met Dr. Lind. He left.', ['Mr. Vos met Dr. Lind.', 'He left.']],
    ['nor an initial', 'The judge S. Gozi ruled.', ['The judge S. Gozi ruled.']],
    ['nor a suffix of a company', 'Orlan Ltd. of Kiel sold it.', ['Orlan Ltd. of Kiel sold it.']],
    [
      'but the suffix may',
      'It sold to Orlan Ltd. The firm paid.',
      ['It sold to Orlan Ltd.', 'The firm paid.'],
    ],
    ['nor the dots of U.S.', 'The U.S. Senate voted.', ['The U.S. Senate voted.']],
    ['nor a German day', 'Am 3. Oktober 2018 war es.', ['Am 3. Oktober 2018 war es.']],
    ['nor a number that counts', '1. The panel met.', ['1. The panel met.']],
    ['a quotation keeps its mark', '“It ended.” Nobody spoke.', ['“It ended.”', 'Nobody spoke.']],
    ['and goes on in small letters', '“Why?” he asked.', ['“Why?” he asked.']],
  ])('%s', (_, text, expected) => {
    expect(split(text)).toEqual(expected)
  })

  test('a headline is told by its capitals', () => {
    const of = (text: string) =>
      splitSentences(text, [{ start: 0, end: text.length }])[0]?.isTitleCase
    expect(of('Ministry Approves Sale Of Drones Amid Protest')).toBe(true)
    expect(of('The Ministry of Trade approved the sale.')).toBe(false)
  })
})

describe('words', () => {
  test.each([
    ["Italy's", 'italy'],
    ["Baykar'ın", 'baykar'],
    ['Ürdün', 'urdun'],
    ['A/S', 'a/s'],
  ])('%s is compared as %s', (word, key) => {
    expect(wordKeys(word)).toEqual([key])
  })

  test('not and its verb are two words', () => {
    expect(wordKeys("didn't")).toEqual(['did', "n't"])
  })

  test('an article before an apostrophe is a word of its own', () => {
    expect(wordKeys("l'Arabie")).toEqual(['l', 'arabie'])
  })

  test('other alphabets are compared in Latin letters', () => {
    expect(normalizeWord('Москва')).toBe('moskva')
  })
})
