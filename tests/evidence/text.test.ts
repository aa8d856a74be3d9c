import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { indexText, normaliseText } from '../../src/evidence/text.ts'
import { prose } from './text-arbitrary.ts'

describe('normaliseText', () => {
  test.each([
    ['nothing', '', ''],
    ['a byte order mark at the start is dropped', '\uFEFFa', 'a'],
    ['so are several', '\uFEFF\uFEFFa', 'a'],
    ['one further on stays', 'a\uFEFFb', 'a\uFEFFb'],
    ['CR LF is one line end', 'a\r\n\r\nb', 'a\n\nb'],
    ['CR is a line end', 'a\r\rb\r', 'a\n\nb\n'],
    ['the line and paragraph separators are line ends', 'a\u2028b\u2029c', 'a\nb\nc'],
    ['NEL, vertical tab and form feed stay', 'a\u0085b\vc\fd', 'a\u0085b\vc\fd'],
    ['accents are composed', 'Franc\u0327ois', 'François'],
    ['compatibility forms stay', 'ﬁ½Ａ', 'ﬁ½Ａ'],
    ['astral characters stay', '😀𝒜', '😀𝒜'],
  ])('%s', (_, raw, normalised) => {
    expect(normaliseText(raw)).toBe(normalised)
  })

  test.each([
    ['NUL', 'ab\0c'],
    ['a high surrogate without a low one', 'a\uD83D'],
    ['a low surrogate without a high one', '\uDE00a'],
  ])('refuses %s', (_, raw) => {
    expect(() => normaliseText(raw)).toThrow(RangeError)
  })

  test('is idempotent', () => {
    fc.assert(
      fc.property(fc.oneof(prose, fc.string({ unit: 'binary' })), (raw) => {
        fc.pre(!raw.includes('\0'))
        const once = normaliseText(raw)
        expect(normaliseText(once)).toBe(once)
      }),
    )
  })
})

describe('indexText', () => {
  test('counts code points, not UTF-16 units', () => {
    const text = indexText('a😀b𝒜')
    expect(text.length).toBe(4)
    expect([0, 1, 2, 3, 4].map(text.toUnits)).toEqual([0, 1, 3, 4, 6])
    expect([0, 1, 3, 4, 6].map(text.toCodePoints)).toEqual([0, 1, 2, 3, 4])
    expect(text.slice(1, 3)).toBe('😀b')
  })

  test('a unit within a surrogate pair gives the offset of its code point', () => {
    const text = indexText('a😀b𝒜')
    expect(text.toCodePoints(2)).toBe(1)
    expect(text.toCodePoints(5)).toBe(3)
  })

  test('an empty text has one offset', () => {
    const text = indexText('')
    expect([text.length, text.toUnits(0), text.toCodePoints(0), text.slice(0, 0)]).toEqual([
      0,
      0,
      0,
      '',
    ])
  })

  test.each([-1, 0.5, 5, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses the offset %s in a text of 4 code points',
    (offset) => {
      const text = indexText('a😀b𝒜')
      expect(() => text.toUnits(offset)).toThrow(RangeError)
      expect(() => text.slice(0, offset)).toThrow(RangeError)
    },
  )

  test('refuses an offset past the end, and a slice that ends before it starts', () => {
    const text = indexText('a😀')
    expect(() => text.toCodePoints(4)).toThrow(RangeError)
    expect(() => text.slice(1, 0)).toThrow(RangeError)
  })

  test('agrees with an array of code points at every offset', () => {
    fc.assert(
      fc.property(prose, (body) => {
        const text = indexText(body)
        const points = [...body]
        expect(text.length).toBe(points.length)
        for (let at = 0; at <= points.length; at += 1) {
          const unit = points.slice(0, at).join('').length
          expect(text.toUnits(at)).toBe(unit)
          expect(text.toCodePoints(unit)).toBe(at)
          expect(text.slice(at, points.length)).toBe(points.slice(at).join(''))
        }
      }),
    )
  })
})
