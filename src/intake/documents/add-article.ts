import { createHash } from 'node:crypto'
import { setImmediate as breathe } from 'node:timers/promises'
import anyAscii from 'any-ascii'
import type { Db } from '../../database/database.ts'
import { comparable } from '../../evidence/likeness.ts'
import { Problem } from '../../problem.ts'
import { articleWriter } from '../../records/kinds/articles/queries.ts'
import { ArticleInput } from '../../records/kinds/articles/schema.ts'
import { resolve } from '../../records/model/list-queries.ts'
import type { CitationInput } from '../../records/model/schema.ts'
import type { Session } from '../../records/write/commit.ts'
import { newRecord } from '../../records/write/create.ts'
import type { ReadDocument, ReceivedDocument } from '../reading/document.ts'
import { findByBytes, likelyCopies, slugsLike } from './queries.ts'
import { describe, freeSlug, type Given, nearest, type Shares, sharesOf, slugOf } from './rules.ts'

export type Added = { id: string; isNew: boolean }

/** The article that a document becomes, when it has no slug yet an empty one. */
export function articleOf(
  received: ReceivedDocument,
  read: ReadDocument,
  given: Given,
): ArticleInput {
  const { body, spans, metadata, mediaType } = read
  const said = describe(given, metadata, received.name)
  return {
    ...{ ...said, slug: given.slug ?? '' },
    ...{ body, spans, metadata, source: received.bytes, sourceMediaType: mediaType },
  }
}

/**
 * Stores an article, unless its case has one of the same bytes: then that one is it, and nothing is written.
 *
 * @throws {Problem} unknown-reference, slug-taken, article-known when the one of the same bytes was retracted
 */
export async function addArticle(
  { tx, create }: Session,
  article: ArticleInput,
  citations: readonly CitationInput[] = [],
): Promise<Added> {
  const db = tx.$kysely
  const caseId = await caseOf(db, article.case)
  const sourceSha256 = createHash('sha256').update(article.source).digest('hex')
  const known = await findByBytes(db, caseId, sourceSha256)
  if (known) return { id: known.id, isNew: false }
  const wanted = article.slug || slugOf(anyAscii(article.title))
  const slug = article.slug || freeSlug(wanted, await slugsLike(db, 'article', wanted))
  const input = ArticleInput.parse({ ...article, slug })
  const [id = ''] = await create([newRecord(articleWriter, input, citations, '/body')])
  return { id, isNew: true }
}

/** @throws {Problem} unknown-reference */
export async function caseOf(db: Db, ref: string): Promise<string> {
  try {
    return await resolve(db, 'case', ref)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const errors = [{ pointer: '/body/case', detail: error.message }]
    throw new Problem('unknown-reference', `/body/case: ${error.message}`, { errors })
  }
}

/** Articles that have the same text as this one in other clothes, or a large part of it. */
export async function nearDuplicatesOf(db: Db, id: string) {
  const { article, text, candidates } = await likelyCopies(db, id)
  const own = comparable(text)
  const compared: (Omit<(typeof candidates)[number], 'text'> & Shares)[] = []
  for (const { text: other, ...candidate } of candidates) {
    // A long text takes a tenth of a second: others have their turn in between.
    await breathe()
    compared.push({ ...candidate, ...sharesOf(own, comparable(other)) })
  }
  return { article, data: nearest(compared) }
}
