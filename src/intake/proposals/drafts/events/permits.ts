import type { DetectedEvent, Entity } from '../../reading/detection.ts'
import { createDraft } from '../draft.ts'
import { type DraftContext, referTo } from '../draft-context.ts'
import type { EffectDraft } from './effect.ts'
import { citeMain, type EventBasis, findParticipant, listEventNeeds } from './event-basis.ts'
import { createEventSlug } from './slugs.ts'
import { formatTitle } from './titles.ts'

type PermitItem = { good: Entity; quantity: number | null; unit: string | null }

/** The permit that an event issues or refuses. Null for other events, and where the issuer is not known. */
export function draftPermit(basis: EventBasis, context: DraftContext): EffectDraft | null {
  const { main, date, identities, passages } = basis
  const { type, becomes, destination, exporter } = main
  const issuer = findParticipant(basis, 'issuer')
  if (type !== 'permit-decision' || (becomes !== 'issued' && becomes !== 'refused') || !issuer)
    return null
  const consignee = findParticipant(basis, 'consignee') ?? null
  const items = findItems(main)
  const value = toValue(main)
  const title = createPermitTitle(main, issuer, consignee)
  const slug = createEventSlug(`${becomes} ${title}`, date)
  const present = { consignee, destination, exporter, number: main.permitNumber, value }
  const fields = [
    'title',
    'issuer',
    ...Object.entries(present).flatMap(([field, one]) => (one ? [field] : [])),
    ...items.map((_, index) => `items.${index}`),
  ]
  const draft = createDraft({
    kind: 'permit',
    identities: identities.map((identity) => `permit|${identity}`),
    record: {
      slug,
      title,
      number: main.permitNumber,
      issuer: referTo(issuer),
      exporter: exporter && referTo(exporter),
      consignee: consignee && referTo(consignee),
      endUser: null,
      destination: destination && referTo(destination),
      items: items.map(({ good, quantity, unit }) => ({ good: referTo(good), quantity, unit })),
      value,
      legalBasis: null,
      exceptionRelied: null,
      statedEndUse: null,
      restrictions: null,
      citations: fields.map((field) => citeMain(basis, field, context)),
    },
    passages,
    score: main.score,
    reasons: main.reasons,
    needs: listEventNeeds(basis, listNamed(items, destination, exporter), context),
  })
  return { draft, effect: { permit: slug, becomes } }
}

const listNamed = (items: readonly PermitItem[], ...others: (Entity | null)[]): Entity[] => [
  ...items.map(({ good }) => good),
  ...others.filter((one) => one !== null),
]

/** `Export permits of Canada for MX-15D to Baykar`, with a count or a number where the text has one. */
function createPermitTitle(event: DetectedEvent, issuer: Entity, consignee: Entity | null): string {
  const { permitCount, permitNumber, goods, destination, exporter } = event
  const permits =
    permitCount !== null && permitCount > 1 ? `${permitCount} export permits` : 'Export permit'
  const number = permitNumber ? ` ${permitNumber}` : ''
  const names = [...new Set(goods.map(({ name }) => name))].join(', ')
  const to = consignee?.name ?? destination?.name
  const target = to ? ` ${names ? 'to' : 'for'} ${to}` : ''
  const holder = exporter ? ` to ${exporter.name}` : ''
  const what = names ? ` for ${names}` : ''
  return formatTitle(`${permits}${number} of ${issuer.name}${holder}${what}${target}`)
}

/** Goods with how many of them, where the text says it exactly. */
function findItems({ goods, quantity }: DetectedEvent): PermitItem[] {
  return [...new Set(goods)].map((good) => {
    const isCounted =
      quantity?.isExact === true &&
      quantity.value > 0 &&
      (quantity.good === good || (quantity.good === null && goods.length === 1))
    return isCounted
      ? { good, quantity: quantity.value, unit: quantity.unit }
      : { good, quantity: null, unit: null }
  })
}

/** Only what the text says exactly; `$` without a country is no currency. */
function toValue({ value }: DetectedEvent): { amount: string; currency: string } | null {
  if (!value?.isExact || !/^[A-Z]{3}$/.test(value.currency)) return null
  const amount = String(value.amount)
  return /^\d{1,15}(\.\d{1,4})?$/.test(amount) ? { amount, currency: value.currency } : null
}
