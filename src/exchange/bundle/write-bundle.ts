import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { Database, Db, Moment } from '../../database/database.ts'
import { canonical } from '../../ledger/canonical.ts'
import { Kind } from '../../records/model/schema.ts'
import { type ZipPart, zipOf } from '../zip/write-zip.ts'
import { lineOf, restsOn } from './lines.ts'
import {
  articleBytes,
  articleParts,
  idsBehind,
  idsOfCase,
  ledgerRows,
  ledgersOf,
  longArticles,
  partsOfArticle,
  placesOf,
  storedRecords,
} from './queries.ts'
import { bundleVersion, type Manifest } from './schema.ts'

/** Few: an event of a register's import has thousands of permits. */
const recordsAtOnce = 100
/** A revision of such an import has thousands of documents. */
const revisionsAtOnce = 4
/** Some ten thousand characters each. */
const partsAtOnce = 16

/**
 * A case as a bundle (docs/bundle.md), from one moment. Its bytes follow from the case and from nothing else, so they are
 * the same wherever it is. The first of them come before the records are read. Whoever destroys the stream frees the
 * database.
 */
export async function writeBundle(
  database: Database,
  caseId: string,
  leaving?: AbortSignal,
): Promise<Readable> {
  const moment = await database.moment(leaving)
  try {
    const belonging = await idsOfCase(database, moment, caseId)
    const file = zipOf(partsOf(database.db, moment, caseId, belonging), { stored: true })
    file.once('close', () => void moment.close())
    return file
  } catch (error) {
    await moment.close()
    throw error
  }
}

async function* partsOf(
  db: Db,
  moment: Moment,
  caseId: string,
  belonging: readonly string[],
): AsyncGenerator<ZipPart> {
  const sums: Manifest['parts'] = []
  const ends: Manifest['ledgers'] = []
  const summed = (name: string, open: ZipPart['open']): ZipPart => ({
    name,
    open: () => summing({ name, open }, sums),
  })
  const reading = closureOf(db, moment, caseId, belonging)
  // Both who wait for it are told.
  reading.catch(() => undefined)
  yield summed('places.ndjson', async function* placeLines() {
    const { places } = await reading
    yield* lines(placesOf(db, moment, places))
  })

  const { records, own } = await reading
  const ids = records.map(({ id }) => id)
  yield summed('records.ndjson', recordLines)
  const articles = records.filter(({ kind }) => kind === 'article').map(({ id }) => id)
  const long = await longArticles(db, moment, articles)
  for (const id of articles) {
    const folder = `articles/${id}`
    const isLong = long.has(id)
    if (isLong) yield summed(`${folder}/parts.ndjson`, () => partLines(id))
    yield summed(`${folder}/body.txt`, () => (isLong ? pieces(id, 'text') : bytes(id, 'body')))
    yield summed(`${folder}/source`, () => (isLong ? pieces(id, 'source') : bytes(id, 'source')))
  }
  const ledgers = await ledgersOf(db, moment, ids)
  for (const ledger of ledgers)
    yield summed(`ledgers/${ledger.id}.ndjson`, () => revisionLines(ledger))
  yield { name: 'manifest.json', open: manifestOf }

  async function* recordLines() {
    for (let from = 0; from < ids.length; from += recordsAtOnce)
      yield* lines(
        storedRecords(db, moment, ids.slice(from, from + recordsAtOnce)).then((stored) =>
          stored.map(lineOf),
        ),
      )
  }
  async function* bytes(id: string, which: 'body' | 'source') {
    const [article] = await moment.all(articleBytes(db, id, which))
    if (article) yield article.bytes
  }
  async function* pieces(id: string, which: 'text' | 'source') {
    for await (const some of moment.batches(articleParts(db, id, which), partsAtOnce))
      for (const { bytes } of some) yield bytes
  }
  async function* partLines(id: string) {
    for await (const some of moment.batches(partsOfArticle(db, id), partsAtOnce * 10))
      yield* lines(some)
  }
  async function* revisionLines(ledger: { id: string; isOwn: boolean }) {
    for await (const rows of moment.batches(ledgerRows(db, ledger, ids), revisionsAtOnce))
      for (const { facts, hash, texts } of rows) {
        const known = new Map(texts.map((one) => [one.hash, one.text]))
        const { documents, ...others } = JSON.parse(facts)
        const withTexts = documents.map((one: { hash: string }) => ({
          ...one,
          text: known.get(one.hash) ?? null,
        }))
        ends[ledgers.indexOf(ledger)] = { id: ledger.id, revision: others.revision, hash }
        yield `${canonical({ ...others, documents: withTexts, hash })}\n`
      }
  }
  async function* manifestOf() {
    const content: Manifest = {
      ...{ format: 'casefile-bundle', version: bundleVersion },
      case: { id: caseId, ...own },
      ...{ ledgers: ends, parts: sums },
    }
    yield `${JSON.stringify(content, null, 2)}\n`
  }
}

/**
 * What stands on its own: the records that belong to the case, all that they and their citations refer to, events that
 * change a permit or measure among them, and what was merged into one of them; in the order of kind and id.
 */
async function closureOf(db: Db, moment: Moment, caseId: string, belonging: readonly string[]) {
  const seen = new Set<string>()
  const places = new Set<string>()
  const own = { slug: '', title: '' }
  let ids = belonging
  const records: { id: string; kind: Kind }[] = []
  while (ids.length > 0) {
    const next = new Set<string>()
    for (let from = 0; from < ids.length; from += recordsAtOnce)
      for (const stored of await storedRecords(db, moment, ids.slice(from, from + recordsAtOnce))) {
        seen.add(stored.id)
        if (stored.id === caseId) {
          own.slug = String(stored.wire.slug)
          own.title = String(stored.wire.title)
        }
        records.push({ id: stored.id, kind: stored.kind })
        const basis = restsOn(stored)
        for (const id of basis.ids) next.add(id)
        for (const slug of basis.places) places.add(slug)
      }
    for (const id of await idsBehind(db, moment, ids)) next.add(id)
    ids = [...next].filter((id) => !seen.has(id))
  }
  const order = Kind.options
  records.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || (a.id < b.id ? -1 : 1))
  return { records, places: [...places].sort(), own }
}

async function* lines(values: readonly unknown[] | Promise<readonly unknown[]>) {
  for (const value of await values) yield `${canonical(value)}\n`
}

/** The part, which is added to the manifest's list when it has been written. */
async function* summing({ name, open }: ZipPart, sums: Manifest['parts']) {
  const hash = createHash('sha256')
  let size = 0
  for await (const piece of open()) {
    const given = typeof piece === 'string' ? Buffer.from(piece) : piece
    hash.update(given)
    size += given.length
    yield given
  }
  sums.push({ name, size, sha256: hash.digest('hex') })
}
