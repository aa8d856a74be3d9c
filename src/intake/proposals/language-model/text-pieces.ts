/** A piece of a text; `start` in UTF-16 units. */
export type TextPiece = { text: string; start: number }

/**
 * Cuts a text into pieces of at most `length` units that overlap by `overlap`, so that what is said across a cut is whole
 * in one of them. Cuts after a paragraph, else after a sentence, else after a word.
 */
export function cutIntoPieces(text: string, length: number, overlap: number): TextPiece[] {
  const pieces: TextPiece[] = []
  for (let start = 0; start < text.length; ) {
    const end = start + length >= text.length ? text.length : findCut(text, start, start + length)
    pieces.push({ text: text.slice(start, end), start })
    if (end === text.length) break
    start = findStart(text, Math.max(start + 1, end - overlap), end)
  }
  return pieces
}

/** The last good end in the second half of a piece. */
function findCut(text: string, start: number, limit: number): number {
  const half = start + Math.floor((limit - start) / 2)
  for (const mark of ['\n\n', '. ', '\n', ' ']) {
    const at = text.lastIndexOf(mark, limit - mark.length)
    if (at >= half) return at + mark.length
  }
  // Never between the two units of a character.
  return isLowSurrogate(text, limit) ? limit - 1 : limit
}

/** The next beginning of a word, so that no quote begins within one. */
function findStart(text: string, from: number, end: number): number {
  const space = text.indexOf(' ', from)
  const start = space === -1 || space >= end ? from : space + 1
  return isLowSurrogate(text, start) ? start + 1 : start
}

const isLowSurrogate = (text: string, at: number): boolean => {
  const unit = text.charCodeAt(at)
  return unit >= 0xdc00 && unit <= 0xdfff
}
