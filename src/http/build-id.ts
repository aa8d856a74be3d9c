import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const sourceRoot = join(import.meta.dirname, '..')
/** Word lists for the comparison of names. */
const referenceRoot = join(sourceRoot, '../reference')

/** All source files except generated ones, relative to `src/`. */
const listSourceFiles = (): string[] =>
  readdirSync(sourceRoot, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('generated'))
    .sort()

/** Hash of the program, part of every ETag: another version may format the same data differently. */
export const buildId = computeBuildId()

function computeBuildId(): string {
  const programHash = createHash('sha256')
  for (const file of listSourceFiles()) programHash.update(readFileSync(join(sourceRoot, file)))
  for (const file of readdirSync(referenceRoot).sort())
    if (file.endsWith('.json')) programHash.update(readFileSync(join(referenceRoot, file)))
  return programHash.digest('hex').slice(0, 8)
}
