import type { EventFacts, GoodFacts, Grade, NamedGood } from '../../rules.ts'
import { certain, possible } from '../grades.ts'

/** How close two goods are: the same model, a family and its member, two of one family, or of one maker. */
type GoodsRelation = 'same' | 'same-family-name' | 'within' | 'around' | 'siblings' | 'maker'

const relationOrder: readonly GoodsRelation[] = [
  'same',
  'same-family-name',
  'within',
  'around',
  'siblings',
  'maker',
]

/** `first` is of the permit, the assurance or the like; `second` is named by the other record. */
export type GoodsLink = {
  relation: GoodsRelation
  grade: Grade
  first: NamedGood
  second: NamedGood
}

/** The closest link between two lists of goods. Null: none of them are related. */
export function findGoodsLink(
  firstGoods: readonly NamedGood[],
  secondGoods: readonly NamedGood[],
): GoodsLink | null {
  const links = firstGoods.flatMap((first) =>
    secondGoods.flatMap((second) => {
      const relation = compareGoods(first.good, second.good)
      return relation === null
        ? []
        : [{ relation, grade: gradeRelation(relation, first.good, second.good), first, second }]
    }),
  )
  const rank = ({ relation }: GoodsLink) => relationOrder.indexOf(relation)
  const [best] = links.sort((a, b) => rank(a) - rank(b))
  return best ?? null
}

/** `within`: `first` belongs to the family `second`. `around`: the other way round. Null: not related. */
export function compareGoods(first: GoodFacts, second: GoodFacts): GoodsRelation | null {
  if (first.id === second.id) return first.isFamily ? 'same-family-name' : 'same'
  if (isInFamily(first, second.id)) return 'within'
  if (isInFamily(second, first.id)) return 'around'
  if (findSharedFamily(first, second)) return 'siblings'
  if (first.maker !== null && first.maker.id === second.maker?.id) return 'maker'
  return null
}

/** At any level. */
const isInFamily = ({ families }: GoodFacts, family: string): boolean =>
  families.some(({ id }) => id === family)

const findSharedFamily = (first: GoodFacts, second: GoodFacts) =>
  first.families.find(({ id }) => isInFamily(second, id))

function gradeRelation(relation: GoodsRelation, first: GoodFacts, second: GoodFacts): Grade {
  const needsModel = 'A source that says which model it was.'
  switch (relation) {
    case 'same':
      return certain(`Both name the same good, ${first.name}.`)
    case 'same-family-name':
      return possible(
        `Both name ${first.name}, which is a family of goods and not a model.`,
        needsModel,
      )
    case 'within':
      return possible(
        `${second.name} is the family of ${first.name}: no source says that it was this good.`,
        `A source that says that it was ${first.name}.`,
      )
    case 'around':
      return possible(
        `${first.name} is the family of ${second.name}: no source says that it was this good.`,
        `A source that says that the first was ${second.name} too.`,
      )
    case 'siblings':
      return possible(
        `${first.name} and ${second.name} are two goods of one family, ${findSharedFamily(first, second)?.name}.`,
        needsModel,
      )
    case 'maker':
      return possible(
        `${first.name} and ${second.name} have only their maker in common, ${first.maker?.name}.`,
        needsModel,
      )
  }
}

/**
 * What links a use to permits, or to an assurance with its permits: related goods, or a permit that both name. Null: nothing
 * does. A use that names permits is compared with these alone.
 *
 * @param permitIds ids of the permits; empty for an assurance without permits
 * @param permitOnlyReason reason if both name a permit, but the use names no good
 */
export function findUseLink(
  permitIds: readonly string[],
  goods: readonly NamedGood[],
  use: EventFacts,
  permitOnlyReason: string,
): { grade: Grade; first: NamedGood | null; second: NamedGood | null; fields: string[] } | null {
  const sharedPermits = use.permits.filter(({ id }) => permitIds.includes(id))
  const permitFields = sharedPermits.map(({ field }) => field)
  if (use.permits.length > 0 && permitIds.length > 0 && sharedPermits.length === 0) return null
  const link = findGoodsLink(goods, use.goods)
  if (link) {
    const { grade, first, second } = link
    return { grade, first, second, fields: [second.field, ...permitFields] }
  }
  if (sharedPermits.length === 0 || use.goods.length > 0) return null
  return {
    grade: possible(permitOnlyReason, 'A source that names the goods.'),
    first: null,
    second: null,
    fields: permitFields,
  }
}
