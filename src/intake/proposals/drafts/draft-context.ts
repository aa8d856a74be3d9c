import anyAscii from 'any-ascii'
import { slugOf } from '../../documents/rules.ts'
import type { KnownPermit } from '../queries.ts'
import type { Detection, Entity } from '../reading/detection.ts'
import type { EntityDraft } from './draft.ts'

/** The article that drafts cite. */
export type CitedArticle = { slug: string; body: string }

/** What drafts are made from. */
export type DraftContext = {
  article: CitedArticle
  detection: Detection
  /** Permits with a record, of which the text may have the number. */
  knownPermits: readonly KnownPermit[]
  /** Identities of the drafts of new actors and goods. */
  drafted: ReadonlyMap<Entity, string>
}

export function createSlug(words: string): string {
  return slugOf(anyAscii(words))
}

/** The slug of an entity's record, or the one that its draft proposes. */
export function referTo(entity: Entity): string {
  return entity.known?.slug ?? createSlug(entity.name)
}

/** Identities of the drafts that must be accepted before a record can refer to these entities. */
export function listNeeds(entities: readonly Entity[], { drafted }: DraftContext): string[] {
  return [...new Set(entities)].flatMap((entity) => drafted.get(entity) ?? [])
}

/** Entities with a record are left out. */
export function indexNewEntities(drafts: readonly EntityDraft[]): ReadonlyMap<Entity, string> {
  return new Map(
    drafts.flatMap(({ entity, draft: { known, identities } }) =>
      known === null ? identities.map((identity) => [entity, identity] as const) : [],
    ),
  )
}
