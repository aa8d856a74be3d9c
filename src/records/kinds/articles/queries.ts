import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { column, type Fragment, jsonArray, jsonObject } from '../../../database/columns.ts'
import type { Db } from '../../../database/database.ts'
import { fingerprints } from '../../../evidence/likeness.ts'
import { type IndexedText, indexText, normaliseText } from '../../../evidence/text.ts'
import { Problem } from '../../../problem.ts'
import { byName, byPeriod, byReference, byRelation, byText, byWord } from '../../model/filters.ts'
import { resolve } from '../../model/list-queries.ts'
import { recordListing } from '../../model/listing.ts'
import { defineKind } from '../../model/record-kind.ts'
import { dateColumns, type References } from '../../model/references.ts'
import type { Rows } from '../../model/rows.ts'
import {
  evidenceMembers,
  firstDay,
  reference,
  spineMembers,
  statedDate,
  uncitableSpan,
} from '../../model/sql-json.ts'
import type { Writer } from '../../model/writer.ts'
import {
  Article,
  ArticleDescription,
  ArticleInput,
  ArticleListed,
  ArticlePost,
  ArticleType,
  type LongArticleInput,
  UncitableType,
} from './schema.ts'

const listed = {
  ...spineMembers,
  title: column('record.name'),
  type: column('article.type'),
  case: reference('article.case_id'),
  publisher: reference('article.publisher_id'),
  authors: sql`to_json(article.authors)`,
  url: column('article.url'),
  language: column('article.language'),
  publishedOn: statedDate('article.published'),
  bodyLength: column('article.body_length'),
  bodySha256: column('article.body_sha256'),
  sourceMediaType: column('article.source_media_type'),
  sourceSha256: column('article.source_sha256'),
}

const from = sql`record JOIN article ON article.id = record.id`

export const articleListing = recordListing({
  kind: 'article',
  from,
  members: listed,
  filters: {
    case: byReference('case', 'article.case_id', 'Only articles of this case.'),
    type: byWord(
      ArticleType,
      'What kind of document it is.',
      (anyOf) => sql`article.type = ${anyOf}`,
    ),
    publisher: byReference('actor', 'article.publisher_id', 'Who published it.'),
    cites: byRelation(
      'actor',
      'Only articles in which this actor is a voice of some citation.',
      (id) =>
        sql`EXISTS (SELECT 1 FROM citation_voice JOIN citation ON citation.id = citation_voice.citation_id WHERE citation_voice.actor_id = ${id} AND citation.article_id = record.id)`,
    ),
    title: byName('Words of the title; typing errors and accents do not matter.'),
    language: byText('article.language', 'BCP 47, e.g. `en`.'),
    sha256: {
      ...byText('article.source_sha256', 'SHA-256 of the bytes as received.'),
    },
    ...byPeriod('article.published', 'Published'),
  },
  sorts: {
    publishedOn: { by: firstDay('article.published'), key: column('article.id'), cast: 'date' },
  },
  defaultSort: 'slug',
})

const spans = (which: Fragment): Fragment =>
  jsonArray(
    {
      type: column('article_span.type'),
      start: column('article_span.start_at'),
      end: column('article_span.end_at'),
      page: column('article_span.page'),
      note: column('article_span.note'),
    },
    sql`article_span WHERE article_span.article_id = article.id${which}`,
    column('article_span.position'),
  )

export const singleArticle = {
  from,
  members: {
    ...listed,
    body: column('article.body'),
    boilerplate: spans(sql` AND ${uncitableSpan}`),
    spans: spans(sql``),
    metadata: jsonArray(
      {
        name: column('article_metadata.name'),
        value: column('article_metadata.value'),
        foundIn: column('article_metadata.found_in'),
      },
      sql`article_metadata WHERE article_metadata.article_id = article.id`,
      column('article_metadata.position'),
    ),
    ...evidenceMembers,
  },
}

/**
 * The body and every marked span, as JSON text: what is cited and what may not be.
 *
 * @throws {Problem} not-found, and not-acceptable for a text that is too long for it
 */
export async function getMarkedBody(db: Db, ref: string): Promise<string> {
  const id = await resolve(db, 'article', ref)
  const article = await db
    .selectFrom('article')
    .select('body_length')
    .where('id', '=', id)
    .where('body', 'is', null)
    .executeTakeFirst()
  if (article)
    throw new Problem(
      'not-acceptable',
      `The text has ${article.body_length} characters and is not given as JSON: read it as text, and its citations at /v1/citations?article=${ref}.`,
    )
  const members = jsonObject({
    article: reference('article.id'),
    bodySha256: column('article.body_sha256'),
    body: column('article.body'),
    spans: sql`COALESCE((SELECT json_agg(json_build_object('type', type, 'start', start_at, 'end', end_at, 'citation', citation, 'record', record, 'field', field) ORDER BY start_at, end_at, citation) FROM (
      SELECT 'citation' AS type, start_at, end_at, citation.id AS citation, ${reference('citation.record_id')} AS record, field FROM citation WHERE article_id = article.id
      UNION ALL SELECT type, start_at, end_at, NULL, NULL, NULL FROM article_span WHERE article_id = article.id) AS span), '[]'::json)`,
  })
  const { rows } = await sql<{
    document: string
  }>`SELECT ${members}::text AS document FROM article WHERE article.id = ${id}`.execute(db)
  const row = rows[0]
  if (row === undefined) throw new Problem('not-found', `No article has the id ${id}.`)
  return row.document
}

export const articleWriter: Writer<ArticleInput> = {
  kind: 'article',
  input: ArticleInput,
  uncited: true,
  nameOf: (input) => input.title,
  correction: {
    input: ArticleDescription,
    rows: async (id, input, refs, pointer) => ({
      article: [await changeable(id, input, refs, pointer)],
    }),
  },
  post: {
    body: ArticlePost,
    toInput(posted) {
      const { text, boilerplate, ...description } = ArticlePost.parse(posted)
      return {
        ...description,
        body: bodyOf(text),
        spans: boilerplate.map((span) => ({ type: 'boilerplate' as const, page: null, ...span })),
        metadata: [],
        source: new TextEncoder().encode(text),
        sourceMediaType: 'text/plain; charset=utf-8',
      }
    },
  },
  async rows(id, input, refs, pointer) {
    const { body, source, spans } = input
    const text = indexText(body)
    return rowsOf(id, input, refs, pointer, {
      ...{ body, bodyLength: text.length, bodySha256: sha256(body) },
      ...{ source: Uint8Array.from(source), sourceSha256: sha256(source) },
      fingerprints: fingerprints(citableText(text, spans)),
    })
  },
}

/** The rows of an article whose text is written in parts, beside these (docs/decisions/0010-long-texts.md). */
export const rowsOfLong = (
  id: string,
  input: LongArticleInput,
  text: { bodyLength: number; bodySha256: string; sourceSha256: string },
  refs: References,
  pointer: string,
): Promise<Rows> => rowsOf(id, input, refs, pointer, { ...text, fingerprints: [] })

async function rowsOf(
  id: string,
  input: LongArticleInput,
  refs: References,
  pointer: string,
  text: object,
): Promise<Rows> {
  const { sourceMediaType, spans, metadata } = input
  return {
    article: [{ ...(await changeable(id, input, refs, pointer)), sourceMediaType, ...text }],
    articleSpan: spans.map(({ type, start, end, page, note }, position) => ({
      ...{ articleId: id, position, type, page, note },
      startAt: start,
      endAt: end,
    })),
    articleMetadata: metadata.map((finding, position) => ({
      ...{ articleId: id, position },
      ...finding,
    })),
  }
}

/** The body without what nothing may cite. Spans that lie outside it, which the database refuses, count for nothing. */
export function citableText(
  text: IndexedText,
  spans: readonly { type: string; start: number; end: number }[],
): string {
  const parts: string[] = []
  let from = 0
  const hidden = spans
    .filter(({ type }) => UncitableType.safeParse(type).success)
    .toSorted((a, b) => a.start - b.start)
  for (const { start, end } of hidden) {
    const until = Math.min(start, text.length)
    if (until > from) parts.push(text.slice(from, until))
    from = Math.max(from, Math.min(end, text.length))
  }
  return [...parts, text.slice(from, text.length)].join('\n')
}

/** @throws {Problem} invalid-request for text that no body can hold */
function bodyOf(text: string): string {
  try {
    return normaliseText(text)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const errors = [{ pointer: '/body/text', detail: error.message }]
    throw new Problem('invalid-request', `/body/text: ${error.message}`, { cause: error, errors })
  }
}

/** The columns that may change: body and source never do. */
async function changeable(
  id: string,
  input: ArticleDescription,
  refs: References,
  pointer: string,
) {
  const published = dateColumns(input.publishedOn, `${pointer}/publishedOn`)
  const { type, authors, url, language } = input
  return {
    ...{ id, type, authors, url, language },
    caseId: await refs.id('case', input.case, `${pointer}/case`),
    publisherId: await refs.idOrNull('actor', input.publisher, `${pointer}/publisher`),
    publishedEdtf: published.edtf,
    publishedAsStated: published.asStated,
    publishedReasoning: published.reasoning,
    publishedEarliest: published.earliest,
    publishedLatest: published.latest,
  }
}

const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex')

export const articleKind = defineKind({
  kind: 'article',
  plural: 'articles',
  description:
    'Source documents: what every fact is cited from. The body never changes once it is stored.',
  nameMember: 'title',
  listing: articleListing,
  single: singleArticle,
  listed: ArticleListed,
  whole: Article,
  writer: articleWriter,
})
