import type { SchemaElement } from 'hyparquet-writer'
import { type CellType, readCell, type TableColumn } from './columns.ts'

/**
 * Rows of a row group, which is kept in memory and encoded at a stretch. More would hold the event loop for too long; fewer make
 * the file longer.
 */
const rowsPerGroup = 1_000

const parquetTypes: Readonly<Record<CellType, Omit<SchemaElement, 'name'>>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  integer: { type: 'INT64' },
  number: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
  date: { type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } },
  timestamp: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
}

/** Apache Parquet, one row group after the other. Each column can be null. The library is loaded on first use. */
export async function* streamParquet(
  columns: readonly TableColumn[],
  batches: AsyncIterable<readonly string[]>,
): AsyncGenerator<Uint8Array> {
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer')
  const output = new ByteWriter()
  const writer = new ParquetWriter({
    writer: output,
    createdBy: 'Casefile',
    schema: [
      { name: 'root', num_children: columns.length },
      ...columns.map(
        ({ heading, type }): SchemaElement => ({
          name: heading,
          repetition_type: 'OPTIONAL',
          ...parquetTypes[type],
        }),
      ),
    ],
  })
  const takeBytes = (): Uint8Array => {
    const bytes = output.getBytes().slice()
    output.index = 0
    return bytes
  }
  for await (const entries of groupEntries(batches)) {
    await writer.write({
      columnData: columns.map((column) => ({
        name: column.heading,
        data: entries.map((entry) => toParquetValue(readCell(entry, column), column.type)),
      })),
      rowGroupSize: entries.length,
    })
    yield takeBytes()
  }
  await writer.finish()
  yield takeBytes()
}

async function* groupEntries(batches: AsyncIterable<readonly string[]>): AsyncGenerator<unknown[]> {
  let entries: unknown[] = []
  for await (const documents of batches) {
    for (const document of documents) entries.push(JSON.parse(document))
    if (entries.length < rowsPerGroup) continue
    yield entries
    entries = []
  }
  if (entries.length > 0) yield entries
}

const toParquetValue = (value: ReturnType<typeof readCell>, type: CellType) =>
  type === 'integer' && typeof value === 'number' ? BigInt(value) : value
