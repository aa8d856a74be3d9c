import type { KnownPermit } from '../queries.ts'
import type { Detection } from '../reading/detection.ts'
import { draftActors } from './actors.ts'
import { draftAffiliations } from './affiliations.ts'
import type { Draft } from './draft.ts'
import { type CitedArticle, indexNewEntities } from './draft-context.ts'
import { draftEvents } from './events/events.ts'
import { draftGoods } from './goods.ts'

/** Drafts of everything found in an article, in the order in which the records can be made. */
export function draftRecords(
  detection: Detection,
  article: CitedArticle,
  knownPermits: readonly KnownPermit[] = [],
): Draft[] {
  const base = { article, detection, knownPermits }
  const actors = draftActors(article, detection)
  const goods = draftGoods({ ...base, drafted: indexNewEntities(actors) })
  const context = { ...base, drafted: indexNewEntities([...actors, ...goods]) }
  return [
    ...[...actors, ...goods].map(({ draft }) => draft),
    ...draftAffiliations(context),
    ...draftEvents(context),
  ]
}
