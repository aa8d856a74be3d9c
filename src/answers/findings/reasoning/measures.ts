import { certaintyBefore } from '../../../evidence/edtf.ts'
import {
  membershipAt,
  type ReferenceOrganisation,
} from '../../../evidence/reference-data/organisations.ts'
import { formatDateAdverb, formatDateInWords, joinWithAnd } from '../../../evidence/words.ts'
import { actingStateOf, organisationOf, stateOf } from '../../../records/kinds/actors/rules.ts'
import type {
  ActorFacts,
  FactDate,
  FindingContext,
  Grade,
  InForcePeriod,
  MeasureFacts,
  NamedActor,
  PermitFacts,
} from '../rules.ts'
import { listDestinations, listRecipients } from '../rules.ts'
import { findGoodsLink } from './goods/links.ts'
import { gradeScopeItems } from './goods/scope-items.ts'
import { certain, findMostCertain, possible } from './grades.ts'
import {
  findIssue,
  isCertainlyBefore,
  isCertainlyUntil,
  isExactDate,
  isLaterStep,
} from './order.ts'
import { capitalise, nameCountry, withArticle } from './parties.ts'

/**
 * Whether a measure of the imposer binds the issuer on the day of the issue: one of a state binds its public bodies, one of an
 * organisation its members. Null: it does not.
 */
export function gradeBinding(
  imposer: ActorFacts,
  issuer: ActorFacts,
  day: FactDate | null,
): Grade[] | null {
  if (imposer.id === issuer.id) return []
  const organisation = organisationOf(imposer)
  if (organisation !== null) return gradeMembership(organisation, issuer, day)
  const state = actingStateOf(imposer)
  if (state === null || state !== actingStateOf(issuer)) return null
  const bodies = [imposer, issuer].filter(({ type }) => type !== 'state')
  if (bodies.length === 0) return []
  const names = joinWithAnd(bodies.map(({ name }) => name))
  const stateName = withArticle(nameCountry(state))
  return [
    certain(
      bodies.length === 1 ? `${names} acts for ${stateName}.` : `${names} act for ${stateName}.`,
    ),
  ]
}

function gradeMembership(
  organisation: ReferenceOrganisation,
  issuer: ActorFacts,
  day: FactDate | null,
): Grade[] | null {
  const state = actingStateOf(issuer)
  if (state === null || day === null || organisation.force === 'none') return null
  const membership = membershipAt(organisation, state, day)
  if (membership === 'no') return null
  const [stateName, name] = [withArticle(nameCountry(state)), withArticle(organisation.name)]
  const source = 'according to the reference data of the server'
  const grades = [
    membership === 'certain'
      ? certain(
          `${capitalise(stateName)} was a member of ${name} ${formatDateAdverb(day)}, ${source}.`,
        )
      : possible(
          `Whether ${stateName} was a member of ${name} ${formatDateAdverb(day)} is open, ${source}.`,
          'The day of the issue.',
        ),
  ]
  if (organisation.force === 'politics')
    grades.push(
      possible(
        `Measures of ${name} bind its members politically, not by law.`,
        `A measure of ${stateName} itself.`,
      ),
    )
  return grades
}

/** The target of the measure to which the permit goes, a state or a recipient, and the field of the permit that names it. */
export function findTarget(
  measure: MeasureFacts,
  permit: PermitFacts,
): { target: NamedActor; destination: NamedActor } | null {
  for (const destination of [...listDestinations(permit), ...listRecipients(permit)])
    for (const target of measure.targets)
      if (isSameState(target.actor, destination.actor)) return { target, destination }
  return null
}

/** One state is one actor, whatever its record. */
export const isSameState = (a: ActorFacts, b: ActorFacts): boolean =>
  a.id === b.id || (stateOf(a) !== null && stateOf(a) === stateOf(b))

/** A step of the reasoning with the fields of the permit, the measure and the imposition on which it rests. */
type ScopeGrade = {
  grade: Grade
  permitFields: string[]
  measureFields: string[]
  eventFields: string[]
}

/**
 * Whether the measure covers goods of the permit. Null: it names or excludes goods, so that none of the permit are left.
 *
 * @param isLinked whether a source says that the permit was issued in spite of the measure, or was stopped by it
 */
export function gradeScope(
  permit: PermitFacts,
  measure: MeasureFacts,
  period: InForcePeriod,
  isLinked: boolean,
): ScopeGrade | null {
  const fields = {
    permitFields: [] as string[],
    measureFields: [] as string[],
    eventFields: [] as string[],
  }
  const structured = gradeScopeItems(permit, measure)
  if (structured === 'outside') return null
  if (isLinked)
    return { ...fields, grade: certain('A source connects this permit with this measure.') }
  if (structured !== null) return { ...fields, ...structured }
  if (period.goods.length > 0) return gradeGoodsOfImposition(permit, period)
  if (measure.scope !== null)
    return {
      ...fields,
      grade: possible(
        `What the measure covers is on record only in words, “${measure.scope}”: these do not say whether it covers goods of the permit.`,
        'The goods or control list entries that the measure covers.',
      ),
    }
  if (measure.legalForm === 'other')
    return {
      ...fields,
      grade: possible(
        'What the measure covers is not on record.',
        'The goods that the measure covers.',
      ),
    }
  return { ...fields, grade: certain('No limit to certain goods is on record for the measure.') }
}

/** The event that imposed a measure may name only examples, so goods of the same family or maker count as possible. */
function gradeGoodsOfImposition(permit: PermitFacts, period: InForcePeriod): ScopeGrade | null {
  const link = findGoodsLink(permit.goods, period.goods)
  if (link === null) return null
  const isCovered = ['same', 'same-family-name', 'within'].includes(link.relation)
  const names = `The measure names ${link.second.good.name}, the permit ${link.first.good.name}.`
  return {
    grade: isCovered ? certain(names) : link.grade,
    permitFields: [link.first.field],
    measureFields: [],
    eventFields: [link.second.field],
  }
}

/** Whether an event other than a later step of the permit speaks of permit and measure, e.g. a decision "despite the embargo". */
export const isIssuedInSpite = (
  permit: PermitFacts,
  measure: MeasureFacts,
  context: FindingContext,
): boolean => {
  const issueEvent = findIssue(permit)?.event
  return context.sharedEvents.some(
    ({ id, measures }) =>
      id === issueEvent && measures.some((link) => link.id === measure.id && link.becomes === null),
  )
}

/**
 * Whether a measure was in force when the permit was issued. Certain: every possible day of the issue is after every possible
 * day of the imposition and before every possible day of the end. On the same day the order is open. If the measure may have
 * been imposed later, something on record must speak of both (docs/decisions/0021-what-makes-a-finding-possible.md).
 */
function gradeInForce(
  permit: PermitFacts,
  period: InForcePeriod,
  context: FindingContext,
): Grade | null {
  const { from, to, endedBy, statedEnd, imposedBy } = period
  const issue = findIssue(permit)
  const day = issue?.on ?? null
  if (issue === null || day === null || from === null) return null
  if (isLaterStep(permit, imposedBy) || certaintyBefore(day, from) === 'certain') return null
  if (endedBy !== null && endedBy === issue.event) return null
  if (to !== null && certaintyBefore(to, day) === 'certain') return null
  if (statedEnd !== null && isCertainlyBefore(statedEnd, day)) return null
  const isImposedBefore = certaintyBefore(from, day) === 'certain'
  const linkNote = isImposedBefore ? '' : describeLink(permit, period, context)
  if (linkNote === null) return null
  const hasBegun = isImposedBefore && isExactDate(from) && isExactDate(day)
  const isStillInForce =
    endedBy === null
      ? statedEnd === null || isCertainlyUntil(day, statedEnd)
      : to !== null && isCertainlyBefore(day, to)
  const dates = `The measure was imposed ${formatDateAdverb(from)}; ${describeEnd(period)}. The permit was issued ${formatDateAdverb(day)}`
  return hasBegun && isStillInForce
    ? certain(`${dates}.`)
    : possible(
        `${dates}: these dates do not say whether it was in force on that day.${linkNote}`,
        hasBegun ? 'The day on which the measure ended.' : 'Dates that say which came first.',
      )
}

function describeEnd({ to, endedBy, statedEnd }: InForcePeriod): string {
  if (endedBy === null)
    return statedEnd === null
      ? 'no event on record ends it'
      : `a source states that its last day is ${formatDateInWords(statedEnd)}`
  return to === null ? 'it ended on an unknown day' : `it ended ${formatDateAdverb(to)}`
}

/**
 * A sentence on what connects permit and measure. Null: nothing does, except the event that imposed the measure and the
 * later life of the permit, which say nothing about the time before.
 */
function describeLink(
  permit: PermitFacts,
  { imposedBy }: InForcePeriod,
  { sharedEvents, sharesPassage }: FindingContext,
): string | null {
  const events = sharedEvents.filter(({ id }) => id !== imposedBy && !isLaterStep(permit, id))
  if (events.length > 0)
    return ` Both are named in another record: ${joinWithAnd(events.map(({ name }) => name))}.`
  return sharesPassage ? ' One passage is cited for both.' : null
}

/** The field of a measure on which the end of the period rests. */
export const listEndFields = ({ statedEnd }: InForcePeriod): string[] =>
  statedEnd === null ? [] : ['statedEnd']

/** The period in force with the most certain answer for the day of the issue. */
export function findBestPeriod(
  permit: PermitFacts,
  { periods }: MeasureFacts,
  context: FindingContext,
): { period: InForcePeriod; grade: Grade } | null {
  const gradedPeriods = periods.flatMap((period) => {
    const grade = gradeInForce(permit, period, context)
    return grade ? [{ period, grade }] : []
  })
  return findMostCertain(gradedPeriods, ({ grade }) => [grade])
}
