import type { GoodReference } from '../records/drafts.ts'
import { slugOfName } from '../slugs.ts'
import { type CellReader, type CompileContext, cached } from './cells.ts'
import type { TextSource } from './schema.ts'
import { type ControlEntry, compileText } from './text-reader.ts'

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

/** Without words for the goods, they are those of their control list entries. */
export const describeEntries = (
  register: string,
  entries: readonly ControlEntry[],
): GoodReference => {
  const designation =
    `Goods of ${entries.map(({ list, code }) => `${list} ${code}`).join(', ')}`.slice(0, 1_000)
  return { slug: slugOfName(register, designation), designation }
}
