import { removeInvisible } from '../marks/marked-text.ts'
import { markRaisedCharacters, renderLowered, renderRaised } from '../marks/raised-text.ts'

/** A piece of text as a PDF draws it. Points from the top left corner of the page; `y` is the baseline. */
export type PdfGlyphs = {
  text: string
  x: number
  y: number
  width: number
  /** Height of the font. */
  size: number
}

/** Text on one baseline without wide gaps, as marked text. */
export type Fragment = {
  text: string
  x: number
  end: number
  y: number
  size: number
}

/**
 * Joins glyphs to fragments. Text that is drawn twice to look bold counts once; raised and lowered figures are marked.
 * Gaps wider than a word space end a fragment.
 */
export function buildFragments(glyphs: readonly PdfGlyphs[]): Fragment[] {
  const fragments: Fragment[] = []
  let current: Fragment | null = null
  let needsSpace = false
  for (const piece of dropRepeated(glyphs)) {
    const text = markRaisedCharacters(removeInvisible(piece.text))
    if (text.trim() === '') {
      needsSpace ||= text !== ''
      continue
    }
    const glyph = { ...piece, text }
    if (current !== null && continues(current, glyph)) append(current, glyph, needsSpace)
    else {
      current = startFragment(glyph)
      fragments.push(current)
    }
    needsSpace = / $/.test(text)
  }
  return mergeNeighbours(fragments.filter(({ text }) => text.trim() !== ''))
}

const startFragment = ({ text, x, y, width, size }: PdfGlyphs): Fragment => ({
  text: text.trimStart(),
  x,
  end: x + width,
  y,
  size,
})

/** In heights of the font: a word space of justified text at most, below the gap between columns. */
const wordGapMax = 1
/** A smaller gap is no space. */
const spaceGapMin = 0.18
const raisedSizeMax = 0.85

const isSmall = (glyph: PdfGlyphs, { size }: Fragment): boolean => glyph.size < size * raisedSizeMax

function continues(fragment: Fragment, glyph: PdfGlyphs): boolean {
  const gap = glyph.x - fragment.end
  const size = Math.max(fragment.size, glyph.size)
  if (gap < -0.6 * size || gap > wordGapMax * size) return false
  const rise = fragment.y - glyph.y
  if (isSmall(glyph, fragment)) return Math.abs(rise) < 0.7 * size && gap < 0.6 * size
  return Math.abs(rise) < 0.2 * size
}

function append(fragment: Fragment, glyph: PdfGlyphs, needsSpace: boolean): void {
  const gap = (glyph.x - fragment.end) / Math.max(fragment.size, glyph.size)
  const rise = (fragment.y - glyph.y) / fragment.size
  const separator = needsSpace || gap > spaceGapMin ? ' ' : ''
  fragment.end = Math.max(fragment.end, glyph.x + glyph.width)
  const isShort = glyph.text.trim().length <= 8
  if (isSmall(glyph, fragment) && isShort && rise > 0.15)
    fragment.text += renderRaised(fragment.text, glyph.text)
  else if (isSmall(glyph, fragment) && isShort && rise < -0.05)
    fragment.text += renderLowered(fragment.text, glyph.text)
  else fragment.text += `${separator}${glyph.text}`
}

/** Bold text is sometimes drawn twice with a small shift. */
function dropRepeated(glyphs: readonly PdfGlyphs[]): PdfGlyphs[] {
  const drawn = new Map<string, PdfGlyphs[]>()
  return glyphs.filter((glyph) => {
    if (glyph.text.trim() === '') return true
    const same = drawn.get(glyph.text) ?? []
    const isRepeated = same.some(
      ({ x, y, size }) =>
        Math.abs(size - glyph.size) < 0.5 &&
        Math.abs(x - glyph.x) < 0.12 * glyph.size &&
        Math.abs(y - glyph.y) < 0.12 * glyph.size,
    )
    if (!isRepeated) drawn.set(glyph.text, [...same.slice(-50), glyph])
    return !isRepeated
  })
}

/** Joins fragments that follow each other on a baseline but not in the file. */
function mergeNeighbours(fragments: readonly Fragment[]): Fragment[] {
  const sorted = fragments.toSorted((a, b) => a.y - b.y || a.x - b.x)
  const merged: Fragment[] = []
  for (const line of groupByBaseline(sorted)) {
    let last: Fragment | undefined
    for (const fragment of line) {
      const gap = last ? fragment.x - last.end : 0
      const size = Math.max(fragment.size, last?.size ?? 0)
      if (
        last &&
        gap > -0.3 * size &&
        gap <= wordGapMax * 0.6 * size &&
        isSameSize(last, fragment)
      ) {
        last.text += gap > spaceGapMin * size ? ` ${fragment.text}` : fragment.text
        last.end = Math.max(last.end, fragment.end)
      } else {
        last = { ...fragment }
        merged.push(last)
      }
    }
  }
  return merged
}

const isSameSize = (a: Fragment, b: Fragment): boolean =>
  Math.min(a.size, b.size) > raisedSizeMax * Math.max(a.size, b.size)

/** Fragments on the same baseline, from left to right; the lines from top to bottom. */
export function groupByBaseline(fragments: readonly Fragment[]): Fragment[][] {
  const lines: { y: number; size: number; fragments: Fragment[] }[] = []
  for (const fragment of fragments.toSorted((a, b) => a.y - b.y)) {
    const line = lines.findLast(
      ({ y, size }) => Math.abs(y - fragment.y) < 0.3 * Math.min(size, fragment.size),
    )
    if (line) line.fragments.push(fragment)
    else lines.push({ y: fragment.y, size: fragment.size, fragments: [fragment] })
  }
  return lines.map((line) => line.fragments.toSorted((a, b) => a.x - b.x))
}
