import { describe, expect, test } from 'vitest'
import {
  compareNames,
  extractSearchWords,
  findCountry,
  isSameCode,
  matchThreshold,
} from '../../src/answers/reconcile/rules.ts'
import { different, same, unseenDifferent, unseenSame } from './reconcile-pairs.ts'

const isMatch = ([a, b]: readonly [string, string]) => compareNames(a, b) >= matchThreshold

describe('equal names', () => {
  test.each(same)('%s = %s', (a, b) => {
    expect(compareNames(a, b)).toBeGreaterThanOrEqual(matchThreshold)
  })
})

describe('similar names of different entities', () => {
  test.each(different)('%s ≠ %s', (a, b) => {
    expect(compareNames(a, b)).toBeLessThan(matchThreshold)
  })
})

test('the comparison is symmetric', () => {
  for (const [a, b] of [...same, ...different, ...unseenSame, ...unseenDifferent])
    expect(compareNames(a, b), `${a} | ${b}`).toBe(compareNames(b, a))
})

test('precision and recall on held-out pairs are as documented', () => {
  const [right, wrong] = [unseenSame.filter(isMatch), unseenDifferent.filter(isMatch)]
  const precision = right.length / (right.length + wrong.length)
  const recall = right.length / unseenSame.length
  expect({ precision: precision.toFixed(2), recall: recall.toFixed(2) }).toEqual({
    precision: '0.96',
    recall: '0.92',
  })
})

test.each([
  ['Türkiye', 'TR'],
  ['Republic of Turkey', 'TR'],
  ['Государство', null],
  ['Baykar', null],
  ['', null],
  ['the', null],
])('%j is the country %j', (name, code) => {
  expect(findCountry(name)).toBe(code)
})

test('looks up the distinctive words', () => {
  expect(extractSearchWords('Baykar Makina Sanayi ve Ticaret A.Ş.')).toBe('baykar makina')
  expect(extractSearchWords('Байкар')).toBe('baykar')
  expect(extractSearchWords('The Company')).toBe('the company')
})

test('codes match with any separators', () => {
  expect(isSameCode('CA/2020-1', 'ca 2020 1')).toBe(true)
  expect(isSameCode('', '-')).toBe(false)
  expect(isSameCode('CA/2020-1', 'CA/2020-11')).toBe(false)
})
