import { expect, test } from 'vitest'
import { findNearestName } from '../../src/evidence/nearest-name.ts'

const known = ['destination', 'issuer', 'from', 'to', 'endUser', 'enduser2']

test.each([
  ['nothing', '', null],
  ['a transposition', 'destinatoin', 'destination'],
  ['a dropped letter', 'isuer', 'issuer'],
  ['another case', 'ENDUSER', 'endUser'],
  ['a short word within two edits', 'form', 'from'],
  ['three edits in nine letters', 'destinat0', 'destination'],
  ['three edits in five letters', 'ixxxr', null],
  ['four edits in seven letters', 'destntn', null],
  ['two edits that leave no letter of the name', 'xy', null],
])('%s: did you mean, for "%s", %s', (_, word, expected) => {
  expect(findNearestName(word, known)).toBe(expected)
})

test('returns the nearest name, the first among equals', () => {
  expect(findNearestName('enduser1', known)).toBe('endUser')
  expect(findNearestName('goods', ['good', 'goodz', 'gods'])).toBe('good')
})

test('null without names', () => {
  expect(findNearestName('from', [])).toBeNull()
})
