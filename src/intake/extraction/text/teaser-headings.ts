import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { foldText } from '../../../evidence/fold.ts'

const dictionaryFile = join(import.meta.dirname, '../../../../dictionaries/furniture.yaml')

let teaserHeadings: ReadonlySet<string> | undefined

const normaliseHeading = (line: string): string =>
  foldText(line)
    .text.replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** Whether this line is a heading above teasers of other articles (dictionaries/furniture.yaml). */
export function isTeaserHeading(line: string): boolean {
  teaserHeadings ??= new Set(
    z
      .strictObject({ tails: z.array(z.string()) })
      .parse(parse(readFileSync(dictionaryFile, 'utf8')))
      .tails.map(normaliseHeading),
  )
  return line.length <= 60 && teaserHeadings.has(normaliseHeading(line))
}

/**
 * The heading of the teasers below a text; `start` in UTF-16 units. Null when the last two thirds have none. `length` is that
 * of the whole text, if `text` is its beginning.
 */
export function findTeaserHeading(
  text: string,
  length = text.length,
): { start: number; line: string } | null {
  for (let lineBreak = text.indexOf('\n', length / 3); lineBreak !== -1; ) {
    const nextLineBreak = text.indexOf('\n', lineBreak + 1)
    const start = lineBreak + 1
    const line = text.slice(start, nextLineBreak === -1 ? text.length : nextLineBreak)
    if (line.trim() !== '' && isTeaserHeading(line)) return { start, line: line.trim() }
    lineBreak = nextLineBreak
  }
  return null
}
