import type { ReaderData } from '../data.ts'
import type { Sentence, Token } from '../tokens.ts'
import type { Lexicon } from './lexicon.ts'

type Names = ReaderData['names']

const dayOrMonth =
  /^(monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may|june|july|august|september|october|november|december)$/

const opening = /^[“"«„‘(:]$/

/** Words that a text writes small somewhere: at the head of a sentence they are no names. */
export function collectSmallWords(sentences: readonly Sentence[]): ReadonlySet<string> {
  const small = new Set<string>()
  for (const { tokens } of sentences)
    for (const { kind, isCapital, key } of tokens) if (kind === 'word' && !isCapital) small.add(key)
  return small
}

/** Words that a text writes with a capital within its sentences. */
export function collectInnerCapitals(sentences: readonly Sentence[]): ReadonlySet<string> {
  const inner = new Set<string>()
  for (const { tokens, isTitleCase } of sentences)
    for (const [index, { isCapital, key, isAllCaps }] of tokens.entries())
      if (isCapital && !isTitleCase && (!isSentenceStart(tokens, index) || isAllCaps))
        inner.add(key)
  return inner
}

export function isSentenceStart(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1]
  if (before === undefined || opening.test(before.text)) return true
  // "1. The Panel", "- Berlin"
  return index <= 2 && (before.text === '.' || /^[-–—]+$/.test(before.text) || before.text === ')')
}

/** Finds the runs of capitals that may be one name each. */
export class RunFinder {
  readonly #names: Names
  readonly #lexicon: Lexicon
  /** Words that the text also writes without a capital. */
  readonly #smallWords: ReadonlySet<string>

  constructor(names: Names, lexicon: Lexicon, smallWords: ReadonlySet<string>) {
    this.#names = names
    this.#lexicon = lexicon
    this.#smallWords = smallWords
  }

  /** The run of capitals that begins at a token; null if none begins there. */
  findRun(tokens: readonly Token[], index: number): { from: number; to: number } | null {
    const first = tokens[index]
    if (first?.kind !== 'word' || !first.isCapital) return null
    if (isSentenceStart(tokens, index) && !this.#isNameAtStart(tokens, index)) return null
    if (first.key === 'the' && !tokens[index + 1]?.isCapital) return null
    if (
      !isSentenceStart(tokens, index) &&
      this.#names.notNames.has(first.key) &&
      first.key !== 'the' &&
      !tokens[index + 1]?.isCapital
    )
      return null
    let to = index + 1
    while (
      !tokens[to - 1]?.isPossessive ||
      (this.#isPluralOwner(tokens[to - 1]) && tokens[to]?.isCapital)
    ) {
      const next = this.#findNextEnd(tokens, index, to)
      if (next === null) break
      to = next
    }
    const tail = tokens[to]
    if (tail && to - index >= 3 && this.#names.adjectivesAtEnd.has(tail.key)) to += 1
    return { from: index, to: this.#dropPostAtEnd(tokens, index, to) }
  }

  #isHead(key: string): boolean {
    return (
      this.#names.bodyWords.has(key) ||
      this.#names.organisationWords.has(key) ||
      this.#names.posts.has(key) ||
      key === 'bank' ||
      key === 'coalition'
    )
  }

  /** A word at the head of a sentence is part of a name if it is written small nowhere, or stands in a known name. */
  #isNameAtStart(tokens: readonly Token[], index: number): boolean {
    const first = tokens[index]
    if (!first) return false
    if (first.key === 'the')
      return this.#names.publisherWords.has(this.#getLastCapital(tokens, index))
    const next = tokens[index + 1]
    if (this.#names.notNames.has(first.key)) return false
    if (
      this.#names.posts.has(first.key) ||
      this.#names.titles.has(first.key) ||
      this.#names.postWords.has(first.key)
    )
      return (
        next?.isCapital === true ||
        next?.text === '.' ||
        (/^(for|of)$/.test(next?.key ?? '') && tokens[index + 2]?.isCapital === true)
      )
    if (
      this.#smallWords.has(first.key) &&
      !(next?.isCapital && this.#isHead(next.key)) &&
      !this.#names.givenNames.has(first.key)
    )
      return first.isAllCaps
    return true
  }

  #getLastCapital(tokens: readonly Token[], index: number): string {
    let at = index
    while (tokens[at + 1]?.isCapital && !tokens[at]?.isPossessive) at += 1
    return tokens[at]?.key ?? ''
  }

  #findNextEnd(tokens: readonly Token[], from: number, to: number): number | null {
    const token = tokens[to]
    const after = tokens[to + 1]
    if (!token) return null
    if (token.kind === 'word' && token.isCapital)
      return this.#names.notNames.has(token.key) &&
        /^(he|she|it|they|we|i|if|when)$/.test(token.key)
        ? null
        : to + 1
    if (token.kind === 'word' && /^(al|el|an|ar|as|ash|at|az)-\p{Lu}/u.test(token.text))
      return to + 1
    if (/^(plc|gmbh)$/.test(token.text)) return to + 1
    if (
      this.#isSuffix(tokens[to - 1]) &&
      to - from >= 2 &&
      token.text !== '.' &&
      token.text !== '&'
    )
      return null
    // "Co. Ltd", "Mr. Spratt", "S. Gozi"
    if (
      token.text === '.' &&
      token.start === tokens[to - 1]?.end &&
      this.#isShort(tokens[to - 1]) &&
      after?.isCapital
    )
      return to + 2
    if (!after) return null
    if (token.text === '&' && after.isCapital) return to + 2
    // "The Times of Malta"
    if (
      token.key === 'of' &&
      after.isCapital &&
      this.#names.publisherWords.has(tokens[to - 1]?.key ?? '') &&
      tokens[to - 1]?.isCapital &&
      to - from >= 1 &&
      tokens[from]?.key === 'the'
    )
      return to + 2
    const has = tokens.slice(from, to).some(({ key }) => this.#isHead(key))
    if (token.kind === 'word' && this.#names.connectors.has(token.key)) {
      if (after.isCapital && !this.#isSeparateName(tokens, to + 1, token.key)) return to + 2
      if (has && this.#names.connectors.has(after.key) && tokens[to + 2]?.isCapital) return to + 3
    }
    if (has && token.kind === 'word') return this.#joinOverWeakConnector(tokens, from, to)
    if (token.key === 'and' && after.isCapital && this.#joinsOverAnd(tokens, from, to))
      return to + 2
    if (
      has &&
      token.text === ',' &&
      this.#hasWeakConnector(tokens, from, to) &&
      after.isCapital &&
      tokens[to + 2]?.key === 'and' &&
      tokens[to + 3]?.isCapital
    )
      return to + 4
    // "Orbit 2" is no actor; "Order 12" neither.
    return null
  }

  /** "People's League", "Attorney's Office": the name goes on. */
  #isPluralOwner(token: Token | undefined): boolean {
    return this.#names.possessiveWords.has(token?.key ?? '')
  }

  #hasWeakConnector(tokens: readonly Token[], from: number, to: number): boolean {
    return tokens.slice(from, to).some(({ key }) => this.#names.weakConnectors.has(key))
  }

  #joinOverWeakConnector(tokens: readonly Token[], from: number, to: number): number | null {
    const [token, after] = [tokens[to], tokens[to + 1]]
    if (!token || !this.#names.weakConnectors.has(token.key)) return null
    if (/^(in|to|at)$/.test(token.key)) return null
    const start = after?.key === 'the' && token.key !== 'and' ? to + 2 : to + 1
    const next = tokens[start]
    if (!next?.isCapital || dayOrMonth.test(next.key)) return null
    if (token.key === 'and') {
      const isOpen = this.#hasWeakConnector(tokens, from, to)
      return isOpen && !this.#isSeparateName(tokens, start, 'and') ? start + 1 : null
    }
    // "the Ministry of Industry of Cyprus": the state is not of the name.
    if (
      this.#hasWeakConnector(tokens, from, to) &&
      this.#lexicon.at(tokens, start)?.actor?.type === 'state'
    )
      return null
    // "Minister Vos of the Green Party" is two names.
    const isPostOnly = tokens
      .slice(from, to)
      .every(
        ({ key }) =>
          this.#names.posts.has(key) || this.#names.postWords.has(key) || this.#isHead(key),
      )
    const isTitled =
      tokens.slice(from, to - 1).some(({ key }) => this.#names.posts.has(key)) &&
      !this.#names.posts.has(tokens[to - 1]?.key ?? '')
    if (isTitled && !isPostOnly) return null
    return start + 1
  }

  /** Whether what follows "and" is a name by itself. */
  #isSeparateName(tokens: readonly Token[], start: number, link: string): boolean {
    if (!/^(and|et|und|y|e|och|en|ve)$/.test(link)) return false
    if (this.#lexicon.at(tokens, start)?.actor) return true
    let to = start
    while (tokens[to]?.isCapital) to += 1
    const keys = tokens.slice(start, to).map(({ key }) => key)
    return (
      keys.some(
        (key) =>
          this.#isHead(key) ||
          this.#names.companySuffixes.has(key) ||
          this.#names.posts.has(key) ||
          this.#names.titles.has(key),
      ) || this.#names.givenNames.has(keys[0] ?? '')
    )
  }

  /** "NATO Support and Procurement Agency", "Airbus Defence and Space": what follows "and" ends one name. */
  #joinsOverAnd(tokens: readonly Token[], from: number, to: number): boolean {
    if (to - from < 2 || this.#isSeparateName(tokens, to + 1, 'none')) return false
    const known = this.#lexicon.at(tokens, from)
    if (known && from + known.length === to) return false
    let end = to + 1
    while (tokens[end]?.isCapital && !tokens[end - 1]?.isPossessive) end += 1
    const last = tokens[end - 1]?.key ?? ''
    const before = tokens[to - 1]?.key ?? ''
    if (
      end - to - 1 <= 2 &&
      this.#names.companyWords.has(last) &&
      this.#names.companyWords.has(before)
    )
      return true
    if (
      end - to - 1 === 1 &&
      this.#names.publisherWords.has(last) &&
      this.#names.publisherWords.has(before)
    )
      return true
    return (
      end - to - 1 >= 2 &&
      end - to - 1 <= 3 &&
      (this.#names.bodyWords.has(last) || this.#names.organisationWords.has(last)) &&
      !this.#names.companyWords.has(before) &&
      !this.#isSuffix(tokens[to - 1]) &&
      !this.#names.givenNames.has(tokens[from]?.key ?? '') &&
      !this.#lexicon.at(tokens, to + 1)
    )
  }

  #isSuffix(token: Token | undefined): boolean {
    return (
      token !== undefined &&
      this.#names.companySuffixes.has(token.key) &&
      (token.isAllCaps || /[./]/.test(token.text) || this.#names.sureCompanySuffixes.has(token.key))
    )
  }

  #isShort(token: Token | undefined): boolean {
    return (
      token !== undefined &&
      (/^\p{Lu}$/u.test(token.text) || this.#names.abbreviations.has(token.key))
    )
  }

  /** "Amina Rashid MP": the post behind the name is not of it. */
  #dropPostAtEnd(tokens: readonly Token[], from: number, to: number): number {
    const last = tokens[to - 1]
    return to - from >= 3 && last && this.#names.postsAfterName.has(last.key) ? to - 1 : to
  }
}
