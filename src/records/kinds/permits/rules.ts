import type { z } from 'zod'
import type { PermitBecomes, PermitStatus } from './schema.ts'

type PermitEffect = z.infer<typeof PermitBecomes>
type PermitState = z.infer<typeof PermitStatus>

const changes = ['amended', 'suspended', 'cancelled', 'expired', 'annulled', 'upheld'] as const

/**
 * The possible effects of an event in each state. A permit may first be known in a later state: nobody has to invent its issue. A
 * court can annul a permit that was cancelled or has expired, or uphold any decision.
 */
export const permitTransitions = {
  none: ['issued', 'refused', ...changes, 'reinstated'],
  issued: changes,
  suspended: [...changes.filter((effect) => effect !== 'suspended'), 'reinstated'],
  refused: ['upheld'],
  cancelled: ['annulled', 'upheld'],
  expired: ['annulled', 'upheld'],
  annulled: ['reinstated'],
} as const satisfies Record<PermitState | 'none', readonly PermitEffect[]>

/** The state after an effect; an amendment or a judgment that upholds it does not change it. */
export const nextPermitState = (
  state: PermitState | 'none',
  becomes: PermitEffect,
): PermitState | 'none' => {
  if (becomes === 'amended' || becomes === 'upheld') return state === 'none' ? 'issued' : state
  return becomes === 'reinstated' ? 'issued' : becomes
}

/** Why the date of issue of a permit is open that was first known in a later state. */
export const presumedIssueReasoning =
  'No record says when it was issued. It was issued by the last possible day of the first event that changed it.'
