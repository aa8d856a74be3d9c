import type { ReaderData } from '../data.ts'
import type { Sentence, Token } from '../tokens.ts'
import type { Good, GoodMention, KnownName } from '../types.ts'
import { indexGoodsNouns } from '../values/amounts.ts'
import type { ActorSpan } from './actors.ts'
import type { Lexicon } from './lexicon.ts'
import { isSentenceStart } from './runs.ts'

/** A mention with its tokens; `to` is exclusive. Offsets are UTF-16 units. */
export type GoodSpan = GoodMention & { from: number; to: number }

const designation =
  /^(?:[A-Z]{1,6}|[A-Z][a-z]{1,2})[-/]?\d{1,4}[A-Z]{0,3}(?:[-/][A-Z0-9]{1,4})*$|^[A-Z]{2,3}\/[A-Z]{2,4}-\d+[A-Z]?$/
const roman = /^[A-Z]{2,4}-[IVX]{1,4}$/
const breaks = new Set(
  `of to for in on at by from with and or but that which who was were is are been be had has have will would could after before
  since until while its his her their the a an this these those per`.split(/\s+/),
)

/** Finds goods: known ones, designations, and names that stand before a noun of goods ("Tarvos missiles"). */
export function findGoods(
  body: string,
  sentences: readonly Sentence[],
  actors: readonly ActorSpan[],
  data: ReaderData,
  lexicon: Lexicon,
  isDate: (start: number) => boolean,
): GoodSpan[] {
  const finder = new GoodsFinder(body, actors, data, lexicon, isDate)
  for (const [number, sentence] of sentences.entries()) finder.readSentence(number, sentence)
  for (const [number, sentence] of sentences.entries()) finder.addRepeated(number, sentence)
  const isOwn = createCompanyWordTest(actors)
  return finder.spans
    .filter(({ good }) => good.known !== null || !isOwn(good.designation))
    .sort((a, b) => a.start - b.start)
}

/** "the Wescam gear" is gear of L3Harris Wescam. */
function createCompanyWordTest(actors: readonly ActorSpan[]): (designation: string) => boolean {
  const names = new Set(
    actors.flatMap(({ actor }) => (actor.type === 'company' ? [actor.name] : [])),
  )
  const words = new Set(
    [...names].flatMap((name) => name.split(' ')).filter((one) => !/\d/.test(one)),
  )
  return (designation) => words.has(designation)
}

class GoodsFinder {
  readonly spans: GoodSpan[] = []
  readonly #body: string
  readonly #data: ReaderData
  readonly #lexicon: Lexicon
  readonly #isDate: (start: number) => boolean
  readonly #units: ReadonlyMap<string, string>
  readonly #goods = new Map<string, Good>()
  readonly #actorsBySentence: Map<number, ActorSpan[]>

  constructor(
    body: string,
    actors: readonly ActorSpan[],
    data: ReaderData,
    lexicon: Lexicon,
    isDate: (start: number) => boolean,
  ) {
    this.#body = body
    this.#data = data
    this.#lexicon = lexicon
    this.#isDate = isDate
    this.#units = indexGoodsNouns(data.goods)
    this.#actorsBySentence = Map.groupBy(actors, ({ sentence }) => sentence)
  }

  readSentence(number: number, { tokens, isTitleCase }: Sentence): void {
    for (let index = 0; index < tokens.length; index += 1) {
      const known = this.#lexicon.at(tokens, index)
      if (known?.good) {
        const good = this.#getOrCreateGood(known.good.name, known.good)
        this.#addSpan(
          good,
          number,
          tokens,
          index,
          index + known.length,
          1,
          'there is a record of this name',
        )
        index += known.length - 1
        continue
      }
      if (isTitleCase || this.#isTaken(number, index)) continue
      const to =
        this.#readTypeName(number, tokens, index) ??
        this.#readDesignation(number, tokens, index) ??
        this.#readNamedGood(number, tokens, index)
      if (to) index = to - 1
    }
  }

  /** A name found once is the same good wherever it stands. */
  addRepeated(number: number, { tokens }: Sentence): void {
    for (const [index, token] of tokens.entries()) {
      if (!token.isCapital || this.#isTaken(number, index)) continue
      const good = this.#goods.get(stripEnding(token).toLowerCase())
      const isFound = this.spans.some((one) => one.start <= token.start && token.start < one.end)
      if (good && !isFound && stripEnding(token).length >= 4)
        this.#addSpan(good, number, tokens, index, index + 1, 0.7, 'named before')
    }
  }

  #isTaken(number: number, index: number): boolean {
    return (this.#actorsBySentence.get(number) ?? []).some(
      (one) => one.from <= index && index < one.to,
    )
  }

  /** "of the type Skarv 3", "model GR-7", "class MEKO A-200". */
  #readTypeName(number: number, tokens: readonly Token[], index: number): number | null {
    const token = tokens[index]
    if (!token || !this.#data.goods.typeWords.has(token.key) || token.isCapital) return null
    const found: number[] = []
    for (let from = index + 1; from < tokens.length; ) {
      let to = from
      while (to < Math.min(tokens.length, from + 3)) {
        const next = tokens[to]
        const isName =
          next?.isCapital ||
          (to > from && next?.kind === 'number' && !/[.,]/.test(next.text)) ||
          (next !== undefined && designation.test(stripEnding(next)))
        if (!isName || this.#isTaken(number, to)) break
        to += 1
      }
      if (to === from) break
      this.#addSpan(
        this.#getOrCreateGood(this.#getText(tokens, from, to)),
        number,
        tokens,
        from,
        to,
        0.9,
        `"${token.text}" stands before it`,
      )
      found.push(to)
      if (!/^(and|or|,)$/.test(tokens[to]?.key ?? '')) break
      from = to + 1
    }
    return found.at(-1) ?? null
  }

  #readDesignation(number: number, tokens: readonly Token[], index: number): number | null {
    const token = tokens[index]
    if (token?.kind !== 'word' || this.#isDate(token.start)) return null
    const text = stripEnding(token)
    const isRoman = roman.test(text) && this.#findNoun(tokens, index + 1) !== null
    const isPair =
      /^\d+[A-Z]{1,2}$/.test(text) &&
      tokens[index - 1]?.isCapital === true &&
      !this.#isTaken(number, index - 1) &&
      !isSentenceStart(tokens, index - 1)
    if (!designation.test(text) && !isRoman && !isPair) return null
    if (this.#data.goods.notGoods.has(text) || /[-/](?:19|20)\d\d\b/.test(text)) return null
    const before = tokens[index - 1]
    const number_ = before?.text === '.' ? tokens[index - 2] : before
    if (number_ && this.#data.goods.wordsBeforeFileNumber.has(number_.key)) return null
    let from = index
    if (
      before?.isCapital &&
      !isSentenceStart(tokens, index - 1) &&
      !this.#isTaken(number, index - 1) &&
      this.#isBrand(before)
    )
      from -= 1
    let to = index + 1
    const next = tokens[to]
    if (
      next?.isCapital &&
      /^\p{Lu}\p{Ll}+$/u.test(next.text) &&
      !this.#isTaken(number, to) &&
      this.#findNoun(tokens, to + 1) !== null
    )
      to += 1
    this.#addSpan(
      this.#getOrCreateGood(this.#getText(tokens, from, to)),
      number,
      tokens,
      from,
      to,
      0.8,
      'letters and digits together are a designation',
    )
    return to
  }

  /** "Tarvos anti-tank missiles", "CAESAR howitzers", "Leopard 2 tanks", "Tornado and Typhoon aircraft". */
  #readNamedGood(number: number, tokens: readonly Token[], index: number): number | null {
    const first = tokens[index]
    if (
      !first?.isCapital ||
      !this.#isBrand(first) ||
      first.isPossessive ||
      this.#isDate(first.start)
    )
      return null
    if (isSentenceStart(tokens, index) && !this.#isAgainInner(tokens, index)) return null
    let to = index + 1
    while (to < Math.min(tokens.length, index + 4)) {
      const next = tokens[to]
      const isPart =
        (next?.isCapital && !this.#isTaken(number, to) && this.#isBrand(next)) ||
        (next?.kind === 'number' && /^\d{1,3}$/.test(next.text)) ||
        /^\d+[A-Zx]\d*$/.test(next?.text ?? '')
      if (!isPart) break
      to += 1
    }
    const noun = this.#findNoun(tokens, to, 3)
    if (noun === null) {
      // "Tornado and Typhoon aircraft", "a Tarvos and two Skarv missiles"
      const isPair =
        tokens[to]?.key === 'and' &&
        tokens[to + 1]?.isCapital &&
        !this.#isTaken(number, to + 1) &&
        this.#findNoun(tokens, to + 2, 3) !== null
      if (!isPair) return null
    } else if (this.#data.goods.notAfterName.has(tokens[noun]?.key ?? '')) return null
    this.#addSpan(
      this.#getOrCreateGood(this.#getText(tokens, index, to)),
      number,
      tokens,
      index,
      to,
      0.75,
      'a name before a noun of goods',
    )
    return to
  }

  #isAgainInner(tokens: readonly Token[], index: number): boolean {
    const token = tokens[index]
    return (
      token !== undefined &&
      !this.#data.names.notNames.has(token.key) &&
      (token.isAllCaps || this.#findNoun(tokens, index + 1, 2) !== null) &&
      /^\p{Lu}/u.test(token.text) &&
      !this.#units.has(token.key)
    )
  }

  #isBrand(token: Token): boolean {
    const { names } = this.#data
    return (
      !names.notNames.has(token.key) &&
      !names.posts.has(token.key) &&
      !names.titles.has(token.key) &&
      !names.companySuffixes.has(token.key) &&
      !names.bodyWords.has(token.key) &&
      !this.#units.has(token.key) &&
      !this.#lexicon.ofKey(token.key)?.actor &&
      !/[-–](made|built|supplied|led|based|backed|owned|style)$/i.test(token.text) &&
      (token.text.length >= 3 || /^[IVX]{1,4}$/.test(token.text))
    )
  }

  /** The number of the noun of goods behind at most `wordsMax` other words; null where there is none. */
  #findNoun(tokens: readonly Token[], from: number, wordsMax = 4): number | null {
    for (let at = from; at < Math.min(tokens.length, from + wordsMax + 1); at += 1) {
      const token = tokens[at]
      if (token?.kind !== 'word' || breaks.has(token.key) || token.isCapital) return null
      if (this.#units.has(token.key)) {
        const next = tokens[at + 1]
        return next?.kind === 'word' && this.#units.has(next.key) ? at + 1 : at
      }
      if (token.isPossessive) return null
    }
    return null
  }

  #getText(tokens: readonly Token[], from: number, to: number): string {
    const start = tokens[from]?.start ?? 0
    const last = tokens[to - 1]
    const text = this.#body.slice(start, last?.baseEnd ?? start).replaceAll(/\s+/g, ' ')
    return last && text.endsWith(`${stripEnding(last)}s`)
      ? text.slice(0, -1)
      : text.replace(/-(type|class|series)$/i, '')
  }

  #getOrCreateGood(name: string, record: KnownName | null = null): Good {
    const key = name.toLowerCase()
    const good = this.#goods.get(key) ?? {
      id: `good:${key}`,
      designation: name,
      description: null,
      maker: null,
      known: record ? { slug: record.slug, name: record.name } : null,
    }
    this.#goods.set(key, good)
    return good
  }

  #addSpan(
    good: Good,
    sentence: number,
    tokens: readonly Token[],
    from: number,
    to: number,
    score: number,
    reason: string,
  ): void {
    const noun = this.#findNoun(tokens, to)
    const start = tokens[from]?.start ?? 0
    const end = tokens[to - 1]?.baseEnd ?? start
    const cueEnd = noun === null ? end : (tokens[noun]?.baseEnd ?? end)
    const words = noun === null ? null : this.#body.slice(tokens[to]?.start ?? end, cueEnd)
    if (words) good.description ??= this.#makeSingular(words)
    good.maker ??= this.#findMaker(sentence, cueEnd)
    this.spans.push({
      good,
      sentence,
      from,
      to,
      start,
      end,
      score: words ? Math.min(1, score + 0.1) : score,
      reasons: words ? [reason, `"${words}" stands after it`] : [reason],
      cue: { start, end: cueEnd },
    })
  }

  #makeSingular(words: string): string {
    const parts = words.split(' ')
    const last = parts.pop() ?? ''
    return [...parts, this.#units.get(last.toLowerCase()) ?? last].join(' ')
  }

  /** "made by X", directly behind the good. */
  #findMaker(sentence: number, end: number) {
    const next = (this.#actorsBySentence.get(sentence) ?? []).find(
      (one) => one.start >= end && one.actor.type === 'company',
    )
    if (!next) return null
    const between = this.#body.slice(end, next.start).toLowerCase().trim()
    return this.#data.names.makers.some((words) => between === words || between === `${words} the`)
      ? next.actor
      : null
  }
}

/** Without "-type" and a plural s behind digits. */
function stripEnding({ text, start, baseEnd }: Token): string {
  const base = text.slice(0, baseEnd - start).replace(/-(type|class|series)$/i, '')
  return base.replace(/(?<=[A-Z0-9])s$/, '')
}
