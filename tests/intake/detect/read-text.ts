import { type Detection, detect } from '../../../src/intake/proposals/detect/detect.ts'
import {
  numberSentences,
  type SentenceText,
  type TokenRange,
} from '../../../src/intake/proposals/detect/sentence-text.ts'
import { loadDictionaries } from '../../../src/intake/proposals/words/dictionaries.ts'
import { buildLexicon, type LexiconRecord } from '../../../src/intake/proposals/words/lexicon.ts'
import { splitSentences, type Token } from '../../../src/intake/proposals/words/sentences.ts'

export const words = loadDictionaries()

export function readSentences(body: string): SentenceText[] {
  return numberSentences(body, splitSentences(body, [{ start: 0, end: body.length }]))
}

export function readSentence(body: string): SentenceText {
  const [sentence, ...others] = readSentences(body)
  if (!sentence || others.length > 0) throw new Error(`This is not one sentence: ${body}`)
  return sentence
}

export function readTokens(body: string): readonly Token[] {
  return readSentence(body).tokens
}

/** The tokens of a phrase that the sentence has. */
export function findPhrase({ body, tokens }: SentenceText, phrase: string): TokenRange {
  const start = body.indexOf(phrase)
  const from = tokens.findIndex((token) => token.start === start)
  const to = tokens.findIndex((token) => token.start >= start + phrase.length)
  if (start === -1 || from === -1) throw new Error(`No token begins with: ${phrase}`)
  return { from, to: to === -1 ? tokens.length : to }
}

export const createKnown = (
  known: Partial<LexiconRecord> & Pick<LexiconRecord, 'name'>,
): LexiconRecord => ({
  id: known.name,
  kind: 'actor',
  slug: known.name.toLowerCase(),
  aliases: [],
  type: 'company',
  country: null,
  ...known,
})

/** Reads an article of a given ISO day. */
export function readArticle(
  body: string,
  { known = [], day = null }: { known?: readonly LexiconRecord[]; day?: string | null } = {},
): Detection {
  const published = day === null ? null : { earliest: day, latest: day }
  const citable = [{ start: 0, end: body.length }]
  return detect(body, citable, published, buildLexicon(words, known), words)
}
