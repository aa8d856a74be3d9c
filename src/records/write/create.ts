import { type DuplicateKey, toConstraintProblem } from '../../database/constraint-problems.ts'
import { newId } from '../../database/new-id.ts'
import { type ModelRows, matchesDuplicateKey } from '../../database/row-writer.ts'
import type { Tx } from '../../database/transaction.ts'
import { Problem } from '../../problem.ts'
import { type ReferenceResolver, resolveReferences } from '../model/references.ts'
import type { CitationInput, Kind } from '../model/schema.ts'
import { mergeRows } from '../model/table-rows.ts'
import type { AnyRecordWriter, RecordWriter } from '../model/writer.ts'
import { createCitationWriter, expandCitations, resolveCitation } from './citation-writer.ts'

/** A record to create. `pointer` is its JSON pointer in the request, for errors. */
export type NewRecord = {
  writer: AnyRecordWriter
  input: { slug: string }
  citations: readonly CitationInput[]
  pointer: string
  /** Other items of the same batch can refer to it as `$localName`. */
  localName?: string | undefined
}
type IdentifiedRecord = NewRecord & { id: string; revision: bigint }

/** Pairs an input with the writer of its kind. */
export const buildNewRecord = <Input extends { slug: string }>(
  writer: RecordWriter<Input>,
  input: Input,
  citations: readonly CitationInput[],
  pointer: string,
): NewRecord => ({ writer: writer as unknown as AnyRecordWriter, input, citations, pointer })

/** Kinds in the order in which their rows refer to one another. */
const insertOrder: readonly Kind[] = [
  'case',
  'place',
  'actor',
  'article',
  'affiliation',
  'good',
  'permit',
  'measure',
  'event',
  'figure',
]

/**
 * Inserts the rows of new records and of their citations, whose quotes are found in the stored texts. Records can refer to
 * one another in any order. The caller (commit.ts) numbers the revision and writes the ledger.
 *
 * @returns the ids, in the order of `records`
 * @throws {Problem} unknown-reference, quote-not-found, quote-ambiguous, quote-in-boilerplate, citation-missing
 */
export async function createRecords(
  tx: Tx,
  records: readonly NewRecord[],
  revision: bigint,
  newRecordIds: Map<string, string> = new Map(),
): Promise<string[]> {
  const newRecords = records.map((record) => ({ ...record, id: newId(), revision }))
  for (const { writer, input, localName, id } of newRecords) {
    newRecordIds.set(`${writer.kind}/${input.slug}`, id)
    if (localName !== undefined) newRecordIds.set(`${writer.kind}/$${localName}`, id)
  }
  await insertRecords(tx, newRecords, newRecordIds)
  return newRecords.map(({ id }) => id)
}

/** Same as `createRecords`, for records of several writes, each with its revision: none can refer to another. */
export async function createUnrelatedRecords(
  tx: Tx,
  records: readonly (NewRecord & { revision: bigint })[],
): Promise<string[]> {
  const newRecords = records.map((record) => ({ ...record, id: newId() }))
  await insertRecords(tx, newRecords, new Map())
  return newRecords.map(({ id }) => id)
}

async function insertRecords(
  tx: Tx,
  newRecords: readonly IdentifiedRecord[],
  newRecordIds: ReadonlyMap<string, string>,
): Promise<void> {
  const resolved = await resolveReferences(tx.db, newRecordIds, (refs) =>
    newRecords.map((record) => resolveRecord(record, refs)),
  )
  for (const { writer, citations, pointer } of newRecords)
    if (citations.length === 0 && !writer.isCitationOptional)
      throw citationMissingProblem(writer.kind, pointer)
  const rows = newRecords.map((record, index) => buildRows(record, resolved[index]?.values ?? {}))
  const insert = createInserter(tx, newRecords, rows)
  const recordRows = mergeInOrder(newRecords, rows)
  // A citation can be of an article of the same write, whose text must be there first.
  const insertRecordsFirst = newRecords.some(({ writer }) => writer.kind === 'article')
  if (insertRecordsFirst) await insert(recordRows)
  const citationWriter = createCitationWriter(tx)
  for (const [index, { id }] of newRecords.entries())
    for (const [position, { citation, at }] of (resolved[index]?.citations ?? []).entries())
      await citationWriter.add(id, position, citation, at)
  await insert({ ...(insertRecordsFirst ? {} : recordRows), ...citationWriter.rows() })
}

const resolveRecord = (
  { writer, input, citations, pointer }: NewRecord,
  refs: ReferenceResolver,
) => ({
  values: writer.fields.resolve(input, refs, pointer),
  citations: expandCitations(citations, `${pointer}/citations`).map(({ citation, at }) => ({
    citation: resolveCitation(writer, refs, citation, at),
    at,
  })),
})

/** The row of `record`, and the rows of the kind. */
function buildRows(
  { writer, input, id, revision }: IdentifiedRecord,
  values: object,
): { record: NonNullable<ModelRows['record']>; own: ModelRows } {
  const { kind, fields } = writer
  const name = fields.getName(input)
  const computedValues = writer.computeValues?.(input)
  return {
    record: [{ id, revision, kind, slug: input.slug, name }],
    own: fields.buildRows(id, { ...values, ...computedValues }),
  }
}

type BuiltRows = ReturnType<typeof buildRows>

function mergeInOrder(records: readonly IdentifiedRecord[], rows: readonly BuiltRows[]): ModelRows {
  const ordered = records
    .map(({ writer }, index) => ({
      rank: insertOrder.indexOf(writer.kind),
      rows: rows[index]?.own,
    }))
    .sort((a, b) => a.rank - b.rank)
  return {
    record: rows.flatMap(({ record }) => record),
    ...mergeRows(ordered.flatMap((one) => one.rows ?? [])),
  }
}

/** Inserts rows; a duplicate key becomes a problem that points at its record. */
function createInserter(tx: Tx, records: readonly IdentifiedRecord[], rows: readonly BuiltRows[]) {
  const hasKey = (one: BuiltRows | undefined, key: DuplicateKey): boolean =>
    one !== undefined &&
    [...one.record, ...Object.values(one.own).flat()].some((row) => matchesDuplicateKey(row, key))
  const findPointer = (key: DuplicateKey) =>
    // Of two records in the same write, the later one is wrong.
    records.findLast((_record, index) => hasKey(rows[index], key))?.pointer
  return (newRows: ModelRows): Promise<void> =>
    tx.insert(newRows).catch((error) => {
      throw toConstraintProblem(error, findPointer) ?? error
    })
}

export function citationMissingProblem(kind: Kind, pointer: string): Problem {
  const at = `${pointer}/citations`
  return new Problem('citation-missing', `${at}: a ${kind} needs at least one citation.`, {
    errors: [{ pointer: at, detail: 'at least one is needed' }],
  })
}
