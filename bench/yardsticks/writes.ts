/**
 * The yardstick of writes: writes the same rows, ledger included, by hand-written SQL in one transaction, without checks,
 * and returns the same response. A batch is one statement for all tables. Arguments: the port, the URL of the database,
 * and the ids of an article and an actor with the body of the article, as JSON.
 */
import { createHash, randomUUID } from 'node:crypto'
import canonicalize from 'canonicalize'
import Fastify from 'fastify'
import pg from 'pg'
import {
  buildEventJson,
  buildEventSnapshot,
  type EventBody,
  type LocatedQuote,
  locateQuotes,
  type NamedRecordRow,
} from './event-response.ts'

process.on('disconnect', () => process.exit())
process.on('SIGINT', () => undefined)

type Fixture = Record<'article' | 'body' | 'actor', string>

const [port, connectionString, fixtureJson = '{}'] = process.argv.slice(2)
const fixture = JSON.parse(fixtureJson) as Fixture
const pool = new pg.Pool({ connectionString, max: 4, pipeline: true } as pg.PoolConfig)
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** The newest revision and the records that a write refers to. */
type WriteBasis = {
  number: number
  previousHash: string
  actor: NamedRecordRow
  article: NamedRecordRow
}

/** An event with the rows of its record. */
type NewEvent = {
  id: string
  event: EventBody
  quotes: LocatedQuote[]
}

type SnapshotRow = { id: string; document: string; hash: string }

const headStatement = 'SELECT number, hash FROM revision ORDER BY number DESC LIMIT 1'
const referencesStatement = `
  SELECT id, slug, name, kind
  FROM record
  WHERE (kind = 'article' AND slug = $1) OR (kind = 'actor' AND slug = $2)`

/** Begins a transaction and takes the lock of the ledger. The statements are pipelined. */
async function beginWrite(
  client: pg.PoolClient,
  event: EventBody | undefined,
): Promise<WriteBasis> {
  const [, , head, references] = await Promise.all([
    client.query('BEGIN'),
    client.query('SELECT pg_advisory_xact_lock(1667330918)'),
    client.query({ name: 'head', text: headStatement }),
    client.query<NamedRecordRow>({
      name: 'references',
      text: referencesStatement,
      values: [event?.citations[0]?.article, event?.participants[0]?.actor],
    }),
  ])
  const [lastRevision] = head.rows
  const findKind = (kind: string): NamedRecordRow => {
    const row = references.rows.find((reference) => reference.kind === kind)
    if (row === undefined) throw new Error(`The ${kind} of the event does not exist.`)
    return row
  }
  return {
    number: Number(lastRevision.number) + 1,
    previousHash: lastRevision.hash,
    actor: findKind('actor'),
    article: findKind('article'),
  }
}

const createNewEvent = (event: EventBody): NewEvent => ({
  id: randomUUID(),
  event,
  quotes: locateQuotes(event, fixture.body, randomUUID),
})

const buildEventResponse = (
  { id, event, quotes }: NewEvent,
  { number, actor, article }: WriteBasis,
) => buildEventJson(id, number, event, quotes, actor, article)

function buildSnapshotRow(response: ReturnType<typeof buildEventJson>): SnapshotRow {
  const snapshot = buildEventSnapshot(response, fixture.actor, fixture.article)
  const document = canonicalize(snapshot) ?? ''
  return { id: response.id, document, hash: sha256(document) }
}

/** The hash of a revision, as the ledger of the server computes it. */
function hashRevision(
  { number, previousHash }: WriteBasis,
  change: 'create' | 'batch',
  committedAt: Date,
  snapshots: readonly SnapshotRow[],
): string {
  const revision = {
    revision: number,
    committedAt: committedAt.toISOString(),
    change,
    author: 'yardstick',
    documents: snapshots.map(({ id, hash }) => ({ record: id, change: 'create', hash })),
    previousHash,
  }
  return sha256(canonicalize(revision) ?? '')
}

async function withConnection<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  try {
    return await work(client)
  } finally {
    client.release()
  }
}

const insertEventStatement = `
  WITH new_record AS (
    INSERT INTO record (id, kind, slug, name, revision)
    VALUES ($1, 'event', $2, $3, $4)
  ),
  new_event AS (
    INSERT INTO event (id, type, on_edtf, on_earliest, on_latest)
    VALUES ($1, $5, $6, $7, $8)
  ),
  new_participant AS (
    INSERT INTO event_participant (event_id, position, actor_id, role)
    VALUES ($1, 0, $9, $10)
  ),
  new_citations AS (
    INSERT INTO citation
      (id, record_id, position, article_id, start_at, end_at, quote, prefix, suffix, field)
    VALUES
      ($11, $1, 0, $12, $13, $14, $15, $16, $17, $18),
      ($19, $1, 1, $12, $20, $21, $22, $23, $24, $25)
  )
  SELECT 1`

function insertEvent(
  client: pg.PoolClient,
  { id, event, quotes }: NewEvent,
  { number, actor, article }: WriteBasis,
): Promise<unknown> {
  const { edtf } = event.on
  const [first, second] = quotes.map(({ id, start, end, quote, prefix, suffix, field }) => ({
    id,
    columns: [start, end, quote, prefix, suffix, field],
  }))
  return client.query({
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
      actor.id,
      event.participants[0]?.role,
      first?.id,
      article.id,
      ...(first?.columns ?? []),
      second?.id,
      ...(second?.columns ?? []),
    ],
  })
}

const insertRevisionStatement = `
  WITH new_document AS (
    INSERT INTO ledger_document (revision, record_id, change, document, hash)
    VALUES ($1, $2, 'create', $3, $4)
  )
  INSERT INTO revision (number, committed_at, change, author, previous_hash, hash)
  VALUES ($1, $5, 'create', 'yardstick', $6, $7)`

const app = Fastify()
app.post<{ Body: EventBody }>('/v1/events', async ({ body: event }, reply) => {
  const response = await withConnection(async (client) => {
    const basis = await beginWrite(client, event)
    const newEvent = createNewEvent(event)
    const eventInsertion = insertEvent(client, newEvent, basis)
    const eventResponse = buildEventResponse(newEvent, basis)
    const snapshot = buildSnapshotRow(eventResponse)
    const committedAt = new Date()
    const revisionHash = hashRevision(basis, 'create', committedAt, [snapshot])
    const { number, previousHash } = basis
    const { id, document, hash } = snapshot
    const ledgerInsertion = client.query({
      name: 'ledger',
      text: insertRevisionStatement,
      values: [number, id, document, hash, committedAt, previousHash, revisionHash],
    })
    await Promise.all([eventInsertion, ledgerInsertion, client.query('COMMIT')])
    return eventResponse
  })
  return reply.code(201).type('application/json').send(JSON.stringify(response))
})

type BatchBody = { items: { record: EventBody }[] }

const insertBatchStatement = `
  WITH new_records AS (
    INSERT INTO record (id, kind, slug, name, revision)
    SELECT id, 'event', slug, name, $5
    FROM unnest($1::uuid[], $2::text[], $3::text[]) AS item (id, slug, name)
  ),
  new_events AS (
    INSERT INTO event (id, type, on_edtf, on_earliest, on_latest)
    SELECT id, type, edtf, (edtf || '-01')::date, (edtf || '-28')::date
    FROM unnest($1::uuid[], $4::text[], $6::text[]) AS item (id, type, edtf)
  ),
  new_participants AS (
    INSERT INTO event_participant (event_id, position, actor_id, role)
    SELECT id, 0, $7::uuid, role
    FROM unnest($1::uuid[], $8::text[]) AS item (id, role)
  ),
  new_citations AS (
    INSERT INTO citation
      (id, record_id, position, article_id, start_at, end_at, quote, prefix, suffix, field)
    SELECT id, record_id, position, $9::uuid, start_at, end_at, quote, prefix, suffix, field
    FROM unnest(
      $10::uuid[], $11::uuid[], $12::int[], $13::int[], $14::int[],
      $15::text[], $16::text[], $17::text[], $18::text[]
    ) AS item (id, record_id, position, start_at, end_at, quote, prefix, suffix, field)
  )
  SELECT 1`

function insertBatch(
  client: pg.PoolClient,
  newEvents: readonly NewEvent[],
  { number, actor, article }: WriteBasis,
): Promise<unknown> {
  const events = newEvents.map(({ event }) => event)
  const citations = newEvents.flatMap(({ id, quotes }) =>
    quotes.map((quote, position) => ({ ...quote, recordId: id, position })),
  )
  return client.query({
    name: 'batch-rows',
    text: insertBatchStatement,
    values: [
      newEvents.map(({ id }) => id),
      events.map(({ slug }) => slug),
      events.map(({ title }) => title),
      events.map(({ type }) => type),
      number,
      events.map(({ on }) => on.edtf),
      actor.id,
      events.map(({ participants }) => participants[0]?.role),
      article.id,
      citations.map(({ id }) => id),
      citations.map(({ recordId }) => recordId),
      citations.map(({ position }) => position),
      citations.map(({ start }) => start),
      citations.map(({ end }) => end),
      citations.map(({ quote }) => quote),
      citations.map(({ prefix }) => prefix),
      citations.map(({ suffix }) => suffix),
      citations.map(({ field }) => field),
    ],
  })
}

const insertBatchRevisionStatement = `
  WITH new_documents AS (
    INSERT INTO ledger_document (revision, record_id, change, document, hash)
    SELECT $1, id, 'create', document, hash
    FROM unnest($2::uuid[], $3::text[], $4::text[]) AS item (id, document, hash)
  )
  INSERT INTO revision (number, committed_at, change, author, previous_hash, hash)
  VALUES ($1, $5, 'batch', 'yardstick', $6, $7)`

app.post<{ Body: BatchBody }>('/v1/batch', async ({ body: { items } }, reply) => {
  const response = await withConnection(async (client) => {
    const basis = await beginWrite(client, items[0]?.record)
    const newEvents = items.map(({ record }) => createNewEvent(record))
    const batchInsertion = insertBatch(client, newEvents, basis)
    const snapshots = newEvents.map((newEvent) =>
      buildSnapshotRow(buildEventResponse(newEvent, basis)),
    )
    const committedAt = new Date()
    const { number, previousHash } = basis
    const ledgerInsertion = client.query({
      name: 'batch-ledger',
      text: insertBatchRevisionStatement,
      values: [
        number,
        snapshots.map(({ id }) => id),
        snapshots.map(({ document }) => document),
        snapshots.map(({ hash }) => hash),
        committedAt,
        previousHash,
        hashRevision(basis, 'batch', committedAt, snapshots),
      ],
    })
    await Promise.all([batchInsertion, ledgerInsertion, client.query('COMMIT')])
    const itemResponses = newEvents.map(({ id, event: { slug } }) => ({
      op: 'create',
      kind: 'event',
      id,
      slug,
      href: `/v1/events/${slug}`,
    }))
    return { revision: number, items: itemResponses }
  })
  return reply.type('application/json').send(JSON.stringify(response))
})

await app.listen({ host: '127.0.0.1', port: Number(port) })
process.send?.('ready')
