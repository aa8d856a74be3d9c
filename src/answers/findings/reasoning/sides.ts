import type { FindingContext, FindingSide, InForcePeriod, PermitFacts } from '../rules.ts'
import { findIssue } from './order.ts'

/** The event that issued the permit. None if no event on record did. */
export function buildIssueSides(
  permit: PermitFacts,
  moreFields: readonly string[] = [],
): FindingSide[] {
  const issue = findIssue(permit)
  if (issue === null || issue.event === null) return []
  const dateFields = issue.field === 'on' ? ['on'] : []
  return [{ role: 'issue', id: issue.event, fields: [...dateFields, 'effects', ...moreFields] }]
}

/** The events that imposed and ended a measure. */
export const buildImpositionSides = (
  { imposedBy, endedBy }: InForcePeriod,
  moreFields: readonly string[] = [],
): FindingSide[] => [
  { role: 'imposition', id: imposedBy, fields: ['on', 'effects', ...moreFields] },
  ...(endedBy === null ? [] : [{ role: 'end' as const, id: endedBy, fields: ['on', 'effects'] }]),
]

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
