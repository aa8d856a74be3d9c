import type { GoodReference } from '../records/drafts.ts'
import { slugOfName } from '../slugs.ts'
import { type CellReader, type CompileContext, cached } from './cells.ts'
import type { TextSource } from './schema.ts'
import { compileText } from './text-reader.ts'

/** Reads the words for goods; equal words are one good of the register. */
export function createGoodReader(
  register: string,
  source: TextSource | null,
  context: CompileContext,
): CellReader<GoodReference | null> {
  const readDesignation = compileText(source, context)
  const toGood = cached((designation: string) => ({
    slug: slugOfName(register, designation),
    designation,
  }))
  return (cells) => {
    const designation = readDesignation(cells)
    return designation === null ? null : toGood(designation)
  }
}
