import { describe, expect, test } from 'vitest'
import { createKnown, readArticle } from './read-text.ts'

const known = [
  createKnown({ name: 'Baykar' }),
  createKnown({ name: 'Marta Morgan', type: 'person' }),
  createKnown({ name: 'Trade Committee', type: 'public-body' }),
  createKnown({ name: 'Globe', type: 'publisher' }),
]
const readEvents = (text: string) => readArticle(text, { known, day: '2021-04-13' }).events

/** As `type: role=name ...`. */
const describeEvents = (text: string) =>
  readEvents(text).map(({ rule, participants }) => {
    const roles = participants.map(({ entity, role }) => `${role}=${entity.name}`)
    return [`${rule.type}:`, ...roles].join(' ')
  })

describe('who acts', () => {
  test.each([
    ['the actor before the verb', 'Canada issued permits.', ['permit-decision: issuer=Canada']],
    [
      'the nearest of two',
      'Turkey left and Canada issued permits.',
      ['permit-decision: issuer=Canada'],
    ],
    ['nobody in another clause', 'Canada left; it issued permits.', ['permit-decision:']],
    ['nobody after a preposition', 'Help from Canada issued permits.', ['permit-decision:']],
    [
      'nobody after a preposition and "the"',
      'Help from the Canada issued permits.',
      ['permit-decision:'],
    ],
    [
      'a person after a preposition',
      'Help from Marta Morgan issued permits.',
      ['permit-decision: issuer=Marta Morgan'],
    ],
    ['no people', 'The Turks issued permits.', ['permit-decision:']],
    ['no adjective', 'The Turkish side issued permits.', ['permit-decision:']],
    [
      'an adjective of a government',
      'The Turkish government issued permits.',
      ['permit-decision: issuer=Turkey'],
    ],
    ['nobody before a passive verb', 'For Canada, permits were issued.', ['permit-decision:']],
    ['the actor after "by"', 'Permits were issued by Canada.', ['permit-decision: issuer=Canada']],
    [
      'the actor two words after "by"',
      'Permits were issued by the old Canada.',
      ['permit-decision: issuer=Canada'],
    ],
    ['nobody far from the verb', `Canada ${'so '.repeat(21)}issued permits.`, ['permit-decision:']],
    ['no actor of another type', 'Globe investigated the sale.', ['inquiry:']],
  ])('%s', (_, text, expected) => {
    expect(describeEvents(text)).toEqual(expected)
  })
})

describe('whose noun it is', () => {
  test.each([
    ['a possessive', "Turkey's assurances hold.", ['assurance: assurer=Turkey']],
    [
      'a public body',
      'The Trade Committee inquiry goes on.',
      ['inquiry: investigator=Trade Committee'],
    ],
    ['after a preposition', 'Assurances from Turkey hold.', ['assurance: assurer=Turkey']],
    [
      'after a preposition and "the"',
      'An inquiry by the Trade Committee began.',
      ['inquiry: investigator=Trade Committee'],
    ],
    ['too far', 'Assurances of a very long life from Turkey hold.', []],
    ['of another type', "Turkey's inquiry goes on.", []],
    ['nobody', 'Assurances hold.', []],
  ])('%s', (_, text, expected) => {
    expect(describeEvents(text)).toEqual(expected)
  })
})

describe('whom it concerns', () => {
  test.each([
    [
      'after the preposition',
      'Canada issued permits to Baykar.',
      ['permit-decision: issuer=Canada consignee=Baykar'],
    ],
    [
      'after attributes',
      'Canada issued permits to the drone maker Baykar.',
      ['permit-decision: issuer=Canada consignee=Baykar'],
    ],
    [
      'too many attributes',
      'Canada issued permits to one of the very old Baykar.',
      ['permit-decision: issuer=Canada'],
    ],
    ['of another type', 'Canada issued permits to Turkey.', ['permit-decision: issuer=Canada']],
    ['after a comma', 'Canada issued permits to them, Baykar.', ['permit-decision: issuer=Canada']],
    [
      'in another clause',
      'Canada issued permits but went to Baykar.',
      ['permit-decision: issuer=Canada'],
    ],
    [
      'the same actor once',
      'Turkey lifted the embargo on Turkey.',
      ['measure-decision: imposer=Turkey'],
    ],
    ['required', 'Canada delivered drones.', []],
    [
      'required and there',
      'Canada delivered drones to Turkey.',
      ['delivery: supplier=Canada consignee=Turkey'],
    ],
    [
      'directly after the verb',
      'Turkey pressed Canada.',
      ['request: requester=Turkey addressee=Canada'],
    ],
    [
      'one word after the verb',
      'Turkey pressed old Canada.',
      ['request: requester=Turkey addressee=Canada'],
    ],
    ['two words after the verb', 'Turkey pressed very old Canada.', []],
    ['directly after a preposition', 'Turkey pressed on Canada.', []],
  ])('%s', (_, text, expected) => {
    expect(describeEvents(text)).toEqual(expected)
  })
})

describe('the date of an event', () => {
  const readDates = (text: string) => readEvents(text).map(({ date }) => date?.words ?? null)

  test.each([
    ['none', 'Canada issued permits.', [null]],
    ['in its passage', 'Canada issued permits to Baykar in May 2020.', ['May 2020']],
    ['the nearest', 'Canada issued in May 2020 permits of June 2020.', ['May 2020']],
    ['at the opening of the sentence', 'In late 2019 Canada issued permits.', ['In late 2019']],
    ['not after another opening', 'It was late 2019; Canada issued permits.', [null]],
    [
      'after the comma that ends the passage',
      'Canada issued permits, and left in May 2020.',
      [null],
    ],
    ['a year before a noun', 'Canada issued permits for the 2020 war.', [null]],
    ['a year after a preposition', 'Canada issued permits in 2020.', ['2020']],
    ['since when a permit exists', 'Canada issued permits since May 2020.', [null]],
    ['since when a measure exists', 'Canada imposed an embargo since May 2020.', ['May 2020']],
  ])('%s', (_, text, expected) => {
    expect(readDates(text)).toEqual(expected)
  })
})

test.each([
  ['from the verb', 'Permits were issued in all', 'issued in all'],
  ['from the subject', 'Documents were released by them.', 'Documents were released by them'],
  [
    'from the agent to the target',
    'So Canada issued permits to Baykar, then left.',
    'Canada issued permits to Baykar',
  ],
  ['to the end of the clause', 'So Canada issued permits but left.', 'Canada issued permits'],
])('the passage goes %s', (_, text, passage) => {
  expect(readEvents(text).map(({ start, end }) => text.slice(start, end))).toEqual([passage])
})

test.each([
  ['Permits were issued.', 0.4],
  ['Canada issued permits.', 0.6],
  ['Canada issued permits to Baykar.', 0.8],
  ['Canada issued permits to Baykar in May 2020.', 0.9],
])('the score of: %s', (text, score) => {
  expect(readEvents(text).map((event) => event.score)).toEqual([score])
})

test('the first rule that fits a word counts', () => {
  const [event, ...others] = readEvents('Canada suspended export permits to Baykar.')
  expect(others).toEqual([])
  expect(event?.rule).toMatchObject({ type: 'permit-decision', becomes: 'suspended' })
  expect(event?.reasons).toEqual([
    '"suspended" means permit-decision',
    'Canada is issuer: is before the verb',
    'Baykar is consignee: is after "suspended ... to"',
  ])
})

test.each([
  ['Marta Morgan said so.', ['statement: speaker=Marta Morgan']],
  ['Globe reported it.', ['report: reporter=Globe']],
  ['Globe said so.', []],
  ['Documents show it.', []],
])('what is said: %s', (text, expected) => {
  expect(describeEvents(text)).toEqual(expected)
})

test('goods of the sentence belong to its events, once each', () => {
  const [event] = readEvents('Canada issued permits for MX-15D and MX-15D systems. F-16 jets flew.')
  expect(event?.goods.map(({ name }) => name)).toEqual(['MX-15D'])
})
