import type { z } from 'zod'
import type { Actor } from '../../records/kinds/actors/schema.ts'
import type { Affiliation } from '../../records/kinds/affiliations/schema.ts'
import type { Article } from '../../records/kinds/articles/schema.ts'
import type { Case } from '../../records/kinds/cases/schema.ts'
import type { Event } from '../../records/kinds/events/schema.ts'
import type { Figure } from '../../records/kinds/figures/schema.ts'
import type { Good } from '../../records/kinds/goods/schema.ts'
import type { Measure } from '../../records/kinds/measures/schema.ts'
import type { Permit } from '../../records/kinds/permits/schema.ts'
import type { PlaceRecord } from '../../records/kinds/places/schema.ts'
import type { Kind, Reference } from '../../records/model/schema.ts'
import { actorSchemata, findIdentifierProperty, findLanguageCode } from './codes.ts'
import { type CitedRecord, createEntity, type MappedEntity } from './entities.ts'

/**
 * Maps records to entities of FollowTheMoney under their own ids. Of the possible schemata it uses the one that claims least: a
 * permit is a License and not a trade. Connections without a property in FollowTheMoney become UnknownLinks with a role.
 */

/** Maximum length of a text in FollowTheMoney. */
const maxTextLength = 65_000

type RecordMapper<S extends z.ZodType> = (record: z.infer<S>) => MappedEntity[]

const mapCase: RecordMapper<typeof Case> = (record) => {
  const folder = createEntity(record.id, 'Folder', record)
  folder.add('title', record.title, 'title')
  folder.add('name', record.title, 'title')
  folder.add('fileName', record.slug, null)
  folder.add('summary', record.summary, 'summary')
  return [folder.mapped]
}

const mapArticle: RecordMapper<typeof Article> = (record) => {
  const article = createEntity(record.id, 'Article', record)
  article.add('title', record.title, 'title')
  article.add('name', record.title, 'title')
  article.add('fileName', record.slug, null)
  article.add('parent', record.case.id, null)
  article.add('publisher', record.publisher?.name, 'publisher')
  for (const [index, author] of record.authors.entries())
    article.add('author', author, `authors.${index}`)
  article.add('sourceUrl', record.url, 'url')
  article.add('language', findLanguageCode(record.language), null, record.language ?? undefined)
  article.date('publishedAt', record.publishedOn, 'publishedOn')
  article.add('mimeType', record.sourceMediaType.split(';')[0], null)
  if (record.body !== null && record.body.length <= maxTextLength)
    article.add('bodyText', record.body, null)
  return [article.mapped]
}

const mapActor: RecordMapper<typeof Actor> = (record) => {
  const actor = createEntity(record.id, actorSchemata[record.type], record)
  actor.add('name', record.name, 'name')
  for (const [index, { name }] of record.aliases.entries())
    actor.add('alias', name, `aliases.${index}`)
  actor.add('country', record.country?.toLowerCase(), 'country', record.country ?? undefined)
  for (const [index, { scheme, value }] of record.identifiers.entries())
    actor.add(findIdentifierProperty(scheme), value, `identifiers.${index}`, `${scheme}: ${value}`)
  return [actor.mapped, ...mapMentions(record)]
}

/** A Mention for each name of the actor and each article with that name in one of the quotes for the actor. */
function mapMentions(record: z.infer<typeof Actor>): MappedEntity[] {
  const names = [record.name, ...record.aliases.map(({ name }) => name)]
  const mentionsByKey = new Map<string, MappedEntity>()
  for (const citation of record.citations) {
    if (citation.state !== 'anchored') continue
    for (const name of names) {
      const key = `${citation.article.id}\n${name}`
      if (mentionsByKey.has(key) || !citation.quote.includes(name)) continue
      const mention = createEntity(`${citation.id}-mention-${names.indexOf(name)}`, 'Mention', {
        ...record,
        citations: [{ ...citation, field: null, value: null }],
      })
      mention.add('document', citation.article.id, 'document')
      mention.add('name', name, 'name')
      mention.add('resolved', record.id, 'resolved')
      mention.add('detectedSchema', actorSchemata[record.type], 'detectedSchema')
      mentionsByKey.set(key, mention.mapped)
    }
  }
  return [...mentionsByKey.values()]
}

/** The schema of an affiliation, and the properties of its two sides and of its role, by type. */
const affiliationSchemata = {
  directorship: { schema: 'Directorship', actor: 'director', organisation: 'organization' },
  post: { schema: 'Membership', actor: 'member', organisation: 'organization' },
  membership: { schema: 'Membership', actor: 'member', organisation: 'organization' },
  ownership: { schema: 'Ownership', actor: 'owner', organisation: 'asset' },
  'part-of': { schema: 'UnknownLink', actor: 'subject', organisation: 'object' },
  successor: { schema: 'Succession', actor: 'successor', organisation: 'predecessor' },
} as const

/** A post that directs an organisation, in the languages of the dictionaries. Any other post is a Membership. */
const directingRole =
  /\b(director|ceo|chief executive|chair(man|woman|person)?|geschäftsführer(in)?|vorstand\w*|aufsichtsrat\w*|directeur|directrice|administrateur|bestuurder|amministratore|consigliere|administrador|müdür\w*|verkställande|styrelse\w*)\b/iu

const chooseAffiliationSchema = ({ type, role }: z.infer<typeof Affiliation>) =>
  affiliationSchemata[type === 'post' && directingRole.test(role) ? 'directorship' : type]

const mapAffiliation: RecordMapper<typeof Affiliation> = (record) => {
  const { schema, actor, organisation } = chooseAffiliationSchema(record)
  const affiliation = createEntity(record.id, schema, record)
  affiliation.add(actor, record.actor.id, 'actor')
  affiliation.add(organisation, record.organisation.id, 'organisation')
  affiliation.add('role', record.role, 'role')
  if (record.type === 'ownership')
    affiliation.add('percentage', record.shareRange?.asStated ?? record.share?.toString(), 'share')
  affiliation.date('date', record.during, 'during')
  return [affiliation.mapped]
}

const mapGood: RecordMapper<typeof Good> = (record) => {
  const good = createEntity(record.id, 'Asset', record)
  good.add('name', record.designation, 'designation')
  good.add('description', record.description, 'description')
  for (const [index, { list, code }] of record.controlEntries.entries())
    good.add('keywords', `${list} ${code}`, `controlEntries.${index}`)
  return [
    good.mapped,
    ...mapLinks(record, [
      [record.manufacturer, 'manufacturer', 'manufacturer'],
      [record.family, 'belongs to the family', 'family'],
    ]),
  ]
}

type Item = Pick<
  z.infer<typeof Event>['items'][number],
  'good' | 'quantity' | 'quantityRange' | 'unit'
>

/** E.g. `almost 20,000 bombs MK 83`. */
const describeItem = ({ good, quantity, quantityRange, unit }: Item): string =>
  [quantityRange?.asStated ?? quantity, unit, good.name].filter(Boolean).join(' ')

const mapPermit: RecordMapper<typeof Permit> = (record) => {
  const permit = createEntity(record.id, 'License', record)
  permit.add('name', record.title, 'title')
  permit.add('title', record.title, 'title')
  permit.add('type', `${record.type ?? 'export'} permit`, record.type === null ? null : 'type')
  permit.add('amount', record.value?.amount, 'value')
  permit.add('currency', record.value?.currency, 'value')
  permit.add('authority', record.issuer.id, 'issuer')
  permit.add('procedureNumber', record.number, 'number')
  permit.date('contractDate', record.issuedOn, 'issuedOn')
  permit.add('status', record.status, null)
  for (const [index, item] of record.items.entries())
    permit.add('commodities', describeItem(item), `items.${index}`)
  permit.add('description', record.statedEndUse?.text, 'statedEndUse')
  permit.add('criteria', record.legalBasis, 'legalBasis')
  permit.add('notes', prefixLabel('Exception relied on', record.exceptionRelied), 'exceptionRelied')
  permit.add('notes', prefixLabel('Restrictions', record.restrictions), 'restrictions')
  return [
    permit.mapped,
    ...mapLinks(record, [
      [record.exporter, 'exporter', 'exporter'],
      [record.consignee, 'consignee', 'consignee'],
      [record.endUser, 'end user', 'endUser'],
      [record.destination, 'destination', 'destination'],
      ...(record.destinations.length > 1 ? record.destinations : []).map(
        (one, index) => [one, 'destination', `destinations.${index}`] as const,
      ),
      ...record.parties.map(({ actor, role }, index) => [actor, role, `parties.${index}`] as const),
      ...record.items.map(({ good }, index) => [good, 'covers', `items.${index}.good`] as const),
    ]),
  ]
}

const mapMeasure: RecordMapper<typeof Measure> = (record) => {
  const sanction = createEntity(record.id, 'Sanction', record)
  sanction.add('entity', record.target.id, 'target')
  for (const [index, { id }] of record.targets.slice(1).entries())
    sanction.add('entity', id, `targets.${index + 1}`)
  sanction.add('authorityId', record.legalInstrument, 'legalInstrument')
  sanction.add('authority', record.imposer.name, 'imposer')
  sanction.add('program', record.title, 'title')
  sanction.add('provisions', record.legalForm, 'legalForm')
  sanction.add('provisions', record.scope, 'scope')
  sanction.add('description', prefixLabel('Exceptions', record.exceptions), 'exceptions')
  sanction.add('reason', record.reason?.text, 'reason')
  sanction.add('status', record.status, null)
  sanction.date('startDate', record.inForce.at(0)?.from ?? null, 'inForce')
  sanction.date('endDate', record.inForce.at(-1)?.to ?? null, 'inForce')
  const imposerLink = createEntity(`${record.id}-imposer`, 'UnknownLink', record)
  imposerLink.add('subject', record.imposer.id, 'imposer')
  imposerLink.add('object', record.target.id, 'target')
  imposerLink.add('role', record.legalForm, 'legalForm')
  return [sanction.mapped, imposerLink.mapped]
}

const mapEvent: RecordMapper<typeof Event> = (record) => {
  const event = createEntity(record.id, 'Event', record)
  event.add('name', record.title, 'title')
  event.add('keywords', record.type, 'type')
  event.date('date', record.on, 'on')
  event.add('description', record.description, 'description')
  event.add('location', record.place?.name, 'place')
  event.add('country', record.place?.country?.toLowerCase(), null)
  for (const [index, { actor }] of record.participants.entries())
    event.add('involved', actor.id, `participants.${index}`)
  if (record.on !== null) event.add('notes', `Date, as EDTF: ${record.on.edtf}`, 'on')
  for (const [index, item] of record.items.entries())
    event.add('notes', `Amount: ${describeItem(item)}`, `items.${index}`)
  for (const [index, { outcome, who, count, countRange }] of record.victims.entries())
    event.add(
      'notes',
      `Victims: ${[countRange?.asStated ?? count, who, outcome].filter(Boolean).join(' ')}`,
      `victims.${index}`,
    )
  event.add('notes', prefixLabel('Assured use', record.assurance?.use ?? null), 'assurance')
  const measures = [
    ...record.about.map(({ measure }, index) => [measure, 'concerns', `about.${index}`] as const),
    ...record.effects.map(
      ({ measure, becomes }, index) => [measure, becomes, `effects.${index}`] as const,
    ),
  ]
  for (const [measure, role, field] of measures)
    if (measure) event.add('notes', `Measure ${role}: ${measure.name}`, field)
  return [
    event.mapped,
    ...mapLinks(record, [
      ...record.participants.map(
        ({ actor, role }, index) => [actor, role, `participants.${index}`] as const,
      ),
      ...record.goods.map((good, index) => [good, 'good', `goods.${index}`] as const),
      ...record.about.map(({ permit }, index) => [permit, 'concerns', `about.${index}`] as const),
      ...record.effects.map(
        ({ permit, becomes }, index) => [permit, becomes, `effects.${index}`] as const,
      ),
    ]),
  ]
}

const mapPlace: RecordMapper<typeof PlaceRecord> = (record) => {
  const address = createEntity(record.id, 'Address', record)
  address.add('name', record.name, 'name')
  address.add('full', record.name, 'name')
  for (const [index, { name }] of record.otherNames.entries())
    address.add('alias', name, `otherNames.${index}`)
  address.add('country', record.country?.toLowerCase(), 'country')
  address.add('latitude', record.latitude?.toString(), 'latitude')
  address.add('longitude', record.longitude?.toString(), 'longitude')
  address.add('notes', prefixLabel('Source', record.source), 'source')
  return [address.mapped]
}

/** A total has no schema; between two known parties it is a link with its words. */
const mapFigure: RecordMapper<typeof Figure> = (record) => {
  if (record.from === null || record.to === null) return []
  const link = createEntity(record.id, 'UnknownLink', record)
  link.add('subject', record.from.id, 'from')
  link.add('object', record.to.id, 'to')
  link.add('role', record.measure, 'measure')
  link.add('summary', record.title, 'title')
  link.add('description', record.scope, 'scope')
  link.date('date', record.period, 'period')
  return [link.mapped]
}

type EntityLink = readonly [target: Reference | null, role: string, field: string]

/** An edge from the record to the target of each link. */
function mapLinks(record: CitedRecord, links: readonly EntityLink[]): MappedEntity[] {
  return links.flatMap(([target, role, field]) => {
    if (target === null) return []
    const link = createEntity(`${record.id}-${field.replaceAll('.', '-')}`, 'UnknownLink', record)
    link.add('subject', record.id, null)
    link.add('object', target.id, field)
    link.add('role', role, field)
    return [link.mapped]
  })
}

const prefixLabel = (label: string, text: string | null): string | null =>
  text === null ? null : `${label}: ${text}`

const recordMappers: Readonly<Record<Kind, (record: never) => MappedEntity[]>> = {
  case: mapCase,
  article: mapArticle,
  actor: mapActor,
  affiliation: mapAffiliation,
  figure: mapFigure,
  good: mapGood,
  permit: mapPermit,
  measure: mapMeasure,
  event: mapEvent,
  place: mapPlace,
}

/** @param record a record as its route returns it */
export const mapRecord = (record: { kind: Kind }): MappedEntity[] =>
  (recordMappers[record.kind] as (record: unknown) => MappedEntity[])(record)
