import { sql } from 'kysely'
import { columnRef, jsonArray, type SqlFragment } from '../../../database/sql-fragments.ts'
import {
  computed,
  derived,
  hidden,
  inSingle,
  list,
  notAFact,
  number,
  recordName,
  reference,
  statedDate,
  text,
  textList,
} from '../../model/field-builders.ts'
import { declareRecord } from '../../model/record-fields.ts'
import { isUncitableSpan } from '../../model/sql-json.ts'
import type { ArticleInput } from './schema.ts'

const spanFields = {
  type: text('article_span.type'),
  start: number('article_span.start_at'),
  end: number('article_span.end_at'),
  page: number('article_span.page'),
  note: text('article_span.note'),
  confidence: number('article_span.confidence'),
}

const spansJson = (condition: SqlFragment): SqlFragment =>
  jsonArray(
    Object.fromEntries(Object.entries(spanFields).map(([name, { json }]) => [name, json])),
    sql`article_span WHERE article_span.article_id = article.id AND ${condition}`,
    columnRef('article_span.position'),
  )

export const articleFields = declareRecord<ArticleInput>()({
  kind: 'article',
  table: 'article',
  fields: {
    title: recordName(),
    type: text('article.type'),
    case: notAFact(reference('case', 'article.case_id')),
    publisher: reference('actor', 'article.publisher_id'),
    authors: textList('article.authors'),
    url: text('article.url'),
    language: notAFact(text('article.language')),
    publishedOn: statedDate('article.published'),
    bodyLength: computed(notAFact(number('article.body_length'))),
    bodySha256: computed(notAFact(text('article.body_sha256'))),
    sourceMediaType: notAFact(text('article.source_media_type')),
    sourceSha256: computed(notAFact(text('article.source_sha256'))),
    /** NULL where the text is long and stands in `article_part`; so is `source`. */
    body: inSingle(text('article.body')),
    boilerplate: inSingle(
      derived<readonly object[]>({ json: spansJson(isUncitableSpan), absent: [] }),
    ),
    spans: inSingle(list('article_span.article_id', spanFields)),
    metadata: inSingle(
      list('article_metadata.article_id', {
        name: text('article_metadata.name'),
        value: text('article_metadata.value'),
        foundIn: text('article_metadata.found_in'),
      }),
    ),
    source: hidden<Uint8Array | null>('article.source', null),
    fingerprints: computed(hidden<readonly number[]>('article.fingerprints', [])),
    /** The register that it is a release of. */
    register: computed(hidden<string | null>('article.register', null)),
  },
})
