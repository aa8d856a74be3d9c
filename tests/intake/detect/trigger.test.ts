import { describe, expect, test } from 'vitest'
import {
  findClause,
  findSubject,
  findTrigger,
  hasObject,
} from '../../../src/intake/proposals/detect/events/trigger.ts'
import type { TradeRule } from '../../../src/intake/proposals/words/dictionaries.ts'
import { findPhrase, readSentence } from './read-text.ts'

const rule: TradeRule = {
  type: 'disclosure',
  verbs: new Set(['released', 'handed over', 'handed']),
  nouns: new Set(['release']),
  with: new Set(['memo', 'green light']),
  subject: new Set(['documents']),
  agentAfterBy: false,
  directRequired: false,
}

function readTrigger(text: string, first: string) {
  const sentence = readSentence(text)
  const { from } = findPhrase(sentence, first)
  return { sentence, trigger: findTrigger(rule, sentence.tokens, from) }
}

describe('the words of a rule', () => {
  test.each([
    ['none', 'it was made', 'made', null],
    ['a verb', 'it released them', 'released', { length: 1, isNoun: false, isPassive: false }],
    [
      'the longest phrase',
      'it handed over them',
      'handed',
      { length: 2, isNoun: false, isPassive: false },
    ],
    ['a noun', 'its release went on', 'release', { length: 1, isNoun: true, isPassive: false }],
    ['passive', 'it was released now', 'released', { length: 1, isNoun: false, isPassive: true }],
    [
      'passive over one word',
      'it was then released now',
      'released',
      { length: 1, isNoun: false, isPassive: true },
    ],
    [
      'active after a passive',
      'it was so then released now',
      'released',
      { length: 1, isNoun: false, isPassive: false },
    ],
  ])('%s', (_, text, first, expected) => {
    const { trigger } = readTrigger(text, first)
    const found = trigger && {
      length: trigger.to - trigger.from,
      isNoun: trigger.isNoun,
      isPassive: trigger.isPassive,
    }
    expect(found).toEqual(expected)
  })
})

describe('the clause of a verb', () => {
  test.each([
    ['the whole sentence', 'it released them', 'it released them'],
    ['over commas', 'so, it released, then, them', 'so, it released, then, them'],
    ['from a conjunction', 'it went but it released them', 'it released them'],
    ['to a conjunction', 'it released them because it went', 'it released them'],
    ['between marks', 'so; it released them: then', 'it released them'],
  ])('%s', (_, text, expected) => {
    const { body, tokens } = readSentence(text)
    const at = tokens.findIndex(({ key }) => key === 'released')
    const { from, to } = findClause(tokens, at)
    expect(body.slice(tokens[from]?.start, tokens[to - 1]?.end)).toBe(expected)
  })
})

describe('the object of a verb', () => {
  test.each([
    ['none', 'it released them', rule, false],
    ['after it', 'it released the memo', rule, true],
    ['of two words', 'it released a green light', rule, true],
    ['in another clause', 'it released them but the memo went', rule, false],
    ['too far', `it released ${'very '.repeat(14)} memo`, rule, false],
    ['before an active verb', 'the memo released them', rule, false],
    ['before a passive verb', 'the memo was released', rule, true],
    [
      'before a verb whose agent follows',
      'the memo released them',
      { ...rule, agentAfterBy: true },
      true,
    ],
  ])('%s', (_, text, ofRule, expected) => {
    const { sentence, trigger } = readTrigger(text, 'released')
    expect(trigger && hasObject(ofRule, sentence.tokens, trigger)).toBe(expected)
  })

  test('a rule without objects needs none', () => {
    const { with: _, ...withoutObjects } = rule
    const { sentence, trigger } = readTrigger('it released them', 'released')
    expect(trigger && hasObject(withoutObjects, sentence.tokens, trigger)).toBe(true)
  })
})

test.each([
  ['none', 'it released them', undefined],
  ['after the verb', 'it released documents', undefined],
  ['the nearest', 'Documents and documents released', 14],
  ['at the limit', `documents ${'so '.repeat(13)}released`, 0],
  ['too far', `documents ${'so '.repeat(14)}released`, undefined],
])('the subject: %s', (_, text, start) => {
  const { sentence, trigger } = readTrigger(text, 'released')
  expect(trigger && findSubject(rule, sentence.tokens, trigger)?.start).toBe(start)
})
