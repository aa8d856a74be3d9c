import type { Database } from '../../database/database.ts'
import { insertDigestedRow } from '../../database/digested-row.ts'
import { sha256 } from '../../evidence/sha256.ts'
import { formatCanonicalJson } from '../../ledger/canonical-json.ts'
import type { Author } from '../../ledger/ledger-writer.ts'
import { Problem } from '../../problem.ts'
import { commit, type WireRecordReader, type WriteSession } from './commit.ts'

/** What the write of a request needs. */
export type WriteContext = {
  database: Database
  /** Receives every revision of this process, so that it reads its own writes at once. */
  head: { noteRevision(revision: number): void }
}

/** The parts of a request that a write needs. */
export type WriteRequest = {
  method: string
  url: string
  body: unknown
  headers: Readonly<Record<string, string | string[] | undefined>>
  key: { id: string; name: string } | null
}

export type WriteResponse = { status: number; body: string; location: string | null }
export type StoredWriteResponse = WriteResponse & { revision: number }

const keyLifetimeHours = 24

/**
 * Runs a write once per `Idempotency-Key`: a repetition within 24 hours gets the first answer again. The answer is stored in
 * the transaction of the write, and writes are serial, so two concurrent requests are one write.
 *
 * @throws {Problem} idempotency-conflict if the key came with another request
 */
export async function commitOnce<V>(
  { database, head }: WriteContext,
  request: WriteRequest,
  change: string,
  applyChanges: (session: WriteSession) => Promise<V>,
  buildResponse: (
    value: V,
    readWire: WireRecordReader,
    session: WriteSession,
  ) => Promise<WriteResponse>,
): Promise<StoredWriteResponse> {
  const { value } = await commit(
    database,
    getAuthor(request),
    change,
    async (session) => {
      const storedResponse = await findStoredResponse(session, request)
      return storedResponse ? { before: storedResponse } : { value: await applyChanges(session) }
    },
    async (outcome, readWire, session) => {
      if ('before' in outcome) return outcome.before
      const given = await buildResponse(outcome.value, readWire, session)
      const response = { ...given, revision: Number(session.revision) }
      await storeResponse(session, request, response)
      return response
    },
  )
  head.noteRevision(value.revision)
  return value
}

/** The key of an idempotent request; null for other requests. */
function readIdempotencyKey({ headers, key }: WriteRequest) {
  const token = headers['idempotency-key']
  return typeof token === 'string' && key !== null ? { keyId: key.id, token } : null
}

/** Keeps the response to a request that has an idempotency key. */
export async function storeResponse(
  { tx }: Pick<WriteSession, 'tx'>,
  request: WriteRequest,
  { status, location, body, revision }: StoredWriteResponse,
): Promise<void> {
  const idempotencyKey = readIdempotencyKey(request)
  if (idempotencyKey === null) return
  await insertDigestedRow(tx.db, 'idempotent_answer', {
    key_id: idempotencyKey.keyId,
    token: idempotencyKey.token,
    request_hash: hashRequest(request),
    status,
    location,
    revision: String(revision),
    body,
    created_at: new Date(),
  })
}

/**
 * The response to an earlier request with this idempotency key; null if there was none.
 *
 * @throws {Problem} idempotency-conflict if the key came with another request
 */
export async function findStoredResponse(
  { tx }: Pick<WriteSession, 'tx'>,
  request: WriteRequest,
): Promise<StoredWriteResponse | null> {
  const idempotencyKey = readIdempotencyKey(request)
  if (idempotencyKey === null) return null
  const since = new Date(Date.now() - keyLifetimeHours * 3_600_000)
  const db = tx.db
  await db.deleteFrom('idempotent_answer').where('created_at', '<', since).execute()
  const storedRow = await db
    .selectFrom('idempotent_answer')
    .select(['request_hash', 'status', 'body', 'location', 'revision'])
    .where('key_id', '=', idempotencyKey.keyId)
    .where('token', '=', idempotencyKey.token)
    .executeTakeFirst()
  if (storedRow === undefined) return null
  if (storedRow.request_hash !== hashRequest(request))
    throw new Problem(
      'idempotency-conflict',
      `"${idempotencyKey.token}" came with another request before.`,
    )
  const { status, body, location, revision } = storedRow
  return { status, body, location, revision: Number(revision) }
}

/** The author of a write: the key of the request. */
export const getAuthor = ({ key }: WriteRequest): Author => ({
  name: key?.name ?? 'unknown',
  keyId: key?.id ?? null,
})

const hashRequest = ({ method, url, body }: WriteRequest): string =>
  sha256(`${method}\n${url}\n${formatCanonicalJson(body)}`)
