import type { Dictionaries } from '../../../words/dictionaries.ts'
import type { Sentence, Token } from '../../../words/sentences.ts'
import { hasInstitutionWord, isPost } from './word-classes.ts'

type ActorWords = Dictionaries['actors']

const openingMarks = /^[“"«‘(]$/
/** They join words of an institution's name only: `Institute for Trade and Peace`. */
const institutionConnectors = new Set(['and', 'for', 'the', 'on', 'against'])

/**
 * The end (exclusive) of the capitalised words that begin at a token and may be one name. Connectors may stand between
 * them: `Ministry of Trade`. Null where no name begins.
 */
export function findRunEnd(
  tokens: readonly Token[],
  from: number,
  words: ActorWords,
): number | null {
  if (!canBeginName(tokens, from, words)) return null
  let to = from + 1
  while (to < tokens.length && !tokens[to - 1]?.isPossessive) {
    if (isCapitalisedWord(tokens[to])) to += 1
    else if (isConnector(tokens, from, to, words)) to += 2
    else break
  }
  return to
}

/** Words that have a capital inside a sentence, where the capital is not due to the position. */
export function collectInnerCapitals(sentences: readonly Sentence[]): ReadonlySet<string> {
  return new Set(
    sentences.flatMap(({ tokens }) =>
      tokens
        .filter(({ isCapital }, index) => isCapital && tokens[index - 1]?.isWord)
        .map(({ key }) => key),
    ),
  )
}

function canBeginName(tokens: readonly Token[], index: number, words: ActorWords): boolean {
  const first = tokens[index]
  if (!first || !isCapitalisedWord(first)) return false
  const isOpening = index === 0 || openingMarks.test(tokens[index - 1]?.text ?? '')
  // Inside a sentence, "The" with a capital belongs to a name: The Globe and Mail.
  if (first.key === 'the') return !isOpening
  return !words.notNames.has(first.key) || (!isOpening && tokens[index + 1]?.isCapital === true)
}

/** Whether the token at `at` connects the run before it with a capitalised token after it. */
function isConnector(
  tokens: readonly Token[],
  from: number,
  at: number,
  words: ActorWords,
): boolean {
  const token = tokens[at]
  if (!token?.isWord || !tokens[at + 1]?.isCapital) return false
  // "minister of Turkey" is a post and a state.
  if (token.key === 'of' && isPost(tokens[at - 1], words)) return false
  return (
    words.connectors.has(token.key) ||
    (institutionConnectors.has(token.key) &&
      (tokens[from]?.key === 'the' || hasInstitutionWord(tokens.slice(from, at), words)))
  )
}

const isCapitalisedWord = (token: Token | undefined): boolean =>
  token?.isWord === true && token.isCapital
