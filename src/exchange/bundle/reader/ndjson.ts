import type { z } from 'zod'
import { throwBadBundle } from './bad-bundle.ts'

/** In UTF-16 units. A revision of a register import has thousands of snapshots and about ten million characters. */
const maxLineLength = 256 * 1_048_576

/**
 * Yields the values of an NDJSON part. Only one line at a time is in memory.
 *
 * @param schema null for bytes that were validated before
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
    let lineStart = 0
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', lineStart)) {
      yield lineParts.join('') + text.slice(lineStart, end)
      lineParts = []
      length = 0
      lineStart = end + 1
    }
    lineParts.push(text.slice(lineStart))
    length += text.length - lineStart
    if (length > maxLineLength)
      throwBadBundle(`${name}: a line has more than ${maxLineLength} characters.`)
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
