import { ActorType } from '../../records/kinds/actors/schema.ts'

/** The types and properties of the reconciliation service. */

const matchKinds = ['actor', 'permit', 'measure', 'good', 'figure'] as const
export type MatchKind = (typeof matchKinds)[number]

type TypeTerm = { id: string; name: string; broader?: { id: string; name: string }[] }

const actorTerm = { id: 'actor', name: 'Actor' }
const toTitle = (word: string): string =>
  word.charAt(0).toUpperCase() + word.slice(1).replaceAll('-', ' ')

export const entityTypes: readonly TypeTerm[] = [
  actorTerm,
  { id: 'permit', name: 'Export permit' },
  { id: 'measure', name: 'Measure' },
  { id: 'good', name: 'Controlled good' },
  { id: 'figure', name: 'Figure' },
  ...ActorType.options.map((type) => ({ id: type, name: toTitle(type), broader: [actorTerm] })),
]

export const isKnownType = (id: string): boolean => entityTypes.some((type) => type.id === id)

/** The kind of record of a type. Types of actors give `actor`. */
export const toMatchKind = (type: string): MatchKind =>
  matchKinds.find((kind) => kind === type) ?? 'actor'

/** The types of an entity, the narrowest first. */
export const listTypes = (kind: MatchKind, actorType: string | null) =>
  entityTypes
    .filter(({ id }) => id === kind || (kind === 'actor' && id === actorType))
    .reverse()
    .map(({ id, name }) => ({ id, name }))

type PropertyTerm = {
  id: string
  name: string
  description: string
  kinds: readonly MatchKind[]
  /** The kind of its values, if these are entities. */
  valueKind?: MatchKind
}

export const entityProperties: readonly PropertyTerm[] = [
  {
    id: 'name',
    name: 'name',
    description: 'Name, designation or title.',
    kinds: matchKinds,
  },
  {
    id: 'slug',
    name: 'slug',
    description: 'The word that names the record in paths.',
    kinds: matchKinds,
  },
  { id: 'aliases', name: 'other names', description: 'Other names of an actor.', kinds: ['actor'] },
  {
    id: 'type',
    name: 'type of actor',
    description: 'State, company, person and so on.',
    kinds: ['actor'],
  },
  {
    id: 'country',
    name: 'country',
    description: 'ISO 3166-1 alpha-2, or the name of a country.',
    kinds: ['actor'],
  },
  {
    id: 'identifiers',
    name: 'identifiers',
    description: 'Numbers and codes that registers give an actor.',
    kinds: ['actor'],
  },
  {
    id: 'number',
    name: 'permit number',
    description: 'The number that the issuer gave.',
    kinds: ['permit'],
  },
  {
    id: 'issuer',
    name: 'issuer',
    description: 'Who issued the permit.',
    kinds: ['permit'],
    valueKind: 'actor',
  },
  {
    id: 'exporter',
    name: 'exporter',
    description: 'Who may export.',
    kinds: ['permit'],
    valueKind: 'actor',
  },
  {
    id: 'consignee',
    name: 'consignee',
    description: 'Who receives the goods.',
    kinds: ['permit'],
    valueKind: 'actor',
  },
  {
    id: 'endUser',
    name: 'end user',
    description: 'Who will use the goods.',
    kinds: ['permit'],
    valueKind: 'actor',
  },
  {
    id: 'destination',
    name: 'destination',
    description: 'The state the goods go to.',
    kinds: ['permit'],
    valueKind: 'actor',
  },
  {
    id: 'goods',
    name: 'goods',
    description: 'What the permit covers.',
    kinds: ['permit'],
    valueKind: 'good',
  },
  { id: 'status', name: 'status', description: 'After the last event.', kinds: ['permit'] },
  {
    id: 'issuedOn',
    name: 'issued on',
    description: 'When it was issued, in EDTF.',
    kinds: ['permit'],
  },
  {
    id: 'imposer',
    name: 'imposer',
    description: 'Who imposed the measure.',
    kinds: ['measure'],
    valueKind: 'actor',
  },
  {
    id: 'target',
    name: 'target',
    description: 'Against whom it is.',
    kinds: ['measure'],
    valueKind: 'actor',
  },
  {
    id: 'legalForm',
    name: 'legal form',
    description: 'Embargo, suspension and so on.',
    kinds: ['measure'],
  },
  {
    id: 'manufacturer',
    name: 'manufacturer',
    description: 'Who makes the good.',
    kinds: ['good'],
    valueKind: 'actor',
  },
  {
    id: 'family',
    name: 'family',
    description: 'The family that the good belongs to.',
    kinds: ['good'],
    valueKind: 'good',
  },
  {
    id: 'measure',
    name: 'measure',
    description: 'What the figure counts or sums up.',
    kinds: ['figure'],
  },
  {
    id: 'amount',
    name: 'amount',
    description: 'The count or sum, in the words of the source where it is not exact.',
    kinds: ['figure'],
  },
  {
    id: 'from',
    name: 'from',
    description: 'Whose licences or exports.',
    kinds: ['figure'],
    valueKind: 'actor',
  },
  {
    id: 'to',
    name: 'to',
    description: 'For or to whom.',
    kinds: ['figure'],
    valueKind: 'actor',
  },
  {
    id: 'period',
    name: 'period',
    description: 'The time that it covers, in EDTF.',
    kinds: ['figure'],
  },
  {
    id: 'controlCodes',
    name: 'control codes',
    description: 'Entries of control lists that cover the good.',
    kinds: ['good'],
  },
]

/** By the id of the feature. */
export const featureDescriptions: Readonly<Record<string, string>> = {
  name: 'How alike the names are, 0 to 100: the likest of the name and the other names. Case, accents, script, word order and legal forms do not matter; distinctive words weigh most.',
  other_name: 'Whether the likest name was another name of the entity.',
  code: 'Whether the query is the number or an identifier of the entity, or its id or slug: the score is 100.',
  reason:
    'reason:WHAT: why the names score as they do: the same state, words that sound the same or are translations, given names in another spelling, an initial, an acronym, words left over, another figure or letter in a designation.',
  lead: 'By how much the score is above that of the next candidate. One that leads by less than 5 is no match.',
  type: 'Whether the entity has a type that was asked for; only with type_strict=should, where another type costs a quarter of the score.',
  property:
    'property:ID: how well the values of a property agree, 0 to 1. Different values reduce the score by up to a half. Values that the entity does not have change nothing.',
}
