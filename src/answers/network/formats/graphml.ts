import { type Graph, present, writable } from './graph.ts'

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
}
export const escaped = (text: string): string =>
  writable(text).replaceAll(/[&<>"\t\n\r]/g, (sign) => escapes[sign] ?? sign)

type Element = Graph['nodes'][number] | Graph['edges'][number]

const dataOf = ({ label, attributes }: Element): [name: string, value: string | number][] => [
  ['label', writable(label)],
  ...present(attributes),
]

const named = (part: 'node' | 'edge', { id }: Element) =>
  part === 'node' ? `<node id="${escaped(id)}">` : `<edge id="${escaped(id)}"`
const data = (part: 'node' | 'edge', element: Element) =>
  dataOf(element)
    .map(([name, value]) => `<data key="${part}-${escaped(name)}">${escaped(String(value))}</data>`)
    .join('')

export const graphmlNode = (node: Graph['nodes'][number]): string =>
  `${named('node', node)}${data('node', node)}</node>`

export const graphmlEdge = (edge: Graph['edges'][number]): string =>
  `${named('edge', edge)} source="${escaped(edge.source)}" target="${escaped(edge.target)}">${data('edge', edge)}</edge>`

export const graphmlHead = [
  '<?xml version="1.0" encoding="UTF-8"?>',
  '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">',
]
export const graphmlTail = ['</graph>', '</graphml>', '']

/** GraphML (graphdrawing.org, 2007). graphology has a reader for it and no writer. */
export function writeGraphml({ title, note, nodes, edges }: Graph): string {
  const description = note === null ? title : `${title}. ${note}`
  return [
    ...graphmlHead,
    ...keysOf('node', nodes),
    ...keysOf('edge', edges),
    ...graphmlBegin(description),
    ...nodes.map(graphmlNode),
    ...edges.map(graphmlEdge),
    ...graphmlTail,
  ].join('\n')
}

export const graphmlBegin = (description: string) => [
  '<graph id="network" edgedefault="directed">',
  `<desc>${escaped(description)}</desc>`,
]

/** What each `<data>` of a node or an edge is called, and its type. */
function keysOf(part: 'node' | 'edge', elements: readonly Element[]): string[] {
  const types = new Map<string, 'string' | 'double'>()
  for (const element of elements)
    for (const [name, value] of dataOf(element))
      types.set(
        name,
        typeof value === 'number' && types.get(name) !== 'string' ? 'double' : 'string',
      )
  return [...types].map(([name, type]) => graphmlKey(part, name, type))
}

export const graphmlKey = (part: 'node' | 'edge', name: string, type: 'string' | 'double') =>
  `<key id="${part}-${escaped(name)}" for="${part}" attr.name="${escaped(name)}" attr.type="${type}"/>`
