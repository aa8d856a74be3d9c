import { describe, expect, test } from 'vitest'
import { isAsserted } from '../../../src/intake/proposals/detect/events/assertion.ts'
import { findPhrase, readArticle, readSentence } from './read-text.ts'

/** Whether the sentence says that the permits were issued. */
function readIssued(text: string, { isNoun }: { isNoun: boolean }): boolean {
  const { tokens, ...sentence } = readSentence(text)
  const trigger = findPhrase({ ...sentence, tokens }, /issued?/.exec(text)?.[0] ?? '')
  const clause = { from: 0, to: tokens.length }
  return isAsserted(tokens, { ...trigger, isNoun, isPassive: false, clause })
}

const possible = ['would', 'could', 'may', 'might', 'should']

describe('a sentence says that something happened', () => {
  test.each([
    ['Canada issued permits', true],
    ['issued permits', true],
    ['Canada has since issued permits', true],
    ['Canada decided to issue permits', true],
    ['Canada agreed to issue permits', true],
  ])('%s', (text, expected) => {
    expect(readIssued(text, { isNoun: false })).toBe(expected)
  })
})

describe('a sentence does not say that something happened', () => {
  test.each([
    'Canada has not issued permits',
    'Canada has never yet issued permits',
    "Canada didn't issue permits",
    'Canada didn’t issue permits',
    'It went without any issued permits',
    'If Canada issued permits',
    'Canada plans to issue permits',
    'It urged Canada to issue permits',
    ...possible.map((verb) => `Canada ${verb} issue permits`),
    ...possible.map((verb) => `Canada ${verb} yet issue permits`),
    ...possible.map((verb) => `Canada ${verb} have then issued permits`),
  ])('%s', (text) => {
    expect(readIssued(text, { isNoun: false })).toBe(false)
  })

  test.each(possible)('of a noun: %s', (verb) => {
    expect(readIssued(`Canada ${verb} have issue`, { isNoun: true })).toBe(false)
  })

  test('"to" before a noun is no infinitive', () => {
    expect(readIssued('Canada refers to issue', { isNoun: true })).toBe(true)
    expect(readIssued('Canada refers to issue', { isNoun: false })).toBe(false)
  })
})

describe('an article has an event of what happened only', () => {
  const readTypes = (text: string) =>
    readArticle(text).events.map(({ rule }) => `${rule.type} ${rule.becomes ?? ''}`.trim())

  test.each([
    [
      'Canada {} issue permits to Turkey.',
      'Canada issued permits to Turkey.',
      'permit-decision issued',
    ],
    [
      'Canada {} suspend exports to Turkey.',
      'Canada suspended exports to Turkey.',
      'measure-decision imposed',
    ],
    [
      'Canada {} lift the embargo on Turkey.',
      'Canada lifted the embargo on Turkey.',
      'measure-decision lifted',
    ],
    ['Canada {} deliver drones to Turkey.', 'Canada delivered drones to Turkey.', 'delivery'],
    ['Canada {} investigate the sale.', 'Canada investigated the sale.', 'inquiry'],
  ])('%s', (text, asserted, type) => {
    expect(readTypes(asserted)).toEqual([type])
    for (const verb of possible) expect(readTypes(text.replace('{}', verb)), verb).toEqual([])
  })
})
