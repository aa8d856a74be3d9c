import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

/**
 * Whether there is a pack of the program as it is (`scripts/pack.ts`): each source, and the description of each package,
 * has the size and time that it had, or else the content.
 */
export function isPacked() {
  try {
    const list = readFileSync(join(root, 'src/generated/packed/made-of.json'), 'utf8')
    return JSON.parse(list).every(isAsItWas)
  } catch {
    return false
  }
}

function isAsItWas({ file, size, modifiedMs, hash }) {
  const path = join(root, file)
  const now = statSync(path)
  return now.size === size && (now.mtimeMs === modifiedMs || hashOf(path) === hash)
}

const hashOf = (path) =>
  process.getBuiltinModule('node:crypto').hash('sha256', readFileSync(path))
