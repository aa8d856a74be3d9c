import type { Tx } from '../../../database/transaction.ts'
import { kinds } from '../../../records/kinds/all-kinds.ts'
import { buildLongArticleRows } from '../../../records/kinds/articles/queries.ts'
import { LongArticleInput } from '../../../records/kinds/articles/schema.ts'
import {
  createReferenceResolver,
  type ReferenceResolver,
} from '../../../records/model/references.ts'
import { mergeRows, type RecordRows } from '../../../records/model/rows.ts'
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
  linkDeferredReferences,
  updateRecordStates,
  updateRegisters,
} from './queries.ts'

/**
 * Writes the new records, and then the citations: any of them can cite an article and name an actor that comes after it.
 *
 * @returns how many citations joined records that were here
 * @throws {BadBundle} for a quote that does not hold
 */
export async function insertRecords(
  session: WriteSession,
  bundle: Bundle,
  { newRecords: fresh, withNewCitations: joining, registerUpdates: registered }: ImportPlan,
): Promise<number> {
  const { tx } = session
  const deferredReferences: DeferredReferences = { publishers: [], families: [] }
  const states: Parameters<typeof updateRecordStates>[1][number][] = []
  const quoteChecker = createQuoteChecker(tx, bundle)
  for await (const batch of batchByWeight(bundle.readRecords(), estimateWeight)) {
    for (const { kind, id, record } of batch)
      if (kind === 'article') quoteChecker.addArticle(id, record.spans)
    const newRecords = batch.filter(({ id }) => fresh.has(id))
    await insertRecordBatch(session, bundle, newRecords, deferredReferences)
    for (const { id, state, stateReason, mergedInto } of newRecords)
      if (state !== 'live') states.push({ id, state, stateReason, mergedInto })
  }
  await linkDeferredReferences(tx, deferredReferences)

  let addedCount = 0
  for await (const batch of batchByWeight(bundle.readRecords(), estimateWeight)) {
    const pending: PendingCitations[] = batch
      .filter(({ id }) => fresh.has(id))
      .map((record) => ({ record, citations: record.citations, firstPosition: 0 }))
    const existingRecords = await loadStoredRecords(
      tx.db,
      createReader(tx.db),
      batch.flatMap(({ id }) => (joining.has(id) ? [id] : [])),
    )
    for (const one of existingRecords) {
      const [ours, theirs] = [toBundledRecord(one), batch.find(({ id }) => id === one.id)]
      if (theirs === undefined) continue
      const citations = findNewCitations(theirs, ours)
      pending.push({ record: theirs, citations, firstPosition: ours.citations.length })
      addedCount += citations.length
    }
    for (const { record, citations } of pending)
      for (const citation of citations) await quoteChecker.check(record, citation)
    await tx.insert(buildCitationRows(pending))
  }
  await updateRecordStates(tx, states)
  await updateRegisters(
    tx,
    [...registered].map(([id, register]) => ({ id, ...register })),
  )
  return addedCount
}

/** The rows of new records, made from what they say as a client's would be. */
async function insertRecordBatch(
  { tx, revision, newRecordIds: locals }: WriteSession,
  bundle: Bundle,
  records: readonly BundledRecord[],
  deferredReferences: DeferredReferences,
): Promise<void> {
  const knownIds = new Map(locals)
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
      const { name, rows: ofArticle } = await buildArticleRows(
        tx,
        bundle,
        id,
        record,
        resolver,
        location,
      )
      rows.push(assignRegister(ofArticle, register))
      recordRows.push({ id, revision, kind, slug: record.slug, name })
      continue
    }
    const input = validateValue(location, writer.input, record)
    rows.push(assignRegister(await writer.buildRows(id, input, resolver, location), register))
    recordRows.push({ id, revision, kind, slug: record.slug, name: writer.getDisplayName(input) })
  }
  for (const { article = [], good = [] } of rows) {
    for (const row of article) {
      if (row.publisherId)
        deferredReferences.publishers.push({ id: row.id ?? '', of: row.publisherId })
      row.publisherId = null
    }
    for (const row of good) {
      if (row.familyId) deferredReferences.families.push({ id: row.id, of: row.familyId })
      row.familyId = null
    }
  }
  await tx.insert({ record: recordRows, ...mergeRows(rows) })
}

/** Which register a record is of no client says. */
function assignRegister(rows: RecordRows, register: BundledRecord['register']): RecordRows {
  if (register === undefined) return rows
  const { name, key } = register
  for (const row of rows.article ?? []) row.register = name
  for (const row of rows.permit ?? []) Object.assign(row, { register: name, registerKey: key })
  return rows
}

/** A long text is written part by part, before the article that it is of. */
async function buildArticleRows(
  tx: Tx,
  bundle: Bundle,
  id: string,
  record: BundledRecord['record'],
  refs: ReferenceResolver,
  location: string,
) {
  const { bodySha256, sourceSha256, ...articleFields } = record
  if (!bundle.isLongArticle(id)) {
    const { writer } = kinds.article
    const text = await bundle.readArticle(id)
    const input = validateValue(location, writer.input, { ...articleFields, ...text })
    return {
      name: writer.getDisplayName(input),
      rows: await writer.buildRows(id, input, refs, location),
    }
  }
  const input = validateValue(location, LongArticleInput, articleFields)
  let bodyLength = 0
  for await (const parts of batchByWeight(
    bundle.readTextParts(id),
    ({ text }) => text.length / 500,
  )) {
    await tx.insert({
      articlePart: parts.map((part) => ({
        articleId: id,
        ...part,
        source: new Uint8Array(part.source),
      })),
    })
    for (const { length } of parts) bodyLength += length
  }
  if (bodyLength === 0) throwBadBundle(`articles/${id}/parts.ndjson: it is empty.`)
  const hashes = { bodySha256: String(bodySha256), sourceSha256: String(sourceSha256) }
  const rows = await buildLongArticleRows(id, input, { bodyLength, ...hashes }, refs, location)
  return { name: input.title, rows }
}

/** `first`: the position of the first of these citations. */
type PendingCitations = {
  record: BundledRecord
  citations: readonly BundledCitation[]
  firstPosition: number
}

function buildCitationRows(pending: readonly PendingCitations[]) {
  const rows = pending.flatMap(({ record, citations, firstPosition: first }) =>
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
          position: first + index,
          articleId: article,
          startAt: start,
          endAt: end,
          ...(value !== null && value !== undefined && { value }),
        },
      }
    }),
  )
  return {
    citation: rows.map(({ citation }) => citation),
    citationVoice: rows.flatMap(({ voices }) => voices),
  }
}
