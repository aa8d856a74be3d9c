import type { Entity, GoodMention, TextRange } from '../reading/detection.ts'
import { createCitation } from './citations.ts'
import { createDraft, type EntityDraft } from './draft.ts'
import { createSlug, type DraftContext, listNeeds, referTo } from './draft-context.ts'
import { draftKnownRecord } from './known-records.ts'

/** Drafts of all goods that are mentioned. `drafted` has the actors, of which some are makers. */
export function draftGoods(context: DraftContext): EntityDraft[] {
  const { article, detection } = context
  const byGood = Map.groupBy(detection.goods, ({ entity }) => entity)
  return [...byGood].flatMap(([good, mentions]) => {
    const draft = good.known
      ? draftKnownRecord(good, mentions, article, detection)
      : draftNewGood(good, mentions, context)
    return draft ?? []
  })
}

function draftNewGood(
  good: Entity,
  mentions: readonly GoodMention[],
  context: DraftContext,
): EntityDraft | null {
  const [best] = mentions.toSorted((a, b) => b.score - a.score || a.start - b.start)
  if (!best) return null
  const maker = mentions.find((mention) => mention.maker)?.maker ?? null
  const description = mentions.find((mention) => mention.description)?.description ?? null
  const passage = citedPassage(best, maker, context)
  const fields = [
    'designation',
    ...(description ? ['description'] : []),
    ...(maker ? ['manufacturer'] : []),
  ]
  const draft = createDraft({
    kind: 'good',
    identities: [`good|${good.key}`],
    record: {
      slug: createSlug(good.name),
      designation: good.name,
      description: description === good.name ? null : description,
      manufacturer: maker ? referTo(maker) : null,
      family: null,
      controlEntries: [],
      citations: fields.map((field) => createCitation(context.article, passage, field)),
    },
    passages: mentions.map(({ cueStart, cueEnd }) => ({ start: cueStart, end: cueEnd })),
    score: best.score,
    reasons: good.reasons,
    needs: listNeeds(maker ? [maker] : [], context),
  })
  return { entity: good, draft }
}

/** From the good to its maker, if the sentence names the maker after it. */
function citedPassage(
  { cueStart, cueEnd, sentence, end }: GoodMention,
  maker: Entity | null,
  { detection }: DraftContext,
): TextRange {
  const mention = detection.mentions.find(
    (one) => one.entity === maker && one.sentence === sentence && one.start > end,
  )
  return { start: cueStart, end: Math.max(cueEnd, mention?.end ?? 0) }
}
