import { dotEdge, dotNode, quoteString } from './dot.ts'
import { type ExportGraph, gexfCreator, listAttributes } from './graph.ts'
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

/** A graph of any size. All nodes are written before the edges, as GEXF requires. */
type ExportGraphStream = {
  title: string
  nodes: AsyncIterable<ExportNode>
  edges: AsyncIterable<ExportEdge>
}

/** The files must declare their attributes before the first element. All of them are text. */
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

/** GEXF 1.2, as Gephi reads it. Own code because the writer of graphology needs the whole graph in memory. */
async function* streamGexf({ title, nodes, edges }: ExportGraphStream) {
  const declareAttributes = (part: 'node' | 'edge') => [
    `<attributes class="${part}">`,
    ...declaredAttributes[part].map(
      (name) => `<attribute id="${name}" title="${name}" type="string"/>`,
    ),
    '</attributes>',
  ]
  const formatValues = ({ attributes }: ExportNode | ExportEdge) => {
    const values = listAttributes(attributes).map(
      ([name, value]) => `<attvalue for="${name}" value="${escapeXml(String(value))}"/>`,
    )
    return `<attvalues>${values.join('')}</attvalues>`
  }
  const formatLabel = (text: string) => `label="${escapeXml(text)}"`
  yield [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<gexf version="1.2" xmlns="http://www.gexf.net/1.2draft">',
    `<meta><creator>${gexfCreator}</creator><description>${escapeXml(title)}</description></meta>`,
    '<graph mode="static" defaultedgetype="directed">',
    ...elementKinds.flatMap(declareAttributes),
    '<nodes>',
    '',
  ].join('\n')
  yield* writeLines(
    nodes,
    (node) => `<node id="${node.id}" ${formatLabel(node.label)}>${formatValues(node)}</node>`,
  )
  yield '</nodes>\n<edges>\n'
  yield* writeLines(
    edges,
    (edge) =>
      `<edge id="${edge.id}" source="${edge.source}" target="${edge.target}" ${formatLabel(edge.label)}>${formatValues(edge)}</edge>`,
  )
  yield '</edges>\n</graph>\n</gexf>\n'
}

export const graphStreamWriters = {
  gexf: streamGexf,
  graphml: streamGraphml,
  dot: streamDot,
} as const
