import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { Database, DatabaseSnapshot, Db } from '../../database/database.ts'
import { formatCanonicalJson } from '../../ledger/canonical-json.ts'
import { Kind } from '../../records/model/schema.ts'
import { createZip, type ZipPart } from '../zip/write-zip.ts'
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

/** Few: an event of a register's import has thousands of permits. */
const recordBatchSize = 50
/** A revision of such an import has thousands of documents. */
const revisionBatchSize = 1
/** Documents of a revision whose texts are in memory at a time. */
const documentsPerPiece = 100
/** Some ten thousand characters each. */
const partBatchSize = 16

/**
 * A case as a bundle (docs/bundle.md), from one moment. Its bytes follow from the case and from nothing else, so they are
 * the same wherever it is. The first of them come before the records are read. Whoever destroys the stream frees the
 * database.
 */
export async function writeBundle(
  database: Database,
  caseId: string,
  signal?: AbortSignal,
): Promise<Readable> {
  const snapshot = await database.openSnapshot(signal)
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
  // Both who wait for it are told.
  closure.catch(() => undefined)
  yield withHash('places.ndjson', async function* placeLines() {
    const { places } = await closure
    yield* toCanonicalLines(loadPlacesBySlug(db, snapshot, places))
  })

  const { records, own: caseHead } = await closure
  const ids = records.map(({ id }) => id)
  const idSet = new Set(ids)
  yield withHash('records.ndjson', writeRecords)
  const articles = records.filter(({ kind }) => kind === 'article').map(({ id }) => id)
  const long = await findLongArticles(db, snapshot, articles)
  for (const id of articles) {
    const folder = `articles/${id}`
    const isLong = long.has(id)
    if (isLong) yield withHash(`${folder}/parts.ndjson`, () => writePartOffsets(id))
    yield withHash(`${folder}/body.txt`, () =>
      isLong ? readPieces(id, 'text') : bytes(id, 'body'),
    )
    yield withHash(`${folder}/source`, () =>
      isLong ? readPieces(id, 'source') : bytes(id, 'source'),
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
  async function* bytes(id: string, which: 'body' | 'source') {
    const [article] = await snapshot.fetchAll(articleBytesQuery(db, id, which))
    if (article) yield article.bytes
  }
  async function* readPieces(id: string, which: 'text' | 'source') {
    for await (const batch of snapshot.streamBatches(
      articlePartsQuery(db, id, which),
      partBatchSize,
    ))
      for (const { bytes } of batch) yield bytes
  }
  async function* writePartOffsets(id: string) {
    for await (const batch of snapshot.streamBatches(partOffsetsQuery(db, id), partBatchSize * 10))
      yield* toCanonicalLines(batch)
  }
  async function* writeRevisions(ledger: { id: string; isOwn: boolean }) {
    for await (const rows of snapshot.streamBatches(
      ledgerRowsQuery(db, ledger, ids),
      revisionBatchSize,
    ))
      for (const { facts, hash } of rows) {
        const revision: RevisionFacts = JSON.parse(facts)
        manifestLedgers[ledgers.indexOf(ledger)] = {
          id: ledger.id,
          revision: revision.revision,
          hash,
        }
        yield* writeRevision({ ...revision, hash }, async (documents) =>
          loadSnapshotTexts(
            db,
            snapshot,
            { isOwn: ledger.isOwn, revision: revision.revision },
            documents.filter(({ record }) => idSet.has(record)),
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

type RevisionDocument = { record: string; change: string; hash: string }
type RevisionFacts = {
  revision: number
  committedAt: string
  change: string
  author: string
  previousHash: string
  documents: RevisionDocument[]
}

/** A line of canonical JSON, in pieces: members in the order of their names, documents with their texts. */
async function* writeRevision(
  {
    author,
    change,
    committedAt,
    documents,
    hash,
    previousHash,
    revision,
  }: RevisionFacts & {
    hash: string
  },
  loadTexts: (documents: readonly RevisionDocument[]) => Promise<ReadonlyMap<string, string>>,
): AsyncGenerator<string> {
  yield `${formatCanonicalJson({ author, change, committedAt }).slice(0, -1)},"documents":[`
  for (let from = 0; from < documents.length; from += documentsPerPiece) {
    const piece = documents.slice(from, from + documentsPerPiece)
    const texts = await loadTexts(piece)
    const formatted = piece.map((one) =>
      formatCanonicalJson({ ...one, text: texts.get(one.hash) ?? null }),
    )
    yield `${from === 0 ? '' : ','}${formatted.join(',')}`
  }
  yield `],${formatCanonicalJson({ hash, previousHash, revision }).slice(1)}\n`
}

/**
 * What stands on its own: the records that belong to the case, all that they and their citations refer to, events that
 * change a permit or measure among them, and what was merged into one of them; in the order of kind and id.
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
    const next = new Set<string>()
    for (let from = 0; from < ids.length; from += recordBatchSize)
      for (const stored of await loadStoredRecords(
        db,
        snapshot,
        ids.slice(from, from + recordBatchSize),
      )) {
        seen.add(stored.id)
        if (stored.id === caseId) {
          caseHead.slug = String(stored.wire.slug)
          caseHead.title = String(stored.wire.title)
        }
        records.push({ id: stored.id, kind: stored.kind })
        const dependencies = collectDependencies(stored)
        for (const id of dependencies.ids) next.add(id)
        for (const slug of dependencies.places) places.add(slug)
      }
    for (const id of await findRelatedRecordIds(db, snapshot, ids)) next.add(id)
    ids = [...next].filter((id) => !seen.has(id))
  }
  const order = Kind.options
  records.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || (a.id < b.id ? -1 : 1))
  return { records, places: [...places].sort(), own: caseHead }
}

async function* toCanonicalLines(values: readonly unknown[] | Promise<readonly unknown[]>) {
  for (const value of await values) yield `${formatCanonicalJson(value)}\n`
}

/** The part, which is added to the manifest's list when it has been written. */
async function* hashPart({ name, open }: ZipPart, manifestParts: BundleManifest['parts']) {
  const hash = createHash('sha256')
  let size = 0
  for await (const piece of open()) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece
    hash.update(bytes)
    size += bytes.length
    yield bytes
  }
  manifestParts.push({ name, size, sha256: hash.digest('hex') })
}
