import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Db } from '../../../database/database.ts'
import {
  columnRef,
  jsonArray,
  jsonObject,
  type SqlFragment,
} from '../../../database/sql-fragments.ts'
import { type IndexedText, indexText, normaliseText } from '../../../evidence/text.ts'
import { computeFingerprints } from '../../../evidence/text-overlap.ts'
import { Problem } from '../../../problem.ts'
import {
  byEnum,
  byExactText,
  byName,
  byPeriod,
  byReference,
  byRelation,
} from '../../model/filters.ts'
import { resolveRecordId } from '../../model/list-queries.ts'
import { defineKind } from '../../model/record-kind.ts'
import { defineRecordList } from '../../model/record-list.ts'
import { buildDateColumns, type ReferenceResolver } from '../../model/references.ts'
import type { RecordRows } from '../../model/rows.ts'
import {
  baseMembers,
  evidenceMembers,
  firstDay,
  isUncitableSpan,
  referenceJson,
  statedDateJson,
} from '../../model/sql-json.ts'
import type { RecordWriter } from '../../model/writer.ts'
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

const listMembers = {
  ...baseMembers,
  title: columnRef('record.name'),
  type: columnRef('article.type'),
  case: referenceJson('article.case_id'),
  publisher: referenceJson('article.publisher_id'),
  authors: sql`to_json(article.authors)`,
  url: columnRef('article.url'),
  language: columnRef('article.language'),
  publishedOn: statedDateJson('article.published'),
  bodyLength: columnRef('article.body_length'),
  bodySha256: columnRef('article.body_sha256'),
  sourceMediaType: columnRef('article.source_media_type'),
  sourceSha256: columnRef('article.source_sha256'),
}

const from = sql`record JOIN article ON article.id = record.id`

export const articleList = defineRecordList({
  kind: 'article',
  from,
  members: listMembers,
  filters: {
    case: byReference('case', 'article.case_id', 'Only articles of this case.'),
    type: byEnum(
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
    language: byExactText('article.language', 'BCP 47, e.g. `en`.'),
    sha256: {
      ...byExactText('article.source_sha256', 'SHA-256 of the bytes as received.'),
    },
    ...byPeriod('article.published', 'Published'),
  },
  sorts: {
    publishedOn: {
      expression: firstDay('article.published'),
      key: columnRef('article.id'),
      cast: 'date',
    },
  },
  defaultSort: 'slug',
})

const spansJson = (extraCondition: SqlFragment): SqlFragment =>
  jsonArray(
    {
      type: columnRef('article_span.type'),
      start: columnRef('article_span.start_at'),
      end: columnRef('article_span.end_at'),
      page: columnRef('article_span.page'),
      note: columnRef('article_span.note'),
    },
    sql`article_span WHERE article_span.article_id = article.id${extraCondition}`,
    columnRef('article_span.position'),
  )

const singleArticle = {
  from,
  members: {
    ...listMembers,
    body: columnRef('article.body'),
    boilerplate: spansJson(sql` AND ${isUncitableSpan}`),
    spans: spansJson(sql``),
    metadata: jsonArray(
      {
        name: columnRef('article_metadata.name'),
        value: columnRef('article_metadata.value'),
        foundIn: columnRef('article_metadata.found_in'),
      },
      sql`article_metadata WHERE article_metadata.article_id = article.id`,
      columnRef('article_metadata.position'),
    ),
    ...evidenceMembers,
  },
}

/**
 * The body and every marked span, as JSON text: what is cited and what may not be.
 *
 * @throws {Problem} not-found, and not-acceptable for a text that is too long for it
 */
export async function readMarkedBodyJson(db: Db, ref: string): Promise<string> {
  const id = await resolveRecordId(db, 'article', ref)
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
    article: referenceJson('article.id'),
    bodySha256: columnRef('article.body_sha256'),
    body: columnRef('article.body'),
    spans: sql`COALESCE((SELECT json_agg(json_build_object('type', type, 'start', start_at, 'end', end_at, 'citation', citation, 'record', record, 'field', field) ORDER BY start_at, end_at, citation) FROM (
      SELECT 'citation' AS type, start_at, end_at, citation.id AS citation, ${referenceJson('citation.record_id')} AS record, field FROM citation WHERE article_id = article.id
      UNION ALL SELECT type, start_at, end_at, NULL, NULL, NULL FROM article_span WHERE article_id = article.id) AS span), '[]'::json)`,
  })
  const { rows } = await sql<{
    document: string
  }>`SELECT ${members}::text AS document FROM article WHERE article.id = ${id}`.execute(db)
  const row = rows[0]
  if (row === undefined) throw new Problem('not-found', `No article has the id ${id}.`)
  return row.document
}

export const articleWriter: RecordWriter<ArticleInput> = {
  kind: 'article',
  input: ArticleInput,
  isCitationOptional: true,
  getDisplayName: (input) => input.title,
  correction: {
    input: ArticleDescription,
    rows: async (id, input, refs, pointer) => ({
      article: [await buildEditableColumns(id, input, refs, pointer)],
    }),
  },
  postRequest: {
    body: ArticlePost,
    toInput(posted) {
      const { text, boilerplate, ...description } = ArticlePost.parse(posted)
      return {
        ...description,
        body: normaliseBody(text),
        spans: boilerplate.map((span) => ({ type: 'boilerplate' as const, page: null, ...span })),
        metadata: [],
        source: new TextEncoder().encode(text),
        sourceMediaType: 'text/plain; charset=utf-8',
      }
    },
  },
  async buildRows(id, input, refs, pointer) {
    const { body, source, spans } = input
    const text = indexText(body)
    return buildArticleRows(id, input, refs, pointer, {
      body,
      bodyLength: text.length,
      bodySha256: hashContent(body),
      source: Uint8Array.from(source),
      sourceSha256: hashContent(source),
      fingerprints: computeFingerprints(extractCitableText(text, spans)),
    })
  },
}

/** The rows of an article whose text is written in parts, beside these (docs/decisions/0010-long-texts.md). */
export const buildLongArticleRows = (
  id: string,
  input: LongArticleInput,
  text: { bodyLength: number; bodySha256: string; sourceSha256: string },
  refs: ReferenceResolver,
  pointer: string,
): Promise<RecordRows> => buildArticleRows(id, input, refs, pointer, { ...text, fingerprints: [] })

async function buildArticleRows(
  id: string,
  input: LongArticleInput,
  refs: ReferenceResolver,
  pointer: string,
  text: object,
): Promise<RecordRows> {
  const { sourceMediaType, spans, metadata } = input
  return {
    article: [
      { ...(await buildEditableColumns(id, input, refs, pointer)), sourceMediaType, ...text },
    ],
    articleSpan: spans.map(({ type, start, end, page, note }, position) => ({
      articleId: id,
      position,
      type,
      page,
      note,
      startAt: start,
      endAt: end,
    })),
    articleMetadata: metadata.map((finding, position) => ({
      articleId: id,
      position,
      ...finding,
    })),
  }
}

/** The body without what nothing may cite. Spans that lie outside it, which the database refuses, count for nothing. */
export function extractCitableText(
  text: IndexedText,
  spans: readonly { type: string; start: number; end: number }[],
): string {
  const parts: string[] = []
  let from = 0
  const uncitableSpans = spans
    .filter(({ type }) => UncitableType.safeParse(type).success)
    .toSorted((a, b) => a.start - b.start)
  for (const { start, end } of uncitableSpans) {
    const until = Math.min(start, text.length)
    if (until > from) parts.push(text.slice(from, until))
    from = Math.max(from, Math.min(end, text.length))
  }
  return [...parts, text.slice(from, text.length)].join('\n')
}

/** @throws {Problem} invalid-request for text that no body can hold */
function normaliseBody(text: string): string {
  try {
    return normaliseText(text)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const errors = [{ pointer: '/body/text', detail: error.message }]
    throw new Problem('invalid-request', `/body/text: ${error.message}`, { cause: error, errors })
  }
}

/** The columns that may change: body and source never do. */
async function buildEditableColumns(
  id: string,
  input: ArticleDescription,
  refs: ReferenceResolver,
  pointer: string,
) {
  const published = buildDateColumns(input.publishedOn, `${pointer}/publishedOn`)
  const { type, authors, url, language } = input
  return {
    id,
    type,
    authors,
    url,
    language,
    caseId: await refs.id('case', input.case, `${pointer}/case`),
    publisherId: await refs.idOrNull('actor', input.publisher, `${pointer}/publisher`),
    publishedEdtf: published.edtf,
    publishedAsStated: published.asStated,
    publishedReasoning: published.reasoning,
    publishedEarliest: published.earliest,
    publishedLatest: published.latest,
  }
}

const hashContent = (content: string | Uint8Array) =>
  createHash('sha256').update(content).digest('hex')

export const articleKind = defineKind({
  kind: 'article',
  plural: 'articles',
  description:
    'Source documents: what every fact is cited from. The body never changes once it is stored.',
  nameMember: 'title',
  list: articleList,
  ledgerMembers: {
    register: sql`CASE WHEN article.register IS NOT NULL THEN json_build_object('name', article.register) END`,
  },
  singleQuery: singleArticle,
  listEntrySchema: ArticleListed,
  recordSchema: Article,
  writer: articleWriter,
})
