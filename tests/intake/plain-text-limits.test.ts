import { expect, test } from 'vitest'
import { readPlainText } from '../../src/intake/extraction/text/plain-text.ts'

const read = (text: string) =>
  readPlainText({ bytes: Buffer.from(text), name: 'a.txt', mediaType: null })

const line = 'The ministry halts exports of radars to the neighbouring state.\n'
const longest = 5_000_000

test('a text of the maximum length is read completely', () => {
  const rest = line.repeat(Math.floor(longest / line.length) - 2)
  const { body, spans } = read(`A title\n\nA title\n${rest}`)
  expect(body).toBe(`A title\n${rest}`.trimEnd())
  expect(spans).toEqual([
    { type: 'article', start: 0, end: body.length, page: null, note: null, confidence: null },
  ])
})

test('a longer text is refused with the limit', () => {
  const refusal = {
    code: 'document-over-limit',
    message: 'The text of the document has over 5000000 characters.',
  }
  expect(() => read('x'.repeat(longest + 1))).toThrow(expect.objectContaining(refusal))
  // Of so many bytes it is told without reading them.
  expect(() => read('\0'.repeat(4 * longest + 1))).toThrow(expect.objectContaining(refusal))
})

test('the limit counts characters, not bytes', () => {
  expect(() => read('😀'.repeat(1_000))).not.toThrow(/characters/)
  expect(read(`Title\n${'é'.repeat(longest - 10)}`).body.length).toBe(longest - 4)
})
