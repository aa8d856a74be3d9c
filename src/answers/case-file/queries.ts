import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import { loadSnapshotsAt } from '../../ledger/queries.ts'
import { Problem } from '../../problem.ts'
import { findRecordRow, resolveRecordId } from '../../records/model/list-queries.ts'
import { Kind } from '../../records/model/schema.ts'
import type { RecordSnapshot } from '../../records/model/snapshots.ts'
import { buildWireRecordsAt } from '../../records/read/as-of.ts'

/**
 * Every record that belonged to the case after a revision: those for which an article of the case was cited then, and
 * the articles. Read from the ledger alone.
 *
 * @throws {Problem} not-found, retracted
 */
export async function readCaseFile(db: Db, ref: string, revision: number, isPast: boolean) {
  const caseId = isPast
    ? (await findRecordRow(db, 'case', ref))?.id
    : await resolveRecordId(db, 'case', ref)
  if (caseId === undefined) throw new Problem('not-found', `No case has the slug or id ${ref}.`)
  const candidates = await loadSnapshotsAt(db, await findEverConnectedIds(db, caseId), revision)
  const live = [...candidates.values()]
    .map(({ content: document }) => document as RecordSnapshot)
    .filter((document) => !('state' in document))
  const articles = new Set(
    live.filter(({ kind, case: of }) => kind === 'article' && of === caseId).map(({ id }) => id),
  )
  const caseRecords = live
    .filter(
      (document) =>
        document.id === caseId || articles.has(document.id) || citesAnyArticle(document, articles),
    )
    .sort((a, b) => (a.slug < b.slug ? -1 : 1))
  if (!caseRecords.some(({ id }) => id === caseId))
    throw new Problem('not-found', `The case ${ref} did not exist at revision ${revision}.`)
  const byKind = Object.groupBy(caseRecords, ({ kind }) => kind)
  const expandKind = async (kind: Kind) =>
    buildWireRecordsAt(
      db,
      (byKind[kind] ?? []).map((snapshot) => ({ kind, snapshot })),
      revision,
    )
  const [caseRecord] = (await expandKind('case')).filter(({ id }) => id === caseId)
  const lists = Kind.options.filter((kind) => kind !== 'case')
  const recordLists = await Promise.all(
    lists.map(async (kind) => [`${kind}s`, await expandKind(kind)] as const),
  )
  return { revision, case: caseRecord, ...Object.fromEntries(recordLists) }
}

const citesAnyArticle = ({ citations }: RecordSnapshot, articles: ReadonlySet<string>): boolean =>
  Array.isArray(citations) &&
  citations.some((citation: { article?: unknown }) => articles.has(String(citation.article)))

/**
 * Ids of the records that have to do with the case now, or had at any time: a citation that was removed is found in the
 * documents of those days.
 */
async function findEverConnectedIds(db: Db, caseId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    WITH articles AS (SELECT id FROM article WHERE case_id = ${caseId})
    SELECT ${caseId}::uuid AS id UNION SELECT id FROM articles
    UNION SELECT record_id FROM citation WHERE article_id IN (SELECT id FROM articles)
    UNION SELECT later.record_id FROM ledger_document AS later
      WHERE later.change = 'update' AND EXISTS (SELECT 1 FROM ledger_document AS earlier, articles
        WHERE earlier.record_id = later.record_id AND earlier.revision < later.revision
          AND earlier.document LIKE '%' || articles.id || '%')`.execute(db)
  return rows.map(({ id }) => id)
}
