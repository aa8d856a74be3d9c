import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { Database, DatabaseSnapshot, Db, ExportRequester } from '../../database/database.ts'
import { escapeLineSeparators, formatJsonLines } from '../../http/json-lines.ts'
import { createZip, type ZipPart } from '../../http/write-zip.ts'
import { formatCanonicalJson } from '../../ledger/canonical-json.ts'
import { Kind } from '../../records/model/schema.ts'
import {
  articleBytesQuery,
  articlePartsQuery,
  findCaseRecordIds,
  findLedgers,
  findLongArticles,
  findRelatedRecordIds,
  ledgerRowsQuery,
  loadPlacesBySlug,
  loadSnapshotTexts,
  loadStoredRecords,
  partOffsetsQuery,
} from './queries.ts'
import { collectDependencies, toBundledRecord } from './record-lines.ts'
import { type BundleManifest, bundleVersion } from './schema.ts'

/** Small, because an event of a register import has thousands of permits. */
const recordBatchSize = 50
/** Small, because a revision of such an import has thousands of snapshots. */
const revisionBatchSize = 1
/** Snapshots of a revision whose texts are in memory at a time. */
const snapshotsPerPiece = 100
/** A part has about ten thousand characters. */
const partBatchSize = 16

/**
 * A case as a bundle (docs/bundle.md), from one database snapshot. The same case gives the same bytes in every instance. The
 * stream starts before all records are read. Destroying it closes the database snapshot.
 */
export async function writeBundle(
  database: Database,
  caseId: string,
  requester?: ExportRequester,
): Promise<Readable> {
  const snapshot = await database.openSnapshot(requester)
  try {
    const caseRecordIds = await findCaseRecordIds(database, snapshot, caseId)
    const file = createZip(generateParts(database.db, snapshot, caseId, caseRecordIds), {
      stored: true,
    })
    file.once('close', () => void snapshot.close())
    return file
  } catch (error) {
    await snapshot.close()
    throw error
  }
}

async function* generateParts(
  db: Db,
  snapshot: DatabaseSnapshot,
  caseId: string,
  caseRecordIds: readonly string[],
): AsyncGenerator<ZipPart> {
  const manifestParts: BundleManifest['parts'] = []
  const manifestLedgers: BundleManifest['ledgers'] = []
  const withHash = (name: string, open: ZipPart['open']): ZipPart => ({
    name,
    open: () => hashPart({ name, open }, manifestParts),
  })
  const closure = collectClosure(db, snapshot, caseId, caseRecordIds)
  // Prevents an unhandled rejection before the two awaits below, which both receive the error.
  closure.catch(() => undefined)
  yield withHash('places.ndjson', async function* writePlaces() {
    const { places } = await closure
    yield* toCanonicalLines(loadPlacesBySlug(db, snapshot, places))
  })

  const { records, caseHead } = await closure
  const ids = records.map(({ id }) => id)
  const idSet = new Set(ids)
  yield withHash('records.ndjson', writeRecords)
  const articles = records.filter(({ kind }) => kind === 'article').map(({ id }) => id)
  const longArticles = await findLongArticles(db, snapshot, articles)
  for (const id of articles) {
    const folder = `articles/${id}`
    const isLong = longArticles.has(id)
    if (isLong) yield withHash(`${folder}/parts.ndjson`, () => writePartOffsets(id))
    yield withHash(`${folder}/body.txt`, () =>
      isLong ? writeLongArticle(id, 'text') : writeShortArticle(id, 'body'),
    )
    yield withHash(`${folder}/source`, () =>
      isLong ? writeLongArticle(id, 'source') : writeShortArticle(id, 'source'),
    )
  }
  const ledgers = await findLedgers(db, snapshot, ids)
  for (const ledger of ledgers)
    yield withHash(`ledgers/${ledger.id}.ndjson`, () => writeRevisions(ledger))
  yield { name: 'manifest.json', open: writeManifest }

  async function* writeRecords() {
    for (let from = 0; from < ids.length; from += recordBatchSize)
      yield* toCanonicalLines(
        loadStoredRecords(db, snapshot, ids.slice(from, from + recordBatchSize)).then((stored) =>
          stored.map(toBundledRecord),
        ),
      )
  }
  async function* writeShortArticle(id: string, column: 'body' | 'source') {
    const [article] = await snapshot.fetchAll(articleBytesQuery(db, id, column))
    if (article) yield article.bytes
  }
  async function* writeLongArticle(id: string, column: 'text' | 'source') {
    const query = articlePartsQuery(db, id, column)
    for await (const batch of snapshot.streamBatches(query, partBatchSize))
      for (const { bytes } of batch) yield bytes
  }
  async function* writePartOffsets(id: string) {
    for await (const batch of snapshot.streamBatches(partOffsetsQuery(db, id), partBatchSize * 10))
      yield* toCanonicalLines(batch)
  }
  async function* writeRevisions(ledger: { id: string; isOwn: boolean }) {
    const query = ledgerRowsQuery(db, ledger, ids)
    for await (const rows of snapshot.streamBatches(query, revisionBatchSize))
      for (const row of rows) {
        const revision: RevisionFacts = JSON.parse(row.facts)
        // The last revision stays.
        manifestLedgers[ledgers.indexOf(ledger)] = {
          id: ledger.id,
          revision: revision.revision,
          hash: row.hash,
        }
        yield* writeRevision({ ...revision, hash: row.hash }, async (snapshots) =>
          loadSnapshotTexts(
            db,
            snapshot,
            { isOwn: ledger.isOwn, revision: revision.revision },
            snapshots.filter(({ record }) => idSet.has(record)),
          ),
        )
      }
  }
  async function* writeManifest() {
    const content: BundleManifest = {
      format: 'casefile-bundle',
      version: bundleVersion,
      case: { id: caseId, ...caseHead },
      ledgers: manifestLedgers,
      parts: manifestParts,
    }
    yield `${JSON.stringify(content, null, 2)}\n`
  }
}

type RevisionSnapshot = { record: string; change: string; hash: string }
type RevisionFacts = {
  revision: number
  committedAt: string
  change: string
  author: string
  previousHash: string
  documents: RevisionSnapshot[]
}

/**
 * A revision as a line of canonical JSON, in pieces: members in the order of their names, each snapshot with its text, or null if
 * its record is not in the bundle.
 */
async function* writeRevision(
  revision: RevisionFacts & { hash: string },
  loadTexts: (snapshots: readonly RevisionSnapshot[]) => Promise<ReadonlyMap<string, string>>,
): AsyncGenerator<string> {
  const { author, change, committedAt, documents, ...later } = revision
  const start = formatCanonicalJson({ author, change, committedAt })
  yield `${escapeLineSeparators(start).slice(0, -1)},"documents":[`
  for (let from = 0; from < documents.length; from += snapshotsPerPiece) {
    const piece = documents.slice(from, from + snapshotsPerPiece)
    const texts = await loadTexts(piece)
    const formatted = piece.map((snapshot) =>
      escapeLineSeparators(
        formatCanonicalJson({ ...snapshot, text: texts.get(snapshot.hash) ?? null }),
      ),
    )
    yield `${from === 0 ? '' : ','}${formatted.join(',')}`
  }
  yield `],${formatCanonicalJson(later).slice(1)}\n`
}

/**
 * The closure of the records of the case: all records to which they and their citations refer, the events that change their
 * permits and measures, and the records that were merged into one of them. In the order of kind and id.
 */
async function collectClosure(
  db: Db,
  snapshot: DatabaseSnapshot,
  caseId: string,
  caseRecordIds: readonly string[],
) {
  const seen = new Set<string>()
  const places = new Set<string>()
  const caseHead = { slug: '', title: '' }
  let ids = caseRecordIds
  const records: { id: string; kind: Kind }[] = []
  while (ids.length > 0) {
    const nextIds = new Set<string>()
    for (let from = 0; from < ids.length; from += recordBatchSize) {
      const batchIds = ids.slice(from, from + recordBatchSize)
      for (const stored of await loadStoredRecords(db, snapshot, batchIds)) {
        seen.add(stored.id)
        if (stored.id === caseId) {
          caseHead.slug = String(stored.wire.slug)
          caseHead.title = String(stored.wire.title)
        }
        records.push({ id: stored.id, kind: stored.kind })
        const dependencies = collectDependencies(stored)
        for (const id of dependencies.ids) nextIds.add(id)
        for (const slug of dependencies.places) places.add(slug)
      }
    }
    for (const id of await findRelatedRecordIds(db, snapshot, ids)) nextIds.add(id)
    ids = [...nextIds].filter((id) => !seen.has(id))
  }
  const order = Kind.options
  records.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || (a.id < b.id ? -1 : 1))
  return { records, places: [...places].sort(), caseHead }
}

async function* toCanonicalLines(values: readonly unknown[] | Promise<readonly unknown[]>) {
  for (const value of await values) yield formatJsonLines([formatCanonicalJson(value)])
}

/** Passes the bytes of a part on, and adds its size and hash to the manifest at the end. */
async function* hashPart({ name, open }: ZipPart, manifestParts: BundleManifest['parts']) {
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of open()) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    hash.update(bytes)
    size += bytes.length
    yield bytes
  }
  manifestParts.push({ name, size, sha256: hash.digest('hex') })
}
