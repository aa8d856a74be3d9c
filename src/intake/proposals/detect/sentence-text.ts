import type { Sentence, TextRange, Token } from '../words/sentences.ts'

/** Numbers of tokens in a sentence. `to` is exclusive. */
export type TokenRange = { from: number; to: number }

/** A sentence with its number in the article and the body that its offsets count in. */
export type SentenceText = Sentence & { body: string; number: number }

export function numberSentences(body: string, sentences: readonly Sentence[]): SentenceText[] {
  return sentences.map((sentence, number) => ({ ...sentence, body, number }))
}

/** The offsets of some tokens, without the possessive ending of the last one. */
export function rangeOfTokens(tokens: readonly Token[], { from, to }: TokenRange): TextRange {
  const start = tokens[from]?.start ?? 0
  return { start, end: tokens[to - 1]?.baseEnd ?? start }
}

/** The text of some tokens on one line. */
export function readName({ body, tokens }: SentenceText, range: TokenRange): string {
  const { start, end } = rangeOfTokens(tokens, range)
  return body.slice(start, end).replaceAll(/\s+/g, ' ')
}

/** `maker` of `drone-maker`; the whole key of a word without a hyphen. */
export function lastCompoundPart(key: string): string {
  return key.slice(Math.max(key.lastIndexOf('-'), key.lastIndexOf('‑')) + 1)
}
