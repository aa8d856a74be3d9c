import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Problem } from '../problem.ts'
import type { Head, RevisionSource } from './revision-source.ts'

/** A revision as a client names it. `epoch` is null when the client sent only the number. */
export type HistoryPosition = { revision: number; epoch: string | null }

/** `57`, or `57-1f0c2a9b` with the epoch. */
export const positionPattern = /^(\d{1,15})(?:-([0-9a-f]{8}))?$/

export const formatPosition = ({ revision, epoch }: Head): string => `${revision}-${epoch}`

/** @param text matches `positionPattern` */
export function parsePosition(text: string): HistoryPosition {
  const [, revision, epoch] = positionPattern.exec(text) ?? []
  return { revision: Number(revision), epoch: epoch ?? null }
}

/**
 * Checks that a position is in the history of this server. It is not after a restore or failover that lost revisions.
 *
 * @returns the position with its epoch
 * @throws {Problem} history-changed
 */
export async function requireInHistory(
  source: RevisionSource,
  { revision, epoch }: HistoryPosition,
): Promise<Head> {
  const currentEpoch = await source.getEpoch(revision)
  if (currentEpoch !== null && (epoch === null || epoch === currentEpoch))
    return { revision, epoch: currentEpoch }
  const head = await source.queryHead()
  const name = epoch === null ? revision : formatPosition({ revision, epoch })
  throw new Problem(
    'history-changed',
    `Revision ${name} is not in the history of this server, whose newest revision is ${formatPosition(head)}.`,
    { head },
  )
}

const sealedCursorPattern = /^(.*)~(\d{1,15}-[0-9a-f]{8})$/s

/**
 * Checks the history of cursors: `sealCursor` adds the head to a cursor, and a hook checks and removes it when the cursor
 * comes back, before the query is validated.
 */
export function registerCursorHistory(app: FastifyInstance, source: RevisionSource): void {
  app.addHook('preValidation', async (request) => {
    const query = request.query as Record<string, unknown> | undefined
    if (typeof query?.cursor !== 'string') return
    const [, cursor, position] = sealedCursorPattern.exec(query.cursor) ?? []
    if (cursor === undefined || position === undefined) return
    await requireInHistory(source, parsePosition(position))
    query.cursor = cursor
  })
}

/** The cursor of the next page with the head of this response. Needs a route with `hasRevisionEtag`. */
export const sealCursor = ({ head }: FastifyRequest, cursor: string | null): string | null =>
  cursor === null || head === null ? cursor : `${cursor}~${formatPosition(head)}`
