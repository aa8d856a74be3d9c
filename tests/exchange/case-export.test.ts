import { once } from 'node:events'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { instance } from '@viz-js/viz'
import { parse } from 'csv-parse/sync'
import { MultiDirectedGraph } from 'graphology'
import gexf from 'graphology-gexf'
import graphml from 'graphology-graphml'
import pg from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import yauzl from 'yauzl'
import { useApp } from '../harness/app.ts'
import { everyRecord, kinds } from '../harness/lists.ts'
import { until } from '../process/program.ts'

const t = useApp()
const exported = '/v1/cases/canada-turkey-wescam/export'
const actors = 6_000

beforeAll(async () => {
  await t.app.listen({ port: 0, host: '127.0.0.1' })
})

type Parser = Extract<
  Parameters<ReturnType<typeof t.api.get>['parse']>[0],
  (stream: never, done: never) => void
>

const bytesOf: Parser = (stream, done) => {
  const pieces: Buffer[] = []
  stream.on('data', (piece) => pieces.push(piece))
  stream.on('end', () => done(null, Buffer.concat(pieces)))
}

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
  test('as NDJSON is every record that belongs to the case, as its own route shows it', async () => {
    const { text, headers } = await t.api.get(`${exported}?format=ndjson`).buffer(true).expect(200)
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const belonging = (await everyRecord(t)).sort((a, b) => (a.id < b.id ? -1 : 1))
    expect(lines.sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(belonging)
    expect(headers['content-disposition']).toBe(
      'attachment; filename="canada-turkey-wescam.ndjson"',
    )
  })

  test('as CSV is a zip file with the table of each kind, as the list has it, and the citations', async () => {
    const { body, headers } = await t.api.get(`${exported}?format=csv`).buffer(true).parse(bytesOf)
    expect(headers['content-type']).toBe('application/zip')
    const files = await unzipped(body)
    expect([...files.keys()]).toEqual([...kinds, 'citations'].map((kind) => `${kind}.csv`))
    for (const kind of kinds) {
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
      for (const { kind, slug } of await everyRecord(t)) {
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
      String((await t.api.get(`${exported}?format=${format}`).parse(bytesOf).expect(200)).body)
    const read = (graph: MultiDirectedGraph) =>
      unique({
        nodes: graph.mapNodes((id, { label }) => `${id} ${label}`),
        edges: graph.mapEdges((_id, { label }, source, target) => `${source} ${label} ${target}`),
      })

    test('GEXF has the nodes and edges of the network, each edge with the record that tells of it', async () => {
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
      const { headers } = await t.api.get(exported).set('Accept', accept).parse(bytesOf).expect(200)
      expect(headers['content-type']).toBe(`${accept}; charset=utf-8`)
      expect(headers['content-disposition']).toBe(
        `attachment; filename="canada-turkey-wescam.${ending}"`,
      )
    })
  })

  test('the same content is the same bytes', async () => {
    const ask = () => t.api.get(`${exported}?format=csv`).buffer(true).parse(bytesOf)
    expect((await ask()).body.equals((await ask()).body)).toBe(true)
  })

  test('with bom=true each table begins with a byte order mark', async () => {
    const { body } = await t.api.get(`${exported}?format=csv&bom=true`).buffer(true).parse(bytesOf)
    for (const table of (await unzipped(body)).values())
      expect(table.startsWith('\uFEFFid,')).toBe(true)
    const list = await t.api.get('/v1/cases?format=csv&bom=true').buffer(true)
    expect(list.text.startsWith('\uFEFFid,')).toBe(true)
  })

  test('404 for a case that there is not, 400 for a format that nobody knows', async () => {
    await t.api.get('/v1/cases/no-such-case/export').expect(404)
    const { body } = await t.api.get(`${exported}?format=xlsx`).expect(400)
    expect(body.errors[0].pointer).toBe('/query/format')
  })
})

/** Some megabytes: more than waits in the buffers of a connection. */
async function fill(): Promise<void> {
  const client = new pg.Client(t.url)
  await client.connect()
  await client.query(`WITH made AS (
    INSERT INTO record (id, kind, slug, name, revision)
    SELECT gen_random_uuid(), 'actor', 'filling-' || n, (SELECT string_agg(md5(n::text || part), ' ') FROM generate_series(1, 30) AS part), 1 FROM generate_series(1, ${actors}) AS n RETURNING id)
    INSERT INTO actor (id, type) SELECT id, 'company' FROM made`)
  await client.query(`INSERT INTO citation (id, record_id, position, article_id, start_at, end_at, quote, prefix, suffix)
    SELECT gen_random_uuid(), record.id, 0, article.id, 0, 6, 'Turkey', '', '' FROM record, article WHERE record.slug LIKE 'filling-%'`)
  await client.end()
}

/** The answer, not read any further than its head. */
async function begin(path: string) {
  const { port } = t.app.server.address() as AddressInfo
  const asked = request({ port, host: '127.0.0.1', path })
  asked.on('error', () => undefined)
  asked.end()
  const [response] = await once(asked, 'response')
  return { asked, response }
}

const exporting = async (): Promise<{ pid: number; state: string }[]> => {
  const { rows } = await t.database.pool.query(
    "SELECT pid, state FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'casefile export%' AND state <> 'idle'",
  )
  return rows
}

const gone = () => until('the query is freed', async () => (await exporting()).length === 0)

describe('an export that fails on its way', () => {
  beforeAll(fill)

  const broken = async (path: string): Promise<{ text: string; isWhole: boolean }> => {
    const before = new Set((await exporting()).map(({ pid }) => pid))
    const { response } = await begin(path)
    const failed = new Promise<boolean>((resolve) => response.once('error', () => resolve(false)))
    const ended = new Promise<boolean>((resolve) => response.once('end', () => resolve(true)))
    const session = await until('it exports', async () =>
      (await exporting()).find(({ pid }) => !before.has(pid)),
    )
    await t.database.pool.query('SELECT pg_terminate_backend($1)', [session.pid])
    let text = ''
    response.setEncoding('utf8').on('data', (piece: string) => {
      text += piece
    })
    return { isWhole: await Promise.race([failed, ended]), text }
  }

  test.each(['csv', 'ndjson', 'ftm', 'w3c-annotations'])(
    'as %s never ends as if it were whole',
    async (format) => {
      const { text, isWhole } = await broken(`/v1/actors?format=${format}`)
      expect(isWhole).toBe(false)
      expect(text.length).toBeGreaterThan(1_000)
    },
  )

  test.each(['ndjson', 'ftm'])('as %s has a problem as its last line', async (format) => {
    const { text } = await broken(`/v1/actors?format=${format}`)
    expect(JSON.parse(text.trim().split('\n').at(-1) ?? '')).toMatchObject({
      type: expect.stringMatching(/^\/problems\//),
      status: expect.any(Number),
    })
  })

  test('a zip file of a case is broken off as well', async () => {
    const { isWhole } = await broken(`${exported}?format=csv`)
    expect(isWhole).toBe(false)
  })
})

describe('an export of which a query fails', () => {
  const formats = [
    'ndjson',
    'ftm',
    'geojson',
    'w3c-annotations',
    'timelinejs',
    'ics',
    'gexf',
    'dot',
  ]
  const rename = (from: string, to: string) =>
    t.database.pool.query(`ALTER TABLE ${from} RENAME TO ${to}`)

  test.each(formats)(
    'as %s is a problem before its first byte, and holds nothing',
    async (format) => {
      const table = ['geojson', 'timelinejs', 'ics'].includes(format) ? 'event' : 'citation'
      await rename(table, 'taken_away')
      try {
        // More often than there are connections for exports.
        for (let time = 0; time < 6; time += 1) {
          const { body } = await t.api.get(`${exported}?format=${format}`).expect(500)
          expect(body.type).toBe('/problems/internal-error')
        }
      } finally {
        await rename('taken_away', table)
      }
      await gone()
      await t.api.get(`${exported}?format=${format}`).parse(bytesOf).expect(200)
    },
  )

  test.each(['csv', 'gexf', 'graphml', 'ndjson'])(
    'as %s is broken off when that is later, and holds nothing',
    async (format) => {
      // The last kind that is read; of a graph it is first read after some nodes are written.
      await rename('event_participant', 'taken_away')
      try {
        for (let time = 0; time < 6; time += 1)
          await expect(t.api.get(`${exported}?format=${format}`).parse(bytesOf)).rejects.toThrow()
      } finally {
        await rename('taken_away', 'event_participant')
      }
      await gone()
      await t.api.get(`${exported}?format=${format}`).parse(bytesOf).expect(200)
    },
  )
})

describe('a client that goes away', () => {
  test.each(['/v1/actors?format=csv', '/v1/actors?format=ndjson', '/v1/actors?format=ftm'])(
    'in the middle of %s frees its query',
    async (path) => {
      const { asked } = await begin(path)
      await until('it exports', async () => (await exporting()).length > 0)
      asked.destroy()
      await gone()
    },
  )

  test('before the first row frees its query, which had not ended by itself', async () => {
    const lock = new pg.Client(t.url)
    await lock.connect()
    await lock.query('BEGIN; LOCK TABLE actor IN ACCESS EXCLUSIVE MODE')
    const { port } = t.app.server.address() as AddressInfo
    for (const path of ['/v1/actors?format=ndjson', `${exported}?format=ndjson`]) {
      const asked = request({ port, host: '127.0.0.1', path })
      asked.on('error', () => undefined)
      asked.end()
      await until('it waits', async () =>
        (await exporting()).some(({ state }) => state === 'active'),
      )
      asked.destroy()
      await gone()
    }
    await lock.end()
  })
})
