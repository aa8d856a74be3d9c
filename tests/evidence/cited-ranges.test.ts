import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { splitIntoRanges } from '../../src/evidence/cited-ranges.ts'

const span = (citation: string, start: number, end: number) => ({ citation, start, end })

describe('splitIntoRanges', () => {
  test.each([
    ['nothing', [], []],
    ['one citation', [span('a', 2, 5)], [{ start: 2, end: 5, citations: ['a'] }]],
    [
      'an overlap',
      [span('a', 0, 6), span('b', 4, 9)],
      [
        { start: 0, end: 4, citations: ['a'] },
        { start: 4, end: 6, citations: ['a', 'b'] },
        { start: 6, end: 9, citations: ['b'] },
      ],
    ],
    [
      'the same stretch twice, and a gap',
      [span('a', 0, 2), span('b', 0, 2), span('c', 5, 6)],
      [
        { start: 0, end: 2, citations: ['a', 'b'] },
        { start: 5, end: 6, citations: ['c'] },
      ],
    ],
    ['a span that is no citation', [{ start: 0, end: 9, citation: null }], []],
  ])('%s', (_name, spans, expected) => {
    expect(splitIntoRanges(spans)).toEqual(expected)
  })

  test('ranges are in order, do not overlap, and name exactly the citations that cover them', () => {
    const spans = fc.array(
      fc
        .tuple(fc.nat(30), fc.integer({ min: 1, max: 9 }))
        .map(([start, length]) => ({ start, end: start + length })),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(spans, (positions) => {
        const cited = positions.map((position, index) => ({ ...position, citation: `c${index}` }))
        const ranges = splitIntoRanges(cited)
        for (let position = 0; position < 45; position += 1) {
          const covering = cited
            .filter(({ start, end }) => start <= position && position < end)
            .map(({ citation }) => citation)
          const inRanges = ranges.filter(({ start, end }) => start <= position && position < end)
          expect(inRanges.length).toBe(covering.length > 0 ? 1 : 0)
          expect([...(inRanges[0]?.citations ?? [])].sort()).toEqual(covering.sort())
        }
        expect(ranges.map(({ start }) => start)).toEqual(
          ranges.map(({ start }) => start).toSorted((a, b) => a - b),
        )
      }),
    )
  })
})
