/**
 * A text with everything taken away that two copies of the same words may differ in, and the way
 * back: the unit at `i` of `text` stems from `starts[i]` to before `ends[i]` of the original.
 * All offsets are UTF-16 code units.
 */
export type FoldedText = { text: string; starts: Uint32Array; ends: Uint32Array }

/**
 * Folds a text for comparing by likeness; never for exact matching. Taken away are: case, accents
 * (nonspacing marks), compatibility forms such as ligatures and full width (NFKD, UAX #15),
 * invisible format characters, and the shape of quotation marks and dashes. A run of white space is
 * one space, a line end too.
 */
export function foldText(text: string): FoldedText {
  let codes = new Uint16Array(text.length + foldedUnitsMax)
  let starts = new Uint32Array(codes.length)
  let ends = new Uint32Array(codes.length)
  let length = 0
  let at = 0
  while (at < text.length) {
    if (length + foldedUnitsMax > codes.length) {
      codes = copyInto(codes, new Uint16Array(2 * codes.length))
      starts = copyInto(starts, new Uint32Array(codes.length))
      ends = copyInto(ends, new Uint32Array(codes.length))
    }
    const codePoint = text.codePointAt(at) ?? 0
    const end = at + (codePoint > 0xffff ? 2 : 1)
    const folded = foldingCache.get(codePoint) ?? foldCodePoint(codePoint)
    // What folds to nothing, and white space after white space, belongs to what stands before it.
    if (folded === '' && length > 0) ends[length - 1] = end
    for (let i = 0; i < folded.length; i += 1) {
      const code = folded.charCodeAt(i)
      if (code === space && length > 0 && codes[length - 1] === space) {
        ends[length - 1] = end
        continue
      }
      codes[length] = code
      starts[length] = at
      ends[length] = end
      length += 1
    }
    at = end
  }
  return {
    text: decodeUnits(codes.subarray(0, length)),
    starts: starts.subarray(0, length),
    ends: ends.subarray(0, length),
  }
}

const space = 0x20
/** More UTF-16 units than any code point folds to: U+FDFA, the longest, folds to 18. */
const foldedUnitsMax = 64
const foldingCache = new Map<number, string>()

/** What a code point folds to; kept for the first 65,536 that are met. */
function foldCodePoint(codePoint: number): string {
  const folded = String.fromCodePoint(codePoint)
    .replace(/[‘’‚‛‹›′ʹʻʼ՚`´]/u, "'")
    .replace(/[“”„‟«»″〝〞〟]/u, '"')
    .normalize('NFKD')
    .replace(/[\p{Mn}\p{Cf}]/gu, '')
    .replace(/[\p{Pd}−]/gu, '-')
    .replace(/\s/gu, ' ')
    // By way of upper case, so that ß, the final ς and the dotless ı find their relatives.
    .toUpperCase()
    .toLowerCase()
  if (foldingCache.size < 2 ** 16) foldingCache.set(codePoint, folded)
  return folded
}

function copyInto<T extends Uint16Array | Uint32Array>(from: T, to: T): T {
  to.set(from)
  return to
}

/** `String.fromCharCode` takes its units as arguments, of which an engine allows only so many. */
function decodeUnits(codes: Uint16Array): string {
  const parts: string[] = []
  for (let at = 0; at < codes.length; at += 8_192) {
    parts.push(String.fromCharCode(...codes.subarray(at, at + 8_192)))
  }
  return parts.join('')
}
