import { describe, expect, test } from 'vitest'
import { readerData } from '../../../src/intake/reader/data.ts'
import { lexiconOf } from '../../../src/intake/reader/names/lexicon.ts'
import { readText } from '../../../src/intake/reader/read.ts'
import type { KnownName } from '../../../src/intake/reader/types.ts'

const records: KnownName[] = [
  {
    slug: 'orlan',
    kind: 'actor',
    name: 'Orlan Optics',
    aliases: ['Orlan'],
    type: 'company',
    country: 'DE',
  },
  {
    slug: 'pashinyan',
    kind: 'actor',
    name: 'Pashinyan',
    aliases: [],
    type: 'person',
    country: null,
  },
  { slug: 'turkiye', kind: 'actor', name: 'Türkiye', aliases: [], type: 'state', country: 'TR' },
  { slug: 'skarv', kind: 'good', name: 'Skarv 3', aliases: ['Skarv'], type: null, country: null },
]
const lexicon = lexiconOf(readerData(), records)
const read = (body: string, language: string | null = 'en') =>
  readText({ body, published: null, language }, lexicon, readerData())
const typed = (body: string, language: string | null = 'en') =>
  Object.fromEntries(read(body, language).actors.map(({ name, type }) => [name, type]))

describe('actors', () => {
  test('a record is found by each of its names, and stays one actor', () => {
    const { actors } = read('Orlan Optics and Orlan are one. Turkey paid.')
    expect(actors.map(({ known }) => known?.slug)).toEqual(['orlan', 'turkiye'])
  })

  test('reading one text leaves the next one as it is', () => {
    const first = JSON.stringify(read('The EU met. Ankara spoke.'))
    read('The European Union and Turkey met in Brussels with the EU.')
    expect(JSON.stringify(read('The EU met. Ankara spoke.'))).toBe(first)
  })

  test.each([
    ['The firm Talon Sky sold it.', { 'Talon Sky': 'company' }],
    ['It met Vantor Systems GmbH.', { 'Vantor Systems GmbH': 'company' }],
    ['It met the Finnish Defence Ministry.', { 'Finnish Defence Ministry': 'public-body' }],
    ['It met Halden Tidende reporters.', { 'Halden Tidende': 'publisher' }],
    ['The spokesman, Nikos Stavrou, left.', { 'Nikos Stavrou': 'person' }],
    ['It met General Amadou Diarra.', { 'Amadou Diarra': 'person' }],
    ['It met the Tobruk Brigade.', { 'Tobruk Brigade': 'armed-force' }],
    ['It met the Arms Peace Network.', { 'Arms Peace Network': 'organisation' }],
  ])('%s', (text, expected) => {
    expect(typed(text)).toEqual(expected)
  })

  test('an abbreviation and a family name belong to the full name', () => {
    const { actors, mentions } = read(
      'The Kestrel Research Institute (KRI) hired Helen Okafor. The KRI pays Okafor.',
    )
    expect(actors.map(({ name, aliases }) => [name, aliases])).toEqual([
      ['Kestrel Research Institute', ['KRI']],
      ['Helen Okafor', []],
    ])
    expect(mentions).toHaveLength(5)
  })

  test.each([
    ["Orlanun sold it to Türkiye'nin army.", 'turkiye'],
    ['They met Pashinian again.', 'pashinyan'],
    ['They met Orlanov yesterday.', 'orlan'],
  ])('a name inflected, or of another hand: %s', (text, slug) => {
    const { actors } = read(text)
    expect(actors.map(({ known }) => known?.slug)).toContain(slug)
  })

  test('a post ties a person to a body', () => {
    const { posts } = read('Per Aas, an analyst with Nordic Arms Watch, left.')
    expect(
      posts.map(({ person, role, organisation }) => [person.name, role, organisation?.name]),
    ).toEqual([['Per Aas', 'analyst', 'Nordic Arms Watch']])
  })

  test.each([
    ['fr', 'Le Ministère des Affaires étrangères a écrit à la Libye.', { Libya: 'state' }],
    [
      'de',
      'Das Bundesamt für Wirtschaft schrieb an Großbritannien.',
      { 'United Kingdom': 'state' },
    ],
    [
      'sv',
      'Tellmark AB skrev till Storbritannien.',
      { 'United Kingdom': 'state', 'Tellmark AB': 'company' },
    ],
    ['tr', 'Karaca Savunma Sanayi A.Ş. ve Almanya imzaladı.', { Germany: 'state' }],
  ])('%s: %s', (language, text, expected) => {
    expect(typed(text, language)).toMatchObject(expected)
  })
})

describe('goods', () => {
  const goods = (body: string) => [...new Set(read(body).goods.map(({ good }) => good.designation))]

  test.each([
    ['They sold MX-20 turrets.', ['MX-20']],
    ['They sold Tarvos anti-tank missiles.', ['Tarvos']],
    ['They sold sights of the type Falk 80.', ['Falk 80']],
    ['They sold Tornado and Typhoon aircraft.', ['Tornado', 'Typhoon']],
    ['They sold Skarv 3 sensors.', ['Skarv 3']],
    ['They sold the HARB-3s and the Orbit 2K.', ['HARB-3', 'Orbit 2K']],
    ['The G20 met on COVID-19 in Q3.', []],
    ['Licence UD-2021/0877 and resolution S-12 stand.', []],
  ])('%s', (text, expected) => {
    expect(goods(text)).toEqual(expected)
  })

  test('a good has its maker and what it is', () => {
    const { goods: found } = read('They sold MX-20 turrets made by Orlan Optics.')
    expect(found[0]?.good).toMatchObject({ description: 'turret', maker: { name: 'Orlan Optics' } })
  })
})
