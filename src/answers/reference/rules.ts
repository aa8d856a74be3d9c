import { parseEdtfBounds } from '../../evidence/edtf.ts'
import {
  type Days,
  membersAt,
  type ReferenceOrganisation,
} from '../../evidence/reference-data/organisations.ts'
import { findReferenceState } from '../../evidence/reference-data/states.ts'
import { actingStateOf, organisationOf } from '../../records/kinds/actors/rules.ts'
import type { Reference } from '../../records/model/schema.ts'
import type { BoundStates } from './schema.ts'

export type MeasureForMembers = {
  measure: Reference
  imposer: { reference: Reference; type: string; country: string | null; aliases: string[] }
  /** Null for a period without any known day. */
  periods: { from: DayBounds; to: DayBounds | null }[]
}
type DayBounds = { earliest: string | null; latest: string | null } | null

/** English name of a state. */
export const nameState = (code: string): string => findReferenceState(code)?.names.en ?? code

type BoundState = BoundStates['data'][number]

/** The states that a measure binds on a date (EDTF), or while it was in force. */
export function listBoundStates(
  { measure, imposer, periods }: MeasureForMembers,
  on: string | null,
  actors: ReadonlyMap<string, Reference>,
): BoundStates {
  const { reference, ...actor } = imposer
  const identity = { ...actor, name: reference.name }
  const organisation = organisationOf(identity)
  const toEntry = (state: string, certainty: BoundState['certainty'], reason: string | null) => ({
    state,
    name: nameState(state),
    actor: actors.get(state) ?? null,
    certainty,
    reason,
  })
  const state = actingStateOf(identity)
  const data =
    organisation !== null
      ? listBoundMembers(organisation, periods, on).map((one) =>
          toEntry(one.state, one.certainty, one.reason),
        )
      : state !== null
        ? [toEntry(state, 'certain', null)]
        : []
  return {
    measure,
    imposer: reference,
    on,
    organisation: organisation && {
      reference: true,
      code: organisation.code,
      name: organisation.name,
      force: organisation.force,
      basis: organisation.basis,
      source: organisation.source,
    },
    data,
  }
}

function listBoundMembers(
  organisation: ReferenceOrganisation,
  periods: MeasureForMembers['periods'],
  on: string | null,
): Pick<BoundState, 'state' | 'certainty' | 'reason'>[] {
  if (organisation.force === 'none') return []
  const members =
    on === null
      ? mergeGrades(periods.map((period) => membersAt(organisation, toDays(period))))
      : membersAt(organisation, parseEdtfBounds(on))
  const reason = explainPossible(organisation, on)
  return [...members]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([state, grade]) => {
      const isBinding = organisation.force === 'law' && grade === 'certain'
      return {
        state,
        certainty: isBinding ? 'certain' : 'possible',
        reason: isBinding ? null : reason(grade),
      }
    })
}

const explainPossible =
  ({ force, code }: ReferenceOrganisation, on: string | null) =>
  (grade: 'certain' | 'possible'): string =>
    grade === 'certain' && force === 'politics'
      ? `Measures of ${code} bind politically, not by law.`
      : on === null
        ? `It was not certainly a member of ${code} all the time that the measure was in force.`
        : `It is not certain that it was a member of ${code} on that date.`

/** The whole time of a period: a member for all of it is certain. */
const toDays = ({ from, to }: MeasureForMembers['periods'][number]): Days => ({
  earliest: from?.earliest ?? null,
  latest: to?.latest ?? null,
})

function mergeGrades(
  all: readonly ReadonlyMap<string, 'certain' | 'possible'>[],
): Map<string, 'certain' | 'possible'> {
  const merged = new Map<string, 'certain' | 'possible'>()
  for (const members of all)
    for (const [state, grade] of members)
      if (merged.get(state) !== 'certain') merged.set(state, grade)
  return merged
}
