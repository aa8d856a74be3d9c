import type { z } from 'zod'
import type { PermitBecomes, PermitStatus } from './schema.ts'

type PermitEffect = z.infer<typeof PermitBecomes>
type PermitState = z.infer<typeof PermitStatus>

/** What an event can make of a permit in each state; a refused, cancelled or expired one is at its end. */
export const permitTransitions = {
  none: ['issued', 'refused'],
  issued: ['amended', 'suspended', 'cancelled', 'expired'],
  suspended: ['amended', 'reinstated', 'cancelled', 'expired'],
  refused: [],
  cancelled: [],
  expired: [],
} as const satisfies Record<PermitState | 'none', readonly PermitEffect[]>

/** The state after an effect; an amendment leaves the state as it is. */
export const nextPermitState = (
  state: PermitState | 'none',
  becomes: PermitEffect,
): PermitState | 'none' =>
  becomes === 'amended' ? state : becomes === 'reinstated' ? 'issued' : becomes
