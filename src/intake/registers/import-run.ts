import type { Database, Db } from '../../database/database.ts'
import { FatalError } from '../../fatal-error.ts'
import { Problem } from '../../problem.ts'
import { BulkRecords } from '../../records/write/bulk-records.ts'
import type { BulkWrite, BulkWriter } from '../../records/write/bulk-writer.ts'
import type { ChangedRecords } from '../../records/write/commit.ts'
import { classifyUnits, type RejectedRow, type RowBatch, recheckBatch } from './batches.ts'
import { changePermits } from './changes/change-permits.ts'
import { changeRecords } from './changes/change-records.ts'
import { DryRunChanges } from './changes/dry-run-changes.ts'
import { copyRowsAndSettle } from './changes/queries.ts'
import type { RowOutcome } from './changes/row-comparison.ts'
import { ImportResultCounter } from './import-result.ts'
import { findLatestRevision } from './queries.ts'
import type {
  AnyDrafted,
  DraftedRecord,
  DraftedRow,
  EntityIds,
  Release,
} from './records/drafted.ts'
import { findOrphanedRows, refreshEntityIds } from './records/entity-ids.ts'
import { addNewRecords } from './records/new-permits.ts'
import { isRecord } from './records/new-records.ts'
import { createUnitCollector, type RecordUnit } from './records/record-units.ts'
import type { ReleaseArticle } from './store-article.ts'
import type { RegisterRow } from './table/rows.ts'
import type { RegisterScan } from './table/scan.ts'
import type { RegisterMap } from './table/schema.ts'

/** Enough rows to be fast, and few enough that other writers do not wait long. */
const defaultBatchRows = 4_000
/** Rows about existing permits take four times as long as rows about new ones. */
const changeBatchShare = 1 / 4

export type ImportRunContext = {
  database: Database
  bulk: BulkWriter
  request: {
    isDryRun: boolean
    batchRows?: number
    changeBatchRows?: number
    onReject(reject: RejectedRow): void
  }
  map: RegisterMap
  scan: RegisterScan
  release: Release
  article: ReleaseArticle
  entityIds: EntityIds
}

/** A batch that was prepared before its write began. */
type PreparedBatch = {
  batch: RowBatch
  /** The newest revision at the time of the look-ups. */
  baseRevision: bigint
  /** `EntityIds.version` at that time. */
  entityIdsVersion: number
  /** The expected number of the revision, which the snapshots in `preparedWrite` have. */
  revision: bigint
  preparedWrite: NewRecordsWrite | null
}

/** New records; the database derives the state of the `settled` permits. */
type NewRecordsWrite = BulkWrite & { settled: readonly string[] }

type BuildWrite = Parameters<BulkWriter['write']>[1]

/** Takes rows as they come. While one batch is written, the next is read and classified. */
export class ImportRun {
  readonly result: ImportResultCounter
  readonly #context: ImportRunContext
  readonly #batchRows: number
  readonly #changeBatchRows: number
  readonly #collect: ReturnType<typeof createUnitCollector>
  /** The last row that was read: the next one completes its suffix. */
  #lastRow: RegisterRow | null = null
  /** Units that are not in a batch yet, and their number of rows. */
  #waiting: RecordUnit[] = []
  #waitingRows = 0
  /** Rows that were rejected before they are in a batch. */
  #rejectedRows: RejectedRow[] = []
  /** Records that exist already and are not written yet. */
  #existingPermits: DraftedRow[] = []
  #existingRecords: DraftedRecord[] = []
  /** Keys of permits that are being written; in a dry run, of all permits with several rows. */
  #pendingKeys: ReadonlySet<string> = new Set()
  #pendingWrite: Promise<void> = Promise.resolve()
  /** Revisions of this import, after which earlier look-ups are still valid. */
  readonly #ownRevisions = new Set<bigint>()
  /** The last revision that a batch was prepared for. */
  #lastPlannedRevision = 0n
  readonly #numbers = new Map<number, number>()
  readonly #dryRun: DryRunChanges

  constructor(context: ImportRunContext) {
    this.#context = context
    const { batchRows = defaultBatchRows } = context.request
    this.#batchRows = batchRows
    this.#changeBatchRows =
      context.request.changeBatchRows ?? Math.ceil(batchRows * changeBatchShare)
    this.#collect = createUnitCollector(context.scan)
    this.result = new ImportResultCounter()
    this.#dryRun = new DryRunChanges(this.#changeContext())
  }

  async take(rows: readonly RegisterRow[]): Promise<void> {
    for (const row of rows) {
      if (row.text === '') continue
      if (this.#lastRow !== null) this.#takeRow(this.#lastRow)
      this.#lastRow = row
      if (this.#waitingRows >= this.#batchRows) await this.#flush()
    }
  }

  async finish(): Promise<void> {
    if (this.#lastRow !== null) this.#takeRow(this.#lastRow)
    this.#lastRow = null
    await this.#flush()
    await this.#changeExisting()
    const { article, request } = this.#context
    if (!article.isStored && !request.isDryRun && this.result.hasAccepted)
      await this.#storeArticle()
  }

  #takeRow(row: RegisterRow): void {
    const { units, rejection, isSkipped, totals } = this.#collect(row)
    this.result.rows += 1
    if (isSkipped) this.result.skipped += 1
    if (rejection !== null) {
      const { column, reason } = rejection
      this.#rejectedRows.push({ row, column, reason })
    }
    for (const total of totals) this.result.totals.takeTotal(total, row)
    for (const unit of units) {
      this.#waiting.push(unit)
      this.#waitingRows += unit.rows.length
    }
  }

  async #flush(): Promise<void> {
    const units = this.#waiting
    this.#waiting = []
    this.#waitingRows = 0
    const rejectedRows = this.#rejectedRows
    this.#rejectedRows = []
    if (units.length === 0) {
      for (const reject of rejectedRows) this.#rejectRow(reject)
      return
    }
    const prepared = await this.#prepareBatch(units)
    await this.#pendingWrite
    prepared.batch.rejects.push(...rejectedRows)
    this.#notePendingKeys(prepared.batch)
    this.#pendingWrite = this.#writeBatch(prepared)
    // The next `await` of it throws the error; until then it is unhandled.
    this.#pendingWrite.catch(() => undefined)
    const existing = this.#existingPermits.length + this.#existingRecords.length
    if (existing >= this.#changeBatchRows) await this.#changeExisting()
  }

  async #prepareBatch(units: readonly RecordUnit[]): Promise<PreparedBatch> {
    const { database, request, scan, release, entityIds, article } = this.#context
    const baseRevision = await findLatestRevision(database.db)
    const { version: entityIdsVersion } = entityIds
    const batch = await classifyUnits(
      database.db,
      {
        register: release.register,
        mapper: scan.mapper,
        known: entityIds,
        underway: this.#pendingKeys,
        numbers: this.#numbers,
      },
      units,
    )
    const last = this.#lastPlannedRevision
    const revision = (baseRevision > last ? baseRevision : last) + 1n
    let preparedWrite: NewRecordsWrite | null = null
    if (!request.isDryRun && hasNewRecords(batch)) {
      // The first batch is written together with the article.
      if (article.isStored || last > 0n) preparedWrite = await this.#buildWrite(batch, revision)
      this.#lastPlannedRevision = revision
    }
    return { batch, baseRevision, entityIdsVersion, revision, preparedWrite }
  }

  async #buildWrite(
    batch: RowBatch,
    revision: bigint,
    records = new BulkRecords(revision),
  ): Promise<NewRecordsWrite> {
    const { entityIds, release } = this.#context
    const { settled } = await addNewRecords(records, batch, entityIds, release)
    const changedRecords: ChangedRecords = new Map()
    for (const id of settled) changedRecords.set(id, { kind: 'permit', change: 'create' })
    return { ...records.toBulkWrite(), changedRecords, settled }
  }

  #notePendingKeys({ newRecords }: RowBatch): void {
    const { request, scan } = this.#context
    const permits = newRecords.filter((one): one is DraftedRow => !isRecord(one))
    if (!request.isDryRun) {
      this.#pendingKeys = new Set(permits.map(({ draft }) => draft.key))
      return
    }
    // In a dry run, later rows of the same permit find it here and not in the database.
    const repeated = permits.filter(({ draft, rows }) => scan.countRows(draft.key) > rows.length)
    for (const one of repeated) this.#dryRun.noteNewPermit(one)
    this.#pendingKeys = new Set([...this.#pendingKeys, ...repeated.map(({ draft }) => draft.key)])
  }

  async #writeBatch(prepared: PreparedBatch): Promise<void> {
    const { batch } = prepared
    if (!this.#context.request.isDryRun && hasNewRecords(batch))
      await this.#writeNewRecords(prepared).catch(throwFatalError)
    this.result.takeBatch(batch)
    this.#existingPermits.push(...batch.existingPermits)
    this.#existingRecords.push(...batch.changedRecords)
    batch.rejects.sort((a, b) => a.row.number - b.row.number)
    for (const reject of batch.rejects) this.#rejectRow(reject)
  }

  #writeNewRecords(prepared: PreparedBatch): Promise<void> {
    const { batch, baseRevision, entityIdsVersion, preparedWrite } = prepared
    const { release, entityIds, article } = this.#context
    return this.#writeRevision(async (previous, db, client) => {
      const revision = previous.number + 1n
      const records = new BulkRecords(revision)
      const changedRecords: ChangedRecords = new Map()
      if (!article.isStored) await article.addTo(db, records, changedRecords, entityIds)
      // Somebody else wrote since the look-ups: check them under the lock.
      if (!this.#isOwn(baseRevision, previous.number)) await recheckBatch(db, release, batch)
      const hasSameIds = entityIdsVersion === entityIds.version
      if (!hasSameIds) rejectOrphanedRows(batch, entityIds)
      const isValid = hasSameIds && prepared.revision === revision
      const write =
        isValid && preparedWrite ? preparedWrite : await this.#buildWrite(batch, revision, records)
      for (const [id, change] of write.changedRecords ?? []) changedRecords.set(id, change)
      return await settleNewPermits({ ...write, changedRecords }, db, client)
    })
  }

  /** Writes the article alone, for a release without new records. */
  #storeArticle(): Promise<void> {
    return this.#writeRevision(async ({ number }, db) => {
      const { article, entityIds } = this.#context
      const records = new BulkRecords(number + 1n)
      const changedRecords: ChangedRecords = new Map()
      await article.addTo(db, records, changedRecords, entityIds)
      return { ...records.toBulkWrite(), changedRecords }
    }).catch(throwFatalError)
  }

  /** Writes one revision, after the known ids were refreshed. The first one has the article. */
  async #writeRevision(build: BuildWrite): Promise<void> {
    const { bulk, entityIds, article, release } = this.#context
    let written: bigint | null = null
    const isFirst = !article.isStored
    await bulk.write(
      release.cause,
      async (previous, db, client) => {
        if (!this.#isOwn(entityIds.revision, previous.number)) {
          this.result.otherRevisions += this.#countOthers(entityIds.revision, previous.number)
          await refreshEntityIds(db, entityIds, previous.number)
        }
        const bulkWrite = await build(previous, db, client)
        if (bulkWrite !== null) written = previous.number + 1n
        return bulkWrite
      },
      isFirst ? (client) => article.copyText(client) : undefined,
    )
    if (written === null) return
    this.#ownRevisions.add(written)
    if (isFirst) article.noteStored()
  }

  /** Whether all revisions after the first and up to the second are of this import. */
  #isOwn(after: bigint, until: bigint): boolean {
    return this.#countOthers(after, until) === 0
  }

  #countOthers(after: bigint, until: bigint): number {
    let count = 0
    for (let revision = after + 1n; revision <= until; revision += 1n)
      if (!this.#ownRevisions.has(revision)) count += 1
    return count
  }

  #changeContext() {
    const { scan, release, map, entityIds } = this.#context
    return {
      release,
      map,
      mapper: scan.mapper,
      known: entityIds,
      rowsOf: scan.countRows,
      write: async (build: BuildWrite) => {
        if (!this.#context.article.isStored) await this.#storeArticle()
        await this.#writeRevision(build)
      },
    }
  }

  async #changeExisting(): Promise<void> {
    await this.#pendingWrite
    const permits = this.#existingPermits
    const records = this.#existingRecords
    this.#existingPermits = []
    this.#existingRecords = []
    const onDone = (drafted: AnyDrafted, outcome: RowOutcome | RejectReason) => {
      if (typeof outcome === 'string') return this.result.takeOutcome(drafted.draft, outcome)
      for (const row of drafted.rows) this.#rejectRow({ row, ...outcome })
    }
    const { request, database } = this.#context
    if (request.isDryRun) {
      await this.#dryRun.changePermits(database.db, permits, onDone)
      for (const record of records) onDone(record, 'changed')
      return
    }
    const changeContext = this.#changeContext()
    for (let from = 0; from < permits.length; from += this.#changeBatchRows)
      await changePermits(changeContext, permits.slice(from, from + this.#changeBatchRows), onDone)
    for (let from = 0; from < records.length; from += this.#changeBatchRows)
      await changeRecords(
        changeContext,
        records.slice(from, from + this.#changeBatchRows),
        onDone,
      ).catch(throwFatalError)
  }

  #rejectRow(reject: RejectedRow): void {
    this.result.rejected += 1
    this.#context.request.onReject(reject)
  }
}

type RejectReason = { column: string; reason: string }

const hasNewRecords = ({ newRecords, newEntities }: RowBatch): boolean =>
  newRecords.length > 0 || newEntities.actors.size > 0 || newEntities.goods.size > 0

/** Copies the rows before the snapshots are read, if the database derives some of what they have. */
async function settleNewPermits(
  write: NewRecordsWrite,
  db: Db,
  client: Parameters<BuildWrite>[2],
): Promise<BulkWrite> {
  if (write.settled.length === 0) return write
  await copyRowsAndSettle(db, client, write.tables, write.settled)
  return { ...write, tables: [] }
}

/** Rejects rows that name something that somebody else retracted after it was looked up. */
function rejectOrphanedRows(batch: RowBatch, entityIds: EntityIds): void {
  const orphaned = findOrphanedRows(batch.newRecords, entityIds)
  for (const [{ rows }, rejection] of orphaned)
    for (const row of rows) batch.rejects.push({ row, ...rejection })
  batch.newRecords = batch.newRecords.filter((row) => !orphaned.has(row))
}

/** Turns a problem of a write into the end of the import. */
function throwFatalError(error: unknown): never {
  if (!(error instanceof Problem)) throw error
  throw new FatalError(error.message, { cause: error })
}
