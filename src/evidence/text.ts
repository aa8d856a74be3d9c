/**
 * Normalises a body or a quote, so that equal words are equal strings: no byte order mark at the
 * start, `\n` line ends, Unicode Normalization Form C (UAX #15).
 *
 * CR LF, CR, U+2028 and U+2029 become `\n`: the line terminators of ECMA-262, 12.3. U+0085 (NEL)
 * stays, because it usually is an ellipsis of Windows-1252 read as Latin-1. The vertical tab and the
 * form feed stay, because they are layout and not line ends.
 *
 * Idempotent. A slice of a normalised text is normalised.
 *
 * @throws {RangeError} for a lone surrogate, which UTF-8 cannot encode, and for NUL, which a
 * PostgreSQL text cannot hold. Replacing either would change the source silently.
 */
export function normaliseText(raw: string): string {
  if (!raw.isWellFormed()) throw new RangeError('The text has a lone surrogate: it is not Unicode.')
  const nulOffset = raw.indexOf('\0')
  if (nulOffset !== -1)
    throw new RangeError(`The text has a NUL character (UTF-16 offset ${nulOffset}).`)
  return raw
    .replace(/^\uFEFF+/, '')
    .replace(/\r\n|[\r\u2028\u2029]/g, '\n')
    .normalize('NFC')
}

/**
 * A text that converts offsets. On the wire an offset counts Unicode code points from 0 (W3C Web
 * Annotation Data Model, 4.2.5); a JavaScript string counts UTF-16 code units.
 */
export type IndexedText = {
  readonly text: string
  /** In code points. */
  readonly length: number
  /** @throws {RangeError} unless `codePoint` is a whole number from 0 to `length`. */
  toUnits(codePoint: number): number
  /**
   * An offset within a surrogate pair gives the offset of its code point.
   *
   * @throws {RangeError} unless `unit` is a whole number from 0 to `text.length`.
   */
  toCodePoints(unit: number): number
  /**
   * The text from `start` to before `end`, both in code points.
   *
   * @throws {RangeError} unless 0 <= `start` <= `end` <= `length`.
   */
  slice(start: number, end: number): string
}

/**
 * Indexes a text without changing it: normalise it first. Building costs one pass. Converting an
 * offset costs a binary search among the characters beyond U+FFFF.
 */
export function indexText(text: string): IndexedText {
  const astral = Uint32Array.from(text.matchAll(/[\u{10000}-\u{10FFFF}]/gu), ({ index }) => index)
  const length = text.length - astral.length

  /** Counts the characters beyond U+FFFF, from the first, for which `isBefore` holds. */
  const countAstral = (isBefore: (unit: number, rank: number) => boolean): number => {
    let low = 0
    let high = astral.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (isBefore(astral[middle] ?? 0, middle)) low = middle + 1
      else high = middle
    }
    return low
  }

  const toUnits = (codePoint: number): number => {
    requireOffset(codePoint, length, 'code points')
    return codePoint + countAstral((unit, rank) => unit - rank < codePoint)
  }

  return {
    text,
    length,
    toUnits,
    toCodePoints: (unit) => {
      requireOffset(unit, text.length, 'UTF-16 units')
      return unit - countAstral((astralUnit) => astralUnit < unit)
    },
    slice: (start, end) => {
      if (start > end) throw new RangeError(`The slice starts at ${start}, after its end ${end}.`)
      return text.slice(toUnits(start), toUnits(end))
    },
  }
}

function requireOffset(offset: number, length: number, unit: string): void {
  if (Number.isInteger(offset) && offset >= 0 && offset <= length) return
  throw new RangeError(`The offset ${offset} is outside the text, which has ${length} ${unit}.`)
}
