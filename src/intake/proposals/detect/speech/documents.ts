import type { Token } from '../../words/sentences.ts'
import { rangeOfTokens, type SentenceText } from '../sentence-text.ts'

/** Most tokens between a document and its verb. */
const verbDistanceMax = 40
/** Most words before a document that is the subject of a later verb. */
const wordsBeforeSubjectMax = 6
/** Most words before the noun that belong to the name of the document. */
const attributesMax = 4

const nameBorders = /^(the|a|an|in|to|by|of|but|and|that|from|after|these|those)$/

/** What the sentence calls the document that speaks: `Canadian government documents` before `show`. */
export function findDocumentBefore(
  { body, tokens }: Pick<SentenceText, 'body' | 'tokens'>,
  verb: number,
  nouns: ReadonlySet<string>,
): string | null {
  for (let at = verb - 1; at >= Math.max(0, verb - verbDistanceMax); at -= 1) {
    const token = tokens[at]
    if (!token || /^[;:“”"]$/.test(token.text)) return null
    const isDocument = token.isWord && nouns.has(token.key) && !token.isPossessive
    if (!isDocument || !(at === verb - 1 || isInSubject(tokens, at))) continue
    const { start, end } = rangeOfTokens(tokens, { from: findNameStart(tokens, at), to: at + 1 })
    return body.slice(start, end)
  }
  return null
}

/** Whether a noun is near the beginning of the sentence, so that it may be the subject of a later verb. */
function isInSubject(tokens: readonly Token[], at: number): boolean {
  return tokens.slice(0, at).filter(({ isWord }) => isWord).length <= wordsBeforeSubjectMax
}

function findNameStart(tokens: readonly Token[], noun: number): number {
  let from = noun
  while (
    noun - from < attributesMax &&
    tokens[from - 1]?.isWord &&
    !nameBorders.test(tokens[from - 1]?.key ?? '')
  )
    from -= 1
  return from
}
