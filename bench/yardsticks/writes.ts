/**
 * The yardstick of writes: the same rows, chain included, by hand-written SQL in one transaction, and the same answer.
 * It checks nothing. A batch goes in as one statement for each table. Arguments: the port, the URL of the database, the ids of the article and the actor, as JSON.
 */
import { createHash, randomUUID } from 'node:crypto'
import canonicalize from 'canonicalize'
import Fastify from 'fastify'
import pg from 'pg'
import {
  buildEventJson,
  buildEventSnapshot,
  type EventBody,
  locateQuotes,
} from './event-response.ts'

process.on('disconnect', () => process.exit())
process.on('SIGINT', () => undefined)

const [port, connectionString, given = '{}'] = process.argv.slice(2)
const { article, body, actor } = JSON.parse(given) as Record<'article' | 'body' | 'actor', string>
const pool = new pg.Pool({ connectionString, max: 4, pipeline: true } as pg.PoolConfig)
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

const referencesStatement = `SELECT id, slug, name, kind FROM record WHERE (kind = 'article' AND slug = $1) OR (kind = 'actor' AND slug = $2)`
const insertEventStatement = `
  WITH r AS (INSERT INTO record (id, kind, slug, name, revision) VALUES ($1, 'event', $2, $3, $4)),
  e AS (INSERT INTO event (id, type, on_edtf, on_earliest, on_latest) VALUES ($1, $5, $6, $7, $8)),
  p AS (INSERT INTO event_participant (event_id, position, actor_id, role) VALUES ($1, 0, $9, $10)),
  c AS (INSERT INTO citation (id, record_id, position, article_id, start_at, end_at, quote, prefix, suffix, field) VALUES
    ($11, $1, 0, $12, $13, $14, $15, $16, $17, $18), ($19, $1, 1, $12, $20, $21, $22, $23, $24, $25))
  SELECT 1`
const insertRevisionStatement = `
  WITH d AS (INSERT INTO ledger_document (revision, record_id, change, document, hash) VALUES ($1, $2, 'create', $3, $4))
  INSERT INTO revision (number, committed_at, change, author, previous_hash, hash) VALUES ($1, $5, 'create', 'yardstick', $6, $7)`

const app = Fastify()
app.post<{ Body: EventBody }>('/v1/events', async ({ body: event }, reply) => {
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
      text: referencesStatement,
      values: [event.citations[0]?.article, event.participants[0]?.actor],
    })
    await Promise.all([begun, turn, head, found])
    const [last] = (await head).rows
    const by = new Map((await found).rows.map((row) => [row.kind, row]))
    const number = Number(last.number) + 1
    const id = randomUUID()
    const placed = locateQuotes(event, body, randomUUID)
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
      text: insertEventStatement,
      values: [
        id,
        event.slug,
        event.title,
        number,
        event.type,
        edtf,
        `${edtf}-01`,
        `${edtf}-28`,
        by.get('actor').id,
        part?.role,
        one?.[0],
        by.get('article').id,
        ...(one?.slice(1) ?? []),
        ...(two ?? []),
      ],
    })
    const wire = buildEventJson(id, number, event, placed, by.get('actor'), by.get('article'))
    const document = canonicalize(buildEventSnapshot(wire, actor, article)) ?? ''
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
      text: insertRevisionStatement,
      values: [number, id, document, hash, committedAt, last.hash, chained],
    })
    await Promise.all([written, noted, client.query('COMMIT')])
    return reply.code(201).type('application/json').send(JSON.stringify(wire))
  } finally {
    client.release()
  }
})

type BatchBody = { items: { record: EventBody }[] }

const insertBatchStatement = `
  WITH r AS (INSERT INTO record (id, kind, slug, name, revision)
    SELECT id, 'event', slug, name, $5 FROM unnest($1::uuid[], $2::text[], $3::text[]) AS given (id, slug, name)),
  e AS (INSERT INTO event (id, type, on_edtf, on_earliest, on_latest)
    SELECT id, type, edtf, (edtf || '-01')::date, (edtf || '-28')::date
    FROM unnest($1::uuid[], $4::text[], $6::text[]) AS given (id, type, edtf)),
  p AS (INSERT INTO event_participant (event_id, position, actor_id, role)
    SELECT id, 0, $7::uuid, role FROM unnest($1::uuid[], $8::text[]) AS given (id, role)),
  c AS (INSERT INTO citation (id, record_id, position, article_id, start_at, end_at, quote, prefix, suffix, field)
    SELECT id, record_id, position, $9::uuid, start_at, end_at, quote, prefix, suffix, field
    FROM unnest($10::uuid[], $11::uuid[], $12::int[], $13::int[], $14::int[], $15::text[], $16::text[], $17::text[], $18::text[])
      AS given (id, record_id, position, start_at, end_at, quote, prefix, suffix, field))
  SELECT 1`
const insertBatchRevisionStatement = `
  WITH d AS (INSERT INTO ledger_document (revision, record_id, change, document, hash)
    SELECT $1, id, 'create', document, hash FROM unnest($2::uuid[], $3::text[], $4::text[]) AS given (id, document, hash))
  INSERT INTO revision (number, committed_at, change, author, previous_hash, hash) VALUES ($1, $5, 'batch', 'yardstick', $6, $7)`

app.post<{ Body: BatchBody }>('/v1/batch', async ({ body: { items } }, reply) => {
  const events = items.map(({ record }) => record)
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
      text: referencesStatement,
      values: [events[0]?.citations[0]?.article, events[0]?.participants[0]?.actor],
    })
    await Promise.all([begun, turn, head, found])
    const [last] = (await head).rows
    const by = new Map((await found).rows.map((row) => [row.kind, row]))
    const number = Number(last.number) + 1
    const made = events.map((event) => ({
      id: randomUUID(),
      event,
      placed: locateQuotes(event, body, randomUUID),
    }))
    const ids = made.map(({ id }) => id)
    const cited = made.flatMap(({ id, placed }) =>
      placed.map((one, position) => ({ ...one, record: id, position })),
    )
    const written = client.query({
      name: 'batch-rows',
      text: insertBatchStatement,
      values: [
        ids,
        events.map(({ slug }) => slug),
        events.map(({ title }) => title),
        events.map(({ type }) => type),
        number,
        events.map(({ on }) => on.edtf),
        by.get('actor').id,
        events.map(({ participants }) => participants[0]?.role),
        by.get('article').id,
        cited.map(({ id }) => id),
        cited.map(({ record }) => record),
        cited.map(({ position }) => position),
        cited.map(({ start }) => start),
        cited.map(({ end }) => end),
        cited.map(({ quote }) => quote),
        cited.map(({ prefix }) => prefix),
        cited.map(({ suffix }) => suffix),
        cited.map(({ field }) => field),
      ],
    })
    const kept = made.map(({ id, event, placed }) => {
      const wire = buildEventJson(id, number, event, placed, by.get('actor'), by.get('article'))
      const document = canonicalize(buildEventSnapshot(wire, actor, article)) ?? ''
      return { id, document, hash: sha256(document) }
    })
    const committedAt = new Date()
    const facts = {
      revision: number,
      committedAt: committedAt.toISOString(),
      change: 'batch',
      author: 'yardstick',
      documents: kept.map(({ id, hash }) => ({ record: id, change: 'create', hash })),
      previousHash: last.hash,
    }
    const noted = client.query({
      name: 'batch-ledger',
      text: insertBatchRevisionStatement,
      values: [
        number,
        ids,
        kept.map(({ document }) => document),
        kept.map(({ hash }) => hash),
        committedAt,
        last.hash,
        sha256(canonicalize(facts) ?? ''),
      ],
    })
    await Promise.all([written, noted, client.query('COMMIT')])
    const answer = made.map(({ id, event: { slug } }) => ({
      op: 'create',
      kind: 'event',
      id,
      slug,
      href: `/v1/events/${slug}`,
    }))
    return reply.type('application/json').send(JSON.stringify({ revision: number, items: answer }))
  } finally {
    client.release()
  }
})

await app.listen({ host: '127.0.0.1', port: Number(port) })
process.send?.('ready')
