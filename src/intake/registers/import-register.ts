import { createHash } from 'node:crypto'
import type { Database } from '../../database/database.ts'
import { FatalError } from '../../fatal-error.ts'
import { Problem } from '../../problem.ts'
import { type BulkWrite, type BulkWriter, openBulkWriter } from '../../records/write/bulk-writer.ts'
import { indexBacklog } from '../../records/write/search-backlog.ts'
import { readYaml } from '../yaml-file.ts'
import { classifyRows, type RejectedRow, type RowBatch, recheckBatch } from './batches.ts'
import { changePermits } from './changes/change-permits.ts'
import { simulateNewPermit, simulateRow } from './changes/row-comparison.ts'
import { findKeptSlugs, withdrawPermits } from './changes/withdraw-permits.ts'
import { findOrphanedRows, refreshEntityIds } from './entity-ids.ts'
import { buildBulkWrite, type DraftedRow, type EntityIds, type Release } from './new-permits.ts'
import {
  analyseTables,
  findIdsBySlug,
  findImportedPermits,
  findLatestRevision,
  findReleases,
  type ImportedPermit,
  listLivePermits,
} from './queries.ts'
import { importCause, storeArticle } from './store-article.ts'
import { createRowMapper, RowError, type RowMapper } from './table/row-mapper.ts'
import { type FileInspection, inspectFile, type RegisterRow, readRows } from './table/rows.ts'
import { RegisterMap } from './table/schema.ts'

export type ImportRequest = {
  file: string
  /** The column map, a YAML file. */
  map: string
  isDryRun: boolean
  /** Maximum share of the permits to withdraw, in percent; if it would be more, none is withdrawn. */
  withdrawAtMost: number
  /** Maximum number of rows per revision. New permits of one day in a batch share the event that issued them. */
  batchRows?: number
  /** The same for rows about existing permits; it does not change the result. */
  changeBatchRows?: number
  onReject(reject: RejectedRow): void
  /** Receives the number of indexed records, after all rows. */
  onIndexed?: (records: number) => void
  /** Receives bytes and rows read so far, and seconds since the first row. */
  onProgress(done: { bytes: number; ofBytes: number; rows: number; seconds: number }): void
}

export type ImportResult = {
  register: string
  article: string
  /** False: the article existed, so this run continued an earlier one or changed nothing. */
  isNewRelease: boolean
  encoding: string
  rows: number
  added: number
  changed: number
  renewed: number
  unchanged: number
  withdrawn: number
  /** Slugs of permits that the release no longer has, but other records refer to. */
  kept: string[]
  /** Why permits that the release no longer has were not withdrawn; null if there are none. */
  notWithdrawn: string | null
  rejected: number
  /** Cells with values that a permit cannot have, such as several states; most frequent first. */
  leftOpen: { cell: string; rows: number }[]
  /** For the rows. `indexSeconds`: for withdrawals and the search index. */
  seconds: number
  indexSeconds: number
}

/** Enough rows to be fast, and few enough that other writers do not wait long. */
const defaultBatchRows = 4_000
/** Rows about existing permits take four times as long as rows about new ones. */
const changeBatchShare = 1 / 4
/** After fewer new permits the statistics of PostgreSQL are still good enough for the search index. */
const analyseThreshold = 1_000
const placeholderId = '00000000-0000-0000-0000-000000000000'

/**
 * Imports a release of a register of permits in batches. Creates new permits, changes and renews existing ones, and withdraws
 * those that the release no longer has. After an interruption, another run continues.
 *
 * @throws {FatalError} if file or map cannot be used, or the release is older than the last import
 */
export async function importRegister(
  database: Database,
  request: ImportRequest,
): Promise<ImportResult> {
  const { content: map, lineOf } = readYaml(request.map, RegisterMap)
  const inspection = await inspectFile(request.file, map.file)
  const releases = await findReleases(database.db, map.register)
  const importedRelease = releases.find(({ sourceSha256 }) => sourceSha256 === inspection.sha256)
  if (importedRelease && importedRelease !== releases[0])
    throw new FatalError(
      `${request.file} was imported before, as ${importedRelease.slug}, and a newer release since, ${releases[0]?.slug}.`,
    )
  if (importedRelease && importedRelease.state !== 'live')
    throw new FatalError(
      `${request.file} was imported as ${importedRelease.slug}, which was retracted.`,
    )
  const { slug } = map.article
  if (
    importedRelease === undefined &&
    (await findIdsBySlug(database.db, 'article', [slug])).has(slug)
  )
    throw new FatalError(
      `${lineOf('/article/slug')}: the article "${slug}" is of another file. A newer release is an article of its own: give it another slug and title.`,
    )
  const scan = await scanRegister(request.file, map, inspection).catch((error: unknown) => {
    if (!(error instanceof RowError)) throw error
    throw new FatalError(`${lineOf('/permit')}: ${error.message}`, { cause: error })
  })
  const bulk = await openBulkWriter(database.url)
  try {
    const isWritten = !request.isDryRun && importedRelease === undefined
    const articleId = isWritten
      ? await storeArticle(bulk, request.file, map, inspection, () => undefined).catch(
          throwFatalError,
        )
      : (importedRelease?.id ?? '')
    const { register } = map
    const release = { articleId, register, sha256: inspection.sha256, title: map.article.title }
    // A dry run has not created the actors of the map; placeholder ids suffice, because nothing is written.
    const until = await findLatestRevision(database.db)
    const entityIds: EntityIds = {
      actors: new Map(),
      goods: new Map(),
      revision: until,
      version: 0,
    }
    if (request.isDryRun) {
      const slugs = map.actors.map(({ slug }) => slug)
      const storedIds = await findIdsBySlug(database.db, 'actor', slugs)
      for (const slug of slugs) entityIds.actors.set(slug, storedIds.get(slug) ?? placeholderId)
    }
    const run = createImportRun({ known: entityIds, database, bulk, request, map, scan, release })
    const started = performance.now()
    let bytes = 0
    for await (const group of readRows(request.file, inspection.encoding, map.file)) {
      bytes += group.bytes.length
      await run.take(group.rows.filter(({ number }) => number > scan.headingRow))
      const seconds = (performance.now() - started) / 1_000
      const { rows } = run.result
      request.onProgress({ bytes, ofBytes: inspection.bytes, rows, seconds })
    }
    await run.finish()
    const seconds = (performance.now() - started) / 1_000
    await withdrawMissingPermits(run.result, { database, bulk, request, scan, release })
    if (!request.isDryRun) {
      if (run.result.added > analyseThreshold) await analyseTables(database.db)
      await indexBacklog(database.url, request.onIndexed)
    }
    const { leftOpen, ...counted } = run.result
    return {
      register,
      article: importedRelease?.slug ?? map.article.slug,
      isNewRelease: importedRelease === undefined,
      encoding: inspection.encoding,
      ...counted,
      leftOpen: [...leftOpen]
        .map(([cell, rows]) => ({ cell, rows }))
        .sort((a, b) => b.rows - a.rows),
      seconds,
      indexSeconds: (performance.now() - started) / 1_000 - seconds,
    }
  } finally {
    await bulk.close()
  }
}

function throwFatalError(error: unknown): never {
  if (!(error instanceof Problem)) throw error
  throw new FatalError(error.message, { cause: error })
}

type RegisterScan = {
  drafter: RowMapper
  /** Number of the heading row; permits come after it. */
  headingRow: number
  /** Number of rows about the permit of a key. */
  countRows(key: string): number
  /** Number of rows without a readable key. */
  unidentifiedRows: number
}

/** Reads the table once to count the rows of each key. @throws {RowError} for a column that the table does not have */
async function scanRegister(
  file: string,
  map: RegisterMap,
  { encoding }: FileInspection,
): Promise<RegisterScan> {
  const { header, skip } = map.file
  const heading = skip + (header ? 1 : 0)
  let drafter = header ? undefined : createRowMapper(map, null)
  let unknown = 0
  // By 48 bits of the hash of the key: a million keys are some tens of megabytes.
  const counts = new Map<number, number>()
  for await (const { rows } of readRows(file, encoding, map.file))
    for (const row of rows) {
      if (header && row.number === heading) drafter = createRowMapper(map, row.fields)
      if (row.number <= heading || row.text === '') continue
      const key = row.fault === null ? drafter?.readKey(row.fields) : undefined
      if (key == null) unknown += 1
      else counts.set(shortenKey(key), (counts.get(shortenKey(key)) ?? 0) + 1)
    }
  if (drafter === undefined) throw new FatalError(`${file} has no heading in row ${heading}.`)
  // An empty release would withdraw all permits.
  if (unknown + counts.size === 0)
    throw new FatalError(`${file} has no rows below row ${heading}: nothing is imported.`)
  return {
    drafter,
    headingRow: heading,
    unidentifiedRows: unknown,
    countRows: (key) => counts.get(shortenKey(key)) ?? 0,
  }
}

const shortenKey = (key: string): number => createHash('sha1').update(key).digest().readUIntBE(0, 6)

type ImportRun = {
  database: Database
  bulk: BulkWriter
  request: ImportRequest
  map: RegisterMap
  scan: RegisterScan
  release: Release
  known: EntityIds
}

/** A batch that was prepared before its write began. */
type PreparedBatch = {
  /** The newest revision at the time of the look-ups. */
  baseRevision: bigint
  /** `EntityIds.version` at that time. */
  entityIdsVersion: number
  batch: RowBatch
  /** The expected number of the revision, which the snapshots in `preparedWrite` have. */
  revision: bigint
  preparedWrite: BulkWrite | null
}

/** Takes rows as they come. While one batch is written, the next is read and classified. */
function createImportRun({
  database,
  bulk,
  request,
  map,
  scan,
  release,
  known: entityIds,
}: ImportRun) {
  const { drafter } = scan
  const result = {
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
  let waiting: RegisterRow[] = []
  let existingRows: DraftedRow[] = []
  let pendingKeys: ReadonlySet<string> = new Set()
  let pendingWrite: Promise<void> = Promise.resolve()
  /** Revisions of this import, after which earlier look-ups are still valid. */
  const ownRevisions = new Set<bigint>()

  /** The last revision that a batch was prepared for. */
  let lastPlannedRevision = 0n

  const { batchRows = defaultBatchRows } = request
  const { changeBatchRows = Math.ceil(batchRows * changeBatchShare) } = request

  /** Writes one revision, after the known ids were refreshed. */
  async function writeRevision(build: Parameters<BulkWriter['write']>[1]): Promise<void> {
    let written: bigint | null = null
    await bulk.write(importCause, async (previous, db, client) => {
      if (!isOwn(entityIds.revision, previous.number))
        await refreshEntityIds(db, entityIds, previous.number)
      const writeBatch = await build(previous, db, client)
      if (writeBatch !== null) written = previous.number + 1n
      return writeBatch
    })
    if (written !== null) ownRevisions.add(written)
  }

  async function writeBatch(planned: PreparedBatch): Promise<void> {
    const { batch } = planned
    if (!request.isDryRun && hasNewRecords(batch))
      await writeRevision(async (previous, db) => {
        // Somebody else wrote since the look-ups: check them under the lock.
        if (!isOwn(planned.baseRevision, previous.number)) await recheckBatch(db, release, batch)
        const isSame = planned.entityIdsVersion === entityIds.version
        if (!isSame) refuseOrphaned(batch)
        const revision = previous.number + 1n
        return isSame && planned.revision === revision && planned.preparedWrite
          ? planned.preparedWrite
          : buildBulkWrite(batch.newPermits, batch.newEntities, entityIds, release, revision)
      }).catch(throwFatalError)
    result.added += batch.newPermits.length
    result.unchanged += batch.unchanged
    existingRows.push(...batch.existingPermits)
    for (const reject of batch.rejects) refuseRow(reject)
    for (const [cell, count] of batch.leftOpen)
      result.leftOpen.set(cell, (result.leftOpen.get(cell) ?? 0) + count)
  }

  /** Rejects rows that name something that somebody else retracted after it was looked up. */
  function refuseOrphaned(batch: RowBatch): void {
    const found = findOrphanedRows(batch.newPermits, entityIds)
    for (const [{ row }, stranger] of found) batch.rejects.push({ row, ...stranger })
    batch.newPermits = batch.newPermits.filter((row) => !found.has(row))
  }

  function isOwn(after: bigint, until: bigint): boolean {
    for (let revision = after + 1n; revision <= until; revision += 1n)
      if (!ownRevisions.has(revision)) return false
    return true
  }

  function refuseRow(reject: RejectedRow): void {
    result.rejected += 1
    request.onReject(reject)
  }

  async function flush(rows: readonly RegisterRow[]): Promise<void> {
    const basis = await findLatestRevision(database.db)
    const { version: entityIdsVersion } = entityIds
    const sorting = { register: release.register, drafter, known: entityIds, underway: pendingKeys }
    const batch = await classifyRows(database.db, sorting, rows)
    const revision = (basis > lastPlannedRevision ? basis : lastPlannedRevision) + 1n
    const isWritten = !request.isDryRun && hasNewRecords(batch)
    const made = isWritten
      ? await buildBulkWrite(batch.newPermits, batch.newEntities, entityIds, release, revision)
      : null
    if (isWritten) lastPlannedRevision = revision
    await pendingWrite
    const keys = batch.newPermits.map(({ draft }) => draft.key)
    // In a dry run, later rows of the same permit find it here and not in the database.
    if (request.isDryRun)
      for (const { draft, row } of batch.newPermits)
        if (scan.countRows(draft.key) > 1)
          simulatedPermits.set(draft.key, simulateNewPermit(release, draft.key, row))
    pendingKeys = request.isDryRun
      ? new Set([...pendingKeys, ...keys.filter((key) => scan.countRows(key) > 1)])
      : new Set(keys)
    pendingWrite = writeBatch({
      baseRevision: basis,
      entityIdsVersion: entityIdsVersion,
      batch,
      revision,
      preparedWrite: made,
    })
    // The next `await pendingWrite` throws the error; until then it is unhandled.
    pendingWrite.catch(() => undefined)
    if (existingRows.length >= changeBatchRows) await changeExisting()
  }

  /** In a dry run, permits with several rows, in the state after the rows so far. */
  const simulatedPermits = new Map<string, ImportedPermit>()

  async function simulateRows(rows: readonly DraftedRow[]): Promise<void> {
    const judging = { release, map, drafter, rowsOf: scan.countRows }
    const keys = rows.map(({ draft }) => draft.key).filter((key) => !simulatedPermits.has(key))
    const stored = await findImportedPermits(database.db, release.register, keys)
    for (const one of rows) {
      const { key } = one.draft
      const permit = simulatedPermits.get(key) ?? stored.get(key)
      if (permit === undefined) throw new Error(`The dry run has lost the permit of ${key}.`)
      if (scan.countRows(key) > 1) simulatedPermits.set(key, permit)
      try {
        result[simulateRow(judging, permit, one)] += 1
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        refuseRow({ row: one.row, column: '', reason: error.message })
      }
    }
  }

  async function changeExisting(): Promise<void> {
    await pendingWrite
    const rows = existingRows
    existingRows = []
    if (request.isDryRun) return await simulateRows(rows)
    const changing = {
      release,
      map,
      drafter,
      known: entityIds,
      rowsOf: scan.countRows,
      write: writeRevision,
    }
    for (let from = 0; from < rows.length; from += changeBatchRows)
      await changePermits(
        changing,
        rows.slice(from, from + changeBatchRows),
        ({ row }, outcome) => {
          if (typeof outcome === 'string') result[outcome] += 1
          else refuseRow({ row, ...outcome })
        },
      )
  }

  return {
    result,
    async take(rows: readonly RegisterRow[]): Promise<void> {
      for (const row of rows) if (row.text !== '') waiting.push(row)
      // The last row waits for the next one, which completes its suffix.
      while (waiting.length > batchRows) {
        const batch = waiting.slice(0, batchRows)
        waiting = waiting.slice(batchRows)
        result.rows += batch.length
        await flush(batch)
      }
    },
    async finish(): Promise<void> {
      result.rows += waiting.length
      if (waiting.length > 0) await flush(waiting)
      waiting = []
      await changeExisting()
    },
  }
}

const hasNewRecords = ({ newPermits, newEntities }: RowBatch): boolean =>
  newPermits.length > 0 || newEntities.actors.size > 0 || newEntities.goods.size > 0

const permitsPerBatch = 1_000

/** Withdraws permits that the release no longer has, unless rows are unreadable or the share is too high. */
async function withdrawMissingPermits(
  result: { added: number; withdrawn: number; kept: string[]; notWithdrawn: string | null },
  { database, bulk, request, scan, release }: Omit<ImportRun, 'map' | 'known'>,
): Promise<void> {
  const missingPermits: { id: string; slug: string }[] = []
  // A dry run has not stored the new permits.
  let live = request.isDryRun ? result.added : 0
  for (let after = ''; ; ) {
    const permits = await listLivePermits(database.db, release.register, after, permitsPerBatch)
    const last = permits.at(-1)
    if (last === undefined) break
    after = last.key
    live += permits.length
    missingPermits.push(...permits.filter(({ key }) => scan.countRows(key) === 0))
  }
  if (missingPermits.length === 0) return
  if (scan.unidentifiedRows > 0)
    result.notWithdrawn = `${missingPermits.length} permits are not in this release, but ${scan.unidentifiedRows} of its rows cannot be read, and they may be those.`
  else if (missingPermits.length > (live * request.withdrawAtMost) / 100)
    result.notWithdrawn = `${missingPermits.length} of ${live} permits are not in this release, more than ${request.withdrawAtMost} %. Is it whole? --withdraw-at-most sets the limit.`
  else
    for (let from = 0; from < missingPermits.length; from += permitsPerBatch) {
      const group = missingPermits.slice(from, from + permitsPerBatch)
      const kept = request.isDryRun
        ? await findKeptSlugs(database.db, release, group)
        : await withdrawPermits(bulk, release, group)
      result.withdrawn += group.length - kept.length
      result.kept.push(...kept)
    }
}
