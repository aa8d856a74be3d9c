import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import type { Database, DatabaseSnapshot, Db, ExportRequester } from '../../database/database.ts'
import { formatJsonLines } from '../../http/json-lines.ts'
import { createZip, type ZipPart } from '../../http/write-zip.ts'
import { formatCanonicalJson } from '../../ledger/canonical-json.ts'
import { collectClosure } from './collect-closure.ts'
import {
  articleBytesQuery,
  articlePartsQuery,
  findCaseRecordIds,
  findLedgers,
  findLongArticles,
  loadPlacesBySlug,
  partOffsetsQuery,
  streamStoredRecords,
} from './queries.ts'
import { toBundledRecord } from './record-lines.ts'
import { type BundleManifest, bundleVersion } from './schema.ts'
import { writeLedger } from './write-ledger.ts'

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

  const { idsByKind, caseHead } = await closure
  const ids = [...idsByKind.values()].flat()
  const idSet = new Set(ids)
  yield withHash('records.ndjson', writeRecords)
  const articles = idsByKind.get('article') ?? []
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
    yield withHash(`ledgers/${ledger.id}.ndjson`, async function* writeRevisions() {
      const last = yield* writeLedger(db, snapshot, ledger, idSet)
      if (last) manifestLedgers.push({ id: ledger.id, revision: last.revision, hash: last.hash })
    })
  yield { name: 'manifest.json', open: writeManifest }

  async function* writeRecords() {
    for await (const stored of streamStoredRecords(db, snapshot, ids))
      yield* toCanonicalLines(stored.map(toBundledRecord))
  }
  async function* writeShortArticle(id: string, column: 'body' | 'source') {
    for await (const batch of snapshot.streamBatches(articleBytesQuery(db, id, column), 1))
      for (const { bytes } of batch) yield bytes
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

async function* toCanonicalLines(values: readonly unknown[] | Promise<readonly unknown[]>) {
  for (const value of await values) yield formatJsonLines([formatCanonicalJson(value)])
}

/** Passes the bytes of a part on, and adds its size and hash to the manifest at the end. */
async function* hashPart({ name, open }: ZipPart, manifestParts: BundleManifest['parts']) {
  const hash = createHash('sha256')
  let size = 0
  for await (const bytes of joinChunks(open())) {
    hash.update(bytes)
    size += bytes.length
    yield bytes
  }
  manifestParts.push({ name, size, sha256: hash.digest('hex') })
}

const minChunkBytes = 65_536

/** Joins short chunks, because each costs a system call. Other requests have their turn after each. */
async function* joinChunks(chunks: AsyncIterable<string | Uint8Array>): AsyncGenerator<Buffer> {
  let waiting: Uint8Array[] = []
  let waitingBytes = 0
  for await (const chunk of chunks) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    waiting.push(bytes)
    waitingBytes += bytes.length
    if (waitingBytes < minChunkBytes) continue
    yield Buffer.concat(waiting)
    waiting = []
    waitingBytes = 0
    await yieldToEventLoop()
  }
  if (waitingBytes > 0) yield Buffer.concat(waiting)
}
