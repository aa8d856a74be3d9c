import type { DateBounds } from '../../evidence/edtf.ts'
import { convertToCodePoints } from './code-points.ts'
import { type LanguageCode, languages, type ReaderData } from './data.ts'
import { findEvents, type SentenceFacts } from './events/events.ts'
import { Memory } from './events/memory.ts'
import { findSpeech } from './events/speech.ts'
import { findChunkActor } from './grammar/chunks.ts'
import { type Clause, parseSentence } from './grammar/clauses.ts'
import { type ActorSpan, findActors } from './names/actors.ts'
import { findGoods } from './names/goods.ts'
import type { Lexicon } from './names/lexicon.ts'
import { type Sentence, splitSentences } from './tokens.ts'
import type { Reading } from './types.ts'
import { findMoney, findQuantities } from './values/amounts.ts'
import { createDateFinder, detectLanguage } from './values/dates.ts'

export type Text = {
  body: string
  /** What may be cited, in UTF-16 units; the whole body where it is left out. */
  stretches?: readonly { start: number; end: number }[]
  /** BCP 47; found out where it is left out. */
  language?: string | null
  published: DateBounds | null
}

/** Reads a text: who and what it names, its dates and amounts, who says what, and what has happened. Offsets of the answer are code points. */
export function readText(text: Text, lexicon: Lexicon, data: ReaderData): Reading {
  const { body } = text
  const language = chooseLanguage(text)
  const sentences = splitSentences(body, text.stretches ?? [{ start: 0, end: body.length }])
  const findDates = createDateFinder(data.calendar, text.published, language)
  const dates = sentences.flatMap(({ start, end }, number) =>
    findDates(body.slice(start, end), start, number),
  )
  const isDate = indexPassages(dates)
  const found = findActors(body, sentences, data, lexicon, isDate)
  const goods = findGoods(body, sentences, found.spans, data, lexicon, isDate)
  const goodsOf = Map.groupBy(goods, ({ sentence }) => sentence)
  const money = sentences.flatMap(({ tokens }, number) => findMoney(tokens, number, data))
  const isMoney = indexPassages(money)
  const quantities = sentences.flatMap(({ tokens }, number) =>
    findQuantities(
      tokens,
      number,
      goodsOf.get(number) ?? [],
      data,
      (start) => isDate(start) || isMoney(start),
    ),
  )
  const reading: Reading = {
    language,
    notRead:
      language === 'en'
        ? []
        : [`Events and speech are read in English only; this text is taken for "${language}".`],
    sentences: sentences.map(({ start, end }) => ({ start, end })),
    actors: found.actors.filter((actor) => found.spans.some((span) => span.actor === actor)),
    mentions: found.spans,
    posts: found.posts,
    goods,
    quantities,
    money,
    dates,
    speech: [],
    events: [],
  }
  if (language === 'en') readEvents(body, sentences, reading, found.spans, goodsOf, data, isDate)
  return convertToCodePoints(body, reading)
}

function chooseLanguage({ language, body }: Text): LanguageCode {
  const [given = ''] = (language ?? '').toLowerCase().split('-')
  const known = languages.find((code) => code === given)
  return known ?? detectLanguage(body)
}

const indexPassages = (list: readonly { start: number; end: number }[]) => {
  const sorted = list.toSorted((a, b) => a.start - b.start)
  return (at: number): boolean => {
    let [low, high] = [0, sorted.length - 1]
    while (low <= high) {
      const middle = (low + high) >> 1
      const one = sorted[middle]
      if (!one) return false
      if (at < one.start) high = middle - 1
      else if (at >= one.end) low = middle + 1
      else return true
    }
    return false
  }
}

function readEvents(
  body: string,
  sentences: readonly Sentence[],
  reading: Reading,
  spans: readonly ActorSpan[],
  goodsOf: ReadonlyMap<number, ReturnType<typeof findGoods>>,
  data: ReaderData,
  isDate: (start: number) => boolean,
): void {
  const memory = new Memory(spans)
  const actorsOf = Map.groupBy(spans, ({ sentence }) => sentence)
  const datesOf = Map.groupBy(reading.dates, ({ sentence }) => sentence)
  const moneyIn = Map.groupBy(reading.money, ({ sentence }) => sentence)
  const quantitiesIn = Map.groupBy(reading.quantities, ({ sentence }) => sentence)
  for (const [number, sentence] of sentences.entries()) {
    const actors = actorsOf.get(number) ?? []
    const dates = datesOf.get(number) ?? []
    const parsed = parseSentence(sentence, actors, data, isDate)
    const lastNamed = { person: memory.person, actor: memory.subject }
    const speech = findSpeech({ body, number, sentence, parsed, actors, dates }, data, lastNamed)
    const facts: SentenceFacts = {
      body,
      number,
      sentence,
      parsed,
      actors,
      goods: goodsOf.get(number) ?? [],
      dates,
      money: moneyIn.get(number) ?? [],
      quantities: quantitiesIn.get(number) ?? [],
      speech,
    }
    reading.speech.push(...speech)
    reading.events.push(...findEvents(facts, data, memory))
    updateMemory(memory, parsed.clauses, actors)
  }
}

function updateMemory(
  memory: Memory,
  clauses: readonly Clause[],
  actors: readonly ActorSpan[],
): void {
  const subject = clauses
    .filter(({ link }) => link === 'main' || link === 'coordinate' || link === 'that')
    .map(({ subject: chunk }) => (chunk ? findChunkActor(chunk) : null))
    .find((span) => span && span.actor.type !== 'person' && span.actor.type !== 'publisher')
  memory.subject =
    subject ?? (clauses.some(({ subject: chunk }) => chunk?.isPronoun) ? memory.subject : null)
  memory.person = actors.findLast(({ actor }) => actor.type === 'person') ?? memory.person
}
