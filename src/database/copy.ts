import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from } from 'pg-copy-streams'
import type { DB } from '../generated/kysely/types.ts'

/** Rows for `COPY`, in PostgreSQL's text format (see `copyLine`), of one table. */
export type CopyRows = {
  [T in keyof DB]: {
    table: T
    columns: readonly (keyof DB[T] & string)[]
    lines: CopyLines
  }
}[keyof DB]

export type CopyValue = string | number | null | readonly string[] | Uint8Array

/** A line of `COPY`'s text format: a tab between values, `\N` for NULL. */
export const copyLine = (values: readonly CopyValue[]): string =>
  `${values.map(copyValue).join('\t')}\n`

function copyValue(value: CopyValue): string | number {
  if (value === null) return '\\N'
  if (typeof value === 'number') return value
  if (typeof value === 'string') return escaped(value)
  if (value instanceof Uint8Array) return `\\\\x${Buffer.from(value).toString('hex')}`
  return escaped(arrayLiteral(value))
}

const breaks = /[\n\r\t]/
/** What JSON has of these is the backslash alone. */
function escaped(text: string): string {
  const plain = text.includes('\\') ? text.replaceAll('\\', '\\\\') : text
  if (!breaks.test(plain)) return plain
  return plain.replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')
}

const arrayLiteral = (values: readonly string[]): string =>
  `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`

/** Enough for the network to be busy, and little enough to be encoded while it is in the processor's cache. */
const pieceLength = 65_536

/**
 * Lines that are encoded as they come. Thousands of them that waited as strings would outlive one collection of
 * garbage after the other, and be copied in each.
 */
export class CopyLines {
  readonly #pieces: Buffer[] = []
  #last = ''

  push(line: string): void {
    this.#last += line
    if (this.#last.length >= pieceLength) this.#encode()
  }

  /** What was given so far. */
  pieces(): readonly Buffer[] {
    if (this.#last !== '') this.#encode()
    return this.#pieces
  }

  #encode(): void {
    this.#pieces.push(Buffer.from(this.#last))
    this.#last = ''
  }
}

/** Writes the rows within the transaction of this connection. */
export async function copyRows(client: pg.ClientBase, rows: CopyRows): Promise<void> {
  const { table, columns, lines } = rows
  const pieces = lines.pieces()
  if (pieces.length === 0) return
  const stream = client.query(from(`COPY "${table}" ("${columns.join('", "')}") FROM STDIN`))
  await pipeline(pieces, stream)
}
