import { wordKeys } from '../../reader/tokens.ts'
import type { Actor, Good } from '../../reader/types.ts'
import type { NamedRecord } from '../queries.ts'
import type { Entity } from './detection.ts'
import type { RecordNames } from './record-names.ts'

const aliasesMax = 20

/** The actors and goods of one article: one entity for each, however the text names it. */
export class Entities {
  readonly #names: RecordNames
  readonly #findCountry: (actor: Actor) => string | null
  readonly #ofActor = new Map<Actor, Entity>()
  readonly #ofGood = new Map<Good, Entity>()
  readonly #byKey = new Map<string, Entity>()

  /** `findCountry`: the country of an actor by the words beside its names. */
  constructor(names: RecordNames, findCountry: (actor: Actor) => string | null) {
    this.#names = names
    this.#findCountry = findCountry
  }

  ofActor(actor: Actor): Entity {
    const existing = this.#ofActor.get(actor)
    if (existing) return existing
    const { type, name, aliases, score, reasons } = actor
    const country = actor.country ?? this.#findCountry(actor)
    const key = type === 'state' && country ? `state:${country}` : createKey('actor', name)
    const entity = this.#add(
      { key, kind: 'actor', type, name, aliases: aliases.slice(0, aliasesMax), country },
      actor.known,
      score,
      reasons,
    )
    this.#ofActor.set(actor, entity)
    return entity
  }

  ofGood(good: Good, score: number, reasons: readonly string[]): Entity {
    const existing = this.#ofGood.get(good)
    if (existing) return existing
    const name = good.designation
    const key = createKey('good', name)
    const entity = this.#add(
      { key, kind: 'good', type: null, name, aliases: [], country: null },
      good.known,
      score,
      reasons,
    )
    this.#ofGood.set(good, entity)
    return entity
  }

  /** Two names of one record, or with the same words, are one entity. */
  #add(
    found: Omit<Entity, 'known' | 'score' | 'reasons'>,
    known: { slug: string } | null,
    score: number,
    reasons: readonly string[],
  ): Entity {
    const named = known ? this.#names.findBySlug(found.kind, known.slug) : undefined
    const match = named ? null : this.#match(found)
    const record = named ?? match?.record
    const key = record ? createRecordKey(record) : found.key
    const existing = this.#byKey.get(key)
    if (existing) return existing
    const entity: Entity = {
      ...found,
      key,
      ...(record && { type: record.type, name: record.name, country: record.country }),
      known: record ? { id: record.id, slug: record.slug, name: record.name } : null,
      score,
      reasons: match
        ? [
            ...reasons,
            `"${found.name}" is read as ${match.record.name}, of which there is a record`,
          ]
        : [...reasons],
    }
    this.#byKey.set(key, entity)
    return entity
  }

  #match(found: Pick<Entity, 'kind' | 'type' | 'name' | 'aliases' | 'country'>) {
    return found.type === 'state' ? null : this.#names.match(found)
  }
}

const createKey = (kind: string, name: string): string => `${kind}:${wordKeys(name).join(' ')}`

const createRecordKey = ({ kind, type, name, country }: NamedRecord): string =>
  type === 'state' && country ? `state:${country}` : createKey(kind, name)
