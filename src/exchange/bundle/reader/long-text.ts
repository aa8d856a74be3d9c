import { sha256 } from '../../../evidence/sha256.ts'
import { indexText, normaliseText } from '../../../evidence/text.ts'
import type { BundledTextPart } from '../schema.ts'
import { throwBadBundle } from './bad-bundle.ts'
import { decodeUtf8 } from './ndjson.ts'

/** A part of a long text as the database stores it (docs/decisions/0010-long-texts.md). Offsets in code points. */
export type TextPart = {
  startAt: number
  length: number
  text: string
  sha256: string
  source: Buffer
}

type ByteChunks = AsyncIterable<Buffer>

/**
 * Splits the text and the bytes of an article as its `parts.ndjson` says. Only one part at a time is in memory.
 *
 * @throws {BadBundle} if the parts do not match the text or the bytes
 */
export async function* splitLongText(
  folder: string,
  parts: AsyncIterable<BundledTextPart>,
  bodyChunks: ByteChunks,
  sourceChunks: ByteChunks,
): AsyncGenerator<TextPart> {
  const body = createByteReader(bodyChunks)
  const source = createByteReader(sourceChunks)
  let end = 0
  try {
    for await (const { start, length, textBytes, sourceBytes, sha256: hash } of parts) {
      const location = `${folder}/parts.ndjson: the part from ${start}`
      const text = decodeUtf8(`${folder}/body.txt`, await body.take(textBytes))
      const bytes = await source.take(sourceBytes)
      if (start !== end || indexText(text).length !== length || sha256(text) !== hash)
        throwBadBundle(`${location} does not match body.txt.`)
      if (bytes.length !== sourceBytes) throwBadBundle(`${location} is not in source.`)
      if (!isNormalised(text, start))
        throwBadBundle(`${location} contains characters that the text of an article cannot have.`)
      end += length
      yield { startAt: start, length, text, sha256: hash, source: bytes }
    }
    if (!(await body.isAtEnd()) || !(await source.isAtEnd()))
      throwBadBundle(`${folder}/parts.ndjson: it ends before the text ends.`)
  } finally {
    await body.close()
    await source.close()
  }
}

/** Whether a text is in the form in which bodies are stored. `start` > 0: it is a later part of a text. */
export function isNormalised(text: string, start = 0): boolean {
  const linePrefix = start === 0 ? '' : '\n'
  try {
    return normaliseText(linePrefix + text) === linePrefix + text
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return false
  }
}

/** `take(count)` returns the next `count` bytes, and fewer only at the end. */
function createByteReader(chunks: ByteChunks) {
  const iterator = chunks[Symbol.asyncIterator]()
  let remaining: Buffer = Buffer.alloc(0)
  const readNextChunk = async (): Promise<boolean> => {
    const { done, value } = await iterator.next()
    if (done) return false
    remaining = value
    return true
  }
  return {
    async take(count: number): Promise<Buffer> {
      const takenChunks: Buffer[] = []
      for (let left = count; left > 0; ) {
        if (remaining.length === 0 && !(await readNextChunk())) break
        const chunk = remaining.subarray(0, left)
        takenChunks.push(chunk)
        remaining = remaining.subarray(chunk.length)
        left -= chunk.length
      }
      return Buffer.concat(takenChunks)
    },
    async isAtEnd(): Promise<boolean> {
      while (remaining.length === 0) if (!(await readNextChunk())) return true
      return false
    },
    close: () => iterator.return?.(),
  }
}
