import type { AmountInSource, DateInSource } from '../../evidence/words.ts'

/** A date as rules see it. Null bounds are open. */
export type FactDate = DateInSource

/** `aliases`: of states, organisations and public bodies only. */
export type ActorFacts = {
  id: string
  name: string
  type: string
  country: string | null
  aliases: string[]
}
export type PlaceFacts = { slug: string; name: string; country: string | null }

/** An actor and the field of its record that names it, e.g. `participants.0`. */
export type NamedActor = { actor: ActorFacts; field: string }

/** A good with its family and manufacturer. `isFamily`: other goods belong to it, so its name is not that of a model. */
export type GoodFacts = {
  id: string
  name: string
  isFamily: boolean
  family: { id: string; name: string } | null
  maker: { id: string; name: string } | null
}

/** A good and the field of its record that names it, e.g. `items.0.good`. `quantity`: null if no source states it. */
export type NamedGood = {
  good: GoodFacts
  field: string
  quantity: AmountInSource | null
  /** What is counted, e.g. `system`. */
  unit: string | null
}

/** What an event made of a permit. */
type PermitStep = { becomes: string; on: FactDate | null; event: string }

export type PermitFacts = {
  kind: 'permit'
  id: string
  name: string
  issuer: ActorFacts
  exporter: ActorFacts | null
  consignee: ActorFacts | null
  endUser: ActorFacts | null
  /** All destinations, also a single one. */
  destinations: NamedActor[]
  endDestination: ActorFacts | null
  /** Brokers, carriers and other parties. */
  otherParties: NamedActor[]
  type: string | null
  /** How many permits the record stands for. Null: one, or no source says it. */
  permitCount: AmountInSource | null
  goods: NamedGood[]
  exceptionRelied: string | null
  statedEndUse: { text: string; place: PlaceFacts | null } | null
  /** The last day on which it holds, as stated when it was issued. */
  validUntil: FactDate | null
  /** In the order of the API: oldest first. */
  history: PermitStep[]
}

/** A period in which a measure was in force. */
export type InForcePeriod = {
  /** Id of the event. */
  imposedBy: string
  from: FactDate | null
  /** Id of the event; null when no event on record ended it. */
  endedBy: string | null
  to: FactDate | null
  /** Goods that the imposing event names. */
  goods: NamedGood[]
}

export type MeasureFacts = {
  kind: 'measure'
  id: string
  name: string
  imposer: ActorFacts
  targets: NamedActor[]
  legalForm: string
  scope: string | null
  reason: { text: string; place: PlaceFacts | null } | null
  periods: InForcePeriod[]
}

export type EventFacts = {
  kind: 'event'
  id: string
  name: string
  type: string
  on: FactDate | null
  place: PlaceFacts | null
  participants: (NamedActor & { role: string })[]
  goods: NamedGood[]
  /** Permits that it concerns or changes. `goods`: what they cover, for assurances only. */
  permits: {
    id: string
    name: string
    goods: NamedGood[]
    becomes: string | null
    /** `about.0` or `effects.0`. */
    field: string
  }[]
  /** Measures that it concerns or changes. */
  measures: { id: string; becomes: string | null; field: string }[]
  assurance: { endUser: ActorFacts | null; place: PlaceFacts | null; use: string | null } | null
}

export type RecordFacts = PermitFacts | MeasureFacts | EventFacts

/** The actors that a permit authorises to have the goods. */
export const listIntendedParties = (permit: PermitFacts): NamedActor[] => [
  ...(['endUser', 'consignee'] as const).flatMap((field) => {
    const actor = permit[field]
    return actor === null ? [] : [{ actor, field }]
  }),
  ...listDestinations(permit),
  ...permit.otherParties,
]

/** The states that a permit names as destination or end destination. */
export const listDestinations = ({ destinations, endDestination }: PermitFacts): NamedActor[] => [
  ...destinations,
  ...(endDestination ? [{ actor: endDestination, field: 'endDestination' }] : []),
]

const holderRolesByType: Readonly<Record<string, readonly string[]>> = {
  use: ['user'],
  transfer: ['consignee', 'end-user', 'user'],
}

/** The actors that have the goods after this event: users of a use, recipients of a transfer. */
export const listHolders = ({ type, participants }: EventFacts): NamedActor[] =>
  participants.filter(({ role }) => holderRolesByType[type]?.includes(role))

export const listByRole = ({ participants }: EventFacts, role: string): NamedActor[] =>
  participants.filter((participant) => participant.role === role)
