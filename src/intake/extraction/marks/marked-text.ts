/**
 * Text with marks on some of its characters, as one string: a mark begins with `\u0001` and the letter of its kind, and
 * ends with `\u0002`. So white space can be collapsed and pieces can be joined before offsets are counted.
 */
const markStart = '\u0001'
const markEnd = '\u0002'

/** The kinds of marks, and the span that each becomes. */
const markKinds = {
  footnote: { letter: 'f', type: 'note', note: 'footnote mark' },
  exponent: { letter: 'e', type: 'note', note: 'exponent' },
  subscript: { letter: 'b', type: 'note', note: 'subscript' },
  struck: { letter: 's', type: 'struck', note: 'struck out in the document' },
} as const
export type MarkKind = keyof typeof markKinds
type MarkSpan = { type: 'note' | 'struck' | 'ocr'; note: string | null; confidence: number | null }

const kindByLetter = new Map<string, MarkSpan>(
  Object.values(markKinds).map(({ letter, type, note }) => [
    letter,
    { type, note, confidence: null },
  ]),
)
/** Of text recognition; a character that stands for the percentage follows. */
const confidenceLetter = 'o'
const percentBase = 0xe000

/** Marks recognised text with its confidence, 0 to 1. */
export function markConfidence(text: string, confidence: number): string {
  const percent = Math.round(Math.min(1, Math.max(0, confidence)) * 100)
  const code = String.fromCharCode(percentBase + percent)
  return `${markStart}${confidenceLetter}${code}${text}${markEnd}`
}

/** The note of a span with less says so. Wrong words had 0.37 to 0.81 in trials, some over 0.9. */
export const lowConfidence = 0.7

function describeConfidence(code: string): MarkSpan {
  const percent = code.charCodeAt(0) - percentBase
  return {
    type: 'ocr',
    note: percent < lowConfidence * 100 ? 'low confidence' : null,
    confidence: percent / 100,
  }
}

export const mark = (kind: MarkKind, text: string): string =>
  `${markStart}${markKinds[kind].letter}${text}${markEnd}`

/** Begins and ends a mark around text that is still to come. */
export const openMark = (kind: MarkKind): string => `${markStart}${markKinds[kind].letter}`
export const closeMark = markEnd

// biome-ignore lint/suspicious/noControlCharactersInRegex: the control characters are removed
const controlCharacters = /[\0-\x08\x0b\x0c\x0e-\x1f]/g
/** Soft hyphens and zero-width spaces: they are not printed, and a quote would have to repeat them. */
const invisibleCharacters = /[\u00ad\u200b\u2060\ufeff]/g

/** Removes what a page does not print: control characters and invisible ones. */
export const removeInvisible = (text: string): string =>
  text.replace(controlCharacters, '').replace(invisibleCharacters, '')

/** Whether a marked text has any text. */
export const hasText = (marked: string): boolean => removeMarks(marked).trim() !== ''

// biome-ignore lint/suspicious/noControlCharactersInRegex: the marks are control characters
export const removeMarks = (marked: string): string => marked.replace(/\x01o.|\x01[a-z]|\x02/g, '')

export type TextMark = MarkSpan & { start: number; end: number }

/**
 * The plain text and its marks; offsets in code points. Struck text never touches the words beside it: a space is added
 * where the document has none. Spaces that are doubled because a mark stood between them become one.
 */
export function parseMarkedText(marked: string): { text: string; marks: TextMark[] } {
  const characters: string[] = []
  const marks: TextMark[] = []
  const open: { span: MarkSpan; start: number }[] = []
  let isStruckBoundary = false
  const source = [...marked]
  for (let index = 0; index < source.length; index += 1) {
    const character = source[index] ?? ''
    if (character === markStart) {
      index += 1
      const letter = source[index] ?? ''
      if (letter === confidenceLetter) index += 1
      const span =
        letter === confidenceLetter
          ? describeConfidence(source[index] ?? '')
          : kindByLetter.get(letter)
      if (span === undefined) continue
      isStruckBoundary ||= span.type === 'struck'
      open.push({ span, start: characters.length })
      continue
    }
    if (character === markEnd) {
      const closed = open.pop()
      if (closed === undefined) continue
      isStruckBoundary ||= closed.span.type === 'struck'
      const start = skipSpaces(characters, closed.start)
      let end = characters.length
      while (end > start && characters[end - 1] === ' ') end -= 1
      if (start < end) marks.push({ ...closed.span, start, end })
      continue
    }
    const last = characters.at(-1) ?? ''
    if (isStruckBoundary && /[\p{L}\p{N}]/u.test(character) && /[\p{L}\p{N}%.,]/u.test(last)) {
      // The added space is before the struck text, not in it.
      for (const later of open) if (later.start === characters.length) later.start += 1
      characters.push(' ')
    }
    isStruckBoundary = false
    if (character === ' ' && last === ' ') continue
    characters.push(character)
  }
  return trimMarked(characters, marks)
}

function skipSpaces(characters: readonly string[], from: number): number {
  let start = from
  while (start < characters.length && characters[start] === ' ') start += 1
  return start
}

/** Without spaces at both ends; tabs and line ends stay, because they separate the cells and rows of a table. */
function trimMarked(characters: readonly string[], marks: readonly TextMark[]) {
  const from = skipSpaces(characters, 0)
  let to = characters.length
  while (to > from && characters[to - 1] === ' ') to -= 1
  const text = characters.slice(from, to).join('')
  const shifted = marks
    .map((one) => ({
      ...one,
      start: Math.max(0, one.start - from),
      end: Math.min(to, one.end) - from,
    }))
    .filter(({ start, end }) => start < end)
    .toSorted((a, b) => a.start - b.start || b.end - a.end)
  // Composition across a mark would move the offsets; the marks are then dropped, not misplaced.
  const normalised = text.normalize('NFC')
  return normalised === text ? { text, marks: shifted } : { text: normalised, marks: [] }
}
