import { Document, isMap, isScalar, type Node, type Pair, visit } from 'yaml'

/** Comments by the path of what they are about: `permit.value`. */
export type Notes = Map<string, string[]>

/** Adds what is not said there yet. */
export function addNotes(notes: Notes, path: string, lines: readonly string[]): void {
  notes.set(path, [...new Set([...(notes.get(path) ?? []), ...lines])])
}

/** What the author has to write. No slug and no currency is like it, so a map that has it is refused. */
export const placeholder = 'TODO'

/** A map as YAML. Comments on parts stand above them; `about` stands above all. */
export function writeMap(
  map: Record<string, unknown>,
  notes: Notes,
  about: readonly string[],
): string {
  const document = new Document(map, { anchorPrefix: 'same' })
  for (const [path, lines] of notes) addComment(document, path.split('.'), lines)
  visit(document, {
    Seq(_key, node) {
      if (node.items.every(isScalar) && String(node).length < 100) node.flow = true
    },
    Map(_key, node, ancestors) {
      // Short rules stand on one line.
      const isRule = ancestors.length > 2 && node.items.every(isPlain) && !hasComment(node.items)
      if (isRule && String(node).length < 100) node.flow = true
    },
  })
  const head = [
    'A map to begin with: check each line. TODO stands where the table does not say what is needed.',
    'docs/registers.md explains the keys. Columns of the table:',
    ...about,
  ]
  document.commentBefore = toComment(head)
  return document.toString({ lineWidth: 0, flowCollectionPadding: true })
}

const toComment = (lines: readonly string[]): string =>
  lines.map((line) => ` ${line.replaceAll(/\s+/g, ' ')}`).join('\n')

const isPlain = ({ value }: Pair): boolean => isScalar(value) || !isMap(value)
const hasComment = (items: readonly Pair[]): boolean =>
  items.some(({ key }) => isScalar(key) && key.commentBefore)

function addComment(document: Document, path: readonly string[], lines: readonly string[]): void {
  let node: unknown = document.contents
  let pair: Pair | undefined
  for (const name of path) {
    if (!isMap(node)) return
    pair = node.items.find(({ key }) => isScalar(key) && key.value === name)
    node = pair?.value
  }
  const key = pair?.key as Node | undefined
  if (key !== undefined) key.commentBefore = toComment(lines)
}
