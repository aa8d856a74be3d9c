/** A character with its box in pixels, `y` from the top. */
export type Symbol = { text: string; bbox: { y0: number; y1: number } }

/** Share of the height of the characters by which the foot of a raised one stands above the others. */
const riseMin = 0.25
const heightMax = 0.85

/**
 * Splits raised characters off the end of a word: text recognition reads "14" with the footnote mark 2 as "142". Only what
 * follows a figure or a letter can be raised; a full stop or comma may follow.
 */
export function splitRaised(symbols: readonly Symbol[]): {
  text: string
  raised: string
  after: string
} {
  const join = (from: number, to: number): string =>
    symbols
      .slice(from, to)
      .map(({ text }) => text)
      .join('')
  const whole = { text: join(0, symbols.length), raised: '', after: '' }
  let end = symbols.length
  while (end > 0 && /^[.,;:)\]”"’']$/.test(symbols[end - 1]?.text ?? '')) end -= 1
  let start = end
  while (start > 1 && isRaised(symbols[start - 1], symbols[0])) start -= 1
  const previous = symbols[start - 1]?.text ?? ''
  if (start === end || start === 0 || !/^[\p{L}\p{N})%.]$/u.test(previous)) return whole
  return { text: join(0, start), raised: join(start, end), after: join(end, symbols.length) }
}

/** Compared with the first character of the word, which stands on the line. */
function isRaised(symbol: Symbol | undefined, first: Symbol | undefined): boolean {
  if (symbol === undefined || first === undefined) return false
  if (!/^[\p{L}\p{N}]$/u.test(symbol.text) || !/^[\p{Lu}\p{N}bdfhklt]$/u.test(first.text))
    return false
  const height = first.bbox.y1 - first.bbox.y0
  const rise = first.bbox.y1 - symbol.bbox.y1
  return rise > height * riseMin && symbol.bbox.y1 - symbol.bbox.y0 < height * heightMax
}
