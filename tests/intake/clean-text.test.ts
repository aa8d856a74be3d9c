import { describe, expect, test } from 'vitest'
import { cleanPlainText } from '../../src/intake/text-cleaning.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const bodyOf = (text: string) => cleanPlainText(bytes(text), []).body

describe('the title', () => {
  test.each([
    ['twice with a blank line between', 'A title\n\nA title\n\nThe text.', 'A title\n\nThe text.'],
    ['twice without a blank line', 'A title\nA title\nThe text.', 'A title\nThe text.'],
    ['three times', 'A title\n\nA title\n\nA title\n\nThe text.', 'A title\n\nThe text.'],
    ['twice and nothing else', 'A title\n\nA title', 'A title'],
    ['once', 'A title\n\nThe text.', 'A title\n\nThe text.'],
    [
      'again further down',
      'A title\n\nText.\n\nA title\n\nMore.',
      'A title\n\nText.\n\nA title\n\nMore.',
    ],
    [
      'as the beginning of the next line',
      'A title\n\nA title and more.',
      'A title\n\nA title and more.',
    ],
    ['in other letters', 'A title\n\nA TITLE\n\nThe text.', 'A title\n\nA TITLE\n\nThe text.'],
    ['after blank lines', '\n\n  \nA title\n\nA title\n\nText.', 'A title\n\nText.'],
    ['with signs that mean something in a pattern', 'A (t.*)?\n\nA (t.*)?\n\nT', 'A (t.*)?\n\nT'],
  ])('%s', (_name, text, body) => {
    expect(bodyOf(text)).toBe(body)
  })
})

describe('the form of the text', () => {
  test.each([
    ['Windows line ends', 'A\r\nB\r\nC', 'A\nB\nC'],
    ['old Mac line ends', 'A\rB', 'A\nB'],
    ['letters and accents apart', 'Franc\u0327ois', 'Fran\u00e7ois'],
    ['a byte order mark', '\ufeffA\nB', 'A\nB'],
    ['white space at the end', 'A\nB \n\n\t\n', 'A\nB'],
    ['white space within', 'A\n\n\n  B  C\u00a0D', 'A\n\n\n  B  C\u00a0D'],
  ])('%s', (_name, text, body) => {
    expect(bodyOf(text)).toBe(body)
  })

  test('cleaning is idempotent', () => {
    const clean = bodyOf('A title\r\n\r\nA title\r\n\r\nThe text \u2013 all of it.\r\n')
    expect(bodyOf(clean)).toBe(clean)
  })

  test.each([
    ['nothing', ''],
    ['white space only', ' \r\n\t\n'],
  ])('%s is refused as empty', (_name, text) => {
    expect(() => bodyOf(text)).toThrow(new RangeError('The document is empty.'))
  })

  test('bytes that are not UTF-8 are refused', () => {
    const latin1 = Uint8Array.from([0x46, 0x72, 0x61, 0x6e, 0xe7, 0x6f, 0x69, 0x73])
    expect(() => cleanPlainText(latin1, [])).toThrow(new RangeError('The document is not UTF-8.'))
  })
})

describe('boilerplate', () => {
  const spansOf = (text: string, from: string) =>
    cleanPlainText(bytes(text), [{ from, note: 'teasers' }]).spans

  test.each([
    ['from its line to the end', 'Title\nText.\nTop stories\nOthers', 'Top stories', 12, 30],
    ['where the line begins so', 'Title\nTop stories of the day', 'Top stories', 6, 28],
    ['counted in code points', '\u{1f4a5}\nTop stories', 'Top stories', 2, 13],
    ['from the first line on', 'Top stories\nOthers', 'Top stories', 0, 18],
    ['after a title that stood twice', 'Title\n\nTitle\nTop stories', 'Top stories', 6, 17],
    ['with a space that does not break', 'Text\n\u00a0Top stories', '\u00a0Top stories', 5, 17],
    ['with signs that mean something in a pattern', 'Text\n*** (more)', '*** (more)', 5, 15],
    ['whose accents stand apart', 'Text\nDépêches', 'De\u0301pe\u0302ches', 5, 13],
  ])('%s', (_name, text, from, start, end) => {
    expect(spansOf(text, from)).toEqual([{ type: 'boilerplate', start, end, note: 'teasers' }])
  })

  test('stays in the body', () => {
    const text = 'Title\nText.\nTop stories\nOthers'
    expect(cleanPlainText(bytes(text), [{ from: 'Top stories', note: null }]).body).toBe(text)
  })

  test.each([
    ['is nowhere', 'Title\nText.', '0 times'],
    ['stands within a line only', 'Title\nThe Top stories', '0 times'],
    ['stands twice', 'Top stories\nText.\nTop stories', '2 times'],
  ])('a line that %s is refused', (_name, text, times) => {
    expect(() => spansOf(text, 'Top stories')).toThrow(
      new RangeError(
        `The line "Top stories" where boilerplate begins occurs ${times} in the document; it must occur once.`,
      ),
    )
  })
})
