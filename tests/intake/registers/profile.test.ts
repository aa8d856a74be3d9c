import { describe, expect, test } from 'vitest'
import { AmountProfile } from '../../../src/intake/registers/values/profile.ts'

function profile(amounts: readonly string[], groups: readonly string[] = []) {
  const column = new AmountProfile('value')
  for (const [index, amount] of amounts.entries())
    column.add(amount, index + 2, groups[index] ?? null)
  return column.warnings().map(({ message }) => message)
}

/** Values of one size, from 50,000 to about 500,000. */
const usual = (count: number, factor = 1) =>
  Array.from({ length: count }, (_, index) =>
    String((50_000 + ((index * 7_919) % 450_000)) * factor),
  )

describe('a column of values', () => {
  test('of one size gives no warning, nor do a few values or zeros', () => {
    expect(profile(usual(50))).toEqual([])
    expect(profile(['94050', '390', '1200000', '48500', '250000'])).toEqual([])
    expect(profile(['5', '5000000'])).toEqual([])
    expect(profile([...usual(20), '0', '0.00'])).toEqual([])
  })

  test('of all sizes gives no warning', () => {
    const sizes = Array.from({ length: 200 }, (_, index) =>
      String(Math.round(10 ** (1 + index / 30))),
    )
    expect(profile(sizes)).toEqual([])
  })

  test.each([
    ['120000000000', 'larger'],
    ['165.6', 'smaller'],
  ])('reports %s, 1,000 times off, with its row', (amount, word) => {
    const [only, ...more] = profile([...usual(30), amount, ...usual(5)])
    expect(more).toEqual([])
    expect(only).toContain(`1 row has values that are far ${word} than usual, such as ${amount}`)
    expect(only).toContain('Rows: 32.')
  })

  test('reports three decimals as a possible separator of thousands', () => {
    const warnings = profile([...usual(30), '165.605', '20.500'])
    expect(warnings[0]).toBe(
      'value: 2 rows have three decimals, such as 165.605: is the point a separator of thousands? Rows: 32, 33.',
    )
    expect(profile(usual(30).map((amount) => `${amount}.000`))).toEqual([])
  })

  test('reports a year whose values are in another unit', () => {
    const amounts = [...usual(20), ...usual(20), ...usual(20, 1_000), ...usual(20)]
    const years = amounts.map((_, index) => String(2012 + Math.floor(index / 20)))
    expect(profile(amounts, years)).toEqual([
      'value: the 20 values of 2014 are about 1,000 times larger than those of other years: did the unit or the decimal sign change?',
    ])
  })
})
