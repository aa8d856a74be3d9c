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
  /** Where more than this share of the permits would be withdrawn, in percent, none is. */
  withdrawAtMost: number
  /** Rows of a revision at most. New permits of one day in a batch share the event that issued them. */
  batchRows?: number
  /** Of them, rows about permits that are there already; what comes of them does not hang on it. */
  changeBatchRows?: number
  onReject(reject: RejectedRow): void
  /** Told how many of the new records can be searched, when the rows are in. */
  onIndexed?: (records: number) => void
  /** Told now and then: bytes read of all, rows read, seconds since the rows began. */
  onProgress(done: { bytes: number; ofBytes: number; rows: number; seconds: number }): void
}

export type ImportResult = {
  register: string
  article: string
  /** False: the article was there already, so this run went on with an earlier one, or changes nothing. */
  isNewRelease: boolean
  encoding: string
  rows: number
  added: number
  changed: number
  renewed: number
  unchanged: number
  withdrawn: number
  /** Slugs of permits that the release no longer has and that others speak of. */
  kept: string[]
  /** Why permits that the release no longer has were not withdrawn; null when there is no such. */
  notWithdrawn: string | null
  rejected: number
  /** Cells that name what no permit can hold, such as several states, most frequent first. */
  leftOpen: { cell: string; rows: number }[]
  /** For the rows; then for what is withdrawn, and for the search index. */
  seconds: number
  indexSeconds: number
}

/** Rows of a revision: enough to be fast, and nobody waits for long to write beside it. */
const defaultBatchRows = 4_000
/** Of a batch, as many rows about permits that are there already take as long as all of new ones. */
const changeBatchShare = 1 / 4
/** Of new permits PostgreSQL need not know at once to plan well for the search index. */
const analyseThreshold = 1_000
const placeholderId = '00000000-0000-0000-0000-000000000000'

/**
 * Imports a release of a register of permits, by the batch: new permits, changed and renewed ones, and those that it no
 * longer has are withdrawn. It can be broken off at any time: run again, it goes on where it was.
 *
 * @throws {FatalError} when file or map are of no use, or the release is older than one that was imported
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
    // A dry run has not made the actors of the map; nothing is written that would need the ids of those that there are not.
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
  /** Number of the heading row; rows up to it are no permits. */
  headingRow: number
  /** Rows of the permit of a key. */
  countRows(key: string): number
  /** Rows of which nobody can tell which permit they are about. */
  unidentifiedRows: number
}

/** Reads the table once to see which permits it is about. @throws {RowError} for a column that it does not have */
async function scanRegister(
  file: string,
  map: RegisterMap,
  { encoding }: FileInspection,
): Promise<RegisterScan> {
  const { header, skip } = map.file
  const heading = skip + (header ? 1 : 0)
  let drafter = header ? undefined : createRowMapper(map, null)
  let unknown = 0
  // Keys by 48 bits of their hash: a million of them are some tens of megabytes.
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
  // As a release it would say that there is no permit any more.
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

/** What is to be written of some rows, made before it is their turn. */
type PreparedBatch = {
  /** The newest revision when it was looked up what is there. */
  baseRevision: bigint
  /** How often actors or goods had changed by then. */
  entityIdsVersion: number
  batch: RowBatch
  /** The number that the revision is likely to have; it stands in the documents of `write`. */
  revision: bigint
  preparedWrite: BulkWrite | null
}

/** Takes rows as they come: while one batch is on its way into the database, the next is read and sorted. */
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
  /** Revisions that are our own, so that what was looked up before them still holds. */
  const ownRevisions = new Set<bigint>()

  /** The last revision that a batch is meant to be. */
  let lastPlannedRevision = 0n

  const { batchRows = defaultBatchRows } = request
  const { changeBatchRows = Math.ceil(batchRows * changeBatchShare) } = request

  /** One revision; before it is made, `known` is what holds. */
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
        // Somebody else wrote since: look again, now that nobody can.
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

  /** Somebody else has retracted what these rows name, after it was looked up. */
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
    // A dry run writes nothing that a later row of the same permit would find.
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
    // Noted at the next await; until then nobody would hear of it.
    pendingWrite.catch(() => undefined)
    if (existingRows.length >= changeBatchRows) await changeExisting()
  }

  /** Permits of which a dry run meets several rows, as they would be by then. */
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
      // The last row waits for the one after it, whose words it keeps.
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

/** Withdraws what the release no longer has, unless that cannot be told, or is too much to be meant. */
async function withdrawMissingPermits(
  result: { added: number; withdrawn: number; kept: string[]; notWithdrawn: string | null },
  { database, bulk, request, scan, release }: Omit<ImportRun, 'map' | 'known'>,
): Promise<void> {
  const missingPermits: { id: string; slug: string }[] = []
  // A dry run has not stored what would be added.
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
