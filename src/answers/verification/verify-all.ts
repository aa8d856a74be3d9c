import { createHash } from 'node:crypto'
import type { Database } from '../../database/database.ts'
import { check } from '../../evidence/anchor.ts'
import { indexText } from '../../evidence/text.ts'
import { canonical, firstPreviousHash, revisionHash, sha256 } from '../../ledger/canonical.ts'
import { ledgerStatement } from '../../ledger/queries.ts'
import { kinds } from '../../records/kinds/all-kinds.ts'
import { readMany } from '../../records/model/list-queries.ts'
import { Kind } from '../../records/model/schema.ts'
import { toDocument } from '../../records/model/snapshots.ts'
import { streamParts } from '../../records/model/texts.ts'
import {
  allArticles,
  anchoredCitations,
  countAll,
  countAnchored,
  findVanished,
  nextRecords,
  type StoredArticle,
} from './queries.ts'

export type Verified = { revisions: number; hash: string; citations: number; records: number }

/** The first thing that does not hold, in a sentence that names it. */
export class DoesNotHold extends Error {
  override readonly name = 'DoesNotHold'
}

const recordsAtOnce = 500
const articlesAtOnce = 8
/** More than a citation keeps of what stands beside its quote, in UTF-16 units. */
const beside = 128

/**
 * Holds everything against everything: the chain of hashes from the first revision, every anchored citation against its
 * article's text, and every record, live or not, against its last document.
 *
 * @throws {DoesNotHold} at the first fault
 */
export async function verifyAll(
  database: Database,
  progress: (line: string) => void,
  counted: Counted = () => undefined,
): Promise<Verified> {
  const totals = await countAll(database.db)
  const chain = await verifyChain(database, (done) => counted('revisions', done, totals.revisions))
  progress(`Chain: ${chain.revisions} revisions hold, the last hash is ${chain.hash}.`)
  const citations = await verifyCitations(database, (done) =>
    counted('citations', done, totals.citations),
  )
  progress(`Citations: ${citations} stand in their articles as quoted.`)
  const records = await verifyRecords(database, (done) => counted('records', done, totals.records))
  progress(`Records: ${records} are what their last documents say.`)
  return { ...chain, citations, records }
}

type ExportedRevision = {
  revision: number
  committedAt: string
  change: string
  author: string
  documents: { record: string; change: string; hash: string; text: string }[]
  previousHash: string
  hash: string
}

/** Hears how far it has come; what is written meanwhile is in no total. */
type Counted = (what: string, done: number, total: number) => void

async function verifyChain(
  { db, stream }: Database,
  counted: (done: number) => void,
): Promise<{ revisions: number; hash: string }> {
  let revisions = 0
  let hash = firstPreviousHash
  for await (const { document } of stream(ledgerStatement(db, 0))) {
    const {
      documents,
      previousHash,
      hash: written,
      ...facts
    }: ExportedRevision = JSON.parse(document)
    revisions += 1
    if (facts.revision !== revisions)
      throw new DoesNotHold(`Revision ${revisions} is missing; ${facts.revision} follows.`)
    if (previousHash !== hash)
      throw new DoesNotHold(`Revision ${revisions} does not follow from the one before it.`)
    for (const { record, hash: ofDocument, text } of documents)
      if (sha256(text) !== ofDocument)
        throw new DoesNotHold(
          `Revision ${revisions}: the document of record ${record} was changed.`,
        )
    const covered = documents.map(({ record, change, hash: of }) => ({ record, change, hash: of }))
    hash = revisionHash({ ...facts, documents: covered }, previousHash)
    if (hash !== written) throw new DoesNotHold(`Revision ${revisions}: its hash does not fit.`)
    counted(revisions)
  }
  return { revisions, hash }
}

async function verifyCitations(
  database: Database,
  counted: (done: number) => void,
): Promise<number> {
  let citations = 0
  for await (const article of database.stream(allArticles(database.db), articlesAtOnce)) {
    counted(citations)
    const { id, slug, body, bodySha256, spans } = article
    if (body !== null) {
      if (sha256(body) !== bodySha256)
        throw new DoesNotHold(`Article ${slug}: its body is not the one that was stored.`)
      const stretch = { text: body, start: 0, before: '', after: '' }
      citations += await verifyStretch(database, id, stretch, spans)
      continue
    }
    citations += await verifyParts(database, article)
  }
  return citations
}

/** A long body part by part; with each stands what is beside it, for the words before and after a quote. */
async function verifyParts(database: Database, { id, slug, bodySha256, spans }: StoredArticle) {
  const changed = new DoesNotHold(`Article ${slug}: its body is not the one that was stored.`)
  const hash = createHash('sha256')
  let held = 0
  let before = ''
  let last = { text: '', start: 0 }
  let end = 0
  for await (const part of streamParts(database, id)) {
    hash.update(part.text)
    if (sha256(part.text) !== part.sha256 || part.startAt !== end) throw changed
    held += await verifyStretch(database, id, { ...last, before, after: part.text }, spans)
    before = last.text.slice(-beside)
    last = { text: part.text, start: part.startAt }
    end = part.startAt + part.length
  }
  held += await verifyStretch(database, id, { ...last, before, after: '' }, spans)
  if (hash.digest('hex') !== bodySha256) throw changed
  if (held !== (await countAnchored(database.db, id)))
    throw new DoesNotHold(`Article ${slug}: citations of it point behind its end.`)
  return held
}

/** Holds the citations that begin in a stretch of a body against it. */
async function verifyStretch(
  { db }: Database,
  articleId: string,
  { text, start, before, after }: { text: string; start: number; before: string; after: string },
  spans: readonly { start: number; end: number }[],
): Promise<number> {
  const whole = indexText(`${before.toWellFormed()}${text}${after.slice(0, beside).toWellFormed()}`)
  const offset = start - indexText(before.toWellFormed()).length
  const to = start + indexText(text).length
  const citations = await anchoredCitations(db, articleId, start, to)
  for (const { id, slug, kind, ...citation } of citations) {
    const here = { ...citation, start: citation.start - offset, end: citation.end - offset }
    const result = check(whole, here, spans)
    if (!result.holds)
      throw new DoesNotHold(`Citation ${id} of the ${kind} ${slug}: ${result.reason}.`)
  }
  return citations.length
}

async function verifyRecords({ db }: Database, counted: (done: number) => void): Promise<number> {
  const vanished = await findVanished(db)
  if (vanished !== undefined)
    throw new DoesNotHold(`The record ${vanished} of the ledger is not there any more.`)
  let records = 0
  for (const kind of Kind.options) {
    const { single, whole } = kinds[kind]
    for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
      const rows = await nextRecords(db, kind, after, recordsAtOnce)
      const last = rows.at(-1)
      if (last === undefined) break
      after = last.id
      const ids = rows.map(({ id }) => id)
      const live = await readMany(db, kind, single.from, single.members, ids)
      for (const { id, slug, tombstone, document } of rows) {
        if (document === null)
          throw new DoesNotHold(`The ${kind} ${slug} has no document in the ledger.`)
        if (canonical(tombstone ?? toDocument(whole, live.get(id) ?? {})) !== document)
          throw new DoesNotHold(
            `The ${kind} ${slug} is not what its last document in the ledger says.`,
          )
        records += 1
      }
      counted(records)
    }
  }
  return records
}
