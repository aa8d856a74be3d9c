import { normaliseText } from '../evidence/text.ts'

/** The boilerplate begins at the line `from` and ends at the end of the text. */
export type BoilerplateMarker = { from: string; note: string | null }

export type CleanedText = {
  body: string
  /** Code points from 0, end exclusive. */
  spans: { type: 'boilerplate'; start: number; end: number; note: string | null }[]
}

/**
 * The body of a plain-text document in UTF-8: NFC, `\n` line ends, no repeated title at the top, no white space at the
 * end. Boilerplate stays in the text and is marked by spans.
 *
 * @throws {RangeError} when the bytes are not UTF-8, the body is empty, or a boilerplate line does not occur exactly once
 */
export function cleanPlainText(
  bytes: Uint8Array,
  boilerplate: readonly BoilerplateMarker[],
): CleanedText {
  const body = dropRepeatedTitle(normaliseText(decodeUtf8(bytes)).trimEnd())
  if (body.trim() === '') throw new RangeError('The document is empty.')
  const length = [...body].length
  const spans = boilerplate.map(({ from, note }) => {
    const line = normaliseText(from)
    const starts = [...`\n${body}`.matchAll(new RegExp(`\n${RegExp.escape(line)}`, 'gu'))]
    const [first, second] = starts
    if (first === undefined || second !== undefined)
      throw new RangeError(
        `The line "${from.trim()}" where boilerplate begins occurs ${starts.length} times in the document; it must occur once.`,
      )
    return {
      type: 'boilerplate' as const,
      start: [...body.slice(0, first.index)].length,
      end: length,
      note,
    }
  })
  return { body, spans }
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw new RangeError('The document is not UTF-8.', { cause: error })
  }
}

/** Drops the first line as long as the next line that is not blank equals it. */
export function dropRepeatedTitle(text: string): string {
  let rest = text.trimStart()
  for (;;) {
    const end = rest.indexOf('\n')
    if (end === -1) return rest
    const title = rest.slice(0, end)
    const after = rest.slice(end).trimStart()
    if (after !== title && !after.startsWith(`${title}\n`)) return rest
    rest = after
  }
}
