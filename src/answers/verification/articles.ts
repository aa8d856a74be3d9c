import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import { checkCitation } from '../../evidence/quote-anchor.ts'
import { indexText } from '../../evidence/text.ts'
import { computeFingerprints } from '../../evidence/text-overlap.ts'
import { sha256 } from '../../ledger/canonical-json.ts'
import { extractCitableText } from '../../records/kinds/articles/queries.ts'
import { UncitableType } from '../../records/kinds/articles/schema.ts'
import { readAllRows, smallestId } from './paging.ts'
import { VerificationError } from './verification-error.ts'

const articlesPerPage = 8
/** Of a long body: some ten thousand characters each. */
const partsPerPage = 16
/** More than a citation keeps of what stands beside its quote, in UTF-16 units. */
const contextUnits = 128

type Span = { type: string; start: number; end: number }

type ArticleRow = {
  id: string
  slug: string
  /** Null where it is long and stands in parts. */
  body: string | null
  bodySha256: string
  sourceSha256: string
  /** Computed now by PostgreSQL; null where the bytes stand in parts. */
  currentSourceSha256: string | null
  fingerprints: string[]
  spans: Span[]
}

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

const listUncitable = ({ spans }: ArticleRow) =>
  spans.filter(({ type }) => UncitableType.safeParse(type).success)

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

type PartRow = { startAt: number; length: number; text: string; sha256: string; source: Buffer }

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
    throw new VerificationError(`Article ${slug}: citations of it point behind its end.`)
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

async function loadArticles(db: Db, after: ArticleRow | null): Promise<ArticleRow[]> {
  const { rows } = await sql<ArticleRow>`
    SELECT
      article.id, record.slug, article.body, article.fingerprints,
      article.body_sha256 AS "bodySha256",
      article.source_sha256 AS "sourceSha256",
      encode(sha256(article.source), 'hex') AS "currentSourceSha256",
      COALESCE((
        SELECT json_agg(json_build_object('type', type, 'start', start_at, 'end', end_at) ORDER BY position)
        FROM article_span
        WHERE article_id = article.id
      ), '[]'::json) AS spans
    FROM article
    JOIN record ON record.id = article.id
    WHERE article.id > ${after?.id ?? smallestId}::uuid
    ORDER BY article.id
    LIMIT ${sql.lit(articlesPerPage)}`.execute(db)
  return rows
}

async function loadParts(db: Db, articleId: string, after: PartRow | null): Promise<PartRow[]> {
  const { rows } = await sql<PartRow>`
    SELECT start_at AS "startAt", length, text, sha256, source
    FROM article_part
    WHERE article_id = ${articleId} AND start_at > ${after?.startAt ?? -1}
    ORDER BY start_at
    LIMIT ${sql.lit(partsPerPage)}`.execute(db)
  return rows
}

type AnchoredCitation = {
  id: string
  start: number
  end: number
  quote: string
  prefix: string
  suffix: string
  /** Of the record that it is cited for. */
  slug: string
  kind: string
}

/** The anchored citations of an article that begin in this stretch of it, in the order of its text. */
async function loadAnchoredCitations(
  db: Db,
  articleId: string,
  from: number,
  to: number,
): Promise<AnchoredCitation[]> {
  const { rows } = await sql<AnchoredCitation>`
    SELECT citation.id, start_at AS start, end_at AS end, quote, prefix, suffix, record.slug, record.kind
    FROM citation
    JOIN record ON record.id = citation.record_id
    WHERE article_id = ${articleId}
      AND start_at >= ${from}
      AND start_at < ${to}
      AND citation.state = 'anchored'
    ORDER BY start_at`.execute(db)
  return rows
}

async function countAnchoredCitations(db: Db, articleId: string): Promise<number> {
  const { rows } = await sql<{ count: string }>`
    SELECT count(*) AS count
    FROM citation
    WHERE article_id = ${articleId} AND state = 'anchored'`.execute(db)
  return Number(rows[0]?.count)
}
