import { describe, expect, test } from 'vitest'
import { readArticle } from './read-text.ts'

const readPosts = (text: string) =>
  readArticle(text).posts.map(
    ({ person, role, organisation }) => `${person.name}: ${role} (${organisation?.name ?? '-'})`,
  )

describe('the post of a person', () => {
  test.each([
    ['none', 'Marta Morgan said so.', []],
    [
      'after the name',
      'Marta Morgan, deputy minister of foreign affairs, left.',
      ['Marta Morgan: deputy minister of foreign affairs (-)'],
    ],
    [
      'after the name, with its organisation',
      'Per Aas, an analyst with Nordic Arms Watch, left.',
      ['Per Aas: analyst (Nordic Arms Watch)'],
    ],
    [
      'before the name',
      'It met the deputy minister Marta Morgan.',
      ['Marta Morgan: deputy minister (-)'],
    ],
    [
      'before the name, of a state',
      'So the Turkish Foreign Minister Ali Kaya left.',
      ['Ali Kaya: Foreign Minister (Turkey)'],
    ],
    [
      'of former times',
      'It met the then-foreign minister Marta Morgan.',
      ['Marta Morgan: foreign minister (-)'],
    ],
    [
      'given twice',
      'Marta Morgan, minister, left. Marta Morgan, minister, came.',
      ['Marta Morgan: minister (-)'],
    ],
    [
      'after the name, of a state',
      'Ali Kaya, Turkish foreign minister, left.',
      ['Ali Kaya: foreign minister (Turkey)'],
    ],
    [
      'of no actor outside the phrase',
      'Turkey met the deputy minister Ali Kaya.',
      ['Ali Kaya: deputy minister (-)'],
    ],
    ['of a company', 'Baykar, a company director, left.', []],
  ])('%s', (_, text, expected) => {
    expect(readPosts(text)).toEqual(expected)
  })

  test('its organisation is an aside, which neither speaks nor acts', () => {
    const { mentions, speech } = readArticle('Per Aas, an analyst with Nordic Arms Watch, said so.')
    expect(mentions.map(({ entity, isAside }) => [entity.name, isAside])).toEqual([
      ['Per Aas', false],
      ['Nordic Arms Watch', true],
    ])
    expect(speech.map(({ voice }) => voice.entity?.name)).toEqual(['Per Aas'])
  })
})
