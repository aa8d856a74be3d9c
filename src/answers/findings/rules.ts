import { certaintyBefore, type DateBounds } from '../../evidence/edtf.ts'
import type { Certainty, FindingRule, SideRole } from './schema.ts'

/** A date as rules see it. Null bounds are open. */
export type FactDate = DateBounds & { edtf: string; asStated: string | null }

export type ActorFacts = { id: string; name: string; type: string; country: string | null }
export type PlaceFacts = { slug: string; name: string; country: string | null }

/** A good with its family and manufacturer. `isFamily`: other goods belong to it, so its name is not that of a model. */
export type GoodFacts = {
  id: string
  name: string
  isFamily: boolean
  family: { id: string; name: string } | null
  maker: { id: string; name: string } | null
}

export type PermitFacts = {
  kind: 'permit'
  id: string
  name: string
  issuer: ActorFacts
  exporter: ActorFacts | null
  consignee: ActorFacts | null
  endUser: ActorFacts | null
  destination: ActorFacts | null
  endDestination: ActorFacts | null
  goods: GoodFacts[]
  exceptionRelied: string | null
  statedEndUse: { text: string; place: PlaceFacts | null } | null
  /** The event that issued it. Null: no such event is on record. */
  issue: { event: string; on: FactDate | null } | null
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
  goods: GoodFacts[]
}

export type MeasureFacts = {
  kind: 'measure'
  id: string
  name: string
  imposer: ActorFacts
  target: ActorFacts
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
  participants: { role: string; actor: ActorFacts }[]
  goods: GoodFacts[]
  /** Permits that it concerns or changes. `goods`: what they cover, for assurances only. */
  permits: { id: string; name: string; goods: GoodFacts[]; becomes: string | null }[]
  /** Ids of the measures that it concerns or changes. */
  measures: string[]
  assurance: { endUser: ActorFacts | null; place: PlaceFacts | null; use: string | null } | null
}

export type RecordFacts = PermitFacts | MeasureFacts | EventFacts

/**
 * The two records that a rule compares: anchor and counterpart. SQL selects the pairs (`pairs/queries.ts`), the rule decides.
 *
 * - `permit-measure`: a permit and a measure of its issuer against its destination or end destination.
 * - `permit-theatre`: the same, if the stated end use and the reason of the measure lie in one place or country.
 * - `permit-use`: a permit and a use or transfer that names it, or that names no permit and a related good.
 * - `assurance-use`: an assurance and a use or transfer, related in the same way.
 * - `permit-issue`: a permit with two destinations and the event that issued it.
 * - `permit-stop`: a permit and an event that suspends or cancels it, or a later embargo or suspension of its issuer.
 */
type PairedFacts = {
  'permit-measure': [PermitFacts, MeasureFacts]
  'permit-theatre': [PermitFacts, MeasureFacts]
  'permit-use': [PermitFacts, EventFacts]
  'assurance-use': [EventFacts, EventFacts]
  'permit-stop': [PermitFacts, MeasureFacts | EventFacts]
  'permit-issue': [PermitFacts, EventFacts]
}
export type Pairing = keyof PairedFacts

/** The actors that a permit authorises to have the goods. */
export const listIntendedParties = (permit: PermitFacts): ActorFacts[] =>
  [permit.endUser, permit.consignee, permit.destination, permit.endDestination].filter(
    (party) => party !== null,
  )

/** The fields that `listIntendedParties` reads. */
export const intendedPartyFields = [
  'consignee',
  'endUser',
  'destination',
  'endDestination',
] as const

/** What else is on record about a pair. */
export type FindingContext = {
  /** Events that concern both records, sorted by id. */
  sharedEvents: readonly EventFacts[]
  /** Whether one passage is cited for both records, and not only for a date. */
  sharesPassage: boolean
  /** Other permits that cover the good for the actor that used it. */
  otherPermits: readonly PermitFacts[]
}

/** The certainty of one step of the reasoning. */
export type Grade = { certainty: Certainty; reason: string }

/** A record in a finding. */
type FindingSide = {
  role: SideRole
  id: string
  /** The finding rests on these: doubts about their citations make it possible. */
  fields: readonly string[]
  /** Only their citations are shown. */
  shown?: readonly string[]
}

/** Events that concern both records, without those that have a role of their own in the finding. */
export const buildSharedEventSides = (
  { sharedEvents }: FindingContext,
  otherEventIds: readonly (string | null)[],
): FindingSide[] =>
  sharedEvents
    .filter(({ id }) => !otherEventIds.includes(id))
    .map(({ id }) => ({
      role: 'concerns-both',
      id,
      fields: [],
      shown: ['description', 'about', 'effects'],
    }))

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

export const certain = (reason: string): Grade => ({ certainty: 'certain', reason })
export const possible = (reason: string): Grade => ({ certainty: 'possible', reason })

/** A finding is as certain as its least certain step. The reason joins the reasons of these steps. */
export function combineGrades(grades: readonly Grade[]): Grade {
  const doubts = grades.filter(({ certainty }) => certainty === 'possible')
  const decidingGrades = doubts.length > 0 ? doubts : grades
  return {
    certainty: doubts.length > 0 ? 'possible' : 'certain',
    reason: [...new Set(decidingGrades.map(({ reason }) => reason))].join(' '),
  }
}

/** EDTF, followed by the words of the source if they differ. */
export const formatDateAsStated = ({ edtf, asStated }: FactDate): string =>
  asStated === null || asStated === edtf ? edtf : `${edtf}, “${asStated}”`

export const joinNames = (names: readonly string[]): string => [...new Set(names)].join(', ')

/** A date marked as uncertain or approximate (EDTF `?`, `~`, `%`) does not prove an order. */
const isExactDate = ({ edtf }: FactDate): boolean => !/[?~%]/.test(edtf)

/** Whether `later` came after `earlier`. Null: it certainly did not, or one of them has no date. */
export function gradeOrder(
  earlier: { what: string; on: FactDate | null },
  later: { what: string; on: FactDate | null },
): Grade | null {
  if (earlier.on === null || later.on === null) return null
  if (certaintyBefore(later.on, earlier.on) === 'certain') return null
  const dates = `${earlier.what} is dated ${formatDateAsStated(earlier.on)}; ${later.what} ${formatDateAsStated(later.on)}`
  return certaintyBefore(earlier.on, later.on) === 'certain' &&
    isExactDate(earlier.on) &&
    isExactDate(later.on)
    ? certain(`${dates}.`)
    : possible(`${dates}: these dates do not say which came first.`)
}

/**
 * Whether a measure was in force on an unknown day within `day`. Certain: every such day is after every possible day of the
 * imposition and before every possible day of the end. On the same day the order is open. If the measure may have been
 * imposed later, something on record must speak of both (docs/decisions/0021-what-makes-a-finding-possible.md).
 */
function gradeInForce(day: FactDate, period: InForcePeriod, context: FindingContext): Grade | null {
  const { from, to, endedBy } = period
  if (from === null || certaintyBefore(day, from) === 'certain') return null
  if (to !== null && certaintyBefore(to, day) === 'certain') return null
  const isImposedBefore = certaintyBefore(from, day) === 'certain'
  const linkNote = isImposedBefore ? '' : describeLink(period, context)
  if (linkNote === null) return null
  const hasBegun = isImposedBefore && isExactDate(from) && isExactDate(day)
  const isStillInForce =
    endedBy === null || (to !== null && certaintyBefore(day, to) === 'certain' && isExactDate(to))
  const imposition = `The measure was imposed ${formatDateAsStated(from)}; ${describeEnd(period)}.`
  const dates = `${imposition} The permit was issued ${formatDateAsStated(day)}`
  return hasBegun && isStillInForce
    ? certain(`${dates}.`)
    : possible(`${dates}: these dates do not say whether it was in force on that day.${linkNote}`)
}

function describeEnd({ to, endedBy }: InForcePeriod): string {
  if (endedBy === null) return 'no event on record ends it'
  return to === null ? 'it ended on an unknown day' : `it ended ${formatDateAsStated(to)}`
}

/** A sentence on what connects permit and measure. Null: nothing does, except the event that imposed the measure. */
function describeLink(
  { imposedBy }: InForcePeriod,
  { sharedEvents, sharesPassage }: FindingContext,
) {
  const events = sharedEvents.filter(({ id }) => id !== imposedBy)
  if (events.length > 0)
    return ` Both are named in ${joinNames(events.map(({ name }) => `“${name}”`))}.`
  return sharesPassage ? ' One passage is cited for both.' : null
}

/** The period in force with the most certain answer for the day. */
export function findBestPeriod(
  day: FactDate,
  { periods }: MeasureFacts,
  context: FindingContext,
): { period: InForcePeriod; grade: Grade } | null {
  const gradedPeriods = periods.flatMap((period) => {
    const grade = gradeInForce(day, period, context)
    return grade ? [{ period, grade }] : []
  })
  return (
    gradedPeriods.find(({ grade }) => grade.certainty === 'certain') ?? gradedPeriods[0] ?? null
  )
}

/** `rank`: 0 for the same model, up to 3 for the same maker. */
type GoodsLink = { rank: number; grade: Grade }

/** The closest link between two lists of goods. Null: none of them are related. */
export function findGoodsLink(
  authorisedGoods: readonly GoodFacts[],
  namedGoods: readonly GoodFacts[],
): (GoodsLink & { authorised: GoodFacts; named: GoodFacts }) | null {
  const links = authorisedGoods.flatMap((authorised) =>
    namedGoods.flatMap((named) => {
      const link = compareGoods(authorised, named)
      return link === null ? [] : [{ ...link, authorised, named }]
    }),
  )
  const [best] = links.sort((a, b) => a.rank - b.rank)
  return best ?? null
}

function compareGoods(a: GoodFacts, b: GoodFacts): GoodsLink | null {
  if (a.id === b.id) return gradeSameGood(a)
  if (a.family?.id === b.id) return gradeFamilyMember(b, a)
  if (b.family?.id === a.id) return gradeFamilyMember(a, b)
  if (a.family !== null && a.family.id === b.family?.id)
    return {
      rank: 2,
      grade: possible(`${a.name} and ${b.name} are two goods of one family, ${a.family.name}.`),
    }
  if (a.maker !== null && a.maker.id === b.maker?.id)
    return {
      rank: 3,
      grade: possible(`${a.name} and ${b.name} have only their maker in common, ${a.maker.name}.`),
    }
  return null
}

const gradeSameGood = ({ name, isFamily }: GoodFacts): GoodsLink =>
  isFamily
    ? { rank: 1, grade: possible(`Both name ${name}, which is a family of goods and not a model.`) }
    : { rank: 0, grade: certain(`Both name the same good, ${name}.`) }

const gradeFamilyMember = (family: GoodFacts, member: GoodFacts): GoodsLink => ({
  rank: 1,
  grade: possible(
    `${family.name} is the family of ${member.name}: no source says that it was this good.`,
  ),
})

/**
 * What links a use to permits, or to an assurance with its permits: related goods, or a permit that both name. Null: nothing
 * does. A use that names permits is compared with these alone.
 *
 * @param permitIds ids of the permits; empty for an assurance without permits
 * @param permitOnlyReason reason if both name a permit, but the use names no good
 */
export function findUseLink(
  permitIds: readonly string[],
  goods: readonly GoodFacts[],
  use: EventFacts,
  permitOnlyReason: string,
): { grade: Grade; authorised: GoodFacts | null; named: string } | null {
  const sharesPermit = use.permits.some(({ id }) => permitIds.includes(id))
  if (use.permits.length > 0 && permitIds.length > 0 && !sharesPermit) return null
  const link = findGoodsLink(goods, use.goods)
  if (link) return { grade: link.grade, authorised: link.authorised, named: link.named.name }
  if (!sharesPermit || use.goods.length > 0) return null
  return { grade: possible(permitOnlyReason), authorised: null, named: 'goods of this permit' }
}

const holderRolesByType: Readonly<Record<string, readonly string[]>> = {
  use: ['user'],
  transfer: ['consignee', 'end-user', 'user'],
}

/** The actors that have the goods after this event: users of a use, recipients of a transfer. */
export const listHolders = ({ type, participants }: EventFacts): ActorFacts[] =>
  participants
    .filter(({ role }) => holderRolesByType[type]?.includes(role))
    .map(({ actor }) => actor)

/**
 * Whether `actor` is not one of the intended parties. A state and an actor of the same country may be the same party: an army
 * is often called by the name of its state.
 *
 * @param isNamed whether the permit names an end user; if not, any actor of the country may be the intended one
 */
export function gradeOtherParty(
  actor: ActorFacts,
  intended: readonly ActorFacts[],
  isNamed: boolean,
): Grade | null {
  if (intended.length === 0 || intended.some(({ id }) => id === actor.id)) return null
  const countries = intended.flatMap(({ country }) => country ?? [])
  if (actor.country !== null && countries.length > 0 && !countries.includes(actor.country))
    return gradeForeignActor(actor, intended)
  if (!isNamed) return null
  const compatriots = intended.filter(
    ({ country }) => country !== null && country === actor.country,
  )
  if (compatriots.some(({ type }) => type === 'state' || actor.type === 'state')) {
    const nonStates = compatriots.filter(({ type }) => type !== 'state')
    if (actor.type === 'state' || nonStates.length === 0) return null
  }
  const names = joinNames(intended.map(({ name }) => name))
  return possible(
    actor.country === null
      ? `${actor.name} is none of ${names}; its country is not on record.`
      : `${actor.name} is none of ${names}; whether it acts for one of them is not on record.`,
  )
}

function gradeForeignActor(actor: ActorFacts, intended: readonly ActorFacts[]): Grade {
  const names = joinNames(intended.map(({ name }) => name))
  const withoutCountry = intended.filter(({ country }) => country === null)
  return withoutCountry.length === 0
    ? certain(`${actor.name} (${actor.country}) is none of ${names}, and of another country.`)
    : possible(
        `${actor.name} is none of ${names}; the country of ${joinNames(withoutCountry.map(({ name }) => name))} is not on record.`,
      )
}

export const formatUsePlace = ({ place }: EventFacts): string =>
  place === null ? '' : ` in ${place.name}`

export const getUseVerb = ({ type }: EventFacts): string =>
  type === 'transfer' ? 'received' : 'used'
