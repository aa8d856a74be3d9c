import type { ActorType } from '../../../src/intake/reader/types.ts'
import { actorFits, faultOf, type LabelledEvent, missingFields } from './labels.ts'
import { type Proposed, type ProposedEvent, propose } from './proposed.ts'

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

/** What somebody says is a statement beside the events that it tells of. */
const isDeedOrAct = ({ type, participants }: ProposedEvent): boolean =>
  type !== 'statement' &&
  !(type === 'report' && participants.every(({ actor }) => actor.type === 'publisher'))

const deeds = new Set(['permit-decision', 'measure-decision', 'delivery', 'transfer', 'use'])

/** What the proposals get wrong of a sentence; empty where all that its label says is right. */
export function faultsOfSentence(label: LabelledSentence): string[] {
  const proposed = propose(label.text, label.published ?? '2021-04-13', label.language ?? 'en')
  return [
    ...eventFaults(label, proposed),
    ...speakerFaults(label, proposed),
    ...actorFaults(label, proposed),
    ...amountFaults(label, proposed),
  ]
}

function eventFaults(label: LabelledSentence, { events }: Proposed): string[] {
  const done = events.filter(isDeedOrAct)
  const told = ({ type, becomes, title }: ProposedEvent) => `${type} ${becomes ?? ''} "${title}"`
  if (label.none) return done.map((event) => `an event: ${told(event)}`)
  if (!label.events) return []
  const faults: string[] = []
  const left = [...done]
  for (const wanted of label.events) {
    const fits = (event: ProposedEvent) =>
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

function speakerFaults(label: LabelledSentence, { speakers }: Proposed): string[] {
  const names = speakers.filter((one) => one !== null)
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

function actorFaults(label: LabelledSentence, { actors }: Proposed): string[] {
  const faults: string[] = []
  for (const [name, type] of Object.entries(label.actors ?? {})) {
    const found = actors.find((actor) => actorFits(actor, name))
    if (found?.type !== type) faults.push(`${name} is ${found?.type ?? 'not found'}, not ${type}`)
  }
  for (const one of label.not ?? []) {
    if (/ as speaker$/.test(one)) continue
    const found = actors.some(
      ({ name, type }) => name === one || (type === 'company' && one.startsWith(name)),
    )
    if (found) faults.push(`${one} is found`)
  }
  if (label.alias) {
    const [name, alias] = label.alias
    const actor = actors.find((one) => actorFits(one, name))
    const forms = actor ? [actor.name, ...actor.aliases] : []
    if (!forms.includes(alias)) faults.push(`${alias} is not ${name}`)
  }
  return faults
}

function amountFaults(label: LabelledSentence, { dates, quantities, money }: Proposed): string[] {
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
