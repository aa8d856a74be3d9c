import { dotEdge, dotNode, quoteString } from './dot.ts'
import { type ExportGraph, listAttributes, replaceInvalidCharacters } from './graph.ts'
import {
  escapeXml,
  graphmlEdge,
  graphmlGraphStart,
  graphmlHead,
  graphmlKey,
  graphmlNode,
  graphmlTail,
} from './graphml.ts'

type ExportNode = ExportGraph['nodes'][number]
type ExportEdge = ExportGraph['edges'][number]

/** A graph of any size: the nodes come first, for GEXF has them so. */
type ExportGraphStream = {
  title: string
  nodes: AsyncIterable<ExportNode>
  edges: AsyncIterable<ExportEdge>
}

/** The files declare their attributes before the first element has one; all of these are text. */
const declaredAttributes = {
  node: ['kind', 'type', 'slug', 'href'],
  edge: ['type', 'record', 'date', 'citations', 'quote'],
} as const
const elementKinds = ['node', 'edge'] as const

async function* writeLines<T>(elements: AsyncIterable<T>, write: (element: T) => string) {
  for await (const element of elements) yield `${write(element)}\n`
}

async function* streamDot({ title, nodes, edges }: ExportGraphStream) {
  yield `digraph ${quoteString(title)} {\n`
  yield* writeLines(nodes, dotNode)
  yield* writeLines(edges, dotEdge)
  yield '}\n'
}

async function* streamGraphml({ title, nodes, edges }: ExportGraphStream) {
  const keys = elementKinds.flatMap((part) =>
    ['label', ...declaredAttributes[part]].map((name) => graphmlKey(part, name, 'string')),
  )
  yield [...graphmlHead, ...keys, ...graphmlGraphStart(title), ''].join('\n')
  yield* writeLines(nodes, graphmlNode)
  yield* writeLines(edges, graphmlEdge)
  yield graphmlTail.join('\n')
}

/** GEXF 1.2, as Gephi reads it; graphology's writer wants all of a graph at once. */
async function* streamGexf({ title, nodes, edges }: ExportGraphStream) {
  const declareAttributes = (part: 'node' | 'edge') => [
    `<attributes class="${part}">`,
    ...declaredAttributes[part].map(
      (name) => `<attribute id="${name}" title="${name}" type="string"/>`,
    ),
    '</attributes>',
  ]
  const values = (element: ExportNode | ExportEdge) =>
    listAttributes(element.attributes)
      .map(([name, value]) => `<attvalue for="${name}" value="${escapeXml(String(value))}"/>`)
      .join('')
  const formatValues = (element: ExportNode | ExportEdge) =>
    `<attvalues>${values(element)}</attvalues>`
  const label = (text: string) => `label="${escapeXml(replaceInvalidCharacters(text))}"`
  yield [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<gexf version="1.2" xmlns="http://www.gexf.net/1.2draft">',
    `<meta><creator>Casefile</creator><title>${escapeXml(title)}</title></meta>`,
    '<graph mode="static" defaultedgetype="directed">',
    ...elementKinds.flatMap(declareAttributes),
    '<nodes>',
    '',
  ].join('\n')
  yield* writeLines(
    nodes,
    (one) => `<node id="${one.id}" ${label(one.label)}>${formatValues(one)}</node>`,
  )
  yield '</nodes>\n<edges>\n'
  yield* writeLines(
    edges,
    (one) =>
      `<edge id="${one.id}" source="${one.source}" target="${one.target}" ${label(one.label)}>${formatValues(one)}</edge>`,
  )
  yield '</edges>\n</graph>\n</gexf>\n'
}

export const graphStreamWriters = {
  gexf: streamGexf,
  graphml: streamGraphml,
  dot: streamDot,
} as const
