import type { RecordKind } from '../model/record-kind.ts'
import type { Kind } from '../model/schema.ts'
import { actorKind } from './actors/queries.ts'
import { affiliationKind } from './affiliations/queries.ts'
import { articleKind } from './articles/queries.ts'
import { caseKind } from './cases/queries.ts'
import { eventKind } from './events/queries.ts'
import { figureKind } from './figures/queries.ts'
import { goodKind } from './goods/queries.ts'
import { measureKind } from './measures/queries.ts'
import { permitKind } from './permits/queries.ts'
import { placeKind } from './places/queries.ts'

export const kinds: Readonly<Record<Kind, RecordKind>> = {
  case: caseKind,
  article: articleKind,
  actor: actorKind,
  affiliation: affiliationKind,
  good: goodKind,
  permit: permitKind,
  measure: measureKind,
  event: eventKind,
  figure: figureKind,
  place: placeKind,
}
