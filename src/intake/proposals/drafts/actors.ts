import type { Detection, Entity, Mention, TextRange } from '../reading/detection.ts'
import { createCitation, widenQuote } from './citations.ts'
import { createDraft, type EntityDraft } from './draft.ts'
import { type CitedArticle, createSlug } from './draft-context.ts'
import { chooseBestMention, draftKnownRecord, weighMentions } from './known-records.ts'

const aliasesMax = 5

/** Drafts of all actors that are mentioned, in the order of their first mentions. */
export function draftActors(article: CitedArticle, detection: Detection): EntityDraft[] {
  const mentions = detection.mentions.filter(({ entity }) => entity.kind === 'actor')
  const byActor = Map.groupBy(mentions, ({ entity }) => entity)
  return [...byActor].flatMap(([actor, ofActor]) => {
    const draft = actor.known
      ? draftKnownRecord(actor, ofActor, article, detection)
      : draftNewActor(actor, ofActor, article, detection)
    return draft ?? []
  })
}

function draftNewActor(
  actor: Entity,
  mentions: readonly Mention[],
  article: CitedArticle,
  detection: Detection,
): EntityDraft | null {
  const best = chooseBestMention(mentions)
  if (!best) return null
  const { country } = actor
  const aliases = findAliases(actor, mentions, article)
  const passage = citedPassage(best, article, detection)
  const fields = ['type', 'name', ...(country ? ['country'] : [])]
  const draft = createDraft({
    kind: 'actor',
    identities: [`actor|${actor.key}`],
    record: {
      slug: createSlug(actor.name),
      type: actor.type,
      name: actor.name,
      aliases: aliases.map(({ name }) => ({ name, language: null })),
      country,
      identifiers: [],
      citations: [
        ...fields.map((field) => createCitation(article, passage, field)),
        ...aliases.map(({ mention }, index) =>
          createCitation(article, widenQuote(mention, article.body, detection), `aliases.${index}`),
        ),
      ],
    },
    passages: mentions.map(({ cueStart, cueEnd }) => ({ start: cueStart, end: cueEnd })),
    ...weighMentions(actor, mentions),
    type: actor.type,
  })
  return { entity: actor, draft }
}

/** The words that identify the actor. A name without a cue gets a few words after it. */
function citedPassage(mention: Mention, { body }: CitedArticle, detection: Detection): TextRange {
  const { start, end, cueStart, cueEnd } = mention
  const hasCue = cueStart !== start || cueEnd !== end
  return hasCue ? { start: cueStart, end: cueEnd } : widenQuote(mention, body, detection)
}

/** Other full names in the text, and capitals that stand for a state. Each has its last mention. */
function findAliases(
  actor: Entity,
  mentions: readonly Mention[],
  { body }: CitedArticle,
): { name: string; mention: Mention }[] {
  const byName = new Map(
    mentions
      .filter(({ how }) => how === 'capital' || how === 'alias')
      .map((mention) => [body.slice(mention.start, mention.end), mention] as const)
      .filter(([name]) => name !== actor.name),
  )
  return [...byName].map(([name, mention]) => ({ name, mention })).slice(0, aliasesMax)
}
