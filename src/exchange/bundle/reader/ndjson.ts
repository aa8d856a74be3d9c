import type { z } from 'zod'
import { throwBadBundle } from './bad-bundle.ts'

/** A revision of a register's import has thousands of documents, and is some ten million characters. */
const maxLineLength = 256 * 1_048_576

/**
 * The values of an NDJSON part, one after the other; no more than a line of it is in memory. Without a schema they are
 * taken as they are, for bytes that were checked before.
 *
 * @throws {BadBundle} naming the line
 */
export async function* parseNdjson<T>(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  schema: z.ZodType<T> | null,
): AsyncGenerator<T> {
  let lineNumber = 0
  for await (const line of splitLines(name, chunks)) {
    if (line === '') continue
    lineNumber += 1
    const location = `${name}, line ${lineNumber}`
    const value = parseJson(location, line)
    yield schema === null ? (value as T) : validateValue(location, schema, value)
  }
}

async function* splitLines(name: string, chunks: AsyncIterable<Uint8Array>) {
  const decoder = createUtf8Decoder()
  let lineParts: string[] = []
  let length = 0
  for await (const chunk of chunks) {
    const text = decodeOrThrow(name, () => decoder.decode(chunk, { stream: true }))
    let from = 0
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', from)) {
      yield lineParts.join('') + text.slice(from, at)
      lineParts = []
      length = 0
      from = at + 1
    }
    lineParts.push(text.slice(from))
    length += text.length - from
    if (length > maxLineLength)
      throwBadBundle(`${name}: a line has over ${maxLineLength} characters.`)
  }
  decodeOrThrow(name, () => decoder.decode())
  yield lineParts.join('')
}

export const decodeUtf8 = (name: string, bytes: Uint8Array): string =>
  decodeOrThrow(name, () => createUtf8Decoder().decode(bytes))

const createUtf8Decoder = () => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decodeOrThrow(name: string, decode: () => string): string {
  try {
    return decode()
  } catch {
    return throwBadBundle(`${name}: it is not UTF-8.`)
  }
}

export function parseJson(location: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return throwBadBundle(`${location}: it is not JSON.`)
  }
}

export function validateValue<T>(location: string, schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  return throwBadBundle(`${location}: /${issue?.path.join('/')}: ${issue?.message}`)
}
