import anyAscii from 'any-ascii'
import { foldText } from '../../../evidence/fold.ts'

/** A word or a punctuation mark. Offsets are UTF-16 units of the body. */
export type Token = {
  text: string
  /** Comparison key of a word: folded, in Latin letters, without an ending after an apostrophe. The text of a mark. */
  key: string
  start: number
  /** The end without an ending after an apostrophe. */
  baseEnd: number
  end: number
  isWord: boolean
  isCapital: boolean
  /** It ends in `’s`. */
  isPossessive: boolean
}

export type Sentence = { start: number; end: number; tokens: Token[] }

/** Offsets in a body, in UTF-16 units. `end` is exclusive. */
export type TextRange = { start: number; end: number }

const wordKeyCache = new Map<string, string>()

/** The comparison key of a word: without case and accents, in Latin letters. */
export function toWordKey(word: string): string {
  let key = wordKeyCache.get(word)
  if (key === undefined) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern tests for ASCII
    const isAscii = /^[\x00-\x7f]*$/
    const folded = isAscii.test(word) ? word.toLowerCase() : foldText(word).text
    key = isAscii.test(folded) ? folded : anyAscii(folded).toLowerCase()
    if (wordKeyCache.size < 100_000) wordKeyCache.set(word, key)
  }
  return key
}

const tokenPattern =
  /[\p{L}\p{N}\p{M}]+(?:[-.&/’'ʼ‑][\p{L}\p{N}\p{M}]+)*|[“”"«»„()[\],;:!?]|\.{1,3}|…|[-–—]+/gu

/** A full stop after one of these does not end a sentence. */
const abbreviations = new Set(
  `mr mrs ms dr prof gen col lt maj capt sen rep gov st jr sr no vs etc inc ltd co corp ont que b.c al e.g i.e u.s u.k
  u.n e.u jan feb mar apr jun jul aug sep sept oct nov dec fig art para approx dept`.split(/\s+/),
)

/** The sentences of the ranges, in order. A line end ends a sentence. */
export function splitSentences(body: string, ranges: readonly TextRange[]): Sentence[] {
  return ranges.flatMap(({ start, end }) => {
    const sentences: Sentence[] = []
    let from = start
    for (const line of body.slice(start, end).split('\n')) {
      sentences.push(...splitLineSentences(tokenize(body, from, from + line.length)))
      from += line.length + 1
    }
    return sentences
  })
}

function tokenize(body: string, from: number, to: number): Token[] {
  return Array.from(body.slice(from, to).matchAll(tokenPattern), ({ 0: text, index }): Token => {
    const start = from + index
    const isWord = /^[\p{L}\p{N}]/u.test(text)
    const [, ending = ''] = isWord ? (/[’'ʼ]([\p{L}]{1,6})$/u.exec(text) ?? []) : []
    const elided = isWord
      ? (/^[ldnsjmLDNSJM][’'ʼ](?=\p{Lu})|^[qQ]u[’'ʼ](?=\p{Lu})/u.exec(text)?.[0].length ?? 0)
      : 0
    const bare =
      /^\p{Lu}/u.test(text.slice(elided)) && ending !== ''
        ? text.length - ending.length - 1
        : text.length
    const base = text.slice(elided, Math.max(elided, ending === 's' ? text.length - 2 : bare))
    return {
      text,
      isWord,
      key: isWord ? toWordKey(base) : text,
      start: start + elided,
      baseEnd: start + elided + base.length,
      end: start + text.length,
      isCapital: /^[\p{Lu}\p{Lt}]/u.test(base) || (/^\p{N}/u.test(base) && /\p{Lu}/u.test(base)),
      isPossessive: ending === 's',
    }
  })
}

function splitLineSentences(tokens: readonly Token[]): Sentence[] {
  const sentences: Sentence[] = []
  let current: Token[] = []
  const flush = () => {
    const [first] = current
    const last = current.at(-1)
    if (first && last) sentences.push({ start: first.start, end: last.end, tokens: current })
    current = []
  }
  for (const [index, token] of tokens.entries()) {
    current.push(token)
    if (!/^([.!?]|\.{3}|…)$/.test(token.text)) continue
    const previous = tokens[index - 1]
    const next = tokens[index + 1]
    if (next === undefined) continue
    if (/^[”"»’)]$/.test(next.text) && next.start === token.end) {
      // A closing mark belongs to the sentence, and ends it unless the sentence continues.
      const following = tokens[index + 2]
      if (following && !following.isCapital && !/^[“"«]$/.test(following.text)) continue
      current.push(next)
      flush()
      continue
    }
    if (next.start === token.end) continue
    if (token.text === '.' && previous && isAbbreviation(previous)) continue
    if (next.isWord && !next.isCapital && !/^\p{N}/u.test(next.text)) continue
    flush()
  }
  flush()
  // The closing mark is in the sentence before; drop it from the start of the next one.
  return sentences.map((sentence) => ({ ...sentence, tokens: dropLeadingMark(sentence.tokens) }))
}

const isAbbreviation = ({ text, key }: Token): boolean =>
  abbreviations.has(key) || /^\p{Lu}$/u.test(text)

const dropLeadingMark = (tokens: readonly Token[]): Token[] =>
  tokens.filter((token, index) => !(index === 0 && /^[”»)]$/.test(token.text)))
