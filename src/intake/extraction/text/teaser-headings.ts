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

/** Whether below this line there stand teasers of other articles (dictionaries/furniture.yaml). */
export function isTeaserHeading(line: string): boolean {
  teaserHeadings ??= new Set(
    z
      .strictObject({ tails: z.array(z.string()) })
      .parse(parse(readFileSync(dictionaryFile, 'utf8')))
      .tails.map(normaliseHeading),
  )
  return line.length <= 60 && teaserHeadings.has(normaliseHeading(line))
}

/** Where the teasers below a text begin, in UTF-16 units; null when there is no such line in its last two thirds. */
export function findTeaserHeading(text: string): { start: number; line: string } | null {
  for (let start = text.indexOf('\n', text.length / 3); start !== -1; ) {
    const next = text.indexOf('\n', start + 1)
    const line = text.slice(start + 1, next === -1 ? text.length : next)
    if (line.trim() !== '' && isTeaserHeading(line)) return { start: start + 1, line: line.trim() }
    start = next
  }
  return null
}
