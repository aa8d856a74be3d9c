import { describe, expect, test } from 'vitest'
import { keysOf, soundKeyOf } from '../../../src/evidence/names/keys.ts'

test('the words that count, without legal forms and words that join others', () => {
  expect(keysOf('Baykar Makina Sanayi ve Ticaret A.Ş.')).toMatchObject({
    words: 'baykar makina',
    distinctive: 'baykar',
  })
  expect(keysOf('Байкар').distinctive).toBe('baykar')
  expect(keysOf('The Company').words).toBe('the company')
  expect(keysOf('Republic of Türkiye').state).toBe('TR')
})

test.each([
  ['Shoigu', 'Shoygu'],
  ['Mikhail', 'Mihail'],
  ['Mohammed', 'Muhammad'],
  ['Prigozhin', 'Prigojine'],
  ['Zelenskyy', 'Selenskij'],
])('%s and %s have a sound in common', (one, other) => {
  const keys = (name: string): string[] => keysOf(name).sounds.match(/[a-z0-9]+/g) ?? []
  expect(keys(one).some((key) => keys(other).includes(key))).toBe(true)
})

describe('what is looked up', () => {
  test('any two words of three, so that one may be missing', () => {
    expect(keysOf('Zorblatt Grumkin Waldorff').sounds).toBe(
      '(srplt & krmkn) | (srplt & fltrf) | (krmkn & fltrf)',
    )
  })

  test('not titles, patronymics and initials', () => {
    expect(keysOf('Gen. A. Zorblattovich Waldorff').sounds).toBe(soundKeyOf('waldorff'))
  })

  test('an acronym by the first letters', () => {
    expect(keysOf('DFATD').sounds).toContain('qqdfatd:*')
    expect(keysOf('Department of Foreign Affairs, Trade and Development').short).toEqual(['dfatd'])
  })

  test('common words in all their spellings, only where there are no others', () => {
    const { translations } = keysOf('Ministère de la Défense (France)')
    for (const word of ['ministry', 'bakanligi', 'defence', 'savunma', 'french'])
      expect(translations).toContain(word)
    expect(keysOf('Zorblatt Defence').translations).toBe('')
  })

  test.each([
    '',
    ' ',
    "'",
    '& | !',
    '<->',
    ':*',
    'a:b',
    '\\',
    '日本',
    '🜁',
    "d'",
    'x'.repeat(1_000),
  ])('of %j nothing that is no query', (name) => {
    const { sounds, translations } = keysOf(name)
    for (const query of [sounds, translations]) expect(query).toMatch(/^[a-z0-9 ()|&:*]*$/)
  })
})
