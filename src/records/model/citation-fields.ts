import { sql } from 'kysely'
import { columnRef, jsonArray } from '../../database/sql-fragments.ts'
import type { ValuesOf } from './field.ts'
import {
  combineFields,
  hidden,
  jsonValue,
  list,
  number,
  reference,
  text,
} from './field-builders.ts'
import { compileTables } from './table-rows.ts'

/** The fields of a citation, which is a row of the list of its record. */
const citationFields = {
  id: { ...text('citation.id'), columns: [] },
  field: text('citation.field'),
  article: reference('article', 'citation.article_id'),
  start: number('citation.start_at'),
  end: number('citation.end_at'),
  quote: text('citation.quote'),
  prefix: text('citation.prefix'),
  suffix: text('citation.suffix'),
  value: jsonValue('citation.value'),
  voices: list(
    'citation_voice.citation_id',
    {
      actor: reference('actor', 'citation_voice.actor_id'),
      document: text('citation_voice.document'),
    },
    { ownerId: 'citation.id' },
  ),
  confidence: number('citation.confidence'),
  state: text('citation.state'),
  stateReason: text('citation.state_reason'),
  fragment: text('citation.fragment'),
  source: text('citation.source'),
  sourceConfidence: number('citation.source_confidence'),
  recordId: hidden<string>('citation.record_id'),
  position: hidden<number>('citation.position'),
}

const combined = combineFields(citationFields)

/** A citation with its place in the article, as the tables have it. */
export type CitationValues = ValuesOf<typeof citationFields>

export const citationTables = compileTables('citation', citationFields)

/** `RecordCitation` of a row of `citation`. */
export const citationMembers = combined.members

/** As it stands in the ledger's snapshot of its record. */
export const citationToSnapshot = combined.toSnapshot

/** The citations of a record, in their order. */
export const citationsJson = jsonArray(
  citationMembers,
  sql`citation WHERE citation.record_id = record.id`,
  columnRef('citation.position'),
)
