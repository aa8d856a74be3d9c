import type { FastifyReply } from 'fastify'

/** Fires when the client goes away before its answer is at its end. */
export function leaving({ raw }: { raw: FastifyReply['raw'] }): AbortSignal {
  const left = new AbortController()
  raw.once('close', () => {
    if (!raw.writableFinished) left.abort()
  })
  return left.signal
}
