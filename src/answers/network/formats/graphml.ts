import {
  describeGraph,
  type ExportGraph,
  listAttributes,
  replaceInvalidCharacters,
} from './graph.ts'

const xmlEscapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
}
export const escapeXml = (text: string): string =>
  replaceInvalidCharacters(text).replaceAll(
    /[&<>"\t\n\r]/g,
    (character) => xmlEscapes[character] ?? character,
  )

type GraphElement = ExportGraph['nodes'][number] | ExportGraph['edges'][number]

const listData = ({
  label,
  attributes,
}: GraphElement): [name: string, value: string | number][] => [
  ['label', replaceInvalidCharacters(label)],
  ...listAttributes(attributes),
]

const formatStartTag = (part: 'node' | 'edge', { id }: GraphElement) =>
  part === 'node' ? `<node id="${escapeXml(id)}">` : `<edge id="${escapeXml(id)}"`
const formatData = (part: 'node' | 'edge', element: GraphElement) =>
  listData(element)
    .map(
      ([name, value]) =>
        `<data key="${part}-${escapeXml(name)}">${escapeXml(String(value))}</data>`,
    )
    .join('')

export const graphmlNode = (node: ExportGraph['nodes'][number]): string =>
  `${formatStartTag('node', node)}${formatData('node', node)}</node>`

export const graphmlEdge = (edge: ExportGraph['edges'][number]): string =>
  `${formatStartTag('edge', edge)} source="${escapeXml(edge.source)}" target="${escapeXml(edge.target)}">${formatData('edge', edge)}</edge>`

export const graphmlHead = [
  '<?xml version="1.0" encoding="UTF-8"?>',
  '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">',
]
export const graphmlTail = ['</graph>', '</graphml>', '']

/** GraphML (graphdrawing.org, 2007). Own code because graphology can read it, but not write it. */
export function writeGraphml({ title, note, nodes, edges }: ExportGraph): string {
  return [
    ...graphmlHead,
    ...declareKeys('node', nodes),
    ...declareKeys('edge', edges),
    ...graphmlGraphStart(describeGraph(title, note)),
    ...nodes.map(graphmlNode),
    ...edges.map(graphmlEdge),
    ...graphmlTail,
  ].join('\n')
}

export const graphmlGraphStart = (description: string) => [
  '<graph id="network" edgedefault="directed">',
  `<desc>${escapeXml(description)}</desc>`,
]

/** The declarations of all attributes that occur. */
function declareKeys(part: 'node' | 'edge', elements: readonly GraphElement[]): string[] {
  const types = new Map<string, 'string' | 'double'>()
  for (const element of elements)
    for (const [name, value] of listData(element))
      types.set(
        name,
        typeof value === 'number' && types.get(name) !== 'string' ? 'double' : 'string',
      )
  return [...types].map(([name, type]) => graphmlKey(part, name, type))
}

export const graphmlKey = (part: 'node' | 'edge', name: string, type: 'string' | 'double') =>
  `<key id="${part}-${escapeXml(name)}" for="${part}" attr.name="${escapeXml(name)}" attr.type="${type}"/>`
