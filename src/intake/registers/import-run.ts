import type { Database } from '../../database/database.ts'
import { FatalError } from '../../fatal-error.ts'
import { Problem } from '../../problem.ts'
import type { BulkWrite, BulkWriter } from '../../records/write/bulk-writer.ts'
import { classifyRows, type RejectedRow, type RowBatch, recheckBatch } from './batches.ts'
import { changePermits } from './changes/change-permits.ts'
import { simulateNewPermit, simulateRow } from './changes/row-comparison.ts'
import { findOrphanedRows, refreshEntityIds } from './entity-ids.ts'
import { buildBulkWrite, type DraftedRow, type EntityIds, type Release } from './new-permits.ts'
import { findImportedPermits, findLatestRevision, type ImportedPermit } from './queries.ts'
import { importCause } from './store-article.ts'
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
  preparedWrite: BulkWrite | null
}

/** Takes rows as they come. While one batch is written, the next is read and classified. */
export class ImportRun {
  readonly result = {
    rows: 0,
    added: 0,
    changed: 0,
    renewed: 0,
    unchanged: 0,
    withdrawn: 0,
    rejected: 0,
    kept: [] as string[],
    notWithdrawn: null as string | null,
    leftOpen: new Map<string, number>(),
  }
  readonly #context: ImportRunContext
  readonly #batchRows: number
  readonly #changeBatchRows: number
  /** Rows that are not in a batch yet. */
  #waiting: RegisterRow[] = []
  /** Rows about existing permits that are not written yet. */
  #existingRows: DraftedRow[] = []
  /** Keys of permits that are being written; in a dry run, of all permits with several rows. */
  #pendingKeys: ReadonlySet<string> = new Set()
  #pendingWrite: Promise<void> = Promise.resolve()
  /** Revisions of this import, after which earlier look-ups are still valid. */
  readonly #ownRevisions = new Set<bigint>()
  /** The last revision that a batch was prepared for. */
  #lastPlannedRevision = 0n
  /** In a dry run, permits with several rows, in the state after the rows so far. */
  readonly #simulatedPermits = new Map<string, ImportedPermit>()

  constructor(context: ImportRunContext) {
    this.#context = context
    const { batchRows = defaultBatchRows } = context.request
    this.#batchRows = batchRows
    this.#changeBatchRows =
      context.request.changeBatchRows ?? Math.ceil(batchRows * changeBatchShare)
  }

  async take(rows: readonly RegisterRow[]): Promise<void> {
    for (const row of rows) if (row.text !== '') this.#waiting.push(row)
    // The last row waits for the next one, which completes its suffix.
    while (this.#waiting.length > this.#batchRows) {
      const batch = this.#waiting.slice(0, this.#batchRows)
      this.#waiting = this.#waiting.slice(this.#batchRows)
      await this.#flush(batch)
    }
  }

  async finish(): Promise<void> {
    const rows = this.#waiting
    this.#waiting = []
    if (rows.length > 0) await this.#flush(rows)
    await this.#changeExisting()
  }

  async #flush(rows: readonly RegisterRow[]): Promise<void> {
    this.result.rows += rows.length
    const prepared = await this.#prepareBatch(rows)
    await this.#pendingWrite
    this.#notePendingKeys(prepared.batch)
    this.#pendingWrite = this.#writeBatch(prepared)
    // The next `await` of it throws the error; until then it is unhandled.
    this.#pendingWrite.catch(() => undefined)
    if (this.#existingRows.length >= this.#changeBatchRows) await this.#changeExisting()
  }

  async #prepareBatch(rows: readonly RegisterRow[]): Promise<PreparedBatch> {
    const { database, request, scan, release, entityIds } = this.#context
    const baseRevision = await findLatestRevision(database.db)
    const { version: entityIdsVersion } = entityIds
    const batch = await classifyRows(
      database.db,
      {
        register: release.register,
        drafter: scan.drafter,
        known: entityIds,
        underway: this.#pendingKeys,
      },
      rows,
    )
    const last = this.#lastPlannedRevision
    const revision = (baseRevision > last ? baseRevision : last) + 1n
    let preparedWrite: BulkWrite | null = null
    if (!request.isDryRun && hasNewRecords(batch)) {
      preparedWrite = await this.#buildWrite(batch, revision)
      this.#lastPlannedRevision = revision
    }
    return { batch, baseRevision, entityIdsVersion, revision, preparedWrite }
  }

  #buildWrite({ newPermits, newEntities }: RowBatch, revision: bigint): Promise<BulkWrite> {
    const { entityIds, release } = this.#context
    return buildBulkWrite(newPermits, newEntities, entityIds, release, revision)
  }

  #notePendingKeys({ newPermits }: RowBatch): void {
    const { request, scan, release } = this.#context
    if (!request.isDryRun) {
      this.#pendingKeys = new Set(newPermits.map(({ draft }) => draft.key))
      return
    }
    // In a dry run, later rows of the same permit find it here and not in the database.
    const repeated = newPermits.filter(({ draft }) => scan.countRows(draft.key) > 1)
    for (const { draft, row } of repeated)
      this.#simulatedPermits.set(draft.key, simulateNewPermit(release, draft.key, row))
    this.#pendingKeys = new Set([...this.#pendingKeys, ...repeated.map(({ draft }) => draft.key)])
  }

  async #writeBatch(prepared: PreparedBatch): Promise<void> {
    const { batch } = prepared
    if (!this.#context.request.isDryRun && hasNewRecords(batch))
      await this.#writeNewRecords(prepared).catch(throwFatalError)
    this.result.added += batch.newPermits.length
    this.result.unchanged += batch.unchanged
    this.#existingRows.push(...batch.existingPermits)
    for (const reject of batch.rejects) this.#rejectRow(reject)
    for (const [cell, count] of batch.leftOpen)
      this.result.leftOpen.set(cell, (this.result.leftOpen.get(cell) ?? 0) + count)
  }

  #writeNewRecords(prepared: PreparedBatch): Promise<void> {
    const { batch, baseRevision, entityIdsVersion, preparedWrite } = prepared
    const { release, entityIds } = this.#context
    return this.#writeRevision(async (previous, db) => {
      // Somebody else wrote since the look-ups: check them under the lock.
      if (!this.#isOwn(baseRevision, previous.number)) await recheckBatch(db, release, batch)
      const hasSameIds = entityIdsVersion === entityIds.version
      if (!hasSameIds) rejectOrphanedRows(batch, entityIds)
      const revision = previous.number + 1n
      const isValid = hasSameIds && prepared.revision === revision
      return isValid && preparedWrite ? preparedWrite : this.#buildWrite(batch, revision)
    })
  }

  /** Writes one revision, after the known ids were refreshed. */
  async #writeRevision(build: Parameters<BulkWriter['write']>[1]): Promise<void> {
    const { bulk, entityIds } = this.#context
    let written: bigint | null = null
    await bulk.write(importCause, async (previous, db, client) => {
      if (!this.#isOwn(entityIds.revision, previous.number))
        await refreshEntityIds(db, entityIds, previous.number)
      const bulkWrite = await build(previous, db, client)
      if (bulkWrite !== null) written = previous.number + 1n
      return bulkWrite
    })
    if (written !== null) this.#ownRevisions.add(written)
  }

  /** Whether all revisions after the first and up to the second are of this import. */
  #isOwn(after: bigint, until: bigint): boolean {
    for (let revision = after + 1n; revision <= until; revision += 1n)
      if (!this.#ownRevisions.has(revision)) return false
    return true
  }

  async #changeExisting(): Promise<void> {
    await this.#pendingWrite
    const rows = this.#existingRows
    this.#existingRows = []
    const { request, scan, release, map, entityIds } = this.#context
    if (request.isDryRun) return await this.#simulateRows(rows)
    const changeContext = {
      release,
      map,
      drafter: scan.drafter,
      known: entityIds,
      rowsOf: scan.countRows,
      write: (build: Parameters<BulkWriter['write']>[1]) => this.#writeRevision(build),
    }
    for (let from = 0; from < rows.length; from += this.#changeBatchRows)
      await changePermits(
        changeContext,
        rows.slice(from, from + this.#changeBatchRows),
        ({ row }, outcome) => {
          if (typeof outcome === 'string') this.result[outcome] += 1
          else this.#rejectRow({ row, ...outcome })
        },
      )
  }

  async #simulateRows(rows: readonly DraftedRow[]): Promise<void> {
    const { database, release, map, scan } = this.#context
    const comparison = { release, map, drafter: scan.drafter, rowsOf: scan.countRows }
    const keys = rows
      .map(({ draft }) => draft.key)
      .filter((key) => !this.#simulatedPermits.has(key))
    const stored = await findImportedPermits(database.db, release.register, keys)
    for (const draftedRow of rows) {
      const { key } = draftedRow.draft
      const permit = this.#simulatedPermits.get(key) ?? stored.get(key)
      if (permit === undefined) throw new Error(`The dry run has lost the permit of ${key}.`)
      if (scan.countRows(key) > 1) this.#simulatedPermits.set(key, permit)
      try {
        this.result[simulateRow(comparison, permit, draftedRow)] += 1
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        this.#rejectRow({ row: draftedRow.row, column: '', reason: error.message })
      }
    }
  }

  #rejectRow(reject: RejectedRow): void {
    this.result.rejected += 1
    this.#context.request.onReject(reject)
  }
}

const hasNewRecords = ({ newPermits, newEntities }: RowBatch): boolean =>
  newPermits.length > 0 || newEntities.actors.size > 0 || newEntities.goods.size > 0

/** Rejects rows that name something that somebody else retracted after it was looked up. */
function rejectOrphanedRows(batch: RowBatch, entityIds: EntityIds): void {
  const orphaned = findOrphanedRows(batch.newPermits, entityIds)
  for (const [{ row }, rejection] of orphaned) batch.rejects.push({ row, ...rejection })
  batch.newPermits = batch.newPermits.filter((row) => !orphaned.has(row))
}

/** Turns a problem of a write into the end of the import. */
export function throwFatalError(error: unknown): never {
  if (!(error instanceof Problem)) throw error
  throw new FatalError(error.message, { cause: error })
}
