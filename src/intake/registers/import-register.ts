import type { Database } from '../../database/database.ts'
import { newId } from '../../database/new-id.ts'
import { FatalError } from '../../fatal-error.ts'
import type { Author } from '../../ledger/ledger-writer.ts'
import { type BulkWriter, openBulkWriter } from '../../records/write/bulk-writer.ts'
import { indexBacklog } from '../../records/write/search-backlog.ts'
import { readYaml, type YamlFile } from '../yaml-file.ts'
import type { RejectedRow } from './batches.ts'
import { withdrawMissingRecords } from './changes/withdraw-permits.ts'
import { type OpenTable, openTable } from './formats/open-table.ts'
import type { ImportResultCounter, RecordCounts } from './import-result.ts'
import { ImportRun } from './import-run.ts'
import { RowError } from './mapping/cells/cells.ts'
import type { RecordDraft } from './mapping/records/drafts.ts'
import { readSideTables } from './mapping/side-tables.ts'
import { createStateMatcher } from './mapping/state-matcher.ts'
import {
  analyseTables,
  findIdsBySlug,
  findLatestRevision,
  findReleases,
  type ImportedRelease,
} from './queries.ts'
import type { EntityIds } from './records/drafted.ts'
import { buildImportCause, ReleaseArticle } from './store-article.ts'
import { type FileInspection, readRows } from './table/rows.ts'
import { type RegisterScan, scanRegister } from './table/scan.ts'
import { RegisterMap } from './table/schema.ts'
import type { StatedTotal } from './totals-check.ts'

export type ImportRequest = {
  file: string
  /** The column map, a YAML file. */
  map: string
  isDryRun: boolean
  /** Who imports; the command unless it is said. */
  author?: Author
  /** Whether side tables can only be files beside the table. */
  isConfined?: boolean
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
  /** Of all kinds; `records` has them by kind. */
  added: number
  changed: number
  renewed: number
  unchanged: number
  withdrawn: number
  records: Record<RecordDraft['kind'], RecordCounts>
  /** Rows that the map does not use. */
  skipped: number
  /** Slugs of permits that the release no longer has, but other records refer to. */
  kept: string[]
  /** Why records that the release no longer has were not withdrawn; null if there are none. */
  notWithdrawn: string | null
  rejected: number
  /** Cells with values that a record cannot have, such as several states; most frequent first. */
  leftOpen: { cell: string; rows: number; suggestions: readonly string[] }[]
  /** Totals that the table states, and the sums of its figures. */
  totals: StatedTotal[]
  /** What the author of the map should look at. */
  warnings: string[]
  /** What the author of the map should know of the file, such as hidden sheets. */
  notes: string[]
  /** The newest revision when the import began. */
  baseRevision: number
  /** Number of revisions that others wrote during the import: why it can differ from a dry run. */
  otherRevisions: number
  /** For the rows. `indexSeconds`: for withdrawals and the search index. */
  seconds: number
  indexSeconds: number
}

/** After fewer new permits the statistics of PostgreSQL are still good enough for the search index. */
const analyseThreshold = 1_000

/** What an import reads before it writes anything. */
type ImportSource = {
  database: Database
  request: ImportRequest
  map: RegisterMap
  table: OpenTable
  scan: RegisterScan
  /** The same file, if it was imported before. */
  importedRelease: ImportedRelease | undefined
}

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
  const mapFile = readYaml(request.map, RegisterMap)
  const table = await openTable(request.file, mapFile.content.file)
  try {
    return await importTable(database, request, mapFile, table)
  } finally {
    table.close()
  }
}

async function importTable(
  database: Database,
  request: ImportRequest,
  mapFile: YamlFile<RegisterMap>,
  table: OpenTable,
): Promise<ImportResult> {
  const { lineOf } = mapFile
  const map = { ...mapFile.content, file: table.options }
  const importedRelease = await findImportedRelease(database, request, mapFile, table.inspection)
  const sideTables = await readSideTables(map.rows.join, request.file, request.isConfined === true)
  const surroundings = { matchState: createStateMatcher(map.language), sideTables }
  const scan = await scanRegister(request.file, map, table, surroundings).catch(
    (error: unknown) => {
      if (!(error instanceof RowError)) throw error
      const pointer = findPointer(map, error.column) ?? ''
      throw new FatalError(`${lineOf(pointer)}: ${error.message}`, { cause: error })
    },
  )
  const bulk = await openBulkWriter(database.url)
  try {
    return await runImport({ database, request, map, table, scan, importedRelease }, bulk)
  } finally {
    await bulk.close()
  }
}

/**
 * The release of this file, if it was imported before.
 *
 * @throws {FatalError} if it cannot be imported now
 */
async function findImportedRelease(
  { db }: Database,
  { file }: ImportRequest,
  { content: map, lineOf }: YamlFile<RegisterMap>,
  { sha256 }: FileInspection,
): Promise<ImportedRelease | undefined> {
  const releases = await findReleases(db, map.register)
  const release = releases.find(({ sourceSha256 }) => sourceSha256 === sha256)
  if (release && release !== releases[0])
    throw new FatalError(
      `${file} was imported before, as ${release.slug}, and a newer release since, ${releases[0]?.slug}.`,
    )
  if (release && release.state !== 'live')
    throw new FatalError(`${file} was imported as ${release.slug}, which was retracted.`)
  const { slug } = map.article
  if (release === undefined && (await findIdsBySlug(db, 'article', [slug])).has(slug))
    throw new FatalError(
      `${lineOf('/article/slug')}: the article "${slug}" is of another file. A newer release is an article of its own: give it another slug and title.`,
    )
  return release
}

async function runImport(source: ImportSource, bulk: BulkWriter): Promise<ImportResult> {
  const { database, request, map, table, scan, importedRelease } = source
  const { inspection } = table
  const articleSource = { file: request.file, map, table }
  const article = new ReleaseArticle(articleSource, importedRelease?.id)
  const release = {
    articleId: article.id,
    register: map.register,
    sha256: inspection.sha256,
    title: map.article.title,
    cause: buildImportCause(request.author),
  }
  const entityIds = await createEntityIds(source)
  const baseRevision = entityIds.revision
  const run = new ImportRun({ entityIds, database, bulk, request, map, scan, release, article })
  const started = performance.now()
  const getSeconds = () => (performance.now() - started) / 1_000
  let bytes = 0
  for await (const group of readRows(table.text, inspection.encoding, map.file)) {
    bytes += group.bytes.length
    await run.take(group.rows.filter(({ number }) => number > scan.headingRow))
    const { rows } = run.result
    request.onProgress({ bytes, ofBytes: inspection.bytes, rows, seconds: getSeconds() })
  }
  await run.finish()
  const seconds = getSeconds()
  const withdrawal = { added: run.result.sum('added'), withdrawn: 0, kept: [], notWithdrawn: null }
  await withdrawMissingRecords(withdrawal, { database, bulk, request, scan, release })
  if (!request.isDryRun) {
    if (withdrawal.added > analyseThreshold) await analyseTables(database.db)
    await indexBacklog(database.url, request.onIndexed)
  }
  return {
    register: map.register,
    article: importedRelease?.slug ?? map.article.slug,
    isNewRelease: importedRelease === undefined,
    encoding: inspection.encoding,
    ...summarise(run.result),
    notes: table.notes,
    ...withdrawal,
    baseRevision: Number(baseRevision),
    seconds,
    indexSeconds: getSeconds() - seconds,
  }
}

function summarise(result: ImportResultCounter) {
  const { rows, rejected, skipped, byKind, totals, otherRevisions } = result
  const leftOpen = [...result.leftOpen].map(([cell, open]) => ({ cell, ...open }))
  return {
    rows,
    rejected,
    skipped,
    records: byKind,
    changed: result.sum('changed'),
    renewed: result.sum('renewed'),
    unchanged: result.sum('unchanged'),
    leftOpen: leftOpen.sort((a, b) => b.rows - a.rows),
    totals: totals.results(),
    warnings: [...result.profiles.warnings(), ...result.listWarnings()],
    otherRevisions,
  }
}

/** The actors that the map describes have ids before they are stored with the article. */
async function createEntityIds({
  database,
  map,
  importedRelease,
}: ImportSource): Promise<EntityIds> {
  const entityIds: EntityIds = {
    actors: new Map(),
    goods: new Map(),
    revision: await findLatestRevision(database.db),
    version: 0,
  }
  if (importedRelease !== undefined) return entityIds
  const slugs = map.actors.map(({ slug }) => slug)
  const storedIds = await findIdsBySlug(database.db, 'actor', slugs)
  for (const slug of slugs) {
    const storedId = storedIds.get(slug)
    if (storedId !== null) entityIds.actors.set(slug, storedId ?? newId())
  }
  return entityIds
}

/** The JSON pointer of the first value of a map that names a column. */
function findPointer(node: unknown, column: string): string | null {
  if (typeof node !== 'object' || node === null) return null
  for (const [name, value] of Object.entries(node)) {
    if (value === column || name === column) return `/${name}`
    const within = findPointer(value, column)
    if (within !== null) return `/${name}${within}`
  }
  return null
}
