import { createHash } from 'node:crypto'
import type { Db } from '../../../database/database.ts'
import { checkCitation } from '../../../evidence/quote-anchor.ts'
import { sha256 } from '../../../evidence/sha256.ts'
import { indexText } from '../../../evidence/text.ts'
import { computeFingerprints } from '../../../evidence/text-overlap.ts'
import { extractCitableText } from '../../../records/kinds/articles/queries.ts'
import { isUncitable } from '../../../records/kinds/articles/schema.ts'
import { readAllRows } from '../paging.ts'
import { VerificationError } from '../verification-error.ts'
import {
  type ArticleRow,
  countAnchoredCitations,
  loadAnchoredCitations,
  loadArticles,
  loadParts,
  type PartRow,
  type Span,
} from './queries.ts'

/** More than a citation keeps of what stands beside its quote, in UTF-16 units. */
const contextUnits = 128

/**
 * Checks the text and the bytes of every article against their hashes, its fingerprints against its text, and every anchored
 * citation of it against its text.
 *
 * @throws {VerificationError}
 */
export async function verifyArticles(
  db: Db,
  reportCount: (citations: number) => void,
): Promise<number> {
  let citations = 0
  for await (const article of readAllRows<ArticleRow>((after) => loadArticles(db, after))) {
    citations +=
      article.body === null
        ? await verifyLongArticle(db, article)
        : await verifyShortArticle(db, article, article.body)
    reportCount(citations)
  }
  return citations
}

const bodyError = ({ slug }: ArticleRow) =>
  new VerificationError(`Article ${slug}: its body is not the one that was stored.`)
const sourceError = ({ slug }: ArticleRow) =>
  new VerificationError(`Article ${slug}: its bytes are not those that were received.`)

const listUncitable = ({ spans }: ArticleRow) => spans.filter(isUncitable)

async function verifyShortArticle(db: Db, article: ArticleRow, body: string): Promise<number> {
  const { id, slug, spans, fingerprints } = article
  if (sha256(body) !== article.bodySha256) throw bodyError(article)
  if (article.currentSourceSha256 !== article.sourceSha256) throw sourceError(article)
  const computed = computeFingerprints(extractCitableText(indexText(body), spans))
  if (computed.join() !== fingerprints.join())
    throw new VerificationError(`Article ${slug}: its fingerprints are not those of its text.`)
  const textRange = { text: body, start: 0, before: '', after: '' }
  return verifyTextRange(db, id, textRange, listUncitable(article))
}

/** A long body part by part; with each stands what is beside it, for the words before and after a quote. */
async function verifyLongArticle(db: Db, article: ArticleRow): Promise<number> {
  const { id, slug, fingerprints } = article
  const spans = listUncitable(article)
  const bodyHash = createHash('sha256')
  const sourceHash = createHash('sha256')
  let verifiedCount = 0
  let before = ''
  let pendingPart = { text: '', start: 0 }
  let end = 0
  for await (const part of readAllRows<PartRow>((after) => loadParts(db, id, after))) {
    bodyHash.update(part.text)
    sourceHash.update(part.source)
    const isIntact =
      sha256(part.text) === part.sha256 &&
      part.startAt === end &&
      part.length === indexText(part.text).length
    if (!isIntact) throw bodyError(article)
    const range = { ...pendingPart, before, after: part.text }
    verifiedCount += await verifyTextRange(db, id, range, spans)
    before = pendingPart.text.slice(-contextUnits)
    pendingPart = { text: part.text, start: part.startAt }
    end = part.startAt + part.length
  }
  verifiedCount += await verifyTextRange(db, id, { ...pendingPart, before, after: '' }, spans)
  if (bodyHash.digest('hex') !== article.bodySha256) throw bodyError(article)
  if (sourceHash.digest('hex') !== article.sourceSha256) throw sourceError(article)
  if (fingerprints.length > 0)
    throw new VerificationError(
      `Article ${slug}: it has fingerprints, and its text is too long for any.`,
    )
  if (verifiedCount !== (await countAnchoredCitations(db, id)))
    throw new VerificationError(`Article ${slug}: it has citations after the end of its text.`)
  return verifiedCount
}

/** Checks the citations that begin in a stretch of a body. */
async function verifyTextRange(
  db: Db,
  articleId: string,
  { text, start, before, after }: { text: string; start: number; before: string; after: string },
  spans: readonly Span[],
): Promise<number> {
  const indexedText = indexText(
    `${before.toWellFormed()}${text}${after.slice(0, contextUnits).toWellFormed()}`,
  )
  const offset = start - indexText(before.toWellFormed()).length
  const to = start + indexText(text).length
  const citations = await loadAnchoredCitations(db, articleId, start, to)
  const shiftedSpans = spans.flatMap(({ type, start: first, end }) => {
    const shifted = {
      type,
      start: Math.max(0, first - offset),
      end: Math.min(indexedText.length, end - offset),
    }
    return shifted.start < shifted.end ? [shifted] : []
  })
  for (const { id, slug, kind, ...citation } of citations) {
    const shiftedCitation = {
      ...citation,
      start: citation.start - offset,
      end: citation.end - offset,
    }
    const result = checkCitation(indexedText, shiftedCitation, shiftedSpans)
    if (!result.holds)
      throw new VerificationError(`Citation ${id} of the ${kind} ${slug}: ${result.reason}.`)
  }
  return citations.length
}
