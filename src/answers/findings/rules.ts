import { certaintyBefore, type DateBounds } from '../../evidence/edtf.ts'
import type { Certainty, FindingRule, SideRole } from './schema.ts'

/** What rules see of a date: null bounds are open. */
export type FactDate = DateBounds & { edtf: string; asStated: string | null }

export type ActorFacts = { id: string; name: string; type: string; country: string | null }
export type PlaceFacts = { slug: string; name: string; country: string | null }

/** A good, and what it shares with others. `isFamily`: other goods belong to it, so its name is no model. */
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
  /** The event that issued it; null when none is on record. */
  issue: { event: string; on: FactDate | null } | null
}

/** A time in force: by which event it began, and by which it ended, if any did. */
export type InForcePeriod = {
  imposedBy: string
  from: FactDate | null
  endedBy: string | null
  to: FactDate | null
  /** Goods that the event which imposed it names. */
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
  /** Permits that it concerns or changes, with what they cover. */
  permits: { id: string; name: string; goods: GoodFacts[]; becomes: string | null }[]
  /** Ids of the measures that it concerns or changes. */
  measures: string[]
  assurance: { endUser: ActorFacts | null; place: PlaceFacts | null; use: string | null } | null
}

export type RecordFacts = PermitFacts | MeasureFacts | EventFacts

/**
 * Which two records a rule compares. SQL finds the pairs (`pairs/queries.ts`); whether there is something to find the rule says.
 *
 * - `permit-measure`: a permit, and a measure of its issuer on its destination or end destination.
 * - `permit-theatre`: the same, where stated end use and reason of the measure lie in one place or country.
 * - `permit-use`: a permit, and a use or transfer that concerns it, or a good that has to do with one of its own.
 * - `assurance-use`: an assurance, and a use or transfer in the same sense.
 * - `permit-issue`: a permit that names two destinations, and the event that issued it.
 * - `permit-stop`: a permit, and an event that suspends or cancels it, or a measure as above.
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

/** Those for whom a permit is: whoever else has the goods is somebody else. */
export const listIntendedParties = (permit: PermitFacts): ActorFacts[] =>
  [permit.endUser, permit.consignee, permit.destination, permit.endDestination].flatMap(
    (one) => one ?? [],
  )

/** The fields of a permit that `meantBy` reads. */
export const intendedPartyFields = [
  'consignee',
  'endUser',
  'destination',
  'endDestination',
] as const

/** What is on record beside the two. */
export type FindingContext = {
  /** Events that concern both, by id. */
  sharedEvents: readonly EventFacts[]
  /** Whether one and the same passage is cited for both, and not only for a date. */
  sharesPassage: boolean
  /** Other permits that cover the good for the one who uses it. */
  otherPermits: readonly PermitFacts[]
}

/** How sure one step of the reasoning is, and why. */
export type Grade = { certainty: Certainty; reason: string }

/** A record in a finding: the fields on which the finding rests, and those that are shown beside them. */
type FindingSide = {
  role: SideRole
  id: string
  fields: readonly string[]
  shown?: readonly string[]
}

export type RuleResult = {
  sentence: string
  grades: readonly Grade[]
  sides: readonly FindingSide[]
  exceptionRelied?: string | null
}

/** A rule: its documentation, the records it compares, and the judgement, pure and without a clock. */
export type Rule<P extends Pairing = Pairing> = FindingRule & {
  pairing: P
  evaluate(...given: [...PairedFacts[P], FindingContext]): RuleResult | null
}

export const certain = (because: string): Grade => ({ certainty: 'certain', reason: because })
export const possible = (because: string): Grade => ({ certainty: 'possible', reason: because })

/** A finding is as certain as its least certain step; the reason names the steps that decide. */
export function combineGrades(grades: readonly Grade[]): { certainty: Certainty; reason: string } {
  const doubts = grades.filter(({ certainty }) => certainty === 'possible')
  const deciding = doubts.length > 0 ? doubts : grades
  return {
    certainty: doubts.length > 0 ? 'possible' : 'certain',
    reason: [...new Set(deciding.map(({ reason: because }) => because))].join(' '),
  }
}

/** The date as it is shown in sentences. */
export const formatDate = ({ edtf, asStated }: FactDate): string =>
  asStated === null || asStated === edtf ? edtf : `${edtf}, “${asStated}”`

export const joinNames = (names: readonly string[]): string => [...new Set(names)].join(', ')

/** A date that its source marks as uncertain or approximate (EDTF `?`, `~`, `%`) proves no order. */
const isExactDate = ({ edtf }: FactDate): boolean => !/[?~%]/.test(edtf)

/** Whether `later` came after `earlier`; null when it certainly did not, or one of them has no date. */
export function gradeOrder(
  earlier: { what: string; on: FactDate | null },
  later: { what: string; on: FactDate | null },
): Grade | null {
  if (earlier.on === null || later.on === null) return null
  if (certaintyBefore(later.on, earlier.on) === 'certain') return null
  const dates = `${earlier.what} is dated ${formatDate(earlier.on)}; ${later.what} ${formatDate(later.on)}`
  return certaintyBefore(earlier.on, later.on) === 'certain' &&
    isExactDate(earlier.on) &&
    isExactDate(later.on)
    ? certain(`${dates}.`)
    : possible(`${dates}: which came first cannot be told from that.`)
}

/**
 * Whether a measure was in force on an unknown day within `day`: certain when every such day lies after every day on which
 * it can have been imposed and before every day on which it can have ended. On the very day of either, the order is open.
 * That two wide dates overlap says nothing by itself: where the measure may have been imposed afterwards, something on record
 * must speak of both (docs/decisions/0021).
 */
function gradeInForce(day: FactDate, period: InForcePeriod, context: FindingContext): Grade | null {
  const { from, to, endedBy } = period
  if (from === null || certaintyBefore(day, from) === 'certain') return null
  if (to !== null && certaintyBefore(to, day) === 'certain') return null
  const isBefore = certaintyBefore(from, day) === 'certain'
  const linkNote = isBefore ? '' : describeLink(period, context)
  if (linkNote === null) return null
  const hasBegun = isBefore && isExactDate(from) && isExactDate(day)
  const ended = endedBy === null ? 'no event on record ends it' : to && `it ended ${formatDate(to)}`
  const dates = `The measure was imposed ${formatDate(from)}; ${ended ?? 'it ended on a day that is not said'}. The permit was issued ${formatDate(day)}`
  const isStillInForce =
    endedBy === null || (to !== null && certaintyBefore(day, to) === 'certain' && isExactDate(to))
  return hasBegun && isStillInForce
    ? certain(`${dates}.`)
    : possible(`${dates}: whether it was in force on that day cannot be told from that.${linkNote}`)
}

/** What speaks of permit and measure together, as a sentence; null when nothing does but the event that imposed it. */
function describeLink(
  { imposedBy }: InForcePeriod,
  { sharedEvents: concernsBoth, sharesPassage: isCitedTogether }: FindingContext,
) {
  const events = concernsBoth.filter(({ id }) => id !== imposedBy)
  if (events.length > 0)
    return ` Both are spoken of in ${joinNames(events.map(({ name }) => `“${name}”`))}.`
  return isCitedTogether ? ' One passage is cited for both.' : null
}

/** The time in force that says most about the day. */
export function findBestPeriod(
  day: FactDate,
  { periods: times }: MeasureFacts,
  context: FindingContext,
): { time: InForcePeriod; grade: Grade } | null {
  const found = times.flatMap((time) => {
    const grade = gradeInForce(day, time, context)
    return grade ? [{ time, grade }] : []
  })
  return found.find(({ grade }) => grade.certainty === 'certain') ?? found[0] ?? null
}

/** What the two lists of goods have to do with each other, at best; null when nothing. */
export function findGoodsLink(
  authorised: readonly GoodFacts[],
  named: readonly GoodFacts[],
): { rank: number; grade: Grade; authorised: GoodFacts; named: GoodFacts } | null {
  const links = authorised.flatMap((one) =>
    named.flatMap((other) => {
      const rank = compareGoods(one, other)
      return rank === null ? [] : [{ ...rank, authorised: one, named: other }]
    }),
  )
  const [best] = links.sort((a, b) => a.rank - b.rank)
  return best ?? null
}

function compareGoods(a: GoodFacts, b: GoodFacts): { rank: number; grade: Grade } | null {
  if (a.id === b.id)
    return a.isFamily
      ? {
          rank: 1,
          grade: possible(`Both name ${a.name}, which is a family of goods and no model.`),
        }
      : { rank: 0, grade: certain(`Both name the same good, ${a.name}.`) }
  const within = (family: GoodFacts, member: GoodFacts) =>
    possible(`${family.name} is the family of ${member.name}: that it was this good is not said.`)
  if (a.family?.id === b.id) return { rank: 1, grade: within(b, a) }
  if (b.family?.id === a.id) return { rank: 1, grade: within(a, b) }
  if (a.family !== null && a.family.id === b.family?.id)
    return {
      rank: 2,
      grade: possible(
        `${a.name} and ${b.name} are of one family, ${a.family.name}, but two goods.`,
      ),
    }
  if (a.maker !== null && a.maker.id === b.maker?.id)
    return {
      rank: 3,
      grade: possible(`${a.name} and ${b.name} have only their maker in common, ${a.maker.name}.`),
    }
  return null
}

const holderRolesByType: Readonly<Record<string, readonly string[]>> = {
  use: ['user'],
  transfer: ['consignee', 'end-user', 'user'],
}

/** Who has the goods by this event: users of a use, receivers of a transfer. */
export const listHolders = ({ type, participants }: EventFacts): ActorFacts[] =>
  participants
    .filter(({ role }) => holderRolesByType[type]?.includes(role))
    .map(({ actor }) => actor)

/**
 * Whether `actor` is somebody else than the ones who were meant. A state and an actor of the same country may be one and
 * the same (an army, called by the name of its state), and where nobody was named, one of the country may be who was meant.
 */
export function gradeOtherParty(
  actor: ActorFacts,
  intended: readonly ActorFacts[],
  isNamed: boolean,
): Grade | null {
  const names = joinNames(intended.map(({ name }) => name))
  if (intended.length === 0 || intended.some(({ id }) => id === actor.id)) return null
  const countries = intended.flatMap(({ country }) => country ?? [])
  if (actor.country !== null && countries.length > 0 && !countries.includes(actor.country)) {
    const unknown = intended.filter(({ country }) => country === null).map(({ name }) => name)
    return unknown.length === 0
      ? certain(`${actor.name} (${actor.country}) is none of ${names}, nor of their country.`)
      : possible(
          `${actor.name} is none of ${names}; the country of ${joinNames(unknown)} is not on record.`,
        )
  }
  if (!isNamed) return null
  const compatriots = intended.filter(
    ({ country }) => country !== null && country === actor.country,
  )
  if (compatriots.some(({ type }) => type === 'state' || actor.type === 'state')) {
    const named = compatriots.filter(({ type }) => type !== 'state')
    if (actor.type === 'state' || named.length === 0) return null
  }
  return possible(
    actor.country === null
      ? `${actor.name} is none of ${names}; of which country it is, is not on record.`
      : `${actor.name} is none of ${names}; whether it acts for one of them is not on record.`,
  )
}

/** Where a use was, for sentences. */
export const formatUsePlace = ({ place }: EventFacts): string =>
  place === null ? '' : ` in ${place.name}`

/** What is done with the goods, by type of event. */
export const getUseVerb = ({ type }: EventFacts): string =>
  type === 'transfer' ? 'received' : 'used'
