import { createHash } from 'node:crypto'
import { CannotStart } from '../../cannot-start.ts'
import type { Database } from '../../database/database.ts'
import { Problem } from '../../problem.ts'
import {
  type BulkWrite,
  type BulkWriter,
  indexBacklog,
  openBulk,
} from '../../records/write/bulk.ts'
import { readYaml } from '../yaml-file.ts'
import { type Batch, holdAgain, type Reject, sortRows } from './batches.ts'
import { changePermits } from './changes/change-permits.ts'
import { foresee, foreseen } from './changes/judge.ts'
import { keptOf, withdrawPermits } from './changes/withdraw-permits.ts'
import { catchUp, orphaned } from './known.ts'
import { type DraftedRow, type Known, type Release, writeOf } from './new-permits.ts'
import {
  analyse,
  headOf,
  idsOf,
  type KnownPermit,
  knownPermits,
  nextPermits,
  releasesOf,
} from './queries.ts'
import { cause, storeArticle } from './store-article.ts'
import { type Drafter, drafterOf, Misfit } from './table/draft.ts'
import { type Inspection, inspect, type Row, readRows } from './table/rows.ts'
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
  changesAtOnce?: number
  onReject(reject: Reject): void
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
const batchRowsStandard = 4_000
/** Of a batch, as many rows about permits that are there already take as long as all of new ones. */
const shareOfChanges = 1 / 4
/** Of new permits PostgreSQL need not know at once to plan well for the search index. */
const unnoticedMax = 1_000
const nobody = '00000000-0000-0000-0000-000000000000'

/**
 * Imports a release of a register of permits, by the batch: new permits, changed and renewed ones, and those that it no
 * longer has are withdrawn. It can be broken off at any time: run again, it goes on where it was.
 *
 * @throws {CannotStart} when file or map are of no use, or the release is older than one that was imported
 */
export async function importRegister(
  database: Database,
  request: ImportRequest,
): Promise<ImportResult> {
  const { content: map, lineOf } = readYaml(request.map, RegisterMap)
  const inspection = await inspect(request.file, map.file)
  const releases = await releasesOf(database.db, map.register)
  const known = releases.find(({ sourceSha256 }) => sourceSha256 === inspection.sha256)
  if (known && known !== releases[0])
    throw new CannotStart(
      `${request.file} was imported before, as ${known.slug}, and a newer release since, ${releases[0]?.slug}.`,
    )
  if (known && known.state !== 'live')
    throw new CannotStart(`${request.file} was imported as ${known.slug}, which was retracted.`)
  const { slug } = map.article
  if (known === undefined && (await idsOf(database.db, 'article', [slug])).has(slug))
    throw new CannotStart(
      `${lineOf('/article/slug')}: the article "${slug}" is of another file. A newer release is an article of its own: give it another slug and title.`,
    )
  const scan = await scanRows(request.file, map, inspection).catch((error: unknown) => {
    if (!(error instanceof Misfit)) throw error
    throw new CannotStart(`${lineOf('/permit')}: ${error.message}`, { cause: error })
  })
  const bulk = await openBulk(database.url)
  try {
    const isWritten = !request.isDryRun && known === undefined
    const articleId = isWritten
      ? await storeArticle(bulk, request.file, map, inspection, () => undefined).catch(refuse)
      : (known?.id ?? '')
    const { register } = map
    const release = { articleId, register, sha256: inspection.sha256, title: map.article.title }
    // A dry run has not made the actors of the map; nothing is written that would need the ids of those that there are not.
    const until = await headOf(database.db)
    const names: Known = { actors: new Map(), goods: new Map(), until, changes: 0 }
    if (request.isDryRun) {
      const slugs = map.actors.map(({ slug }) => slug)
      const there = await idsOf(database.db, 'actor', slugs)
      for (const slug of slugs) names.actors.set(slug, there.get(slug) ?? nobody)
    }
    const run = openRun({ known: names, database, bulk, request, map, scan, release })
    const started = performance.now()
    let bytes = 0
    for await (const group of readRows(request.file, inspection.encoding, map.file)) {
      bytes += group.bytes.length
      await run.take(group.rows.filter(({ number }) => number > scan.heading))
      const seconds = (performance.now() - started) / 1_000
      const { rows } = run.result
      request.onProgress({ bytes, ofBytes: inspection.bytes, rows, seconds })
    }
    await run.finish()
    const seconds = (performance.now() - started) / 1_000
    await withdraw(run.result, { database, bulk, request, scan, release })
    if (!request.isDryRun) {
      if (run.result.added > unnoticedMax) await analyse(database.db)
      await indexBacklog(database.url, request.onIndexed)
    }
    const { leftOpen, ...counted } = run.result
    return {
      ...{ register, article: known?.slug ?? map.article.slug, isNewRelease: known === undefined },
      ...{ encoding: inspection.encoding, ...counted },
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

function refuse(error: unknown): never {
  if (!(error instanceof Problem)) throw error
  throw new CannotStart(error.message, { cause: error })
}

type Scan = {
  drafter: Drafter
  /** Number of the heading row; rows up to it are no permits. */
  heading: number
  /** Rows of the permit of a key. */
  rowsOf(key: string): number
  /** Rows of which nobody can tell which permit they are about. */
  unknown: number
}

/** Reads the table once to see which permits it is about. @throws {Misfit} for a column that it does not have */
async function scanRows(file: string, map: RegisterMap, { encoding }: Inspection): Promise<Scan> {
  const { header, skip } = map.file
  const heading = skip + (header ? 1 : 0)
  let drafter = header ? undefined : drafterOf(map, null)
  let unknown = 0
  // Keys by 48 bits of their hash: a million of them are some tens of megabytes.
  const counts = new Map<number, number>()
  for await (const { rows } of readRows(file, encoding, map.file))
    for (const row of rows) {
      if (header && row.number === heading) drafter = drafterOf(map, row.fields)
      if (row.number <= heading || row.text === '') continue
      const key = row.fault === null ? drafter?.keyOf(row.fields) : undefined
      if (key == null) unknown += 1
      else counts.set(short(key), (counts.get(short(key)) ?? 0) + 1)
    }
  if (drafter === undefined) throw new CannotStart(`${file} has no heading in row ${heading}.`)
  // As a release it would say that there is no permit any more.
  if (unknown + counts.size === 0)
    throw new CannotStart(`${file} has no rows below row ${heading}: nothing is imported.`)
  return { drafter, heading, unknown, rowsOf: (key) => counts.get(short(key)) ?? 0 }
}

const short = (key: string): number => createHash('sha1').update(key).digest().readUIntBE(0, 6)

type Run = {
  database: Database
  bulk: BulkWriter
  request: ImportRequest
  map: RegisterMap
  scan: Scan
  release: Release
  known: Known
}

/** What is to be written of some rows, made before it is their turn. */
type Planned = {
  /** The newest revision when it was looked up what is there. */
  basis: bigint
  /** How often actors or goods had changed by then. */
  changes: number
  batch: Batch
  /** The number that the revision is likely to have; it stands in the documents of `write`. */
  revision: bigint
  write: BulkWrite | null
}

/** Takes rows as they come: while one batch is on its way into the database, the next is read and sorted. */
function openRun({ database, bulk, request, map, scan, release, known }: Run) {
  const { drafter } = scan
  const result = {
    ...{ rows: 0, added: 0, changed: 0, renewed: 0, unchanged: 0, withdrawn: 0, rejected: 0 },
    ...{ kept: [] as string[], notWithdrawn: null as string | null },
    leftOpen: new Map<string, number>(),
  }
  let waiting: Row[] = []
  let later: DraftedRow[] = []
  let underway: ReadonlySet<string> = new Set()
  let writing: Promise<void> = Promise.resolve()
  /** Revisions that are our own, so that what was looked up before them still holds. */
  const own = new Set<bigint>()

  /** The last revision that a batch is meant to be. */
  let newest = 0n

  const { batchRows = batchRowsStandard } = request
  const { changesAtOnce = Math.ceil(batchRows * shareOfChanges) } = request

  /** One revision; before it is made, `known` is what holds. */
  async function writeOwn(build: Parameters<BulkWriter['write']>[1]): Promise<void> {
    let written: bigint | null = null
    await bulk.write(cause, async (previous, db, client) => {
      if (!isOwn(known.until, previous.number)) await catchUp(db, known, previous.number)
      const write = await build(previous, db, client)
      if (write !== null) written = previous.number + 1n
      return write
    })
    if (written !== null) own.add(written)
  }

  async function write(planned: Planned): Promise<void> {
    const { batch } = planned
    if (!request.isDryRun && hasNews(batch))
      await writeOwn(async (previous, db) => {
        // Somebody else wrote since: look again, now that nobody can.
        if (!isOwn(planned.basis, previous.number)) await holdAgain(db, release, batch)
        const isSame = planned.changes === known.changes
        if (!isSame) refuseOrphaned(batch)
        const revision = previous.number + 1n
        return isSame && planned.revision === revision && planned.write
          ? planned.write
          : writeOf(batch.fresh, batch.newcomers, known, release, revision)
      }).catch(refuse)
    result.added += batch.fresh.length
    result.unchanged += batch.unchanged
    later.push(...batch.later)
    for (const reject of batch.rejects) refuseRow(reject)
    for (const [cell, count] of batch.leftOpen)
      result.leftOpen.set(cell, (result.leftOpen.get(cell) ?? 0) + count)
  }

  /** Somebody else has retracted what these rows name, after it was looked up. */
  function refuseOrphaned(batch: Batch): void {
    const found = orphaned(batch.fresh, known)
    for (const [{ row }, stranger] of found) batch.rejects.push({ row, ...stranger })
    batch.fresh = batch.fresh.filter((row) => !found.has(row))
  }

  function isOwn(after: bigint, until: bigint): boolean {
    for (let revision = after + 1n; revision <= until; revision += 1n)
      if (!own.has(revision)) return false
    return true
  }

  function refuseRow(reject: Reject): void {
    result.rejected += 1
    request.onReject(reject)
  }

  async function flush(rows: readonly Row[]): Promise<void> {
    const basis = await headOf(database.db)
    const { changes } = known
    const sorting = { register: release.register, drafter, known, underway }
    const batch = await sortRows(database.db, sorting, rows)
    const revision = (basis > newest ? basis : newest) + 1n
    const isWritten = !request.isDryRun && hasNews(batch)
    const made = isWritten
      ? await writeOf(batch.fresh, batch.newcomers, known, release, revision)
      : null
    if (isWritten) newest = revision
    await writing
    const keys = batch.fresh.map(({ draft }) => draft.key)
    // A dry run writes nothing that a later row of the same permit would find.
    if (request.isDryRun)
      for (const { draft, row } of batch.fresh)
        if (scan.rowsOf(draft.key) > 1) foretold.set(draft.key, foreseen(release, draft.key, row))
    underway = request.isDryRun
      ? new Set([...underway, ...keys.filter((key) => scan.rowsOf(key) > 1)])
      : new Set(keys)
    writing = write({ basis, changes, batch, revision, write: made })
    // Noted at the next await; until then nobody would hear of it.
    writing.catch(() => undefined)
    if (later.length >= changesAtOnce) await change()
  }

  /** Permits of which a dry run meets several rows, as they would be by then. */
  const foretold = new Map<string, KnownPermit>()

  async function foreseeAll(rows: readonly DraftedRow[]): Promise<void> {
    const judging = { release, map, drafter, rowsOf: scan.rowsOf }
    const keys = rows.map(({ draft }) => draft.key).filter((key) => !foretold.has(key))
    const stored = await knownPermits(database.db, release.register, keys)
    for (const one of rows) {
      const { key } = one.draft
      const permit = foretold.get(key) ?? stored.get(key)
      if (permit === undefined) throw new Error(`The dry run has lost the permit of ${key}.`)
      if (scan.rowsOf(key) > 1) foretold.set(key, permit)
      try {
        result[foresee(judging, permit, one)] += 1
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        refuseRow({ row: one.row, column: '', reason: error.message })
      }
    }
  }

  async function change(): Promise<void> {
    await writing
    const rows = later
    later = []
    if (request.isDryRun) return await foreseeAll(rows)
    const changing = { release, map, drafter, known, rowsOf: scan.rowsOf, write: writeOwn }
    for (let from = 0; from < rows.length; from += changesAtOnce)
      await changePermits(changing, rows.slice(from, from + changesAtOnce), ({ row }, outcome) => {
        if (typeof outcome === 'string') result[outcome] += 1
        else refuseRow({ row, ...outcome })
      })
  }

  return {
    result,
    async take(rows: readonly Row[]): Promise<void> {
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
      await change()
    },
  }
}

const hasNews = ({ fresh, newcomers }: Batch): boolean =>
  fresh.length > 0 || newcomers.actors.size > 0 || newcomers.goods.size > 0

const permitsAtOnce = 1_000

/** Withdraws what the release no longer has, unless that cannot be told, or is too much to be meant. */
async function withdraw(
  result: { added: number; withdrawn: number; kept: string[]; notWithdrawn: string | null },
  { database, bulk, request, scan, release }: Omit<Run, 'map' | 'known'>,
): Promise<void> {
  const gone: { id: string; slug: string }[] = []
  // A dry run has not stored what would be added.
  let live = request.isDryRun ? result.added : 0
  for (let after = ''; ; ) {
    const permits = await nextPermits(database.db, release.register, after, permitsAtOnce)
    const last = permits.at(-1)
    if (last === undefined) break
    after = last.key
    live += permits.length
    gone.push(...permits.filter(({ key }) => scan.rowsOf(key) === 0))
  }
  if (gone.length === 0) return
  if (scan.unknown > 0)
    result.notWithdrawn = `${gone.length} permits are not in this release, but ${scan.unknown} of its rows cannot be read, and they may be those.`
  else if (gone.length > (live * request.withdrawAtMost) / 100)
    result.notWithdrawn = `${gone.length} of ${live} permits are not in this release, more than ${request.withdrawAtMost} %. Is it whole? --withdraw-at-most sets the limit.`
  else
    for (let from = 0; from < gone.length; from += permitsAtOnce) {
      const some = gone.slice(from, from + permitsAtOnce)
      const kept = request.isDryRun
        ? await keptOf(database.db, release, some)
        : await withdrawPermits(bulk, release, some)
      result.withdrawn += some.length - kept.length
      result.kept.push(...kept)
    }
}
