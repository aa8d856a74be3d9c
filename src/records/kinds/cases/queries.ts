import { sql } from 'kysely'
import { column, jsonArray } from '../../../database/columns.ts'
import { byName, byRelation } from '../../model/filters.ts'
import { recordListing } from '../../model/listing.ts'
import { defineKind } from '../../model/record-kind.ts'
import { evidenceMembers, firstDay, referenceMembers, spineMembers } from '../../model/sql-json.ts'
import type { Writer } from '../../model/writer.ts'
import { Case, CaseInput, CaseListed } from './schema.ts'

const listed = {
  ...spineMembers,
  title: column('record.name'),
  summary: column('case_file.summary'),
}

const from = sql`record JOIN case_file ON case_file.id = record.id`

export const caseListing = recordListing({
  kind: 'case',
  from,
  members: listed,
  filters: {
    case: byRelation('case', 'Only this case.', (id) => sql`record.id = ${id}`),
    title: byName('Words of the title; typing errors and accents do not matter.'),
  },
  defaultSort: 'slug',
})

export const singleCase = {
  from,
  members: {
    ...listed,
    articles: jsonArray(
      referenceMembers('of_article'),
      sql`article JOIN record AS of_article ON of_article.id = article.id WHERE article.case_id = record.id`,
      sql`${firstDay('article.published')}, article.id`,
    ),
    ...evidenceMembers,
  },
}

export const caseWriter: Writer<CaseInput> = {
  kind: 'case',
  input: CaseInput,
  uncited: true,
  nameOf: (input) => input.title,
  rows: async (id, { summary }) => ({ caseFile: [{ id, summary }] }),
}

export const caseKind = defineKind({
  kind: 'case',
  plural: 'cases',
  description:
    'Sets of articles under one heading. A record belongs to a case when an article of the case is cited for it.',
  nameMember: 'title',
  listing: caseListing,
  single: singleCase,
  listed: CaseListed,
  whole: Case,
  writer: caseWriter,
})
