import { expect, test } from 'vitest'
import { nearestName } from '../../src/evidence/similarity.ts'

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
  expect(nearestName(word, known)).toBe(expected)
})

test('the closest wins, and the first among equals', () => {
  expect(nearestName('enduser1', known)).toBe('endUser')
  expect(nearestName('goods', ['good', 'goodz', 'gods'])).toBe('good')
})

test('null when nothing is known', () => {
  expect(nearestName('from', [])).toBeNull()
})
