import { describe, expect, test } from 'vitest'
import { createKnown, readArticle } from './read-text.ts'

describe('goods', () => {
  const readGoods = (text: string) =>
    readArticle(text, {
      known: [createKnown({ name: 'Bayraktar TB2', kind: 'good', aliases: ['TB2'], type: null })],
    }).goods.map(({ entity, description }) => [entity.name, description])

  test.each([
    ['none', 'Canada sold drones.', []],
    ['an abbreviation that is none', 'The G20 met on COVID-19.', []],
    ['a word with digits that is none', 'The 3rd round began.', []],
    ['a designation', 'Canada sold the MX-15D.', [['MX-15D', null]]],
    [
      'a designation with its noun',
      'It sold MX-15D air-strike targeting systems.',
      [['MX-15D', 'air-strike targeting system']],
    ],
    ['a noun of two words', 'It sold MX-15D drone engines.', [['MX-15D', 'drone engine']]],
    ['a noun after a border', 'It sold the MX-15D and drones.', [['MX-15D', null]]],
    ['a designation in the plural', 'Canada sold F-16s.', [['F-16', null]]],
    ['a brand before it', 'Canada sold Viper F-16 jets.', [['Viper F-16', 'jet']]],
    ['no brand: the first word', 'Viper F-16 jets flew.', [['F-16', 'jet']]],
    ['no brand: a state', 'It sold Canada F-16 jets.', [['F-16', 'jet']]],
    ['no brand: a post', 'It gave Minister F-16 jets.', [['F-16', 'jet']]],
    ['named by their origin', 'It sold Turkish-made drones.', [['Turkish-made drones', null]]],
    ['origin without a noun', 'It is Turkish-made and good.', []],
    ['origin that is no state', 'It sold Home-made drones.', []],
    ['a record by another name', 'It sold TB2 drones.', [['Bayraktar TB2', 'drone']]],
    ['one name of two words once', 'It sold Bayraktar TB2 drones.', [['Bayraktar TB2', 'drone']]],
  ])('%s', (_, text, expected) => {
    expect(readGoods(text)).toEqual(expected)
  })

  test('one entity for all mentions of a new good', () => {
    const { goods } = readArticle('It sold MX-15D systems. The MX-15D is new.')
    expect(goods).toHaveLength(2)
    expect(goods[0]?.entity).toBe(goods[1]?.entity)
  })

  test.each([
    ['It sold MX-15D systems made by Nurol Makina.', 'Nurol Makina'],
    ['It sold the MX-15D made by Nurol Makina.', 'Nurol Makina'],
    ['It sold MX-15D systems to Nurol Makina.', undefined],
    ['It sold MX-15D systems.', undefined],
  ])('the maker of: %s', (text, maker) => {
    expect(readArticle(text).goods.map((good) => good.maker?.name)).toEqual([maker])
  })
})

describe('quantities', () => {
  const readQuantities = (text: string) =>
    readArticle(text).quantities.map(({ words, value, unit, good }) => ({
      words,
      value,
      unit,
      good: good?.name ?? null,
    }))

  test.each([
    ['none', 'Canada sold drones.', []],
    ['of permits', 'It issued 5 export licences.', []],
    ['of what is no good', 'It took 5 days for drones.', []],
    [
      'of a noun',
      'It sold seven drones.',
      [{ words: 'seven drones', value: 7, unit: 'drone', good: null }],
    ],
    [
      'of a noun of two words',
      'It sold 7 drone engines.',
      [{ words: '7 drone engines', value: 7, unit: 'engine', good: null }],
    ],
    [
      'of a designation alone',
      'It sold six TB2s.',
      [{ words: 'six TB2s', value: 6, unit: 'unit', good: 'TB2' }],
    ],
    [
      'of a named good',
      'It sold 12 MX-15D systems.',
      [{ words: '12 MX-15D systems', value: 12, unit: 'system', good: 'MX-15D' }],
    ],
  ])('%s', (_, text, expected) => {
    expect(readQuantities(text)).toEqual(expected)
  })
})
