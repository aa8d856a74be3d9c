import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const sourceRoot = join(import.meta.dirname, '..')
/** Word lists that names are compared by. */
const referenceRoot = join(sourceRoot, '../reference')

/** All source files except generated ones, relative to `src/`. */
const listSourceFiles = (): string[] =>
  readdirSync(sourceRoot, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('generated'))
    .sort()

/** Hash of the sources, part of every ETag: another version of the program may format the same data differently. */
export const buildId = computeBuildId()

function computeBuildId(): string {
  const sourceHash = createHash('sha256')
  for (const file of listSourceFiles()) sourceHash.update(readFileSync(join(sourceRoot, file)))
  for (const file of readdirSync(referenceRoot).sort())
    if (file.endsWith('.json')) sourceHash.update(readFileSync(join(referenceRoot, file)))
  return sourceHash.digest('hex').slice(0, 8)
}
