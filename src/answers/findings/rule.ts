import type { EventFacts, MeasureFacts, PermitFacts } from './facts.ts'
import type { Grade } from './reasoning/grades.ts'
import type { FindingRule, SideRole } from './schema.ts'

/**
 * The two records that a rule compares: anchor and counterpart. SQL selects the pairs (`pairs/queries.ts`), the rule decides.
 *
 * - `permit-measure`: a permit and a measure against its destination or end destination that may bind its issuer.
 * - `permit-theatre`: the same, if the stated end use and the reason of the measure lie in one place or country.
 * - `permit-use`: a permit and a use or transfer that names it, or that names no permit and a related good.
 * - `assurance-use`: an assurance and a use or transfer, related in the same way.
 * - `permit-issue`: a permit with two destinations and the event that issued it.
 * - `permit-stop`: a permit and an event that suspends or cancels it, or an embargo or suspension that may have come later.
 * - `permit-delivery`: a permit and a delivery that names it. `others`: all deliveries that name it.
 * - `permit-refusal`: a permit and a refused permit of another issuer for the same destination and a related good.
 */
type PairedFacts = {
  'permit-measure': [PermitFacts, MeasureFacts]
  'permit-theatre': [PermitFacts, MeasureFacts]
  'permit-use': [PermitFacts, EventFacts]
  'assurance-use': [EventFacts, EventFacts]
  'permit-stop': [PermitFacts, MeasureFacts | EventFacts]
  'permit-issue': [PermitFacts, EventFacts]
  'permit-delivery': [PermitFacts, EventFacts]
  'permit-refusal': [PermitFacts, PermitFacts]
}
export type Pairing = keyof PairedFacts

/** What else is on record about a pair. */
export type FindingContext = {
  /** Events that concern both records, sorted by id. */
  sharedEvents: readonly EventFacts[]
  /** Whether one passage is cited for both records, and not only for a date. */
  sharesPassage: boolean
  /** Other permits that cover the good for the actor that used it. */
  otherPermits: readonly PermitFacts[]
  /** Further events that the rule needs, e.g. all deliveries under a permit. */
  otherEvents: readonly EventFacts[]
}

/** A record in a finding. */
export type FindingSide = {
  role: SideRole
  id: string
  /** The finding rests on these: doubts about their citations make it possible. */
  fields: readonly string[]
  /** Only their citations are shown. */
  shown?: readonly string[]
}

export type RuleResult = {
  sentence: string
  grades: readonly Grade[]
  sides: readonly FindingSide[]
  exceptionRelied?: string | null
}

/** A rule: its documentation, the records it compares, and a pure function that evaluates a pair. */
export type Rule<P extends Pairing = Pairing> = FindingRule & {
  pairing: P
  evaluate(...input: [...PairedFacts[P], FindingContext]): RuleResult | null
}
