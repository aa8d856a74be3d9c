import { describe, expect, test } from 'vitest'
import {
  extendPublicBody,
  skipTitles,
} from '../../../src/intake/proposals/detect/actors/names/read-run.ts'
import { createKnown, findPhrase, readArticle, readSentence, words } from './read-text.ts'

describe('titles are cut off the beginning of a name', () => {
  test.each([
    ['Marta Morgan', null, 'Marta'],
    ['Minister Marta Morgan', 'Minister', 'Marta'],
    ['Foreign Minister Marta Morgan', 'Foreign Minister', 'Marta'],
    ['Gen. Umit Dundar', 'Gen', 'Umit'],
    ['Vice-President Marta Morgan', 'Vice-President', 'Marta'],
    ['Minister', 'Minister', undefined],
  ])('%s', (text, title, first) => {
    const { tokens } = readSentence(text)
    const found = skipTitles(tokens, { from: 0, to: tokens.length }, words)
    expect(found.title && text.slice(found.title.start, found.title.end)).toBe(title)
    expect(tokens[found.start]?.text).toBe(first)
  })
})

describe('the name of a public body', () => {
  test.each([
    [
      'The House of Commons foreign affairs committee met',
      'House of Commons foreign affairs committee',
    ],
    ['The House of Commons said the committee met', 'House of Commons'],
    ['The House of Commons, the committee met', 'House of Commons'],
    ['The House of Commons of the far north committee', 'House of Commons'],
    ['The House of Commons’s committee met', 'House of Commons’s'],
  ])('%s', (text, expected) => {
    const { tokens, ...sentence } = readSentence(text)
    const name = findPhrase({ ...sentence, tokens }, /House of Commons(’s)?/.exec(text)?.[0] ?? '')
    const to = extendPublicBody(tokens, name, words)
    expect(text.slice(tokens[name.from]?.start, tokens[to - 1]?.end)).toBe(expected)
  })
})

/** Name, match and type of all mentions. */
const readMentions = (text: string, known = [createKnown({ name: 'Baykar' })]) =>
  readArticle(text, { known }).mentions.map(({ entity, how }) => `${entity.name} (${how})`)

describe('mentions', () => {
  test.each([
    ['of a state by its adjective', 'It met Turkish officials.', ['Turkey (adjective)']],
    [
      'of a company whose name begins with a state',
      'It met Turkish Aerospace Industries.',
      ['Turkish Aerospace Industries (new)'],
    ],
    [
      'of both states in a compound',
      'The Azerbaijan-Armenia war went on.',
      ['Azerbaijan (name)', 'Armenia (name)'],
    ],
    [
      'of the state in a compound adjective',
      'The Turkish-made drones flew.',
      ['Turkey (adjective)'],
    ],
    ['of no state in a designation', 'The Turkey-2 flew.', []],
    ['with a typing error', 'It met Baykr there.', ['Baykar (misspelt)']],
    ['with the ending of another language', 'It met Baykari there.', ['Baykar (inflected)']],
    ['of no word that only opens a sentence', 'Rockets said so.', []],
    ['of a name without a cue', 'It went to Idlib.', []],
    [
      'of a part of a name',
      'Marta Morgan said so. Morgan left.',
      ['Marta Morgan (new)', 'Marta Morgan (part)'],
    ],
    [
      'of a part that two persons share',
      'Ann Lee said so. Bob Lee said so. Lee left.',
      ['Ann Lee (new)', 'Bob Lee (new)'],
    ],
    [
      'of a part before the full name',
      'It met Morgan. Marta Morgan said so.',
      ['Marta Morgan (part)', 'Marta Morgan (new)'],
    ],
  ])('%s', (_, text, expected) => {
    expect(readMentions(text)).toEqual(expected)
  })

  test('in text order', () => {
    const starts = readArticle('Morgan met Turkey. Marta Morgan said Morgan left.').mentions.map(
      ({ start }) => start,
    )
    expect(starts).toEqual(starts.toSorted((a, b) => a - b))
    expect(starts).toHaveLength(4)
  })
})
