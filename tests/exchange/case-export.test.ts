import { instance } from '@viz-js/viz'
import { parse } from 'csv-parse/sync'
import { MultiDirectedGraph } from 'graphology'
import gexf from 'graphology-gexf'
import graphml from 'graphology-graphml'
import { describe, expect, test } from 'vitest'
import yauzl from 'yauzl'
import { useApp } from '../harness/app.ts'
import { kindPaths, readAllRecords, readSlugs } from '../harness/record-reader.ts'
import { parseBinary } from './binary-parser.ts'

const t = useApp()
const exported = '/v1/cases/canada-turkey-wescam/export'

async function unzipped(bytes: Buffer): Promise<Map<string, string>> {
  const zip = await yauzl.fromBufferPromise(bytes)
  const files = new Map<string, string>()
  for await (const entry of zip.eachEntry()) {
    const pieces = await Array.fromAsync(await zip.openReadStreamPromise(entry))
    files.set(entry.fileName, Buffer.concat(pieces as Buffer[]).toString())
  }
  return files
}

describe('GET /v1/cases/:ref/export', () => {
  test('as NDJSON has every record of the case, as its route returns it', async () => {
    const { text, headers } = await t.api.get(`${exported}?format=ndjson`).buffer(true).expect(200)
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const places = await Promise.all(
      (await readSlugs(t, '/v1/places')).map(
        async (slug) => (await t.api.get(`/v1/places/${slug}`).expect(200)).body,
      ),
    )
    const belonging = [...(await readAllRecords(t)), ...places].sort((a, b) =>
      a.id < b.id ? -1 : 1,
    )
    expect(lines.sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(belonging)
    expect(headers['content-disposition']).toBe(
      'attachment; filename="canada-turkey-wescam.ndjson"',
    )
  })

  test('as CSV is a zip file with the CSV list of each kind and of citations', async () => {
    const { body, headers } = await t.api
      .get(`${exported}?format=csv`)
      .buffer(true)
      .parse(parseBinary)
    expect(headers['content-type']).toBe('application/zip')
    const files = await unzipped(body)
    expect([...files.keys()]).toEqual(
      [...kindPaths, 'places', 'citations'].map((kind) => `${kind}.csv`),
    )
    for (const kind of kindPaths) {
      const list = await t.api.get(`/v1/${kind}?format=csv&sort=slug`).buffer(true)
      expect(files.get(`${kind}.csv`)).toBe(list.text)
    }
    const rows = parse(files.get('citations.csv') ?? '', { columns: true })
    const { body: counted } = await t.api.get('/v1/citations?count=true&limit=1')
    expect(rows.length).toBe(counted.total)
  })

  test.each(['timelinejs', 'ics'])('as %s is what the timeline of the case is', async (format) => {
    const [whole, timeline] = await Promise.all([
      t.api.get(`${exported}?format=${format}`).buffer(true).expect(200),
      t.api.get(`/v1/timeline?case=canada-turkey-wescam&format=${format}`).buffer(true).expect(200),
    ])
    expect(whole.text).toBe(timeline.text)
    expect(whole.headers['content-type']).toBe(timeline.headers['content-type'])
  })

  describe('as a graph', () => {
    type Graph = { nodes: string[]; edges: string[] }

    /** What the network says of every actor, good, permit and measure of the case. */
    const network = async (): Promise<Graph> => {
      const nodes = new Set<string>()
      const edges = new Set<string>()
      for (const { kind, slug } of await readAllRecords(t)) {
        if (!['actor', 'good', 'permit', 'measure'].includes(kind)) continue
        const { body } = await t.api.get(`/v1/network?${kind}=${slug}&limit=500`).expect(200)
        expect(body.complete).toBe(true)
        for (const { id, name } of body.nodes) nodes.add(`${id} ${name}`)
        for (const { source, type, target } of body.edges) edges.add(`${source} ${type} ${target}`)
      }
      return { nodes: [...nodes].sort(), edges: [...edges].sort() }
    }
    const unique = ({ nodes, edges }: Graph): Graph => ({
      nodes: nodes.sort(),
      edges: [...new Set(edges)].sort(),
    })
    const ask = async (format: string) =>
      String((await t.api.get(`${exported}?format=${format}`).parse(parseBinary).expect(200)).body)
    const read = (graph: MultiDirectedGraph) =>
      unique({
        nodes: graph.mapNodes((id, { label }) => `${id} ${label}`),
        edges: graph.mapEdges((_id, { label }, source, target) => `${source} ${label} ${target}`),
      })

    test('GEXF has the nodes and edges of the network, each edge with its record', async () => {
      const graph = gexf.parse(MultiDirectedGraph, await ask('gexf')) as MultiDirectedGraph
      expect(read(graph)).toEqual(await network())
      expect(graph.getNodeAttributes(graph.nodes()[0])).toMatchObject({ kind: 'actor' })
      for (const edge of graph.edges()) {
        const { record, citations, quote } = graph.getEdgeAttributes(edge)
        const { body } = await t.api.get(record).expect(200)
        const cited = new Map(
          body.citations.map((one: { id: string; quote: string }) => [one.id, one.quote]),
        )
        const [first] = citations.split(' ')
        expect(cited.get(first.replace('/v1/citations/', ''))).toBe(quote)
      }
    })

    test('GraphML has the same', async () => {
      const graph = graphml.parse(MultiDirectedGraph, await ask('graphml')) as MultiDirectedGraph
      expect(read(graph)).toEqual(await network())
      const dated = graph.filterEdges((_edge, { label, date }) => label === 'issued' && date)
      expect(dated.length).toBeGreaterThan(0)
    })

    test('DOT has the same', async () => {
      const { objects, edges } = (await instance()).renderJSON(await ask('dot')) as {
        objects: { name: string; label: string }[]
        edges: { tail: number; head: number; label: string }[]
      }
      const drawn = unique({
        nodes: objects.map(({ name, label }) => `${name} ${label}`),
        edges: edges.map(
          ({ tail, head, label }) => `${objects[tail]?.name} ${label} ${objects[head]?.name}`,
        ),
      })
      expect(drawn).toEqual(await network())
    })

    test.each([
      ['application/gexf+xml', 'gexf'],
      ['application/graphml+xml', 'graphml'],
      ['text/vnd.graphviz', 'dot'],
    ])('is given for Accept: %s', async (accept, ending) => {
      const { headers } = await t.api
        .get(exported)
        .set('Accept', accept)
        .parse(parseBinary)
        .expect(200)
      expect(headers['content-type']).toBe(`${accept}; charset=utf-8`)
      expect(headers['content-disposition']).toBe(
        `attachment; filename="canada-turkey-wescam.${ending}"`,
      )
    })
  })

  test('is deterministic', async () => {
    const ask = () => t.api.get(`${exported}?format=csv`).buffer(true).parse(parseBinary)
    expect((await ask()).body.equals((await ask()).body)).toBe(true)
  })

  test('with bom=true each table begins with a byte order mark', async () => {
    const { body } = await t.api
      .get(`${exported}?format=csv&bom=true`)
      .buffer(true)
      .parse(parseBinary)
    for (const table of (await unzipped(body)).values())
      expect(table.startsWith('\uFEFFid,')).toBe(true)
    const list = await t.api.get('/v1/cases?format=csv&bom=true').buffer(true)
    expect(list.text.startsWith('\uFEFFid,')).toBe(true)
  })

  test('404 for an unknown case, 400 for an unknown format', async () => {
    await t.api.get('/v1/cases/no-such-case/export').expect(404)
    const { body } = await t.api.get(`${exported}?format=docx`).expect(400)
    expect(body.errors[0].pointer).toBe('/query/format')
  })
})
