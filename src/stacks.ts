import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { fileURLToPath } from 'node:url'

const maps = new Map<string, SourceMap>()

/**
 * A stack with the places in the sources where it has those in the pack (`scripts/pack.ts`). A map is read when it is first
 * needed: Node's own way (`--enable-source-maps`) reads all of them at the start, a third of it.
 */
export function inSources(stack: string): string {
  return stack.replaceAll(
    /(file:[^\s()]+\/generated\/packed\/[\w-]+\.js):(\d+):(\d+)/g,
    (place, file: string, line: string, column: string) => {
      const found = mapOf(file)?.findOrigin(Number(line), Number(column))
      if (!found || !('fileName' in found)) return place
      return `${new URL(found.fileName, file)}:${found.lineNumber}:${found.columnNumber}`
    },
  )
}

function mapOf(file: string): SourceMap | undefined {
  const known = maps.get(file)
  if (known) return known
  try {
    const map = new SourceMap(JSON.parse(readFileSync(fileURLToPath(`${file}.map`), 'utf8')))
    maps.set(file, map)
    return map
  } catch {
    return undefined
  }
}
