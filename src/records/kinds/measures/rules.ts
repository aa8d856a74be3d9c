import type { z } from 'zod'
import type { MeasureBecomes, MeasureStatus } from './schema.ts'

type Becomes = z.infer<typeof MeasureBecomes>
type Status = z.infer<typeof MeasureStatus>

/** What an event can make of a measure in each state; a suspended or lifted one can be imposed again. */
export const measureTransitions = {
  none: ['imposed'],
  'in-force': ['amended', 'suspended', 'lifted'],
  suspended: ['amended', 'imposed', 'lifted'],
  lifted: ['imposed'],
} as const satisfies Record<Status | 'none', readonly Becomes[]>

/** The state after an effect; an amendment leaves the state as it is. */
export const measureStateAfter = (state: Status | 'none', becomes: Becomes): Status | 'none' =>
  becomes === 'amended' ? state : becomes === 'imposed' ? 'in-force' : becomes
