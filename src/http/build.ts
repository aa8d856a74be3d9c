import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

/** All of the program but what is generated, from `src/`. */
export const sources = (): string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('generated'))
    .sort()

/** Changes whenever the program does: a new build may write the same data differently. In the pack it is a constant. */
export const build = (() => {
  const all = createHash('sha256')
  for (const file of sources()) all.update(readFileSync(join(root, file)))
  return all.digest('hex').slice(0, 8)
})()
