import type { ModelRows } from '../../../database/row-writer.ts'
import type { Tx } from '../../../database/transaction.ts'
import { kinds } from '../../../records/kinds/all-kinds.ts'
import { articleWriter } from '../../../records/kinds/articles/queries.ts'
import { LongArticleInput } from '../../../records/kinds/articles/schema.ts'
import { citationTables } from '../../../records/model/citation-fields.ts'
import type { AnyRecordFields } from '../../../records/model/record-fields.ts'
import { resolveReferences } from '../../../records/model/references.ts'
import { mergeRows } from '../../../records/model/table-rows.ts'
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
    await tx.insert(buildCitationRows(pending))
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
  const reader = createReader(tx.db)
  const stored = await loadStoredRecords(tx.db, reader, [...records.keys()])
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
  const inputs: RecordInput[] = []
  for (const record of records) inputs.push(await readRecordInput(tx, bundle, record))
  const resolved = await resolveReferences(tx.db, knownIds, (refs) =>
    inputs.map(({ fields, input, location }) => fields.resolve(input, refs, location)),
  )
  const rows = inputs.map(({ id, fields, computedValues }, index) =>
    fields.buildRows(
      id,
      deferReferences(id, { ...resolved[index], ...computedValues }, deferredReferences),
    ),
  )
  const recordRows = inputs.map(({ id, fields, input }) => ({
    id,
    revision,
    kind: fields.kind,
    slug: input.slug,
    name: fields.getName(input),
  }))
  await tx.insert({ record: recordRows, ...mergeRows(rows) })
}

/** A record as a client would send it, and the values that no client gives. */
type RecordInput = {
  id: string
  fields: AnyRecordFields
  input: { slug: string }
  computedValues: object
  /** Where it stands in the bundle, for errors. */
  location: string
}

async function readRecordInput(
  tx: Tx,
  bundle: Bundle,
  { kind, id, record, register }: BundledRecord,
): Promise<RecordInput> {
  const location = `records.ndjson: the ${kind} ${record.slug}`
  const { fields, writer } = kinds[kind]
  const membership = register && { register: register.name, registerKey: register.key }
  const { input, computedValues } =
    kind === 'article'
      ? await readArticleInput(tx, bundle, id, record, location)
      : { input: validateValue(location, writer.input, record), computedValues: {} }
  return { id, fields, input, computedValues: { ...computedValues, ...membership }, location }
}

/** Leaves out the publisher of an article and the family of a good: they may come later in the bundle. */
function deferReferences(
  id: string,
  values: { publisher?: unknown; family?: unknown },
  { publishers, families }: DeferredReferences,
): object {
  const { publisher, family, ...others } = values
  if (typeof publisher === 'string') publishers.push({ id, targetId: publisher })
  if (typeof family === 'string') families.push({ id, targetId: family })
  return others
}

/** Writes a long text part by part, before the article that it is of. */
async function readArticleInput(
  tx: Tx,
  bundle: Bundle,
  id: string,
  record: BundledRecord['record'],
  location: string,
): Promise<Pick<RecordInput, 'input' | 'computedValues'>> {
  const { bodySha256, sourceSha256, ...articleFields } = record
  if (!bundle.isLongArticle(id)) {
    const text = await bundle.readArticle(id)
    const input = validateValue(location, articleWriter.input, { ...articleFields, ...text })
    return { input, computedValues: articleWriter.computeValues?.(input) ?? {} }
  }
  const input = validateValue(location, LongArticleInput, articleFields)
  const bodyLength = await insertTextParts(tx, bundle, id)
  return { input, computedValues: { bodyLength, bodySha256, sourceSha256, fingerprints: [] } }
}

/** @returns the length of the text in code points */
async function insertTextParts(tx: Tx, bundle: Bundle, articleId: string): Promise<number> {
  let bodyLength = 0
  const parts = bundle.readTextParts(articleId)
  for await (const batch of batchByWeight(parts, ({ text }) => text.length / 500)) {
    await tx.insert({
      articlePart: batch.map((part) => ({
        articleId,
        ...part,
        source: new Uint8Array(part.source),
      })),
    })
    for (const { length } of batch) bodyLength += length
  }
  if (bodyLength === 0) throwBadBundle(`articles/${articleId}/parts.ndjson: it is empty.`)
  return bodyLength
}

type PendingCitations = {
  record: BundledRecord
  citations: readonly BundledCitation[]
  /** Position of the first of these citations in its record. */
  firstPosition: number
}

const buildCitationRows = (pending: readonly PendingCitations[]): ModelRows =>
  mergeRows(
    pending.flatMap(({ record, citations, firstPosition }) =>
      citations.map((citation, index) =>
        citationTables.buildRows(citation.id, {
          ...citation,
          recordId: record.id,
          position: firstPosition + index,
        }),
      ),
    ),
  )
