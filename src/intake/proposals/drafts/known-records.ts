import type { Detection, Entity, Mention } from '../reading/detection.ts'
import { createCitation, widenQuote } from './citations.ts'
import type { EntityDraft } from './draft.ts'
import type { CitedArticle } from './draft-context.ts'

const citationsMax = 3

/** A draft that adds citations to an existing record. Null if the text has only adjectives of it: `Turkish`. */
export function draftKnownRecord(
  entity: Entity,
  mentions: readonly Mention[],
  article: CitedArticle,
  detection: Detection,
): EntityDraft | null {
  const named = mentions.filter(({ how }) => how !== 'adjective').slice(0, citationsMax)
  if (named.length === 0) return null
  const { score, reasons } = weighMentions(entity, mentions)
  const draft = {
    kind: entity.kind,
    identities: [`cite|${entity.key}`],
    known: entity.known,
    record: {
      citations: named.map((name) =>
        createCitation(article, widenQuote(name, article.body, detection), null),
      ),
    },
    passages: mentions.map(({ cueStart, cueEnd }) => ({ start: cueStart, end: cueEnd })),
    score,
    reasons,
    needs: [],
    type: entity.type,
  }
  return { entity, draft }
}

/** A name with a cue says more than the name alone. Then the highest score counts, then the position. */
export function chooseBestMention(mentions: readonly Mention[]): Mention | undefined {
  const [best] = mentions.toSorted(
    (a, b) => Number(hasCue(b)) - Number(hasCue(a)) || b.score - a.score || a.start - b.start,
  )
  return best
}

const hasCue = ({ how, start, end, cueStart, cueEnd }: Mention): boolean =>
  how === 'new' && (cueStart < start || cueEnd > end)

/** The score of the best mention, at most that of the entity. A mention more does not make it surer. */
export function weighMentions(
  entity: Entity,
  mentions: readonly Mention[],
): { score: number; reasons: string[] } {
  const best = Math.max(0, ...mentions.map(({ score }) => score))
  const count = mentions.length
  return {
    score: Math.min(entity.score, best),
    reasons: [...new Set(entity.reasons), ...(count > 1 ? [`${count} mentions`] : [])],
  }
}
