import { type ExportGraph, listAttributes, replaceInvalidCharacters } from './graph.ts'

/** A quoted string of DOT. Graphviz reads `\N`, `\l` etc. in a label as commands, so backslashes are doubled. */
export const quoteString = (text: string): string =>
  `"${replaceInvalidCharacters(text)
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll(/\r\n?|\n/g, '\\n')}"`

const formatAttributes = (
  label: string,
  attributes: ExportGraph['nodes'][number]['attributes'],
): string =>
  [['label', label] as const, ...listAttributes(attributes)]
    .map(([name, value]) => `${quoteString(name)}=${quoteString(String(value))}`)
    .join(', ')

export const dotNode = ({ id, label, attributes }: ExportGraph['nodes'][number]): string =>
  `  ${quoteString(id)} [${formatAttributes(label, attributes)}];`

export const dotEdge = ({
  id,
  source,
  target,
  label,
  attributes,
}: ExportGraph['edges'][number]): string =>
  `  ${quoteString(source)} -> ${quoteString(target)} [${formatAttributes(label, { id, ...attributes })}];`

/** The DOT language of Graphviz. */
export function writeDot({ title, note, nodes, edges }: ExportGraph): string {
  return [
    `digraph ${quoteString(title)} {`,
    ...(note === null ? [] : [`  graph [${formatAttributes(note, {})}];`]),
    ...nodes.map(dotNode),
    ...edges.map(dotEdge),
    '}',
    '',
  ].join('\n')
}
