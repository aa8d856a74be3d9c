import { sql } from 'kysely'
import { byName, byRelation } from '../../model/filters.ts'
import { defineKind } from '../../model/record-kind.ts'
import { defineRecordList } from '../../model/record-list.ts'
import type { RecordWriter } from '../../model/writer.ts'
import { caseFields } from './fields.ts'
import { Case, CaseInput, CaseListed } from './schema.ts'

const caseList = defineRecordList({
  fields: caseFields,
  filters: {
    case: byRelation('case', 'Only this case.', (id) => sql`record.id = ${id}`),
    title: byName('Words of the title; typing errors and accents do not matter.'),
  },
  defaultSort: 'slug',
})

export const caseWriter: RecordWriter<CaseInput> = {
  kind: 'case',
  fields: caseFields,
  input: CaseInput,
  isCitationOptional: true,
}

export const caseKind = defineKind({
  plural: 'cases',
  description:
    'Sets of articles under one heading. A record belongs to a case when an article of the case is cited for it.',
  list: caseList,
  listEntrySchema: CaseListed,
  recordSchema: Case,
  writer: caseWriter,
})
