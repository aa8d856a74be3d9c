import type { ReaderData } from '../data.ts'
import type { ActorSpan } from '../names/actors.ts'
import type { Sentence, Token } from '../tokens.ts'
import { type Chunk, prepositionWord, readChunks } from './chunks.ts'
import { readVerbGroups, type VerbGroup } from './verb-groups.ts'
import { getVerbTable } from './verbs.ts'

/** How a clause hangs on the one before. */
type Link =
  | 'main'
  | 'coordinate'
  | 'that'
  | 'relative'
  | 'reduced'
  | 'condition'
  | 'subordinate'
  | 'infinitive'
  | 'ing'

export type Clause = {
  index: number
  verb: VerbGroup
  /** Tokens of the clause, `to` exclusive. */
  from: number
  to: number
  link: Link
  /** The word that links it: "that", "if", "after". */
  linkWord: string
  /** The clause that it hangs on. */
  parent: Clause | null
  /** Who or what the verb is said of. Of a passive verb it is what the deed is done to. */
  subject: Chunk | null
  /** Of a relative clause, what it tells of. */
  antecedent: Chunk | null
  /** Who does it stands in the clause itself. */
  hasOwnSubject: boolean
  /** Stretches within it that are of other clauses. */
  holes: [number, number][]
  /** "Neither the ministry nor the firm confirmed". */
  hasNegativeSubject: boolean
  /** Null where the text tells the deed as done; else why it is not taken as done. */
  notDone: string | null
}

export type Parsed = { clauses: Clause[]; chunks: Chunk[]; groups: VerbGroup[] }

const subordinators =
  /^(because|although|though|while|when|whenever|once|until|till|before|after|since|as|so|whereas)$/
const relatives = /^(which|who|whom|whose|where)$/
const openers =
  /^(that|which|who|whom|whose|where|whether|if|unless|lest|because|although|though|while|when|whenever|once|until|till|before|after|since|as|whereas|how|what|why|provided|suppose|supposing|assuming|otherwise|in)$/

/** Takes a sentence apart into clauses and says of each whether its deed is told as done. */
export function parseSentence(
  sentence: Sentence,
  actors: readonly ActorSpan[],
  data: ReaderData,
  isDate: (start: number) => boolean,
): Parsed {
  const { tokens } = sentence
  const named = actors.filter(({ form }) => form !== 'adjective')
  const isName = (index: number) => named.some(({ from, to }) => from <= index && index < to)
  const groups = readVerbGroups(sentence, data, getVerbTable(data), isName)
  const isAdverb = (key: string) =>
    data.verbs.adverbs.has(key) && !/^(all|both|each|so|only)$/.test(key)
  const chunks = readChunks(tokens, groups, actors, isDate, isAdverb)
  const builder = new ClauseBuilder(sentence, groups, chunks, data, isDate, isName)
  return { clauses: builder.build(), chunks, groups }
}

class ClauseBuilder {
  readonly #tokens: readonly Token[]
  readonly #sentence: Sentence
  readonly #groups: readonly VerbGroup[]
  readonly #chunks: readonly Chunk[]
  readonly #data: ReaderData
  readonly #isDate: (start: number) => boolean
  readonly #isName: (index: number) => boolean
  readonly #clauses: Clause[] = []
  #text: string | null = null

  constructor(
    sentence: Sentence,
    groups: readonly VerbGroup[],
    chunks: readonly Chunk[],
    data: ReaderData,
    isDate: (start: number) => boolean,
    isName: (index: number) => boolean,
  ) {
    this.#sentence = sentence
    this.#tokens = sentence.tokens
    this.#groups = groups
    this.#chunks = chunks
    this.#data = data
    this.#isDate = isDate
    this.#isName = isName
  }

  build(): Clause[] {
    for (const [index, verb] of this.#groups.entries())
      this.#clauses.push(
        this.#isReduced(index)
          ? this.#createReducedClause(index, verb)
          : this.#createClause(index, verb),
      )
    for (const clause of this.#clauses) {
      const next = this.#clauses[clause.index + 1]
      clause.to = next ? Math.max(next.from, clause.verb.to) : this.#tokens.length
    }
    this.#widenOverReduced()
    this.#endAttributes()
    for (const clause of this.#clauses) this.#setSubject(clause)
    for (const clause of this.#clauses) clause.hasNegativeSubject = this.#isSubjectNegated(clause)
    for (const clause of this.#clauses) clause.notDone = this.#whyNotDone(clause, 0)
    this.#markUnconfirmedClaims()
    return this.#clauses
  }

  /** "Licences granted to X were suspended": a participle behind its noun, before the verb of the sentence. */
  #isReduced(index: number): boolean {
    const [verb, next] = [this.#groups[index], this.#groups[index + 1]]
    if (
      !verb ||
      !next ||
      verb.from !== verb.at ||
      (verb.tense !== 'past' && verb.tense !== 'participle')
    )
      return false
    const follows = this.#tokens[verb.to]
    if (follows?.kind !== 'word' || !prepositionWord.test(follows.key)) return false
    if (next.tense === 'infinitive' || next.tense === 'ing' || next.tense === 'base') return false
    // "A licence for 500 pistols, issued by X, expired": the aside is closed before the next verb.
    const isAside =
      this.#tokens[verb.from - 1]?.text === ',' && this.#tokens[next.from - 1]?.text === ','
    const noun = this.#chunks.find((chunk) => chunk.to === (isAside ? verb.from - 1 : verb.from))
    if (!noun || noun.isPronoun || (!isAside && noun.actors.some(({ to }) => to === noun.to)))
      return false
    if (isAside && /^(and|but|or)$/.test(this.#tokens[verb.from]?.key ?? '')) return false
    const between = this.#tokens.slice(verb.to, isAside ? next.from - 1 : next.from)
    const isBroken = between.some(
      ({ text, key }) =>
        /^[,;:“”"()]$/.test(text) ||
        /^(and|or|but|that|which|who|if|because|when|while|although)$/.test(key),
    )
    if (isBroken) return false
    return !this.#chunks.some(
      (chunk) =>
        chunk.from >= verb.to &&
        chunk.to <= next.from &&
        chunk.preposition === null &&
        !this.#isDate(this.#tokens[chunk.from]?.start ?? 0),
    )
  }

  #createReducedClause(index: number, verb: VerbGroup): Clause {
    const passive: VerbGroup = { ...verb, isPassive: true, tense: 'participle' }
    return {
      index,
      verb: passive,
      from: verb.from,
      to: this.#tokens.length,
      link: 'reduced',
      linkWord: '',
      parent: null,
      subject: null,
      antecedent: null,
      hasOwnSubject: false,
      holes: [],
      hasNegativeSubject: false,
      notDone: null,
    }
  }

  /** The clause around a reduced one begins before it. */
  #widenOverReduced(): void {
    for (const clause of this.#clauses) {
      const inner = this.#clauses[clause.index - 1]
      if (
        inner?.link !== 'reduced' ||
        inner.verb.from < clause.from ||
        !this.#isReduced(inner.index)
      )
        continue
      clause.holes.push([inner.from, clause.verb.from])
      inner.to = clause.verb.from
      const before = this.#clauses[inner.index - 1]
      if (before) before.to = Math.max(before.verb.to, Math.min(before.to, clause.from))
    }
  }

  /** "a bomb made by X on a house in Taiz in 2019": what stands behind the first phrase is of the clause around. */
  #endAttributes(): void {
    for (const clause of this.#clauses) {
      const outer = this.#clauses[clause.index - 1]
      const { verb } = clause
      const isAttribute =
        clause.link === 'reduced' && this.#data.verbs.attributeVerbs.has(verb.lemma)
      const isFighting =
        clause.link === 'ing' &&
        verb.from === verb.at &&
        this.#chunks.some(({ to }) => to === verb.from)
      if (!outer || (!isAttribute && !isFighting) || this.#isReduced(clause.index)) continue
      const first = this.#chunks.find((chunk) => chunk.from >= verb.to)
      if (!first || first.to >= clause.to || !first.preposition) continue
      outer.holes.push([clause.from, first.to])
      outer.to = clause.to
      clause.to = first.to
    }
  }

  #createClause(index: number, verb: VerbGroup): Clause {
    const before = this.#clauses.findLast((one) => !this.#isReduced(one.index)) ?? null
    const { from, link, word } = before ? this.#findBoundary(before, verb) : this.#readOpening(verb)
    const parent = before ? this.#findParent(before, link, from, verb) : null
    // "were made by X and exported in 2015": both are done to the same.
    const isBare = verb.from === verb.at && (verb.tense === 'past' || verb.tense === 'participle')
    const follows = this.#tokens[verb.to]
    const hasNoObject =
      !follows ||
      follows.kind === 'mark' ||
      prepositionWord.test(follows.key) ||
      this.#isDate(follows.start) ||
      this.#chunks.some(
        ({ from, head }) => from === verb.to && /^(later|afterwards|again|after)$/.test(head),
      )
    const shares =
      link === 'coordinate' &&
      isBare &&
      parent?.verb.isPassive === true &&
      hasNoObject &&
      /^(and|or|but|then|later)$/.test(word)
    return {
      index,
      verb:
        shares || (link === 'reduced' && isBare && hasNoObject) || (isBare && this.#isByActor(verb))
          ? { ...verb, isPassive: true }
          : verb,
      from,
      to: this.#tokens.length,
      link,
      linkWord: word,
      parent,
      subject: null,
      antecedent: null,
      hasOwnSubject: false,
      holes: [],
      hasNegativeSubject: false,
      notDone: null,
    }
  }

  /** How the first clause of a sentence begins: "If ...", "Having suspended ...". */
  #readOpening(verb: VerbGroup): { from: number; link: Link; word: string } {
    if (verb.tense === 'infinitive') return { from: 0, link: 'infinitive', word: '' }
    const first = this.#tokens.findIndex(({ kind }) => kind === 'word')
    if (verb.tense === 'ing')
      return { from: 0, link: 'ing', word: this.#tokens[verb.from - 1]?.key ?? '' }
    for (let at = Math.max(0, first); at < Math.min(verb.from, first + 3); at += 1) {
      const key = this.#tokens[at]?.key ?? ''
      if (this.#isCondition(at) || key === 'where' || key === 'whoever' || key === 'whenever')
        return { from: 0, link: 'condition', word: key }
      if (subordinators.test(key) && !this.#isPreposition(at))
        return { from: 0, link: 'subordinate', word: key }
    }
    const opener = this.#findOpener(Math.max(0, first + 1), verb.from, verb)
    if (
      opener &&
      (opener.link === 'that' || opener.link === 'relative') &&
      this.#chunks.some(({ to }) => to === opener.from || this.#isCommaBefore(opener.from, to)) &&
      // "who heads X, told": the clause that it opens is closed before the verb.
      this.#tokens[verb.from - 1]?.text !== ','
    )
      return opener
    const isInverted = /^(had|should|were)$/.test(this.#tokens[first]?.key ?? '') && first < verb.at
    if (isInverted) return { from: 0, link: 'condition', word: this.#tokens[first]?.key ?? '' }
    return { from: 0, link: 'main', word: '' }
  }

  /** "Licence 12, issued by X": nobody issues anything by somebody. */
  #isByActor({ to }: VerbGroup): boolean {
    return (
      this.#tokens[to]?.key === 'by' &&
      this.#chunks.some(({ from, actors }) => from === to + 1 && actors.length > 0)
    )
  }

  /** "The permit, which": a comma between a phrase and what opens its clause. */
  #isCommaBefore(opener: number, end: number): boolean {
    return end === opener - 1 && this.#tokens[end]?.text === ','
  }

  /** Where the clause of a verb begins, behind the verb before it. */
  #findBoundary(before: Clause, verb: VerbGroup): { from: number; link: Link; word: string } {
    const [start, end] = [before.verb.to, verb.from]
    const opener = this.#findOpener(start, end, verb)
    if (opener !== null) return opener
    const isOpenVerb = verb.tense === 'infinitive' || verb.tense === 'ing'
    const isInverted =
      before.index === 0 &&
      before.verb.at === before.from &&
      /^(had|should|were)$/.test(this.#tokens[before.verb.at]?.key ?? '')
    const mark = this.#findLastMark(start, end)
    if (isInverted && mark === null)
      return { from: start, link: 'condition', word: this.#tokens[before.verb.at]?.key ?? '' }
    if (mark !== null && !(isOpenVerb && !this.#isClosed(mark, end))) {
      const conjunction = this.#findConjunction(mark, end) ?? this.#findConjunction(start, end)
      if (isOpenVerb)
        return {
          from: mark,
          link: verb.tense === 'ing' ? 'ing' : 'infinitive',
          word: this.#tokens[verb.from - 1]?.key ?? '',
        }
      if (this.#hasSubject(mark, end))
        return {
          from: mark,
          link: this.#markLink(mark, conjunction),
          word: this.#tokens[conjunction ?? mark]?.key ?? '',
        }
      if (conjunction !== null)
        return {
          from: this.#findAsideStart(conjunction),
          link: 'coordinate',
          word: this.#tokens[conjunction]?.key ?? '',
        }
      return {
        from: mark,
        link: this.#isEmbedded(before) || this.#isEmbeddedIng(before) ? 'main' : 'coordinate',
        word: ',',
      }
    }
    if (isOpenVerb) {
      const word = this.#tokens[verb.from - 1]?.key ?? ''
      if (/^(and|or)$/.test(word) && before.verb.tense === verb.tense)
        return { from: verb.from - 1, link: 'coordinate', word }
      return { from: verb.from, link: verb.tense === 'ing' ? 'ing' : 'infinitive', word }
    }
    const conjunction = this.#findConjunction(start, end)
    if (conjunction !== null && !this.#joinsSubject(before, conjunction, end))
      return { from: conjunction, link: 'coordinate', word: this.#tokens[conjunction]?.key ?? '' }
    return this.#linkWithoutMark(before, verb)
  }

  #markLink(mark: number, conjunction: number | null): Link {
    void mark
    return conjunction !== null ? 'coordinate' : 'main'
  }

  /** "then, eight days later, reversed": the clause begins at its conjunction. */
  #findAsideStart(conjunction: number): number {
    return this.#tokens[conjunction - 1]?.text === ',' ? conjunction - 1 : conjunction
  }

  #isClosed(mark: number, end: number): boolean {
    return mark >= end - 2
  }

  #isEmbeddedIng(clause: Clause): boolean {
    return clause.link === 'ing' || clause.link === 'infinitive'
  }

  /** "said Denmark and Norway sold": the conjunction joins names and not clauses. */
  #joinsSubject(before: Clause, conjunction: number, end: number): boolean {
    if (!this.#data.saying.verbs.includes(before.verb.lemma)) return false
    const first = this.#chunks.find((chunk) => chunk.from >= before.verb.to)
    const second = this.#chunks.find((chunk) => chunk.from > conjunction)
    return first !== undefined && first.to === conjunction && second?.to === end
  }

  /** No word and no mark between two verbs: "said Germany would not export", "licences granted to X were". */
  #linkWithoutMark(before: Clause, verb: VerbGroup): { from: number; link: Link; word: string } {
    const takesClause =
      this.#data.saying.verbs.includes(before.verb.lemma) ||
      this.#data.doubt.factualBeforeThat.has(before.verb.lemma) ||
      this.#data.doubt.denials.has(before.verb.lemma) ||
      this.#data.doubt.unsureBeforeThat.has(before.verb.lemma)
    const between = this.#chunks.filter(
      (chunk) => chunk.from >= before.verb.to && chunk.to <= verb.from,
    )
    const last = between.at(-1)
    const directly = last !== undefined && last.to >= verb.from - 1 && last.preposition === null
    const isTensed = verb.tense !== 'participle'
    // "Turkey's request to buy the engines was turned down"
    if (before.link === 'infinitive' && before.index === 0 && isTensed && verb.from < verb.at)
      return { from: verb.from, link: 'main', word: '' }
    if (before.link === 'relative' || before.link === 'reduced') {
      // "The bombs that Italy sold to X were used": the first phrase goes on.
      if (
        isTensed &&
        (verb.isPassive ||
          between.length === 0 ||
          last?.preposition !== null ||
          before.verb.tense === 'participle') &&
        !takesClause
      )
        return { from: verb.from, link: 'main', word: '' }
    }
    if (takesClause && isTensed && between.length > 0) {
      // "said on Tuesday it had": the day is of the saying.
      const subject = between.findLast(
        (chunk) =>
          chunk.preposition === null && !this.#isDate(this.#tokens[chunk.from]?.start ?? 0),
      )
      return { from: subject?.from ?? before.verb.to, link: 'that', word: '' }
    }
    if (!isTensed || (last && !directly)) return { from: verb.from, link: 'reduced', word: '' }
    const second = between.at(-2)
    if (directly && second && second.to === last.from)
      return { from: last.from, link: 'relative', word: '' }
    const follows = this.#tokens[verb.to]
    const isAttribute =
      verb.from === verb.at &&
      verb.tense === 'past' &&
      follows?.kind === 'word' &&
      prepositionWord.test(follows.key) &&
      last?.actors.some(({ to }) => to === last.to) !== true
    if (isAttribute) return { from: verb.from, link: 'reduced', word: '' }
    if (before.verb.tense === 'past' && isTensed && directly && between.length === 1) {
      // "The permits UAMA issued were revoked" begins like this; else the verb before was a participle.
      return { from: last.from, link: 'main', word: '' }
    }
    return { from: verb.from, link: verb.tense === 'past' ? 'reduced' : 'main', word: '' }
  }

  /** The last word between two verbs that opens a clause. */
  #findOpener(
    start: number,
    end: number,
    verb: VerbGroup,
  ): { from: number; link: Link; word: string } | null {
    for (let at = end - 1; at >= start; at -= 1) {
      const token = this.#tokens[at]
      if (!token || this.#isName(at)) continue
      if (/^[;:“„]$|^[-–—]+$/.test(token.text) || (token.text === '”' && at < end - 1)) {
        return verb.tense === 'ing' || verb.tense === 'infinitive'
          ? null
          : { from: at, link: 'main', word: token.text }
      }
      if (token.kind !== 'word' || !openers.test(token.key)) continue
      const link = this.#decideOpenerLink(at, start, end, verb)
      const isAsked =
        link === 'subordinate' && this.#tokens.slice(start, at).some(({ key }) => key === 'whether')
      if (isAsked) return { from: at, link: 'condition', word: 'whether' }
      if (link) return { from: at, link, word: token.key }
    }
    return null
  }

  #decideOpenerLink(at: number, start: number, end: number, verb: VerbGroup): Link | null {
    const token = this.#tokens[at]
    const before = this.#tokens[at - 1]
    if (!token) return null
    const isOpenVerb = verb.tense === 'infinitive' || verb.tense === 'ing'
    if (this.#isCondition(at)) return 'condition'
    if (token.key === 'in') return null
    if (token.key === 'that') {
      if (isOpenVerb && verb.tense === 'ing') return null
      const isDeterminer =
        before !== undefined &&
        /^(of|to|for|on|at|by|from|with|after|before|since|until|during|against|over)$/.test(
          before.key,
        )
      if (isDeterminer) return null
      return this.#isComplement(at, start) ? 'that' : 'relative'
    }
    if (relatives.test(token.key)) {
      if (isOpenVerb) return null
      // "unclear who authorised it": a question within.
      const isAsked =
        before !== undefined &&
        (this.#data.doubt.adjectivesBeforeQuestion.has(before.key) ||
          this.#groups.some((group) => group.at === at - 1))
      return isAsked ? 'condition' : 'relative'
    }
    if (/^(how|what|why)$/.test(token.key)) return 'condition'
    if (!subordinators.test(token.key)) return null
    if (verb.tense === 'ing' && at === verb.from - 1) return 'ing'
    if (isOpenVerb || this.#isPreposition(at)) return null
    if (token.key === 'as' && !this.#hasSubject(at, end)) return null
    return this.#hasSubject(at, end) || at === end - 1 ? 'subordinate' : null
  }

  /** "said on Thursday that", "the news that": it opens what is said. "The permits that were" it does not. */
  #isComplement(at: number, start: number): boolean {
    const before = this.#tokens[at - 1]
    const { saying, doubt } = this.#data
    if (
      before &&
      (doubt.factualNounsBeforeThat.has(before.key) ||
        doubt.denialObjects.has(before.key) ||
        this.#data.doubt.unsureNounsBeforeThat.has(before.key))
    )
      return true
    const verb = this.#groups.findLast(({ to }) => to <= at)
    if (!verb || verb.to < start) return false
    if (before && /^(and|or|but)$/.test(before.key)) return true
    if (verb.lemma === 'be' || verb.lemma === 'become')
      return before !== undefined && !this.#isNounLike(at - 1) && !this.#isName(at - 1)
    const takes =
      saying.verbs.includes(verb.lemma) ||
      doubt.factualBeforeThat.has(verb.lemma) ||
      doubt.denials.has(verb.lemma) ||
      verb.to === at
    if (!takes) return false
    const between = this.#chunks.filter((chunk) => chunk.from >= verb.to && chunk.to <= at)
    // "told Egypt that", "said on 6 April that", but not "announced the ban that".
    return between.every(
      (chunk) =>
        chunk.actors.length > 0 ||
        chunk.preposition !== null ||
        this.#isDate(this.#tokens[chunk.from]?.start ?? 0) ||
        this.#data.saying.hearers.has(chunk.head) ||
        chunk.isPronoun,
    )
  }

  #isNounLike(at: number): boolean {
    return this.#chunks.some(
      (chunk) => chunk.from <= at && at < chunk.to && chunk.to - chunk.from > 1,
    )
  }

  #isCondition(at: number): boolean {
    const key = this.#tokens[at]?.key ?? ''
    const { conditions } = this.#data.doubt
    const pair = `${key} ${this.#tokens[at + 1]?.key ?? ''}`
    if (key === 'until' || key === 'till') return !this.#isPreposition(at)
    if (key === 'were' || key === 'provided')
      return key === 'provided' && this.#tokens[at + 1]?.key === 'that'
    return conditions.includes(key) || conditions.includes(pair)
  }

  /** "after 2019", "since March", "as a result": no clause begins there. */
  #isPreposition(at: number): boolean {
    const next = this.#tokens[at + 1]
    if (!next) return true
    if (this.#isDate(next.start) || next.kind === 'number') return true
    const chunk = this.#chunks.find(({ from }) => from === at + 1 || from === at + 2)
    const verb = this.#groups.find(({ from }) => from > at)
    if (!verb) return true
    if (!chunk) return false
    // The verb must be said of the phrase that follows.
    return this.#tokens.slice(chunk.to, verb.from).some(({ text }) => /^[,;]$/.test(text))
  }

  #findLastMark(start: number, end: number): number | null {
    let found: number | null = null
    for (let at = start; at < end; at += 1) {
      const text = this.#tokens[at]?.text ?? ''
      if (/^[,()”"]$/.test(text)) {
        if (found === null || this.#hasSubject(at, end) || !this.#hasSubject(found, end)) found = at
      }
    }
    return found
  }

  /** Whether a noun phrase without a preposition stands between. */
  #hasSubject(from: number, end: number): boolean {
    return this.#chunks.some(
      (chunk) =>
        chunk.from > from &&
        chunk.to <= end &&
        (chunk.preposition === null ||
          (chunk.from === from + 1 && subordinators.test(chunk.preposition))) &&
        !this.#isDate(this.#tokens[chunk.from]?.start ?? 0) &&
        !/^(years?|months?|weeks?|days?|later|time)$/.test(chunk.head),
    )
  }

  #findConjunction(start: number, end: number): number | null {
    for (let at = end - 1; at >= start; at -= 1)
      if (/^(and|or|but|then|nor|yet)$/.test(this.#tokens[at]?.key ?? '') && !this.#isName(at)) {
        const rest = this.#chunks.filter(
          (chunk) => chunk.from > at && chunk.to <= end && chunk.preposition === null,
        )
        if (rest.length === 0 || rest.some((chunk) => chunk.to >= end - 3)) {
          if (
            this.#tokens[at]?.key === 'then' &&
            /^(and|but)$/.test(this.#tokens[at - 1]?.key ?? '')
          )
            continue
          return at
        }
      }
    return null
  }

  #isEmbedded({ link }: Clause): boolean {
    return link === 'relative' || link === 'reduced'
  }

  #findParent(before: Clause, link: Link, from: number, verb: VerbGroup): Clause | null {
    if (link === 'coordinate' && this.#tokens[from]?.key !== ',') {
      // "suspended exports to states fighting in Yemen and prolonged": what goes on is the finite verb.
      let clause: Clause | null = before
      const isTensed = verb.tense === 'past' || verb.tense === 'present' || verb.tense === 'perfect'
      while (
        isTensed &&
        clause?.parent &&
        (clause.link === 'ing' || clause.link === 'infinitive' || clause.link === 'reduced')
      )
        clause = clause.parent
      return clause
    }
    if (link === 'that' && /^(and|or|but)$/.test(this.#tokens[from - 1]?.key ?? '')) {
      // "said that A and that B": both hang on the same verb.
      let clause: Clause | null = before
      while (clause && clause.link !== 'that') clause = clause.parent
      return clause?.parent ?? before
    }
    if (link === 'main') return this.#isEmbedded(before) ? (before.parent ?? null) : null
    return before
  }

  /** `"...," a villager claimed`: what stands before it is only claimed. */
  #markUnconfirmedClaims(): void {
    const last = this.#clauses.at(-1)
    if (!last || last.index === 0 || last.link === 'that') return
    const { saying, doubt } = this.#data
    if (!saying.verbs.includes(last.verb.lemma) || doubt.factualBeforeThat.has(last.verb.lemma))
      return
    const isBehind =
      /^[,”"]$/.test(this.#tokens[last.from]?.text ?? '') &&
      this.#tokens.slice(last.verb.to).every(({ kind }) => kind === 'mark')
    if (!isBehind) return
    for (const clause of this.#clauses) if (clause !== last) clause.notDone ??= 'it is only claimed'
  }

  #setSubject(clause: Clause): void {
    const { verb, link, from, parent } = clause
    const hole = clause.holes.find(([first]) => first < verb.from)
    const own = this.#findPhraseBefore(hole ? hole[0] : verb.from, from, clause)
    const before = this.#clauses[clause.index - 1]
    if (link === 'relative' || link === 'reduced') {
      clause.antecedent = this.#findAntecedent(clause)
      clause.hasOwnSubject = own !== null && link === 'relative'
      clause.subject = clause.hasOwnSubject ? own : clause.antecedent
      return
    }
    if (own && !(link === 'infinitive') && !(link === 'ing')) {
      clause.subject = own
      clause.hasOwnSubject = true
      return
    }
    if (link === 'ing' && clause.index === 0) {
      clause.subject = this.#findMainSubject(clause)
      return
    }
    if (link === 'main' && before && this.#isEmbedded(before) && before.verb.from < verb.from) {
      clause.subject = before.antecedent ?? parent?.subject ?? null
      clause.hasOwnSubject = true
      return
    }
    if (link === 'main' && before && (before.link === 'infinitive' || before.link === 'ing')) {
      // "Turkey's request to buy engines was turned down"
      clause.subject = this.#findPhraseBefore(before.verb.from, before.parent?.from ?? 0, clause)
      clause.hasOwnSubject = clause.subject !== null
      return
    }
    if (link === 'main' && clause.index > 0) return
    const source = parent ?? before ?? null
    clause.subject =
      source?.subject ?? (clause.index === 0 ? null : this.#findPhraseBefore(verb.from, 0, clause))
  }

  /** "Having suspended the licences, Norway renewed them": who does it stands in the main clause. */
  #findMainSubject(clause: Clause): Chunk | null {
    const next = this.#clauses.find(
      (one) =>
        one.index > clause.index &&
        one.link !== 'ing' &&
        one.link !== 'infinitive' &&
        !this.#isEmbedded(one),
    )
    if (!next) return null
    return this.#findPhraseBefore(next.verb.from, clause.verb.to, next)
  }

  /** The phrase before the opener of a relative clause, past phrases with a preposition where the verb fits the first. */
  #findAntecedent(clause: Clause): Chunk | null {
    const before = this.#chunks.filter((chunk) => chunk.to <= clause.from)
    const last = before.at(-1)
    if (!last) return null
    const isPlural = /^(were|are|have)$/.test(this.#tokens[clause.verb.from]?.key ?? '')
    let at = before.length - 1
    // "permits for Turkey that were suspended", "a licence for X issued in": the permit, not the state.
    while (
      at > 0 &&
      before[at]?.preposition &&
      (before[at]?.actors.length ||
        isPlural ||
        clause.verb.isPassive ||
        clause.link === 'reduced') &&
      this.#isAdjacent(before[at - 1], before[at]) &&
      !/s$/.test(isPlural ? (before[at]?.head ?? '') : '')
    )
      at -= 1
    return before[at] ?? last
  }

  #isAdjacent(first: Chunk | undefined, second: Chunk | undefined): boolean {
    return (
      first !== undefined &&
      second !== undefined &&
      second.from - first.to <= 2 &&
      !this.#tokens.slice(first.to, second.from).some(({ kind }) => kind === 'mark')
    )
  }

  /** The noun phrase before a verb, without the phrases with prepositions behind it, and over an aside between commas. */
  #findPhraseBefore(end: number, start: number, clause: Clause): Chunk | null {
    const { verb } = clause
    const inside = this.#chunks.filter(
      (chunk) =>
        chunk.from >= start &&
        chunk.to <= end &&
        !this.#isDate(this.#tokens[chunk.from]?.start ?? 0),
    )
    let at = inside.length - 1
    const last = inside[at]
    if (!last) return null
    // Between the phrase and its verb may stand adverbs only, or a closed aside.
    const gap = this.#tokens.slice(last.to, end)
    if (gap.some(({ text }) => /^[;:“(]$/.test(text))) return null
    if (gap.at(-1)?.text === ',' || gap.some(({ text }) => text === ')')) {
      const open = this.#findAsideOpening(last, verb.from)
      if (open !== null) {
        const outer = inside.filter((chunk) => chunk.to <= open)
        at = outer.length - 1
        // "its chief executive, Rafael Duarte, confirmed": the name is the subject.
        if (at < 0 && last.actors.some(({ to }) => to === last.to)) return last
        if (
          at < 0 ||
          this.#tokens.slice(outer[at]?.to ?? open, open).some(({ text }) => /^[;:“(]$/.test(text))
        )
          return null
      }
    }
    while (at > 0 && this.#continues(inside, at)) at -= 1
    const found = inside[at]
    // "In 2018, on the basis of assurances, ...": a phrase with a preposition is no subject.
    if (found?.preposition && !/^(as|like)$/.test(found.preposition)) {
      if (found.preposition === clause.linkWord) return found
      return found.preposition === 'of' ? found : null
    }
    return found ?? null
  }

  /** Whether a phrase only goes on with the one before: "of X", or "and Y" behind "of X". */
  #continues(inside: readonly Chunk[], at: number): boolean {
    const [before, chunk] = [inside[at - 1], inside[at]]
    if (!before || !chunk || !this.#isAdjacent(before, chunk)) return false
    if (chunk.preposition) return true
    return (
      /^(and|or)$/.test(this.#tokens[chunk.from - 1]?.key ?? '') &&
      before.preposition !== null &&
      chunk.actors.length === 0
    )
  }

  #findAsideOpening(last: Chunk, end: number): number | null {
    for (let at = Math.min(last.from, end) - 1; at >= 0; at -= 1) {
      const text = this.#tokens[at]?.text ?? ''
      if (text === ',' || text === '(') return at
      if (/^[;:“”]$/.test(text)) return null
    }
    return null
  }

  #whyNotDone(clause: Clause, depth: number): string | null {
    const { verb, link, linkWord, parent } = clause
    const { doubt } = this.#data
    if (this.#sentence.isQuestion) return 'it is a question'
    if (verb.isNegated || clause.hasNegativeSubject || this.#hasNegativeObject(clause))
      return 'it is denied'
    if (verb.isDoubtful || this.#isTakenBack(verb)) return 'it is doubted'
    const outer = this.#clauses[clause.index - 1]
    if (
      outer &&
      verb.from === verb.at &&
      verb.from <= outer.verb.to + 1 &&
      this.#data.doubt.stateVerbs.has(outer.verb.lemma) &&
      verb.tense !== 'infinitive'
    )
      return 'it is a state and no deed'
    if (this.#isRetracted()) return 'the text corrects itself'
    if (this.#isFiction()) return 'it is a game or a story'
    if (this.#isDraft(clause)) return 'it is a draft'
    if (this.#isHabit(clause)) return 'it is told as what happens in general'
    if (verb.tense === 'modal' && !this.#isLegalShall(clause)) return 'it may, will or should be'
    if (link === 'condition') return `it stands behind "${linkWord}"`
    if (verb.tense === 'base' && link !== 'coordinate' && !this.#hasPluralSubject(clause))
      return 'it is a command or an infinitive'
    const isPresent = verb.tense === 'present' || verb.tense === 'base'
    if (link === 'subordinate' && isPresent && doubt.conditionsInPresent.includes(linkWord))
      return `it stands behind "${linkWord}"`
    if (depth > 8) return null
    if (link === 'coordinate') return this.#whyNotCoordinate(clause, depth)
    if (link === 'infinitive') return this.#whyNotInfinitive(clause, depth)
    if (link === 'ing' || verb.tense === 'ing') return this.#whyNotIng(clause, depth)
    if (link === 'that') return this.#whyNotSaid(clause, depth)
    if (link === 'relative' && isPresent && parent) return this.#whyNotDone(parent, depth + 1)
    if ((link === 'relative' || link === 'reduced') && parent && this.#isDenied(parent))
      return 'it is denied'
    if (link === 'subordinate' && parent?.link === 'that')
      return this.#whyNotDone(parent, depth + 1)
    return null
  }

  /** "all but suspended", "far from cancelling". */
  #isTakenBack(verb: VerbGroup): boolean {
    const before = this.#tokens
      .slice(Math.max(0, verb.from - 3), verb.at)
      .map(({ key }) => key)
      .join(' ')
    return this.#data.doubt.negativePhrases.some(
      (phrase) => before.endsWith(phrase) || before.includes(`${phrase} `),
    )
  }

  /** "Under the proposal Germany suspends": what a draft says is not done. */
  #isDraft({ verb, from }: Clause): boolean {
    if (verb.tense !== 'present' && verb.tense !== 'base') return false
    return this.#tokens.slice(from, verb.from).some(({ key }) => this.#data.doubt.drafts.has(key))
  }

  /** "Licences are revoked if ...", "applications are refused": of no case in particular. */
  #isHabit({ verb, subject, index }: Clause): boolean {
    if (verb.tense !== 'present' && verb.tense !== 'base') return false
    const next = this.#clauses.slice(index + 1, index + 3)
    const isProgressive = this.#tokens[verb.at]?.key.endsWith('ing') === true
    if (isProgressive) return false
    if (
      next.some(
        ({ link, linkWord }) => link === 'condition' || /^(where|whenever|when)$/.test(linkWord),
      )
    )
      return true
    if (!verb.isPassive || !subject || subject.isPronoun) return false
    const words = this.#tokens.slice(subject.from, subject.to)
    const isBarePlural =
      /s$/.test(subject.head) &&
      !words.some(
        ({ kind, key }) =>
          kind === 'number' ||
          /^(the|these|those|its|their|all|two|three|four|five|six|seven|eight|nine|ten)$/.test(
            key,
          ),
      )
    const hasDoer = this.#chunks.some(
      (chunk) => chunk.preposition === 'by' && chunk.from >= verb.to,
    )
    return isBarePlural && !hasDoer && subject.actors.length === 0
  }

  #isRetracted(): boolean {
    return this.#hasPhrase(this.#data.doubt.retractions)
  }

  #isFiction(): boolean {
    return this.#hasPhrase(this.#data.doubt.fiction)
  }

  #hasPhrase(phrases: readonly string[]): boolean {
    this.#text ??= ` ${this.#tokens.map(({ key }) => key).join(' ')} `
    const text = this.#text
    return phrases.some((words) => text.includes(` ${words} `))
  }

  /** "The sale of arms shall be prohibited": so speaks the law. */
  #isLegalShall({ verb }: Clause): boolean {
    return (
      verb.isPassive &&
      this.#tokens.slice(verb.from, verb.to).some(({ key }) => key === 'shall') &&
      this.#data.doubt.legalVerbs.has(verb.lemma)
    )
  }

  #isSubjectNegated({ subject, hasOwnSubject, from }: Clause): boolean {
    if (!subject) return false
    const { negations } = this.#data.doubt
    const words = this.#tokens.slice(subject.from, subject.to)
    if (/^(few|little)$/.test(words[0]?.key ?? '')) return true
    if (words.some(({ key }) => negations.has(key))) return true
    if (hasOwnSubject && negations.has(this.#tokens[subject.from - 1]?.key ?? '')) return true
    return (
      subject.from >= from &&
      this.#tokens
        .slice(from, subject.from)
        .some(({ key }) => /^(neither|nor|never|without|hardly|nobody|none|no)$/.test(key))
    )
  }

  /** "granted no licence", "refused none", "not a single", "hardly any". */
  #hasNegativeObject({ verb }: Clause): boolean {
    const object = this.#chunks.find((chunk) => chunk.from >= verb.to && chunk.from <= verb.to + 2)
    if (!object || (object.preposition !== null && object.preposition !== 'of')) return false
    return this.#tokens
      .slice(verb.to, object.to)
      .some(({ key }) => /^(no|none|nothing|nobody|neither|hardly|not)$/.test(key))
  }

  #hasPluralSubject({ subject, hasOwnSubject }: Clause): boolean {
    if (!subject || !hasOwnSubject) return false
    if (subject.isPronoun) return /^(they|we|i|all|both|some|others)$/.test(subject.head)
    return /s$/.test(subject.head) || /^(and|or)$/.test(this.#tokens[subject.from - 1]?.key ?? '')
  }

  /** A verb behind "and" shares its helpers with the one before: "has not suspended or revoked". */
  #whyNotCoordinate(clause: Clause, depth: number): string | null {
    const { parent, verb, hasOwnSubject } = clause
    if (!parent) return null
    const isBare = verb.from === verb.at
    const isTensed = verb.tense === 'past' || verb.tense === 'present' || verb.tense === 'perfect'
    if (verb.tense === 'infinitive' && this.#clauses[clause.index - 1]?.verb.tense !== 'infinitive')
      return 'it is an infinitive'
    if (verb.tense === 'ing' && parent.verb.tense !== 'ing') return this.#whyNotIng(clause, depth)
    if (hasOwnSubject && this.#tokens[clause.from - 1]?.text === ',') return null
    if (hasOwnSubject && clause.linkWord === 'but') return null
    if (
      isBare &&
      !hasOwnSubject &&
      !(
        isTensed &&
        (parent.verb.tense === 'past' || parent.verb.tense === 'present') &&
        !parent.verb.isNegated
      )
    )
      return this.#whyNotDone(parent, depth + 1)
    if (clause.linkWord === 'but' || clause.linkWord === 'then') return null
    // What hangs on a denied or unsure "that" goes on after "and".
    for (let one: Clause | null = parent; one; one = one.parent)
      if (one.link === 'that' || one.link === 'condition') {
        if (hasOwnSubject && this.#tokens[clause.from]?.text === ',') return null
        return this.#whyNotDone(one, depth + 1)
      }
    return null
  }

  #whyNotInfinitive(clause: Clause, depth: number): string | null {
    const { parent, verb } = clause
    if (!parent) return 'it is an infinitive'
    const isDirect = verb.from <= parent.verb.to + 1
    const factual = this.#data.doubt.factualBeforeInfinitive.has(parent.verb.lemma)
    if (!factual || !isDirect) return 'it is planned, asked for or possible'
    return this.#whyNotDone(parent, depth + 1)
  }

  #whyNotIng(clause: Clause, depth: number): string | null {
    const { verb, parent, index } = clause
    const { doubt } = this.#data
    const before = this.#tokens[verb.from - 1]?.key ?? ''
    const isProgressive =
      verb.from < verb.at &&
      /^(is|are|was|were|'s|'re|has|have|had)$/.test(this.#tokens[verb.from]?.key ?? '')
    if (isProgressive)
      return clause.link === 'ing' ||
        clause.link === 'main' ||
        clause.link === 'relative' ||
        clause.link === 'subordinate'
        ? null
        : parent
          ? this.#whyNotSaid(clause, depth)
          : null
    const isBeing =
      this.#tokens[verb.from]?.key === 'being' && this.#chunks.some(({ to }) => to === verb.from)
    if (isBeing && parent) return this.#whyNotDone(parent, depth + 1)
    const isHaving = this.#tokens[verb.from]?.key === 'having'
    if (isHaving && /^(of|with|for|from|about|without|deny|denied|denies|denying)$/.test(before))
      return 'it is alleged or denied'
    if (isHaving && (index === 0 || before === ',')) return null
    if (doubt.factualBeforeIng.has(before)) {
      const main = parent ?? this.#clauses[index + 1]
      return main && main !== clause && main.index !== index
        ? this.#whyMainNotDone(main, depth)
        : null
    }
    if (parent && doubt.factualBeforeIng.has(parent.verb.lemma) && verb.from <= parent.verb.to + 1)
      return this.#whyNotDone(parent, depth + 1)
    return 'it hangs on a verb that does not say it was done'
  }

  #whyMainNotDone(main: Clause, depth: number): string | null {
    return main.verb.tense === 'modal' || main.verb.isNegated || main.link === 'condition'
      ? this.#whyNotDone(main, depth + 1)
      : null
  }

  #whyNotSaid(clause: Clause, depth: number): string | null {
    const { parent, from } = clause
    const { doubt } = this.#data
    const noun = this.#tokens[from - 1]?.key ?? ''
    const isVerb = parent?.verb.at === from - 1
    if (!isVerb && this.#tokens[from]?.key === 'that' && doubt.denialObjects.has(noun))
      return `"${noun}" does not say it was done`
    if (this.#tokens[from]?.key === 'that' && this.#data.doubt.unsureNounsBeforeThat.has(noun))
      return `"${noun}" does not say it was done`
    if (!parent) return null
    if (parent.verb.lemma === 'be' || parent.verb.lemma === 'become') {
      const isTrue = this.#data.doubt.factualAdjectivesBeforeThat.has(noun)
      if (!isTrue) return 'the text does not vouch for it'
    } else if (
      !doubt.factualBeforeThat.has(parent.verb.lemma) &&
      !doubt.factualNounsBeforeThat.has(noun)
    )
      return `"${parent.verb.lemma}" does not say it was done`
    if (this.#isDenied(parent)) return 'it is denied'
    // "reports proving that ...": what counts is the verb of the clause around.
    if (parent.verb.tense === 'ing' && parent.link === 'ing' && !parent.verb.isNegated)
      return parent.parent ? this.#whyNotDone(parent.parent, depth + 1) : null
    return this.#whyNotDone(parent, depth + 1)
  }

  #isDenied({ verb }: Clause): boolean {
    return this.#data.doubt.denials.has(verb.lemma) &&
      verb.lemma !== 'reject' &&
      verb.lemma !== 'deny' &&
      verb.lemma !== 'dismiss' &&
      verb.lemma !== 'question'
      ? true
      : this.#data.doubt.denials.has(verb.lemma) && this.#deniesClaim(verb)
  }

  /** "rejected claims", "denied": not "denied a licence". */
  #deniesClaim(verb: VerbGroup): boolean {
    const next = this.#chunks.find((chunk) => chunk.from >= verb.to && chunk.from <= verb.to + 1)
    return next === undefined || this.#data.doubt.denialObjects.has(next.head)
  }
}
