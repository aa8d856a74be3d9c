import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from } from 'pg-copy-streams'
import type { DB } from '../generated/kysely/types.ts'

/** Rows for `COPY`, in PostgreSQL's text format (see `copyLine`), of one table. */
export type CopyBatch = {
  [T in keyof DB]: {
    table: T
    columns: readonly (keyof DB[T] & string)[]
    lines: CopyBuffer
  }
}[keyof DB]

export type CopyFieldValue =
  | string
  | number
  | null
  | undefined
  | readonly (string | number)[]
  | Uint8Array

/** A line of `COPY`'s text format: a tab between values, `\N` for NULL. */
export const formatCopyLine = (values: readonly CopyFieldValue[]): string =>
  `${values.map(formatCopyValue).join('\t')}\n`

function formatCopyValue(value: CopyFieldValue): string | number {
  if (value === null || value === undefined) return '\\N'
  if (typeof value === 'number') return value
  if (typeof value === 'string') return escapeCopyText(value)
  if (value instanceof Uint8Array) return `\\\\x${Buffer.from(value).toString('hex')}`
  return escapeCopyText(formatArrayLiteral(value))
}

const lineBreakOrTab = /[\n\r\t]/
/** What JSON has of these is the backslash alone. */
function escapeCopyText(text: string): string {
  const plain = text.includes('\\') ? text.replaceAll('\\', '\\\\') : text
  if (!lineBreakOrTab.test(plain)) return plain
  return plain.replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')
}

const formatArrayLiteral = (values: readonly (string | number)[]): string =>
  `{${values.map((value) => `"${String(value).replace(/["\\]/g, '\\$&')}"`).join(',')}}`

/** Enough for the network to be busy, and little enough to be encoded while it is in the processor's cache. */
const chunkLength = 65_536

/**
 * Lines that are encoded as they come. Thousands of them that waited as strings would outlive one collection of
 * garbage after the other, and be copied in each.
 */
export class CopyBuffer {
  readonly #chunks: Buffer[] = []
  #pending = ''

  push(line: string): void {
    this.#pending += line
    if (this.#pending.length >= chunkLength) this.#flush()
  }

  /** What was given so far. */
  takeChunks(): readonly Buffer[] {
    if (this.#pending !== '') this.#flush()
    return this.#chunks
  }

  #flush(): void {
    this.#chunks.push(Buffer.from(this.#pending))
    this.#pending = ''
  }
}

/** Writes the rows within the transaction of this connection. */
export async function copyRows(client: pg.ClientBase, rows: CopyBatch): Promise<void> {
  const { table, columns, lines } = rows
  const pieces = lines.takeChunks()
  if (pieces.length === 0) return
  const stream = client.query(from(`COPY "${table}" ("${columns.join('", "')}") FROM STDIN`))
  await pipeline(pieces, stream)
}
