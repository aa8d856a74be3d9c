import { timelineListing } from '../../answers/timeline/queries.ts'
import type { DatabaseSnapshot, Db } from '../../database/database.ts'
import { kinds } from '../../records/kinds/all-kinds.ts'
import { citationList } from '../../records/kinds/citations/queries.ts'
import { buildListStatement, type ListDefinition } from '../../records/model/list-queries.ts'
import type { Kind } from '../../records/model/schema.ts'

/** The records of a kind that belong to a case, by slug: in full, or as lists show them. */
export async function* readCaseRecords(
  db: Db,
  snapshot: DatabaseSnapshot,
  kind: Kind,
  caseId: string,
  form: 'listed' | 'whole',
): AsyncGenerator<string[]> {
  const { list, singleQuery } = kinds[kind]
  const listing =
    form === 'whole' ? { ...list, members: singleQuery.members, sqlVariant: form } : list
  yield* readListEntries(db, snapshot, listing, caseId, 'slug')
}

/** All citations of articles of the case, in the order in which they were recorded. */
export async function* readCaseCitations(db: Db, snapshot: DatabaseSnapshot, caseId: string) {
  yield* readListEntries(db, snapshot, citationList, caseId, citationList.defaultSort)
}

/** The events of the case in timeline order. */
export async function* readCaseTimeline(db: Db, snapshot: DatabaseSnapshot, caseId: string) {
  const { defaultSort } = timelineListing
  for await (const batch of readListEntries(db, snapshot, timelineListing, caseId, defaultSort))
    yield* batch
}

async function* readListEntries(
  db: Db,
  { streamBatches }: DatabaseSnapshot,
  listing: ListDefinition,
  caseId: string,
  sort: string,
): AsyncGenerator<string[]> {
  const request = { filterValues: { case: caseId }, sort, limit: null, cursor: undefined }
  for await (const rows of streamBatches(buildListStatement(db, listing, request, null)))
    yield rows.map(({ document }) => document)
}
