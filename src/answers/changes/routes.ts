import type { KeyObject } from 'node:crypto'
import { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { ClientLimit } from '../../database/client-limit.ts'
import type { Database } from '../../database/database.ts'
import { getClient } from '../../http/client-address.ts'
import { getExportRequester } from '../../http/export-requester.ts'
import { negotiateFormat } from '../../http/formats.ts'
import {
  formatPosition,
  parsePosition,
  positionPattern,
  requireInHistory,
  sealCursor,
} from '../../http/history.ts'
import { formatJsonLines } from '../../http/json-lines.ts'
import { problemResponses } from '../../http/problems.ts'
import { signHead } from '../../ledger/head-signature.ts'
import type { HeadTracker } from '../../ledger/head-tracker.ts'
import type { LedgerChange } from '../../ledger/ledger-change.ts'
import { buildLedgerQuery, getLedgerHead, listChanges } from '../../ledger/queries.ts'
import { Problem } from '../../problem.ts'
import { findRecordRow, resolveRecordId } from '../../records/model/list-queries.ts'
import { Kind, Ref, RefParams } from '../../records/model/schema.ts'
import { formatCursor, parseCursor } from './cursor.ts'
import { describeChange } from './rules.ts'
import { ChangesPage, History, LedgerHead } from './schema.ts'
import { createChangeStream } from './stream.ts'

const defaultLimit = 100
const limitMax = 1_000
/** Revisions in memory at a time. One may have thousands of snapshots. */
const ledgerBatchSize = 4

const Since = z
  .string()
  .regex(positionPattern, 'a revision number, or number and epoch: 57-1f0c2a9b')
const Limit = z.coerce
  .number()
  .int()
  .min(1)
  .max(limitMax)
  .default(defaultLimit)
  .describe(`Entries per page, 1 to ${limitMax}.`)
const Cursor = z.string().min(1).max(200).optional().describe('`next` of the previous page.')
const Kinds = z
  .union([Kind, z.array(Kind).min(1).max(20)])
  .optional()
  .describe('Only changes of records of this kind. May be repeated.')

const toKindList = (kinds: z.infer<typeof Kinds>) => (kinds === undefined ? null : [kinds].flat())

/** 0: no limit. */
type StreamLimits = { max: number; maxPerClient: number }

type Context = {
  database: Database
  head: HeadTracker
  streams: StreamLimits
  /** Signs heads; null without one. */
  ledgerKey: KeyObject | null
}

/** The feed of changes, the stream of changes, the history of each record, and the ledger itself. */
export const changesRoutes: FastifyPluginAsyncZod<Context> = async (app, context) => {
  await app.register(changeListRoute, context)
  await app.register(changeStreamRoute, context)
  await app.register(ledgerHeadRoute, context)
  await app.register(ledgerExportRoute, context)
  for (const kind of Kind.options) await app.register(historyRoute, { ...context, kind })
}

const toChangesPage = (request: FastifyRequest, rows: LedgerChange[], limit: number) => {
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return {
    data: rows.slice(0, limit).map(describeChange),
    next: sealCursor(request, last ? formatCursor(last) : null),
  }
}

const changeListRoute: FastifyPluginAsyncZod<Context> = async (app, { database, head }) => {
  const { db } = database
  app.get(
    '/v1/changes',
    {
      config: { hasRevisionEtag: true },
      schema: {
        summary: 'See what changed since a revision',
        description:
          'Changes in the order in which they were written, each with the difference as a JSON Patch. Start with `since`, follow `next` until it is null, then use `nextSince` as the next `since`.',
        tags: ['ledger'],
        querystring: z.strictObject({
          since: Since.default('0').describe('Changes after this revision. 0: all changes.'),
          kinds: Kinds,
          case: Ref.optional().describe('Only changes of records that belong to this case.'),
          limit: Limit,
          cursor: Cursor,
        }),
        response: {
          200: { description: 'A page.', content: { 'application/json': { schema: ChangesPage } } },
          ...problemResponses(
            'invalid-request',
            'invalid-cursor',
            'history-changed',
            'not-found',
            'retracted',
            'not-acceptable',
            'too-slow',
          ),
        },
      },
    },
    async (request) => {
      negotiateFormat(request, ['json'])
      const { since, kinds, case: caseRef, limit, cursor } = request.query
      const { revision } = await requireInHistory(head, parsePosition(since))
      const rows = await listChanges(db, {
        after: cursor === undefined ? { revision, recordId: null } : parseCursor(cursor),
        until: null,
        kinds: toKindList(kinds),
        caseId: caseRef === undefined ? null : await resolveRecordId(db, 'case', caseRef),
        recordId: null,
        limit: limit + 1,
      })
      const newest = await head.getHead()
      return {
        ...toChangesPage(request, rows, limit),
        revision: newest.revision,
        nextSince: formatPosition(newest),
      }
    },
  )
}

/** Returns a function that takes a place for a stream. It throws {Problem} too-many-requests or overloaded. */
function createStreamLimit({ max, maxPerClient }: StreamLimits) {
  const limit = new ClientLimit(maxPerClient, max)
  return (request: FastifyRequest): (() => void) => {
    const release = limit.acquire(getClient(request))
    if (release === 'client')
      throw new Problem('too-many-requests', `This client already has ${maxPerClient} streams.`)
    if (release === 'total')
      throw new Problem('overloaded', `All ${max} places for streams of changes are taken.`)
    return release
  }
}

const changeStreamRoute: FastifyPluginAsyncZod<Context> = async (
  app,
  { database, head, streams },
) => {
  const acquireStream = createStreamLimit(streams)
  const changeStream = createChangeStream(database.db, head)
  app.addHook('preClose', async () => changeStream.close())
  app.get(
    '/v1/changes/stream',
    {
      compress: false,
      config: { isLongLived: true },
      schema: {
        operationId: 'streamChanges',
        summary: 'Receive changes as they are written',
        description:
          'Server-sent events, one per revision, with revision and epoch as event id (`57-1f0c2a9b`). A client that reconnects with `Last-Event-ID` (browsers do so on their own) misses no revision and gets none twice, even from another process. A comment line every 15 seconds keeps the connection alive.',
        tags: ['ledger'],
        headers: z.looseObject({
          'last-event-id': z
            .string()
            .regex(positionPattern, 'a revision number, or number and epoch: 57-1f0c2a9b')
            .optional()
            .describe('Continue after this revision. Takes precedence over `since`.'),
        }),
        querystring: z.strictObject({
          since: Since.optional().describe('Changes after this revision. Default: from now on.'),
          kinds: Kinds,
        }),
        response: {
          200: {
            description:
              'Events named `revision`. Their data is `{"revision", "changes": [RecordChange]}`.',
            content: { 'text/event-stream': { schema: z.string() } },
          },
          ...problemResponses('invalid-request', 'history-changed'),
        },
      },
    },
    async (request, reply) => {
      const { since, kinds } = request.query
      const lastEventId = request.headers['last-event-id']
      const sinceText = lastEventId ?? since
      const start =
        sinceText === undefined
          ? await head.queryHead()
          : await requireInHistory(head, parsePosition(sinceText))
      const release = acquireStream(request)
      const { signal } = getExportRequester(request, reply)
      const events = Readable.from(
        changeStream.subscribe(start, toKindList(kinds), signal),
        // Each chunk is made only when the client has received the one before.
        { highWaterMark: 1 },
      )
      events.once('close', release)
      reply.type('text/event-stream; charset=utf-8')
      reply.header('Cache-Control', 'no-store').header('X-Accel-Buffering', 'no')
      return reply.send(events as unknown as string)
    },
  )
}

const ledgerHeadRoute: FastifyPluginAsyncZod<Context> = async (app, { database, ledgerKey }) => {
  app.get(
    '/v1/ledger/head',
    {
      schema: {
        summary: 'Read the newest revision of the ledger',
        description:
          'Its number and hash, signed when the server has a key for it. Publish both: later anyone can check that nothing written until then was changed (`casefile verify --against`).',
        tags: ['ledger'],
        querystring: z.strictObject({}),
        response: {
          200: {
            description: 'The newest revision.',
            content: { 'application/json': { schema: LedgerHead } },
          },
          ...problemResponses('not-found'),
        },
      },
    },
    async (_request, reply) => {
      reply.header('Cache-Control', 'no-store')
      const latest = await getLedgerHead(database.db)
      return { ...latest, signature: ledgerKey === null ? null : signHead(latest, ledgerKey) }
    },
  )
}

const ledgerExportRoute: FastifyPluginAsyncZod<Context> = async (app, { database, head }) => {
  app.get(
    '/v1/ledger',
    {
      config: { hasRevisionEtag: true },
      schema: {
        operationId: 'exportLedger',
        summary: 'Export the ledger',
        description:
          'NDJSON, one revision per line, oldest first, with the canonical text of every snapshot: all data needed to recompute the hash chain (docs/ledger.md).',
        tags: ['ledger'],
        querystring: z.strictObject({
          since: Since.default('0').describe('Only revisions after this one.'),
        }),
        response: {
          200: {
            description: 'The revisions.',
            content: { 'application/x-ndjson': { schema: z.string() } },
          },
          ...problemResponses('invalid-request', 'history-changed', 'not-acceptable'),
        },
      },
    },
    async (request, reply) => {
      negotiateFormat(request, ['ndjson'])
      const { revision } = await requireInHistory(head, parsePosition(request.query.since))
      const rows = database.stream(
        buildLedgerQuery(database.db, revision),
        ledgerBatchSize,
        getExportRequester(request, reply),
      )
      async function* streamLines() {
        for await (const { document } of rows) yield formatJsonLines([document])
      }
      reply.type('application/x-ndjson; charset=utf-8')
      return reply.send(Readable.from(streamLines()) as unknown as string)
    },
  )
}

const historyRoute: FastifyPluginAsyncZod<Context & { kind: Kind }> = async (app, options) => {
  const { kind, database } = options
  const { db } = database
  app.get(
    `/v1/${kind}s/:ref/history`,
    {
      config: { hasRevisionEtag: true },
      schema: {
        summary: `Read every change of ${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`,
        description: 'Oldest first. Works for retracted and merged records too.',
        tags: [`${kind}s`],
        params: RefParams,
        querystring: z.strictObject({ limit: Limit, cursor: Cursor }),
        response: {
          200: {
            description: 'The changes.',
            content: { 'application/json': { schema: History } },
          },
          ...problemResponses(
            'invalid-request',
            'invalid-cursor',
            'history-changed',
            'not-found',
            'not-acceptable',
          ),
        },
      },
    },
    async (request) => {
      const { ref } = request.params
      const { limit, cursor } = request.query
      const record = await findRecordRow(db, kind, ref)
      if (record === undefined)
        throw new Problem('not-found', `No ${kind} has the slug or id ${ref}.`)
      negotiateFormat(request, ['json'])
      const rows = await listChanges(db, {
        after: cursor === undefined ? { revision: 0, recordId: null } : parseCursor(cursor),
        until: null,
        kinds: null,
        caseId: null,
        recordId: record.id,
        limit: limit + 1,
      })
      return toChangesPage(request, rows, limit)
    },
  )
}
