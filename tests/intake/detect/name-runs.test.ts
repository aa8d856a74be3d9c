import { describe, expect, test } from 'vitest'
import {
  collectInnerCapitals,
  findRunEnd,
} from '../../../src/intake/proposals/detect/actors/names/name-runs.ts'
import { findPhrase, readSentence, readSentences, words } from './read-text.ts'

/** The text of the run that begins with a phrase. */
function readRunText(text: string, first: string): string | null {
  const sentence = readSentence(text)
  const { from } = findPhrase(sentence, first)
  const to = findRunEnd(sentence.tokens, from, words.actors)
  return to === null ? null : text.slice(sentence.tokens[from]?.start, sentence.tokens[to - 1]?.end)
}

describe('a run of capitalised words', () => {
  test.each([
    ['in lower case is none', 'the ministry said', 'ministry', null],
    ['of a word that only opens the sentence is none', 'Despite this it went', 'Despite', null],
    [
      'goes on after such a word inside the sentence',
      'It met Despite Limits',
      'Despite',
      'Despite Limits',
    ],
    [
      'with "The" is a name inside a sentence',
      'It told The Globe and Mail so',
      'The',
      'The Globe and Mail',
    ],
    ['with "The" is none at the beginning', 'The Globe told it so', 'The', null],
    ['with "The" is none after an opening quote', 'He said “The Globe told it”', 'The', null],
    ['goes over a connector', 'It met Jean de Vries there', 'Jean', 'Jean de Vries'],
    ['does not end with a connector', 'It met Jean de vries there', 'Jean', 'Jean'],
    [
      'goes over "and" in the name of an institution',
      'the Institute for Trade and Peace said',
      'Institute',
      'Institute for Trade and Peace',
    ],
    ['ends before "and" between two names', 'It met Morgan and Kaya there', 'Morgan', 'Morgan'],
    ['ends before "of" after a post', 'It met Minister of Turkey there', 'Minister', 'Minister'],
    ['ends with a possessive', "It met Canada's Department there", 'Canada', "Canada's"],
    ['ends with the sentence', 'It met Marta Morgan', 'Marta', 'Marta Morgan'],
  ])('%s', (_, text, first, expected) => {
    expect(readRunText(text, first)).toBe(expected)
  })
})

test('a capital counts as an inner one only after a word', () => {
  const capitals = collectInnerCapitals(
    readSentences('Morgan said. “Kaya left.” It met Damen. Then Erdem left.'),
  )
  expect([...capitals]).toEqual(['damen', 'erdem'])
})
