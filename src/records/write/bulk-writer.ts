import { sql } from 'kysely'
import pg from 'pg'
import { z } from 'zod'
import { toConstraintProblem } from '../../database/constraint-problems.ts'
import { type CopyBatch, copyRows, formatCopyLine } from '../../database/copy.ts'
import { type Db, noTimeoutOption } from '../../database/database.ts'
import { createConnectionKysely } from '../../database/kysely.ts'
import { sha256 } from '../../ledger/canonical-json.ts'
import {
  appendRevisionByCopy,
  type ChainHead,
  type LedgerCopyBuffer,
  type LedgerRow,
  lockLedgerForCopy,
  type RevisionCause,
  toLedgerRow,
} from '../../ledger/ledger-writer.ts'
import { kinds } from '../kinds/all-kinds.ts'
import { type Kind, RecordCitation } from '../model/schema.ts'
import { buildSnapshotsInBatches, type ChangedRecords } from './commit.ts'

/** New records by the thousand, ready to be copied in: rows by table, in the order in which they refer to one another. */
export type BulkWrite = {
  tables: CopyBatch[]
  snapshots: LedgerCopyBuffer
  /** Records whose documents are read back when all rows are there: changed ones, and new ones without a document here. */
  changedRecords?: ChangedRecords
}

export type BulkWriter = {
  /**
   * Writes records as one revision. `build` is called when it is this writer's turn, with the revision before;
   * nobody else writes from then to the commit. Null: there is nothing to write after all. What `build` changes itself
   * of records that are there it names as touched. `before` may copy what needs no number and takes long.
   *
   * @throws {Problem} of a violated constraint; then nothing is written
   */
  write(
    cause: RevisionCause,
    build: (previous: ChainHead, db: Db, client: pg.ClientBase) => Promise<BulkWrite | null>,
    before?: (client: pg.ClientBase) => Promise<void>,
  ): Promise<ChainHead>
  close(): Promise<void>
}

/**
 * The second door through which records are written, beside `commit()`: for thousands at once. New ones are copied in
 * with the documents that the caller made of them by `newDocument`; those of changed ones are read back. Whoever
 * changes the effects of events here holds the lives of permits against what is possible (`checkPermitLife`), and
 * settles those that effects were copied in for.
 */
export async function openBulkWriter(url: string): Promise<BulkWriter> {
  const client = new pg.Client({
    connectionString: url,
    options: noTimeoutOption,
    application_name: `casefile import ${process.pid}`,
  })
  client.on('error', () => undefined)
  await client.connect()
  // Trigram indexes take what is new in a list that is sorted in when it is full; a longer one is sorted in faster.
  await client.query("SET gin_pending_list_limit = '32MB'")
  const db = createConnectionKysely(
    async (text, values) => (await client.query(text, [...values])).rows,
  )
  return {
    async write(cause, build, before) {
      await client.query('BEGIN')
      try {
        await client.query("SET LOCAL casefile.settled = 'on'")
        await before?.(client)
        const previous = await lockLedgerForCopy(client)
        const write = await build(previous, db, client)
        let last = previous
        if (write !== null) {
          for (const rows of write.tables) await copyRows(client, rows)
          await appendChangedSnapshots(db, write)
          last = await appendRevisionByCopy(client, previous, cause, write.snapshots)
        }
        await client.query('COMMIT')
        return last
      } catch (error) {
        await client.query('ROLLBACK').catch(() => undefined)
        throw toConstraintProblem(error) ?? error
      }
    },
    close: () => client.end(),
  }
}

/** Adds the documents of what was touched. */
async function appendChangedSnapshots(
  db: Db,
  {
    snapshots: documents,
    changedRecords: touched = new Map(),
  }: Pick<BulkWrite, 'snapshots' | 'changedRecords'>,
): Promise<void> {
  if (touched.size === 0) return
  const revision = String(documents.revision)
  await sql`UPDATE record SET revision = ${revision}::bigint WHERE id = ANY(${[...touched.keys()]}::uuid[])`.execute(
    db,
  )
  for await (const group of buildSnapshotsInBatches(db, touched))
    for (const document of group) documents.push(toLedgerRow(document))
}

/** The line of the spine of a new record. */
export const formatRecordLine = (
  id: string,
  kind: Kind,
  slug: string,
  name: string,
  revision: bigint,
) => formatCopyLine([id, kind, slug, name, String(revision)])
export const recordColumns = ['id', 'kind', 'slug', 'name', 'revision'] as const

/** `undefined` is left out. */
type MemberShape = readonly { name: string; absent: null | [] | undefined }[]

/** Members in the order of canonical JSON, each with the value that stands for "nothing said". */
const buildMemberShape = (schema: z.ZodObject, ledgerMembers: object = {}): MemberShape =>
  [
    ...Object.entries(schema.shape as Record<string, z.ZodType>)
      .filter(([name]) => name !== 'href' && name !== 'conflicts')
      .map(([name, member]) => ({
        name,
        absent: member instanceof z.ZodArray ? ([] as []) : null,
      })),
    ...Object.keys(ledgerMembers).map((name) => ({ name, absent: undefined })),
  ].sort((a, b) => (a.name < b.name ? -1 : 1))

function orderMembers(
  shape: MemberShape,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const ordered: Record<string, unknown> = {}
  for (const { name, absent } of shape) ordered[name] = given[name] ?? absent
  return ordered
}

const shapeByKind = new Map<Kind, MemberShape>()

/**
 * The ledger's document of a new record, as canonical JSON: what is not given is null or empty. References are ids. The
 * members of nested objects must be given in the order of their names, for the text is written as it comes.
 * `casefile verify` holds it against what the database says of the record.
 */
export function buildNewSnapshot(
  kind: Kind,
  id: string,
  given: Readonly<Record<string, unknown>>,
): LedgerRow {
  let shape = shapeByKind.get(kind)
  if (shape === undefined) {
    shape = buildMemberShape(kinds[kind].recordSchema, kinds[kind].ledgerMembers)
    shapeByKind.set(kind, shape)
  }
  const document = JSON.stringify(orderMembers(shape, { ...given, id, kind }))
  return { recordId: id, change: 'create', document, hash: sha256(document) }
}

/** A passage that was found before: its place is known and not looked for. */
export type LocatedCitation = {
  id: string
  recordId: string
  articleId: string
  start: number
  end: number
  quote: string
  prefix: string
  suffix: string
  fragment: string | null
}

const citationShape = buildMemberShape(RecordCitation)

export const citationColumns = [
  'id',
  'record_id',
  'position',
  'article_id',
  'start_at',
  'end_at',
  'quote',
  'prefix',
  'suffix',
  'fragment',
]

export const formatCitationLine = (one: LocatedCitation, position: number): string =>
  formatCopyLine([
    one.id,
    one.recordId,
    position,
    one.articleId,
    one.start,
    one.end,
    one.quote,
    one.prefix,
    one.suffix,
    one.fragment,
  ])

/** As it stands in the document of its record. */
export const buildCitationMember = (one: LocatedCitation): Record<string, unknown> => {
  const { recordId, articleId, ...own } = one
  return orderMembers(citationShape, { ...own, article: articleId, state: 'anchored' })
}

/** Records that are indexed in one turn: others can write in between. */
const indexBatchSize = 1_000
/** PostgreSQL plans for tables as large as they were when it looked at them last; it looks again when so many are indexed. */
const analyseThresholds = [4_000, 32_000, 256_000]

/**
 * Indexes for search what imports have copied in and left for later. Safe to break off and to run twice.
 *
 * @returns how many records were indexed
 */
export async function indexBacklog(
  url: string,
  onIndexed: (records: number) => void = () => undefined,
): Promise<number> {
  const client = new pg.Client({
    connectionString: url,
    options: noTimeoutOption,
    application_name: `casefile index ${process.pid}`,
  })
  client.on('error', () => undefined)
  await client.connect()
  let indexed = 0
  try {
    for (;;) {
      const { rows } = await client.query<{ revision: string }>(
        'SELECT revision FROM search_backlog ORDER BY revision LIMIT 1',
      )
      const revision = rows[0]?.revision
      if (revision === undefined) return indexed
      for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
        const { rows: ids } = await client.query<{ id: string }>(
          `SELECT record_id AS id FROM ledger_document WHERE revision = $1 AND record_id > $2
            ORDER BY record_id LIMIT ${indexBatchSize}`,
          [revision, after],
        )
        const last = ids.at(-1)
        if (last === undefined) break
        after = last.id
        await client.query('BEGIN')
        await lockLedgerForCopy(client)
        await client.query('SELECT refresh_search($1)', [ids.map(({ id }) => id)])
        await client.query('COMMIT')
        if (analyseThresholds.some((at) => indexed < at && at <= indexed + ids.length))
          await client.query('ANALYZE search_document, search_name')
        indexed += ids.length
        onIndexed(indexed)
      }
      await client.query('DELETE FROM search_backlog WHERE revision = $1', [revision])
    }
  } finally {
    await client.end()
  }
}
