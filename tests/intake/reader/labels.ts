import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { parseEdtfBounds } from '../../../src/evidence/edtf.ts'
import { readerData } from '../../../src/intake/reader/data.ts'
import { lexiconOf } from '../../../src/intake/reader/names/lexicon.ts'
import { readText } from '../../../src/intake/reader/read.ts'
import type { Reading } from '../../../src/intake/reader/types.ts'
import { type Proposed, type ProposedActor, type ProposedEvent, propose } from './proposed.ts'

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
export function textsOf(half: 'tuned' | 'held-out'): LabelledText[] {
  return readdirSync(join(folder, half))
    .sort()
    .map((file) => ({
      ...parse(readFileSync(join(folder, half, file), 'utf8')),
      file: `${half}/${file}`,
    }))
}

/** What the reader alone makes of a text, with offsets in code points. */
export function read(text: string, published: string, language: string | null = null): Reading {
  const data = readerData()
  return readText(
    { body: text, published: parseEdtfBounds(published), language },
    lexiconOf(data, []),
    data,
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

export const actorFits = (
  { name, aliases }: Pick<ProposedActor, 'name' | 'aliases'>,
  label: string,
): boolean => [name, ...aliases].some((one) => namesFit(one, label))

const goodFits = (found: string, label: string): boolean => {
  const [a, b] = [plain(found), plain(label)]
  return a === b || a.includes(b) || b.includes(a)
}

const bodies = new Set(['public-body', 'organisation', 'armed-force'])

function scoreActors(text: LabelledText, { actors }: Proposed, outcome: Outcome): void {
  const used = new Set<ProposedActor>()
  for (const [type, labels] of Object.entries(text.actors)) {
    const tally = tallyOf(outcome, type)
    for (const label of labels) {
      const found = actors.find(
        (actor) => !used.has(actor) && actor.type === type && actorFits(actor, label),
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
    if (used.has(actor) || !actor.isNamed) continue
    tallyOf(outcome, actor.type ?? '').wrong += 1
    if (actor.type !== 'state' && actor.score >= 0.8) outcome.sure.wrong += 1
    outcome.notes.push(`${actor.type} wrong: ${actor.name} (${actor.reasons[0]}, ${actor.score})`)
  }
}

function scoreGoods(text: LabelledText, { goods }: Proposed, outcome: Outcome): void {
  const tally = tallyOf(outcome, 'goods')
  for (const label of text.goods)
    if (goods.some(({ designation }) => goodFits(designation, label))) tally.right += 1
    else {
      tally.missed += 1
      outcome.notes.push(`good missed: ${label}`)
    }
  for (const { designation, score } of goods)
    if (text.goods.some((label) => goodFits(designation, label))) {
      if (score >= 0.8) outcome.sure.right += 1
    } else {
      tally.wrong += 1
      if (score >= 0.8) outcome.sure.wrong += 1
      outcome.notes.push(`good wrong: ${designation}`)
    }
}

function scoreDates(text: LabelledText, { dates }: Proposed, outcome: Outcome): void {
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

/** Null where a proposed event is right for its label; else what is wrong in it. */
export function faultOf(event: ProposedEvent, label: LabelledEvent): string | null {
  for (const role of roles) {
    const found = event.participants.filter((one) => one.role === role)
    const fault = roleFault(
      role,
      found.map(({ actor }) => actor),
      label[role],
    )
    if (fault) return fault
  }
  for (const field of ['destination', 'exporter'] as const) {
    const actor = event[field]
    const fault = roleFault(field, actor ? [actor] : [], label[field])
    if (fault) return fault
  }
  const { on, permitNumber, permitCount, value } = event
  if (label.on !== undefined && on !== null && on !== dateOf(label.on))
    return `on ${on}, not ${label.on ?? 'open'}`
  if (label.permit && permitNumber && permitNumber !== String(label.permit))
    return `permit ${permitNumber}`
  if (label.permitCount !== undefined && permitCount !== null && permitCount !== label.permitCount)
    return `count ${permitCount}`
  if (label.value && value && value !== label.value) return `value ${value}`
  return null
}

/** A decision since a day is of that day. */
const dateOf = (label: string | null): string | null =>
  label === null ? null : String(label).replace(/\/\.\.$/, '')

/** A role that the label leaves out may be found, but not a wrong one; a doer that the label names must not be another. */
function roleFault(
  role: string,
  found: readonly ProposedActor[],
  label: string | number | null | undefined,
): string | null {
  if (found.length === 0 || label === undefined) return null
  if (label === null) return `${role} ${found[0]?.name}, not open`
  const isRight =
    String(label)
      .split(' | ')
      .some((form) => form === 'null') ||
    found.some((actor) => actorFits(actor, String(label)) || forceFits(actor, String(label)))
  return isRight ? null : `${role} ${found.map(({ name }) => name).join(', ')}, not ${label}`
}

/** "Azerbaijani forces" may be read for Azerbaijan. */
const forceFits = (actor: ProposedActor, label: string): boolean =>
  actor.type === 'armed-force' &&
  actor.country !== null &&
  label.toLowerCase().slice(0, 5) === actor.name.toLowerCase().slice(0, 5)

export function missingFields(event: ProposedEvent, label: LabelledEvent): string[] {
  const missing = roles.filter(
    (role) =>
      typeof label[role] === 'string' && !event.participants.some((one) => one.role === role),
  )
  if (label.destination && !event.destination) missing.push('destination')
  if (label.exporter && !event.exporter) missing.push('exporter')
  if (label.on && !event.on) missing.push('on')
  if (label.permit && !event.permitNumber) missing.push('permit')
  if (label.permitCount && event.permitCount === null) missing.push('permitCount')
  if (label.value && !event.value) missing.push('value')
  return missing
}

const kindOf = (type: string): string => (type.endsWith('-decision') ? 'decisions' : 'other events')

function scoreEvents(text: LabelledText, proposed: Proposed, outcome: Outcome): void {
  const used = new Set<ProposedEvent['places'][number]>()
  const sentenceOf = (words: string) => {
    const at = text.text.indexOf(words)
    return proposed.sentences.findIndex(({ start, end }) => start <= at && at < end)
  }
  for (const label of text.events) {
    const tally = tallyOf(outcome, kindOf(label.type))
    const at = text.text.indexOf(label.at) + label.at.length / 2
    const near = proposed.events
      .filter(
        ({ type, becomes }) => type === label.type && (becomes ?? undefined) === label.becomes,
      )
      .flatMap((event) => event.places.map((place) => ({ event, place })))
      .filter(({ place }) => !used.has(place) && place.sentence === sentenceOf(label.at))
    const found = near.toSorted((a, b) => distance(a.place, at) - distance(b.place, at))[0]
    if (!found) {
      tally.missed += 1
      outcome.notes.push(`event missed: ${label.type} ${label.becomes ?? ''} "${label.at}"`)
      continue
    }
    used.add(found.place)
    const { event } = found
    const fault = faultOf(event, label)
    if (fault) {
      tally.wrong += 1
      tally.missed += 1
      if (event.score >= 0.8) outcome.sure.wrong += 1
      outcome.notes.push(`event wrong: ${label.type} "${label.at}": ${fault} (${event.score})`)
      continue
    }
    tally.right += 1
    if (event.score >= 0.8) outcome.sure.right += 1
    const missing = missingFields(event, label)
    const fields = tallyOf(outcome, 'fields of events')
    fields.missed += missing.length
    fields.right +=
      Object.keys(label).filter(
        (key) => !['at', 'type', 'becomes'].includes(key) && label[key] !== null,
      ).length - missing.length
    if (missing.length > 0) outcome.notes.push(`event without ${missing.join(', ')}: "${label.at}"`)
  }
  scoreFalseEvents(text, proposed, used, outcome, sentenceOf)
}

const distance = ({ triggerStart, trigger }: ProposedEvent['places'][number], at: number): number =>
  Math.abs(triggerStart + trigger.length / 2 - at)

/** Statements and reports of media are not labelled. */
const isLabelled = ({ type, participants }: ProposedEvent): boolean =>
  type !== 'statement' &&
  !(type === 'report' && participants.every(({ actor }) => actor.type === 'publisher'))

function scoreFalseEvents(
  text: LabelledText,
  { events }: Proposed,
  used: ReadonlySet<ProposedEvent['places'][number]>,
  outcome: Outcome,
  sentenceOf: (words: string) => number,
): void {
  const hedged = (text.hedged ?? []).map((words) => ({
    at: text.text.indexOf(words),
    length: words.length,
    sentence: sentenceOf(words),
  }))
  for (const event of events) {
    if (event.places.some((place) => used.has(place)) || !isLabelled(event)) continue
    tallyOf(outcome, kindOf(event.type)).wrong += 1
    if (event.score >= 0.8) outcome.sure.wrong += 1
    const [place] = event.places
    const words = text.text.slice(place?.start, place?.end)
    outcome.notes.push(
      `event not labelled: ${event.type} ${event.becomes ?? ''} "${words}" (${event.score})`,
    )
    const isHedged = hedged.some(({ at, length, sentence }) =>
      event.places.some(
        (one) =>
          one.sentence === sentence && one.triggerStart >= at - 4 && one.triggerStart < at + length,
      ),
    )
    if (isHedged)
      outcome.inversions.push(`${text.file}: ${event.type} ${event.becomes ?? ''} "${words}"`)
  }
}

function scoreMoney(text: LabelledText, { money }: Proposed, outcome: Outcome): void {
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

/** What is proposed from a labelled text, held against its labels. */
export function score(text: LabelledText): Outcome {
  const outcome: Outcome = { tallies: {}, inversions: [], sure: new Tally(), notes: [] }
  const proposed = propose(text.text, text.published, text.language ?? null)
  scoreActors(text, proposed, outcome)
  scoreGoods(text, proposed, outcome)
  scoreDates(text, proposed, outcome)
  scoreMoney(text, proposed, outcome)
  scoreEvents(text, proposed, outcome)
  return outcome
}

export const isNameKind = (kind: string): boolean =>
  kind === 'person' || kind === 'company' || kind === 'publisher' || bodies.has(kind)
