import { type Graph, present, writable } from './graph.ts'

/**
 * A quoted string of DOT. Graphviz reads `\N`, `\l` and the like within a label as commands, so every backslash is
 * doubled; a line break is `\n`.
 */
const quoted = (text: string): string =>
  `"${writable(text)
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll(/\r\n?|\n/g, '\\n')}"`

const listed = (label: string, attributes: Graph['nodes'][number]['attributes']): string =>
  [['label', label] as const, ...present(attributes)]
    .map(([name, value]) => `${quoted(name)}=${quoted(String(value))}`)
    .join(', ')

/** The DOT language of Graphviz. */
export function writeDot({ title, note, nodes, edges }: Graph): string {
  return [
    `digraph ${quoted(title)} {`,
    ...(note === null ? [] : [`  graph [${listed(note, {})}];`]),
    ...nodes.map(({ id, label, attributes }) => `  ${quoted(id)} [${listed(label, attributes)}];`),
    ...edges.map(
      ({ id, source, target, label, attributes }) =>
        `  ${quoted(source)} -> ${quoted(target)} [${listed(label, { id, ...attributes })}];`,
    ),
    '}',
    '',
  ].join('\n')
}
