import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { Db } from '../../database/database.ts'
import { Problem } from '../../problem.ts'
import { buildHref } from '../../records/model/schema.ts'
import { readLengthMax } from './detector/citable-ranges.ts'
import { getDetector } from './detector/detector.ts'
import type { DetectionResult } from './detector/detector-thread.ts'
import type { ReadDraft } from './detector/format-result.ts'
import {
  type ArticleBody,
  type CitedPassage,
  findArticleBody,
  findCitedPassages,
  findPermitsByNumber,
  findReviews,
  type Review,
} from './queries.ts'
import type { TextRange } from './reading/detection.ts'
import { type Proposal, ProposalKind } from './schema.ts'

/** A proposal with the hashes of its identities, by which decisions are stored. */
export type HashedProposal = Proposal & { hashes: string[] }

/** Proposals that are built before other requests get their turn. */
const turnLength = 20

/**
 * Applies the rules to an article, and compares the drafts with existing records and earlier decisions.
 *
 * @throws {Problem} not-found, busy
 */
export async function buildProposals(db: Db, articleId: string) {
  const articleBody = await findArticleBody(db, articleId, readLengthMax)
  if (articleBody === undefined)
    throw new Problem('not-found', `No article has the id ${articleId}.`)
  const { drafts, ...read } = await detectCached(db, articleId, articleBody)
  const proposals: HashedProposal[] = []
  if (drafts.length > 0) {
    const context = await loadContext(db, articleId, read.readTo)
    for (const [index, draft] of drafts.entries()) {
      if (index % turnLength === turnLength - 1) await yieldToEventLoop()
      proposals.push(buildProposal(JSON.parse(draft) as ReadDraft, context))
    }
  }
  return { ...read, proposals, article: articleBody.article }
}

type ProposalContext = {
  articleId: string
  citedPassages: Partial<Record<ProposalKind, CitedPassage[]>>
  reviews: ReadonlyMap<string, Review>
}

async function loadContext(db: Db, articleId: string, readTo: number): Promise<ProposalContext> {
  const cited = await findCitedPassages(db, articleId, ProposalKind.options, readTo)
  const reviews = await findReviews(db, articleId)
  return {
    articleId,
    citedPassages: Object.groupBy(cited, ({ kind }) => kind),
    reviews: new Map(reviews.map((review) => [review.hash, review])),
  }
}

function buildProposal(
  draft: ReadDraft,
  { articleId, citedPassages, reviews }: ProposalContext,
): HashedProposal {
  const { hashes, passages } = draft
  const toId = (hash: string) => `${articleId}-${hash}`
  const review = hashes.map((hash) => reviews.get(hash)).find(Boolean)
  const citingRecord = findCitingRecord(draft, citedPassages[draft.kind] ?? [])
  return {
    id: toId(hashes[0] ?? ''),
    hashes,
    kind: draft.kind,
    state: review?.decision ?? (citingRecord ? 'known' : 'open'),
    record: review?.record ?? citingRecord ?? toReference(draft),
    draft: draft.record,
    passages,
    score: draft.score,
    reasons: draft.reasons,
    needs: draft.needs.map(toId),
    proposedBy: [rules],
  }
}

/** The rules of this server as a proposer. */
const rules = { name: 'casefile', version: null, model: null, key: null, at: null }

const toReference = ({ known, kind }: ReadDraft) =>
  known && { id: known.id, slug: known.slug, name: known.name, href: buildHref(kind, known.slug) }

/** The record of the same kind that already cites one of these passages; the one that overlaps most, the first of equal ones. */
function findCitingRecord(draft: ReadDraft, sameKind: readonly CitedPassage[]) {
  if (draft.known) return sameKind.find(({ record }) => record.slug === draft.known?.slug)?.record
  if (draft.kind === 'actor' || draft.kind === 'good') return undefined
  let best: { cited: CitedPassage; overlap: number } | undefined
  for (const cited of sameKind) {
    if (draft.kind === 'event' && cited.type !== draft.type) continue
    const overlap = measureOverlap(cited, draft.passages)
    if (overlap > (best?.overlap ?? 0)) best = { cited, overlap }
  }
  return best?.cited.record
}

const measureOverlap = (cited: TextRange, passages: readonly TextRange[]): number =>
  Math.max(
    0,
    ...passages.map(({ start, end }) => Math.min(end, cited.end) - Math.max(start, cited.start)),
  )

const resultCaches = new WeakMap<Db, LRUCache<string, DetectionResult>>()

/** Detects once for each article and set of names. */
async function detectCached(
  db: Db,
  articleId: string,
  articleBody: ArticleBody,
): Promise<DetectionResult> {
  const { article, body, bodyLength, language, uncitable, earliest, latest, hasDate } = articleBody
  const resultCache = resultCaches.get(db) ?? new LRUCache<string, DetectionResult>({ max: 20 })
  resultCaches.set(db, resultCache)
  const knownPermits = await findPermitsByNumber(db, await listPermitNumbers(body ?? ''))
  const permitSlugs = knownPermits.map(({ slug }) => slug).join(' ')
  const toCacheKey = (revision: number) =>
    [articleId, article.slug, revision, language, earliest, latest, permitSlugs].join('|')
  const { result, revision } = await getDetector(db).detect(
    () => ({
      slug: article.slug,
      knownPermits,
      text: body ?? '',
      bodyLength: body === null ? 0 : bodyLength,
      language,
      uncitable: body === null ? [] : uncitable,
      published: hasDate ? { earliest, latest } : null,
    }),
    (namesRevision) => resultCache.get(toCacheKey(namesRevision)),
  )
  resultCache.set(toCacheKey(revision), result)
  return result
}

const permitNumbersMax = 1_000
/** UTF-16 units that are searched before other requests get their turn. */
const stepLength = 20_000

/**
 * Whatever in a text can be the number of a permit: letters, digits and marks with at least three digits. The repetitions
 * are bounded, because a long row of letters would take quadratic time.
 */
async function listPermitNumbers(text: string): Promise<string[]> {
  const numbers = new Set<string>()
  const end = Math.min(text.length, readLengthMax)
  for (let from = 0; from < end && numbers.size < permitNumbersMax; ) {
    const space = text.indexOf('\n', from + stepLength)
    const to = space === -1 || space > from + 2 * stepLength ? from + stepLength : space
    const words = text
      .slice(from, Math.min(to, end))
      .matchAll(/(?:\p{Lu}{2,5} )?[\p{Lu}\d][\p{Lu}\d./-]{0,60}\d{2}[\p{Lu}\d./-]{0,60}/gu)
    for (const [word] of words) {
      const bare = word.replace(/[./-]+$/, '')
      numbers.add(bare)
      numbers.add(/ (.+)$/.exec(bare)?.[1] ?? bare)
    }
    from = to
    await yieldToEventLoop()
  }
  return [...numbers].slice(0, permitNumbersMax)
}
