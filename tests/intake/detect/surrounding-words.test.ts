import { describe, expect, test } from 'vitest'
import {
  findApposition,
  findMakerPhrase,
  findPostBefore,
  findTitleBefore,
  isPlaceOfCompany,
} from '../../../src/intake/proposals/detect/actors/cues/surrounding-words.ts'
import { findPhrase, readSentence, words } from './read-text.ts'

const at = (text: string, name: string) => {
  const sentence = readSentence(text)
  return { sentence, ...findPhrase(sentence, name) }
}

test.each([
  ['Ali Kaya left', null],
  ['minister Ali Kaya left', 'minister'],
  ["the minister's Ali Kaya left", null],
  ['the then-foreign affairs minister Ali Kaya left', 'then-foreign'],
  ['to a very new and old deputy trade minister, Ali Kaya, left', 'old'],
  ['one two three four five six minister Ali Kaya left', 'two'],
  ['the minister; Ali Kaya left', null],
])('the post before a name: %s', (text, expected) => {
  const { sentence, from } = at(text, 'Ali Kaya')
  const post = findPostBefore(sentence.tokens, from, words)
  expect(post === null ? null : sentence.tokens[post]?.text).toBe(expected)
})

test.each([
  ['It met Ali Kaya', null],
  ["Turkish Foreign Minister's Ali Kaya", 'Foreign'],
  ['the minister Ali Kaya', null],
])('the capitalised title before a name: %s', (text, expected) => {
  const { sentence, from } = at(text, 'Ali Kaya')
  const title = findTitleBefore(sentence.tokens, from, words)
  expect(title === null ? null : sentence.tokens[title]?.text).toBe(expected)
})

test.each([
  ['systems by Wescam', null],
  ['systems made by Wescam', 8],
  ['systems made by the firm Wescam', 8],
  ['systems made by Burlington, Ont.-based Wescam', 8],
  ['systems made by a firm near Wescam', null],
  ['made by no one in all of the ten towns of Wescam', null],
])('"made by" before a name: %s', (text, expected) => {
  const { sentence, from } = at(text, 'Wescam')
  expect(findMakerPhrase(sentence, from, words)).toBe(expected)
})

test.each([
  ['Paris-based Thales', 'Paris-based', true],
  ['Burlington, Ont.-based Wescam', 'Burlington', true],
  ['Wescam of Burlington', 'Burlington', false],
])('the place of a company: %s', (text, place, expected) => {
  const { sentence, to } = at(text, place)
  expect(isPlaceOfCompany(sentence.tokens, to)).toBe(expected)
})

describe('the description after a name', () => {
  const read = (text: string) => {
    const { sentence, to } = at(text, 'Ali Kaya')
    const found = findApposition(sentence, to, words)
    if (!found) return null
    const { hasPost, hasCompany, hasOrganisation } = found
    return { text: found.text, kinds: { hasPost, hasCompany, hasOrganisation } }
  }
  const post = { hasPost: true, hasCompany: false, hasOrganisation: false }

  test.each([
    ['no comma', 'Ali Kaya minister of trade', null],
    ['no noun', 'Ali Kaya, in the old town, left', null],
    ['no noun near enough', 'Ali Kaya, in one two three four five six seven minister', null],
    ['the end of the sentence', 'Ali Kaya,', null],
  ])('%s', (_, text, expected) => {
    expect(read(text)).toBe(expected)
  })

  test('ends before a comma, a verb of saying or a relative word', () => {
    expect(read('Ali Kaya, minister of trade, left')?.text).toBe('minister of trade')
    expect(read('Ali Kaya, minister of trade said')?.text).toBe('minister of trade')
    expect(read('Ali Kaya, a minister who left')?.text).toBe('a minister')
  })

  test('a post counts more than the organisation after it', () => {
    expect(read('Ali Kaya, a researcher with a group, left')?.kinds).toEqual(post)
    expect(read('Ali Kaya (a company) left')?.kinds).toEqual({
      hasPost: false,
      hasCompany: true,
      hasOrganisation: false,
    })
  })
})
