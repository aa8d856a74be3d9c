import { type Graph, present, writable } from './graph.ts'

/**
 * A quoted string of DOT. Graphviz reads `\N`, `\l` and the like within a label as commands, so every backslash is
 * doubled; a line break is `\n`.
 */
export const quoted = (text: string): string =>
  `"${writable(text)
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll(/\r\n?|\n/g, '\\n')}"`

const listed = (label: string, attributes: Graph['nodes'][number]['attributes']): string =>
  [['label', label] as const, ...present(attributes)]
    .map(([name, value]) => `${quoted(name)}=${quoted(String(value))}`)
    .join(', ')

export const dotNode = ({ id, label, attributes }: Graph['nodes'][number]): string =>
  `  ${quoted(id)} [${listed(label, attributes)}];`

export const dotEdge = ({
  id,
  source,
  target,
  label,
  attributes,
}: Graph['edges'][number]): string =>
  `  ${quoted(source)} -> ${quoted(target)} [${listed(label, { id, ...attributes })}];`

/** The DOT language of Graphviz. */
export function writeDot({ title, note, nodes, edges }: Graph): string {
  return [
    `digraph ${quoted(title)} {`,
    ...(note === null ? [] : [`  graph [${listed(note, {})}];`]),
    ...nodes.map(dotNode),
    ...edges.map(dotEdge),
    '}',
    '',
  ].join('\n')
}
