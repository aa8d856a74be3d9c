import type { Rule } from '../rules.ts'
import { assuranceContradicted } from './assurance-contradicted.ts'
import { diversion } from './diversion.ts'
import { permitUnderMeasure } from './permit-under-measure.ts'
import { reExport } from './re-export.ts'
import { reversal } from './reversal.ts'
import { sameTheatre } from './same-theatre.ts'

/** All rules, in the order in which findings are listed. */
export const findingRules: readonly Rule[] = [
  permitUnderMeasure,
  diversion,
  assuranceContradicted,
  sameTheatre,
  reversal,
  reExport,
] as unknown as Rule[]
