import { sql } from 'kysely'
import { columnRef, jsonArray } from '../../../database/sql-fragments.ts'
import { byName, byRelation } from '../../model/filters.ts'
import { defineKind } from '../../model/record-kind.ts'
import { defineRecordList } from '../../model/record-list.ts'
import { baseMembers, evidenceMembers, firstDay, referenceMembers } from '../../model/sql-json.ts'
import type { RecordWriter } from '../../model/writer.ts'
import { Case, CaseInput, CaseListed } from './schema.ts'

const listMembers = {
  ...baseMembers,
  title: columnRef('record.name'),
  summary: columnRef('case_file.summary'),
}

const from = sql`record JOIN case_file ON case_file.id = record.id`

export const caseList = defineRecordList({
  kind: 'case',
  from,
  members: listMembers,
  filters: {
    case: byRelation('case', 'Only this case.', (id) => sql`record.id = ${id}`),
    title: byName('Words of the title; typing errors and accents do not matter.'),
  },
  defaultSort: 'slug',
})

const singleCase = {
  from,
  members: {
    ...listMembers,
    articles: jsonArray(
      referenceMembers('of_article'),
      sql`article JOIN record AS of_article ON of_article.id = article.id WHERE article.case_id = record.id`,
      sql`${firstDay('article.published')}, article.id`,
    ),
    ...evidenceMembers,
  },
}

export const caseWriter: RecordWriter<CaseInput> = {
  kind: 'case',
  input: CaseInput,
  isCitationOptional: true,
  getDisplayName: (input) => input.title,
  buildRows: async (id, { summary }) => ({ caseFile: [{ id, summary }] }),
}

export const caseKind = defineKind({
  kind: 'case',
  plural: 'cases',
  description:
    'Sets of articles under one heading. A record belongs to a case when an article of the case is cited for it.',
  nameMember: 'title',
  list: caseList,
  singleQuery: singleCase,
  listEntrySchema: CaseListed,
  recordSchema: Case,
  writer: caseWriter,
})
