import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import anyAscii from 'any-ascii'
import type { Db } from '../../database/database.ts'
import { sha256 } from '../../evidence/sha256.ts'
import { shingleText } from '../../evidence/text-overlap.ts'
import { Problem } from '../../problem.ts'
import { articleWriter } from '../../records/kinds/articles/queries.ts'
import { ArticleInput } from '../../records/kinds/articles/schema.ts'
import { resolveRecordId } from '../../records/model/list-queries.ts'
import type { CitationInput } from '../../records/model/schema.ts'
import type { WriteSession } from '../../records/write/commit.ts'
import { buildNewRecord } from '../../records/write/create.ts'
import type { ExtractedDocument, ReceivedDocument } from '../extraction/document.ts'
import { findArticleByHash, findDuplicateCandidates, findSlugsWithPrefix } from './queries.ts'
import {
  computeOverlapShares,
  describeArticle,
  findFreeSlug,
  type OverlapShares,
  type SenderDescription,
  selectNearDuplicates,
  slugOf,
} from './rules.ts'

export type AddedArticle = { id: string; isNew: boolean }

/** The article that a document becomes, when it has no slug yet an empty one. */
export function buildArticleInput(
  received: ReceivedDocument,
  read: ExtractedDocument,
  given: SenderDescription,
): ArticleInput {
  const { body, spans, metadata, mediaType } = read
  const description = describeArticle(given, metadata, received.name)
  return {
    ...description,
    slug: given.slug ?? '',
    body,
    spans,
    metadata,
    source: received.bytes,
    sourceMediaType: mediaType,
  }
}

/**
 * Stores an article, unless its case has one of the same bytes: then that one is it, and nothing is written.
 *
 * @throws {Problem} unknown-reference, slug-taken, article-known when the one of the same bytes was retracted
 */
export async function addArticle(
  { tx, create }: WriteSession,
  article: ArticleInput,
  citations: readonly CitationInput[] = [],
): Promise<AddedArticle> {
  const db = tx.db
  const caseId = await resolveCase(db, article.case)
  const sourceSha256 = sha256(article.source)
  const known = await findArticleByHash(db, caseId, sourceSha256)
  if (known) return { id: known.id, isNew: false }
  const wanted = article.slug || slugOf(anyAscii(article.title))
  const slug =
    article.slug || findFreeSlug(wanted, await findSlugsWithPrefix(db, 'article', wanted))
  const input = ArticleInput.parse({ ...article, slug })
  const [id = ''] = await create([buildNewRecord(articleWriter, input, citations, '/body')])
  return { id, isNew: true }
}

/** @throws {Problem} unknown-reference */
export async function resolveCase(db: Db, ref: string): Promise<string> {
  try {
    return await resolveRecordId(db, 'case', ref)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const errors = [{ pointer: '/body/case', detail: error.message }]
    throw new Problem('unknown-reference', `/body/case: ${error.message}`, { errors })
  }
}

/** Articles that have the same text as this one in other clothes, or a large part of it. */
export async function findNearDuplicates(db: Db, id: string) {
  const { article, text, candidates } = await findDuplicateCandidates(db, id)
  const own = shingleText(text)
  const compared: (Omit<(typeof candidates)[number], 'text'> & OverlapShares)[] = []
  for (const { text: other, ...candidate } of candidates) {
    // A long text takes a tenth of a second: others have their turn in between.
    await yieldToEventLoop()
    compared.push({ ...candidate, ...computeOverlapShares(own, shingleText(other)) })
  }
  return { article, data: selectNearDuplicates(compared) }
}
