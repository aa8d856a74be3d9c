import type { Token } from '../../words/sentences.ts'

/** A number in a text. `length` counts tokens. */
export type NumberInText = { value: number; length: number }

/** Reads `7`, `1,200`, `seven`, `thirty-two` and `two dozen`. Null for a year, for zero and for no number. */
export function readNumber(
  tokens: readonly Token[],
  index: number,
  numberWords: ReadonlyMap<string, number>,
): NumberInText | null {
  const token = tokens[index]
  if (!token?.isWord) return null
  const inWords = readNumberWords(token, tokens[index + 1], numberWords)
  if (inWords) return inWords
  if (!/^\d{1,6}$/.test(token.text)) return null
  const length = countDigitTokens(tokens, index)
  // "2020 drones" is rather a year.
  if (length === 1 && /^(19|20)\d\d$/.test(token.text)) return null
  const digits = tokens.slice(index, index + length).filter(({ isWord }) => isWord)
  const value = Number(digits.map(({ text }) => text).join(''))
  return value > 0 ? { value, length } : null
}

function readNumberWords(
  token: Token,
  next: Token | undefined,
  numberWords: ReadonlyMap<string, number>,
): NumberInText | null {
  const pair = next?.isWord ? numberWords.get(`${token.key} ${next.key}`) : undefined
  if (pair !== undefined) return { value: pair, length: 2 }
  const single = numberWords.get(token.key)
  if (single !== undefined) return { value: single, length: 1 }
  const [, tens = '', ones = ''] = /^(\w+ty)-(\w+)$/.exec(token.key) ?? []
  const [ten, one] = [numberWords.get(tens), numberWords.get(ones)]
  return ten === undefined || one === undefined ? null : { value: ten + one, length: 1 }
}

/** `1,200` is three tokens without space between them. */
function countDigitTokens(tokens: readonly Token[], index: number): number {
  let length = 1
  while (isThousands(tokens, index + length)) length += 2
  return length
}

function isThousands(tokens: readonly Token[], comma: number): boolean {
  const [before, mark, digits] = [tokens[comma - 1], tokens[comma], tokens[comma + 1]]
  return (
    mark?.text === ',' &&
    /^\d{3}$/.test(digits?.text ?? '') &&
    mark.start === before?.end &&
    digits?.start === mark.end
  )
}
