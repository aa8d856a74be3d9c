import type { ColumnValue } from './tables.ts'

/** A value in COPY's text format. */
export function formatCopyValue(value: ColumnValue): string {
  if (value === null) return '\\N'
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return escapeText(value)
  if (value instanceof Uint8Array) return `\\\\x${Buffer.from(value).toString('hex')}`
  return escapeText(`{${value.map((one) => `"${one.replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`)
}

const copyEscapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n' }
const escapeText = (text: string): string =>
  /[\\\t\n]/.test(text)
    ? text.replaceAll(/[\\\t\n]/g, (character) => copyEscapes[character] ?? '')
    : text
