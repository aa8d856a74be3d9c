import type { ReaderData } from '../data.ts'
import { actorOfChunk, type Chunk } from '../grammar/chunks.ts'
import type { Clause, Parsed } from '../grammar/clauses.ts'
import type { ActorSpan } from '../names/actors.ts'
import type { Sentence } from '../tokens.ts'
import type { FoundDate, Speech } from '../types.ts'

/** The last word of a document that says something. */
const documentWord =
  /^(documents?|memo|memorandum|report|reports|letter|letters|records?|data|emails?|files?|papers?|statement|study|footage|register|note)$/

type People = { person: ActorSpan | null; actor: ActorSpan | null }

/** Who is said to say something, sentence by sentence. Nobody is guessed: where no name is given, there is none. */
export function speechOf(
  body: string,
  sentence: Sentence,
  number: number,
  parsed: Parsed,
  actors: readonly ActorSpan[],
  dates: readonly FoundDate[],
  data: ReaderData,
  before: People,
): Speech[] {
  const { tokens } = sentence
  const found: Speech[] = []
  for (const clause of parsed.clauses) {
    const speech = ofClause(clause)
    if (speech) found.push(speech)
  }
  const according = accordingTo()
  if (according) found.push(according)
  found.push(...ofDocuments())
  return found.toSorted((a, b) => a.start - b.start)

  function ofClause(clause: Clause): Speech | null {
    const { verb } = clause
    if (!data.saying.verbs.includes(verb.lemma)) return null
    if (
      verb.isNegated ||
      verb.tense === 'modal' ||
      verb.tense === 'infinitive' ||
      verb.tense === 'base'
    )
      return null
    if (data.saying.onlyLinked.has(verb.lemma) && !isLinked(clause)) return null
    if (verb.isPassive) return null
    if (verb.tense === 'ing' && verb.from === verb.at) return null
    const posted = behind(clause)
    const subject = posted ?? (clause.link === 'infinitive' ? null : clause.subject)
    if (!subject) return null
    const speaker = speakerOf(subject, clause)
    if (!speaker) return null
    const date =
      dates.find(
        (one) =>
          one.start >= (tokens[clause.from]?.start ?? 0) &&
          one.end <= (tokens[clause.to - 1]?.end ?? 0),
      ) ?? null
    return {
      start: Math.min(tokens[subject.from]?.start ?? 0, tokens[verb.from]?.start ?? 0),
      end: Math.max(tokens[subject.to - 1]?.baseEnd ?? 0, tokens[verb.at]?.end ?? 0),
      sentence: number,
      ...speaker,
      addressee: addresseeOf(clause),
      verb: tokens[verb.at]?.text ?? '',
      isDenial: data.doubt.denials.has(verb.lemma),
      date,
      said: saidOf(clause),
    }
  }

  /** "Documents released to a committee ... show that", "In the memo, Morgan said". */
  function ofDocuments(): Speech[] {
    const chunk = parsed.chunks.find(({ head }) => documentWord.test(head))
    const [subject] = parsed.chunks
    if (!chunk || chunk.from > 6) return []
    if (chunk.preposition === 'in' && tokens[chunk.to]?.text === ',') {
      const spoken = found.find(({ speaker }) => speaker !== null)
      return spoken
        ? [ofDocument(chunk, spoken.verb, { start: spoken.end, end: sentence.end })]
        : []
    }
    const isAfterDateline = /^[-–—]+$/.test(tokens[chunk.from - 1]?.text ?? '')
    if (chunk.preposition !== null || (chunk !== subject && !isAfterDateline)) return []
    const isOther = found.some(({ start }) => start === tokens[chunk.from]?.start)
    const verb = tokens.findIndex(
      ({ key }, at) => at >= chunk.to && data.saying.documentVerbs.has(key),
    )
    const between = tokens.slice(chunk.to, verb)
    // The verb is of the document where nothing else before it can be its subject.
    const isOwn =
      between.length === 0 ||
      /^(released|obtained|seen|published|leaked|made)$/.test(between[0]?.key ?? '')
    if (verb < 0 || isOther || !isOwn) return []
    const said = { start: tokens[verb]?.end ?? 0, end: sentence.end }
    return [ofDocument(chunk, tokens[verb]?.text ?? '', said)]
  }

  function ofDocument(chunk: Chunk, verb: string, said: Speech['said']): Speech {
    const start = tokens[chunk.from]?.start ?? 0
    const end = tokens[chunk.to - 1]?.baseEnd ?? 0
    return {
      start,
      end,
      sentence: number,
      ...document(body.slice(start, end)),
      addressee: null,
      verb,
      isDenial: false,
      date: null,
      said,
    }
  }

  /** It stands beside a quotation, "that", or a comma that parts it from what is said. */
  function isLinked({ verb, from, to, index }: Clause): boolean {
    const next = parsed.clauses[index + 1]
    if (next?.link === 'that') return true
    if (next?.verb.tense === 'ing' && data.doubt.denials.has(verb.lemma)) return true
    const after = tokens[verb.to]?.text ?? ''
    const hasQuote = tokens.slice(from, to).some(({ text }) => /^[“”"«»]$/.test(text))
    return (
      hasQuote ||
      /^[,:“"«]$/.test(after) ||
      tokens[from]?.text === ',' ||
      (data.doubt.denials.has(verb.lemma) && data.doubt.denialObjects.has(objectHead(verb.to)))
    )
  }

  function objectHead(at: number): string {
    return parsed.chunks.find((chunk) => chunk.from >= at)?.head ?? ''
  }

  /** `"...," said Morgan` */
  function behind({ verb, hasOwnSubject }: Clause): Chunk | null {
    if (/^(tell|inform|ask|assure|warn)$/.test(verb.lemma) || hasOwnSubject) return null
    const before_ = tokens[verb.from - 1]
    if (before_ && !/^[,”"»?!’]$/.test(before_.text)) return null
    const next = parsed.chunks.find(
      (chunk) =>
        chunk.from === verb.to || (chunk.from === verb.to + 1 && tokens[verb.to]?.text === '“'),
    )
    return next &&
      !next.preposition &&
      (next.actors.length > 0 || data.saying.unnamed.has(next.head))
      ? next
      : null
  }

  function speakerOf(
    subject: Chunk,
    clause: Clause,
  ): Pick<Speech, 'speaker' | 'speakerWords' | 'isDocument' | 'score'> | null {
    const words = body.slice(tokens[subject.from]?.start ?? 0, tokens[subject.to - 1]?.baseEnd ?? 0)
    const spoken = { speakerWords: words, isDocument: false }
    const own = actorOfChunk(subject)
    if (own && own.actor.type !== 'publisher') return named(own, words)
    if (own) return named(own, words)
    // "the Folha newspaper reported"
    const paper = subject.actors.find(({ actor }) => actor.type === 'publisher')
    if (paper && data.names.publisherNouns.has(subject.head)) return named(paper, words)
    if (subject.isPronoun) {
      if (/^(he|she)$/.test(subject.head))
        return before.person
          ? { ...spoken, speaker: before.person.actor, score: 0.6 }
          : unnamed(words)
      if (subject.head === 'it')
        return before.actor
          ? { ...spoken, speaker: before.actor.actor, score: 0.55 }
          : unnamed(words)
      return null
    }
    // "a spokesman for the firm, Nikos Stavrou, said"
    const apposed = apposition(subject, clause)
    if (apposed) return named(apposed, words)
    const state = subject.actors.find(
      ({ form, actor, to }) =>
        actor.type === 'state' && (form === 'adjective' || tokens[to - 1]?.isPossessive === true),
    )
    if (state && /^(government|cabinet|authorities|parliament)$/.test(subject.head))
      return { ...spoken, speaker: state.actor, score: 0.7 }
    const before_ = nameBefore(subject)
    if (before_) return named(before_, words)
    if (data.saying.unnamed.has(subject.head) || data.saying.unnamed.has(firstNoun(subject)))
      return unnamed(phrase(subject, words))
    return documentWord.test(subject.head) ? document(words) : null
  }

  /** "Kelsey Gallagher, a researcher with X says": the aside is not closed. */
  function nameBefore(subject: Chunk): ActorSpan | null {
    if (tokens[subject.from - 1]?.text !== ',') return null
    return actors.find((one) => one.to === subject.from - 1 && one.actor.type === 'person') ?? null
  }

  function firstNoun(subject: Chunk): string {
    return (
      tokens.slice(subject.from, subject.to).find(({ key }) => data.saying.unnamed.has(key))?.key ??
      ''
    )
  }

  /** "a diplomat in Vienna" with what stands behind it. */
  function phrase(subject: Chunk, words: string): string {
    const next = parsed.chunks.find((chunk) => chunk.from === subject.to + 1 && chunk.preposition)
    return next
      ? body.slice(tokens[subject.from]?.start ?? 0, tokens[next.to - 1]?.baseEnd ?? 0)
      : words
  }

  function named(span: ActorSpan, words: string) {
    const score = span.form === 'short' ? 0.85 : 0.9
    return { speaker: span.actor, speakerWords: words, isDocument: false, score }
  }

  function unnamed(words: string) {
    return { speaker: null, speakerWords: words, isDocument: false, score: 0.8 }
  }

  function document(words: string) {
    return { ...unnamed(words), isDocument: true }
  }

  function apposition(subject: Chunk, { verb }: Clause): ActorSpan | null {
    const between = actors.filter(
      (one) => one.from >= subject.to && one.to <= verb.from && one.actor.type === 'person',
    )
    const last = between.at(-1)
    if (!last) return null
    const [open, close] = [tokens[last.from - 1]?.text, tokens[last.to]?.text]
    return open === ',' && (close === ',' || last.to === verb.from) ? last : null
  }

  function addresseeOf({ verb }: Clause): Speech['addressee'] {
    if (!/^(tell|inform|assure|warn|ask|remind|promise)$/.test(verb.lemma)) return null
    const chunk = parsed.chunks.find((one) => one.from === verb.to || one.from === verb.to + 1)
    return (chunk && !chunk.preposition && actorOfChunk(chunk)?.actor) || null
  }

  function saidOf(clause: Clause): Speech['said'] {
    const next = parsed.clauses[clause.index + 1]
    if (next?.link === 'that') return { start: tokens[next.from]?.start ?? 0, end: sentence.end }
    const start = tokens[clause.from]?.start ?? 0
    return start > sentence.start ? { start: sentence.start, end: start } : null
  }

  /** "according to X" */
  function accordingTo(): Speech | null {
    for (const [index, token] of tokens.entries()) {
      const phrase_ = data.saying.accordingTo.find((words) =>
        words.split(' ').every((word, at) => tokens[index + at]?.key === word),
      )
      if (!phrase_) continue
      const at = index + phrase_.split(' ').length
      const chunk = parsed.chunks.find((one) => one.from >= at && one.from <= at + 1)
      if (!chunk) return null
      const span = actorOfChunk(chunk)
      const words = body.slice(tokens[chunk.from]?.start ?? 0, tokens[chunk.to - 1]?.baseEnd ?? 0)
      const isDocument = documentWord.test(chunk.head)
      const who = span ? named(span, words) : isDocument ? document(words) : unnamed(words)
      return {
        start: token.start,
        end: tokens[chunk.to - 1]?.baseEnd ?? token.end,
        sentence: number,
        ...who,
        addressee: null,
        verb: token.text,
        isDenial: false,
        date: null,
        said: { start: sentence.start, end: sentence.end },
      }
    }
    return null
  }
}
