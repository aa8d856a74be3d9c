import { offshoreSupply } from './rules/measures/offshore-supply.ts'
import { permitUnderMeasure } from './rules/measures/permit-under-measure.ts'
import { reversal } from './rules/measures/reversal.ts'
import { sameTheatre } from './rules/measures/same-theatre.ts'
import { deliveryWithoutPermit } from './rules/permits/delivery-without-permit.ts'
import { figuresDisagree } from './rules/permits/figures-disagree.ts'
import { overDelivery } from './rules/permits/over-delivery.ts'
import { reExport } from './rules/permits/re-export.ts'
import { refusedElsewhere } from './rules/permits/refused-elsewhere.ts'
import { assuranceContradicted } from './rules/uses/assurance-contradicted.ts'
import { diversion } from './rules/uses/diversion.ts'
import { useAbroad } from './rules/uses/use-abroad.ts'
import type { Rule } from './rules.ts'

/** All rules, in the order in which findings are listed. */
export const findingRules: readonly Rule[] = [
  permitUnderMeasure,
  diversion,
  useAbroad,
  assuranceContradicted,
  sameTheatre,
  reversal,
  reExport,
  deliveryWithoutPermit,
  overDelivery,
  refusedElsewhere,
  offshoreSupply,
  figuresDisagree,
] as unknown as Rule[]
