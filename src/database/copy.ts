import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from } from 'pg-copy-streams'
import type { DB } from '../generated/kysely/types.ts'

/** Rows for `COPY`, in PostgreSQL's text format (see `copyLine`), of one table. */
export type CopyRows = {
  [T in keyof DB]: {
    table: T
    columns: readonly (keyof DB[T] & string)[]
    lines: Iterable<string>
  }
}[keyof DB]

export type CopyValue = string | number | null | readonly string[] | Uint8Array

/** A line of `COPY`'s text format: a tab between values, `\N` for NULL. */
export function copyLine(values: readonly CopyValue[]): string {
  let line = ''
  for (let index = 0; index < values.length; index += 1) {
    if (index > 0) line += '\t'
    const value = values[index]
    if (value === null || value === undefined) line += '\\N'
    else if (typeof value === 'number') line += value
    else if (typeof value === 'string') line += escaped(value)
    else if (value instanceof Uint8Array) line += `\\\\x${Buffer.from(value).toString('hex')}`
    else line += escaped(arrayLiteral(value))
  }
  return `${line}\n`
}

const special = /[\\\n\r\t]/
const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}
const escaped = (text: string): string =>
  special.test(text) ? text.replace(/[\\\n\r\t]/g, (one) => escapes[one] ?? one) : text

const arrayLiteral = (values: readonly string[]): string =>
  `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`

/** Enough for the network to be busy, and little beside the rows themselves. */
const pieceLength = 1_048_576

/** Writes the rows within the transaction of this connection. */
export async function copyRows(client: pg.ClientBase, rows: CopyRows): Promise<void> {
  const { table, columns, lines } = rows
  if (Array.isArray(lines) && lines.length === 0) return
  const stream = client.query(from(`COPY "${table}" ("${columns.join('", "')}") FROM STDIN`))
  await pipeline(pieces(lines), stream)
}

function* pieces(lines: Iterable<string>): Generator<Buffer> {
  let piece = ''
  for (const line of lines) {
    piece += line
    if (piece.length < pieceLength) continue
    yield Buffer.from(piece)
    piece = ''
  }
  if (piece !== '') yield Buffer.from(piece)
}
