import type { TextBlock } from '../document.ts'
import { lowConfidence, markConfidence, removeInvisible } from '../marks/marked-text.ts'
import { renderRaised } from '../marks/raised-text.ts'
import { type IsWord, joinAtHyphen, joinHyphenated } from '../pdf/hyphens.ts'
import type { RecognisedPage, RecognisedWord } from './recognition.ts'

/** The lines of recognised pages as plain text, to collect the words of a document. */
export const listRecognisedLines = (pages: readonly RecognisedPage[]): string[] =>
  pages.flatMap(({ paragraphs }) => paragraphs.flatMap((lines) => lines.map(formatWords)))

/**
 * The paragraphs of a recognised page. Each line is marked with its lowest confidence among the words that are not low;
 * words with a low one are marked with their own.
 */
export function buildRecognisedBlocks(
  { page, paragraphs }: RecognisedPage,
  words: ReadonlySet<string>,
  isWord: IsWord,
): TextBlock[] {
  return paragraphs.flatMap((lines): TextBlock[] => {
    let text = ''
    let previous = ''
    for (const line of lines) {
      const plain = formatWords(line)
      if (plain === '') continue
      const marked = markLine(line)
      if (text === '') text = marked
      else text = joinHyphenated(text, marked, joinAtHyphen(previous, plain, words, isWord))
      previous = plain
    }
    return text === '' ? [] : [{ text, type: 'article', page }]
  })
}

const formatWords = (line: readonly RecognisedWord[]): string =>
  line
    .map(({ text, raised, after }) => removeInvisible(`${text}${raised}${after}`).trim())
    .filter((text) => text !== '')
    .join(' ')

function markLine(line: readonly RecognisedWord[]): string {
  const words = line.filter((word) => formatWords([word]) !== '')
  const sure = words.filter(({ confidence }) => confidence >= lowConfidence)
  const lowest = Math.min(...(sure.length > 0 ? sure : words).map(({ confidence }) => confidence))
  let marked = ''
  for (const { text, raised, after, confidence } of words) {
    const separator = marked === '' ? '' : ' '
    const base = removeInvisible(text).trim()
    const raisedText = raised === '' ? '' : renderRaised(`${marked}${separator}${base}`, raised)
    const word = `${base}${raisedText}${after}`
    const isLow = confidence < lowConfidence && sure.length > 0
    marked += `${separator}${isLow ? markConfidence(word, confidence) : word}`
  }
  return markConfidence(marked, lowest)
}
