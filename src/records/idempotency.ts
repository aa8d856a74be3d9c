import { createHash } from 'node:crypto'
import type { Database } from '../database/database.ts'
import type { Author } from '../ledger/append.ts'
import { canonical } from '../ledger/canonical.ts'
import { Problem } from '../problem.ts'
import { commit, type Session } from './commit.ts'

export type Answer = { status: number; body: string; location: string | null }
export type StoredAnswer = Answer & { revision: number }

/** As much of a request as makes it the same one again. */
type Asked = {
  method: string
  url: string
  body?: unknown
  headers: Readonly<Record<string, unknown>>
}

const hours = 24

/**
 * Runs a write once for its `Idempotency-Key`: a repetition within 24 hours gives the first answer again. The answer is
 * stored in the transaction of the write itself, and writes take turns, so two at once are one as well.
 *
 * @throws {Problem} idempotency-conflict when the key came with another request
 */
export async function answerOnce(
  database: Database,
  head: { announced(revision: number): void },
  request: Asked,
  author: Author,
  change: string,
  work: (session: Session) => Promise<Answer>,
): Promise<StoredAnswer> {
  const token = request.headers['idempotency-key']
  const { keyId } = author
  const { value } = await commit(database, author, change, async (session) => {
    if (typeof token !== 'string' || keyId === null)
      return { ...(await work(session)), revision: Number(session.revision) }
    const { tx } = session
    const requestHash = hashOf(request)
    const since = new Date(Date.now() - hours * 3_600_000)
    await tx.idempotentAnswer.deleteMany({ where: { createdAt: { lt: since } } })
    const before = await tx.idempotentAnswer.findUnique({
      where: { keyId_token: { keyId, token } },
    })
    if (before !== null) {
      if (before.requestHash !== requestHash)
        throw new Problem('idempotency-conflict', `"${token}" came with another request before.`)
      const { status, body, location, revision } = before
      return { status, body, location, revision: Number(revision) }
    }
    const answer = await work(session)
    const { revision } = session
    await tx.idempotentAnswer.create({ data: { keyId, token, requestHash, revision, ...answer } })
    return { ...answer, revision: Number(revision) }
  })
  head.announced(value.revision)
  return value
}

const hashOf = ({ method, url, body }: Asked): string =>
  createHash('sha256')
    .update(`${method}\n${url}\n${canonical(body)}`)
    .digest('hex')
