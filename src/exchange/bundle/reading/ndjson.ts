import type { z } from 'zod'
import { bad } from './bad-bundle.ts'

/** A revision of a register's import has thousands of documents, and is some ten million characters. */
const lineMax = 256 * 1_048_576

/**
 * The values of an NDJSON part, one after the other; no more than a line of it is in memory. Without a schema they are
 * taken as they are, for bytes that were checked before.
 *
 * @throws {BadBundle} naming the line
 */
export async function* linesOf<T>(
  name: string,
  pieces: AsyncIterable<Uint8Array>,
  schema: z.ZodType<T> | null,
): AsyncGenerator<T> {
  let number = 0
  for await (const line of textLines(name, pieces)) {
    if (line === '') continue
    number += 1
    const at = `${name}, line ${number}`
    const value = json(at, line)
    yield schema === null ? (value as T) : parsed(at, schema, value)
  }
}

async function* textLines(name: string, pieces: AsyncIterable<Uint8Array>) {
  const decoder = utf8Decoder()
  let begun: string[] = []
  let length = 0
  for await (const piece of pieces) {
    const text = decoded(name, () => decoder.decode(piece, { stream: true }))
    let from = 0
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', from)) {
      yield begun.join('') + text.slice(from, at)
      begun = []
      length = 0
      from = at + 1
    }
    begun.push(text.slice(from))
    length += text.length - from
    if (length > lineMax) bad(`${name}: a line has over ${lineMax} characters.`)
  }
  decoded(name, () => decoder.decode())
  yield begun.join('')
}

export const utf8 = (name: string, bytes: Uint8Array): string =>
  decoded(name, () => utf8Decoder().decode(bytes))

const utf8Decoder = () => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decoded(name: string, decode: () => string): string {
  try {
    return decode()
  } catch {
    return bad(`${name}: it is not UTF-8.`)
  }
}

export function json(at: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return bad(`${at}: it is not JSON.`)
  }
}

export function parsed<T>(at: string, schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  return bad(`${at}: /${issue?.path.join('/')}: ${issue?.message}`)
}
