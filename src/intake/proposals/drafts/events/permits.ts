import { permitTransitions } from '../../../../records/kinds/permits/rules.ts'
import type { KnownPermit } from '../../queries.ts'
import type { DetectedEvent, Entity } from '../../reading/detection.ts'
import { createCitation } from '../citations.ts'
import { createDraft, type Draft } from '../draft.ts'
import { type DraftContext, referTo } from '../draft-context.ts'
import type { EffectDraft } from './effect.ts'
import { citeMain, type EventBasis, findParticipant, listEventNeeds } from './event-basis.ts'
import { createEventSlug } from './slugs.ts'
import { formatTitle } from './titles.ts'

type StatedQuantity = number | { low: number | null; high: number | null; asStated: string }
type PermitItem = { good: Entity; quantity: StatedQuantity | null; unit: string | null }
type DecidedPermit = { issuer: Entity; bases: [EventBasis, ...EventBasis[]] }

/**
 * The permits that decisions are about, by event. Decisions on the same phrase ("the licence that Norway issued in 2017 was
 * revoked") or on the same number are about the same permit. A decision without a known issuer has none.
 */
export function draftPermits(
  bases: readonly EventBasis[],
  context: DraftContext,
): ReadonlyMap<EventBasis, EffectDraft> {
  const byEvent = new Map<EventBasis, EffectDraft>()
  for (const permit of groupByPermit(bases)) {
    const first = permit.bases.find(({ main }) => isCreation(main.becomes))
    const draft = draftPermit(permit, context)
    const slug = draft.known?.slug ?? String(draft.record.slug)
    for (const basis of permit.bases) {
      const { becomes } = basis.main
      const hasEffect =
        becomes !== null && (first !== undefined || draft.known !== null || isFirstEffect(becomes))
      byEvent.set(basis, {
        draft,
        effects: hasEffect ? [{ permit: slug, becomes }] : [],
        about: hasEffect ? [] : [{ permit: slug }],
        needs: first && first !== basis ? first.identities.slice(0, 1) : [],
      })
    }
  }
  return byEvent
}

/** A permit begins with these. */
const isCreation = (becomes: string | null): boolean =>
  becomes === 'issued' || becomes === 'refused'

/** Whether a permit can be known first in this state. */
const isFirstEffect = (becomes: string | null): boolean =>
  permitTransitions.none.some((effect) => effect === becomes)

function groupByPermit(bases: readonly EventBasis[]): DecidedPermit[] {
  const groups: EventBasis[][] = []
  for (const basis of bases) {
    if (basis.main.type !== 'permit-decision') continue
    const same = groups.find((group) => group.some((other) => isSamePermit(other, basis)))
    if (same) same.push(basis)
    else groups.push([basis])
  }
  return groups.flatMap(([first, ...others]) => {
    if (!first) return []
    const permit: EventBasis[] = [first, ...others]
    const issuer = permit.map((basis) => findParticipant(basis, 'issuer')).find(Boolean)
    if (!issuer || !permit.some(({ main }) => isIdentified(main))) return []
    return [{ issuer, bases: [first, ...others] }]
  })
}

function isSamePermit({ main: a }: EventBasis, { main: b }: EventBasis): boolean {
  if (a.permitNumber && b.permitNumber) return a.permitNumber === b.permitNumber
  return a.sentence === b.sentence && a.objectStart !== null && a.objectStart === b.objectStart
}

/** Whether the text says which permit it is, or creates it. */
const isIdentified = (event: DetectedEvent): boolean =>
  isCreation(event.becomes) ||
  [event.permitNumber, event.exporter, event.destination, event.permitCount, event.goods[0]].some(
    (one) => one !== null && one !== undefined,
  )

function draftPermit({ issuer, bases }: DecidedPermit, context: DraftContext): Draft {
  const events = bases.map(({ main }) => main)
  const [basis] = bases.toSorted((a, b) => countFields(b.main) - countFields(a.main))
  const main = basis ?? bases[0]
  const number = firstOf(events, 'permitNumber')
  const known = number === null ? undefined : context.knownPermits.find(isKnown(number, issuer))
  const identities = main.identities.map((identity) => `permit|${identity}`)
  const passages = bases.flatMap((one) => one.passages)
  if (known) return draftKnownPermit(known, main, identities, passages, context)
  const found = {
    number,
    exporter: firstOf(events, 'exporter'),
    destination: firstOf(events, 'destination'),
    consignee: bases.map((one) => findParticipant(one, 'consignee')).find(Boolean) ?? null,
    value: events.map(toValue).find(Boolean) ?? null,
    count: firstOf(events, 'permitCount'),
  }
  const items = events.map(findItems).find(({ length }) => length > 0) ?? []
  const title = createPermitTitle(found, items, issuer)
  const slug = createEventSlug(
    `${isCreation(main.main.becomes) ? main.main.becomes : ''} ${title}`.trim(),
    main.date,
  )
  const { count, ...present } = found
  const fields = [
    'title',
    'issuer',
    ...Object.entries(present).flatMap(([field, one]) => (one ? [field] : [])),
    ...(count === null ? [] : ['permitCount']),
    ...items.map((_, index) => `items.${index}`),
  ]
  const { exporter, destination, consignee, value } = found
  return createDraft({
    kind: 'permit',
    identities,
    record: {
      slug,
      title,
      number,
      issuer: referTo(issuer),
      exporter: exporter && referTo(exporter),
      consignee: consignee && referTo(consignee),
      destination: destination && referTo(destination),
      items: items.map(({ good, quantity, unit }) => ({ good: referTo(good), quantity, unit })),
      value,
      permitCount: count,
      citations: fields.map((field) => citeMain(main, field, context)),
    },
    passages,
    score: Math.max(...events.map(({ score }) => score)),
    reasons: main.main.reasons,
    needs: listEventNeeds(
      main,
      [issuer, ...items.map(({ good }) => good), ...listPresent(exporter, destination, consignee)],
      context,
    ),
  })
}

const listPresent = (...entities: (Entity | null)[]): Entity[] =>
  entities.filter((one) => one !== null)

function firstOf<K extends 'permitNumber' | 'exporter' | 'destination' | 'permitCount'>(
  events: readonly DetectedEvent[],
  field: K,
): DetectedEvent[K] | null {
  return events.map((event) => event[field]).find((one) => one !== null) ?? null
}

const countFields = ({ permitNumber, exporter, destination, goods, value }: DetectedEvent) =>
  [permitNumber, exporter, destination, goods[0], value].filter(Boolean).length

/** Numbers are unique for an issuer; a record without a known issuer in the text is found by its number alone. */
const isKnown = (number: string, issuer: Entity) => (permit: KnownPermit) =>
  permit.number === number && (issuer.known === null || issuer.known.slug === permit.issuer)

/** The permit that has this number already gets the passages. */
function draftKnownPermit(
  known: KnownPermit,
  { main, voices }: EventBasis,
  identities: string[],
  passages: Draft['passages'],
  { article }: DraftContext,
): Draft {
  return {
    kind: 'permit',
    identities,
    known: { id: known.id, slug: known.slug, name: known.name },
    record: { citations: [createCitation(article, main, null, voices.references)] },
    passages,
    score: main.score,
    reasons: [...main.reasons, `the permit ${known.number} has a record`],
    needs: [],
    type: null,
  }
}

/** `Export permit of Canada for MX-15D to Baykar`, with a count or a number where the text has one. */
function createPermitTitle(
  found: {
    number: string | null
    exporter: Entity | null
    destination: Entity | null
    consignee: Entity | null
    count: number | null
  },
  items: readonly PermitItem[],
  issuer: Entity,
): string {
  const { number, exporter, destination, consignee, count } = found
  const permits = count !== null && count > 1 ? `${count} export permits` : 'Export permit'
  const names = items.map(({ good }) => good.name).join(', ')
  const to = consignee?.name ?? destination?.name
  const target = to ? ` ${names ? 'to' : 'for'} ${to}` : ''
  const holder = exporter ? ` to ${exporter.name}` : ''
  const what = names ? ` for ${names}` : ''
  return formatTitle(
    `${permits}${number ? ` ${number}` : ''} of ${issuer.name}${holder}${what}${target}`,
  )
}

/** Goods with how many of them, as the text says it. */
function findItems({ goods, quantity }: DetectedEvent): PermitItem[] {
  return [...new Set(goods)].map((good) => {
    const isCounted =
      quantity !== null &&
      quantity.value > 0 &&
      (quantity.good === good || (quantity.good === null && goods.length === 1))
    if (!isCounted) return { good, quantity: null, unit: null }
    const { isExact, value, from: low, to: high, words: asStated, unit } = quantity
    return { good, quantity: isExact ? value : { low, high, asStated }, unit }
  })
}

/** As the text says it; `$` without a country is no currency. */
function toValue({ value }: DetectedEvent) {
  if (!value || !/^[A-Z]{3}$/.test(value.currency)) return null
  const { currency, isExact } = value
  const [amount, low, high] = [value.amount, value.from, value.to].map(toDecimal)
  const asStated = value.text.replaceAll(/\s+/g, ' ').trim()
  if (isExact) return amount ? { amount, currency, asStated } : null
  return low || high ? { low: low ?? null, high: high ?? null, currency, asStated } : null
}

function toDecimal(amount: number | null): string | null {
  const text = amount === null ? '' : String(amount)
  return /^\d{1,15}(\.\d{1,4})?$/.test(text) ? text : null
}
