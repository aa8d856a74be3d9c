import type { z } from 'zod'
import type { PermitBecomes, PermitStatus } from './schema.ts'

type PermitEffect = z.infer<typeof PermitBecomes>
type PermitState = z.infer<typeof PermitStatus>

/** The possible effects of an event in each state. Refused, cancelled and expired are final. */
export const permitTransitions = {
  none: ['issued', 'refused'],
  issued: ['amended', 'suspended', 'cancelled', 'expired'],
  suspended: ['amended', 'reinstated', 'cancelled', 'expired'],
  refused: [],
  cancelled: [],
  expired: [],
} as const satisfies Record<PermitState | 'none', readonly PermitEffect[]>

/** The state after an effect; an amendment does not change it. */
export const nextPermitState = (
  state: PermitState | 'none',
  becomes: PermitEffect,
): PermitState | 'none' =>
  becomes === 'amended' ? state : becomes === 'reinstated' ? 'issued' : becomes
