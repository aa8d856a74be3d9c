import {
  formatAmount,
  formatDateAdverb,
  formatDateAttribute,
  formatNumber,
  joinWithAnd,
} from '../../../evidence/words.ts'
import type { ActorFacts, EventFacts, MeasureFacts, NamedGood, PermitFacts } from '../rules.ts'
import { listHolders } from '../rules.ts'
import { findIssue } from './order.ts'
import { capitalise, joinNames, nameActor, nameCountry, withArticle } from './parties.ts'

/** Goods named in a sentence; of more, only the number is given. */
const goodsMax = 3

/** `VM-40 sights` if sights are counted; else the name of the good. */
export const nameSeveral = ({ good, unit }: NamedGood): string =>
  unit !== null && good.name.toLowerCase().endsWith(` ${unit.toLowerCase()}`)
    ? `${good.name}s`
    : good.name

/** `seven MX-15D systems`, `5,000 bombs`, `MX-15D`. */
function describeGood(named: NamedGood): string {
  const { good, quantity, unit } = named
  const amount = quantity && formatAmount(quantity)
  if (!amount) return good.name
  const isOne = quantity?.low === 1 && quantity.high === 1
  if (!isOne && nameSeveral(named) !== good.name) return `${amount} ${nameSeveral(named)}`
  if (unit === null || good.name.toLowerCase().includes(unit.toLowerCase()))
    return `${amount} ${good.name}`
  return `${amount} ${good.name} ${isOne || unit.endsWith('s') ? unit : `${unit}s`}`
}

/** Null if there are none. */
function describeGoods(goods: readonly NamedGood[]): string | null {
  if (goods.length === 0) return null
  const names = goods.slice(0, goodsMax).map(describeGood)
  const rest = goods.length - names.length
  return joinWithAnd(rest > 0 ? [...names, `${formatNumber(rest)} other goods`] : names)
}

/** `Baykar of Turkey`, `Turkey`. Null: the permit names no recipient. */
function describeRecipient({
  endUser,
  consignee,
  destinations,
  endDestination,
}: PermitFacts): string | null {
  const party = consignee ?? endUser
  if (destinations.length > 1) {
    const states = joinWithAnd(destinations.map(({ actor }) => withArticle(actor.name)))
    return party === null ? states : `${withArticle(party.name)}, for ${states}`
  }
  const state = destinations[0]?.actor ?? endDestination
  if (party === null || party.id === state?.id) return state && withArticle(state.name)
  const partyName = withArticle(party.name)
  if (state === null || party.name.includes(state.name)) return partyName
  return party.country !== null && party.country === state.country
    ? `${partyName} of ${withArticle(state.name)}`
    : `${partyName} in ${withArticle(state.name)}`
}

/** A record can stand for several permits; then its title says so. */
export const isPlural = ({ name, permitCount }: PermitFacts): boolean =>
  permitCount === null
    ? /\b(?:permits|licen[cs]es|authori[sz]ations)\b/i.test(name)
    : (permitCount.low ?? 2) > 1

/** The type of a permit as an attribute. Others, and permits without one, are called export permits. */
const permitTypeWords: Readonly<Record<string, string>> = {
  're-export': 're-export permit',
  transit: 'transit permit',
  brokering: 'brokering permit',
  temporary: 'temporary export permit',
  open: 'open export permit',
  'technical-assistance': 'technical assistance permit',
}

function describePermitNoun(permit: PermitFacts): string {
  const noun = permitTypeWords[permit.type ?? ''] ?? 'export permit'
  if (!isPlural(permit)) return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`
  const count = permit.permitCount && formatAmount(permit.permitCount)
  return `${count ? `${count} ` : ''}${noun}s`
}

/** `export permits for seven MX-15D systems to Baykar of Turkey`. */
export function describePermit(permit: PermitFacts): string {
  const noun = describePermitNoun(permit)
  const goods = describeGoods(permit.goods)
  const recipient = describeRecipient(permit)
  return [noun, goods && `for ${goods}`, recipient && `to ${recipient}`].filter(Boolean).join(' ')
}

/** Subject and pronoun for a permit that was described before. */
export const getPermitPronoun = (permit: PermitFacts): { it: string; was: string; does: string } =>
  isPlural(permit)
    ? { it: 'they', was: 'were', does: 'do' }
    : { it: 'it', was: 'was', does: 'does' }

/** `Canada`, `UAMA of Italy`. */
export const describeAuthority = (actor: ActorFacts): string => {
  const { name, type, country } = actor
  if (type !== 'public-body' || country === null) return nameActor(actor)
  const state = nameCountry(country)
  return name.includes(state) ? nameActor(actor) : `${nameActor(actor)} of ${withArticle(state)}`
}

/** `Canada issued export permits for seven MX-15D systems to Baykar of Turkey in May 2020`. */
export function describeIssue(permit: PermitFacts): string {
  const on = findIssue(permit)?.on
  const issuer = capitalise(describeAuthority(permit.issuer))
  return `${issuer} issued ${describePermit(permit)}${on ? ` ${formatDateAdverb(on)}` : ''}`
}

/** `Italy's`, `the United States'`. */
export const toPossessive = (name: string): string =>
  name.endsWith('s') ? `${name}’` : `${name}’s`

/** `its` for the issuer, else `Italy’s`. */
export const describeOwner = (imposer: ActorFacts, issuer: ActorFacts): string =>
  imposer.id === issuer.id ? 'its' : toPossessive(describeAuthority(imposer))

/**
 * `arms embargo on Turkey`, `suspension of exports of “drone technology” to Turkey`.
 *
 * @param showsScope whether to quote the words for its scope
 */
export function describeMeasure(
  { legalForm, scope }: MeasureFacts,
  target: ActorFacts,
  showsScope: boolean,
): string {
  const state = withArticle(target.name)
  const goods = scope !== null && showsScope ? `“${scope}”` : null
  switch (legalForm) {
    case 'embargo':
      return `arms embargo on ${state}${goods ? `, which covers ${goods}` : ''}`
    case 'suspension':
      return `suspension of exports${goods ? ` of ${goods}` : ''} to ${state}`
    case 'presumptive-denial':
      return `policy of denying permits${goods ? ` for ${goods}` : ''} to ${state}`
    default:
      return `measure against ${state}${goods ? `, which covers ${goods}` : ''}`
  }
}

export const describePeriodStart = (from: MeasureFacts['periods'][number]['from']): string =>
  from ? ` ${formatDateAttribute(from)}` : ''

const verbs: Readonly<Record<string, string>> = { use: 'used', transfer: 'received' }

/** `Azerbaijan used Wescam imaging technology in Nagorno-Karabakh in 2020`. */
export function describeUse(use: EventFacts, goods: string, holderNote = ''): string {
  const holder = joinNames(listHolders(use))
  const place = use.place ? ` in ${use.place.name}` : ''
  const on = use.on ? ` ${formatDateAdverb(use.on)}` : ''
  const subject = holder ? `${holder}${holderNote}` : 'somebody'
  return `${subject} ${verbs[use.type] ?? 'had'} ${goods}${place}${on}`
}

/** `an export permit for 20 bombs to Saudi Arabia, which Italy issued in 2018`. */
export function describeIssuedPermit(permit: PermitFacts): string {
  const issue = findIssue(permit)
  if (issue === null) return `${describePermit(permit)} of ${describeAuthority(permit.issuer)}`
  const on = issue.on ? ` ${formatDateAdverb(issue.on)}` : ''
  return `${describePermit(permit)}, which ${describeAuthority(permit.issuer)} issued${on}`
}

/** `A delivery of 3,000 bombs in May 2020`. */
export function describeDelivery({ goods, on }: EventFacts): string {
  const names = describeGoods(goods)
  return `A delivery${names ? ` of ${names}` : ''}${on ? ` ${formatDateAdverb(on)}` : ''}`
}
