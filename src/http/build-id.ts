import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const sourceRoot = join(import.meta.dirname, '..')
/** Word lists that names are compared by. */
const referenceRoot = join(sourceRoot, '../reference')

/** All of the program but what is generated, from `src/`. */
const listSourceFiles = (): string[] =>
  readdirSync(sourceRoot, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('generated'))
    .sort()

/** Changes whenever the program does: a new build may write the same data differently. */
export const buildId = (() => {
  const all = createHash('sha256')
  for (const file of listSourceFiles()) all.update(readFileSync(join(sourceRoot, file)))
  for (const file of readdirSync(referenceRoot).sort())
    if (file.endsWith('.json')) all.update(readFileSync(join(referenceRoot, file)))
  return all.digest('hex').slice(0, 8)
})()
