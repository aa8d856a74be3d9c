import type { EventFacts, Grade, NamedGood, PermitFacts } from '../rules.ts'
import { listHolders, listIntendedParties } from '../rules.ts'
import { findUseLink } from './goods/links.ts'
import { gradeIssuedBefore } from './order.ts'
import { gradeOtherParty } from './parties.ts'

/** A use of goods of a permit after its issue. */
export type PermitUse = {
  grades: Grade[]
  /** The good as the event calls it. */
  goods: string
  permitFields: string[]
  useFields: string[]
}

/** Null: nothing links the use to the permit, or it came before. */
export function findPermitUse(permit: PermitFacts, use: EventFacts): PermitUse | null {
  const order = gradeIssuedBefore(permit, {
    what: use.type === 'transfer' ? 'the transfer was' : 'the use was',
    on: use.on,
    event: use.id,
  })
  const link = findUseLink(
    [permit.id],
    permit.goods,
    use,
    'The event names the permit, but no good.',
  )
  if (order === null || link === null) return null
  return {
    grades: [link.grade, order],
    goods: nameUsedGood(link.second),
    permitFields: link.first ? [link.first.field] : [],
    useFields: ['on', ...link.fields],
  }
}

export const nameUsedGood = (good: NamedGood | null): string => good?.good.name ?? 'these goods'

/** The holder that is most certainly not a party that the permit names. Null: none. */
export function findOtherHolder(permit: PermitFacts, use: EventFacts) {
  const intended = listIntendedParties(permit)
  const holders = listHolders(use).flatMap((holder) => {
    const grade = gradeOtherParty(holder.actor, intended, permit.endUser !== null)
    return grade ? [{ grade, holder }] : []
  })
  return holders.find(({ grade }) => grade.certainty === 'certain') ?? holders[0] ?? null
}
