import type { Database } from '../../database/database.ts'
import { FatalError } from '../../fatal-error.ts'
import { type BulkWriter, openBulkWriter } from '../../records/write/bulk-writer.ts'
import { indexBacklog } from '../../records/write/search-backlog.ts'
import { readYaml, type YamlFile } from '../yaml-file.ts'
import type { RejectedRow } from './batches.ts'
import { withdrawMissingPermits } from './changes/withdraw-permits.ts'
import { ImportRun, throwFatalError } from './import-run.ts'
import type { EntityIds } from './new-permits.ts'
import {
  analyseTables,
  findIdsBySlug,
  findLatestRevision,
  findReleases,
  type ImportedRelease,
} from './queries.ts'
import { storeArticle } from './store-article.ts'
import { RowError } from './table/row-mapper.ts'
import { type FileInspection, inspectFile, readRows } from './table/rows.ts'
import { type RegisterScan, scanRegister } from './table/scan.ts'
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

/** After fewer new permits the statistics of PostgreSQL are still good enough for the search index. */
const analyseThreshold = 1_000
const placeholderId = '00000000-0000-0000-0000-000000000000'

/** What an import reads before it writes anything. */
type ImportSource = {
  database: Database
  request: ImportRequest
  map: RegisterMap
  inspection: FileInspection
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
  const { content: map, lineOf } = mapFile
  const inspection = await inspectFile(request.file, map.file)
  const importedRelease = await findImportedRelease(database, request, mapFile, inspection)
  const scan = await scanRegister(request.file, map, inspection).catch((error: unknown) => {
    if (!(error instanceof RowError)) throw error
    throw new FatalError(`${lineOf('/permit')}: ${error.message}`, { cause: error })
  })
  const bulk = await openBulkWriter(database.url)
  try {
    return await runImport({ database, request, map, inspection, scan, importedRelease }, bulk)
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
  const { database, request, map, inspection, scan, importedRelease } = source
  const release = {
    articleId: await storeReleaseArticle(source, bulk),
    register: map.register,
    sha256: inspection.sha256,
    title: map.article.title,
  }
  const entityIds = await createEntityIds(source)
  const run = new ImportRun({ entityIds, database, bulk, request, map, scan, release })
  const started = performance.now()
  const getSeconds = () => (performance.now() - started) / 1_000
  let bytes = 0
  for await (const group of readRows(request.file, inspection.encoding, map.file)) {
    bytes += group.bytes.length
    await run.take(group.rows.filter(({ number }) => number > scan.headingRow))
    const { rows } = run.result
    request.onProgress({ bytes, ofBytes: inspection.bytes, rows, seconds: getSeconds() })
  }
  await run.finish()
  const seconds = getSeconds()
  await withdrawMissingPermits(run.result, { database, bulk, request, scan, release })
  if (!request.isDryRun) {
    if (run.result.added > analyseThreshold) await analyseTables(database.db)
    await indexBacklog(database.url, request.onIndexed)
  }
  const { leftOpen, ...counts } = run.result
  return {
    register: map.register,
    article: importedRelease?.slug ?? map.article.slug,
    isNewRelease: importedRelease === undefined,
    encoding: inspection.encoding,
    ...counts,
    leftOpen: [...leftOpen].map(([cell, rows]) => ({ cell, rows })).sort((a, b) => b.rows - a.rows),
    seconds,
    indexSeconds: getSeconds() - seconds,
  }
}

/** @returns the id of the article of the release; empty in a dry run of a new one */
async function storeReleaseArticle(
  { request, map, inspection, importedRelease }: ImportSource,
  bulk: BulkWriter,
): Promise<string> {
  if (request.isDryRun || importedRelease !== undefined) return importedRelease?.id ?? ''
  return storeArticle(bulk, request.file, map, inspection, () => undefined).catch(throwFatalError)
}

async function createEntityIds({ database, request, map }: ImportSource): Promise<EntityIds> {
  const entityIds: EntityIds = {
    actors: new Map(),
    goods: new Map(),
    revision: await findLatestRevision(database.db),
    version: 0,
  }
  if (!request.isDryRun) return entityIds
  // A dry run has not created the actors of the map; placeholder ids suffice, because nothing is written.
  const slugs = map.actors.map(({ slug }) => slug)
  const storedIds = await findIdsBySlug(database.db, 'actor', slugs)
  for (const slug of slugs) entityIds.actors.set(slug, storedIds.get(slug) ?? placeholderId)
  return entityIds
}
