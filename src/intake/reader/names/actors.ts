import type { ReaderData } from '../data.ts'
import { normalizeWord, type Sentence, type Token, wordKeys } from '../tokens.ts'
import type { Actor, ActorType, Mention, Post } from '../types.ts'
import { classifyRun, type RunClass } from './classify.ts'
import { classifyByContext } from './context.ts'
import type { Lexicon } from './lexicon.ts'
import { collectInnerCapitals, collectSmallWords, isSentenceStart, RunFinder } from './runs.ts'

/** A mention with the tokens that it has in its sentence; `to` is exclusive. Offsets are UTF-16 units. */
export type ActorSpan = Mention & { from: number; to: number }

type OpenRun = { sentence: number; from: number; to: number }
type NewPost = {
  person: Actor
  sentence: number
  from: number
  to: number
  nameFrom: number
  nameTo: number
}

export type FoundActors = { spans: ActorSpan[]; posts: Post[]; actors: Actor[] }

/** Finds actors by names that there are, by the words of a name, and by what stands beside it. */
export function findActors(
  body: string,
  sentences: readonly Sentence[],
  data: ReaderData,
  lexicon: Lexicon,
  isDate: (start: number) => boolean,
): FoundActors {
  return new ActorFinder(body, sentences, data, lexicon, isDate).find()
}

class ActorFinder {
  readonly #body: string
  readonly #sentences: readonly Sentence[]
  readonly #names: ReaderData['names']
  readonly #lexicon: Lexicon
  readonly #isDate: (start: number) => boolean
  readonly #runFinder: RunFinder
  readonly #innerCapitals: ReadonlySet<string>
  readonly #spans: ActorSpan[] = []
  readonly #openRuns: OpenRun[] = []
  readonly #posts: NewPost[] = []
  readonly #apposedPosts: Post[] = []
  readonly #actorsByKey = new Map<string, Actor>()
  /** In the order in which they were named first. */
  readonly #actors: Actor[] = []
  /** Acronyms and short names that this text ties to a name. */
  readonly #aliases = new Map<string, Actor>()
  /** Names of the lexicon as this text has them: the lexicon itself stays as it is. */
  readonly #copies = new Map<Actor, Actor>()

  constructor(
    body: string,
    sentences: readonly Sentence[],
    data: ReaderData,
    lexicon: Lexicon,
    isDate: (start: number) => boolean,
  ) {
    this.#body = body
    this.#sentences = sentences
    this.#names = data.names
    this.#lexicon = {
      at: (tokens, index) => this.#copyForText(lexicon.at(tokens, index)),
      ofKey: (key) => this.#copyForText(lexicon.ofKey(key)),
      nearly: (token) => this.#copyForText(lexicon.nearly(token)),
    }
    this.#isDate = isDate
    const small = collectSmallWords(sentences)
    this.#innerCapitals = collectInnerCapitals(sentences)
    this.#runFinder = new RunFinder(data.names, lexicon, small)
  }

  #copyForText(found: ReturnType<Lexicon['at']>): ReturnType<Lexicon['at']> {
    if (!found?.actor) return found
    const own = this.#copies.get(found.actor) ?? {
      ...found.actor,
      aliases: [],
      reasons: [...found.actor.reasons],
    }
    this.#copies.set(found.actor, own)
    return { ...found, actor: own }
  }

  find(): FoundActors {
    for (const [number, sentence] of this.#sentences.entries())
      if (isHeadline(sentence, this.#names)) this.#readHeadline(number, sentence)
      else this.#readSentence(number, sentence)
    this.#resolveOpen()
    this.#spans.sort((a, b) => a.start - b.start)
    for (const span of this.#spans) if (span.actor.type === 'person') this.#addApposedPost(span)
    return {
      spans: this.#spans,
      posts: [...this.#posts.map((one) => this.#buildPost(one)), ...this.#apposedPosts],
      actors: this.#actors,
    }
  }

  /** Of a headline in title case, only names that there are. */
  #readHeadline(number: number, { tokens }: Sentence): void {
    for (let index = 0; index < tokens.length; index += 1) {
      const known = this.#lexicon.at(tokens, index)
      if (known?.actor) {
        this.#addSpan(known.actor, known.form, number, index, index + known.length, 1, [])
        index += known.length - 1
      } else if (tokens[index]?.isCapital) {
        let to = index + 1
        while (
          to < tokens.length &&
          to < index + 5 &&
          tokens[to]?.isCapital &&
          !this.#lexicon.at(tokens, to)?.actor
        )
          to += 1
        this.#openRuns.push({ sentence: number, from: index, to })
        index = to - 1
      }
    }
  }

  #readSentence(number: number, sentence: Sentence): void {
    const { tokens } = sentence
    for (let index = 0; index < tokens.length; ) {
      const run = this.#runFinder.findRun(tokens, index)
      const known = this.#findKnown(tokens, index)
      if (run) index = this.#readRun(number, tokens, run, known)
      else if (known?.actor) {
        this.#addKnown(number, tokens, index, index + known.length, known)
        index += known.length
      } else {
        this.#readCompound(number, tokens, index)
        index += this.#readSmallBody(number, tokens, index)
      }
    }
  }

  #findKnown(tokens: readonly Token[], index: number) {
    const known = this.#lexicon.at(tokens, index)
    if (!known?.actor) return null
    const token = tokens[index]
    // The place of a dateline is no actor: "OSLO, May 4 (Nordwire) -".
    if (known.form === 'capital' && token?.isAllCaps) return null
    return known
  }

  /** Takes a run of capitals apart. Gives the token to go on from. */
  #readRun(
    number: number,
    tokens: readonly Token[],
    run: { from: number; to: number },
    known: ReturnType<Lexicon['at']>,
  ): number {
    const { from, to } = run
    if (this.#isDate(tokens[from]?.start ?? 0) && to - from === 1) return to
    if (known?.actor && from + known.length >= to) {
      this.#addKnown(number, tokens, from, from + known.length, known)
      return from + known.length
    }
    const isAdjective = known?.form === 'adjective'
    // "Turkish Aerospace Industries", "Pakistan Ordnance Factories": the state is of the name.
    const others = tokens.slice(from + (known?.length ?? 0), to)
    const isGeneric =
      known?.actor?.type === 'state' &&
      (others.length >= 2 || this.#names.companyWordsAfterState.has(others[0]?.key ?? '')) &&
      this.#names.companyWords.has(others.at(-1)?.key ?? '') &&
      others.every(({ key }) => this.#names.companyWords.has(key))
    if (isGeneric) {
      this.#addNew(number, tokens, {
        type: 'company',
        from,
        to,
        score: 0.8,
        reason: 'words of a company behind a state',
        post: null,
      })
      return to
    }
    // "the Finnish Government" is the state.
    if (
      known?.actor &&
      isAdjective &&
      to - from === known.length + 1 &&
      /^(government|cabinet|authorities|state)$/.test(tokens[to - 1]?.key ?? '')
    ) {
      this.#addSpan(known.actor, 'name', number, from, to, 0.8, ['the government of the state'])
      return to
    }
    const whole = this.#classify(tokens, from, to)
    const useWhole =
      whole && !(isAdjective && (whole.type === 'person' || whole.type === 'company'))
    if (known?.actor && !useWhole) {
      const rest = this.#classify(tokens, from + known.length, to)
      if (rest || isAdjective || known.actor.type === 'state') {
        this.#addKnown(number, tokens, from, from + known.length, known)
        if (isAdjective) return this.#readRest(number, tokens, from + known.length, to, rest)
        return from + known.length
      }
      this.#addKnown(number, tokens, from, from + known.length, known)
      return from + known.length
    }
    return this.#readRest(number, tokens, from, to, whole)
  }

  #readRest(
    number: number,
    tokens: readonly Token[],
    from: number,
    to: number,
    found: RunClass | null,
  ): number {
    if (from >= to) return to
    if (!found) {
      const inner = this.#addKnownWithin(number, tokens, from, to)
      if (inner) return inner
    }
    const single = to - from === 1 ? tokens[from] : undefined
    const isLone = single && isSentenceStart(tokens, from) && !this.#innerCapitals.has(single.key)
    if (single && /[-–]/.test(single.text) && this.#readCompound(number, tokens, from)) return to
    const isInBrackets = tokens[from - 1]?.text === '('
    const context =
      found ??
      (isLone && !isInBrackets && !/\./.test(single.text)
        ? null
        : classifyByContext(this.#body, tokens, from, to, this.#names, number))
    const near =
      single && !context && !this.#names.notNames.has(single.key)
        ? this.#lexicon.nearly(single)
        : null
    if (near?.actor) {
      const reason =
        near.form === 'inflected' ? 'with another ending' : 'with a letter more, less or other'
      this.#addSpan(near.actor, near.form, number, from, to, 0.7, [`${near.actor.name} ${reason}`])
      return to
    }
    if (!context && this.#addRegionalBody(number, tokens, from, to)) return to + 1
    if (!context) {
      this.#openRuns.push({ sentence: number, from, to })
      return to
    }
    this.#addNew(number, tokens, context)
    return to
  }

  /** "the Flemish government": a capital before a body in small letters. */
  #addRegionalBody(number: number, tokens: readonly Token[], from: number, to: number): boolean {
    if (
      !this.#names.regionalBodies.has(tokens[to]?.key ?? '') ||
      tokens[to]?.isCapital ||
      tokens[to - 1]?.isPossessive
    )
      return false
    if (isSentenceStart(tokens, from) || !/^(the|a)$/.test(tokens[from - 1]?.key ?? ''))
      return false
    const actor = this.#getOrCreateActor('public-body', this.#getText(tokens, from, to + 1), 0.7, [
      `"${tokens[to]?.text}" stands after the name`,
    ])
    this.#addSpan(actor, 'name', number, from, to + 1, 0.7, actor.reasons)
    return true
  }

  /** A name that there is at the end of a run: "Berlin-based Airbus", "Lawmaker Amnesty". */
  #addKnownWithin(
    number: number,
    tokens: readonly Token[],
    from: number,
    to: number,
  ): number | null {
    for (let at = from + 1; at < to; at += 1) {
      const known = this.#lexicon.at(tokens, at)
      if (!known?.actor || known.form === 'adjective' || at + known.length !== to) continue
      if (known.actor.type === 'state' && !this.#names.postWords.has(tokens[at - 1]?.key ?? ''))
        continue
      this.#addKnown(number, tokens, at, to, known)
      return to
    }
    return null
  }

  #classify(tokens: readonly Token[], from: number, to: number): RunClass | null {
    if (from >= to) return null
    const found = classifyRun(tokens, from, to, this.#names, this.#lexicon)
    // Letters with digits are a designation or a file number and no body.
    if (
      found &&
      found.type !== 'company' &&
      tokens.slice(found.from, found.to).some(({ text }) => /\d/.test(text))
    )
      return null
    return found
  }

  #addKnown(
    number: number,
    tokens: readonly Token[],
    from: number,
    to: number,
    known: NonNullable<ReturnType<Lexicon['at']>>,
  ): void {
    const { actor, form } = known
    if (!actor) return
    const committee = actor.type === 'public-body' ? findCommitteeEnd(tokens, to) : null
    if (committee !== null) {
      this.#addNew(number, tokens, {
        type: 'public-body',
        from,
        to: committee,
        score: 0.85,
        reason: 'a committee of a public body',
        post: null,
      })
      return
    }
    if (form === 'adjective' || (actor.type === 'state' && form === 'name')) {
      if (this.#addNationalForce(number, tokens, from, to, actor)) return
    }
    if (form === 'capital' && isPlace(tokens, from)) return
    this.#addSpan(actor, form, number, from, to, form === 'adjective' ? 0.6 : 1, actor.reasons)
    this.#readAcronym(tokens, to, actor)
  }

  /** "the Omani navy", "Azerbaijani forces", "Ugandan police". */
  #addNationalForce(
    number: number,
    tokens: readonly Token[],
    from: number,
    to: number,
    state: Actor,
  ): boolean {
    const [first, second] = [tokens[to], tokens[to + 1]]
    const pair = `${first?.key ?? ''} ${second?.key ?? ''}`
    const length = this.#names.armedNouns.has(pair) ? 2 : 1
    const key = length === 2 ? pair : (first?.key ?? '')
    if (
      /^(forces|police|customs|embassy)$/.test(key) &&
      this.#lexicon.at(tokens, from)?.form !== 'adjective'
    )
      return false
    const type: ActorType | null = this.#names.armedNouns.has(key)
      ? 'armed-force'
      : /^(police|customs|embassy)$/.test(key)
        ? 'public-body'
        : null
    if (!type || (first?.isCapital && tokens[to + length]?.isCapital)) return false
    this.#addSpan(state, 'adjective', number, from, to, 0.6, ['the adjective of the state'])
    const actor = this.#getOrCreateActor(type, this.#getText(tokens, from, to + length), 0.8, [
      `"${key}" behind the adjective of a state`,
    ])
    actor.country ??= state.country
    this.#addSpan(actor, 'name', number, from, to + length, 0.8, actor.reasons)
    return true
  }

  #addNew(number: number, tokens: readonly Token[], found: RunClass): void {
    const { from, to, type, score, reason, post } = found
    const end =
      tokens[to]?.text === '.' && /^(co|inc|ltd|corp)$/.test(tokens[to - 1]?.key ?? '') ? to : to
    const start = tokens[from]?.key === 'the' && type !== 'publisher' ? from + 1 : from
    const name = this.#getText(tokens, start, end)
    const isShort = end - start === 1
    const full =
      isShort && type === 'person' ? this.#findPersonByFamilyName(tokens[start]?.key ?? '') : null
    const actor = full ?? this.#getOrCreateActor(type, name, score, [reason])
    const span = this.#addSpan(actor, full ? 'short' : 'name', number, start, end, score, [reason])
    if (post) {
      span.cue = { start: tokens[post.from]?.start ?? span.start, end: span.end }
      this.#posts.push({
        person: actor,
        sentence: number,
        from: post.from,
        to: post.to,
        nameFrom: start,
        nameTo: end,
      })
    }
    this.#readAcronym(tokens, to, actor)
  }

  #findPersonByFamilyName(key: string): Actor | null {
    return (
      this.#actors.findLast((one) => one.type === 'person' && wordKeys(one.name).at(-1) === key) ??
      null
    )
  }

  /** "(ATN)" behind a name; "(Ravenel)" too. */
  #readAcronym(tokens: readonly Token[], to: number, actor: Actor): void {
    const [open, inner, close] = [tokens[to], tokens[to + 1], tokens[to + 2]]
    if (open?.text !== '(' || close?.text !== ')' || !inner?.isCapital || actor.type === 'person')
      return
    if (actor.type === 'state') return
    const isAcronym = inner.isAllCaps || actor.name.toLowerCase().includes(inner.text.toLowerCase())
    const initials = wordKeys(actor.name)
      .map((word) => word.charAt(0))
      .join('')
    const isInitials =
      inner.key.length <= 6 && [...inner.key].some((letter) => initials.includes(letter))
    if (!isAcronym && !isInitials) return
    this.#aliases.set(inner.key, actor)
    if (!actor.aliases.includes(inner.text) && actor.name !== inner.text)
      actor.aliases.push(inner.text)
  }

  #getOrCreateActor(type: ActorType, name: string, score: number, reasons: string[]): Actor {
    const key = this.#normalizeName(name)
    const known = this.#actorsByKey.get(key)
    if (known && (known.type === type || known.score >= score)) return known
    const joined = this.#joinToKnownActor(type, name)
    if (joined) return joined
    const actor: Actor = {
      id: `${type}:${key}`,
      type,
      name,
      aliases: [],
      country: null,
      known: null,
      score,
      reasons,
    }
    this.#actorsByKey.set(key, actor)
    this.#actors.push(actor)
    return actor
  }

  /** "Halvorsen Marine" is Halvorsen Marine AS, "Corvane Aerospace plc" is Corvane Aerospace. */
  #joinToKnownActor(type: ActorType, name: string): Actor | null {
    const words = wordKeys(name)
    for (const other of this.#actors) {
      const others = wordKeys(other.name)
      const [shorter, longer] = others.length < words.length ? [others, words] : [words, others]
      const isPrefix = shorter.every((word, at) => longer[at] === word)
      const isCompany =
        other.type === 'company' &&
        (type === 'company' || type === 'person' || type === 'organisation')
      const isBody =
        other.type === type && type !== 'company' && type !== 'person' && shorter.length >= 2
      if (!isPrefix || (!isCompany && !isBody)) continue
      if (isBody && longer.length - shorter.length > 3) continue
      // "Lumitrade" is Lumitrade International; "Thales Italia" is not Thales.
      if (
        isCompany &&
        shorter.length === 1 &&
        longer.length > 2 &&
        !this.#names.companySuffixes.has(longer.at(-1) ?? '')
      )
        continue
      if (longer === words) {
        other.aliases.push(other.name)
        other.name = name
      } else if (other.name !== name && !other.aliases.includes(name)) other.aliases.push(name)
      this.#actorsByKey.set(this.#normalizeName(name), other)
      return other
    }
    return null
  }

  #normalizeName(name: string): string {
    const words = wordKeys(name)
    return (words[0] === 'the' ? words.slice(1) : words).join(' ')
  }

  #getText(tokens: readonly Token[], from: number, to: number): string {
    const start = tokens[from]?.start ?? 0
    return this.#body.slice(start, tokens[to - 1]?.baseEnd ?? start).replaceAll(/\s+/g, ' ')
  }

  #addSpan(
    actor: Actor,
    form: Mention['form'],
    sentence: number,
    from: number,
    to: number,
    score: number,
    reasons: string[],
  ): ActorSpan {
    const tokens = this.#sentences[sentence]?.tokens ?? []
    const start = tokens[from]?.start ?? 0
    const end = tokens[to - 1]?.baseEnd ?? start
    const text = this.#getText(tokens, from, to)
    if (
      (form === 'alias' || form === 'capital') &&
      text !== actor.name &&
      !actor.aliases.includes(text)
    )
      actor.aliases.push(text)
    const span: ActorSpan = {
      actor,
      form,
      sentence,
      from,
      to,
      start,
      end,
      score,
      reasons,
      cue: { start, end },
    }
    this.#spans.push(span)
    if (!this.#actors.includes(actor)) this.#actors.push(actor)
    return span
  }

  /** Names within `Azerbaijan-Armenia` and `Turkish-made`. */
  #readCompound(number: number, tokens: readonly Token[], index: number): boolean {
    const token = tokens[index]
    if (token?.kind !== 'word' || !/[-–‑]/.test(token.text)) return false
    const [first = ''] = token.text.split(/[-–‑]/)
    const found = /^\p{Lu}/u.test(first) ? this.#lexicon.ofKey(normalizeWord(first)) : null
    if (!found?.actor) return false
    const form = found.actor.type === 'state' ? 'adjective' : found.form
    const span = this.#addSpan(found.actor, form, number, index, index + 1, 0.5, [
      'part of a compound',
    ])
    span.end = span.start + first.length
    return true
  }

  /** "the trade ministry", "Serbia's trade ministry", "the defence committee": gives how many tokens it took. */
  #readSmallBody(number: number, tokens: readonly Token[], index: number): number {
    const [first, second] = [tokens[index], tokens[index + 1]]
    if (!first || !second || first.isCapital || second.isCapital) return 1
    if (
      !/^(ministry|ministries|committee)$/.test(second.key) ||
      !this.#names.postWords.has(first.key)
    )
      return 1
    if (second.key !== 'ministry' && second.key !== 'committee') return 1
    if (!this.#names.ministryTopics.has(first.key)) return 1
    const reasons = [`"${second.text}" is the name of a public body`]
    const body = this.#getText(tokens, index, index + 2)
    const state = this.#findStateOfBody(number, tokens, index)
    // Named in full before: "Serbia's trade ministry", then "the trade ministry".
    const earlier = state ? null : this.#actors.findLast(({ name }) => name.endsWith(` ${body}`))
    const name = state ? this.#getText(tokens, state.from, state.to) : body
    const actor = earlier ?? this.#getOrCreateActor('public-body', name, 0.6, reasons)
    if (state) actor.country ??= state.country
    const [from, to] = state ? [Math.min(state.from, index), state.to] : [index, index + 2]
    this.#addSpan(actor, earlier ? 'short' : 'name', number, from, to, 0.6, actor.reasons)
    return to - index
  }

  /** "Serbia's trade ministry", "the foreign ministry of Jamaica": which state it is of, and where the name ends. */
  #findStateOfBody(number: number, tokens: readonly Token[], index: number) {
    const before = this.#spans.at(-1)
    const isBefore =
      before?.sentence === number &&
      before.to === index &&
      before.actor.type === 'state' &&
      (before.form === 'adjective' || tokens[index - 1]?.isPossessive === true)
    if (isBefore) return { from: before.from, to: index + 2, country: before.actor.country }
    if (tokens[index + 2]?.key !== 'of') return null
    const known = this.#lexicon.at(tokens, index + 3)
    if (known?.actor?.type !== 'state' || known.form === 'adjective') return null
    return { from: index, to: index + 3 + known.length, country: known.actor.country }
  }

  /** What could not be told at once may be a part of a name that the text has elsewhere. */
  #resolveOpen(): void {
    for (const { sentence, from, to } of this.#openRuns) {
      const tokens = this.#sentences[sentence]?.tokens ?? []
      const own = this.#sentences[sentence]
      const isTitle = own !== undefined && isHeadline(own, this.#names)
      for (let at = from; at < to; ) {
        const found = this.#findPartOfName(tokens, at, to, isTitle)
        if (!found) {
          at += 1
          continue
        }
        const form = found.isAlias ? 'alias' : 'short'
        this.#addSpan(found.actor, form, sentence, at, at + found.length, 0.85, [
          `short for ${found.actor.name}`,
        ])
        const text = this.#getText(tokens, at, at + found.length)
        const { aliases, name } = found.actor
        if (text !== name && !aliases.includes(text) && found.actor.type !== 'person')
          aliases.push(text)
        at += found.length
      }
    }
  }

  #findPartOfName(tokens: readonly Token[], at: number, to: number, isTitle: boolean) {
    for (let end = to; end > at; end -= 1) {
      if (tokens[at]?.kind === 'mark' || tokens[end - 1]?.kind === 'mark') continue
      const keys = tokens
        .slice(at, end)
        .filter(({ kind }) => kind !== 'mark')
        .map(({ key }) => key)
      const alias =
        keys.length === 1 ? this.#aliases.get(keys[0] ?? '') : this.#actorsByKey.get(keys.join(' '))
      if (alias) return { actor: alias, length: end - at, isAlias: true }
      if (isTitle && keys.length === 1 && !tokens[at]?.isAllCaps) continue
      const before = tokens[at]?.start ?? 0
      const actor = this.#findWholeName(keys, before)
      if (actor) return { actor, length: end - at, isAlias: false }
    }
    return null
  }

  /** The actor named last before whose name this is a part of; else the first named after. */
  #findWholeName(keys: readonly string[], before: number): Actor | null {
    const fits = ({ actor }: ActorSpan) => isPartOf(keys, actor, this.#names)
    const earlier = this.#spans.filter((span) => span.start < before && fits(span))
    const last = earlier.toSorted((a, b) => b.start - a.start)[0]
    return (last ?? this.#spans.find(fits))?.actor ?? null
  }

  /** "Per Aas, an analyst with Nordic Arms Watch". */
  #addApposedPost(span: ActorSpan): void {
    const tokens = this.#sentences[span.sentence]?.tokens ?? []
    if (tokens[span.to]?.text !== ',') return
    const first = /^(a|an|the|its|his|her|their)$/.test(tokens[span.to + 1]?.key ?? '')
      ? span.to + 2
      : span.to + 1
    for (let at = first; at < Math.min(tokens.length, first + 5); at += 1) {
      const token = tokens[at]
      if (token?.kind !== 'word' || /^(who|which|and|said|says|told)$/.test(token.key)) return
      if (!this.#names.posts.has(token.key.split('-').at(-1) ?? '')) continue
      if (!/^(of|at|for|with|from|in)$/.test(tokens[at + 1]?.key ?? '')) continue
      const organisation = this.#spans.find(
        (one) =>
          one.sentence === span.sentence &&
          one.from > at &&
          one.from <= at + 6 &&
          one.actor.type !== 'person' &&
          one.form !== 'adjective',
      )
      const isClose =
        organisation && !tokens.slice(at, organisation.from).some(({ kind }) => kind === 'mark')
      if (!organisation || !isClose) return
      this.#apposedPosts.push({
        person: span.actor,
        role: this.#getText(tokens, first, at + 1),
        organisation: organisation.actor,
        start: span.start,
        end: organisation.end,
        sentence: span.sentence,
      })
      return
    }
  }

  #buildPost({ person, sentence, from, to, nameFrom, nameTo }: NewPost): Post {
    const tokens = this.#sentences[sentence]?.tokens ?? []
    const role = this.#getText(tokens, from, to)
    const before = this.#spans.findLast(
      (one) => one.sentence === sentence && one.to === from && one.actor.type !== 'person',
    )
    const after = this.#spans.find(
      (one) =>
        one.sentence === sentence &&
        one.from > nameTo &&
        one.from <= nameTo + 2 &&
        one.actor.type !== 'person' &&
        /^(of|from|at)$/.test(tokens[nameTo]?.key ?? ''),
    )
    return {
      person,
      role,
      organisation:
        after?.actor ??
        (before && (before.form !== 'adjective' || officePost.test(role)) ? before.actor : null),
      start: tokens[before ? before.from : from]?.start ?? 0,
      end: after?.end ?? tokens[Math.max(nameFrom, nameTo - 1)]?.baseEnd ?? 0,
      sentence,
    }
  }
}

/** "House of Commons foreign affairs committee": where the name ends; null where none follows. */
function findCommitteeEnd(tokens: readonly Token[], to: number): number | null {
  if (tokens[to - 1]?.isPossessive) return null
  for (let at = to; at < Math.min(tokens.length, to + 4); at += 1) {
    const token = tokens[at]
    if (token?.kind !== 'word' || token.isCapital || token.key.length < 4) return null
    if (/^(committee|subcommittee)$/.test(token.key)) return at + 1
  }
  return null
}

/** Posts of a state: "the Saudi ambassador", not "the Saudi journalist". */
const officePost =
  /minister|president|premier|chancellor|ambassador|envoy|consul|secretary|general|colonel|admiral|king|prince|emir|governor|attache/i

/** A line in title case that tells something; a line of names with commas or a colon is none. */
const isHeadline = ({ isTitleCase, tokens }: Sentence, names: ReaderData['names']): boolean =>
  isTitleCase &&
  !(
    tokens.length <= 14 &&
    tokens.some(({ text }) => /^[,:(]$/.test(text)) &&
    !tokens.some(
      ({ text, key }) =>
        /^(To|Over|As|After|From|Amid|In|On|With|Against|At)$/.test(text) ||
        names.headlineVerbs.has(key),
    )
  )

/** "reporters in Oslo": a capital that is only a place. */
const isPlace = (tokens: readonly Token[], from: number): boolean =>
  /^(in|at|near|outside|around|between|via|through)$/.test(tokens[from - 1]?.key ?? '')

function isPartOf(
  keys: readonly string[],
  { type, name }: Actor,
  names: ReaderData['names'],
): boolean {
  const words = wordKeys(name)
  if (keys.length > words.length) return false
  const [first = ''] = keys
  if (type === 'person') {
    if (words.length < 2) return false
    return keys.length === 1
      ? words.at(-1) === first
      : words.slice(-keys.length).join(' ') === keys.join(' ')
  }
  if (type === 'state') return false
  const isGeneric =
    keys.length === 1 &&
    (names.genericNameWords.has(first) ||
      names.companyWords.has(first) ||
      names.companySuffixes.has(first) ||
      names.postWords.has(first))
  if (type === 'company')
    return (
      !isGeneric &&
      keys.every((key, at) => words[at] === key) &&
      (keys.length > 1 || first.length >= 4)
    )
  if (isGeneric && names.genericNameWords.has(first)) return false
  const isHead = names.bodyWords.has(first) || names.organisationWords.has(first)
  if (keys.length === 1)
    return isHead
      ? words.includes(first)
      : words[0] === first && words.length <= 3 && first.length >= 5
  return words.join(' ').includes(keys.join(' '))
}
