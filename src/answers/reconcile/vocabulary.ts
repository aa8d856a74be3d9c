import { ActorType } from '../../records/kinds/actors/schema.ts'

/** The types and properties of the reconciliation service. */

export type MatchKind = 'actor' | 'permit' | 'measure' | 'good'

type Type = { id: string; name: string; broader?: { id: string; name: string }[] }

const actor = { id: 'actor', name: 'Actor' }
const title = (word: string): string =>
  word.charAt(0).toUpperCase() + word.slice(1).replaceAll('-', ' ')

export const types: readonly Type[] = [
  actor,
  { id: 'permit', name: 'Export permit' },
  { id: 'measure', name: 'Measure' },
  { id: 'good', name: 'Controlled good' },
  ...ActorType.options.map((type) => ({ id: type, name: title(type), broader: [actor] })),
]

export const isType = (id: string): boolean => types.some((type) => type.id === id)

/** The kind of record that a type means; types of actors are actors. */
export const kindOf = (type: string): MatchKind =>
  type === 'permit' || type === 'measure' || type === 'good' ? type : 'actor'

/** The types of an entity, the narrowest first. */
export const typesOf = (kind: MatchKind, actorType: string | null) =>
  types
    .filter(({ id }) => id === kind || (kind === 'actor' && id === actorType))
    .reverse()
    .map(({ id, name }) => ({ id, name }))

type PropertyOf = {
  id: string
  name: string
  description: string
  of: readonly MatchKind[]
  /** The type of its values, where they are entities. */
  values?: MatchKind
}

export const properties: readonly PropertyOf[] = [
  {
    id: 'name',
    name: 'name',
    description: 'Name, designation or title.',
    of: ['actor', 'permit', 'measure', 'good'],
  },
  {
    id: 'slug',
    name: 'slug',
    description: 'The word that names the record in paths.',
    of: ['actor', 'permit', 'measure', 'good'],
  },
  { id: 'aliases', name: 'other names', description: 'Other names of an actor.', of: ['actor'] },
  {
    id: 'type',
    name: 'type of actor',
    description: 'State, company, person and so on.',
    of: ['actor'],
  },
  {
    id: 'country',
    name: 'country',
    description: 'ISO 3166-1 alpha-2, or the name of a country.',
    of: ['actor'],
  },
  {
    id: 'identifiers',
    name: 'identifiers',
    description: 'Numbers and codes that registers give an actor.',
    of: ['actor'],
  },
  {
    id: 'number',
    name: 'permit number',
    description: 'The number that the issuer gave.',
    of: ['permit'],
  },
  {
    id: 'issuer',
    name: 'issuer',
    description: 'Who issued the permit.',
    of: ['permit'],
    values: 'actor',
  },
  {
    id: 'exporter',
    name: 'exporter',
    description: 'Who may export.',
    of: ['permit'],
    values: 'actor',
  },
  {
    id: 'consignee',
    name: 'consignee',
    description: 'Who receives the goods.',
    of: ['permit'],
    values: 'actor',
  },
  {
    id: 'endUser',
    name: 'end user',
    description: 'Who will use the goods.',
    of: ['permit'],
    values: 'actor',
  },
  {
    id: 'destination',
    name: 'destination',
    description: 'The state the goods go to.',
    of: ['permit'],
    values: 'actor',
  },
  {
    id: 'goods',
    name: 'goods',
    description: 'What the permit covers.',
    of: ['permit'],
    values: 'good',
  },
  { id: 'status', name: 'status', description: 'After the last event.', of: ['permit'] },
  {
    id: 'issuedOn',
    name: 'issued on',
    description: 'When it was issued, in EDTF.',
    of: ['permit'],
  },
  {
    id: 'imposer',
    name: 'imposer',
    description: 'Who imposed the measure.',
    of: ['measure'],
    values: 'actor',
  },
  {
    id: 'target',
    name: 'target',
    description: 'Against whom it is.',
    of: ['measure'],
    values: 'actor',
  },
  {
    id: 'legalForm',
    name: 'legal form',
    description: 'Embargo, suspension and so on.',
    of: ['measure'],
  },
  {
    id: 'manufacturer',
    name: 'manufacturer',
    description: 'Who makes the good.',
    of: ['good'],
    values: 'actor',
  },
  {
    id: 'family',
    name: 'family',
    description: 'The family that the good belongs to.',
    of: ['good'],
    values: 'good',
  },
  {
    id: 'controlCodes',
    name: 'control codes',
    description: 'Entries of control lists that cover the good.',
    of: ['good'],
  },
]

/** What a score is made of, by the id of the feature. */
export const features: Readonly<Record<string, string>> = {
  name: 'How alike the names are, 0 to 100: the likest of the name and the other names. Case, accents, script, word order and legal forms do not matter; distinctive words weigh most.',
  other_name: 'Whether the likest name was another name of the entity.',
  code: 'Whether the query is the number or an identifier of the entity, or its id or slug: the score is 100.',
  lead: 'By how much the score is above that of the next candidate. One that leads by less than 5 is no match.',
  type: 'Whether the entity has a type that was asked for; only with type_strict=should, where another type costs a quarter of the score.',
  property:
    'property:ID: how well the values of a property agree, 0 to 1. Values that disagree cost up to a half of the score; what the entity does not say costs nothing.',
}
