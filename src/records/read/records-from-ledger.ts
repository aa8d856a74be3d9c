import { sql } from 'kysely'
import { type Fragment, jsonObject } from '../../database/columns.ts'
import type { Db } from '../../database/database.ts'
import { statement } from '../../database/statement.ts'
import { kinds } from '../kinds/all-kinds.ts'
import { readMany } from '../model/list-queries.ts'
import type { Kind, Reference } from '../model/schema.ts'
import { type Expansion, isWhole, type RecordDocument, toDocument } from '../model/snapshots.ts'
import { placeMembers } from '../model/sql-json.ts'
import { type Kept, namedIn, wireOf } from './ledger-to-wire.ts'

/** Of a record that a statement chose: what `keptColumns` says of it. */
export type Chosen = { id: string; kind: Kind; kept: string | null; newest: string }

/** Joins the document of the newest revision of each `record`, under the alias `ledger`. */
export const joinKept: Fragment = sql`LEFT JOIN ledger_document AS ledger ON ledger.record_id = record.id AND ledger.revision = record.revision`

/** Every write is a revision: two statements that see the same newest one see the same data. */
const newestRevision = sql`(SELECT max(number) FROM revision)`

export const keptColumns: Fragment = sql`record.id, record.kind, ledger.document AS kept, ${newestRevision} AS newest`

/**
 * Live records whole, as they stand: not put together from a dozen tables but read from the documents that the ledger
 * keeps of them, which are the same by construction (`casefile verify` holds them against each other). `choose` is a
 * statement that picks them; the names in them are looked up after it, and if somebody wrote in between, both are done again on
 * one snapshot.
 *
 * @returns the rows, in their order, and the wire forms by id
 */
export async function readStanding<Row extends Chosen>(
  db: Db,
  choose: (db: Db) => Promise<Row[]>,
): Promise<{ rows: Row[]; wires: Map<string, Record<string, unknown>> }> {
  const rows = await choose(db)
  const wires = await expandRows(db, rows)
  if (wires) return { rows, wires }
  return inSnapshot(db, async (snapshot) => {
    const again = await choose(snapshot)
    // Still not: a document of a time before the program knew some member of it.
    const standing = (await expandRows(snapshot, again)) ?? (await putTogether(snapshot, again))
    return { rows: again, wires: standing }
  })
}

async function putTogether(db: Db, rows: readonly Pick<Chosen, 'id' | 'kind'>[]) {
  const wires = new Map<string, Record<string, unknown>>()
  for (const [kind, ofKind] of Map.groupBy(rows, (row) => row.kind)) {
    const { from, members } = kinds[kind].single
    const ids = ofKind.map(({ id }) => id)
    for (const [id, wire] of await readMany(db, kind, from, members, ids)) wires.set(id, wire)
  }
  return wires
}

/** Null when a document lacks something, or somebody wrote after the rows were read. */
async function expandRows(
  db: Db,
  rows: readonly Chosen[],
): Promise<Map<string, Record<string, unknown>> | null> {
  const documents: Kept[] = []
  for (const row of rows) {
    const document = documentOf(row)
    if (document === null) return null
    documents.push({ kind: row.kind, document })
  }
  const named = await readNamed(db, namedIn(documents))
  if (named.newest !== null && rows.some(({ newest }) => newest !== named.newest)) return null
  const expansion: Expansion = {
    reference: (id) => named.records.get(id),
    place: (slug) => named.places.get(slug),
  }
  return new Map(documents.map((one) => [one.document.id, wireOf(one, expansion)]))
}

/**
 * The document of a record as it stands. Null when there is none, or it is of a time before the program knew some member of it:
 * then `documentsAgain` makes it.
 */
export function documentOf({ kind, kept }: Pick<Chosen, 'kind' | 'kept'>): RecordDocument | null {
  if (kept === null) return null
  const document = JSON.parse(kept) as RecordDocument
  return isWhole(kinds[kind].whole, document) ? document : null
}

/** Documents of live records, put together from their tables. */
export async function documentsAgain(
  db: Db,
  rows: readonly Pick<Chosen, 'id' | 'kind'>[],
): Promise<Map<string, RecordDocument>> {
  const documents = new Map<string, RecordDocument>()
  for (const [id, wire] of await putTogether(db, rows))
    documents.set(id, toDocument(kinds[wire.kind as Kind].whole, wire))
  return documents
}

/** A record, or a place with the JSON of it. */
type NamedRow = { newest: string } & (
  | { kind: Kind; id: string; slug: string; name: string }
  | { kind: null; slug: string; place: string }
)

/** The records and places that documents name, as they are shown; and the newest revision then, if they name any. */
async function readNamed(db: Db, values: { ids: string[]; slugs: string[] }) {
  const query = statement<NamedRow>('standing|named', values, (slot) => {
    const query = sql<NamedRow>`
      SELECT kind, id, slug, name, NULL AS place, ${newestRevision} AS newest FROM record WHERE id = ANY(${slot('ids')}::uuid[])
      UNION ALL SELECT NULL, NULL, p.slug, NULL, ${jsonObject(placeMembers)}::text, ${newestRevision} FROM place AS p WHERE p.slug = ANY(${slot('slugs')}::text[])`
    return { compile: () => query.compile(db) }
  })
  const { rows } = await db.executeQuery(query)
  const records = new Map<string, Reference>()
  const places = new Map<string, unknown>()
  for (const row of rows)
    if (row.kind === null) places.set(row.slug, JSON.parse(row.place))
    else {
      const { kind, id, slug, name } = row
      records.set(id, { id, slug, name, href: `/v1/${kind}s/${slug}` })
    }
  return { newest: rows[0]?.newest ?? null, records, places }
}

/** Runs reads on one snapshot, so that an answer is of one revision. */
export const inSnapshot = <T>(db: Db, read: (db: Db) => Promise<T>): Promise<T> =>
  db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(read)
