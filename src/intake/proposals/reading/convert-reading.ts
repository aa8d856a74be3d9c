import { z } from 'zod'
import { type IndexedText, indexText } from '../../../evidence/text.ts'
import { EventInput } from '../../../records/kinds/events/schema.ts'
import type {
  Actor,
  FoundDate,
  ReadEvent,
  GoodMention as ReadGoodMention,
  Reading,
  Mention as ReadMention,
  Participant as ReadParticipant,
  Post as ReadPost,
  Quantity as ReadQuantity,
  Speech,
} from '../../reader/types.ts'
import type {
  DetectedDate,
  DetectedEvent,
  Detection,
  Entity,
  GoodMention,
  Mention,
  Participant,
  Post,
  Quantity,
  ReportedSpeech,
  TextRange,
} from './detection.ts'
import { Entities } from './entities.ts'
import type { RecordNames } from './record-names.ts'
import { createStatement } from './statements.ts'
import { findVoices } from './voices.ts'

const EventTypeOption = EventInput.shape.type
const MeasureFormOption = z.enum(['embargo', 'suspension', 'presumptive-denial'])
const RoleOption = EventInput.shape.participants.unwrap().element.shape.role

/** What the reader found in a body, with UTF-16 offsets, and with the records that its names mean. */
export function convertReading(reading: Reading, body: string, names: RecordNames): Detection {
  return new ReadingConverter(reading, body, names).convert()
}

class ReadingConverter {
  readonly #reading: Reading
  readonly #body: string
  readonly #text: IndexedText
  readonly #entities: Entities
  readonly #mentionsOf: ReadonlyMap<Actor, ReadMention[]>
  /** Adjectives of states by the number of their sentence. */
  readonly #adjectives: ReadonlyMap<number, ReadMention[]>
  readonly #dates = new Map<FoundDate, DetectedDate>()
  readonly #quantities = new Map<ReadQuantity, Quantity>()

  constructor(reading: Reading, body: string, names: RecordNames) {
    this.#reading = reading
    this.#body = body
    this.#text = indexText(body)
    this.#mentionsOf = Map.groupBy(reading.mentions, ({ actor }) => actor)
    this.#adjectives = Map.groupBy(
      reading.mentions.filter(({ form, actor }) => form === 'adjective' && actor.type === 'state'),
      ({ sentence }) => sentence,
    )
    this.#entities = new Entities(names, (actor) => this.#findCountry(actor))
  }

  convert(): Detection {
    const reading = this.#reading
    const goods = reading.goods.map((mention) => this.#convertGood(mention))
    const mentions = reading.mentions.map((mention) => this.#convertMention(mention))
    const sentences = reading.sentences.map((range) => this.#toRange(range))
    const speech = reading.speech.map((one) => this.#convertSpeech(one, sentences))
    const events = sharePermitFacts(
      reading.events.flatMap((event) => this.#convertEvent(event, speech) ?? []),
    )
    const statements = reading.speech.flatMap((one, index) => {
      const speaker = this.#toRange(one)
      return createStatement(one, speaker, speech, index, this.#body) ?? []
    })
    return {
      sentences,
      mentions,
      goods,
      posts: reading.posts.map((post) => this.#convertPost(post)),
      quantities: reading.quantities.flatMap((one) => this.#convertQuantity(one) ?? []),
      dates: reading.dates.map((date) => this.#convertDate(date)),
      speech,
      events: [...events, ...statements.filter((one) => !isAct(one, events))].sort(
        (a, b) => a.triggerStart - b.triggerStart,
      ),
    }
  }

  #toRange({ start, end }: TextRange): TextRange {
    return { start: this.#text.toUnits(start), end: this.#text.toUnits(end) }
  }

  #quote(range: TextRange): string {
    const { start, end } = this.#toRange(range)
    return this.#body.slice(start, end)
  }

  #convertMention(mention: ReadMention): Mention {
    const entity = this.#entities.ofActor(mention.actor)
    const isOrganisation = entity.type !== 'person' && entity.type !== 'state'
    const state = isOrganisation ? this.#findDescribingState(mention) : undefined
    const { cue: ownCue } = mention
    const cue = this.#toRange({
      start: Math.min(ownCue.start, state?.start ?? ownCue.start),
      end: ownCue.end,
    })
    return {
      ...this.#toRange(mention),
      entity,
      how: toMatchKind(mention.form, entity),
      sentence: mention.sentence,
      cueStart: cue.start,
      cueEnd: cue.end,
      score: mention.score,
    }
  }

  /** ISO code of the state whose adjective describes an organisation: `the Turkish drone-maker Baykar`. */
  #findCountry(actor: Actor): string | null {
    if (actor.type === 'person' || actor.type === 'state') return null
    for (const mention of this.#mentionsOf.get(actor) ?? []) {
      const state = this.#findDescribingState(mention)
      if (state) return state.actor.country
    }
    return null
  }

  #findDescribingState({ sentence, start }: ReadMention): ReadMention | undefined {
    return this.#adjectives
      .get(sentence)
      ?.find(
        ({ end }) =>
          end < start && descriptionPattern.test(this.#quote({ start: end, end: start })),
      )
  }

  #convertGood(mention: ReadGoodMention): GoodMention {
    const { good, sentence, score } = mention
    const entity = this.#entities.ofGood(good, score, mention.reasons)
    const cue = this.#toRange(mention.cue)
    return {
      ...this.#toRange(mention),
      entity,
      how: entity.known ? 'name' : 'new',
      sentence,
      cueStart: cue.start,
      cueEnd: cue.end,
      score,
      description: good.description,
      maker: good.maker && this.#entities.ofActor(good.maker),
    }
  }

  #convertPost(post: ReadPost): Post {
    return {
      ...this.#toRange(post),
      person: this.#entities.ofActor(post.person),
      role: post.role,
      organisation: post.organisation && this.#entities.ofActor(post.organisation),
    }
  }

  #convertQuantity(quantity: ReadQuantity): Quantity | null {
    const existing = this.#quantities.get(quantity)
    if (existing) return existing
    const { from, to, isApproximate, unit, sentence, good } = quantity
    const value = from ?? to
    if (value === null) return null
    const converted: Quantity = {
      ...this.#toRange(quantity),
      sentence,
      value,
      from,
      to,
      isExact: from === to && !isApproximate,
      unit,
      words: this.#quote(quantity).replaceAll(/\s+/g, ' '),
      good: good && this.#entities.ofGood(good, 0, []),
    }
    this.#quantities.set(quantity, converted)
    return converted
  }

  #convertDate(date: FoundDate): DetectedDate {
    const existing = this.#dates.get(date)
    if (existing) return existing
    const { edtf, words, reason } = date
    const converted = { ...this.#toRange(date), edtf, words, reasoning: reason }
    this.#dates.set(date, converted)
    return converted
  }

  /** "suspended since February 2021": the decision is of that month, and its effect goes on. */
  #convertEventDate(date: FoundDate, type: DetectedEvent['type']): DetectedDate {
    const converted = this.#convertDate(date)
    const isDecision = type === 'permit-decision' || type === 'measure-decision'
    if (!isDecision || !converted.edtf?.endsWith('/..')) return converted
    const edtf = converted.edtf.slice(0, -'/..'.length)
    return { ...converted, edtf, reasoning: `the decision is of the day since which it holds` }
  }

  #convertSpeech(speech: Speech, sentences: readonly TextRange[]): ReportedSpeech {
    const { sentence, speaker, speakerWords, isDocument, verb, said, isDenial } = speech
    const { start, end } = sentences[sentence] ?? this.#toRange(speech)
    return {
      start,
      end,
      sentence,
      voice: {
        entity: speaker && this.#entities.ofActor(speaker),
        document: isDocument && speakerWords ? withoutArticle(speakerWords) : null,
      },
      verb,
      said: said ? this.#toRange(said) : this.#findSaid(speech, end),
      isDenial,
    }
  }

  /** "X says it is absurd": the rest of the sentence, where no mark parts it from the verb. */
  #findSaid(speech: Speech, sentenceEnd: number): TextRange | null {
    const start = this.#toRange(speech).end
    return /^\s+[\p{L}“"]/u.test(this.#body.slice(start, start + 3))
      ? { start, end: sentenceEnd }
      : null
  }

  #convertEvent(event: ReadEvent, speech: readonly ReportedSpeech[]): DetectedEvent | null {
    const type = EventTypeOption.safeParse(event.type).data
    if (type === undefined) return null
    const { sentence, becomes, trigger, permitNumber, permitCount, score, reasons } = event
    const triggerStart = this.#text.toUnits(trigger.start)
    const [destination] = event.destinations
    return {
      ...this.#findPassage(event),
      type,
      becomes,
      form: MeasureFormOption.safeParse(event.form).data ?? null,
      trigger: trigger.words,
      triggerStart,
      sentence,
      participants: this.#listParticipants(event),
      destination: destination ? this.#entities.ofActor(destination.actor) : null,
      exporter: event.exporter && this.#entities.ofActor(event.exporter.actor),
      place: event.place && this.#entities.ofActor(event.place.actor),
      goods: event.goods.map((good) => this.#entities.ofGood(good, 0, [])),
      object: event.object && this.#quote(event.object),
      objectStart: event.object && this.#text.toUnits(event.object.start),
      quantity: event.quantity && this.#convertQuantity(event.quantity),
      value: this.#convertMoney(event),
      permitNumber,
      permitCount,
      date: event.date && this.#convertEventDate(event.date, type),
      said: null,
      voices: findVoices(speech, sentence, triggerStart),
      score,
      reasons,
    }
  }

  #convertMoney({ value }: ReadEvent): DetectedEvent['value'] {
    const amount = value?.from ?? value?.to ?? null
    if (!value || amount === null) return null
    return {
      text: this.#quote(value),
      amount,
      from: value.from,
      to: value.to,
      currency: value.currency,
      isExact: value.from === value.to && !value.isApproximate,
    }
  }

  /** An actor keeps the first of its roles. */
  #listParticipants({ participants, exporter }: ReadEvent): Participant[] {
    const listed: Participant[] = []
    for (const participant of [...participants, ...(exporter ? [exporter] : [])]) {
      const converted = this.#convertParticipant(participant)
      if (converted && !listed.some(({ entity }) => entity === converted.entity))
        listed.push(converted)
    }
    return listed
  }

  #convertParticipant(participant: ReadParticipant): Participant | null {
    const role = RoleOption.safeParse(participant.role).data
    if (role === undefined) return null
    return {
      ...this.#toRange(participant),
      entity: this.#entities.ofActor(participant.actor),
      role,
    }
  }

  /** The clause, widened to all that the event names in its sentence. */
  #findPassage(event: ReadEvent): TextRange {
    const sentence = this.#reading.sentences[event.sentence] ?? event
    const { object, quantity, value, exporter, place } = event
    const parts: TextRange[] = [
      event,
      event.trigger,
      ...event.participants,
      ...event.destinations,
      ...[object, quantity, value, exporter, place].filter((part) => part !== null),
    ].filter(({ start, end }) => start >= sentence.start && end <= sentence.end)
    return this.#toRange({
      start: Math.min(...parts.map(({ start }) => start)),
      end: Math.max(...parts.map(({ end }) => end)),
    })
  }
}

/** "quashed the licence granted to X in 2018": what one decision says of the permit holds for the other. */
function sharePermitFacts(events: readonly DetectedEvent[]): DetectedEvent[] {
  return events.map((event) => {
    const same = events.filter(
      ({ type, sentence, objectStart }) =>
        type === 'permit-decision' &&
        sentence === event.sentence &&
        objectStart !== null &&
        objectStart === event.objectStart,
    )
    if (event.type !== 'permit-decision' || same.length < 2) return event
    const other = <K extends 'exporter' | 'destination' | 'permitNumber' | 'permitCount'>(
      field: K,
    ) => same.map((one) => one[field]).find((one) => one !== null) ?? null
    return {
      ...event,
      exporter: event.exporter ?? other('exporter'),
      destination: event.destination ?? other('destination'),
      permitNumber: event.permitNumber ?? other('permitNumber'),
      permitCount: event.permitCount ?? other('permitCount'),
    }
  })
}

/** "Egypt pledged that ..." is an assurance and no statement beside it. */
const isAct = (statement: DetectedEvent, events: readonly DetectedEvent[]): boolean =>
  events.some(({ triggerStart }) => triggerStart === statement.triggerStart)

/** One to three nouns between the adjective of a state and a name. */
const descriptionPattern = /^(?: (?!of |in |and |to |for |by |at |on |with )[a-z-]+){1,3} $/

const withoutArticle = (words: string): string =>
  words.replace(/^(the|a|an|this|these|those)\s+/i, '')

function toMatchKind(form: ReadMention['form'], { known, type }: Entity): Mention['how'] {
  if (form === 'short') return 'part'
  return form === 'name' && !known && type !== 'state' ? 'new' : form
}
