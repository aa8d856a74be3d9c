import type { DetectedEvent, Entity, ParticipantRole } from '../../reading/detection.ts'

const titleLengthMax = 200
const saidLengthMax = 120

type NamedEvent = Pick<
  DetectedEvent,
  | 'type'
  | 'becomes'
  | 'form'
  | 'participants'
  | 'destination'
  | 'exporter'
  | 'goods'
  | 'object'
  | 'quantity'
  | 'permitCount'
  | 'permitNumber'
  | 'said'
  | 'trigger'
>

/** What becomes of a permit: with somebody who does it, and without. */
const permitVerbs: Readonly<Record<string, readonly [active: string, passive: string]>> = {
  issued: ['issues', 'issued'],
  refused: ['refuses', 'refused'],
  amended: ['amends', 'amended'],
  suspended: ['suspends', 'suspended'],
  reinstated: ['reinstates', 'reinstated'],
  cancelled: ['cancels', 'cancelled'],
  expired: ['lets expire', 'expired'],
}

/** A short sentence that says what happened: `Canada cancels export permits for Turkey`. */
export function createTitle(event: NamedEvent): string {
  return formatTitle(describeEvent(event))
}

/** With a capital, on one line, cut between words. */
export function formatTitle(words: string): string {
  const text = words.replaceAll(/\s+/g, ' ').trim()
  const title = text.charAt(0).toUpperCase() + text.slice(1)
  return cutWords(title, titleLengthMax)
}

function describeEvent(event: NamedEvent): string {
  switch (event.type) {
    case 'permit-decision':
      return describePermitDecision(event)
    case 'measure-decision':
      return describeMeasureDecision(event)
    case 'statement':
      return describeStatement(event)
    case 'delivery':
    case 'transfer':
      return describeDelivery(event)
    case 'use':
      return describeUse(event)
    default:
      return describeAct(event)
  }
}

function describePermitDecision(event: NamedEvent): string {
  const [active, passive] = permitVerbs[event.becomes ?? ''] ?? ['decides on', 'decided on']
  const issuer = joinNames(event, 'issuer')
  const permits = formatPermits(event)
  const goods = event.goods.length > 0 ? ` for ${formatGoods(event)}` : ''
  const to = nameRole(event, 'consignee') ?? event.destination?.name
  const target = to ? ` ${goods ? 'to' : 'for'} ${to}` : ''
  const exporter = event.exporter
    ? ` ${event.becomes === 'issued' ? 'to' : 'of'} ${event.exporter.name}`
    : ''
  const object = `${permits}${exporter}${goods}${target}`
  return issuer ? `${issuer} ${agree(event, 'issuer', active)} ${object}` : `${object} ${passive}`
}

function formatPermits({ permitCount, permitNumber, object }: NamedEvent): string {
  if (permitNumber !== null) return `export permit ${permitNumber}`
  if (permitCount === null && isOnePermit(object)) return 'an export permit'
  if (permitCount === null) return 'export permits'
  return permitCount === 1 ? 'an export permit' : `${permitCount} export permits`
}

/** `a licence`, `the permit of X`, but not `licences`. */
const isOnePermit = (object: string | null): boolean =>
  object !== null &&
  /^(an?|the|its|their|his|her) .*(licen[cs]e|permit|authori[sz]ation)$/i.test(object)

function describeMeasureDecision(event: NamedEvent): string {
  const imposer = joinNames(event, 'imposer')
  const target = nameRole(event, 'target')
  const [active, passive] = describeMeasure(event, target)
  return imposer ? `${imposer} ${agree(event, 'imposer', active)}` : passive
}

function describeMeasure(
  { becomes, form }: NamedEvent,
  target: string | undefined,
): readonly [active: string, passive: string] {
  const on = target ? ` on ${target}` : ''
  const to = target ? ` to ${target}` : ''
  if (becomes === 'lifted') return [`lifts an embargo or ban${on}`, `Embargo or ban${on} lifted`]
  if (becomes !== 'imposed') return [`amends an embargo or ban${on}`, `Embargo or ban${on} amended`]
  if (form === 'presumptive-denial')
    return [
      `stops issuing export permits${target ? ` for ${target}` : ''}`,
      `No more export permits${target ? ` for ${target}` : ''}`,
    ]
  return form === 'suspension'
    ? [`suspends arms exports${to}`, `Arms exports${to} suspended`]
    : [`imposes an arms embargo${on}`, `Arms embargo${on} imposed`]
}

function describeDelivery(event: NamedEvent): string {
  const supplier = joinNames(event, 'supplier')
  const consignee = nameRole(event, 'consignee')
  const goods = formatGoods(event)
  const [active, passive] =
    event.type === 'transfer' ? ['transfers', 'transferred'] : ['delivers', 'delivered']
  const to = consignee ? ` to ${consignee}` : ''
  return supplier
    ? `${supplier} ${agree(event, 'supplier', active)} ${goods}${to}`
    : `${goods} ${passive}${to}`
}

function describeUse(event: NamedEvent): string {
  const user = joinNames(event, 'user')
  const opponent = nameRole(event, 'opponent')
  const against = opponent ? ` against ${opponent}` : ''
  const goods = formatGoods(event)
  return user
    ? `${user} ${agree(event, 'user', 'uses')} ${goods}${against}`
    : `${goods} used${against}`
}

function describeStatement(event: NamedEvent): string {
  const speaker = nameRole(event, 'speaker') ?? 'Somebody'
  const said = event.said?.replaceAll(/^[\s,:;“”"«»]+|[\s,:;.“”"«»]+$/gu, '').replace(/^that /, '')
  const verb = event.trigger.toLowerCase()
  return `${speaker} ${verb}${said ? `: ${cutWords(said, saidLengthMax)}` : ''}`
}

/** Acts that name who acts and on whom. */
function describeAct(event: NamedEvent): string {
  const { type } = event
  const addressee = nameRole(event, 'addressee')
  const to = addressee ? ` to ${addressee}` : ''
  const subject = nameRole(event, 'subject')
  const acts: Partial<
    Record<DetectedEvent['type'], readonly [ParticipantRole, active: string, passive: string]>
  > = {
    application: ['applicant', 'applies for an export permit', 'Export permit applied for'],
    request: ['requester', `makes a request${to}`, `Request made${to}`],
    assurance: ['assurer', `gives an assurance${to}`, `Assurance given${to}`],
    recommendation: ['author', `makes a recommendation${to}`, `Recommendation made${to}`],
    report: ['reporter', 'publishes a report', 'Reports published'],
    inquiry: [
      'investigator',
      subject ? `investigates ${subject}` : 'holds an inquiry',
      subject ? `Inquiry into ${subject}` : 'Inquiry held',
    ],
    disclosure: ['discloser', `discloses documents${to}`, `Documents disclosed${to}`],
  }
  const [role, active, passive] = acts[type] ?? ['subject', type, type]
  const actor = joinNames(event, role)
  return actor ? `${actor} ${agree(event, role, active)}` : passive
}

const nameRole = (
  { participants }: Pick<NamedEvent, 'participants'>,
  role: ParticipantRole,
): string | undefined => participants.find((participant) => participant.role === role)?.entity.name

/** All actors of one role: `Wallonia and Flanders`. */
function joinNames({ participants }: NamedEvent, role: ParticipantRole): string {
  const names = participants
    .filter((one) => one.role === role)
    .toSorted((a, b) => a.start - b.start)
    .map(({ entity }) => entity.name)
  const last = names.at(-1) ?? ''
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`
}

/** The verb of several: `Wallonia and Flanders suspend`. */
function agree({ participants }: NamedEvent, role: ParticipantRole, verb: string): string {
  if (participants.filter((one) => one.role === role).length < 2) return verb
  return verb
    .replace(/^(\w+)ies\b/, '$1y')
    .replace(/^(\w+sh)es\b/, '$1')
    .replace(/^(\w+)s\b/, '$1')
}

/** `24 TX-90 engines`, `MX-15D and TB2`, `goods`. */
function formatGoods({ type, goods, quantity, object }: NamedEvent): string {
  const names = [...new Set(goods.map(({ name }: Entity) => name))]
  const [only] = names
  if (quantity?.isExact && names.length <= 1) {
    const count = quantity.value.toLocaleString('en')
    const unit = quantity.value === 1 ? quantity.unit : toPlural(quantity.unit)
    return only ? `${count} ${only} ${unit}` : `${count} ${unit}`
  }
  if (names.length === 0)
    return (
      (type !== 'permit-decision' && object?.replace(/^(the|its|their|these|those|this) /i, '')) ||
      'goods'
    )
  return names.length === 1 ? (only ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function toPlural(noun: string): string {
  if (/(s|x|ch|sh)$/.test(noun)) return `${noun}es`
  return /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`
}

function cutWords(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text
  return `${text.slice(0, text.lastIndexOf(' ', lengthMax - 2)).toWellFormed()} …`
}
