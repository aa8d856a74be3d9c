import { dotEdge, dotNode, quoted } from './dot.ts'
import { type Graph, present, writable } from './graph.ts'
import {
  escaped,
  graphmlBegin,
  graphmlEdge,
  graphmlHead,
  graphmlKey,
  graphmlNode,
  graphmlTail,
} from './graphml.ts'

type Node = Graph['nodes'][number]
type Edge = Graph['edges'][number]

/** A graph of any size: the nodes come first, for GEXF has them so. */
type StreamedGraph = {
  title: string
  nodes: AsyncIterable<Node>
  edges: AsyncIterable<Edge>
}

/** The files declare their attributes before the first element has one; all of these are text. */
const attributes = {
  node: ['kind', 'type', 'slug', 'href'],
  edge: ['type', 'record', 'date', 'citations', 'quote'],
} as const
const parts = ['node', 'edge'] as const

async function* eachOf<T>(elements: AsyncIterable<T>, write: (element: T) => string) {
  for await (const element of elements) yield `${write(element)}\n`
}

async function* dot({ title, nodes, edges }: StreamedGraph) {
  yield `digraph ${quoted(title)} {\n`
  yield* eachOf(nodes, dotNode)
  yield* eachOf(edges, dotEdge)
  yield '}\n'
}

async function* graphml({ title, nodes, edges }: StreamedGraph) {
  const keys = parts.flatMap((part) =>
    ['label', ...attributes[part]].map((name) => graphmlKey(part, name, 'string')),
  )
  yield [...graphmlHead, ...keys, ...graphmlBegin(title), ''].join('\n')
  yield* eachOf(nodes, graphmlNode)
  yield* eachOf(edges, graphmlEdge)
  yield graphmlTail.join('\n')
}

/** GEXF 1.2, as Gephi reads it; graphology's writer wants all of a graph at once. */
async function* gexf({ title, nodes, edges }: StreamedGraph) {
  const declared = (part: 'node' | 'edge') => [
    `<attributes class="${part}">`,
    ...attributes[part].map((name) => `<attribute id="${name}" title="${name}" type="string"/>`),
    '</attributes>',
  ]
  const values = (element: Node | Edge) =>
    present(element.attributes)
      .map(([name, value]) => `<attvalue for="${name}" value="${escaped(String(value))}"/>`)
      .join('')
  const inside = (element: Node | Edge) => `<attvalues>${values(element)}</attvalues>`
  const label = (text: string) => `label="${escaped(writable(text))}"`
  yield [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<gexf version="1.2" xmlns="http://www.gexf.net/1.2draft">',
    `<meta><creator>Casefile</creator><title>${escaped(title)}</title></meta>`,
    '<graph mode="static" defaultedgetype="directed">',
    ...parts.flatMap(declared),
    '<nodes>',
    '',
  ].join('\n')
  yield* eachOf(nodes, (one) => `<node id="${one.id}" ${label(one.label)}>${inside(one)}</node>`)
  yield '</nodes>\n<edges>\n'
  yield* eachOf(
    edges,
    (one) =>
      `<edge id="${one.id}" source="${one.source}" target="${one.target}" ${label(one.label)}>${inside(one)}</edge>`,
  )
  yield '</edges>\n</graph>\n</gexf>\n'
}

export const graphFormats = { gexf, graphml, dot } as const
