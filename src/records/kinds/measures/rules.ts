import type { z } from 'zod'
import type { MeasureBecomes, MeasureStatus } from './schema.ts'

type MeasureEffect = z.infer<typeof MeasureBecomes>
type MeasureState = z.infer<typeof MeasureStatus>

/** The possible effects of an event in each state. A suspended or lifted measure can be imposed again. */
export const measureTransitions = {
  none: ['imposed'],
  'in-force': ['amended', 'suspended', 'lifted'],
  suspended: ['amended', 'imposed', 'lifted'],
  lifted: ['imposed'],
} as const satisfies Record<MeasureState | 'none', readonly MeasureEffect[]>

/** The state after an effect; an amendment does not change it. */
export const nextMeasureState = (
  state: MeasureState | 'none',
  becomes: MeasureEffect,
): MeasureState | 'none' =>
  becomes === 'amended' ? state : becomes === 'imposed' ? 'in-force' : becomes
