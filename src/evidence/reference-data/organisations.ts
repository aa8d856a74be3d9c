import reference from '../../../reference/organisations.json' with { type: 'json' }
import { type Certainty, type DateBounds, parseEdtfBounds } from '../edtf.ts'
import { plainWords } from '../names/letters.ts'

/** A time at which a state was a member. Dates are EDTF; `to` is the last day, null while it lasts. */
type Membership = { state: string; from: string; to: string | null }

/** `law`: its measures bind members by law; `politics`: by a promise; `none`: it imposes no measures. */
type BindingForce = 'law' | 'politics' | 'none'

/** An international organisation. Reference data: no source document says it. */
export type ReferenceOrganisation = {
  code: string
  name: string
  aliases: readonly string[]
  /** Bodies that act for it, e.g. the Security Council. */
  bodies: readonly string[]
  wikidata: string
  force: BindingForce
  /** Why its measures bind members, or why they do not. */
  basis: string
  source: string
  members: readonly Membership[]
}

export const organisationsSource: string = reference.source

export const referenceOrganisations: readonly ReferenceOrganisation[] = reference.organisations.map(
  (organisation) => ({
    ...organisation,
    force: organisation.force as BindingForce,
    members: organisation.members.map(({ state, from, ...rest }) => ({
      state,
      from,
      to: 'to' in rest ? rest.to : null,
    })),
  }),
)

const toNameKey = (name: string): string =>
  plainWords(name)
    .filter((word) => word !== 'the')
    .join(' ')

const organisationByName = new Map(
  referenceOrganisations.flatMap((organisation) =>
    [
      organisation.code,
      organisation.wikidata,
      organisation.name,
      ...organisation.aliases,
      ...organisation.bodies,
    ].map((name) => [toNameKey(name), organisation] as const),
  ),
)

/** The organisation that a name, code or Wikidata id is of, or that a body of this name acts for. */
export const findReferenceOrganisation = (name: string): ReferenceOrganisation | undefined =>
  organisationByName.get(toNameKey(name))

/** Any day in these bounds; a null bound is open. */
export type Days = DateBounds

const isNotAfter = (a: string | null, b: string | null): boolean =>
  a !== null && b !== null && a <= b

/**
 * Whether a state was a member. `days` is one date: `certain` if it was one on each day that the date can mean, `possible` if
 * on some, `no` if on none.
 */
export function membershipAt(
  organisation: ReferenceOrganisation,
  state: string,
  days: Days,
): Certainty {
  const grades = organisation.members
    .filter((membership) => membership.state === state)
    .map((membership) => gradeMembership(membership, days))
  if (grades.includes('certain')) return 'certain'
  return grades.includes('possible') ? 'possible' : 'no'
}

function gradeMembership({ from, to }: Membership, days: Days): Certainty {
  const joined = parseEdtfBounds(from)
  const left = to === null ? null : parseEdtfBounds(to)
  const isAfterJoining = isNotAfter(joined.latest, days.earliest)
  const isBeforeLeaving = left === null || isNotAfter(days.latest, left.earliest)
  if (isAfterJoining && isBeforeLeaving) return 'certain'
  const canBeAfterJoining = days.latest === null || isNotAfter(joined.earliest, days.latest)
  const canBeBeforeLeaving =
    left === null || days.earliest === null || isNotAfter(days.earliest, left.latest)
  return canBeAfterJoining && canBeBeforeLeaving ? 'possible' : 'no'
}

/** The states that certainly or possibly were members, by code. */
export function membersAt(
  organisation: ReferenceOrganisation,
  days: Days,
): Map<string, 'certain' | 'possible'> {
  const members = new Map<string, 'certain' | 'possible'>()
  for (const code of new Set(organisation.members.map(({ state }) => state))) {
    const grade = membershipAt(organisation, code, days)
    if (grade !== 'no') members.set(code, grade)
  }
  return members
}

/** All memberships of a state, with the organisation. */
export const listMemberships = (state: string) =>
  referenceOrganisations.flatMap((organisation) =>
    organisation.members
      .filter((membership) => membership.state === state)
      .map(({ from, to }) => ({ organisation: organisation.code, from, to })),
  )
