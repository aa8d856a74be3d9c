import { sql } from 'kysely'
import type { Db } from '../../../database/database.ts'
import { columnRef, jsonObject } from '../../../database/sql-fragments.ts'
import { splitIntoRanges } from '../../../evidence/cited-ranges.ts'
import { sha256 } from '../../../evidence/sha256.ts'
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
import { firstDay, referenceJson } from '../../model/sql-json.ts'
import type { RecordWriter } from '../../model/writer.ts'
import { articleFields } from './fields.ts'
import {
  Article,
  ArticleDescription,
  ArticleInput,
  ArticleListed,
  ArticlePost,
  ArticleType,
  isUncitable,
} from './schema.ts'

const articleList = defineRecordList({
  fields: articleFields,
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
        sql`EXISTS (
          SELECT 1
          FROM citation_voice
          JOIN citation ON citation.id = citation_voice.citation_id
          WHERE citation_voice.actor_id = ${id}
            AND citation.article_id = record.id
        )`,
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

/**
 * The body with its citations and marked spans, as JSON text.
 *
 * @throws {Problem} not-found, or not-acceptable for a long text
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
      `The text has ${article.body_length} characters, too many for JSON. Read it as plain text, and its citations at /v1/citations?article=${ref}.`,
    )
  const members = jsonObject({
    article: referenceJson('article.id'),
    bodySha256: columnRef('article.body_sha256'),
    body: columnRef('article.body'),
    spans: sql`COALESCE((
      SELECT json_agg(json_build_object(
        'type', type, 'start', start_at, 'end', end_at,
        'citation', citation, 'record', record, 'field', field
      ) ORDER BY start_at, end_at, citation)
      FROM (
        SELECT 'citation' AS type, start_at, end_at, citation.id AS citation,
          ${referenceJson('citation.record_id')} AS record, field
        FROM citation WHERE article_id = article.id
        UNION ALL
        SELECT type, start_at, end_at, NULL, NULL, NULL
        FROM article_span WHERE article_id = article.id
      ) AS span
    ), '[]'::json)`,
  })
  const { rows } = await sql<{
    document: string
  }>`SELECT ${members}::text AS document FROM article WHERE article.id = ${id}`.execute(db)
  const row = rows[0]
  if (row === undefined) throw new Problem('not-found', `No article has the id ${id}.`)
  const marked = JSON.parse(row.document)
  return JSON.stringify({ ...marked, ranges: splitIntoRanges(marked.spans) })
}

const SentArticle = ArticlePost.partial({ slug: true })

export const articleWriter: RecordWriter<ArticleInput> = {
  kind: 'article',
  input: ArticleInput,
  fields: articleFields,
  isCitationOptional: true,
  correctionInput: ArticleDescription,
  postRequest: {
    body: ArticlePost,
    toInput(posted) {
      // Without a slug, the write makes one from the title.
      const { text, boilerplate, slug = '', ...description } = SentArticle.parse(posted)
      return {
        slug,
        ...description,
        body: normaliseBody(text),
        spans: boilerplate.map((span) => ({
          type: 'boilerplate' as const,
          page: null,
          confidence: null,
          ...span,
        })),
        metadata: [],
        source: new TextEncoder().encode(text),
        sourceMediaType: 'text/plain; charset=utf-8',
      }
    },
  },
  computeValues: ({ body, source, spans }) => {
    const text = indexText(body)
    return {
      bodyLength: text.length,
      bodySha256: sha256(body),
      sourceSha256: sha256(source),
      fingerprints: computeFingerprints(extractCitableText(text, spans)),
    }
  },
}

/** The body without the spans that cannot be cited. Ignores spans outside the body, which the database rejects. */
export function extractCitableText(
  text: IndexedText,
  spans: readonly { type: string; start: number; end: number }[],
): string {
  const parts: string[] = []
  let from = 0
  const uncitableSpans = spans.filter(isUncitable).toSorted((a, b) => a.start - b.start)
  for (const { start, end } of uncitableSpans) {
    const until = Math.min(start, text.length)
    if (until > from) parts.push(text.slice(from, until))
    from = Math.max(from, Math.min(end, text.length))
  }
  return [...parts, text.slice(from, text.length)].join('\n')
}

/** @throws {Problem} invalid-request for text that no body can contain */
function normaliseBody(text: string): string {
  try {
    return normaliseText(text)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const errors = [{ pointer: '/body/text', detail: error.message }]
    throw new Problem('invalid-request', `/body/text: ${error.message}`, { cause: error, errors })
  }
}

export const articleKind = defineKind({
  plural: 'articles',
  description:
    'Source documents: what every fact is cited from. The body never changes once it is stored.',
  list: articleList,
  ledgerMembers: {
    register: sql`
      CASE WHEN article.register IS NOT NULL THEN json_build_object('name', article.register) END`,
  },
  listEntrySchema: ArticleListed,
  recordSchema: Article,
  writer: articleWriter,
})
