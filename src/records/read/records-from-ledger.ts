import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import { prepareStatement } from '../../database/prepared-statements.ts'
import { jsonObject, type SqlFragment } from '../../database/sql-fragments.ts'
import { kinds } from '../kinds/all-kinds.ts'
import { readWireRecords } from '../model/list-queries.ts'
import { buildHref, type Kind, type Reference } from '../model/schema.ts'
import {
  isCompleteSnapshot,
  type RecordSnapshot,
  type ReferenceLookup,
  wireToSnapshot,
} from '../model/snapshots.ts'
import { placeMembers, placesFrom } from '../model/sql-json.ts'
import { buildWireRecord, collectReferencedKeys, type LiveSnapshot } from './ledger-to-wire.ts'

/** The columns `snapshotColumns` of a record. `kept` is its snapshot, `newest` the newest revision. */
export type SelectedRecordRow = { id: string; kind: Kind; kept: string | null; newest: string }

/** Joins the newest snapshot of each `record`, under the alias `ledger`. */
export const joinLedgerSnapshot: SqlFragment = sql`
  LEFT JOIN ledger_document AS ledger
    ON ledger.record_id = record.id AND ledger.revision = record.revision`

/** Every write is a revision: two statements with the same newest revision see the same data. */
const newestRevision = sql`(SELECT max(number) FROM revision)`

export const snapshotColumns: SqlFragment = sql`record.id, record.kind, ledger.document AS kept, ${newestRevision} AS newest`

/**
 * Live records with their citations, read from their snapshots in the ledger instead of a dozen tables. Both have the same
 * content (`casefile verify` compares them). `selectRecords` selects the records; a second statement looks up the names
 * in them. If somebody wrote in between, both run again on one database snapshot.
 *
 * @returns the rows, in their order, and the records by id
 */
export async function readRecordsFromLedger<Row extends SelectedRecordRow>(
  db: Db,
  selectRecords: (db: Db) => Promise<Row[]>,
): Promise<{ rows: Row[]; wires: Map<string, Record<string, unknown>> }> {
  const rows = await selectRecords(db)
  const wires = await buildWiresFromSnapshots(db, rows)
  if (wires) return { rows, wires }
  return withDatabaseSnapshot(db, async (snapshot) => {
    const currentRows = await selectRecords(snapshot)
    // Null again: a snapshot is older than a member of the schema.
    const currentWires =
      (await buildWiresFromSnapshots(snapshot, currentRows)) ??
      (await readWiresFromTables(snapshot, currentRows))
    return { rows: currentRows, wires: currentWires }
  })
}

async function readWiresFromTables(
  db: Db,
  rows: readonly Pick<SelectedRecordRow, 'id' | 'kind'>[],
) {
  const wires = new Map<string, Record<string, unknown>>()
  for (const [kind, ofKind] of Map.groupBy(rows, (row) => row.kind)) {
    const { from, members } = kinds[kind].singleQuery
    const ids = ofKind.map(({ id }) => id)
    for (const [id, wire] of await readWireRecords(db, kind, from, members, ids))
      wires.set(id, wire)
  }
  return wires
}

/** Null if a snapshot is incomplete, or somebody wrote after the rows were read. */
async function buildWiresFromSnapshots(
  db: Db,
  rows: readonly SelectedRecordRow[],
): Promise<Map<string, Record<string, unknown>> | null> {
  const documents: LiveSnapshot[] = []
  for (const row of rows) {
    const document = parseSnapshot(row)
    if (document === null) return null
    documents.push({ kind: row.kind, snapshot: document })
  }
  const named = await loadReferencedRows(db, collectReferencedKeys(documents))
  if (named.newest !== null && rows.some(({ newest }) => newest !== named.newest)) return null
  const expansion: ReferenceLookup = {
    reference: (id) => named.records.get(id),
    place: (slug) => named.places.get(slug),
  }
  return new Map(documents.map((one) => [one.snapshot.id, buildWireRecord(one, expansion)]))
}

/**
 * The newest snapshot of a record. Null if there is none, or it is older than a member of the schema: then `rebuildSnapshots`
 * makes it.
 */
export function parseSnapshot({
  kind,
  kept,
}: Pick<SelectedRecordRow, 'kind' | 'kept'>): RecordSnapshot | null {
  if (kept === null) return null
  const document = JSON.parse(kept) as RecordSnapshot
  return isCompleteSnapshot(kinds[kind].recordSchema, document) ? document : null
}

/** Snapshots of live records, made from their tables. */
export async function rebuildSnapshots(
  db: Db,
  rows: readonly Pick<SelectedRecordRow, 'id' | 'kind'>[],
): Promise<Map<string, RecordSnapshot>> {
  const documents = new Map<string, RecordSnapshot>()
  for (const [id, wire] of await readWiresFromTables(db, rows))
    documents.set(id, wireToSnapshot(kinds[wire.kind as Kind].recordSchema, wire))
  return documents
}

/** A record, or a place as JSON text. */
type ReferencedRow = { newest: string } & (
  | { kind: Kind; id: string; slug: string; name: string }
  | { kind: null; slug: string; place: string }
)

/** The records and places that snapshots refer to, and the newest revision if there are any. */
async function loadReferencedRows(db: Db, values: { ids: string[]; slugs: string[] }) {
  const query = prepareStatement<ReferencedRow>('standing|named', values, (slot) => {
    const query = sql<ReferencedRow>`
      SELECT kind, id, slug, name, NULL AS place, ${newestRevision} AS newest
      FROM record WHERE id = ANY(${slot('ids')}::uuid[])
      UNION ALL
      SELECT NULL, NULL, named.slug, NULL, ${jsonObject(placeMembers)}::text, ${newestRevision}
      FROM ${placesFrom}
      WHERE named.kind = 'place' AND named.slug = ANY(${slot('slugs')}::text[])`
    return { compile: () => query.compile(db) }
  })
  const { rows } = await db.executeQuery(query)
  const records = new Map<string, Reference>()
  const places = new Map<string, unknown>()
  for (const row of rows)
    if (row.kind === null) places.set(row.slug, JSON.parse(row.place))
    else {
      const { kind, id, slug, name } = row
      records.set(id, { id, slug, name, href: buildHref(kind, slug) })
    }
  return { newest: rows[0]?.newest ?? null, records, places }
}

/** Runs reads on one database snapshot, so that an answer is of one revision. */
export const withDatabaseSnapshot = <T>(db: Db, read: (db: Db) => Promise<T>): Promise<T> =>
  db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(read)
