import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { Database, Moment } from '../../database/database.ts'
import { canonical } from '../../ledger/canonical.ts'
import { Problem } from '../../problem.ts'
import { Kind } from '../../records/schema.ts'
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
 * the same wherever it is. Whoever destroys the stream frees the database.
 */
export async function writeBundle(
  database: Database,
  caseId: string,
  leaving?: AbortSignal,
): Promise<Readable> {
  const { db } = database
  const moment = await database.moment(leaving)
  try {
    const { records, places } = await closureOf(database, moment, caseId)
    const ids = records.map(({ id }) => id)
    const articles = records.filter(({ kind }) => kind === 'article')
    const ledgers = await ledgersOf(db, moment, ids)
    const ends: Manifest['ledgers'] = []
    const [own] = await storedRecords(db, moment, [caseId])
    if (own === undefined) throw new Problem('not-found', `No case has the id ${caseId}.`)
    const long = await longArticles(
      db,
      moment,
      articles.map(({ id }) => id),
    )

    const parts: ZipPart[] = [
      { name: 'places.ndjson', open: () => lines(placesOf(db, moment, places)) },
      { name: 'records.ndjson', open: recordLines },
      ...articles.flatMap(({ id }) => {
        const of = (name: string) => `articles/${id}/${name}`
        if (!long.has(id))
          return [
            { name: of('body.txt'), open: () => bytes(id, 'body') },
            { name: of('source'), open: () => bytes(id, 'source') },
          ]
        return [
          { name: of('parts.ndjson'), open: () => partLines(id) },
          { name: of('body.txt'), open: () => pieces(id, 'text') },
          { name: of('source'), open: () => pieces(id, 'source') },
        ]
      }),
      ...ledgers.map((ledger) => ({
        name: `ledgers/${ledger.id}.ndjson`,
        open: () => revisionLines(ledger),
      })),
    ]
    const sums: Manifest['parts'] = []
    const summed = parts.map((part) => ({ ...part, open: () => summing(part, sums) }))
    const manifest = { name: 'manifest.json', open: manifestOf }
    const file = zipOf([...summed, manifest], { stored: true })
    file.once('close', () => void moment.close())
    return file

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
        case: { id: caseId, slug: String(own?.wire.slug), title: String(own?.wire.title) },
        ...{ ledgers: ends, parts: sums },
      }
      yield `${JSON.stringify(content, null, 2)}\n`
    }
  } catch (error) {
    await moment.close()
    throw error
  }
}

/**
 * What stands on its own: the records that belong to the case, all that they and their citations refer to, events that
 * change a permit or measure among them, and what was merged into one of them; in the order of kind and id.
 */
async function closureOf(database: Database, moment: Moment, caseId: string) {
  const { db } = database
  const seen = new Set<string>()
  const places = new Set<string>()
  let ids = await idsOfCase(database, moment, caseId)
  const records: { id: string; kind: Kind }[] = []
  while (ids.length > 0) {
    const next = new Set<string>()
    for (let from = 0; from < ids.length; from += recordsAtOnce)
      for (const stored of await storedRecords(db, moment, ids.slice(from, from + recordsAtOnce))) {
        seen.add(stored.id)
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
  return { records, places: [...places].sort() }
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
