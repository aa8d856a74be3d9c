import { describe, expect, test } from 'vitest'
import { parseFigure } from '../../../src/intake/reader/values/amounts.ts'
import { read } from './labels.ts'

describe('figures', () => {
  test.each([
    ['1,042', 1042],
    ['19.675', 19675],
    ['12 000', 12000],
    ['10.4', 10.4],
    ['84,5', 84.5],
    ['1.234.567,5', 1234567.5],
  ])('%s is %d', (text, value) => {
    expect(parseFigure(text)).toBe(value)
  })
})

describe('quantities', () => {
  const of = (text: string) =>
    read(text, '2021-04-13', 'en').quantities.map(({ from, to, isApproximate, unit }) => ({
      from,
      to,
      isApproximate,
      unit,
    }))

  test.each([
    ['They sent 19,675 bombs.', { from: 19675, to: 19675, isApproximate: false, unit: 'bomb' }],
    [
      'At least 340 rifles were lost.',
      { from: 340, to: null, isApproximate: false, unit: 'rifle' },
    ],
    [
      'Nearly 2,000 pistols were lost.',
      { from: null, to: 2000, isApproximate: true, unit: 'pistol' },
    ],
    ['About thirty-two tanks came.', { from: 32, to: 32, isApproximate: true, unit: 'tank' }],
    ['Between 20 and 30 drones flew.', { from: 20, to: 30, isApproximate: false, unit: 'drone' }],
    ['Two dozen howitzers came.', { from: 24, to: 24, isApproximate: false, unit: 'howitzer' }],
    ['They sent 24 TX-90 engines.', { from: 24, to: 24, isApproximate: false, unit: 'engine' }],
  ])('%s', (text, expected) => {
    expect(of(text)).toEqual([expected])
  })

  test('money and years are no goods', () => {
    expect(of('In 2019 it paid 40 million euros for arms.')).toEqual([])
  })
})

describe('money', () => {
  test.each([
    ['It cost $10.4 billion.', '10400000000 USD'],
    ['It cost US$1.25 billion.', '1250000000 USD'],
    ['It cost £40m.', '40000000 GBP'],
    ['It cost 3.4 million Swiss francs.', '3400000 CHF'],
    ['It cost SEK 14.2 million.', '14200000 SEK'],
    ['It cost €150 million.', '150000000 EUR'],
    ['It cost 752 million euros.', '752000000 EUR'],
  ])('%s', (text, expected) => {
    const { money } = read(text, '2021-04-13', 'en')
    expect(money.map(({ from, currency }) => `${from} ${currency}`)).toEqual([expected])
  })
})
