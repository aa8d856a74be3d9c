import { type DuplicateKey, toConstraintProblem } from '../../database/constraint-problems.ts'
import { newId } from '../../database/new-id.ts'
import { type ModelRows, matchesDuplicateKey } from '../../database/row-writer.ts'
import type { Tx } from '../../database/transaction.ts'
import { Problem } from '../../problem.ts'
import { createReferenceResolver, type ReferenceResolver } from '../model/references.ts'
import { mergeRows } from '../model/rows.ts'
import type { CitationInput, Kind } from '../model/schema.ts'
import type { AnyRecordWriter, RecordWriter } from '../model/writer.ts'
import { createCitationWriter, resolveCitationReferences } from './citation-writer.ts'

/** A record to be made. `pointer` says where it stands in what the client sent, for errors. */
export type NewRecord = {
  writer: AnyRecordWriter
  input: { slug: string }
  citations: readonly CitationInput[]
  pointer: string
  /** How other items of the same batch may call it: `$local`. */
  localName?: string | undefined
}

/** Pairs an input with the writer that takes it. */
export const buildNewRecord = <Input extends { slug: string }>(
  writer: RecordWriter<Input>,
  input: Input,
  citations: readonly CitationInput[],
  pointer: string,
): NewRecord => ({ writer: writer as unknown as AnyRecordWriter, input, citations, pointer })

/**
 * Rows of the spine, rows of the kinds, citations, each quote anchored in the stored text. Records may refer to one
 * another in any order. The caller (commit.ts) numbers the revision and writes the ledger.
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
  const newRecords = records.map((record) => ({ ...record, id: newId() }))
  for (const { writer, input, localName: local, id } of newRecords) {
    newRecordIds.set(`${writer.kind}/${input.slug}`, id)
    if (local !== undefined) newRecordIds.set(`${writer.kind}/$${local}`, id)
  }
  const refs = createReferenceResolver(tx, newRecordIds)
  const buildAllRows = (known: ReferenceResolver) =>
    Promise.all(
      newRecords.map(({ writer, input, id, pointer }) =>
        writer.buildRows(id, input, known, pointer),
      ),
    )
  await refs.prefetch(async (wanted) => {
    await buildAllRows(wanted)
    for (const { citations, pointer } of newRecords)
      for (const [position, citation] of citations.entries())
        await resolveCitationReferences(wanted, citation, `${pointer}/citations/${position}`)
  })
  const rows = await buildAllRows(refs)
  const recordRows = newRecords.map(({ writer, input, id }) => ({
    id,
    revision,
    kind: writer.kind,
    slug: input.slug,
    name: writer.getDisplayName(input),
  }))
  const findPointer = (key: DuplicateKey) =>
    // Of two in the same write it is the later one.
    newRecords.findLast((_record, index) =>
      [recordRows[index], ...Object.values(rows[index] ?? {}).flat()].some(
        (row) => row !== undefined && matchesDuplicateKey(row, key),
      ),
    )?.pointer
  const insert = (newRows: ModelRows) =>
    tx.insert(newRows).catch((error) => {
      throw toConstraintProblem(error, findPointer) ?? error
    })
  const ownRows: ModelRows = { record: recordRows, ...mergeRows(rows) }
  // What is cited may be an article of the same write; all others go in together with their citations.
  const insertRecordsFirst = newRecords.some(({ writer }) => writer.kind === 'article')
  if (insertRecordsFirst) await insert(ownRows)
  const citationWriter = createCitationWriter(tx, refs)
  for (const { writer, citations, id, pointer } of newRecords) {
    if (citations.length === 0 && !writer.isCitationOptional)
      throw citationMissingProblem(writer.kind, pointer)
    for (const [position, citation] of citations.entries())
      await citationWriter.add(id, position, citation, `${pointer}/citations/${position}`)
  }
  await insert({ ...(insertRecordsFirst ? {} : ownRows), ...citationWriter.rows() })
  return newRecords.map(({ id }) => id)
}

export function citationMissingProblem(kind: Kind, pointer: string): Problem {
  const at = `${pointer}/citations`
  return new Problem('citation-missing', `${at}: a ${kind} needs at least one citation.`, {
    errors: [{ pointer: at, detail: 'at least one is needed' }],
  })
}
