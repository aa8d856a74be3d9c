import { LRUCache } from 'lru-cache'
import type { Db } from '../../database/database.ts'
import { sha256 } from '../../evidence/sha256.ts'
import { indexText } from '../../evidence/text.ts'
import { Problem } from '../../problem.ts'
import { buildHref } from '../../records/model/schema.ts'
import { findTeaserHeading } from '../extraction/text/teaser-headings.ts'
import { getDetector } from './detector/detector.ts'
import type { DetectionResult } from './detector/detector-thread.ts'
import type { Draft } from './drafts.ts'
import {
  type ArticleBody,
  type CitedPassage,
  findArticleBody,
  findCitedPassages,
  findReviews,
} from './queries.ts'
import type { Proposal, Proposals } from './schema.ts'
import type { CitableRange } from './words/sentences.ts'

/** A proposal, and what the review of it needs besides. */
export type HashedProposal = Proposal & { hashes: string[] }

/** About 60,000 words, which take some seconds. */
const readLengthMax = 400_000

/**
 * What the rules read from an article, held against what there is and what was decided before.
 *
 * @throws {Problem} not-found, busy
 */
export async function buildProposals(db: Db, articleId: string) {
  const articleBody = await findArticleBody(db, articleId)
  if (articleBody === undefined)
    throw new Problem('not-found', `No article has the id ${articleId}.`)
  const { found, drafts } = await detectCached(db, articleId, articleBody)
  const cited = await findCitedPassages(db, articleId)
  const reviews = new Map((await findReviews(db, articleId)).map((review) => [review.hash, review]))
  const text = indexText(articleBody.body ?? '')
  const passage = ({ start, end }: CitableRange) => ({
    start: text.toCodePoints(start),
    end: text.toCodePoints(end),
    quote: text.text.slice(start, end),
  })
  const hashOf = (identity: string) => sha256(identity).slice(0, 16)
  const idOf = (hash: string) => `${articleId}-${hash}`
  const proposals = drafts.map((draft): HashedProposal => {
    const hashes = draft.identities.map(hashOf)
    const [first = ''] = hashes
    const passages = draft.passages.map(passage)
    const review = hashes.map((hash) => reviews.get(hash)).find(Boolean)
    const citingRecord = findCitingRecord(draft, passages, cited)
    return {
      id: idOf(first),
      hashes,
      kind: draft.kind,
      state: review?.decision ?? (citingRecord ? 'known' : 'open'),
      record: review?.record ?? citingRecord ?? toReference(draft),
      draft: draft.record,
      passages,
      score: draft.score,
      reasons: draft.reasons,
      needs: draft.needs.map((identity) => idOf(hashOf(identity))),
    }
  })
  const toNamedReference = (entity: { name: string; known: { slug: string } | null }) => ({
    name: entity.name,
    record: entity.known?.slug ?? null,
  })
  const answer: Omit<Proposals, 'data'> = {
    article: articleBody.article,
    readTo: text.toCodePoints(Math.min(text.text.length, readLengthMax)),
    mentions: [...found.mentions, ...found.goods]
      .toSorted((a, b) => a.start - b.start)
      .map(({ entity, how, ...at }) => ({ ...passage(at), ...toNamedReference(entity), how })),
    dates: found.dates.map(({ edtf, reasoning, words, ...at }) => ({
      ...passage(at),
      date: edtf === null ? null : { edtf, asStated: words, reasoning },
    })),
    quantities: found.quantities.map(({ value, unit, good, ...at }) => ({
      ...passage(at),
      value,
      unit,
      good: good && toNamedReference(good),
    })),
    speech: found.speech.map(({ voice, ...at }) => ({
      ...passage(at),
      actor: voice.entity && toNamedReference(voice.entity),
      document: voice.document,
    })),
  }
  return { proposals, answer }
}

const toReference = ({ known, kind }: Draft) =>
  known && { id: known.id, slug: known.slug, name: known.name, href: buildHref(kind, known.slug) }

/** The record of the same kind that cites one of these passages already. */
function findCitingRecord(
  draft: Draft,
  passages: readonly CitableRange[],
  cited: readonly CitedPassage[],
) {
  if (draft.known)
    return cited.find((one) => one.kind === draft.kind && one.record.slug === draft.known?.slug)
      ?.record
  if (draft.kind === 'actor' || draft.kind === 'good') return undefined
  const same = cited.filter(
    (one) => one.kind === draft.kind && (draft.kind !== 'event' || one.type === draft.type),
  )
  const overlap = (one: CitedPassage) =>
    Math.max(
      0,
      ...passages.map(({ start, end }) => Math.min(end, one.end) - Math.max(start, one.start)),
    )
  const best = same.toSorted((a, b) => overlap(b) - overlap(a))[0]
  return best && overlap(best) > 0 ? best.record : undefined
}

const resultCaches = new WeakMap<Db, LRUCache<string, DetectionResult>>()

/** Reads an article by the rules; the same article beside the same names is read once. */
async function detectCached(
  db: Db,
  articleId: string,
  articleBody: ArticleBody,
): Promise<DetectionResult> {
  const { article, body, earliest, latest, hasDate } = articleBody
  const text = body ?? ''
  const resultCache = resultCaches.get(db) ?? new LRUCache<string, DetectionResult>({ max: 20 })
  resultCaches.set(db, resultCache)
  const keyAt = (revision: number) =>
    [articleId, article.slug, revision, earliest, latest].join('|')
  const { reading, revision } = await getDetector(db).detect(
    () => ({
      slug: article.slug,
      text,
      stretches: findCitableRanges(text, articleBody),
      published: hasDate ? { earliest, latest } : null,
    }),
    (at) => resultCache.get(keyAt(at)),
  )
  resultCache.set(keyAt(revision), reading)
  return reading
}

/** The body without what may not be cited, and without the teasers below it that nobody marked. */
function findCitableRanges(body: string, { uncitable }: ArticleBody): CitableRange[] {
  const text = indexText(body)
  const teaserHeading = findTeaserHeading(body)
  const hidden = [
    ...uncitable.map(({ start, end }) => ({ start: text.toUnits(start), end: text.toUnits(end) })),
    ...(teaserHeading ? [{ start: teaserHeading.start, end: body.length }] : []),
    { start: readLengthMax, end: Number.POSITIVE_INFINITY },
  ].sort((a, b) => a.start - b.start)
  const ranges: CitableRange[] = []
  let from = 0
  for (const { start, end } of hidden) {
    if (Math.min(start, body.length) > from)
      ranges.push({ start: from, end: Math.min(start, body.length) })
    from = Math.max(from, end)
  }
  return ranges
}
