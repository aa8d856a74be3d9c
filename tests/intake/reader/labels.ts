import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { parseEdtfBounds } from '../../../src/evidence/edtf.ts'
import { readerData } from '../../../src/intake/reader/data.ts'
import { type Lexicon, lexiconOf } from '../../../src/intake/reader/names/lexicon.ts'
import { readText } from '../../../src/intake/reader/read.ts'
import type { Actor, Participant, ReadEvent, Reading } from '../../../src/intake/reader/types.ts'

export type LabelledEvent = {
  at: string
  type: string
  becomes?: string
  on?: string
  permit?: string
  permitCount?: number
  value?: string
} & Record<string, string | number | null | undefined>

export type LabelledText = {
  file: string
  kind: string
  language?: string
  published: string
  text: string
  actors: Record<string, string[]>
  goods: string[]
  dates: Record<string, string>
  money?: string[]
  events: LabelledEvent[]
  hedged?: string[]
}

/** Right, found wrongly, and missed. */
export class Tally {
  right = 0
  wrong = 0
  missed = 0
  add(other: Tally): void {
    this.right += other.right
    this.wrong += other.wrong
    this.missed += other.missed
  }
  get recall(): number {
    return this.right + this.missed === 0 ? 1 : this.right / (this.right + this.missed)
  }
  get precision(): number {
    return this.right + this.wrong === 0 ? 1 : this.right / (this.right + this.wrong)
  }
}

export type Outcome = {
  tallies: Record<string, Tally>
  inversions: string[]
  /** Of what scores 0.8 and more. */
  sure: Tally
  notes: string[]
}

const folder = join(import.meta.dirname, 'texts')
let shared: Lexicon | undefined
const lexicon = () => {
  shared ??= lexiconOf(readerData(), [])
  return shared
}

export function textsOf(half: 'tuned' | 'held-out'): LabelledText[] {
  return readdirSync(join(folder, half))
    .sort()
    .map((file) => ({
      ...parse(readFileSync(join(folder, half, file), 'utf8')),
      file: `${half}/${file}`,
    }))
}

export function read(text: string, published: string, language: string | null = null): Reading {
  return readText(
    { body: text, published: parseEdtfBounds(published), language },
    lexicon(),
    readerData(),
  )
}

const plain = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/^(the|l'|d')\s*/, '')
    .replace(/\.$/, '')
    .trim()

const formsOf = (label: string): string[] => label.split(' | ').map(plain)

/** Names fit where they are the same but for a state's adjective before or a plural s behind. */
function namesFit(found: string, label: string): boolean {
  const name = plain(found)
  return formsOf(label).some(
    (form) =>
      name === form ||
      (name.endsWith(` ${form}`) && name.split(' ').length - form.split(' ').length === 1) ||
      (form.endsWith(` ${name}`) &&
        form.split(' ').length - name.split(' ').length === 1 &&
        name.includes(' ')),
  )
}

const actorFits = ({ name, aliases }: Pick<Actor, 'name' | 'aliases'>, label: string): boolean =>
  [name, ...aliases].some((one) => namesFit(one, label))

const goodFits = (found: string, label: string): boolean => {
  const [a, b] = [plain(found), plain(label)]
  return a === b || a.includes(b) || b.includes(a)
}

const bodies = new Set(['public-body', 'organisation', 'armed-force'])

function scoreActors(text: LabelledText, { actors, mentions }: Reading, outcome: Outcome): void {
  const used = new Set<Actor>()
  for (const [type, labels] of Object.entries(text.actors)) {
    const tally = tallyOf(outcome, type)
    for (const label of labels) {
      const found = actors.find(
        (actor) => !used.has(actor) && typeFits(actor.type, type) && actorFits(actor, label),
      )
      if (found) {
        used.add(found)
        tally.right += 1
        if (found.score >= 0.8 && type !== 'state') outcome.sure.right += 1
      } else {
        tally.missed += 1
        const other = actors.find((actor) => actorFits(actor, label))
        outcome.notes.push(`${type} missed: ${label}${other ? ` (taken for ${other.type})` : ''}`)
      }
    }
  }
  for (const actor of actors) {
    if (used.has(actor)) continue
    const isNamed = mentions.some(
      (one) => one.actor === actor && (actor.type !== 'state' || one.form === 'name'),
    )
    if (!isNamed) continue
    tallyOf(outcome, actor.type).wrong += 1
    if (actor.type !== 'state' && actor.score >= 0.8) outcome.sure.wrong += 1
    outcome.notes.push(`${actor.type} wrong: ${actor.name} (${actor.reasons[0]}, ${actor.score})`)
  }
}

/** A body may be told as an organisation and the other way round only where the text leaves it open; types count. */
const typeFits = (found: string, label: string): boolean => found === label

function scoreGoods(text: LabelledText, { goods }: Reading, outcome: Outcome): void {
  const tally = tallyOf(outcome, 'goods')
  const names = [...new Set(goods.map(({ good }) => good.designation))]
  for (const label of text.goods)
    if (names.some((name) => goodFits(name, label))) tally.right += 1
    else {
      tally.missed += 1
      outcome.notes.push(`good missed: ${label}`)
    }
  for (const name of names)
    if (!text.goods.some((label) => goodFits(name, label))) {
      tally.wrong += 1
      const score = Math.max(
        ...goods.filter(({ good }) => good.designation === name).map((one) => one.score),
      )
      if (score >= 0.8) outcome.sure.wrong += 1
      outcome.notes.push(`good wrong: ${name}`)
    } else outcome.sure.right += 1
}

function scoreDates(text: LabelledText, { dates }: Reading, outcome: Outcome): void {
  const tally = tallyOf(outcome, 'dates')
  for (const [words, edtf] of Object.entries(text.dates)) {
    const places = placesOf(text.text, words)
    const over = dates.filter((date) =>
      places.some((at) => date.start < at + words.length && at < date.end),
    )
    if (over.some((date) => date.edtf === String(edtf))) tally.right += 1
    else {
      tally.missed += 1
      outcome.notes.push(
        `date missed: ${words} is ${edtf}, read ${over.map((date) => `${date.words}=${date.edtf}`).join(', ')}`,
      )
    }
  }
}

const placesOf = (text: string, words: string): number[] => {
  const places: number[] = []
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) places.push(at)
  return places
}

const roles = [
  'issuer',
  'imposer',
  'supplier',
  'consignee',
  'user',
  'opponent',
  'applicant',
  'addressee',
  'requester',
  'assurer',
  'author',
  'reporter',
  'investigator',
  'discloser',
  'subject',
  'target',
]

/** Null where a found event is right for its label; else what is wrong in it. */
export function faultOf(event: ReadEvent, label: LabelledEvent): string | null {
  for (const role of roles) {
    const found = event.participants.filter((one) => one.role === role)
    const fault = roleFault(role, found, label[role])
    if (fault) return fault
  }
  const destination = roleFault('destination', event.destinations, label.destination)
  if (destination) return destination
  const exporter = roleFault('exporter', event.exporter ? [event.exporter] : [], label.exporter)
  if (exporter) return exporter
  if (
    label.on !== undefined &&
    label.on !== null &&
    event.date &&
    event.date.edtf !== String(label.on)
  )
    return `on ${event.date.edtf}, not ${label.on}`
  if (label.on === null && event.date) return `on ${event.date.edtf}, not open`
  if (label.permit && event.permitNumber && event.permitNumber !== String(label.permit))
    return `permit ${event.permitNumber}`
  if (
    label.permitCount !== undefined &&
    event.permitCount !== null &&
    event.permitCount !== label.permitCount
  )
    return `count ${event.permitCount}`
  if (
    label.value &&
    event.value &&
    `${event.value.from ?? event.value.to} ${event.value.currency}` !== label.value
  )
    return `value ${event.value.from} ${event.value.currency}`
  return null
}

/** A role that the label leaves out may be found, but not a wrong one; a doer that the label names must not be another. */
function roleFault(
  role: string,
  found: readonly Participant[],
  label: string | number | null | undefined,
): string | null {
  if (found.length === 0) return null
  if (label === undefined) return null
  if (label === null) return `${role} ${found[0]?.actor.name}, not open`
  const isRight =
    String(label)
      .split(' | ')
      .some((form) => form === 'null') ||
    found.some(({ actor }) => actorFits(actor, String(label)) || forceFits(actor, String(label)))
  return isRight ? null : `${role} ${found.map(({ actor }) => actor.name).join(', ')}, not ${label}`
}

/** "Azerbaijani forces" may be read for Azerbaijan. */
const forceFits = (actor: Actor, label: string): boolean =>
  actor.type === 'armed-force' &&
  actor.country !== null &&
  label.toLowerCase().slice(0, 5) === actor.name.toLowerCase().slice(0, 5)

export function missingFields(event: ReadEvent, label: LabelledEvent): string[] {
  const missing = roles.filter(
    (role) =>
      typeof label[role] === 'string' && !event.participants.some((one) => one.role === role),
  )
  if (label.destination && event.destinations.length === 0) missing.push('destination')
  if (label.exporter && !event.exporter) missing.push('exporter')
  if (label.on && !event.date) missing.push('on')
  if (label.permit && !event.permitNumber) missing.push('permit')
  if (label.permitCount && event.permitCount === null) missing.push('permitCount')
  if (label.value && !event.value) missing.push('value')
  return missing
}

const kindOf = (type: string): string => (type.endsWith('-decision') ? 'decisions' : 'other events')

function scoreEvents(text: LabelledText, reading: Reading, outcome: Outcome): void {
  const used = new Set<ReadEvent>()
  const sentenceOf = (words: string) => {
    const at = text.text.indexOf(words)
    return reading.sentences.findIndex(({ start, end }) => start <= at && at < end)
  }
  for (const label of text.events) {
    const tally = tallyOf(outcome, kindOf(label.type))
    const at = text.text.indexOf(label.at)
    const isNear = (event: ReadEvent) =>
      event.sentence === sentenceOf(label.at) &&
      event.type === label.type &&
      (event.becomes ?? undefined) === label.becomes
    const near = reading.events.filter((event) => !used.has(event) && isNear(event))
    const found = near.toSorted(
      (a, b) => distance(a, at, label.at.length) - distance(b, at, label.at.length),
    )[0]
    if (!found) {
      tally.missed += 1
      outcome.notes.push(`event missed: ${label.type} ${label.becomes ?? ''} "${label.at}"`)
      continue
    }
    used.add(found)
    const fault = faultOf(found, label)
    if (fault) {
      tally.wrong += 1
      tally.missed += 1
      if (found.score >= 0.8) outcome.sure.wrong += 1
      outcome.notes.push(`event wrong: ${label.type} "${label.at}": ${fault} (${found.score})`)
      continue
    }
    tally.right += 1
    if (found.score >= 0.8) outcome.sure.right += 1
    const missing = missingFields(found, label)
    const fields = tallyOf(outcome, 'fields of events')
    fields.missed += missing.length
    fields.right +=
      Object.keys(label).filter(
        (key) => !['at', 'type', 'becomes'].includes(key) && label[key] !== null,
      ).length - missing.length
    if (missing.length > 0) outcome.notes.push(`event without ${missing.join(', ')}: "${label.at}"`)
  }
  scoreFalseEvents(text, reading, used, outcome, sentenceOf)
}

const distance = (event: ReadEvent, at: number, length: number): number =>
  Math.abs((event.trigger.start + event.trigger.end) / 2 - (at + length / 2))

function scoreFalseEvents(
  text: LabelledText,
  reading: Reading,
  used: ReadonlySet<ReadEvent>,
  outcome: Outcome,
  sentenceOf: (words: string) => number,
): void {
  const hedged = (text.hedged ?? []).map((words) => ({
    at: text.text.indexOf(words),
    length: words.length,
    sentence: sentenceOf(words),
  }))
  const strict = new Set([
    'permit-decision',
    'measure-decision',
    'delivery',
    'transfer',
    'use',
    'application',
    'request',
    'assurance',
    'recommendation',
    'inquiry',
    'disclosure',
    'report',
  ])
  for (const event of reading.events) {
    if (used.has(event) || !strict.has(event.type) || isRepeated(event, used)) continue
    tallyOf(outcome, kindOf(event.type)).wrong += 1
    if (event.score >= 0.8) outcome.sure.wrong += 1
    const words = text.text.slice(event.start, event.end)
    outcome.notes.push(
      `event not labelled: ${event.type} ${event.becomes ?? ''} "${words}" (${event.score})`,
    )
    const isHedged = hedged.some(
      ({ at, length, sentence }) =>
        event.sentence === sentence &&
        event.trigger.start >= at - 4 &&
        event.trigger.start < at + length,
    )
    if (isHedged)
      outcome.inversions.push(`${text.file}: ${event.type} ${event.becomes ?? ''} "${words}"`)
  }
}

/** A headline that tells the same again: the product joins them. */
const isRepeated = (event: ReadEvent, used: ReadonlySet<ReadEvent>): boolean =>
  [...used].some(
    (other) =>
      other.type === event.type &&
      other.becomes === event.becomes &&
      event.participants.length > 0 &&
      event.participants.every((one) =>
        other.participants.some(({ actor, role }) => actor === one.actor && role === one.role),
      ) &&
      (event.date === null || event.date.edtf === other.date?.edtf),
  )

function scoreMoney(text: LabelledText, { money }: Reading, outcome: Outcome): void {
  const tally = tallyOf(outcome, 'money')
  for (const label of text.money ?? [])
    if (money.some((one) => `${one.from ?? one.to} ${one.currency}` === label)) tally.right += 1
    else {
      tally.missed += 1
      outcome.notes.push(
        `money missed: ${label}, read ${money.map((one) => `${one.from} ${one.currency}`).join('; ')}`,
      )
    }
}

function tallyOf(outcome: Outcome, kind: string): Tally {
  const tally = outcome.tallies[kind] ?? new Tally()
  outcome.tallies[kind] = tally
  return tally
}

/** What the reader makes of a labelled text, held against its labels. */
export function score(text: LabelledText): Outcome {
  const outcome: Outcome = { tallies: {}, inversions: [], sure: new Tally(), notes: [] }
  const reading = read(text.text, text.published, text.language ?? null)
  scoreActors(text, reading, outcome)
  scoreGoods(text, reading, outcome)
  scoreDates(text, reading, outcome)
  scoreMoney(text, reading, outcome)
  scoreEvents(text, reading, outcome)
  return outcome
}

export const isNameKind = (kind: string): boolean =>
  kind === 'person' || kind === 'company' || kind === 'publisher' || bodies.has(kind)
