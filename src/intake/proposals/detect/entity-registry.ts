import type { Entity } from '../words/lexicon.ts'

/** Actors and goods of one article that have no record yet: one entity for each key. */
export class EntityRegistry {
  readonly #byKey = new Map<string, Entity>()

  find(key: string): Entity | undefined {
    return this.#byKey.get(key)
  }

  /** An entity that exists keeps its name and its type. */
  findOrCreate(key: string, { kind, type, name }: Pick<Entity, 'kind' | 'type' | 'name'>): Entity {
    const existing = this.#byKey.get(key)
    if (existing) return existing
    const entity: Entity = { key, kind, type, name, country: null, known: null }
    this.#byKey.set(key, entity)
    return entity
  }
}
