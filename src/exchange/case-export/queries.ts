import { timelineListing } from '../../answers/timeline/queries.ts'
import type { DatabaseSnapshot, Db } from '../../database/database.ts'
import { kinds } from '../../records/kinds/all-kinds.ts'
import { citationList } from '../../records/kinds/citations/queries.ts'
import { buildListStatement, type ListDefinition } from '../../records/model/list-queries.ts'
import type { Kind } from '../../records/model/schema.ts'

/** The records of a kind that belong to a case, by slug, whole or as lists have them. */
export async function* readCaseRecords(
  db: Db,
  { streamBatches: batches }: DatabaseSnapshot,
  kind: Kind,
  caseId: string,
  form: 'listed' | 'whole',
): AsyncGenerator<string[]> {
  const { list: listing, singleQuery: single } = kinds[kind]
  const chosenListing =
    form === 'whole' ? { ...listing, members: single.members, sqlVariant: form } : listing
  yield* readListEntries(batches, db, chosenListing, caseId, 'slug')
}

/** Every citation of an article of the case, in the order of being recorded. */
export async function* readCaseCitations(
  db: Db,
  { streamBatches: batches }: DatabaseSnapshot,
  caseId: string,
) {
  yield* readListEntries(batches, db, citationList, caseId, citationList.defaultSort)
}

/** The events of the case in the order of the timeline. */
export async function* readCaseTimeline(
  db: Db,
  { streamBatches: batches }: DatabaseSnapshot,
  caseId: string,
) {
  const { defaultSort } = timelineListing
  for await (const batch of readListEntries(batches, db, timelineListing, caseId, defaultSort))
    yield* batch
}

async function* readListEntries(
  batches: DatabaseSnapshot['streamBatches'],
  db: Db,
  listing: ListDefinition,
  caseId: string,
  sort: string,
): AsyncGenerator<string[]> {
  const request = { filterValues: { case: caseId }, sort, limit: null, cursor: undefined }
  for await (const rows of batches(buildListStatement(db, listing, request, null)))
    yield rows.map(({ document }) => document)
}
