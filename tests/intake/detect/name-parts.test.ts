import { expect, test } from 'vitest'
import { indexNameParts } from '../../../src/intake/proposals/detect/actors/name-parts.ts'
import type { Entity } from '../../../src/intake/proposals/words/lexicon.ts'
import { words } from './read-text.ts'

const entity = (name: string, type: Entity['type'], kind: Entity['kind'] = 'actor'): Entity => ({
  key: name,
  kind,
  type,
  name,
  country: null,
  known: null,
})

test.each([
  ['a name of one word', [entity('Baykar', 'company')], []],
  ['a state', [entity('Saudi Arabia', 'state')], []],
  ['a good', [entity('Bayraktar Akinci', null, 'good')], []],
  ['a person', [entity('Marta Morgan', 'person')], ['morgan']],
  ['a company', [entity('L3Harris Wescam', 'company')], ['wescam', 'l3harris']],
  ['words of many names', [entity('Nurol Makina', 'company')], ['nurol']],
  ['short words and articles', [entity('The Globe Ag', 'publisher')], []],
  ['a shared word', [entity('Ann Lee', 'person'), entity('Bob Lee', 'person')], []],
  ['the same actor twice', Array(2).fill(entity('Ann Lee', 'person')), ['lee']],
])('parts of names: %s', (_, entities, expected) => {
  expect([...indexNameParts(entities, words).keys()]).toEqual(expected)
})
