import type { Rule } from '../rules.ts'
import { assuranceContradicted } from './assurance-contradicted.ts'
import { diversion } from './diversion.ts'
import { permitUnderMeasure } from './permit-under-measure.ts'
import { reExport } from './re-export.ts'
import { reversal } from './reversal.ts'
import { sameTheatre } from './same-theatre.ts'

/** Every rule, in the order in which their findings are listed. A new rule is a file here, and its line. */
export const findingRules: readonly Rule[] = [
  permitUnderMeasure,
  diversion,
  assuranceContradicted,
  sameTheatre,
  reversal,
  reExport,
] as unknown as Rule[]
