import { sql } from 'kysely'
import { jsonArray } from '../../../database/sql-fragments.ts'
import { derived, inSingle, recordName, text } from '../../model/field-builders.ts'
import { declareRecord } from '../../model/record-fields.ts'
import { firstDay, referenceMembers } from '../../model/sql-json.ts'
import type { CaseInput } from './schema.ts'

const articlesJson = jsonArray(
  referenceMembers('of_article'),
  sql`article
    JOIN record AS of_article ON of_article.id = article.id
    WHERE article.case_id = record.id AND of_article.state = 'live'`,
  sql`${firstDay('article.published')}, article.id`,
)

export const caseFields = declareRecord<CaseInput>()({
  kind: 'case',
  table: 'case_file',
  fields: {
    title: recordName(),
    summary: text('case_file.summary'),
    /** Ids, oldest article first, without retracted ones. */
    articles: inSingle(derived<readonly string[]>({ json: articlesJson, absent: [] })),
  },
})
