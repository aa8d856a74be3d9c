import { describe, expect, test } from 'vitest'
import { createCitation, widenQuote } from '../../../src/intake/proposals/drafts/citations.ts'
import { readArticle } from './read-article.ts'

const cite = (body: string, start: number, end: number) => {
  const { quote, prefix, suffix } = createCitation(
    { slug: 'article', body },
    { start, end },
    'name',
  )
  return { quote, prefix, suffix }
}

describe('a citation', () => {
  test('has its field and voices', () => {
    const voices = [{ document: 'memo' }]
    const range = { start: 0, end: 6 }
    expect(createCitation({ slug: 'news', body: 'Canada left' }, range, 'name', voices)).toEqual({
      article: 'news',
      quote: 'Canada',
      field: 'name',
      voices,
      confidence: null,
      fragment: null,
    })
  })

  test('of a unique quote has no context', () => {
    expect(cite('Canada left', 0, 6)).toEqual({ quote: 'Canada' })
  })

  test('of a repeated quote has enough context to be unique', () => {
    const body = `Canada ${'x'.repeat(30)} Canada`
    expect(cite(body, 0, 6)).toEqual({ quote: 'Canada', prefix: '', suffix: ` ${'x'.repeat(19)}` })
    const far = `${'x'.repeat(30)}Canada${'x'.repeat(40)}Canada${'x'.repeat(30)}`
    expect(cite(far, 30, 36)).toEqual({
      quote: 'Canada',
      prefix: 'x'.repeat(30),
      suffix: `${'x'.repeat(40)}Canada${'x'.repeat(14)}`,
    })
  })

  test('has no context when no context makes it unique', () => {
    expect(cite('Canada '.repeat(1_000), 3_500, 3_506)).toEqual({ quote: 'Canada' })
  })

  test('has whole code points as context', () => {
    const body = `😀${'x'.repeat(19)}Canada${'x'.repeat(19)}😀 Canada`
    expect(cite(body, 21, 27)).toEqual({
      quote: 'Canada',
      prefix: 'x'.repeat(19),
      suffix: 'x'.repeat(19),
    })
  })
})

test.each([
  ['Canada', 'Canada'],
  ['Canada left.', 'Canada left'],
  ['Canada left, then came back for good.', 'Canada left, then came back'],
  ['Canada. Turkey left.', 'Canada'],
])('a name with the words after it: %s', (body, expected) => {
  const { start, end } = widenQuote({ start: 0, end: 6 }, body, readArticle(body))
  expect(body.slice(start, end)).toBe(expected)
})
