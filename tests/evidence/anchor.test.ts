import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  anchorQuote,
  checkCitation,
  type Passage,
  type Span,
} from '../../src/evidence/quote-anchor.ts'
import { type IndexedText, indexText, normaliseText } from '../../src/evidence/text.ts'
import { prose } from './text-arbitrary.ts'

const body = indexText(
  'Canada issued export permits last May for seven MX-15D systems. ' +
    'Turkey pressed Canada to sell them. “Why is that permissible?” he asked. Read more: Turkey.',
)

describe('anchorQuote', () => {
  test('a quote that occurs once is anchored, with 32 code points of context', () => {
    expect(anchorQuote(body, { quote: 'seven MX-15D systems' }, [])).toEqual({
      state: 'anchored',
      passage: {
        start: 42,
        end: 62,
        quote: 'seven MX-15D systems',
        prefix: 'ssued export permits last May for '.slice(-32),
        suffix: '. Turkey pressed Canada to sell ',
      },
    })
  })

  test('the whole text is anchored without context', () => {
    expect(anchorQuote(indexText('😀'), { quote: '😀' }, [])).toEqual({
      state: 'anchored',
      passage: { start: 0, end: 1, quote: '😀', prefix: '', suffix: '' },
    })
  })

  test('offsets and context count code points', () => {
    const text = indexText(`${'😀'.repeat(40)}x${'𝒜'.repeat(40)}`)
    expect(anchorQuote(text, { quote: 'x' }, [])).toEqual({
      state: 'anchored',
      passage: { start: 40, end: 41, quote: 'x', prefix: '😀'.repeat(32), suffix: '𝒜'.repeat(32) },
    })
  })

  test('normalises the quote', () => {
    const text = indexText('François\nPhilippe')
    const anchoring = anchorQuote(text, { quote: '\uFEFFFranc\u0327ois\r\nPhilippe' }, [])
    expect(anchoring).toMatchObject({ state: 'anchored', passage: { start: 0, end: 17 } })
  })

  test('a quote that occurs twice is ambiguous, with both passages', () => {
    const anchoring = anchorQuote(body, { quote: 'Turkey' }, [])
    expect(anchoring).toMatchObject({
      state: 'ambiguous',
      total: 2,
      passages: [{ start: 64 }, { start: 148 }],
    })
  })

  test.each([
    ['a prefix', { quote: 'Turkey', prefix: 'more: ' }, 148],
    ['a suffix', { quote: 'Turkey', suffix: ' pressed' }, 64],
    ['both', { quote: 'Turkey', prefix: '. ', suffix: ' p' }, 64],
  ])('%s selects one occurrence', (_, selector, start) => {
    expect(anchorQuote(body, selector, [])).toMatchObject({ state: 'anchored', passage: { start } })
  })

  test('a prefix must be directly before the quote, otherwise the quote is missing', () => {
    expect(anchorQuote(body, { quote: 'Turkey', prefix: 'Read more:' }, [])).toMatchObject({
      state: 'missing',
      nearest: [
        { start: 64, similarity: 1 },
        { start: 148, similarity: 1 },
      ],
    })
  })

  test('lists the same words elsewhere by similarity of context', () => {
    const anchoring = anchorQuote(body, { quote: 'Turkey', prefix: 'Read More: ', suffix: '.' }, [])
    expect(anchoring).toMatchObject({ state: 'missing', nearest: [{ start: 148 }, { start: 64 }] })
  })

  test('lists at most three occurrences of the same words, without overlaps', () => {
    const anchoring = anchorQuote(indexText('aaaaaaaa'), { quote: 'aa', prefix: 'b' }, [])
    expect(anchoring).toMatchObject({
      state: 'missing',
      nearest: [{ start: 0 }, { start: 2 }, { start: 4 }],
    })
  })

  test('finds overlapping occurrences', () => {
    expect(anchorQuote(indexText('aaaa'), { quote: 'aa' }, [])).toMatchObject({
      state: 'ambiguous',
      total: 3,
      passages: [{ start: 0 }, { start: 1 }, { start: 2 }],
    })
  })

  test('lists 20 of many occurrences and counts all', () => {
    const anchoring = anchorQuote(indexText('a-'.repeat(500)), { quote: 'a' }, [])
    if (anchoring.state !== 'ambiguous') throw new Error(anchoring.state)
    expect(anchoring.total).toBe(500)
    expect(anchoring.passages.map(({ start }) => start)).toEqual(
      Array.from({ length: 20 }, (_, i) => 2 * i),
    )
  })

  test('a quote in boilerplate only is boilerplate', () => {
    expect(anchorQuote(body, { quote: 'Read more' }, [{ start: 137, end: 155 }])).toMatchObject({
      state: 'boilerplate',
      passage: { start: 137, quote: 'Read more' },
    })
  })

  test('a quote with one citable occurrence and one in boilerplate is anchored', () => {
    expect(anchorQuote(body, { quote: 'Turkey' }, [{ start: 137, end: 155 }])).toMatchObject({
      state: 'anchored',
      passage: { start: 64 },
    })
  })

  test.each([
    ['its first code point', [{ start: 0, end: 3 }], 'boilerplate'],
    ['its last code point', [{ start: 3, end: 9 }], 'boilerplate'],
    ['the middle', [{ start: 3, end: 4 }], 'boilerplate'],
    ['a long span, with later and shorter ones before it', longThenShort(), 'boilerplate'],
    ['nothing: one ends where it starts, one starts where it ends', besides(), 'anchored'],
    ['nothing: the span is empty', [{ start: 3, end: 3 }], 'anchored'],
  ])('an uncitable span that shares %s with the quote', (_, uncitable: Span[], state) => {
    expect(anchorQuote(indexText('01234567890'), { quote: '234' }, uncitable).state).toBe(state)
  })

  test.each([
    ['an empty quote', { quote: '' }],
    ['a quote of a byte order mark', { quote: '\uFEFF' }],
    ['NUL', { quote: 'a\0' }],
    ['half a character', { quote: 'a', suffix: '\uD83D' }],
  ])('refuses %s', (_, selector) => {
    expect(() => anchorQuote(body, selector, [])).toThrow(RangeError)
  })

  test('refuses an uncitable span outside the text', () => {
    expect(() => anchorQuote(body, { quote: 'Turkey' }, [{ start: 0, end: 1_000 }])).toThrow(
      RangeError,
    )
  })

  test('every slice with its context is anchored at its own offsets', () => {
    fc.assert(
      fc.property(placed, ({ text, span }) => {
        const points = [...text.text]
        const anchoring = anchorQuote(
          text,
          {
            quote: points.slice(span.start, span.end).join(''),
            prefix: points.slice(0, span.start).join(''),
            suffix: points.slice(span.end).join(''),
          },
          [],
        )
        if (anchoring.state !== 'anchored') throw new Error(anchoring.state)
        const { start, end, quote, prefix, suffix } = anchoring.passage
        expect({ start, end }).toEqual(span)
        expect(points.slice(start, end).join('')).toBe(quote)
        expect(points.slice(Math.max(0, start - 32), start).join('')).toBe(prefix)
        expect(points.slice(end, end + 32).join('')).toBe(suffix)
      }),
    )
  })

  test('finds the same occurrences as a comparison at every offset', () => {
    fc.assert(
      fc.property(placed, uncitableSpans, ({ text, span }, spans) => {
        const uncitable = clip(spans, text)
        const quote = text.slice(span.start, span.end)
        const points = [...text.text]
        const size = span.end - span.start
        const starts = points
          .keys()
          .filter((at) => points.slice(at, at + size).join('') === quote)
          .toArray()
        const citable = starts.filter((at) => !uncitable.some((s) => sharesWith(s, at, at + size)))
        const anchoring = anchorQuote(text, { quote }, uncitable)
        if (citable.length > 1) {
          expect(anchoring).toMatchObject({ state: 'ambiguous', total: citable.length })
        } else if (citable.length === 1) {
          expect(anchoring).toMatchObject({ state: 'anchored', passage: { start: citable[0] } })
        } else {
          expect(anchoring).toMatchObject({ state: 'boilerplate', passage: { start: starts[0] } })
        }
      }),
    )
  })
})

describe('checkCitation', () => {
  const citation: Passage = { start: 64, end: 70, quote: 'Turkey', prefix: '. ', suffix: ' p' }

  test('a citation holds when its words are at its offsets', () => {
    expect(checkCitation(body, citation, [])).toEqual({ holds: true })
    expect(checkCitation(body, { ...citation, prefix: '', suffix: '' }, [])).toEqual({
      holds: true,
    })
  })

  test.each([
    ['other words at the offsets', { start: 65, end: 71 }, 'urkey '],
    ['another normal form', { quote: 'Turkey\u200B' }, 'Turkey'],
    ['other words before', { prefix: ': ' }, '. '],
    ['a prefix longer than what stands before', { start: 0, end: 6, quote: 'Canada' }, ''],
    ['other words after', { suffix: ' x' }, ' p'],
    ['an end past the text', { end: 156 }, ''],
    ['a start before the text', { start: -1 }, ''],
    ['no span at all', { start: 64, end: 64, quote: '' }, ''],
    ['an offset that is no whole number', { start: 64.5 }, ''],
  ])('does not hold with %s, and returns the text at the offsets', (_, change, found) => {
    expect(checkCitation(body, { ...citation, ...change }, [])).toEqual({
      holds: false,
      reason: expect.stringMatching(/\.$/),
      found,
    })
  })

  test('the returned text has whole characters', () => {
    const text = indexText('😀a😀')
    const citation = { start: 1, end: 2, quote: 'a', prefix: '', suffix: '' }
    expect(checkCitation(text, { ...citation, prefix: 'b' }, [])).toMatchObject({ found: '😀' })
    expect(checkCitation(text, { ...citation, suffix: 'b' }, [])).toMatchObject({ found: '😀' })
  })

  test('does not hold in boilerplate', () => {
    expect(checkCitation(body, citation, [{ start: 69, end: 75 }])).toMatchObject({
      holds: false,
      found: 'Turkey',
    })
  })

  test('agrees with anchorQuote for any boilerplate', () => {
    fc.assert(
      fc.property(placed, uncitableSpans, ({ text, span }, spans) => {
        const uncitable = clip(spans, text)
        const anchoring = anchorQuote(text, { quote: text.slice(span.start, span.end) }, uncitable)
        const holds = (passage: Passage) => checkCitation(text, passage, uncitable).holds
        if (anchoring.state === 'anchored') expect(holds(anchoring.passage)).toBe(true)
        if (anchoring.state === 'ambiguous') expect(anchoring.passages.every(holds)).toBe(true)
        if (anchoring.state === 'boilerplate') expect(holds(anchoring.passage)).toBe(false)
        expect(anchoring.state).not.toBe('missing')
      }),
    )
  })

  test('a citation shifted by a code point never holds with its whole context', () => {
    fc.assert(
      fc.property(placed, ({ text, span }) => {
        const shifted = {
          start: span.start + 1,
          end: span.end + 1,
          quote: text.slice(span.start, span.end),
          prefix: text.slice(0, span.start),
          suffix: text.slice(span.end, text.length),
        }
        expect(checkCitation(text, shifted, []).holds).toBe(false)
      }),
    )
  })
})

function longThenShort(): Span[] {
  return [
    { start: 1, end: 2 },
    { start: 0, end: 9 },
  ]
}

function besides(): Span[] {
  return [
    { start: 5, end: 9 },
    { start: 0, end: 2 },
  ]
}

/** A text as it is stored, with a span in it that is not empty. */
const placed = fc
  .tuple(prose, fc.nat(), fc.nat())
  .map(([raw, a, b]) => {
    const text = indexText(normaliseText(raw))
    const start = a % Math.max(1, text.length)
    return { text, span: { start, end: start + 1 + (b % Math.max(1, text.length - start)) } }
  })
  .filter(({ text }) => text.length > 0)

const uncitableSpans = fc.array(fc.record({ start: fc.nat(40), end: fc.nat(40) }), { maxLength: 3 })

const clip = (spans: Span[], text: IndexedText): Span[] =>
  spans.map(({ start, end }) => ({
    start: Math.min(start, end, text.length),
    end: Math.min(Math.max(start, end), text.length),
  }))

const sharesWith = (span: Span, start: number, end: number): boolean =>
  Math.max(span.start, start) < Math.min(span.end, end)
