import { sql } from 'kysely'
import type { DatabaseSnapshot, Db } from '../../database/database.ts'
import type { Kind } from '../../records/model/schema.ts'

/** Rows in memory at a time; an event of a register's import has hundreds of effects. */
const snapshotsPerBatch = 20

/**
 * Ids of the case and of the records that cite one of its articles now or did so in an earlier snapshot. A record without
 * updates still has its first citations, so only updated records are searched for removed ones.
 */
const everConnected = (caseId: string) => sql`
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
      )`

/** The snapshots that records of a kind had at a revision, each once; a record that did not exist then is left out. */
const snapshotsAt = (caseId: string, kind: Kind, revision: number) => sql`
  SELECT record.id, past.document
  FROM (${everConnected(caseId)}) AS connected
  JOIN record ON record.id = connected.id AND record.kind = ${kind}
  CROSS JOIN LATERAL (
    SELECT document
    FROM ledger_document
    WHERE record_id = record.id AND revision <= ${revision}
    ORDER BY revision DESC
    LIMIT 1
  ) AS past`

/** Ids of the articles that belonged to the case after a revision, and were not retracted. */
export async function findArticleIdsAt(
  db: Db,
  { fetchAll }: Pick<DatabaseSnapshot, 'fetchAll'>,
  caseId: string,
  revision: number,
): Promise<string[]> {
  const query = sql<{ id: string }>`
    SELECT id
    FROM (${snapshotsAt(caseId, 'article', revision)}) AS past
    WHERE document::jsonb ->> 'case' = ${caseId}`
  const rows = await fetchAll(query.compile(db))
  return rows.map(({ id }) => id)
}

/** How many records a case has had, about: for a limit. */
export async function countConnectedRecords(
  db: Db,
  { fetchAll }: Pick<DatabaseSnapshot, 'fetchAll'>,
  caseId: string,
): Promise<number> {
  const query = sql<{ count: number }>`
    SELECT count(*)::float8 AS count
    FROM (${everConnected(caseId)}) AS connected`
  const rows = await fetchAll(query.compile(db))
  return rows[0]?.count ?? 0
}

/**
 * The snapshots of a kind at a revision, by slug: of the case itself, its articles, and the records that cited one of these.
 * Retracted and merged records are left out.
 */
export function streamCaseSnapshots(
  db: Db,
  { streamBatches }: Pick<DatabaseSnapshot, 'streamBatches'>,
  selection: { caseId: string; articleIds: readonly string[]; kind: Kind; revision: number },
): AsyncGenerator<{ document: string }[]> {
  const { caseId, articleIds, kind, revision } = selection
  const ids = sql`${[...articleIds]}::text[]`
  const belongs = kind === 'case' ? sql`(id = ${caseId}` : sql`(id::text = ANY(${ids})`
  const query = sql<{ document: string }>`
    SELECT document
    FROM (${snapshotsAt(caseId, kind, revision)}) AS past
    CROSS JOIN LATERAL (SELECT document::jsonb AS content) AS parsed
    WHERE NOT content ? 'state'
      AND ${belongs} OR EXISTS (
        SELECT 1
        FROM jsonb_array_elements(content -> 'citations') AS citation
        WHERE citation ->> 'article' = ANY(${ids})
      ))
    ORDER BY content ->> 'slug' COLLATE "C"`
  return streamBatches(query.compile(db), snapshotsPerBatch)
}
