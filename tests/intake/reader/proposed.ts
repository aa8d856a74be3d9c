import { parseEdtfBounds } from '../../../src/evidence/edtf.ts'
import type { Draft } from '../../../src/intake/proposals/drafts/draft.ts'
import { createSlug } from '../../../src/intake/proposals/drafts/draft-context.ts'
import { draftRecords } from '../../../src/intake/proposals/drafts/draft-records.ts'
import { type EventGroup, groupEvents } from '../../../src/intake/proposals/event-groups.ts'
import { convertReading } from '../../../src/intake/proposals/reading/convert-reading.ts'
import type { Detection, Entity } from '../../../src/intake/proposals/reading/detection.ts'
import { RecordNames } from '../../../src/intake/proposals/reading/record-names.ts'
import { readerData } from '../../../src/intake/reader/data.ts'
import { type Lexicon, lexiconOf } from '../../../src/intake/reader/names/lexicon.ts'
import { readText } from '../../../src/intake/reader/read.ts'

/** A proposed actor with all names that the text gives it. */
export type ProposedActor = Pick<Entity, 'type' | 'name' | 'aliases' | 'country' | 'reasons'> & {
  score: number
  /** The text has a name of it and not only an adjective. */
  isNamed: boolean
}

type Place = { start: number; end: number; sentence: number; trigger: string; triggerStart: number }

/** A proposed event with what its permit says. */
export type ProposedEvent = {
  type: string
  becomes: string | null
  title: string
  /** The passages that it cites, in text order. */
  places: Place[]
  participants: { role: string; actor: ProposedActor }[]
  destination: ProposedActor | null
  exporter: ProposedActor | null
  permitNumber: string | null
  permitCount: number | null
  /** As `752000000 EUR`. */
  value: string | null
  on: string | null
  score: number
}

export type Proposed = {
  actors: ProposedActor[]
  goods: { designation: string; score: number }[]
  dates: Detection['dates']
  quantities: Detection['quantities']
  money: { from: number | null; to: number | null; currency: string }[]
  sentences: Detection['sentences']
  /** Null for a speaker without a name. */
  speakers: (string | null)[]
  events: ProposedEvent[]
  drafts: Draft[]
}

let shared: Lexicon | undefined
const lexicon = () => {
  shared ??= lexiconOf(readerData(), [])
  return shared
}

/** What the server would propose from a text in a database without records. Offsets are UTF-16 units. */
export function propose(body: string, published: string, language: string | null): Proposed {
  const text = { body, published: parseEdtfBounds(published), language }
  const reading = readText(text, lexicon(), readerData())
  const detection = convertReading(reading, body, new RecordNames())
  const drafts = draftRecords(detection, { slug: 'text', body })
  const actors = listActors(drafts, detection)
  const bySlug = new Map(actors.map((actor) => [createSlug(actor.name), actor]))
  const groups = groupEvents(detection.events)
  const events = drafts.filter(({ kind }) => kind === 'event')
  return {
    actors,
    goods: drafts
      .filter(({ kind }) => kind === 'good')
      .map(({ record, score }) => ({ designation: String(record.designation), score })),
    dates: detection.dates,
    quantities: detection.quantities,
    money: reading.money,
    sentences: detection.sentences,
    speakers: detection.speech.map(({ voice }) => voice.entity?.name ?? null),
    events: events.flatMap((draft, index) => {
      const group = groups[index]
      return group ? createEvent(draft, group, drafts, bySlug) : []
    }),
    drafts,
  }
}

function listActors(drafts: readonly Draft[], detection: Detection): ProposedActor[] {
  const mentionsOf = Map.groupBy(detection.mentions, ({ entity }) => entity.name)
  return drafts
    .filter(({ kind }) => kind === 'actor')
    .map(({ record, score, reasons, type }) => {
      const name = String(record.name)
      const mentions = mentionsOf.get(name) ?? []
      return {
        name,
        type: type as Entity['type'],
        aliases: mentions.flatMap(({ entity }) => entity.aliases),
        country: (record.country ?? null) as string | null,
        score,
        reasons,
        isNamed: mentions.some(
          ({ how, entity }) => entity.type !== 'state' || how === 'name' || how === 'new',
        ),
      }
    })
}

function createEvent(
  { record, score }: Draft,
  group: EventGroup,
  drafts: readonly Draft[],
  actors: ReadonlyMap<string, ProposedActor>,
): ProposedEvent {
  const find = (slug: unknown) => actors.get(String(slug)) ?? null
  const ofGroup = <K extends 'destination' | 'exporter' | 'permitNumber' | 'permitCount' | 'value'>(
    field: K,
  ) => group.map((event) => event[field]).find((one) => one !== null) ?? null
  const references = [...(record.effects as object[]), ...(record.about as object[])]
  const slugs = references.flatMap((one) => ('permit' in one ? [one.permit] : []))
  const permit = drafts.find((one) => one.kind === 'permit' && slugs.includes(one.record.slug))
  const value = ofGroup('value')
  const participants = record.participants as { actor: string; role: string }[]
  return {
    type: String(record.type),
    becomes: group[0].becomes,
    title: String(record.title),
    places: group,
    participants: participants.flatMap(({ actor, role }) => {
      const found = find(actor)
      return found ? { role, actor: found } : []
    }),
    destination: find(permit?.record.destination ?? createSlug(ofGroup('destination')?.name ?? '')),
    exporter: find(permit?.record.exporter ?? createSlug(ofGroup('exporter')?.name ?? '')),
    permitNumber: ofGroup('permitNumber'),
    permitCount: ofGroup('permitCount'),
    value: value && `${value.amount} ${value.currency}`,
    on: (record.on as { edtf: string } | null)?.edtf ?? null,
    score,
  }
}
