/**
 * A folded text with a map to the original: the unit at `i` of `text` comes from `starts[i]` to
 * before `ends[i]` of the original. All offsets are UTF-16 code units.
 */
export type FoldedText = { text: string; starts: Uint32Array; ends: Uint32Array }

/**
 * Folds a text for approximate comparison, never for exact matching. Removes case, accents
 * (nonspacing marks), compatibility forms such as ligatures and full width (NFKD, UAX #15),
 * invisible format characters, and the shape of quotation marks and dashes. A run of white space,
 * line ends included, becomes one space.
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
    // Characters that fold to nothing, and repeated white space, extend the unit before them.
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

/** The cache holds the first 65,536 different code points. */
function foldCodePoint(codePoint: number): string {
  const folded = String.fromCodePoint(codePoint)
    .replace(/[‘’‚‛‹›′ʹʻʼ՚`´]/u, "'")
    .replace(/[“”„‟«»″〝〞〟]/u, '"')
    .normalize('NFKD')
    .replace(/[\p{Mn}\p{Cf}]/gu, '')
    .replace(/[\p{Pd}−]/gu, '-')
    .replace(/\s/gu, ' ')
    // Upper case first, so that ß becomes ss, the final ς becomes σ, and the dotless ı becomes i.
    .toUpperCase()
    .toLowerCase()
  if (foldingCache.size < 2 ** 16) foldingCache.set(codePoint, folded)
  return folded
}

function copyInto<T extends Uint16Array | Uint32Array>(from: T, to: T): T {
  to.set(from)
  return to
}

/** In chunks, because `String.fromCharCode` takes units as arguments, whose number is limited. */
function decodeUnits(codes: Uint16Array): string {
  const parts: string[] = []
  for (let at = 0; at < codes.length; at += 8_192) {
    parts.push(String.fromCharCode(...codes.subarray(at, at + 8_192)))
  }
  return parts.join('')
}
