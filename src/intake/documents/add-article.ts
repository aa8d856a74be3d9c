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
import { RecordNames } from '../proposals/reading/record-names.ts'
import { readDay } from '../reader/values/day.ts'
import {
  findArticleByHash,
  findDuplicateCandidates,
  findPublishers,
  findSlugsWithPrefix,
} from './queries.ts'
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

/** Builds the article of a document. The slug is empty when the sender gives none. */
export function buildArticleInput(
  received: ReceivedDocument,
  extracted: ExtractedDocument,
  senderDescription: SenderDescription,
): ArticleInput {
  const { body, spans, metadata, mediaType } = extracted
  const description = describeArticle(senderDescription, metadata, received.name, readDay)
  return {
    ...description,
    slug: senderDescription.slug ?? '',
    body,
    spans,
    metadata,
    source: received.bytes,
    sourceMediaType: mediaType,
  }
}

/** A publisher of which only the name is known. */
const namedPublisher: Omit<Parameters<RecordNames['match']>[0], 'name'> = {
  kind: 'actor',
  type: 'publisher',
  aliases: [],
  country: null,
}

/**
 * Names as publisher the one publisher with a record that the document names, by the matcher of reconciliation. Leaves an
 * article as it is that has a publisher or names none that is known.
 */
export async function completePublisher(db: Db, article: ArticleInput): Promise<ArticleInput> {
  const names = article.metadata.filter(({ name }) => name === 'siteName')
  if (article.publisher !== null || names.length === 0) return article
  const publishers = new RecordNames()
  publishers.update(await findPublishers(db))
  for (const { value } of names) {
    const match = publishers.match({ ...namedPublisher, name: value })
    if (match) return { ...article, publisher: match.record.id }
  }
  return article
}

/**
 * Stores an article. If its case has a live article with the same bytes, writes nothing and returns that one.
 *
 * @throws {Problem} unknown-reference, slug-taken; article-known when the article with the same bytes was retracted
 */
export async function addArticle(
  { tx, create }: WriteSession,
  article: ArticleInput,
  citations: readonly CitationInput[] = [],
): Promise<AddedArticle> {
  const db = tx.db
  const caseId = await resolveCase(db, article.case)
  const sourceSha256 = sha256(article.source)
  const sameBytes = await findArticleByHash(db, caseId, sourceSha256)
  if (sameBytes) return { id: sameBytes.id, isNew: false }
  const slug = article.slug || (await createSlug(db, article.title))
  const input = ArticleInput.parse({ ...article, slug })
  const [id = ''] = await create([buildNewRecord(articleWriter, input, citations, '/body')])
  return { id, isNew: true }
}

async function createSlug(db: Db, title: string): Promise<string> {
  const slug = slugOf(anyAscii(title))
  return findFreeSlug(slug, await findSlugsWithPrefix(db, 'article', slug))
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

/** Articles that have the same text as this one, or at least half of it, best match first. */
export async function findNearDuplicates(db: Db, id: string) {
  const { article, text, candidates } = await findDuplicateCandidates(db, id)
  const shingledText = shingleText(text)
  const compared: (Omit<(typeof candidates)[number], 'text'> & OverlapShares)[] = []
  for (const { text: candidateText, ...candidate } of candidates) {
    // A long text takes 0.1 s: let other requests run in between.
    await yieldToEventLoop()
    const shares = computeOverlapShares(shingledText, shingleText(candidateText))
    compared.push({ ...candidate, ...shares })
  }
  return { article, data: selectNearDuplicates(compared) }
}
