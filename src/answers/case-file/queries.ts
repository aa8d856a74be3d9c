import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import { loadSnapshotsAt } from '../../ledger/queries.ts'
import { Problem } from '../../problem.ts'
import { findRecordRow, resolveRecordId } from '../../records/model/list-queries.ts'
import { Kind } from '../../records/model/schema.ts'
import type { RecordSnapshot } from '../../records/model/snapshots.ts'
import { buildWireRecordsAt } from '../../records/read/as-of.ts'

/**
 * Reads all records that belonged to the case after `revision`: its articles, and the records that cited one of them then.
 *
 * @throws {Problem} not-found, retracted
 */
export async function readCaseFile(db: Db, ref: string, revision: number, isPast: boolean) {
  const caseId = isPast
    ? (await findRecordRow(db, 'case', ref))?.id
    : await resolveRecordId(db, 'case', ref)
  if (caseId === undefined) throw new Problem('not-found', `No case has the slug or id ${ref}.`)
  const snapshots = await loadCaseSnapshots(db, caseId, revision)
  if (!snapshots.some(({ id }) => id === caseId))
    throw new Problem('not-found', `The case ${ref} did not exist at revision ${revision}.`)
  const byKind = Object.groupBy(snapshots, ({ kind }) => kind)
  const buildWires = async (kind: Kind) =>
    buildWireRecordsAt(
      db,
      (byKind[kind] ?? []).map((snapshot) => ({ kind, snapshot })),
      revision,
    )
  const [caseRecord] = (await buildWires('case')).filter(({ id }) => id === caseId)
  const otherKinds = Kind.options.filter((kind) => kind !== 'case')
  const recordLists = await Promise.all(
    otherKinds.map(async (kind) => [`${kind}s`, await buildWires(kind)] as const),
  )
  return { revision, case: caseRecord, ...Object.fromEntries(recordLists) }
}

/** The snapshots of the case and of its records at `revision`, by slug. Retracted and merged records are left out. */
async function loadCaseSnapshots(
  db: Db,
  caseId: string,
  revision: number,
): Promise<RecordSnapshot[]> {
  const candidates = await loadSnapshotsAt(db, await findEverConnectedIds(db, caseId), revision)
  const liveSnapshots = [...candidates.values()]
    .map(({ content }) => content as RecordSnapshot)
    .filter((snapshot) => !('state' in snapshot))
  const articleIds = new Set(
    liveSnapshots
      .filter((snapshot) => snapshot.kind === 'article' && snapshot.case === caseId)
      .map(({ id }) => id),
  )
  return liveSnapshots
    .filter(
      (snapshot) =>
        snapshot.id === caseId ||
        articleIds.has(snapshot.id) ||
        citesAnyArticle(snapshot, articleIds),
    )
    .sort((a, b) => (a.slug < b.slug ? -1 : 1))
}

const citesAnyArticle = ({ citations }: RecordSnapshot, articleIds: ReadonlySet<string>): boolean =>
  Array.isArray(citations) &&
  citations.some((citation: { article?: unknown }) => articleIds.has(String(citation.article)))

/**
 * Ids of the case and of the records that cite one of its articles now or did so in an earlier snapshot. A record without
 * updates still has its first citations, so only updated records are searched for removed ones.
 */
async function findEverConnectedIds(db: Db, caseId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    WITH articles AS (SELECT id FROM article WHERE case_id = ${caseId})
    SELECT ${caseId}::uuid AS id
    UNION SELECT id FROM articles
    UNION SELECT record_id FROM citation WHERE article_id IN (SELECT id FROM articles)
    UNION SELECT later.record_id
      FROM ledger_document AS later
      WHERE later.change = 'update'
        AND EXISTS (
          SELECT 1
          FROM ledger_document AS earlier, articles
          WHERE earlier.record_id = later.record_id
            AND earlier.revision < later.revision
            AND earlier.document LIKE '%' || articles.id || '%'
        )`.execute(db)
  return rows.map(({ id }) => id)
}
