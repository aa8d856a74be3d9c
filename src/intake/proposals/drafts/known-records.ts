import type { Mention } from '../detect/actors/mentions.ts'
import type { Detection } from '../detect/detect.ts'
import type { Entity } from '../words/lexicon.ts'
import { createCitation, widenQuote } from './citations.ts'
import type { EntityDraft } from './draft.ts'
import type { CitedArticle } from './draft-context.ts'

const citationsMax = 3
const mentionBonus = { each: 0.02, max: 0.1 }

/** A draft that adds citations to an existing record. Null if the text has only adjectives of it: `Turkish`. */
export function draftKnownRecord(
  entity: Entity,
  mentions: readonly Mention[],
  article: CitedArticle,
  detection: Detection,
): EntityDraft | null {
  const named = mentions.filter(({ how }) => how !== 'adjective').slice(0, citationsMax)
  if (named.length === 0) return null
  const { score, reasons } = weighMentions(mentions)
  const draft = {
    kind: entity.kind,
    identities: [`cite|${entity.key}`],
    known: entity.known,
    record: {
      citations: named.map((name) => createCitation(article, widenQuote(name, detection), null)),
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
    (a, b) =>
      Number(b.how === 'new') - Number(a.how === 'new') || b.score - a.score || a.start - b.start,
  )
  return best
}

/** The score of the best mention, a little higher if there are several. */
export function weighMentions(mentions: readonly Mention[]): { score: number; reasons: string[] } {
  const best = chooseBestMention(mentions)
  const count = mentions.length
  const bonus = Math.min(mentionBonus.max, (count - 1) * mentionBonus.each)
  return {
    score: Math.min(1, (best?.score ?? 0) + bonus),
    reasons: [...new Set(best?.reasons), ...(count > 1 ? [`${count} mentions`] : [])],
  }
}
