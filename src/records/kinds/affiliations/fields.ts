import { Problem } from '../../../problem.ts'
import { quantity, quantityRange } from '../../model/amount-fields.ts'
import { expandQuantity } from '../../model/amounts.ts'
import { notAFact, recordName, reference, statedDate, text } from '../../model/field-builders.ts'
import { declareRecord } from '../../model/record-fields.ts'
import type { AffiliationInput } from './schema.ts'

const declaredFields = declareRecord<AffiliationInput>()({
  kind: 'affiliation',
  table: 'affiliation',
  fields: {
    /** Belongs to the role. */
    type: notAFact(text('affiliation.type')),
    actor: reference('actor', 'affiliation.actor_id'),
    organisation: reference('actor', 'affiliation.organisation_id'),
    role: recordName(),
    share: quantity('affiliation.share'),
    shareRange: quantityRange('share', 'affiliation.share'),
    during: statedDate('affiliation.during'),
  },
})

const shareMax = 100

export const affiliationFields: typeof declaredFields = {
  ...declaredFields,
  /** @throws {Problem} also invalid-request, for a share of anything but an ownership, or of more than the whole */
  resolve(input, refs, pointer) {
    const values = declaredFields.resolve(input, refs, pointer)
    const { share, type } = values
    if (share === null || share === undefined) return values
    if (type !== 'ownership') throw shareProblem(pointer, 'only an `ownership` has a share')
    const { low, high } = expandQuantity(share)
    if ((low ?? 0) > shareMax || (high ?? 0) > shareMax)
      throw shareProblem(pointer, 'a share is a percentage, at most 100')
    return values
  },
}

const shareProblem = (pointer: string, detail: string): Problem =>
  new Problem('invalid-request', `${pointer}/share: ${detail}`, {
    errors: [{ pointer: `${pointer}/share`, detail }],
  })
