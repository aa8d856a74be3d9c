import { instance } from '@viz-js/viz'
import { MultiDirectedGraph } from 'graphology'
import gexf from 'graphology-gexf'
import graphml from 'graphology-graphml'
import { beforeAll, describe, expect, test } from 'vitest'
import { useApp } from '../../harness/app.ts'
import { findGraphFileFaults } from '../../harness/graph-file-structure.ts'
import { buildActor, buildEvent, storeRecords } from '../../harness/record-builders.ts'

const t = useApp()

/** What XML and DOT give a meaning of their own. */
const awkward = `"Quoted" <b>&amp; \\N back\\slash 'x' ]]> Żółć \u{1f4a5} {a|b} \uFFFE`
const asRead = awkward.replace('\uFFFE', '\uFFFD')

beforeAll(() =>
  storeRecords(
    t.database,
    buildActor({ slug: 'awkward', name: awkward }),
    buildEvent({
      type: 'use',
      on: { edtf: '2020-05' },
      participants: [{ actor: 'awkward', role: 'user' }],
      goods: ['mx-15d'],
    }),
  ),
)

const paths = [
  '/v1/network?actor=awkward&depth=3',
  '/v1/network?actor=turkey&depth=2&limit=8',
  '/v1/network/paths?from=azerbaijan&to=baykar',
]

async function both(path: string, format: string) {
  const { body } = await t.api.get(path).expect(200)
  const answer = await t.api
    .get(`${path}&format=${format}`)
    .buffer(true)
    .parse((response, done) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('end', () => done(null, Buffer.concat(chunks)))
    })
  expect(answer.status).toBe(200)
  type Named = {
    id: string
    name: string
    type: string
    source: string
    target: string
    kind: string
  }
  const named = (text: string) => text.replace('\uFFFE', '\uFFFD')
  return {
    text: answer.body.toString() as string,
    nodes: (body.nodes as Named[]).map(({ id, name }) => `${id} ${named(name)}`).sort(),
    edges: (body.edges as Named[])
      .map(({ source, type, target }) => `${source} ${type} ${target}`)
      .sort(),
    message: body.message as string | null,
  }
}

const read = (graph: MultiDirectedGraph) => ({
  nodes: graph.mapNodes((id, { label }) => `${id} ${label}`).sort(),
  edges: graph.mapEdges((_id, { label }, source, target) => `${source} ${label} ${target}`).sort(),
})

describe.each(paths)('%s', (path) => {
  test('GEXF: graphology reads the same nodes and edges', async () => {
    const { text, nodes, edges } = await both(path, 'gexf')
    const graph = gexf.parse(MultiDirectedGraph, text) as MultiDirectedGraph
    expect(read(graph)).toEqual({ nodes, edges })
    expect(graph.getNodeAttributes(graph.nodes()[0])).toMatchObject({
      kind: expect.any(String),
      slug: expect.any(String),
    })
  })

  test('GraphML: graphology reads the same nodes and edges', async () => {
    const { text, nodes, edges } = await both(path, 'graphml')
    const graph = graphml.parse(MultiDirectedGraph, text) as MultiDirectedGraph
    expect(read(graph)).toEqual({ nodes, edges })
    const [edge = ''] = graph.edges()
    expect(graph.getEdgeAttribute(edge, 'records')).toMatch(/^\/v1\/\w+\/[\w-]+/)
    expect(graph.getEdgeAttribute(edge, 'citations')).toMatch(/^\/v1\/citations\/[0-9a-f-]{36}/)
  })

  test('DOT: Graphviz reads the same nodes and edges', async () => {
    const { text, nodes, edges } = await both(path, 'dot')
    const { objects, edges: drawn } = (await instance()).renderJSON(text) as {
      objects: { name: string; label: string }[]
      edges: { tail: number; head: number; label: string }[]
    }
    const unescaped = (label: string) => label.replaceAll('\\\\', '\\')
    expect(objects.map(({ name, label }) => `${name} ${unescaped(label)}`).sort()).toEqual(nodes)
    expect(
      drawn
        .map(({ tail, head, label }) => `${objects[tail]?.name} ${label} ${objects[head]?.name}`)
        .sort(),
    ).toEqual(edges)
  })

  test('the file states the omitted nodes', async () => {
    for (const format of ['gexf', 'graphml', 'dot']) {
      const { text, message } = await both(path, format)
      if (message !== null) expect(text.replaceAll('&#x60;', '`')).toContain(message)
      else expect(text).not.toContain('left out')
    }
  })
})

describe('files have the structure of their XML schemas', () => {
  const exported = '/v1/cases/canada-turkey-wescam/export'
  const files = [...paths, exported].flatMap((path) =>
    (['gexf', 'graphml'] as const).map((format) => [path, format] as const),
  )
  test.each(files)('%s as %s', async (path, format) => {
    const url = `${path}${path.includes('?') ? '&' : '?'}format=${format}`
    const { text, body } = await t.api.get(url).buffer(true).expect(200)
    const file = text ?? String(body)
    expect(file).toContain('<edge ')
    expect(findGraphFileFaults(format, file)).toEqual([])
  })

  test.each([
    [
      'gexf',
      '<gexf version="1.2" xmlns="http://www.gexf.net/1.2draft"><meta><title/></meta></gexf>',
    ],
    [
      'gexf',
      '<gexf version="1.2" xmlns="http://www.gexf.net/1.2draft"><graph><nodes><node id="a"/></nodes></graph></gexf>',
    ],
    [
      'graphml',
      '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph edgedefault="directed"/><key id="a"/></graphml>',
    ],
    ['graphml', '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><key id="a b"/></graphml>'],
  ] as const)('a fault in %s is found: %s', (format, text) => {
    expect(findGraphFileFaults(format, text)).not.toEqual([])
  })
})

test('names with special characters round-trip', async () => {
  const { nodes } = await both(paths[0] ?? '', 'gexf')
  expect(nodes.some((node) => node.endsWith(asRead))).toBe(true)
})

test.each([
  ['application/gexf+xml', 'application/gexf+xml; charset=utf-8'],
  ['application/graphml+xml', 'application/graphml+xml; charset=utf-8'],
  ['text/vnd.graphviz', 'text/vnd.graphviz; charset=utf-8'],
  ['text/html, */*;q=0.1', 'application/json; charset=utf-8'],
])('Accept: %s', async (accept, type) => {
  const { headers } = await t.api.get('/v1/network?actor=turkey').set('Accept', accept).expect(200)
  expect(headers['content-type']).toBe(type)
})
