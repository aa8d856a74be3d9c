import { expect, test } from 'vitest'
import { readNumber } from '../../../src/intake/proposals/detect/goods/numbers.ts'
import { readTokens, words } from './read-text.ts'

const numberWords = new Map(Object.entries(words.goods.numbers))

test.each([
  ['drones', null],
  ['constructor drones', null],
  ['0 drones', null],
  ['2020 drones', null],
  ['1234567 drones', null],
  ['7 drones', { value: 7, length: 1 }],
  ['seven drones', { value: 7, length: 1 }],
  ['Seven drones', { value: 7, length: 1 }],
  ['thirty-two drones', { value: 32, length: 1 }],
  ['two dozen drones', { value: 24, length: 2 }],
  ['1,200 drones', { value: 1_200, length: 3 }],
  ['2,020 drones', { value: 2_020, length: 3 }],
  ['12,700,300 drones', { value: 12_700_300, length: 5 }],
  ['7, 200 drones', { value: 7, length: 1 }],
  ['7,20 drones', { value: 7, length: 1 }],
])('the number at the beginning of: %s', (text, expected) => {
  expect(readNumber(readTokens(text), 0, numberWords)).toEqual(expected)
})
