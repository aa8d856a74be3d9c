import type { Value } from './tables.ts'

/** A value in COPY's text format. */
export function copied(value: Value): string {
  if (value === null) return '\\N'
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return escaped(value)
  if (value instanceof Uint8Array) return `\\\\x${Buffer.from(value).toString('hex')}`
  return escaped(`{${value.map((one) => `"${one.replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`)
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n' }
const escaped = (text: string): string =>
  /[\\\t\n]/.test(text)
    ? text.replaceAll(/[\\\t\n]/g, (character) => escapes[character] ?? '')
    : text
