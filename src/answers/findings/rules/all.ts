import type { Rule } from '../rule.ts'
import { assuranceContradicted } from './assurance-contradicted.ts'
import { deliveryWithoutPermit } from './delivery-without-permit.ts'
import { diversion } from './diversion.ts'
import { overDelivery } from './over-delivery.ts'
import { permitUnderMeasure } from './permit-under-measure.ts'
import { reExport } from './re-export.ts'
import { refusedElsewhere } from './refused-elsewhere.ts'
import { reversal } from './reversal.ts'
import { sameTheatre } from './same-theatre.ts'
import { useAbroad } from './use-abroad.ts'

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
] as unknown as Rule[]
