import { LRUCache } from 'lru-cache'
import type { Db } from '../../database/database.ts'
import { sha256 } from '../../evidence/sha256.ts'
import { type IndexedText, indexText } from '../../evidence/text.ts'
import { Problem } from '../../problem.ts'
import { buildHref } from '../../records/model/schema.ts'
import { findTeaserHeading } from '../extraction/text/teaser-headings.ts'
import { getDetector } from './detector/detector.ts'
import type { DetectionResult } from './detector/detector-thread.ts'
import type { Draft } from './drafts/draft.ts'
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
import type { Proposal, Proposals } from './schema.ts'

/** A proposal with the hashes of its identities, by which decisions are stored. */
export type HashedProposal = Proposal & { hashes: string[] }

/** UTF-16 units: about 60,000 words, which take some seconds. */
const readLengthMax = 400_000

/**
 * Applies the rules to an article, and compares the drafts with existing records and earlier decisions.
 *
 * @throws {Problem} not-found, busy
 */
export async function buildProposals(db: Db, articleId: string) {
  const articleBody = await findArticleBody(db, articleId)
  if (articleBody === undefined)
    throw new Problem('not-found', `No article has the id ${articleId}.`)
  const { detection, drafts, language, notRead } = await detectCached(db, articleId, articleBody)
  const citedPassages = await findCitedPassages(db, articleId)
  const reviews = new Map((await findReviews(db, articleId)).map((review) => [review.hash, review]))
  const text = indexText(articleBody.body ?? '')
  const context = { articleId, text, citedPassages, reviews }
  return {
    proposals: drafts.map((draft) => buildProposal(draft, context)),
    article: articleBody.article,
    readTo: text.toCodePoints(Math.min(text.text.length, readLengthMax)),
    language,
    notRead: [...notRead, ...listUnread(text, articleBody)],
    findings: formatDetection(detection, text),
  }
}

/** Parts of the text that the rules leave out, in words. */
function listUnread({ text }: IndexedText, { uncitable }: ArticleBody): string[] {
  const unread: string[] = []
  if (text.length > readLengthMax) unread.push('The end of this very long text was not read.')
  if (uncitable.length > 0) unread.push('Parts that cannot be cited, such as menus, were not read.')
  const heading = findTeaserHeading(text)
  if (heading) unread.push('The teasers of other articles at the end were not read.')
  return unread
}

type ProposalContext = {
  articleId: string
  text: IndexedText
  citedPassages: readonly CitedPassage[]
  reviews: ReadonlyMap<string, Review>
}

function buildProposal(
  draft: Draft,
  { articleId, text, citedPassages, reviews }: ProposalContext,
): HashedProposal {
  const hashes = draft.identities.map(hashIdentity)
  const toId = (hash: string) => `${articleId}-${hash}`
  const passages = draft.passages.map((range) => toPassage(text, range))
  const review = hashes.map((hash) => reviews.get(hash)).find(Boolean)
  const citingRecord = findCitingRecord(draft, passages, citedPassages)
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
    needs: draft.needs.map((identity) => toId(hashIdentity(identity))),
    proposedBy: [rules],
  }
}

/** The rules of this server as a proposer. */
const rules = { name: 'casefile', version: null, model: null, key: null, at: null }

const hashIdentity = (identity: string): string => sha256(identity).slice(0, 16)

/** Offsets in UTF-16 units to a passage in code points. */
const toPassage = (text: IndexedText, { start, end }: TextRange) => ({
  start: text.toCodePoints(start),
  end: text.toCodePoints(end),
  quote: text.text.slice(start, end),
})

const toNamedReference = (entity: { name: string; known: { slug: string } | null }) => ({
  name: entity.name,
  record: entity.known?.slug ?? null,
})

/** Everything detected besides the proposals, as the API returns it. */
function formatDetection(
  detection: DetectionResult['detection'],
  text: IndexedText,
): Pick<Proposals, 'mentions' | 'dates' | 'quantities' | 'speech'> {
  return {
    mentions: [...detection.mentions, ...detection.goods]
      .toSorted((a, b) => a.start - b.start)
      .map(({ entity, how, ...range }) => ({
        ...toPassage(text, range),
        ...toNamedReference(entity),
        how,
      })),
    dates: detection.dates.map(({ edtf, reasoning, words, ...range }) => ({
      ...toPassage(text, range),
      date: edtf === null ? null : { edtf, asStated: words, reasoning },
    })),
    quantities: detection.quantities.map(({ value, unit, good, ...range }) => ({
      ...toPassage(text, range),
      value,
      unit,
      good: good && toNamedReference(good),
    })),
    speech: detection.speech.map(({ voice, ...range }) => ({
      ...toPassage(text, range),
      actor: voice.entity && toNamedReference(voice.entity),
      document: voice.document,
    })),
  }
}

const toReference = ({ known, kind }: Draft) =>
  known && { id: known.id, slug: known.slug, name: known.name, href: buildHref(kind, known.slug) }

/** The record of the same kind that already cites one of these passages. */
function findCitingRecord(
  draft: Draft,
  passages: readonly TextRange[],
  citedPassages: readonly CitedPassage[],
) {
  const sameKind = citedPassages.filter(({ kind }) => kind === draft.kind)
  if (draft.known) return sameKind.find(({ record }) => record.slug === draft.known?.slug)?.record
  if (draft.kind === 'actor' || draft.kind === 'good') return undefined
  const candidates = sameKind.filter(({ type }) => draft.kind !== 'event' || type === draft.type)
  const overlap = (cited: CitedPassage) =>
    Math.max(
      0,
      ...passages.map(({ start, end }) => Math.min(end, cited.end) - Math.max(start, cited.start)),
    )
  const best = candidates.toSorted((a, b) => overlap(b) - overlap(a))[0]
  return best && overlap(best) > 0 ? best.record : undefined
}

const resultCaches = new WeakMap<Db, LRUCache<string, DetectionResult>>()

/** Detects once for each article and set of names. */
async function detectCached(
  db: Db,
  articleId: string,
  articleBody: ArticleBody,
): Promise<DetectionResult> {
  const { article, body, language, earliest, latest, hasDate } = articleBody
  const text = body ?? ''
  const resultCache = resultCaches.get(db) ?? new LRUCache<string, DetectionResult>({ max: 20 })
  resultCaches.set(db, resultCache)
  const knownPermits = await findPermitsByNumber(db, listPermitNumbers(text))
  const permitSlugs = knownPermits.map(({ slug }) => slug).join(' ')
  const toCacheKey = (revision: number) =>
    [articleId, article.slug, revision, language, earliest, latest, permitSlugs].join('|')
  const { result, revision } = await getDetector(db).detect(
    () => ({
      slug: article.slug,
      knownPermits,
      text,
      language,
      citable: findCitableRanges(text, articleBody),
      published: hasDate ? { earliest, latest } : null,
    }),
    (namesRevision) => resultCache.get(toCacheKey(namesRevision)),
  )
  resultCache.set(toCacheKey(revision), result)
  return result
}

const permitNumbersMax = 1_000

/** Whatever in a text can be the number of a permit: letters, digits and marks with at least three digits. */
function listPermitNumbers(text: string): string[] {
  const words = text
    .slice(0, readLengthMax)
    .matchAll(/(?:\p{Lu}{2,5} )?[\p{Lu}\d][\p{Lu}\d./-]*\d{2}[\p{Lu}\d./-]*/gu)
  const numbers = [...words].flatMap(([word]) => {
    const bare = word.replace(/[./-]+$/, '')
    const [, last = bare] = / (.+)$/.exec(bare) ?? []
    return [bare, last]
  })
  return [...new Set(numbers)].slice(0, permitNumbersMax)
}

/** The body without uncitable parts, unmarked teasers below it, and text after the first 400,000 units. */
function findCitableRanges(body: string, { uncitable }: ArticleBody): TextRange[] {
  const text = indexText(body)
  const teaserHeading = findTeaserHeading(body)
  const excluded = [
    ...uncitable.map(({ start, end }) => ({ start: text.toUnits(start), end: text.toUnits(end) })),
    ...(teaserHeading ? [{ start: teaserHeading.start, end: body.length }] : []),
    { start: readLengthMax, end: Number.POSITIVE_INFINITY },
  ].sort((a, b) => a.start - b.start)
  const ranges: TextRange[] = []
  let from = 0
  for (const { start, end } of excluded) {
    if (Math.min(start, body.length) > from)
      ranges.push({ start: from, end: Math.min(start, body.length) })
    from = Math.max(from, end)
  }
  return ranges
}
