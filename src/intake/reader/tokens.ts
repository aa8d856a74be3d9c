import anyAscii from 'any-ascii'
import { foldText } from '../../evidence/fold.ts'

/** A word, a number or a mark. Offsets are UTF-16 units of the body. */
export type Token = {
  text: string
  /** As it is compared: folded, in Latin letters, without an ending behind an apostrophe. Of a mark, itself. */
  key: string
  start: number
  /** Without an ending behind an apostrophe. */
  baseEnd: number
  end: number
  kind: 'word' | 'number' | 'mark'
  isCapital: boolean
  isAllCaps: boolean
  isPossessive: boolean
}

export type Sentence = {
  start: number
  end: number
  tokens: Token[]
  /** A headline with its words in capitals: they say little about names. */
  isTitleCase: boolean
  isQuestion: boolean
}

const keys = new Map<string, string>()

/** A word as words are compared: without case and accents, in Latin letters. */
export function normalizeWord(word: string): string {
  let key = keys.get(word)
  if (key === undefined) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what it is about
    const isAscii = /^[\x00-\x7f]*$/
    const folded = isAscii.test(word) ? word.toLowerCase() : foldText(word).text
    key = isAscii.test(folded) ? folded : anyAscii(folded).toLowerCase()
    key = key.replaceAll('’', "'")
    if (keys.size < 100_000) keys.set(word, key)
  }
  return key
}

const tokenPattern =
  /(?:\p{Lu}|\p{Ll}(?=\.\p{Lu}\b))\.(?:\p{L}\.)+|\d{1,3}(?:[,. \u202f\u00a0]\d{3})+(?:[.,]\d+)?(?![\d\p{L}])|\d+[.,]\d+(?![.\d\p{L}])|[€£¥]|[A-Z]{0,3}\$|[\p{L}\p{N}\p{M}]+(?:(?:[-./&‑]|['’ʼ])[\p{L}\p{N}\p{M}]+)*|[“”"«»„()[\],;:!?]|\.{1,3}|…|[-–—]+|[^\s]/gu

const clitics = /^(.+?)(n['’]t|['’](?:ll|d|ve|re|m))$/iu
const elision = /^(?:[ldnsjmtc]|qu|dell|all|nell|dall|sull)['’](?=\p{L})/u
const elisionCapital = /^(?:L|D|Qu|Dell|All|Nell|Dall)['’](?=\p{Lu})/u

/** Before a full stop, they do not end a sentence. */
const abbreviations = new Set(
  `mr mrs ms dr prof gen col lt maj capt sen rep gov st jr sr no nr vs etc inc ltd co corp ont que al jan feb mar apr jun jul
  aug sep sept oct nov dec fig art para paras approx dept hon rev sgt brig adm est ca cf ed eds vol pp p.m a.m str bzw z.b u.a d.h
  abs mio mrd dhr mevr sig avv ing on sra srta ste mme mlle av cad`.split(/\s+/),
)

/** The sentences of some stretches of a body. A line end ends a sentence. */
export function splitSentences(
  body: string,
  stretches: readonly { start: number; end: number }[],
): Sentence[] {
  return stretches.flatMap(({ start, end }) => {
    const sentences: Sentence[] = []
    let from = start
    for (const line of body.slice(start, end).split('\n')) {
      sentences.push(...splitLine(tokenize(body, from, from + line.length)))
      from += line.length + 1
    }
    return sentences
  })
}

function tokenize(body: string, from: number, to: number): Token[] {
  const tokens: Token[] = []
  for (const { 0: text, index } of body.slice(from, to).matchAll(tokenPattern))
    addToken(tokens, text, from + index)
  return tokens
}

function addToken(tokens: Token[], text: string, start: number): void {
  const clitic = clitics.exec(text)
  if (clitic?.[1] && clitic[2]) {
    tokens.push(createToken(clitic[1], start))
    tokens.push(createToken(clitic[2], start + clitic[1].length))
    return
  }
  const elided = elision.exec(text)?.[0] ?? elisionCapital.exec(text)?.[0]
  if (elided) {
    tokens.push(createToken(elided.slice(0, -1), start))
    tokens.push(createToken(text.slice(elided.length), start + elided.length))
    return
  }
  tokens.push(createToken(text, start))
}

function createToken(text: string, start: number): Token {
  const isNumber = /^\d+(?:[.,\s]\d+)*$/u.test(text)
  const isWord = !isNumber && (/^[\p{L}\p{N}]/u.test(text) || /^['’]\p{L}/u.test(text))
  const [, ending = ''] = isWord ? (/(?<=.)['’ʼ](\p{L}{0,6})$/u.exec(text) ?? []) : []
  const isName = /^\p{Lu}/u.test(text) || /^\d/.test(text)
  const cut = ending === 's' || (ending !== '' && isName && !/^\p{Lu}/u.test(ending))
  const base = cut ? text.slice(0, text.length - ending.length - 1) : text
  return {
    text,
    key: isWord ? normalizeWord(base) : text,
    start,
    baseEnd: start + base.length,
    end: start + text.length,
    kind: isNumber ? 'number' : isWord ? 'word' : 'mark',
    isCapital:
      isWord && (/^[\p{Lu}\p{Lt}]/u.test(base) || (/^\p{N}/u.test(base) && /\p{Lu}/u.test(base))),
    isAllCaps: isWord && /\p{Lu}.*\p{Lu}/u.test(base) && !/\p{Ll}/u.test(base),
    isPossessive: ending === 's',
  }
}

const closing = /^[”"»’)]$/

function splitLine(tokens: readonly Token[]): Sentence[] {
  const sentences: Sentence[] = []
  let current: Token[] = []
  const flush = () => {
    if (current.length > 0) sentences.push(createSentence(current))
    current = []
  }
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index]
    if (!token) continue
    current.push(token)
    const next = tokens[index + 1]
    if (!next || !endsSentence(tokens, index, current.length)) continue
    // The quotation mark still belongs to the sentence.
    if (closing.test(next.text) && next.start === token.end) {
      const after = tokens[index + 2]
      current.push(next)
      index += 1
      if (after && !after.isCapital && after.kind === 'word') continue
    }
    flush()
  }
  flush()
  return sentences
}

function endsSentence(tokens: readonly Token[], index: number, length: number): boolean {
  const [before, token, next] = [tokens[index - 1], tokens[index], tokens[index + 1]]
  if (!token || !next) return false
  if (/^\p{L}\.(\p{L}\.)+$/u.test(token.text))
    return next.isCapital && /^(the|it|he|she|they|in|on|a|an|but|and|its|this)$/.test(next.key)
  if (!/^([.!?]|\.{3}|…)$/.test(token.text)) return false
  if (closing.test(next.text) && next.start === token.end) return true
  if (next.start === token.end) return false
  // A number or letter that counts: "1. By its decision".
  if (token.text === '.' && before && length <= 2 && /^(\d{1,3}|\p{L})$/u.test(before.text))
    return false
  if (token.text === '.' && before && isAbbreviation(before, next)) return false
  // "28. März", "3. Oktober"
  if (token.text === '.' && before && /^\d{1,2}$/.test(before.text) && monthWord.test(next.key))
    return false
  return !(next.kind === 'word' && !next.isCapital && !/^\p{N}/u.test(next.text))
}

const monthWord =
  /^(januar|februar|marz|april|mai|juni|juli|august|september|oktober|november|dezember|december|jan|feb|okt|dez)$/

function isAbbreviation({ text, key }: Token, next: Token): boolean {
  if (/^\p{Lu}$/u.test(text)) return true
  if (!abbreviations.has(key)) return false
  // "Kestrun Ltd. The firm": a company's suffix may end a sentence.
  return !(
    /^(inc|ltd|co|corp)$/.test(key) &&
    /^(the|it|he|she|they|in|a|its)$/.test(next.key) &&
    next.isCapital
  )
}

function createSentence(tokens: Token[]): Sentence {
  const words = tokens.filter(({ kind, text }) => kind === 'word' && text.length > 3)
  const capitals = words.filter(({ isCapital }) => isCapital).length
  const last = tokens.findLast(({ text }) => !closing.test(text))
  const isClosed = /^[.!?;,]$/.test(last?.text ?? '')
  return {
    start: tokens[0]?.start ?? 0,
    end: tokens.at(-1)?.end ?? 0,
    tokens,
    isTitleCase: words.length >= 4 && capitals / words.length >= 0.75 && !isClosed,
    isQuestion: last?.text === '?',
  }
}

/** The words of a name, as they are compared. */
export function wordKeys(name: string): readonly string[] {
  let words = wordsOfNames.get(name)
  if (words === undefined) {
    words = tokenize(name, 0, name.length)
      .filter(({ kind }) => kind !== 'mark')
      .map(({ key }) => key)
    if (wordsOfNames.size < 200_000) wordsOfNames.set(name, words)
  }
  return words
}

const wordsOfNames = new Map<string, readonly string[]>()
