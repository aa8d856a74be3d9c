import { timelineListing } from '../../answers/timeline/queries.ts'
import type { Db, Moment } from '../../database/database.ts'
import { kinds } from '../../records/kinds/all-kinds.ts'
import { citationListing } from '../../records/kinds/citations/queries.ts'
import { type Listing, listStatement } from '../../records/model/list-queries.ts'
import type { Kind } from '../../records/model/schema.ts'

/** The records of a kind that belong to a case, by slug, whole or as lists have them. */
export async function* recordsOfCase(
  db: Db,
  { batches }: Moment,
  kind: Kind,
  caseId: string,
  form: 'listed' | 'whole',
): AsyncGenerator<string[]> {
  const { listing, single } = kinds[kind]
  const read = form === 'whole' ? { ...listing, members: single.members, form } : listing
  yield* documents(batches, db, read, caseId, 'slug')
}

/** Every citation of an article of the case, in the order of being recorded. */
export async function* citationsOfCase(db: Db, { batches }: Moment, caseId: string) {
  yield* documents(batches, db, citationListing, caseId, citationListing.defaultSort)
}

/** The events of the case in the order of the timeline. */
export async function* timelineOfCase(db: Db, { batches }: Moment, caseId: string) {
  const { defaultSort } = timelineListing
  for await (const some of documents(batches, db, timelineListing, caseId, defaultSort)) yield* some
}

async function* documents(
  batches: Moment['batches'],
  db: Db,
  listing: Listing,
  caseId: string,
  sort: string,
): AsyncGenerator<string[]> {
  const request = { given: { case: caseId }, sort, limit: null, cursor: undefined }
  for await (const rows of batches(listStatement(db, listing, request, null)))
    yield rows.map(({ document }) => document)
}
