import type { Tx } from '../../../database/transaction.ts'
import { kinds } from '../../../records/kinds/all-kinds.ts'
import { buildLongArticleRows } from '../../../records/kinds/articles/queries.ts'
import { LongArticleInput } from '../../../records/kinds/articles/schema.ts'
import {
  createReferenceResolver,
  type ReferenceResolver,
} from '../../../records/model/references.ts'
import { buildInsertions, type RecordRows } from '../../../records/model/rows.ts'
import type { WriteSession } from '../../../records/write/commit.ts'
import { createReader, loadStoredRecords } from '../queries.ts'
import { throwBadBundle } from '../reader/bad-bundle.ts'
import { validateValue } from '../reader/ndjson.ts'
import type { Bundle } from '../reader/read-bundle.ts'
import { collectReferencedIds, estimateWeight, toBundledRecord } from '../record-lines.ts'
import type { BundledCitation, BundledRecord } from '../schema.ts'
import { batchByWeight } from './batches.ts'
import { createQuoteChecker } from './check-quotes.ts'
import { findNewCitations, type ImportPlan } from './plan-import.ts'
import {
  type DeferredReferences,
  insertTableRows,
  linkDeferredReferences,
  updateRecordStates,
  updateRegisters,
} from './queries.ts'

/**
 * Writes all new records before the citations: a citation can refer to an article or an actor that comes later in the bundle.
 *
 * @returns the number of citations that were added to existing records
 * @throws {BadBundle} if a quote is not found in its article
 */
export async function insertRecords(
  session: WriteSession,
  bundle: Bundle,
  plan: ImportPlan,
): Promise<number> {
  const { tx } = session
  const deferredReferences: DeferredReferences = { publishers: [], families: [] }
  const states: Parameters<typeof updateRecordStates>[1][number][] = []
  const quoteChecker = createQuoteChecker(tx, bundle)
  for await (const batch of batchByWeight(bundle.readRecords(), estimateWeight)) {
    for (const { kind, id, record } of batch)
      if (kind === 'article') quoteChecker.addArticle(id, record.spans)
    const newRecords = batch.filter(({ id }) => plan.newRecords.has(id))
    await insertRecordBatch(session, bundle, newRecords, deferredReferences)
    for (const { id, state, stateReason, mergedInto } of newRecords)
      if (state !== 'live') states.push({ id, state, stateReason, mergedInto })
  }
  await linkDeferredReferences(tx, deferredReferences)

  let addedCount = 0
  for await (const batch of batchByWeight(bundle.readRecords(), estimateWeight)) {
    const newCitations: PendingCitations[] = batch
      .filter(({ id }) => plan.newRecords.has(id))
      .map((record) => ({ record, citations: record.citations, firstPosition: 0 }))
    const addedCitations = await findAddedCitations(tx, batch, plan)
    for (const { citations } of addedCitations) addedCount += citations.length
    const pending = [...newCitations, ...addedCitations]
    for (const { record, citations } of pending)
      for (const citation of citations) await quoteChecker.check(record, citation)
    await insertTableRows(tx, buildCitationRows(pending))
  }
  await updateRecordStates(tx, states)
  const registers = [...plan.registerUpdates].map(([id, register]) => ({ id, ...register }))
  await updateRegisters(tx, registers)
  return addedCount
}

/** The citations that existing records of the batch have in the bundle only. */
async function findAddedCitations(
  tx: Tx,
  batch: readonly BundledRecord[],
  { withNewCitations }: ImportPlan,
): Promise<PendingCitations[]> {
  const records = new Map(
    batch.filter(({ id }) => withNewCitations.has(id)).map((record) => [record.id, record]),
  )
  const reader = createReader(tx.$kysely)
  const stored = await loadStoredRecords(tx.$kysely, reader, [...records.keys()])
  return stored.flatMap((storedRecord) => {
    const record = records.get(storedRecord.id)
    if (record === undefined) return []
    const existing = toBundledRecord(storedRecord)
    const citations = findNewCitations(record, existing)
    return [{ record, citations, firstPosition: existing.citations.length }]
  })
}

/** Builds the rows of new records in the same way as for records that a client sends. */
async function insertRecordBatch(
  { tx, revision, newRecordIds }: WriteSession,
  bundle: Bundle,
  records: readonly BundledRecord[],
  deferredReferences: DeferredReferences,
): Promise<void> {
  const knownIds = new Map(newRecordIds)
  for (const record of records)
    for (const id of [record.id, ...collectReferencedIds(record)])
      for (const kind of Object.keys(kinds)) knownIds.set(`${kind}/${id}`, id)
  const resolver = createReferenceResolver(tx, knownIds)
  const rows: RecordRows[] = []
  const recordRows = []
  for (const { kind, id, record, register } of records) {
    const location = `records.ndjson: the ${kind} ${record.slug}`
    const { writer } = kinds[kind]
    if (kind === 'article') {
      const article = await buildArticleRows(tx, bundle, id, record, resolver, location)
      rows.push(assignRegister(article.rows, register))
      recordRows.push({ id, revision, kind, slug: record.slug, name: article.name })
      continue
    }
    const input = validateValue(location, writer.input, record)
    rows.push(assignRegister(await writer.buildRows(id, input, resolver, location), register))
    recordRows.push({ id, revision, kind, slug: record.slug, name: writer.getDisplayName(input) })
  }
  for (const tables of rows) deferReferences(tables, deferredReferences)
  await insertTableRows(tx, [['record', recordRows], ...buildInsertions(rows)])
}

/** Moves references to records that may come later out of the rows. */
function deferReferences({ article = [], good = [] }: RecordRows, deferred: DeferredReferences) {
  for (const row of article) {
    if (row.publisherId) deferred.publishers.push({ id: row.id ?? '', targetId: row.publisherId })
    row.publisherId = null
  }
  for (const row of good) {
    if (row.familyId) deferred.families.push({ id: row.id, targetId: row.familyId })
    row.familyId = null
  }
}

/** Adds the register to the rows: the input of a client does not have it. */
function assignRegister(rows: RecordRows, register: BundledRecord['register']): RecordRows {
  if (register === undefined) return rows
  const { name, key } = register
  for (const row of rows.article ?? []) row.register = name
  for (const row of rows.permit ?? []) Object.assign(row, { register: name, registerKey: key })
  return rows
}

/** For a long article it also inserts the parts of the text, one batch after the other. */
async function buildArticleRows(
  tx: Tx,
  bundle: Bundle,
  id: string,
  record: BundledRecord['record'],
  resolver: ReferenceResolver,
  location: string,
) {
  const { bodySha256, sourceSha256, ...articleFields } = record
  if (!bundle.isLongArticle(id)) {
    const { writer } = kinds.article
    const text = await bundle.readArticle(id)
    const input = validateValue(location, writer.input, { ...articleFields, ...text })
    return {
      name: writer.getDisplayName(input),
      rows: await writer.buildRows(id, input, resolver, location),
    }
  }
  const input = validateValue(location, LongArticleInput, articleFields)
  let bodyLength = 0
  const partBatches = batchByWeight(bundle.readTextParts(id), ({ text }) => text.length / 500)
  for await (const parts of partBatches) {
    await insertTableRows(tx, [['articlePart', parts.map((part) => ({ articleId: id, ...part }))]])
    for (const { length } of parts) bodyLength += length
  }
  if (bodyLength === 0) throwBadBundle(`articles/${id}/parts.ndjson: it is empty.`)
  const hashes = { bodySha256: String(bodySha256), sourceSha256: String(sourceSha256) }
  const rows = await buildLongArticleRows(id, input, { bodyLength, ...hashes }, resolver, location)
  return { name: input.title, rows }
}

/** `firstPosition`: the position of the first of these citations in the record. */
type PendingCitations = {
  record: BundledRecord
  citations: readonly BundledCitation[]
  firstPosition: number
}

function buildCitationRows(pending: readonly PendingCitations[]) {
  const rows = pending.flatMap(({ record, citations, firstPosition }) =>
    citations.map((citation, index) => {
      const { article, start, end, voices, value, ...citationFields } = citation
      return {
        voices: voices.map(({ actor, document }, position) => ({
          citationId: citation.id,
          position,
          actorId: actor,
          document,
        })),
        citation: {
          ...citationFields,
          recordId: record.id,
          position: firstPosition + index,
          articleId: article,
          startAt: start,
          endAt: end,
          ...(value !== null && value !== undefined && { value }),
        },
      }
    }),
  )
  return [
    ['citation', rows.map(({ citation }) => citation)],
    ['citationVoice', rows.flatMap(({ voices }) => voices)],
  ] as const
}
