import { createHash } from 'node:crypto'
import type { Database } from '../../database/database.ts'
import { checkCitation } from '../../evidence/quote-anchor.ts'
import { sha256 } from '../../evidence/sha256.ts'
import { indexText } from '../../evidence/text.ts'
import {
  computeRevisionHash,
  formatCanonicalJson,
  genesisHash,
} from '../../ledger/canonical-json.ts'
import { buildLedgerQuery } from '../../ledger/queries.ts'
import { kinds } from '../../records/kinds/all-kinds.ts'
import { streamTextParts } from '../../records/model/article-texts.ts'
import { readWireRecords } from '../../records/model/list-queries.ts'
import { Kind } from '../../records/model/schema.ts'
import { wireToSnapshot } from '../../records/model/snapshots.ts'
import {
  articlesStatement,
  countAnchoredCitations,
  countVerifiable,
  findMissingRecord,
  loadAnchoredCitations,
  loadNextRecords,
  type StoredArticle,
} from './queries.ts'

export type VerificationSummary = {
  revisions: number
  hash: string
  citations: number
  records: number
}

/** The first fault that was found, in one sentence. */
export class VerificationError extends Error {
  override readonly name = 'VerificationError'
}

const recordBatchSize = 500
const articleBatchSize = 8
/** Text of the neighbouring parts, in UTF-16 units: more than the prefix or suffix of a citation has. */
const contextUnits = 128

/**
 * Checks the hash chain from the first revision, each anchored citation against the text of its article, and each record,
 * live or not, against its last snapshot.
 *
 * @throws {VerificationError} at the first fault
 */
export async function verifyAll(
  database: Database,
  progress: (line: string) => void,
  reportCount: CountReporter = () => undefined,
): Promise<VerificationSummary> {
  const totals = await countVerifiable(database.db)
  const chain = await verifyChain(database, (done) =>
    reportCount('revisions', done, totals.revisions),
  )
  progress(`Chain: ${chain.revisions} revisions are intact, the last hash is ${chain.hash}.`)
  const citations = await verifyCitations(database, (done) =>
    reportCount('citations', done, totals.citations),
  )
  progress(`Citations: ${citations} are found in their articles as quoted.`)
  const records = await verifyRecords(database, (done) =>
    reportCount('records', done, totals.records),
  )
  progress(`Records: ${records} match their last snapshots.`)
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

/** Reports the progress of a check. `total` does not include what is written during the check. */
type CountReporter = (what: string, done: number, total: number) => void

async function verifyChain(
  { db, stream }: Database,
  reportCount: (done: number) => void,
): Promise<{ revisions: number; hash: string }> {
  let revisions = 0
  let hash = genesisHash
  for await (const { document } of stream(buildLedgerQuery(db, 0))) {
    const {
      documents,
      previousHash,
      hash: storedHash,
      ...facts
    }: ExportedRevision = JSON.parse(document)
    revisions += 1
    if (facts.revision !== revisions)
      throw new VerificationError(`Revision ${revisions} is missing; ${facts.revision} follows.`)
    if (previousHash !== hash)
      throw new VerificationError(`Revision ${revisions} does not follow from the one before it.`)
    for (const { record, hash: snapshotHash, text } of documents)
      if (sha256(text) !== snapshotHash)
        throw new VerificationError(
          `Revision ${revisions}: the snapshot of record ${record} was changed.`,
        )
    const hashedSnapshots = documents.map(({ record, change, hash: snapshotHash }) => ({
      record,
      change,
      hash: snapshotHash,
    }))
    hash = computeRevisionHash({ ...facts, documents: hashedSnapshots }, previousHash)
    if (hash !== storedHash)
      throw new VerificationError(`Revision ${revisions}: its hash does not match its content.`)
    reportCount(revisions)
  }
  return { revisions, hash }
}

async function verifyCitations(
  database: Database,
  reportCount: (done: number) => void,
): Promise<number> {
  let citations = 0
  for await (const article of database.stream(articlesStatement(database.db), articleBatchSize)) {
    reportCount(citations)
    const { id, slug, body, bodySha256, spans } = article
    if (body !== null) {
      if (sha256(body) !== bodySha256)
        throw new VerificationError(`Article ${slug}: its body is not the one that was stored.`)
      const textRange = { text: body, start: 0, before: '', after: '' }
      citations += await verifyTextRange(database, id, textRange, spans)
      continue
    }
    citations += await verifyBodyParts(database, article)
  }
  return citations
}

/** Checks a long body part by part. Each part is checked with the end of the previous and the start of the next part. */
async function verifyBodyParts(database: Database, { id, slug, bodySha256, spans }: StoredArticle) {
  const bodyChanged = new VerificationError(
    `Article ${slug}: its body is not the one that was stored.`,
  )
  const hash = createHash('sha256')
  let verifiedCount = 0
  let before = ''
  let pendingPart = { text: '', start: 0 }
  let end = 0
  for await (const part of streamTextParts(database, id)) {
    hash.update(part.text)
    if (sha256(part.text) !== part.sha256 || part.startAt !== end) throw bodyChanged
    verifiedCount += await verifyTextRange(
      database,
      id,
      { ...pendingPart, before, after: part.text },
      spans,
    )
    before = pendingPart.text.slice(-contextUnits)
    pendingPart = { text: part.text, start: part.startAt }
    end = part.startAt + part.length
  }
  verifiedCount += await verifyTextRange(database, id, { ...pendingPart, before, after: '' }, spans)
  if (hash.digest('hex') !== bodySha256) throw bodyChanged
  if (verifiedCount !== (await countAnchoredCitations(database.db, id)))
    throw new VerificationError(`Article ${slug}: it has citations after the end of its text.`)
  return verifiedCount
}

/** `start` in code points of the body. `before` and `after` are the neighbouring text. */
type TextRange = { text: string; start: number; before: string; after: string }

/**
 * Checks the citations that begin in the range.
 *
 * @returns the number of these citations
 */
async function verifyTextRange(
  { db }: Database,
  articleId: string,
  { text, start, before, after }: TextRange,
  spans: readonly { start: number; end: number }[],
): Promise<number> {
  const indexedText = indexText(
    `${before.toWellFormed()}${text}${after.slice(0, contextUnits).toWellFormed()}`,
  )
  const offset = start - indexText(before.toWellFormed()).length
  const to = start + indexText(text).length
  const citations = await loadAnchoredCitations(db, articleId, start, to)
  for (const { id, slug, kind, ...citation } of citations) {
    const shiftedCitation = {
      ...citation,
      start: citation.start - offset,
      end: citation.end - offset,
    }
    const result = checkCitation(indexedText, shiftedCitation, spans)
    if (!result.holds)
      throw new VerificationError(`Citation ${id} of the ${kind} ${slug}: ${result.reason}.`)
  }
  return citations.length
}

async function verifyRecords(
  { db }: Database,
  reportCount: (done: number) => void,
): Promise<number> {
  const missingId = await findMissingRecord(db)
  if (missingId !== undefined)
    throw new VerificationError(`The record ${missingId} is in the ledger, but not in the tables.`)
  let records = 0
  for (const kind of Kind.options) {
    const { singleQuery, recordSchema } = kinds[kind]
    for (let after = minUuid; ; ) {
      const rows = await loadNextRecords(db, kind, after, recordBatchSize)
      const last = rows.at(-1)
      if (last === undefined) break
      after = last.id
      const ids = rows.map(({ id }) => id)
      const wires = await readWireRecords(db, kind, singleQuery.from, singleQuery.members, ids)
      for (const { id, slug, tombstone, snapshot } of rows) {
        if (snapshot === null)
          throw new VerificationError(`The ${kind} ${slug} has no snapshot in the ledger.`)
        const expected = tombstone ?? wireToSnapshot(recordSchema, wires.get(id) ?? {})
        if (formatCanonicalJson(expected) !== snapshot)
          throw new VerificationError(
            `The ${kind} ${slug} does not match its last snapshot in the ledger.`,
          )
        records += 1
      }
      reportCount(records)
    }
  }
  return records
}

const minUuid = '00000000-0000-0000-0000-000000000000'
