import { type CopyBatch, CopyBuffer, formatCopyLine } from '../../database/copy.ts'
import { sha256 } from '../../evidence/sha256.ts'
import type { DB } from '../../generated/kysely/types.ts'
import { LedgerCopyBuffer } from '../../ledger/ledger-writer.ts'
import {
  type CitationValues,
  citationTables,
  citationToSnapshot,
} from '../model/citation-fields.ts'
import type { Fields, ValueOf, ValuesOf } from '../model/field.ts'
import type { RecordFields } from '../model/record-fields.ts'
import type { CompiledTables, PushLine } from '../model/table-rows.ts'
import type { BulkWrite } from './bulk-writer.ts'

/** A citation whose place in the article is known; its position in the record is the caller's. */
export type LocatedCitation = Omit<CitationValues, 'recordId' | 'position' | 'state'>

/** A new record with resolved references. Derived fields are what other records of the same write say of it. */
export type BulkRecord<Fs extends Fields> = {
  id: string
  slug: string
  values: ValuesOf<Fs>
  citations: readonly LocatedCitation[]
  /** Members that only the snapshot has. */
  ledgerMembers?: Readonly<Record<string, unknown>>
}

const recordColumns = ['id', 'kind', 'slug', 'name', 'revision']

/**
 * Collects new records for COPY: lines by table, and snapshots for the ledger that are made from the values and not read
 * back. Kinds are added in the order in which their rows refer to one another.
 */
export class BulkRecords {
  readonly snapshots: LedgerCopyBuffer
  readonly #revision: bigint
  readonly #columns = new Map<keyof DB, readonly string[]>([['record', recordColumns]])
  readonly #noted = new Set<object>()
  readonly #lines = new Map<keyof DB, CopyBuffer>()
  readonly #push: PushLine = (table, line) => this.#linesOf(table).push(line)

  constructor(revision: bigint) {
    this.snapshots = new LedgerCopyBuffer(revision)
    this.#revision = revision
  }

  /** Adds the rows of a record and its snapshot. */
  add<Fs extends Fields>(fields: RecordFields<Fs>, record: BulkRecord<Fs>): void {
    const { id, slug, values, ledgerMembers } = record
    const citations = this.#addRows(fields, record)
    const identity = { id, slug, revision: Number(this.#revision) }
    const members = citations.map(citationToSnapshot)
    // Canonical JSON: the members are in the order of their names.
    const snapshot = fields.toSnapshot(identity, values, members)
    const document = JSON.stringify(
      ledgerMembers === undefined ? snapshot : sortMembers({ ...snapshot, ...ledgerMembers }),
    )
    this.snapshots.push({ recordId: id, change: 'create', document, hash: sha256(document) })
  }

  /** Adds the rows of a record whose snapshot is read back. */
  addRows<Fs extends Fields>(fields: RecordFields<Fs>, record: BulkRecord<Fs>): void {
    this.#addRows(fields, record)
  }

  /** Adds the elements of one list to a record that is there and has none. */
  addList<Fs extends Fields, Name extends keyof Fs & string>(
    fields: RecordFields<Fs>,
    id: string,
    name: Name,
    elements: readonly unknown[] & ValueOf<Fs[Name]>,
    ownerValues: object = {},
  ): void {
    this.#noteColumns(fields)
    fields.writeListLines(id, name, elements, this.#push, ownerValues)
  }

  addCitation(recordId: string, position: number, citation: LocatedCitation): CitationValues {
    const values = { ...citation, recordId, position, state: 'anchored' }
    citationTables.writeCopyLines(citation.id, values, this.#push)
    return values
  }

  /** The lines so far, tables in the order in which their rows refer to one another. */
  toBatches(): CopyBatch[] {
    for (const [table, columns] of citationTables.copyColumns) {
      this.#columns.delete(table)
      this.#columns.set(table, columns)
    }
    return [...this.#columns].flatMap(([table, columns]) => {
      const lines = this.#lines.get(table)
      return lines === undefined ? [] : [{ table, columns, lines } as CopyBatch]
    })
  }

  toBulkWrite(): BulkWrite {
    return { tables: this.toBatches(), snapshots: this.snapshots }
  }

  /** @returns the values of the citations */
  #addRows<Fs extends Fields>(
    fields: RecordFields<Fs>,
    { id, slug, values, citations }: BulkRecord<Fs>,
  ): CitationValues[] {
    const spine = [id, fields.kind, slug, fields.getName(values), String(this.#revision)]
    this.#push('record', formatCopyLine(spine))
    this.#noteColumns(fields)
    fields.writeCopyLines(id, values, this.#push)
    return citations.map((citation, position) => this.addCitation(id, position, citation))
  }

  #noteColumns(tables: Pick<CompiledTables, 'copyColumns'>): void {
    if (this.#noted.has(tables)) return
    this.#noted.add(tables)
    for (const [table, columns] of tables.copyColumns) this.#columns.set(table, columns)
  }

  #linesOf(table: keyof DB): CopyBuffer {
    let lines = this.#lines.get(table)
    if (lines === undefined) {
      lines = new CopyBuffer()
      this.#lines.set(table, lines)
    }
    return lines
  }
}

const sortMembers = (members: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1)))
