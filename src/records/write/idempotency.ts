import { createHash } from 'node:crypto'
import type { Database } from '../../database/database.ts'
import { insertAll } from '../../database/tables.ts'
import type { Author } from '../../ledger/append.ts'
import { canonical } from '../../ledger/canonical.ts'
import { Problem } from '../../problem.ts'
import { commit, type Session, type Wires } from './commit.ts'

/** What a write that answers a request needs. */
export type WriteContext = {
  database: Database
  /** Told of every revision that this process wrote, so that it reads its own writes at once. */
  head: { announced(revision: number): void }
}

/** As much of a request as a write needs to know. */
export type WriteRequest = {
  method: string
  url: string
  body: unknown
  headers: Readonly<Record<string, string | string[] | undefined>>
  key: { id: string; name: string } | null
}

export type Answer = { status: number; body: string; location: string | null }
export type StoredAnswer = Answer & { revision: number }

const hours = 24

/**
 * Runs a write once for its `Idempotency-Key`: a repetition within 24 hours gives the first answer again. The answer is
 * stored in the transaction of the write itself, and writes take turns, so two at once are one as well.
 *
 * @throws {Problem} idempotency-conflict when the key came with another request
 */
export async function answerOnce<V>(
  { database, head }: WriteContext,
  request: WriteRequest,
  change: string,
  work: (session: Session) => Promise<V>,
  answer: (value: V, wires: Wires, session: Session) => Promise<Answer>,
): Promise<StoredAnswer> {
  const author = authorOf(request)
  const token = request.headers['idempotency-key']
  const { keyId } = author
  const once = typeof token === 'string' && keyId !== null ? { keyId, token } : null
  const { value } = await commit(
    database,
    author,
    change,
    async (session) => {
      const before = once && (await answeredBefore(session, once, request))
      return before ? { before } : { value: await work(session) }
    },
    async (done, wires, session) => {
      if ('before' in done) return done.before
      const { revision } = session
      const given = await answer(done.value, wires, session)
      if (once)
        await insertAll(session.tx.$kysely, [
          ['idempotentAnswer', [{ ...once, ...given, revision, requestHash: hashOf(request) }]],
        ])
      return { ...given, revision: Number(revision) }
    },
  )
  head.announced(value.revision)
  return value
}

async function answeredBefore(
  { tx }: Session,
  once: { keyId: string; token: string },
  request: WriteRequest,
): Promise<StoredAnswer | null> {
  const since = new Date(Date.now() - hours * 3_600_000)
  const db = tx.$kysely
  await db.deleteFrom('idempotent_answer').where('created_at', '<', since).execute()
  const before = await db
    .selectFrom('idempotent_answer')
    .select(['request_hash', 'status', 'body', 'location', 'revision'])
    .where('key_id', '=', once.keyId)
    .where('token', '=', once.token)
    .executeTakeFirst()
  if (before === undefined) return null
  if (before.request_hash !== hashOf(request))
    throw new Problem('idempotency-conflict', `"${once.token}" came with another request before.`)
  const { status, body, location, revision } = before
  return { status, body, location, revision: Number(revision) }
}

/** Who a write is by: the key that the request showed. */
export const authorOf = ({ key }: WriteRequest): Author => ({
  name: key?.name ?? 'unknown',
  keyId: key?.id ?? null,
})

const hashOf = ({ method, url, body }: WriteRequest): string =>
  createHash('sha256')
    .update(`${method}\n${url}\n${canonical(body)}`)
    .digest('hex')
