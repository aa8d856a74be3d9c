import { indexText, normaliseText } from '../../../evidence/text.ts'
import { sha256 } from '../../../ledger/canonical.ts'
import type { BundledTextPart } from '../schema.ts'
import { bad } from './bad-bundle.ts'
import { utf8 } from './ndjson.ts'

/** A part of a long text, as it is stored (docs/decisions/0010-long-texts.md). */
export type TextPart = {
  startAt: number
  length: number
  text: string
  sha256: string
  source: Buffer
}

type Pieces = AsyncIterable<Buffer>

/**
 * Cuts the text and the bytes of an article where its `parts.ndjson` says; no more than a part is in memory.
 *
 * @throws {BadBundle} when they do not fit together
 */
export async function* partsOfText(
  folder: string,
  parts: AsyncIterable<BundledTextPart>,
  bodyPieces: Pieces,
  sourcePieces: Pieces,
): AsyncGenerator<TextPart> {
  const [body, source] = [cutter(bodyPieces), cutter(sourcePieces)]
  let end = 0
  try {
    for await (const { start, length, textBytes, sourceBytes, sha256: hash } of parts) {
      const at = `${folder}/parts.ndjson: the part from ${start}`
      const text = utf8(`${folder}/body.txt`, await body.take(textBytes))
      const bytes = await source.take(sourceBytes)
      if (start !== end || indexText(text).length !== length || sha256(text) !== hash)
        bad(`${at} is not what stands in body.txt.`)
      if (bytes.length !== sourceBytes) bad(`${at} is not in source.`)
      if (!isNormal(text, start)) bad(`${at} has what no text of an article can have.`)
      end += length
      yield { startAt: start, length, text, sha256: hash, source: bytes }
    }
    if (!(await body.isAtEnd()) || !(await source.isAtEnd()))
      bad(`${folder}/parts.ndjson: it ends before the text does.`)
  } finally {
    await body.close()
    await source.close()
  }
}

/** Whether a text, or what begins within one, is in the form in which bodies are kept. */
export function isNormal(text: string, start = 0): boolean {
  const before = start === 0 ? '' : '\n'
  try {
    return normaliseText(before + text) === before + text
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return false
  }
}

/** Gives the next so many bytes, fewer only at the end. */
function cutter(pieces: Pieces) {
  const coming = pieces[Symbol.asyncIterator]()
  let rest: Buffer = Buffer.alloc(0)
  const next = async (): Promise<boolean> => {
    const { done, value } = await coming.next()
    if (done) return false
    rest = value
    return true
  }
  return {
    async take(count: number): Promise<Buffer> {
      const taken: Buffer[] = []
      for (let left = count; left > 0; ) {
        if (rest.length === 0 && !(await next())) break
        const piece = rest.subarray(0, left)
        taken.push(piece)
        rest = rest.subarray(piece.length)
        left -= piece.length
      }
      return Buffer.concat(taken)
    },
    async isAtEnd(): Promise<boolean> {
      while (rest.length === 0) if (!(await next())) return true
      return false
    },
    close: () => coming.return?.(),
  }
}
