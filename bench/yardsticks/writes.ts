/**
 * The yardstick of writes: the same rows, chain included, by hand-written SQL in one transaction, and the same answer.
 * It checks nothing. Arguments: the port, the URL of the database, the ids of the article and the actor, as JSON.
 */
import { createHash, randomUUID } from 'node:crypto'
import canonicalize from 'canonicalize'
import Fastify from 'fastify'
import pg from 'pg'

process.on('disconnect', () => process.exit())
process.on('SIGINT', () => undefined)

const [port, connectionString, given = '{}'] = process.argv.slice(2)
const { article, body, actor } = JSON.parse(given) as Record<'article' | 'body' | 'actor', string>
const pool = new pg.Pool({ connectionString, max: 4, pipeline: true } as pg.PoolConfig)
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

type Given = {
  slug: string
  type: string
  title: string
  on: { edtf: string }
  participants: { actor: string; role: string }[]
  citations: { article: string; quote: string; field: string }[]
}

const references = `SELECT id, slug, name, kind FROM record WHERE (kind = 'article' AND slug = $1) OR (kind = 'actor' AND slug = $2)`
const rows = `
  WITH r AS (INSERT INTO record (id, kind, slug, name, revision) VALUES ($1, 'event', $2, $3, $4)),
  e AS (INSERT INTO event (id, type, on_edtf, on_earliest, on_latest) VALUES ($1, $5, $6, $7, $8)),
  p AS (INSERT INTO event_participant (event_id, position, actor_id, role) VALUES ($1, 0, $9, $10)),
  c AS (INSERT INTO citation (id, record_id, position, article_id, start_at, end_at, quote, prefix, suffix, field) VALUES
    ($11, $1, 0, $12, $13, $14, $15, $16, $17, $18), ($19, $1, 1, $12, $20, $21, $22, $23, $24, $25))
  SELECT 1`
const ledger = `
  WITH d AS (INSERT INTO ledger_document (revision, record_id, change, document, hash) VALUES ($1, $2, 'create', $3, $4))
  INSERT INTO revision (number, committed_at, change, author, previous_hash, hash) VALUES ($1, $5, 'create', 'yardstick', $6, $7)`

const app = Fastify()
app.post<{ Body: Given }>('/v1/events', async ({ body: event }, reply) => {
  const client = await pool.connect()
  try {
    const begun = client.query('BEGIN')
    const turn = client.query('SELECT pg_advisory_xact_lock(1667330918)')
    const head = client.query({
      name: 'head',
      text: 'SELECT number, hash FROM revision ORDER BY number DESC LIMIT 1',
    })
    const found = client.query({
      name: 'references',
      text: references,
      values: [event.citations[0]?.article, event.participants[0]?.actor],
    })
    await Promise.all([begun, turn, head, found])
    const [last] = (await head).rows
    const by = new Map((await found).rows.map((row) => [row.kind, row]))
    const number = Number(last.number) + 1
    const id = randomUUID()
    const placed = event.citations.map(({ quote, field }) => {
      const start = body?.indexOf(quote) ?? 0
      const end = start + quote.length
      const [prefix, suffix] = [
        body?.slice(Math.max(0, start - 32), start),
        body?.slice(end, end + 32),
      ]
      return { id: randomUUID(), start, end, quote, prefix, suffix, field }
    })
    const [one, two] = placed.map((c) => [
      c.id,
      c.start,
      c.end,
      c.quote,
      c.prefix,
      c.suffix,
      c.field,
    ])
    const { edtf } = event.on
    const part = event.participants[0]
    const written = client.query({
      name: 'rows',
      text: rows,
      values: [
        ...[id, event.slug, event.title, number, event.type, edtf, `${edtf}-01`, `${edtf}-28`],
        ...[
          by.get('actor').id,
          part?.role,
          one?.[0],
          by.get('article').id,
          ...(one?.slice(1) ?? []),
        ],
        ...(two ?? []),
      ],
    })
    const wire = wireOf(id, number, event, placed, by.get('actor'), by.get('article'))
    const document = canonicalize(documentOf(wire)) ?? ''
    const hash = sha256(document)
    const committedAt = new Date()
    const facts = {
      revision: number,
      committedAt: committedAt.toISOString(),
      change: 'create',
      author: 'yardstick',
    }
    const documents = [{ record: id, change: 'create', hash }]
    const chained = sha256(canonicalize({ ...facts, documents, previousHash: last.hash }) ?? '')
    const noted = client.query({
      name: 'ledger',
      text: ledger,
      values: [number, id, document, hash, committedAt, last.hash, chained],
    })
    await Promise.all([written, noted, client.query('COMMIT')])
    return reply.code(201).type('application/json').send(JSON.stringify(wire))
  } finally {
    client.release()
  }
})

type Named = { id: string; slug: string; name: string; kind: string }
const refer = ({ id, slug, name, kind }: Named) => ({
  id,
  slug,
  name,
  href: `/v1/${kind}s/${slug}`,
})

function wireOf(
  id: string,
  revision: number,
  event: Given,
  placed: object[],
  who: Named,
  source: Named,
) {
  return {
    ...{ id, kind: 'event', slug: event.slug, revision, href: `/v1/events/${event.slug}` },
    ...{ type: event.type, title: event.title },
    on: {
      edtf: event.on.edtf,
      asStated: null,
      reasoning: null,
      earliest: `${event.on.edtf}-01`,
      latest: `${event.on.edtf}-28`,
    },
    ...{ description: null, place: null, goods: [], about: [], effects: [], assurance: null },
    participants: event.participants.map(({ role }) => ({ actor: refer(who), role })),
    conflicts: [],
    citations: placed.map((one) => ({
      ...one,
      ...{ article: refer(source), value: null, voices: [], confidence: null },
      ...{ state: 'anchored', stateReason: null },
    })),
  }
}

const documentOf = ({
  href,
  conflicts,
  participants,
  citations,
  ...kept
}: ReturnType<typeof wireOf>) => ({
  ...kept,
  participants: participants.map(({ role }) => ({ actor, role })),
  citations: citations.map((one) => ({ ...one, article })),
})

await app.listen({ host: '127.0.0.1', port: Number(port) })
process.send?.('ready')
