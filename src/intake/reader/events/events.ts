import type { Frame, ReaderData } from '../data.ts'
import { type Chunk, findChunkActor } from '../grammar/chunks.ts'
import type { Clause, Parsed } from '../grammar/clauses.ts'
import type { ActorSpan } from '../names/actors.ts'
import type { GoodSpan } from '../names/goods.ts'
import type { Sentence, Token } from '../tokens.ts'
import type {
  ActorType,
  FoundDate,
  Money,
  Participant,
  Quantity,
  ReadEvent,
  Speech,
} from '../types.ts'
import { indexGoodsNouns, parseFigure, readNumber } from '../values/amounts.ts'
import type { Memory, Thing } from './memory.ts'

/** All that was found in one sentence before its events. Offsets are UTF-16 units. */
export type SentenceFacts = {
  body: string
  number: number
  sentence: Sentence
  parsed: Parsed
  actors: readonly ActorSpan[]
  goods: readonly GoodSpan[]
  dates: readonly FoundDate[]
  money: readonly Money[]
  quantities: readonly Quantity[]
  speech: readonly Speech[]
}

type Doer = { span: ActorSpan | null; others: ActorSpan[]; penalty: number; reason: string | null }
const nobody: Doer = { span: null, others: [], penalty: 0.2, reason: 'who did it is not said here' }

const decisions = new Set(['permit-decision', 'measure-decision'])

/** Finds what the frames of frames.yaml say has happened, clause by clause. */
export function findEvents(facts: SentenceFacts, data: ReaderData, memory: Memory): ReadEvent[] {
  return new EventFinder(facts, data, memory).read()
}

class EventFinder {
  readonly #facts: SentenceFacts
  readonly #tokens: readonly Token[]
  readonly #data: ReaderData
  readonly #memory: Memory
  readonly #events: ReadEvent[] = []
  readonly #units: ReadonlyMap<string, string>

  constructor(facts: SentenceFacts, data: ReaderData, memory: Memory) {
    this.#facts = facts
    this.#tokens = facts.sentence.tokens
    this.#data = data
    this.#memory = memory
    this.#units = indexGoodsNouns(data.goods)
  }

  read(): ReadEvent[] {
    for (const clause of this.#facts.parsed.clauses) {
      const event = this.#readClause(clause)
      if (event) this.#events.push(event)
      const thing = this.#findThing(clause)
      if (thing) this.#memory.thing = thing
    }
    if (!this.#facts.sentence.isQuestion) this.#readNouns()
    return this.#events
  }

  #readClause(clause: Clause): ReadEvent | null {
    if (clause.notDone !== null) return null
    const ended = this.#readEndedPermits(clause) ?? this.#readSurfacedReport(clause)
    if (ended) return ended
    for (const frame of this.#data.frames.frames) {
      const end = this.#findVerbEnd(frame, clause)
      if (end === null) continue
      const event = this.#applyFrame(frame, clause, end)
      if (event) return event
    }
    return null
  }

  /** Where the verb of a frame ends in a clause, with its particles ("turn down"); null where it is another verb. */
  #findVerbEnd(frame: Frame, { verb, to }: Clause): number | null {
    for (const phrase of frame.verbs) {
      const [lemma, ...particles] = phrase.split(' ')
      if (lemma !== verb.lemma) continue
      if (particles.length === 0) return verb.to
      const direct = particles.every((word, at) => this.#tokens[verb.to + at]?.key === word)
      if (direct) return verb.to + particles.length
      // "put the licence on hold", "hand a system over".
      const limit = Math.min(to, verb.to + 9)
      for (let at = verb.to; at < limit; at += 1)
        if (
          particles.every((word, n) => this.#tokens[at + n]?.key === word) &&
          !/^(for|to|on)$/.test(particles.join(' '))
        )
          return verb.to
    }
    return null
  }

  /** "stopped issuing licences for Turkey": a measure of the one who stopped. */
  #readEndedPermits(clause: Clause): ReadEvent | null {
    const { endings, classes } = this.#data.frames
    const next = this.#facts.parsed.clauses[clause.index + 1]
    if (!endings.verbs.includes(clause.verb.lemma) || clause.verb.isPassive) return null
    if (
      next?.verb.tense !== 'ing' ||
      next.verb.from > clause.verb.to + 1 ||
      !endings.of.includes(next.verb.lemma)
    )
      return null
    const object = this.#listChunksAfter(next.verb.to)[0]
    if (!object || !this.#hasClass(object, classes.licence ?? [])) return null
    const doer = this.#findDoer(clause)
    const target = this.#findActorAfter(/^(for|to)$/, next.verb.to, next.to, [
      'state',
      'armed-force',
    ])
    const date = this.#findDate(clause) ?? this.#findDateIn(next, next.verb.at)
    const event = this.#createEvent({
      clause,
      frame: { type: 'measure-decision', becomes: 'imposed', form: 'presumptive-denial' },
      doer: { ...doer, span: doer.span },
      role: 'imposer',
      others: target ? [createParticipant(target, 'target')] : [],
      range: [clause.from, next.to],
      object,
    })
    return { ...event, date }
  }

  /** "after reports surfaced": a report, by whom is open. */
  #readSurfacedReport(clause: Clause): ReadEvent | null {
    const { subject, verb } = clause
    const { classes } = this.#data.frames
    if (!subject || verb.isPassive || !/^(surface|emerge)$/.test(verb.lemma)) return null
    if (!this.#hasClass(subject, classes.report ?? [])) return null
    const frame = { type: 'report', becomes: undefined, form: undefined }
    const range = [clause.from, clause.to] as const
    return this.#createEvent({
      clause,
      frame,
      doer: nobody,
      role: 'reporter',
      others: [],
      range,
      object: subject,
    })
  }

  #applyFrame(frame: Frame, given: Clause, end: number): ReadEvent | null {
    const clause = this.#passiveOfReleased(frame, given, end) ?? given
    const { verb } = clause
    const after = this.#listChunksAfter(end, clause)
    const [first, second] = after
    const isDouble =
      first !== undefined &&
      second !== undefined &&
      first.preposition === null &&
      second.preposition === null &&
      (findChunkActor(first) !== null || this.#data.frames.verbsOfTwoObjects.has(verb.lemma)) &&
      !second.isPronoun &&
      second.from === first.to
    const joined = isDouble ? null : this.#splitDoubleObject(first)
    // "was granted a licence": what is granted stands behind the verb.
    const isRecipientPassive =
      verb.isPassive &&
      first !== undefined &&
      first.preposition === null &&
      frame.object !== undefined &&
      this.#isObject(frame.object, first)
    let object: Chunk | null =
      verb.isPassive && !isRecipientPassive
        ? (clause.subject ?? this.#findBeforeParticiple(clause))
        : (joined?.object ?? (isDouble ? second : first) ?? null)
    if (
      !verb.isPassive &&
      clause.link === 'relative' &&
      clause.hasOwnSubject &&
      !this.#isEvaluated(clause)
    )
      object = clause.antecedent
    if (
      object?.preposition &&
      object !== clause.subject &&
      object !== clause.antecedent &&
      !(verb.isPassive && object.to === verb.from) &&
      frame.object
    ) {
      const takes = frame.verbs.some((phrase) => phrase.split(' ').at(-1) === object?.preposition)
      const isWith = object.preposition === 'with' && /^(supply|provide)$/.test(verb.lemma)
      if (!takes && !isWith && object.preposition !== 'of') return null
    }
    if (frame.forObject && after.find((chunk) => chunk.preposition === 'for')?.isPronoun)
      return null
    if (frame.forObject) object = after.find((chunk) => chunk.preposition === 'for') ?? null
    // "supplied Chad with vehicles": the goods stand behind "with".
    const supplied = /^(supply|provide)$/.test(verb.lemma)
      ? after.find((chunk) => chunk.preposition === 'with')
      : undefined
    const receiver = verb.isPassive ? clause.subject : (first ?? null)
    const isSupplied =
      supplied !== undefined &&
      receiver !== null &&
      receiver.preposition === null &&
      this.#isGoods(supplied)
    if (isSupplied) object = supplied
    // "Spain denies it": it says that it is not so.
    if (
      frame.becomes === 'refused' &&
      object?.isPronoun &&
      this.#data.doubt.denials.has(verb.lemma)
    )
      return null
    const classes = frame.forObject ?? frame.object
    if (frame.singular && object && /s$/.test(object.head)) return null
    if (classes && (!object || !this.#isObject(classes, object))) return null
    if (verb.lemma === 'announce' && object && this.#tokens[object.to]?.key === 'of') return null
    const named = verb.isPassive ? this.#findDoerAfterBy(clause, end) : this.#findDoer(clause)
    const doer = named === nobody ? this.#findSharedDoer(frame, clause) : named
    if (!this.#canDo(frame, doer) || !this.#mayDecide(frame, clause, doer)) return null
    const recipient = isDouble
      ? findChunkActor(first)
      : (joined?.actor ??
        ((isRecipientPassive || isSupplied) && receiver
          ? this.#resolveActor(receiver).span
          : null) ??
        (isRecipientPassive && clause.subject ? this.#resolveActor(clause.subject).span : null))
    const built = this.#buildEvent(frame, clause, { doer, object, recipient, end, after })
    return built
  }

  /** "approved by X in 2015 and revoked a year later": both by X. */
  #findSharedDoer(frame: Frame, clause: Clause): Doer {
    const { link, parent, verb, hasOwnSubject } = clause
    if (link !== 'coordinate' || hasOwnSubject || !verb.isPassive || !parent?.verb.isPassive)
      return this.#findIssuerOfSame(frame, clause)
    const doer = this.#findDoerAfterBy(parent, parent.verb.to)
    if (!doer.span) return nobody
    return {
      ...doer,
      penalty: doer.penalty + 0.1,
      reason: `"by ${doer.span.actor.name}" stands for both`,
    }
  }

  /** "Norway revoked a licence that had been granted in 2017": by Norway, whose licence it is. */
  #findIssuerOfSame(frame: Frame, { link, parent, verb }: Clause): Doer {
    const isSame = (link === 'relative' || link === 'reduced') && verb.isPassive
    if (!isSame || !parent || frame.type !== 'permit-decision') return nobody
    const at = this.#createTrigger(parent.verb.at).start
    const decision = this.#events.find(
      ({ type, trigger }) => type === 'permit-decision' && trigger.start === at,
    )
    const issuer = decision?.participants.find(({ role }) => role === 'issuer')
    const span = this.#facts.actors.find(({ start }) => start === issuer?.start)
    // A court annuls what others have issued.
    const isOther =
      span?.actor.type !== 'state' &&
      !/ministry|department|agency|office|bafa|uama/i.test(span?.actor.name ?? '')
    if (!span || isOther) return nobody
    return {
      span,
      others: [],
      penalty: 0.15,
      reason: `${span.actor.name} decides on these permits`,
    }
  }

  /** "Documents released to a committee show": they did not release anything. */
  #passiveOfReleased(frame: Frame, clause: Clause, end: number): Clause | null {
    const { verb } = clause
    const [first] = this.#listChunksAfter(end, clause)
    if (frame.type !== 'disclosure' || verb.isPassive || verb.from !== verb.at) return null
    if (first && !first.preposition) return null
    const subject = this.#facts.parsed.chunks.find((chunk) => chunk.to === verb.from)
    if (!subject || !this.#hasClass(subject, this.#data.frames.classes.document ?? [])) return null
    return { ...clause, subject, verb: { ...verb, isPassive: true } }
  }

  /** "it's absurd that Canada barred": no clause about a noun before it. */
  #isEvaluated({ from, linkWord }: Clause): boolean {
    const [adjective, be] = [this.#tokens[from - 1], this.#tokens[from - 2]]
    return (
      linkWord === 'that' &&
      this.#data.doubt.factualAdjectivesBeforeThat.has(adjective?.key ?? '') &&
      /(^|['’])(s|is|was)$/.test(be?.text ?? '')
    )
  }

  /** "drones being operated by X": the drones. */
  #findBeforeParticiple({ link, verb }: Clause): Chunk | null {
    if (link !== 'ing' && link !== 'reduced') return null
    return this.#facts.parsed.chunks.find((chunk) => chunk.to === verb.from) ?? null
  }

  /** "granted Kivimaa Oy a licence" as one phrase: the name, then what it gets. */
  #splitDoubleObject(chunk: Chunk | undefined): { actor: ActorSpan; object: Chunk } | null {
    const span = chunk?.actors.find(({ from, form }) => from === chunk.from && form !== 'adjective')
    if (!chunk || !span || chunk.preposition || span.to >= chunk.to) return null
    const next = this.#tokens[span.to]
    if (!next || this.#tokens[span.to - 1]?.isPossessive) return null
    if (
      !/^(a|an|the|its|their|one|two|three|four|five|six|seven|eight|nine|ten|several|some|\d[\d,.]*)$/.test(
        next.key,
      ) &&
      next.kind !== 'number'
    )
      return null
    return {
      actor: span,
      object: {
        ...chunk,
        from: span.to,
        actors: chunk.actors.filter(({ from }) => from >= span.to),
      },
    }
  }

  /** "Protesters blocked the delivery": who has no name must at least be an authority. */
  #mayDecide(frame: Frame, { subject, verb }: Clause, { span }: Doer): boolean {
    if (
      !decisions.has(frame.type) ||
      span ||
      verb.isPassive ||
      !subject ||
      subject.isPronoun ||
      frame.doer === 'exporter'
    )
      return true
    const { governments, standIns } = this.#data.frames
    const { names } = this.#data
    const head = subject.head.split('-').at(-1) ?? ''
    const isNoun = (word: string) =>
      governments.has(word) ||
      standIns['public-body']?.has(word) === true ||
      names.posts.has(word) ||
      names.bodyWords.has(word)
    return (
      isNoun(head) ||
      isNoun(head.replace(/s$/, '')) ||
      subject.actors.length > 0 ||
      this.#data.frames.authorityPlurals.has(head)
    )
  }

  #canDo(frame: Frame, { span }: Doer): boolean {
    if (!span) return true
    const { type } = span.actor
    if (frame.doerTypes) return frame.doerTypes.includes(type)
    if (decisions.has(frame.type))
      return frame.type === 'measure-decision'
        ? type !== 'publisher' && type !== 'armed-force'
        : type !== 'company' && type !== 'publisher' && type !== 'armed-force'
    if (frame.type === 'application') return type !== 'state' && type !== 'publisher'
    return true
  }

  #buildEvent(
    frame: Frame,
    clause: Clause,
    found: {
      doer: Doer
      object: Chunk | null
      recipient: ActorSpan | null
      end: number
      after: Chunk[]
    },
  ): ReadEvent | null {
    const { doer, object, recipient, end, after } = found
    const range = this.#findRange(clause)
    const others: Participant[] = []
    const add = (role: string, span: ActorSpan | null) => {
      if (
        span &&
        span.actor !== doer.span?.actor &&
        !others.some((one) => one.actor === span.actor)
      )
        others.push(createParticipant(span, role))
    }
    if (frame.type === 'measure-decision')
      add(
        'target',
        this.#findActorAfter(
          /^(on|against|to|for|with|from)$/,
          this.#objectStart(object, range),
          range[1],
          ['state', 'armed-force', 'organisation'],
        ),
      )
    if (frame.type === 'delivery' || frame.type === 'transfer') {
      const from = this.#findActorAfter(/^from$/, end, range[1], [
        'state',
        'company',
        'armed-force',
      ])
      if (frame.doer === 'consignee') add('supplier', from)
      else
        add(
          'consignee',
          recipient ??
            this.#findActorAfter(/^(to)$/, end, range[1], [
              'state',
              'company',
              'armed-force',
              'public-body',
              'organisation',
            ]),
        )
      if (!this.#isRealDelivery(frame, doer, others, object, clause)) return null
    }
    if (frame.type === 'permit-decision') add('consignee', this.#findConsignee(range, doer))
    if (frame.from === 'issuer')
      add('issuer', this.#findActorAfter(/^(from|by)$/, end, range[1], ['state', 'public-body']))
    if (frame.type === 'use') {
      add(
        'opponent',
        this.#findActorAfter(/^against$/, end, range[1], [
          'state',
          'armed-force',
          'organisation',
        ]) ?? this.#findAdjectiveAfterAgainst(end, range[1]),
      )
      if (!this.#isUseOfGoods(object)) return null
    }
    if (frame.type === 'recommendation')
      add(
        'addressee',
        this.#findActorAfter(/^to$/, end, range[1], ['state', 'public-body', 'person', 'company']),
      )
    if (frame.type === 'disclosure')
      add(
        'addressee',
        this.#findActorAfter(/^to$/, end, range[1], [
          'public-body',
          'organisation',
          'person',
          'publisher',
          'state',
        ]),
      )
    if (frame.type === 'application')
      add('addressee', this.#findActorAfter(/^(to|with)$/, end, range[1], ['state', 'public-body']))
    if (frame.type === 'assurance' && !frame.direct)
      add(
        'addressee',
        this.#findActorAfter(/^to$/, end, range[1], [
          'state',
          'public-body',
          'person',
          'organisation',
        ]),
      )
    if (frame.type === 'inquiry' && frame.object)
      add(
        'subject',
        this.#findActorAfter(/^(against|into|of)$/, end, range[1], [
          'company',
          'person',
          'state',
          'public-body',
          'armed-force',
        ]),
      )
    if (frame.direct && !this.#addDirectRole(frame, clause, end, after, add)) return null
    if (!this.#isComplete(frame, doer, others, object, clause)) return null
    return this.#createEvent({
      clause,
      frame,
      doer,
      role: frame.doer ?? 'subject',
      others,
      range,
      object,
      recipient,
    })
  }

  /** A request is one where somebody is asked for something: "asked Belgium not to approve". */
  #addDirectRole(
    frame: Frame,
    clause: Clause,
    end: number,
    after: readonly Chunk[],
    add: (role: string, span: ActorSpan | null) => void,
  ): boolean {
    const particle = this.#tokens[end - 1]?.key
    // "called on Manila to": the word belongs to the verb.
    const isDirect = (chunk: Chunk) =>
      !chunk.preposition || (chunk.preposition === particle && end > clause.verb.to)
    const [first] = clause.verb.isPassive && clause.subject ? [clause.subject] : after
    const span = first && isDirect(first) ? this.#resolveActor(first).span : null
    if (span) add(frame.direct ?? 'addressee', span)
    if (clause.verb.isPassive && clause.subject)
      add(frame.direct ?? 'addressee', this.#resolveActor(clause.subject).span)
    const pledges =
      frame.type === 'assurance' &&
      /^(pledge|guarantee|assure)$/.test(clause.verb.lemma) &&
      this.#facts.parsed.clauses[clause.index + 1]?.link === 'that'
    if (
      pledges &&
      /^(state|company|public-body|armed-force)$/.test(
        this.#findDoer(clause).span?.actor.type ?? '',
      )
    )
      return true
    if (!frame.needsLink)
      return (
        frame.type !== 'inquiry' || span !== null || (first !== undefined && !first.preposition)
      )
    if (!first || !isDirect(first)) return false
    const next = this.#facts.parsed.clauses[clause.index + 1]
    const start = Math.max(first.to, clause.verb.to)
    const follows = this.#tokens.slice(start, start + 9).map(({ key }) => key)
    const [word = ''] = follows.filter((key) => !/^(on|over)$/.test(key))
    if (/^(whether|if|why|how|about|what|when|where|who)$/.test(word)) return false
    const isToOrFor =
      follows.some((key, at) => /^(to|for|that)$/.test(key) && at < 8) || next?.link === 'that'
    if (frame.type === 'assurance')
      return (
        span !== null &&
        (next?.link === 'that' || follows.includes('that') || follows.includes('of'))
      )
    if (clause.verb.lemma === 'request') return span !== null || isToOrFor
    return isToOrFor && (span !== null || this.#data.frames.requestAddressees.has(first.head))
  }

  #isRealDelivery(
    frame: Frame,
    doer: Doer,
    others: readonly Participant[],
    object: Chunk | null,
    clause: Clause,
  ): boolean {
    if (!object) return false
    const isVague = this.#data.goods.vague.has(this.#units.get(object.head) ?? object.head)
    const hasGood = this.#listGoodsIn(object).length > 0
    const names = (doer.span ? 1 : 0) + others.length
    const isCompanyAbstract =
      frame.verbs.includes(clause.verb.lemma) && object.isPronoun && names < 2
    if (isCompanyAbstract && frame.doer !== 'consignee')
      return names > 0 && clause.verb.lemma !== 'send'
    if (names === 0)
      return hasGood || (clause.verb.isPassive && !isVague && clause.verb.lemma !== 'send')
    return !isVague || hasGood || names >= 2 || this.#isMeasured(object)
  }

  #isMeasured(object: Chunk): boolean {
    return this.#tokens
      .slice(object.from, object.to)
      .some(({ kind, key }) => kind === 'number' || key in this.#data.goods.numbers)
  }

  /** Weapons are used; a park is not. */
  #isUseOfGoods(object: Chunk | null): boolean {
    if (!object) return false
    if (object.isPronoun) return this.#memory.thing?.kind === 'goods'
    const unit = this.#units.get(object.head) ?? object.head
    return this.#listGoodsIn(object).length > 0 || !this.#data.goods.vague.has(unit)
  }

  #isComplete(
    frame: Frame,
    doer: Doer,
    others: readonly Participant[],
    object: Chunk | null,
    clause: Clause,
  ): boolean {
    const isEmptyPermit =
      frame.type === 'permit-decision' &&
      clause.link === 'reduced' &&
      this.#isEmptyPermit(clause, doer, object)
    if (frame.type === 'request')
      return (
        doer.span !== null ||
        others.length > 0 ||
        /^(we|i|committee|parliament)$/.test(clause.subject?.head ?? '')
      )
    if (frame.type === 'assurance') return doer.span !== null || others.length > 0
    if (frame.type === 'application')
      return (
        doer.span !== null ||
        (this.#data.frames.standIns.company?.has(clause.subject?.head ?? '') ?? false)
      )
    if (frame.type === 'report' || frame.type === 'inquiry')
      return (
        doer.span !== null ||
        (frame.type === 'inquiry' && doer.reason !== nobody.reason) ||
        (frame.type === 'inquiry' && this.#hasAuthorityAsSubject(clause))
      )
    if (frame.type === 'disclosure')
      return (
        doer.span !== null ||
        others.length > 0 ||
        this.#hasAuthorityAsSubject(clause) ||
        this.#isGivenAway(clause)
      )
    if (isEmptyPermit) return false
    if (frame.type === 'recommendation')
      return (
        doer.span !== null || doer.reason !== nobody.reason || this.#hasAuthorityAsSubject(clause)
      )
    if (frame.type === 'measure-decision' && frame.becomes === 'imposed') {
      const isExport = frame.form === 'suspension'
      if (
        others.length === 0 &&
        !(
          doer.span !== null &&
          (this.#isNamed(object) || isExport || this.#isArms(object ?? { from: 0, to: 0 }))
        )
      )
        return false
      return !isExport || others.length > 0 || (object !== null && this.#isArms(object))
    }
    if (frame.type === 'measure-decision')
      return doer.span !== null || others.length > 0 || this.#isNamed(object)
    return true
  }

  /** "licences granted": of whom, to whom and when is not said. */
  #isEmptyPermit(clause: Clause, doer: Doer, object: Chunk | null): boolean {
    const facts = this.#readPermitFacts(clause, object, this.#findRange(clause), null, doer)
    return (
      !doer.span &&
      facts.destinations.length === 0 &&
      !facts.exporter &&
      facts.count === null &&
      this.#findDate(clause) === null &&
      this.#readPermitNumber(this.#findRange(clause), object) === null
    )
  }

  /** "documents released to a committee": who did it is open, but not that it was done. */
  #isGivenAway({ verb, to }: Clause): boolean {
    return (
      verb.isPassive &&
      this.#facts.parsed.chunks.some(
        (chunk) =>
          chunk.preposition === 'to' &&
          chunk.from >= verb.to &&
          chunk.from < to &&
          /^(committee|parliament|lawmakers|panel|court|inquiry|press|media|public)$/.test(
            chunk.head,
          ),
      )
    )
  }

  #hasAuthorityAsSubject({ subject }: Clause): boolean {
    return subject !== null && this.#data.frames.authorities.has(subject.head)
  }

  #isArms(object: Pick<Chunk, 'from' | 'to'>): boolean {
    return this.#tokens
      .slice(object.from, object.to + 4)
      .some(({ key }) => this.#data.frames.armsWords.has(key))
  }

  /** "the embargo": one that was named; "restrictions" of whatever kind are not enough. */
  #isNamed(object: Chunk | null): boolean {
    return object !== null && this.#data.frames.definiteMeasures.has(object.head)
  }

  #createEvent(part: {
    clause: Clause
    frame: Pick<Frame, 'type' | 'becomes' | 'form'>
    doer: Doer
    role: string
    others: Participant[]
    range: readonly [number, number]
    object: Chunk | null
    recipient?: ActorSpan | null
  }): ReadEvent {
    const { clause, frame, doer, role, others, range, object, recipient = null } = part
    const participants = [
      ...(doer.span ? [createParticipant(doer.span, role)] : []),
      ...doer.others.map((span) => createParticipant(span, role)),
      ...others,
    ]
    const isPermit = frame.type === 'permit-decision'
    const permit = isPermit ? this.#readPermitFacts(clause, object, range, recipient, doer) : null
    const date = this.#findDate(clause)
    const reasons = [`"${this.#tokens[clause.verb.at]?.text}" says it`]
    if (doer.reason) reasons.push(doer.reason)
    if (date?.reason) reasons.push(date.reason)
    return {
      ...this.#trimSpan(range),
      type: frame.type,
      becomes: frame.becomes ?? null,
      form: frame.form ?? null,
      sentence: this.#facts.number,
      trigger: this.#createTrigger(clause.verb.at),
      participants,
      destinations: permit?.destinations ?? [],
      exporter:
        permit?.exporter ??
        (role === 'exporter' && doer.span ? createParticipant(doer.span, role) : null),
      place: frame.type === 'use' ? this.#findPlace(clause.verb.to, range[1]) : null,
      object: object && !object.isPronoun ? this.#toPassage(object) : null,
      goods: this.#listGoods(range, object),
      quantity: this.#findWithin(this.#facts.quantities, range) ?? null,
      value: this.#findWithin(this.#facts.money, range) ?? null,
      permitNumber: this.#readPermitNumber(range, object),
      permitCount: isPermit ? (permit?.count ?? null) : null,
      date,
      speech: this.#findSpeech(clause),
      score: this.#computeScore(
        clause,
        doer,
        frame,
        participants.length,
        permit?.destinations.length ?? 0,
      ),
      reasons,
    }
  }

  #computeScore(
    clause: Clause,
    doer: Doer,
    frame: Pick<Frame, 'type'>,
    names: number,
    destinations: number,
  ): number {
    let score = 0.9 - doer.penalty
    if (clause.verb.tense === 'present' || clause.verb.tense === 'base') score -= 0.08
    if (this.#facts.sentence.isTitleCase) score -= 0.15
    if (names + destinations === 0) score -= 0.1
    if (names + destinations >= 2) score += 0.05
    if (clause.link === 'coordinate' && !clause.hasOwnSubject) score -= 0.03
    if (!decisions.has(frame.type) && frame.type !== 'use' && frame.type !== 'delivery')
      score -= 0.05
    return Math.round(Math.max(0.3, Math.min(0.97, score)) * 100) / 100
  }

  #trimSpan([from, to]: readonly [number, number]): { start: number; end: number } {
    let last = to - 1
    while (
      last > from &&
      this.#tokens[last]?.kind === 'mark' &&
      !/^[”"»)]$/.test(this.#tokens[last]?.text ?? '')
    )
      last -= 1
    let first = from
    while (
      first < last &&
      (this.#tokens[first]?.kind === 'mark' ||
        /^(and|but|or|that|which|then)$/.test(this.#tokens[first]?.key ?? ''))
    )
      first += 1
    return { start: this.#tokens[first]?.start ?? 0, end: this.#tokens[last]?.end ?? 0 }
  }

  #toPassage({ from, to }: Chunk): { start: number; end: number } {
    return { start: this.#tokens[from]?.start ?? 0, end: this.#tokens[to - 1]?.baseEnd ?? 0 }
  }

  #createTrigger(at: number): ReadEvent['trigger'] {
    const token = this.#tokens[at]
    return { start: token?.start ?? 0, end: token?.end ?? 0, words: token?.text ?? '' }
  }

  // Who

  #findDoer(clause: Clause): Doer {
    if (!clause.subject) return nobody
    const said = this.#findSayer(clause)
    return said ?? this.#resolveActor(clause.subject)
  }

  /** "Norway announced that it was suspending": it is Norway. */
  #findSayer({ subject, link, parent }: Clause): Doer | null {
    if (
      !subject?.isPronoun ||
      !/^(it|he|she)$/.test(subject.head) ||
      link !== 'that' ||
      !parent?.subject ||
      parent.subject.isPronoun
    )
      return null
    const doer = this.#resolveActor(parent.subject)
    const isPerson = doer.span?.actor.type === 'person'
    if (!doer.span || isPerson !== (subject.head !== 'it') || doer.span.actor.type === 'publisher')
      return null
    return {
      ...doer,
      penalty: doer.penalty + 0.06,
      reason: `"${subject.head}" is read as ${doer.span.actor.name}`,
    }
  }

  /** "by X" behind a passive verb. */
  #findDoerAfterBy(clause: Clause, end: number): Doer {
    const by = this.#facts.parsed.chunks.find(
      (chunk) => chunk.preposition === 'by' && chunk.from >= end && chunk.to <= clause.to,
    )
    return by ? this.#resolveActor(by) : nobody
  }

  /** Who a phrase means: a name, a government by its adjective, or what stands for somebody named before. */
  #resolveActor(chunk: Chunk): Doer {
    const own = findChunkActor(chunk)
    if (own)
      return {
        span: own,
        others: this.#findCoordinatedNames(chunk),
        penalty: own.form === 'short' || own.form === 'capital' ? 0.02 : 0,
        reason: null,
      }
    const { governments, standIns } = this.#data.frames
    const state = chunk.actors.find(
      ({ actor, form }) => actor.type === 'state' && form !== 'people',
    )
    if (state && governments.has(chunk.head)) {
      const force = chunk.actors.find(({ actor }) => actor.type === 'armed-force')
      return {
        span: force ?? state,
        others: [],
        penalty: 0.03,
        reason: `"${chunk.head}" stands for ${state.actor.name}`,
      }
    }
    // "the government of Canada", "officers of Dutch Customs"
    const of = this.#facts.parsed.chunks.find(
      (one) => one.preposition === 'of' && one.from - chunk.to <= 2 && one.from > chunk.to,
    )
    if (
      of &&
      (governments.has(chunk.head) ||
        this.#data.names.companyNouns.has(chunk.head) ||
        this.#data.frames.memberNouns.has(chunk.head))
    ) {
      const span = findChunkActor(of)
      if (span) return { span, others: [], penalty: 0.05, reason: null }
    }
    const by = this.#facts.parsed.chunks.find(
      (one) => one.preposition === 'by' && one.from > chunk.to && one.from - chunk.to <= 2,
    )
    if (by && this.#data.frames.authoredDocuments.has(chunk.head)) {
      const span = findChunkActor(by)
      if (span) return { span, others: [], penalty: 0.05, reason: null }
    }
    if (chunk.isPronoun) return this.#resolvePronoun(chunk)
    const apposed = this.#findApposedName(chunk)
    if (apposed) return { span: apposed, others: [], penalty: 0.02, reason: null }
    if (state) return { ...nobody, reason: `"${this.#getWords(chunk)}" is not named` }
    for (const [type, words] of Object.entries(standIns))
      if (words?.has(chunk.head) && this.#isDefinite(chunk)) {
        const span = this.#memory.last(
          type as ActorType,
          this.#tokens[chunk.from]?.start ?? 0,
          chunk.head,
        )
        if (span)
          return {
            span,
            others: [],
            penalty: 0.12,
            reason: `"${this.#getWords(chunk)}" is read as ${span.actor.name}`,
          }
      }
    return { ...nobody, reason: `"${this.#getWords(chunk)}" is not named` }
  }

  /** "his predecessor, Anita Chandler,": the name behind the comma. */
  #findApposedName(chunk: Chunk): ActorSpan | null {
    if (this.#tokens[chunk.to]?.text !== ',') return null
    const span = this.#facts.actors.find(
      ({ from, form }) => from === chunk.to + 1 && form !== 'adjective',
    )
    if (!span) return null
    const close = this.#tokens[span.to]?.text
    const isPost =
      this.#data.names.posts.has(chunk.head) || this.#data.frames.nounsBeforeName.has(chunk.head)
    return isPost && (close === ',' || close === '.' || close === undefined) ? span : null
  }

  /** "Wallonia and Flanders": the names before "and". */
  #findCoordinatedNames(chunk: Chunk): ActorSpan[] {
    const found: ActorSpan[] = []
    let start = chunk.from
    while (/^(and|,)$/.test(this.#tokens[start - 1]?.text ?? '')) {
      const before = this.#facts.parsed.chunks.find((one) => one.to === start - 1)
      const span = before && !before.preposition ? findChunkActor(before) : null
      if (!before || !span || (this.#tokens[start - 1]?.text === ',' && found.length === 0)) break
      found.unshift(span)
      start = before.from
    }
    return found
  }

  #resolvePronoun(chunk: Chunk): Doer {
    const start = this.#tokens[chunk.from]?.start ?? 0
    const span = this.#memory.pronoun(chunk.head, start)
    return span
      ? { span, others: [], penalty: 0.15, reason: `"${chunk.head}" is read as ${span.actor.name}` }
      : { ...nobody, reason: `who "${chunk.head}" is, is left open` }
  }

  #isDefinite(chunk: Chunk): boolean {
    return /^(the|this|that|its|their|his|her|our)$/.test(this.#tokens[chunk.from]?.key ?? '')
  }

  #getWords(chunk: Chunk): string {
    return this.#facts.body.slice(
      this.#tokens[chunk.from]?.start ?? 0,
      this.#tokens[chunk.to - 1]?.baseEnd ?? 0,
    )
  }

  // To whom, where

  #listChunksAfter(from: number, clause: Clause | null = null): Chunk[] {
    const end = clause ? this.#findRange(clause)[1] : this.#tokens.length
    const isDate = (chunk: Chunk) =>
      this.#facts.dates.some(
        ({ start, end: last }) =>
          start <= (this.#tokens[chunk.from]?.start ?? 0) &&
          (this.#tokens[chunk.from]?.start ?? 0) < last,
      )
    return this.#facts.parsed.chunks.filter(
      (chunk) => chunk.from >= from && chunk.from < end && !isDate(chunk),
    )
  }

  /** The tokens that tell of a deed: the clause, and what hangs on its object ("a licence to export sensors to Oman"). */
  #findRange(clause: Clause): [number, number] {
    const { clauses } = this.#facts.parsed
    let { to } = clause
    for (const next of clauses.slice(clause.index + 1)) {
      if (next.from > to) break
      const isForm =
        next.link === 'infinitive' &&
        !next.verb.isPassive &&
        this.#data.frames.exportVerbs.has(next.verb.lemma)
      const isAllowed =
        (next.link === 'relative' && this.#data.frames.licenceScopeVerbs.has(next.verb.lemma)) ||
        (next.link === 'infinitive' &&
          clauses[next.index - 1] !== clause &&
          to >= next.from &&
          isForm)
      const isReduced =
        next.link === 'reduced' && this.#data.frames.originVerbs.has(next.verb.lemma)
      if (!isForm && !isAllowed && !isReduced) break
      to = Math.max(to, next.to)
    }
    return [clause.from, to]
  }

  #objectStart(object: Chunk | null, range: readonly [number, number]): number {
    return object ? object.from : range[0]
  }

  /** The first actor of these types behind one of these words. */
  #findActorAfter(
    words: RegExp,
    from: number,
    to: number,
    types: readonly ActorType[],
  ): ActorSpan | null {
    for (const chunk of this.#facts.parsed.chunks) {
      if (
        chunk.from < from ||
        chunk.from >= to ||
        !chunk.preposition ||
        !words.test(chunk.preposition)
      )
        continue
      const span = findChunkActor(chunk) ?? this.#findGovernment(chunk)
      if (
        span &&
        types.includes(span.actor.type) &&
        !this.#data.frames.wordsBeforeOtherPreposition.has(this.#tokens[chunk.from - 2]?.key ?? '')
      )
        return span
    }
    return null
  }

  /** "to the Turkish firm", no; "to countries like Egypt", no; "to the Egyptian government", Egypt. */
  #findGovernment(chunk: Chunk): ActorSpan | null {
    const state = chunk.actors.find(
      ({ actor, form }) => actor.type === 'state' && form === 'adjective',
    )
    return state && this.#data.frames.governments.has(chunk.head) ? state : null
  }

  #findAdjectiveAfterAgainst(from: number, to: number): ActorSpan | null {
    const chunk = this.#facts.parsed.chunks.find(
      (one) => one.preposition === 'against' && one.from >= from && one.to <= to,
    )
    return chunk?.actors.find(({ actor }) => actor.type === 'state') ?? null
  }

  #findPlace(from: number, to: number): Participant | null {
    for (const chunk of this.#facts.parsed.chunks) {
      if (
        chunk.from < from ||
        chunk.from >= to ||
        !/^(in|over|near|at|on|inside)$/.test(chunk.preposition ?? '')
      )
        continue
      const state = chunk.actors.find(({ actor }) => actor.type === 'state')
      if (state) return createParticipant(state, 'place')
    }
    return null
  }

  // What

  #isObject(classes: readonly string[], object: Chunk): boolean {
    return classes.some((name) => this.#isOfClass(name, object))
  }

  #isOfClass(name: string, object: Chunk): boolean {
    if (object.isPronoun) {
      const { thing } = this.#memory
      if (!/^(it|them|all|both|some|these|those|this|one|none)$/.test(object.head)) return false
      return thing?.kind === name || (thing === null && this.#isNamedBefore(name, object))
    }
    if (/^(third|fourth|another|others|other|ones|rest|latter)$/.test(object.head))
      return this.#memory.thing?.kind === name
    if (name === 'goods') return this.#isGoods(object)
    if (
      name === 'licence' &&
      this.#isArmsSentence() &&
      this.#hasClass(object, this.#data.frames.classes.weakLicence ?? [])
    )
      return true
    if (
      name === 'application' &&
      /^(requests?|renewal|extension)$/.test(object.head) &&
      !this.#isArmsRequest(object)
    )
      return false
    const words = this.#data.frames.classes[name] ?? []
    return this.#hasClass(object, words)
  }

  /** "Rather than revoke the permits, Norway extended them". */
  #isNamedBefore(name: string, { from }: Chunk): boolean {
    return this.#facts.parsed.chunks.some(
      (chunk) => chunk.to <= from && !chunk.isPronoun && this.#isOfClass(name, chunk),
    )
  }

  #isArmsSentence(): boolean {
    const { goods, number } = this.#facts
    const isNear = this.#memory.thing !== null && number - this.#memory.thing.sentence <= 1
    return (
      goods.length > 0 ||
      isNear ||
      this.#tokens.some(({ key }) => this.#data.frames.armsSentenceWords.has(key))
    )
  }

  /** "a request to pass on ammunition": not any request. */
  #isArmsRequest(object: Chunk): boolean {
    if (/^(renewal|extension)$/.test(object.head))
      return this.#memory.thing?.kind === 'licence' || this.#memory.thing?.kind === 'application'
    return this.#tokens
      .slice(object.from, object.to + 10)
      .some(({ key }) => this.#data.frames.armsRequestWords.has(key))
  }

  /** Whether the head of a phrase, or of what follows "of" behind a measure word, is one of these words. */
  #hasClass(object: Chunk, words: readonly string[]): boolean {
    let end = object.to
    // "licence MAE 33408", "permit 2019/4471"
    while (
      end > object.from + 1 &&
      (/\d/.test(this.#tokens[end - 1]?.text ?? '') ||
        (this.#tokens[end - 1]?.isAllCaps && end < object.to))
    )
      end -= 1
    const keys = this.#tokens.slice(object.from, end).map(({ key }) => key)
    if (words.some((word) => isPhraseEnd(keys, word))) return true
    const tail = this.#tokens
      .slice(object.from, object.to + 5)
      .map(({ key }) => key)
      .join(' ')
    if (words.some((word) => / (of|on) /.test(word) && `${tail} `.includes(`${word} `))) return true
    const of = this.#findOfChunk(object)
    return (
      of !== null && this.#data.frames.measureWords.has(object.head) && this.#hasClass(of, words)
    )
  }

  #findOfChunk(object: Chunk): Chunk | null {
    return (
      this.#facts.parsed.chunks.find(
        (chunk) =>
          chunk.preposition === 'of' && chunk.from > object.to - 1 && chunk.from <= object.to + 2,
      ) ?? null
    )
  }

  #isGoods(object: Chunk): boolean {
    if (object.actors.some(({ to }) => to === object.to)) return false
    const isNumber =
      object.to - object.from === 1 &&
      (this.#tokens[object.from]?.kind === 'number' || object.head in this.#data.goods.numbers)
    if (isNumber && this.#memory.thing?.kind === 'goods') return true
    if (this.#listGoodsIn(object).length > 0) return true
    const head = this.#units.get(object.head)
    if (head) return true
    // "36 tonnes", "the first of the howitzers", "thousands of rifles"
    if (/^(tonnes|tons|kilograms|litres)$/.test(object.head)) return true
    const of = this.#findOfChunk(object)
    return (
      of !== null &&
      (this.#data.frames.goodsMeasureWords.has(object.head) || /^\d+$/.test(object.head)) &&
      this.#isGoods(of)
    )
  }

  #listGoodsIn(object: Chunk): GoodSpan[] {
    return this.#facts.goods.filter(({ from, to }) => from >= object.from && to <= object.to)
  }

  #listGoods([from, to]: readonly [number, number], object: Chunk | null) {
    const [start, end] = [this.#tokens[from]?.start ?? 0, this.#tokens[to - 1]?.end ?? 0]
    const spans = this.#facts.goods.filter(
      (one) =>
        (one.start >= start && one.end <= end) ||
        (object && one.from >= object.from && one.to <= object.to),
    )
    return [...new Set(spans.map(({ good }) => good))]
  }

  #findWithin<T extends { start: number; end: number }>(
    list: readonly T[],
    [from, to]: readonly [number, number],
  ): T | undefined {
    const [start, end] = [this.#tokens[from]?.start ?? 0, this.#tokens[to - 1]?.end ?? 0]
    return list.find((one) => one.start >= start && one.end <= end)
  }

  /** What "it" and "them" mean in the next clause. */
  #findThing(clause: Clause): Thing | null {
    const { verb } = clause
    if (verb.lemma === 'be' || verb.lemma === 'have') return null
    const object = verb.isPassive
      ? clause.subject
      : (this.#listChunksAfter(verb.to, clause)[0] ?? null)
    for (const chunk of [
      object,
      clause.antecedent,
      clause.subject,
      ...this.#listChunksAfter(verb.to, clause),
    ]) {
      if (!chunk || chunk.isPronoun) continue
      const kind =
        (['licence', 'application', 'embargo', 'contract', 'export'] as const).find((name) =>
          this.#isOfClass(name, chunk),
        ) ?? (this.#isGoods(chunk) ? 'goods' : null)
      if (kind) return { kind, sentence: this.#facts.number }
    }
    return null
  }

  // Permits

  #readPermitFacts(
    clause: Clause,
    object: Chunk | null,
    range: readonly [number, number],
    recipient: ActorSpan | null,
    doer: Doer,
  ) {
    const start = object && object.from < range[0] ? object.from : range[0]
    const inner = this.#facts.parsed.chunks.filter(
      (chunk) => (chunk.from >= start || chunk === object) && chunk.from < range[1],
    )
    const consignee = this.#findConsignee(range, doer)
    const isFree = (span: ActorSpan) =>
      span.actor !== doer.span?.actor && span.actor !== consignee?.actor
    const destination = this.#findDestination(clause, inner, isFree)
    const exporter = this.#findExporter(inner, object, recipient, isFree)
    return {
      destinations: destination ? [createParticipant(destination, 'destination')] : [],
      exporter: exporter ? createParticipant(exporter, 'exporter') : null,
      count: object ? this.#readPermitCount(object) : null,
    }
  }

  #findDestination(
    clause: Clause,
    inner: readonly Chunk[],
    isFree: (span: ActorSpan) => boolean,
  ): ActorSpan | null {
    for (const chunk of inner) {
      if (!/^(to|for|toward|towards|into)$/.test(chunk.preposition ?? '')) continue
      const span = findChunkActor(chunk)
      if (span?.actor.type === 'state' && isFree(span) && span.form !== 'people') return span
    }
    void clause
    return null
  }

  /** Who gets the goods: "permits for the delivery of systems to X", or a company of another state than the issuer. */
  #findConsignee(range: readonly [number, number], doer: Doer): ActorSpan | null {
    const { chunks } = this.#facts.parsed
    const inner = chunks.filter(({ from }) => from >= range[0] && from < range[1])
    const to = inner.find(
      (chunk) => chunk.preposition === 'to' && findChunkActor(chunk)?.actor.type === 'company',
    )
    const span = to ? findChunkActor(to) : null
    if (!to || !span) return null
    const goes = inner.some(
      ({ head, from }) =>
        from < to.from &&
        /^(delivery|deliveries|export|exports|sale|sales|supply|shipment|shipments|transfer)$/.test(
          head,
        ),
    )
    const country = to.actors.find(({ form }) => form === 'adjective')?.actor.country
    const isAbroad = country !== undefined && country !== (doer.span?.actor.country ?? country)
    return goes || isAbroad ? span : null
  }

  /** "granted to X", "held by X", "the permit of X", "application from X". */
  #findExporter(
    inner: readonly Chunk[],
    object: Chunk | null,
    recipient: ActorSpan | null,
    isFree: (span: ActorSpan) => boolean,
  ): ActorSpan | null {
    if (recipient && recipient.actor.type === 'company') return recipient
    const isCompany = (span: ActorSpan | null | undefined) =>
      span?.actor.type === 'company' && isFree(span)
    for (const chunk of inner) {
      const span = findChunkActor(chunk)
      if (!isCompany(span)) continue
      const before = this.#tokens[chunk.from - 2]?.key ?? ''
      const isHolder =
        (chunk.preposition === 'to' && !this.#data.frames.shipmentNouns.has(before)) ||
        (chunk.preposition === 'by' && this.#data.frames.holderParticiples.has(before)) ||
        (/^(of|from)$/.test(chunk.preposition ?? '') &&
          object !== null &&
          chunk.from <= object.to + 2)
      if (isHolder) return span
    }
    const own = object?.actors.find(
      (span) => span.actor.type === 'company' && this.#tokens[span.to - 1]?.isPossessive,
    )
    if (own) return own
    // "allowed X to export"
    const allowed = inner.find(
      (chunk) =>
        chunk.preposition === null &&
        isCompany(findChunkActor(chunk)) &&
        this.#tokens[chunk.to]?.key === 'to',
    )
    return allowed ? findChunkActor(allowed) : null
  }

  #readPermitCount(object: Chunk): number | null {
    const { numbers } = this.#data.goods
    for (let at = object.from; at < object.to; at += 1) {
      const token = this.#tokens[at]
      if (!token) break
      if (
        token.kind === 'number' &&
        this.#data.frames.wordsBeforePermitNumber.has(this.#tokens[at - 1]?.key ?? '')
      )
        return null
      const number = readNumber(this.#tokens, at, numbers, this.#data.amounts.multipliers)
      if (!number || !Number.isInteger(number.value)) continue
      if (
        /^[€£¥$]|\$$/.test(this.#tokens[at - 1]?.text ?? '') ||
        (parseFigure(token.text) === null && number.value === 1)
      )
        return number.value === 1 && token.key === 'one' ? 1 : null
      // "Two of the five permits"
      const isPart = number.to === object.to && this.#findOfChunk(object) !== null
      return number.to < object.to || isPart ? number.value : null
    }
    return null
  }

  /** "licence MAE 33408", "No. 44-B/2016", "number UD-2021/0877". */
  #readPermitNumber(range: readonly [number, number], object: Chunk | null): string | null {
    const from = Math.min(range[0], object?.from ?? range[0])
    const text = this.#facts.body.slice(
      this.#tokens[from]?.start ?? 0,
      this.#tokens[range[1] - 1]?.end ?? 0,
    )
    const pattern =
      /(?:\b(?:[Ll]icen[cs]e|[Pp]ermit|[Aa]uthori[sz]ation)s?,?\s+(?:[Nn]o\.?|[Nn]umber|[Nn]r\.?)?\s*|\b(?:[Nn]o\.|[Nn]umber|[Nn]r\.)\s*)((?:[A-Z]{2,5}[ -])?(?=[\w/.-]*\d)[A-Z0-9][A-Z0-9]*(?:[/.-][A-Z0-9]+)*)/u
    const [, number = ''] = pattern.exec(text) ?? []
    return /\d{3}|\d[/-]|[/-]\d/.test(number) && !/^(19|20)\d\d$/.test(number) ? number : null
  }

  // When

  #findDate(clause: Clause): FoundDate | null {
    const own = this.#findDateIn(clause, clause.verb.at)
    if (own) return own
    const { link, parent, hasOwnSubject } = clause
    const next = this.#facts.parsed.clauses[clause.index + 1]
    if (
      next &&
      next.link === 'infinitive' &&
      next.from === clause.to &&
      this.#findRange(clause)[1] >= next.to
    ) {
      const date = this.#findDateIn(next, clause.verb.at)
      if (date) return date
    }
    if (parent && (link === 'infinitive' || link === 'ing')) return this.#findDate(parent)
    if (parent && link === 'coordinate' && !hasOwnSubject) {
      // "On 9 March X suspended A and revoked B": what stands first holds for both.
      const date = this.#findDateIn(
        { from: parent.from, to: parent.verb.from, holes: parent.holes },
        parent.verb.at,
      )
      if (date) return date
    }
    return clause.parent === null || link === 'main' || link === 'coordinate'
      ? this.#findLeadingDate()
      : null
  }

  /** "March 2012 – The cabinet approves": the date at the head of a line. */
  #findLeadingDate(): FoundDate | null {
    const [first] = this.#facts.dates
    const start = this.#tokens[0]?.start ?? 0
    if (!first || first.start > start + 8) return null
    const next = this.#tokens.find((token) => token.start >= first.end)
    return next && /^[-–—:]+$/.test(next.text) && first.relation === 'on' ? first : null
  }

  #findDateIn(
    { from, to, holes }: Pick<Clause, 'from' | 'to' | 'holes'>,
    verb: number,
  ): FoundDate | null {
    const [start, end] = [this.#tokens[from]?.start ?? 0, this.#tokens[to - 1]?.end ?? 0]
    const at = this.#tokens[verb]?.start ?? 0
    const isInHole = (date: FoundDate) =>
      holes.some(
        ([first, last]) =>
          date.start >= (this.#tokens[first]?.start ?? 0) &&
          date.start < (this.#tokens[last]?.start ?? 0),
      )
    const own = this.#facts.dates.filter(
      (date) =>
        !isInHole(date) &&
        date.start >= start &&
        date.end <= end + 1 &&
        date.edtf !== null &&
        (date.relation === 'on' || date.relation === 'since') &&
        !this.#isOfNoun(date),
    )
    const after = own.find((date) => date.start > at)
    return after ?? own.findLast((date) => date.start < at) ?? null
  }

  /** "the licence of 15.10.2019", "dated 14 February": of the thing and not of the deed. */
  #isOfNoun(date: FoundDate): boolean {
    const before = this.#facts.body.slice(Math.max(0, date.start - 24), date.start)
    if (
      /\bby (?:its |an |the )?(?:order|decision|decree|letter|ruling|judgment) of $/i.test(before)
    )
      return false
    return (
      /\b(?:of|dated|expected|from|to)\s+(?:the\s+)?$/i.test(before) &&
      !/^(?:from)/i.test(date.words) &&
      !/\b(?:start|beginning|end|summer|spring|autumn|winter|early|late|month) of\s+$/i.test(before)
    )
  }

  #findSpeech(clause: Clause): Speech | null {
    const start = this.#tokens[clause.verb.at]?.start ?? 0
    return (
      this.#facts.speech.find(({ said }) => said && said.start <= start && start < said.end) ??
      this.#facts.speech[0] ??
      null
    )
  }

  // Nouns of deeds: "the revocation of 17 licences by Switzerland"

  #readNouns(): void {
    for (const chunk of this.#facts.parsed.chunks) {
      const noun = this.#readAssurance(chunk) ?? this.#readOwnedInquiry(chunk)
      if (noun) this.#events.push(noun)
    }
    for (const chunk of this.#facts.parsed.chunks)
      for (const frame of this.#data.frames.frames) {
        const event = this.#readNoun(frame, chunk)
        if (!event) continue
        this.#events.push(event)
        break
      }
  }

  /** "after assurances from Ankara that ..." */
  #readAssurance(chunk: Chunk): ReadEvent | null {
    if (!isPhraseEnd([chunk.head], 'assurance') && !isPhraseEnd([chunk.head], 'guarantee'))
      return null
    const words = this.#tokens.slice(Math.max(0, chunk.from - 1), chunk.to).map(({ key }) => key)
    if (words.some((word) => this.#data.doubt.notDoneAdjectives.has(word))) return null
    const from = this.#facts.parsed.chunks.find(
      (one) => one.preposition === 'from' && one.from === chunk.to + 1,
    )
    const span = from ? findChunkActor(from) : null
    const clause = this.#findClauseAt(chunk.from)
    if (!span || !clause || (clause.notDone !== null && clause.link !== 'infinitive')) return null
    const isAsked = this.#data.frames.askingVerbs.has(clause.verb.lemma)
    if (isAsked || !/^(state|company|public-body|armed-force)$/.test(span.actor.type)) return null
    const frame = { type: 'assurance', becomes: undefined, form: undefined }
    const doer: Doer = { span, others: [], penalty: 0.1, reason: null }
    const event = this.#createEvent({
      clause,
      frame,
      doer,
      role: 'assurer',
      others: [],
      range: [chunk.from, Math.max(clause.to, span.to)],
      object: chunk,
    })
    return { ...event, trigger: this.#createTrigger(chunk.to - 1), date: null }
  }

  /** "the committee's inquiry has focused on": it is held. */
  #readOwnedInquiry(chunk: Chunk): ReadEvent | null {
    if (!/^(inquiry|enquiry|investigation|probe)$/.test(chunk.head)) return null
    const clause = this.#findClauseAt(chunk.from)
    const owner = chunk.actors.find(
      ({ to, actor }) =>
        this.#tokens[to - 1]?.isPossessive === true &&
        /^(state|public-body|organisation)$/.test(actor.type),
    )
    if (!owner || !clause || clause.subject !== chunk || clause.notDone !== null) return null
    if (clause.verb.isPassive || !/^(past|perfect)$/.test(clause.verb.tense)) return null
    const frame = { type: 'inquiry', becomes: undefined, form: undefined }
    const doer: Doer = { span: owner, others: [], penalty: 0.1, reason: null }
    const range = [clause.from, clause.to] as const
    const others: Participant[] = []
    const event = this.#createEvent({
      clause,
      frame,
      doer,
      role: 'investigator',
      others,
      range,
      object: chunk,
    })
    return { ...event, trigger: this.#createTrigger(chunk.to - 1), goods: [], date: null }
  }

  #readNoun(frame: Frame, chunk: Chunk): ReadEvent | null {
    const isNoun = frame.nouns.some(
      (noun) =>
        chunk.head === noun ||
        chunk.head === `${noun}s` ||
        chunk.head === noun.replace(/y$/, 'ies'),
    )
    if (!isNoun || this.#tokens[chunk.to]?.key !== 'of') return null
    const object = this.#findOfChunk(chunk)
    if (!object || !(frame.nounObject ?? []).some((name) => this.#isOfClass(name, object)))
      return null
    const clause = this.#findClauseAt(chunk.from)
    if (!clause || this.#whyNounNotDone(chunk, clause) !== null) return null
    const state = chunk.actors.find(({ to }) => this.#tokens[to - 1]?.isPossessive) ?? null
    const by = this.#facts.parsed.chunks.find(
      (one) => one.preposition === 'by' && one.from > object.from && one.from < clause.to,
    )
    const doer: Doer = state
      ? { span: state, others: [], penalty: 0.1, reason: null }
      : by
        ? { ...this.#resolveActor(by), penalty: this.#resolveActor(by).penalty + 0.1 }
        : this.#findAnnouncer(chunk, clause)
    const range: [number, number] = [chunk.from, Math.max(clause.to, object.to)]
    const isDelivery = frame.type === 'delivery'
    const consignee = isDelivery
      ? this.#findActorAfter(/^to$/, object.from, range[1], ['state', 'company', 'armed-force'])
      : null
    const target =
      frame.type === 'measure-decision'
        ? this.#findActorAfter(/^(to|on|against|for)$/, object.from, range[1], [
            'state',
            'armed-force',
          ])
        : null
    if (isDelivery && !consignee) return null
    if (frame.type === 'measure-decision' && !target && !doer.span) return null
    const others = [
      ...(consignee ? [createParticipant(consignee, 'consignee')] : []),
      ...(target ? [createParticipant(target, 'target')] : []),
    ]
    const event = this.#createEvent({
      clause,
      frame,
      doer: isDelivery ? { ...nobody, penalty: 0.15 } : doer,
      role: frame.doer ?? 'supplier',
      others,
      range,
      object,
    })
    return {
      ...event,
      trigger: this.#createTrigger(chunk.to - 1),
      reasons: [`"${chunk.head} of" says it`, ...event.reasons.slice(1)],
    }
  }

  /** "Norway announced the suspension of licences": Norway suspends them. */
  #findAnnouncer(chunk: Chunk, clause: Clause): Doer {
    const unknown: Doer = { ...nobody, penalty: 0.25 }
    if (
      !/^(announce|order|complete)$/.test(clause.verb.lemma) ||
      chunk.from < clause.verb.to ||
      clause.verb.isPassive
    )
      return unknown
    const doer = this.#findDoer(clause)
    return doer.span && /^(state|public-body)$/.test(doer.span.actor.type)
      ? { ...doer, penalty: doer.penalty + 0.1 }
      : unknown
  }

  #findClauseAt(token: number): Clause | null {
    return this.#facts.parsed.clauses.find(({ from, to }) => from <= token && token < to) ?? null
  }

  #whyNounNotDone(chunk: Chunk, clause: Clause): string | null {
    const { doubt } = this.#data
    const words = this.#tokens.slice(Math.max(0, chunk.from - 1), chunk.to).map(({ key }) => key)
    if (words.some((word) => doubt.notDoneAdjectives.has(word))) return 'not done'
    if (clause.notDone !== null) return clause.notDone
    const isSubject =
      clause.subject === chunk || (chunk.to <= clause.verb.from && chunk.preposition === null)
    if (isSubject && clause.verb.lemma === 'be' && clause.verb.tense !== 'past') return 'not done'
    if (isSubject)
      return this.#data.doubt.verbsBeforeNotDone.has(clause.verb.lemma) ? 'not done' : null
    if (chunk.preposition)
      return doubt.factualPrepositions.includes(chunk.preposition) && chunk.preposition !== 'before'
        ? null
        : 'not done'
    return doubt.factualBeforeNoun.has(clause.verb.lemma) && chunk.from <= clause.verb.to + 2
      ? null
      : 'not done'
  }
}

function createParticipant(span: ActorSpan, role: string): Participant {
  return { role, actor: span.actor, form: span.form, start: span.start, end: span.end }
}

function isPhraseEnd(keys: readonly string[], phrase: string): boolean {
  const words = phrase.split(' ')
  const tail = keys.slice(-words.length)
  return words.every((word, at) => {
    const key = tail[at] ?? ''
    return (
      key === word ||
      (at === words.length - 1 &&
        (key === `${word}s` || key === `${word}es` || key === word.replace(/y$/, 'ies')))
    )
  })
}
