import type { ReaderData } from '../data.ts'
import { type Chunk, findChunkActor } from '../grammar/chunks.ts'
import type { Clause, Parsed } from '../grammar/clauses.ts'
import type { ActorSpan } from '../names/actors.ts'
import type { Sentence, Token } from '../tokens.ts'
import type { FoundDate, Speech } from '../types.ts'

/** The person and the other actor that the sentences before named last, for pronouns. */
type LastNamed = { person: ActorSpan | null; actor: ActorSpan | null }

/** What is known of a sentence before its speech is read. Offsets are UTF-16 units. */
export type SpeechFacts = {
  body: string
  /** The position of the sentence in the text. */
  number: number
  sentence: Sentence
  parsed: Parsed
  actors: readonly ActorSpan[]
  dates: readonly FoundDate[]
}

/** Finds who says something in a sentence. A speaker without a name is left open. */
export function findSpeech(facts: SpeechFacts, data: ReaderData, lastNamed: LastNamed): Speech[] {
  return new SpeechFinder(facts, data, lastNamed).find()
}

class SpeechFinder {
  readonly #facts: SpeechFacts
  readonly #tokens: readonly Token[]
  readonly #parsed: Parsed
  readonly #data: ReaderData
  readonly #lastNamed: LastNamed

  constructor(facts: SpeechFacts, data: ReaderData, lastNamed: LastNamed) {
    this.#facts = facts
    this.#tokens = facts.sentence.tokens
    this.#parsed = facts.parsed
    this.#data = data
    this.#lastNamed = lastNamed
  }

  find(): Speech[] {
    const found: Speech[] = []
    for (const clause of this.#parsed.clauses) {
      const speech = this.#readClause(clause)
      if (speech) found.push(speech)
    }
    const according = this.#readAccordingTo()
    if (according) found.push(according)
    found.push(...this.#readDocuments(found))
    return found.toSorted((a, b) => a.start - b.start)
  }

  #readClause(clause: Clause): Speech | null {
    const { verb } = clause
    if (!this.#data.saying.verbs.includes(verb.lemma)) return null
    if (
      this.#facts.sentence.isQuestion ||
      clause.link === 'condition' ||
      clause.hasNegativeSubject ||
      verb.isNegated ||
      verb.isDoubtful ||
      verb.tense === 'modal' ||
      verb.tense === 'infinitive' ||
      verb.tense === 'base'
    )
      return null
    if (this.#data.saying.onlyLinked.has(verb.lemma) && !this.#isLinked(clause)) return null
    if (verb.isPassive) return null
    if (verb.tense === 'ing' && verb.from === verb.at) return null
    const posted = this.#findSubjectBehind(clause)
    const subject = posted ?? (clause.link === 'infinitive' ? null : clause.subject)
    if (!subject) return null
    const speaker = this.#findSpeaker(subject, clause)
    if (!speaker) return null
    const date =
      this.#facts.dates.find(
        (one) =>
          one.start >= (this.#tokens[clause.from]?.start ?? 0) &&
          one.end <= (this.#tokens[clause.to - 1]?.end ?? 0),
      ) ?? null
    return {
      start: Math.min(this.#tokens[subject.from]?.start ?? 0, this.#tokens[verb.from]?.start ?? 0),
      end: Math.max(this.#tokens[subject.to - 1]?.baseEnd ?? 0, this.#tokens[verb.at]?.end ?? 0),
      sentence: this.#facts.number,
      ...speaker,
      addressee: this.#findAddressee(clause),
      verb: this.#tokens[verb.at]?.text ?? '',
      isDenial: this.#data.doubt.denials.has(verb.lemma),
      date,
      said: this.#findSaid(clause),
    }
  }

  /** "Documents released to a committee ... show that", "In the memo, Morgan said". */
  #readDocuments(found: readonly Speech[]): Speech[] {
    const { documents, documentVerbs, documentPublications } = this.#data.saying
    const { chunks } = this.#parsed
    const chunk = chunks.find(({ head }) => documents.has(head))
    if (!chunk || chunk.from > 6) return []
    const sentenceEnd = this.#facts.sentence.end
    if (chunk.preposition === 'in' && this.#tokens[chunk.to]?.text === ',') {
      const spoken = found.find(({ speaker }) => speaker !== null)
      if (!spoken) return []
      return [this.#createDocument(chunk, spoken.verb, { start: spoken.end, end: sentenceEnd })]
    }
    const isAfterDateline = /^[-–—]+$/.test(this.#tokens[chunk.from - 1]?.text ?? '')
    if (chunk.preposition !== null || (chunk !== chunks[0] && !isAfterDateline)) return []
    const isOther = found.some(({ start }) => start === this.#tokens[chunk.from]?.start)
    const verb = this.#tokens.findIndex(({ key }, at) => at >= chunk.to && documentVerbs.has(key))
    const [between] = this.#tokens.slice(chunk.to, verb)
    // The verb is of the document where nothing else before it can be its subject.
    const isOwn = between === undefined || documentPublications.has(between.key)
    if (verb < 0 || isOther || !isOwn) return []
    const said = { start: this.#tokens[verb]?.end ?? 0, end: sentenceEnd }
    return [this.#createDocument(chunk, this.#tokens[verb]?.text ?? '', said)]
  }

  #createDocument(chunk: Chunk, verb: string, said: Speech['said']): Speech {
    const start = this.#tokens[chunk.from]?.start ?? 0
    const end = this.#tokens[chunk.to - 1]?.baseEnd ?? 0
    return {
      start,
      end,
      sentence: this.#facts.number,
      ...this.#createSpeakingDocument(this.#facts.body.slice(start, end)),
      addressee: null,
      verb,
      isDenial: false,
      date: null,
      said,
    }
  }

  /** It stands beside a quotation, "that", or a comma that parts it from what is said. */
  #isLinked({ verb, from, to, index }: Clause): boolean {
    const next = this.#parsed.clauses[index + 1]
    if (next?.link === 'that') return true
    if (next?.verb.tense === 'ing' && this.#data.doubt.denials.has(verb.lemma)) return true
    const after = this.#tokens[verb.to]?.text ?? ''
    const hasQuote = this.#tokens.slice(from, to).some(({ text }) => /^[“”"«»]$/.test(text))
    return (
      hasQuote ||
      /^[,:“"«]$/.test(after) ||
      this.#tokens[from]?.text === ',' ||
      (this.#data.doubt.denials.has(verb.lemma) &&
        this.#data.doubt.denialObjects.has(this.#getObjectHead(verb.to)))
    )
  }

  #getObjectHead(at: number): string {
    return this.#parsed.chunks.find((chunk) => chunk.from >= at)?.head ?? ''
  }

  /** `"...," said Morgan` */
  #findSubjectBehind({ verb, hasOwnSubject }: Clause): Chunk | null {
    if (this.#data.saying.neverBeforeSpeaker.has(verb.lemma) || hasOwnSubject) return null
    const before_ = this.#tokens[verb.from - 1]
    if (before_ && !/^[,”"»?!’]$/.test(before_.text)) return null
    const next = this.#parsed.chunks.find(
      (chunk) =>
        chunk.from === verb.to ||
        (chunk.from === verb.to + 1 && this.#tokens[verb.to]?.text === '“'),
    )
    return next &&
      !next.preposition &&
      (next.actors.length > 0 || this.#data.saying.unnamed.has(next.head))
      ? next
      : null
  }

  #findSpeaker(
    subject: Chunk,
    clause: Clause,
  ): Pick<Speech, 'speaker' | 'speakerWords' | 'isDocument' | 'score'> | null {
    const words = this.#facts.body.slice(
      this.#tokens[subject.from]?.start ?? 0,
      this.#tokens[subject.to - 1]?.baseEnd ?? 0,
    )
    const spoken = { speakerWords: words, isDocument: false }
    const own = findChunkActor(subject)
    if (own) return this.#createNamed(own, words)
    // "the Folha newspaper reported"
    const paper = subject.actors.find(({ actor }) => actor.type === 'publisher')
    if (paper && this.#data.names.publisherNouns.has(subject.head))
      return this.#createNamed(paper, words)
    if (subject.isPronoun) {
      if (/^(he|she)$/.test(subject.head))
        return this.#lastNamed.person
          ? { ...spoken, speaker: this.#lastNamed.person.actor, score: 0.6 }
          : this.#createUnnamed(words)
      if (subject.head === 'it')
        return this.#lastNamed.actor
          ? { ...spoken, speaker: this.#lastNamed.actor.actor, score: 0.55 }
          : this.#createUnnamed(words)
      return null
    }
    // "a spokesman for the firm, Nikos Stavrou, said"
    const apposed = this.#findApposition(subject, clause)
    if (apposed) return this.#createNamed(apposed, words)
    const state = subject.actors.find(
      ({ form, actor, to }) =>
        actor.type === 'state' &&
        (form === 'adjective' || this.#tokens[to - 1]?.isPossessive === true),
    )
    if (state && /^(government|cabinet|authorities|parliament)$/.test(subject.head))
      return { ...spoken, speaker: state.actor, score: 0.7 }
    const before_ = this.#findNameBefore(subject)
    if (before_) return this.#createNamed(before_, words)
    if (
      this.#data.saying.unnamed.has(subject.head) ||
      this.#data.saying.unnamed.has(this.#findUnnamedNoun(subject))
    )
      return this.#createUnnamed(this.#getPhrase(subject, words))
    return this.#data.saying.documents.has(subject.head)
      ? this.#createSpeakingDocument(words)
      : null
  }

  /** "Kelsey Gallagher, a researcher with X says": the aside is not closed. */
  #findNameBefore(subject: Chunk): ActorSpan | null {
    if (this.#tokens[subject.from - 1]?.text !== ',') return null
    return (
      this.#facts.actors.find(
        (one) => one.to === subject.from - 1 && one.actor.type === 'person',
      ) ?? null
    )
  }

  #findUnnamedNoun(subject: Chunk): string {
    return (
      this.#tokens
        .slice(subject.from, subject.to)
        .find(({ key }) => this.#data.saying.unnamed.has(key))?.key ?? ''
    )
  }

  /** "a diplomat in Vienna" with what stands behind it. */
  #getPhrase(subject: Chunk, words: string): string {
    const next = this.#parsed.chunks.find(
      (chunk) => chunk.from === subject.to + 1 && chunk.preposition,
    )
    return next
      ? this.#facts.body.slice(
          this.#tokens[subject.from]?.start ?? 0,
          this.#tokens[next.to - 1]?.baseEnd ?? 0,
        )
      : words
  }

  #createNamed(span: ActorSpan, words: string) {
    const score = span.form === 'short' ? 0.85 : 0.9
    return { speaker: span.actor, speakerWords: words, isDocument: false, score }
  }

  #createUnnamed(words: string) {
    return { speaker: null, speakerWords: words, isDocument: false, score: 0.8 }
  }

  #createSpeakingDocument(words: string) {
    return { ...this.#createUnnamed(words), isDocument: true }
  }

  #findApposition(subject: Chunk, { verb }: Clause): ActorSpan | null {
    const between = this.#facts.actors.filter(
      (one) => one.from >= subject.to && one.to <= verb.from && one.actor.type === 'person',
    )
    const last = between.at(-1)
    if (!last) return null
    const [open, close] = [this.#tokens[last.from - 1]?.text, this.#tokens[last.to]?.text]
    return open === ',' && (close === ',' || last.to === verb.from) ? last : null
  }

  #findAddressee({ verb }: Clause): Speech['addressee'] {
    if (!this.#data.saying.withAddressee.has(verb.lemma)) return null
    const chunk = this.#parsed.chunks.find(
      (one) => one.from === verb.to || one.from === verb.to + 1,
    )
    return (chunk && !chunk.preposition && findChunkActor(chunk)?.actor) || null
  }

  #findSaid(clause: Clause): Speech['said'] {
    const next = this.#parsed.clauses[clause.index + 1]
    if (next?.link === 'that')
      return { start: this.#tokens[next.from]?.start ?? 0, end: this.#facts.sentence.end }
    const start = this.#tokens[clause.from]?.start ?? 0
    return start > this.#facts.sentence.start
      ? { start: this.#facts.sentence.start, end: start }
      : null
  }

  /** "according to X" */
  #readAccordingTo(): Speech | null {
    for (const [index, token] of this.#tokens.entries()) {
      const phrase_ = this.#data.saying.accordingTo.find((words) =>
        words.split(' ').every((word, at) => this.#tokens[index + at]?.key === word),
      )
      if (!phrase_) continue
      const at = index + phrase_.split(' ').length
      const chunk = this.#parsed.chunks.find((one) => one.from >= at && one.from <= at + 1)
      if (!chunk) return null
      const span = findChunkActor(chunk)
      const words = this.#facts.body.slice(
        this.#tokens[chunk.from]?.start ?? 0,
        this.#tokens[chunk.to - 1]?.baseEnd ?? 0,
      )
      const isDocument = this.#data.saying.documents.has(chunk.head)
      const unnamed = isDocument ? this.#createSpeakingDocument(words) : this.#createUnnamed(words)
      const who = span ? this.#createNamed(span, words) : unnamed
      return {
        start: token.start,
        end: this.#tokens[chunk.to - 1]?.baseEnd ?? token.end,
        sentence: this.#facts.number,
        ...who,
        addressee: null,
        verb: token.text,
        isDenial: false,
        date: null,
        said: { start: this.#facts.sentence.start, end: this.#facts.sentence.end },
      }
    }
    return null
  }
}
