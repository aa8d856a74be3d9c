import type { AmountInSource, DateInSource } from '../../evidence/words.ts'
import type { Certainty, FindingRule, SideRole } from './schema.ts'

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

/** An entry of a control list. `list`: null if only the code is known. */
export type ControlEntry = { list: string | null; code: string }

/** A good with its families and manufacturer. `isFamily`: other goods belong to it, so its name is not that of a model. */
export type GoodFacts = {
  id: string
  name: string
  isFamily: boolean
  /** At all levels, the nearest first. */
  families: { id: string; name: string }[]
  controlEntries: ControlEntry[]
  maker: { id: string; name: string } | null
}

/** A good and the field of its record that names it, e.g. `items.0.good`. `quantity`: null if no source states it. */
export type NamedGood = {
  good: GoodFacts
  field: string
  quantity: AmountInSource | null
  /** What is counted, e.g. `system`. */
  unit: string | null
  /** Under which a permit names the good. */
  controlEntries: ControlEntry[]
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
  /** Its last day as a source states it. Null if no source does, or an event on record ended it. */
  statedEnd: FactDate | null
  /** Goods that the imposing event names. */
  goods: NamedGood[]
}

/** What a measure covers or excludes: a good with all goods of its family, or an entry with those below it. */
export type ScopeItem = {
  effect: 'covers' | 'excludes'
  /** E.g. `scopeItems.0`. */
  field: string
} & ({ good: GoodFacts; entry: null } | { good: null; entry: ControlEntry })

export type MeasureFacts = {
  kind: 'measure'
  id: string
  name: string
  imposer: ActorFacts
  targets: NamedActor[]
  legalForm: string
  scope: string | null
  scopeItems: ScopeItem[]
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

/** Who owns a part of a company. */
export type OwnershipFacts = {
  kind: 'affiliation'
  id: string
  name: string
  owner: ActorFacts
  owned: ActorFacts
  /** Percentage. */
  share: AmountInSource | null
}

/** A total that a source states. `amount`: of permits or units, or of money in `unit`. */
export type FigureFacts = {
  kind: 'figure'
  id: string
  name: string
  measure: string
  amount: AmountInSource
  /** A unit, or a currency. */
  unit: string | null
  from: ActorFacts | null
  to: ActorFacts | null
  good: GoodFacts | null
  category: string | null
  period: FactDate | null
  /** Whether control list entries or words limit what is counted. */
  isLimited: boolean
}

export type RecordFacts = PermitFacts | MeasureFacts | EventFacts | OwnershipFacts | FigureFacts

/** The actors that a permit authorises to have the goods. */
export const listIntendedParties = (permit: PermitFacts): NamedActor[] => [
  ...listRecipients(permit),
  ...listDestinations(permit),
  ...permit.otherParties,
]

/** The end user and the consignee. */
export const listRecipients = (permit: PermitFacts): NamedActor[] =>
  (['endUser', 'consignee'] as const).flatMap((field) => {
    const actor = permit[field]
    return actor === null ? [] : [{ actor, field }]
  })

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

/**
 * The two records that a rule compares: anchor and counterpart. SQL selects the pairs (`pairs/queries.ts`), the rule decides.
 *
 * - `permit-measure`: a permit and a measure against its destination, end destination, end user or consignee that may bind its issuer.
 * - `permit-theatre`: the same, if the stated end use and the reason of the measure lie in one place or country.
 * - `permit-use`: a permit and a use or transfer that names it, or that names no permit and a related good.
 * - `assurance-use`: an assurance and a use or transfer, related in the same way.
 * - `permit-issue`: a permit with two destinations and the event that issued it.
 * - `permit-stop`: a permit and an event that suspends or cancels it, or an embargo or suspension that may have come later.
 * - `permit-delivery`: a permit and a delivery that names it. `others`: all deliveries that name it.
 * - `permit-deliveries`: the same, but with a filter by case all deliveries of the permit count.
 * - `permit-refusal`: a permit and a refused permit of another issuer for the same destination and a related good.
 * - `permit-offshore`: a permit, and a measure against its destination that binds the state of an owner of its exporter.
 *   `others`: the ownerships.
 * - `figure-records`: a figure and another one for the same, or itself. `others`: the permits that it counts.
 */
type PairedFacts = {
  'permit-measure': [PermitFacts, MeasureFacts]
  'permit-theatre': [PermitFacts, MeasureFacts]
  'permit-use': [PermitFacts, EventFacts]
  'assurance-use': [EventFacts, EventFacts]
  'permit-stop': [PermitFacts, MeasureFacts | EventFacts]
  'permit-issue': [PermitFacts, EventFacts]
  'permit-delivery': [PermitFacts, EventFacts]
  'permit-deliveries': [PermitFacts, EventFacts]
  'permit-refusal': [PermitFacts, PermitFacts]
  'permit-offshore': [PermitFacts, MeasureFacts]
  'figure-records': [FigureFacts, FigureFacts]
}
export type Pairing = keyof PairedFacts

/** Permits on record that a figure is compared with. If there are more, they are not counted. */
export const countedPermitsMax = 300

/** What else is on record about a pair. */
export type FindingContext = {
  /** Events that concern both records, sorted by id. */
  sharedEvents: readonly EventFacts[]
  /** Whether one passage is cited for both records, and not only for a date. */
  sharesPassage: boolean
  /** Other permits that cover the good for the actor that used it, or the permits that a figure counts. */
  otherPermits: readonly PermitFacts[]
  /** Further events that the rule needs, e.g. all deliveries under a permit. */
  otherEvents: readonly EventFacts[]
  /** Who owns the exporter. */
  ownerships: readonly OwnershipFacts[]
}

/**
 * The certainty of one step of the reasoning.
 *
 * `needs`: what would make a possible step certain. Null for a certain step.
 */
export type Grade = { certainty: Certainty; reason: string; needs: string | null }

/** A record in a finding. */
export type FindingSide = {
  role: SideRole
  id: string
  /** The finding rests on these: doubts about their citations make it possible. */
  fields: readonly string[]
  /** Only their citations are shown. */
  shown?: readonly string[]
}

export type RuleResult = {
  sentence: string
  grades: readonly Grade[]
  sides: readonly FindingSide[]
  exceptionRelied?: string | null
}

/** A rule: its documentation, the records it compares, and a pure function that evaluates a pair. */
export type Rule<P extends Pairing = Pairing> = FindingRule & {
  pairing: P
  evaluate(...input: [...PairedFacts[P], FindingContext]): RuleResult | null
}
