import type { ActorType, ReadEvent, Reading } from '../../../src/intake/reader/types.ts'
import { faultOf, type LabelledEvent, missingFields, read } from './labels.ts'

export type LabelledSentence = {
  text: string
  published?: string
  language?: string
  none?: boolean
  events?: LabelledEvent[]
  speaker?: string | null
  actors?: Record<string, ActorType>
  not?: string[]
  dates?: (string | number)[]
  quantities?: (number | { from?: number; to?: number; almost?: number })[]
  money?: string[]
  alias?: [string, string]
}

const deeds = new Set(['permit-decision', 'measure-decision', 'delivery', 'transfer', 'use'])

/** What the reader gets wrong of a sentence; empty where all that its label says is right. */
export function faultsOfSentence(label: LabelledSentence): string[] {
  const reading = read(label.text, label.published ?? '2021-04-13', label.language ?? 'en')
  return [
    ...eventFaults(label, reading),
    ...speakerFaults(label, reading),
    ...actorFaults(label, reading),
    ...amountFaults(label, reading),
  ]
}

function eventFaults(label: LabelledSentence, { events }: Reading): string[] {
  const told = (event: ReadEvent) =>
    `${event.type} ${event.becomes ?? ''} by "${event.trigger.words}"`
  if (label.none) return events.map((event) => `an event: ${told(event)}`)
  if (!label.events) return []
  const faults: string[] = []
  const left = [...events]
  for (const wanted of label.events) {
    const fits = (event: ReadEvent) =>
      event.type === wanted.type &&
      (wanted.becomes === undefined || event.becomes === wanted.becomes) &&
      faultOf(event, wanted) === null &&
      missingFields(event, wanted).length === 0
    const at = left.findIndex(fits)
    if (at >= 0) left.splice(at, 1)
    else {
      const near = left.find(({ type }) => type === wanted.type)
      const why = near
        ? (faultOf(near, wanted) ??
          `lacks ${missingFields(near, wanted).join(', ')} (${near.becomes})`)
        : 'none found'
      faults.push(`no ${wanted.type} ${wanted.becomes ?? ''}: ${why}`)
    }
  }
  for (const event of left) if (deeds.has(event.type)) faults.push(`one too many: ${told(event)}`)
  return faults
}

function speakerFaults(label: LabelledSentence, { speech }: Reading): string[] {
  const names = speech.flatMap(({ speaker }) => (speaker ? [speaker.name] : []))
  const faults: string[] = []
  if (label.speaker === null && names.length > 0)
    faults.push(`speaker ${names.join(', ')}, not open`)
  if (label.speaker && !names.includes(label.speaker))
    faults.push(`speaker ${names.join(', ')}, not ${label.speaker}`)
  for (const one of label.not ?? []) {
    const [, name = ''] = /^(.*) as speaker$/.exec(one) ?? []
    if (name && names.some((found) => found.includes(name))) faults.push(`speaker ${name}`)
  }
  return faults
}

function actorFaults(label: LabelledSentence, { actors, mentions }: Reading): string[] {
  const faults: string[] = []
  const fits = (found: string, wanted: string) =>
    found.replace(/^The /, '') === wanted.replace(/^The /, '')
  for (const [name, type] of Object.entries(label.actors ?? {})) {
    const found = actors.find((actor) =>
      [actor.name, ...actor.aliases].some((one) => fits(one, name)),
    )
    if (found?.type !== type) faults.push(`${name} is ${found?.type ?? 'not found'}, not ${type}`)
  }
  for (const one of label.not ?? []) {
    if (/ as speaker$/.test(one)) continue
    const found = mentions.find(
      ({ actor }) => actor.name === one || (actor.type === 'company' && one.startsWith(actor.name)),
    )
    if (found) faults.push(`${one} is found`)
  }
  if (label.alias) {
    const [name, alias] = label.alias
    const actor = actors.find(
      (one) => fits(one.name, name) || one.aliases.some((other) => fits(other, name)),
    )
    const forms = actor ? [actor.name, ...actor.aliases] : []
    if (!forms.includes(alias)) faults.push(`${alias} is not ${name}`)
  }
  return faults
}

function amountFaults(label: LabelledSentence, { dates, quantities, money }: Reading): string[] {
  const faults: string[] = []
  const found = dates.map(({ edtf }) => edtf)
  for (const date of label.dates ?? [])
    if (!found.includes(String(date))) faults.push(`date ${date}, read ${found.join(', ')}`)
  for (const wanted of label.quantities ?? []) {
    const bounds =
      typeof wanted === 'number'
        ? { from: wanted, to: wanted }
        : { from: wanted.from ?? null, to: wanted.to ?? wanted.almost ?? null }
    if (!quantities.some(({ from, to }) => from === bounds.from && to === bounds.to))
      faults.push(
        `quantity ${JSON.stringify(wanted)}, read ${quantities.map(({ from, to }) => `${from} to ${to}`).join(', ')}`,
      )
  }
  for (const sum of label.money ?? [])
    if (!money.some(({ from, to, currency }) => `${from ?? to} ${currency}` === sum))
      faults.push(
        `money ${sum}, read ${money.map(({ from, currency }) => `${from} ${currency}`).join(', ')}`,
      )
  return faults
}
